"""What places lie in from day to day: a move changes the days from its own on, and none before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotpha.directory.rules.lying import Lying, circle_from, moved, parent_on, path_of

ONE = timedelta(days=1)
FIRST, LAST, ON = date(2025, 7, 1), date(2025, 12, 31), date(2026, 1, 1)
PLACES = "pqr"
DAYS = [FIRST + timedelta(days=each) for each in range(40)]
FORMER = st.dictionaries(st.sampled_from(DAYS), st.sampled_from(PLACES), max_size=5)


@given(FORMER, st.sampled_from(PLACES), st.sets(st.sampled_from(PLACES)), st.sampled_from(DAYS), st.booleans())
def test_from_the_day_on_what_lay_in_the_former_lies_in_the_new_one(
    former: dict[date, str], now: str, ended: set[str], on: date, dated: bool
) -> None:
    spans = [Lying(former[until], until) for until in sorted(former)] + [Lying(now)]
    begun = FIRST if dated else None
    found = moved(spans, ended, "n", on, begun)
    for day in [*([] if dated else [FIRST - ONE]), *DAYS, DAYS[-1] + ONE]:
        before = parent_on(spans, day)
        assert parent_on(found, day) == ("n" if day >= on and before in ended else before)
    days = [span.until for span in found if span.until]
    assert (found[-1].until, days) == (None, sorted(set(days))), "spans follow each other"
    assert moved(found, ended, "n", on, begun) == found, "recorded twice, it changes nothing"


def test_only_what_ends_with_the_move_bears_its_document() -> None:
    spans = [Lying("p", LAST - ONE, "1 NQ"), Lying("q")]
    expected = [Lying("p", LAST - ONE, "1 NQ"), Lying("q", LAST, "2 NQ"), Lying("n")]
    assert moved(spans, "q", "n", ON, FIRST, "2 NQ") == expected


def test_a_place_that_begins_on_the_day_lay_in_nothing_before() -> None:
    assert moved([Lying("p")], "p", "n", ON, ON) == [Lying("n")]


def test_two_spans_in_one_place_are_one() -> None:
    assert moved([Lying("p", LAST), Lying("n")], "p", "n", FIRST, FIRST) == [Lying("n")]


@pytest.mark.parametrize(
    ("parents", "way"),
    [
        ({}, "a/"),
        ({"a": "d", "d": "p", "p": ""}, "p/d/a/"),
        ({"a": "d", "d": "a"}, "d/a/"),  # by a correction without a day
    ],
)
def test_the_way_down_to_a_place(parents: dict[str, str], way: str) -> None:
    assert path_of("a", parents) == way


@pytest.mark.parametrize(
    ("spans", "on", "way"),
    [
        ({"a": [Lying("b")], "b": [Lying("")]}, FIRST, []),
        # a lay in b until LAST; b comes to lie in a: from ON on that is sound, from a day before it is not.
        ({"a": [Lying("b", LAST), Lying("")], "b": [Lying("", LAST), Lying("a")]}, ON, []),
        ({"a": [Lying("b", LAST), Lying("")], "b": [Lying("", LAST - ONE), Lying("a")]}, LAST, ["b", "a", "b"]),
        # The circle is closed on a later day only, and by one between.
        (
            {
                "a": [Lying("c", FIRST), Lying("b", LAST), Lying("")],
                "b": [Lying("c")],
                "c": [Lying("", FIRST), Lying("a")],
            },
            FIRST,
            ["c", "a", "b", "c"],
        ),
    ],
)
def test_the_day_on_which_something_would_lie_in_itself_is_found(
    spans: dict[str, list[Lying]], on: date, way: list[str]
) -> None:
    assert circle_from(way[:1] or list(spans), spans, on) == way
