"""Working days: weekends, holidays, Saturdays worked in exchange."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotpha.platform.working_days import add_working_days, holiday_name, is_working_day, working_days_between

days = st.dates(date(2015, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2025, 4, 25), True),
        (date(2025, 4, 26), True),  # a Saturday worked for 2 May
        (date(2025, 4, 27), False),
        (date(2025, 4, 30), False),
        (date(2025, 5, 2), False),
        (date(2025, 5, 3), False),
        (date(2025, 1, 29), False),  # Lunar New Year
    ],
)
def test_offices_work_on_these_days(day: date, worked: bool) -> None:
    assert is_working_day(day) is worked


def test_ten_working_days_over_the_spring_holidays() -> None:
    assert add_working_days(date(2025, 4, 24), 10) == date(2025, 5, 12)


def test_a_published_calendar_holds_alone() -> None:
    published = {date(2025, 9, 3): False}
    assert add_working_days(date(2025, 9, 2), 1, published) == date(2025, 9, 4)


def test_the_day_itself_does_not_count_but_none_is_the_next_working_day() -> None:
    assert add_working_days(date(2025, 5, 5), 1) == date(2025, 5, 6)
    assert add_working_days(date(2025, 5, 4), 0) == date(2025, 5, 5)


def test_a_negative_number_is_an_error() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2025, 5, 5), -1)


def test_a_holiday_has_its_name() -> None:
    assert holiday_name(date(2025, 9, 2)) == "Quốc khánh"
    assert holiday_name(date(2025, 9, 4)) is None


@given(days, st.integers(1, 30))
def test_adding_then_counting_gives_the_same_number(day: date, count: int) -> None:
    assert working_days_between(day, add_working_days(day, count)) == count
