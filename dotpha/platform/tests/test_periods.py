"""Periods: reading, order, parts."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotpha.platform.periods import Period, Size, containing, parse, read
from dotpha.platform.refusals import Refused

days = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025-H2", date(2025, 7, 1), date(2025, 12, 31)),
        ("2025-Q2", date(2025, 4, 1), date(2025, 6, 30)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2025-06-30", date(2025, 6, 30), date(2025, 6, 30)),
    ],
)
def test_a_period_has_its_days_and_is_written_as_read(written: str, first: date, last: date) -> None:
    period = parse(written)
    assert (period.first_day, period.last_day, str(period)) == (first, last, written)


@pytest.mark.parametrize("written", ["", "25", "2025-Q5", "2025-H3", "2025-13", "2025-02-30", "2025-6", "0000"])
def test_what_is_no_period_is_refused(written: str) -> None:
    assert read(written) is None
    with pytest.raises(Refused) as refusal:
        parse(written)
    assert refusal.value.code == "period_unreadable"


@given(days, st.sampled_from(Size), st.sampled_from(Size))
def test_the_parts_of_a_period_fill_it_without_gap(day: date, whole: Size, part: Size) -> None:
    period = containing(day, whole)
    parts = period.parts(part)
    if list(Size).index(part) > list(Size).index(whole):
        assert parts == []
        return
    assert (parts[0].first_day, parts[-1].last_day) == (period.first_day, period.last_day)
    assert all(one.following() == other for one, other in itertools.pairwise(parts))


@given(days, st.sampled_from(Size))
def test_following_and_preceding_undo_each_other(day: date, size: Size) -> None:
    assert containing(day, size).following().preceding() == containing(day, size)


def test_periods_sort_by_first_day_then_length() -> None:
    written = ["2025", "2025-Q1", "2024", "2025-01", "2025-01-01", "2025-H1"]
    assert [str(each) for each in sorted(map(parse, written))] == [
        "2024", "2025-01-01", "2025-01", "2025-Q1", "2025-H1", "2025",
    ]  # fmt: skip


def test_a_period_cannot_begin_in_the_middle() -> None:
    with pytest.raises(ValueError, match="quarter"):
        Period(Size.QUARTER, date(2025, 2, 1))
