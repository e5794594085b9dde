"""The state of a document on a day, its dates, and replacements without a circle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotpha.documents import rules
from dotpha.documents.rules import DocumentDates, Effect, State
from dotpha.platform.tests.refusals import code

SIGNED = date(2025, 1, 10)
ONE = timedelta(days=1)


def after(days: int) -> date:
    return SIGNED + days * ONE


def states(*on: int, **facts: object) -> list[str]:
    """The states on days counted from the signing."""
    dates = DocumentDates(**{"signed_on": SIGNED, **facts})  # type: ignore[arg-type]
    return [rules.state(dates, after(day)).value for day in on]


def test_a_document_without_a_date_of_signing_is_a_draft() -> None:
    assert (states(0, signed_on=None), states(-1, 0)) == (["draft"], ["draft", "in_force"])


def test_between_signing_and_force_it_is_issued() -> None:
    assert states(-1, 0, 4, 5, in_force_on=after(5)) == ["draft", "issued", "issued", "in_force"]


def test_the_last_day_is_still_in_force() -> None:
    assert states(5, 6, expired_on=after(5)) == ["in_force", "expired"]


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        (Effect("replaces", after(3)), "replaced"),
        (Effect("repeals", after(3)), "expired"),
        (Effect("replaces", after(3), is_whole=False), "partly_in_force"),
        (Effect("repeals", after(3), is_whole=False), "partly_in_force"),
        (Effect("amends", after(3)), "partly_in_force"),
        (Effect("supplements", after(3)), "in_force"),
        (Effect("supplements", after(3), is_whole=False), "in_force"),
        (Effect("replaces", None), "in_force"),
    ],
)
def test_what_another_document_does_shows_from_its_day(effect: Effect, expected: str) -> None:
    assert states(2, 3, effects=(effect,)) == ["in_force", expected]


@pytest.mark.parametrize(
    ("replaced", "repealed", "last_day", "expected"),
    [
        (3, 3, None, "replaced"),
        (3, 4, None, "replaced"),
        (4, 3, None, "expired"),
        (4, None, 3, "expired"),
        (4, None, 4, "replaced"),
        (None, 4, 3, "expired"),
    ],
)
def test_what_ended_it_first_decides(
    replaced: int | None, repealed: int | None, last_day: int | None, expected: str
) -> None:
    effects = [
        Effect(kind, after(day)) for kind, day in (("replaces", replaced), ("repeals", repealed)) if day is not None
    ]
    assert states(9, effects=effects, expired_on=None if last_day is None else after(last_day)) == [expected]


days = st.integers(-3, 12).map(after)
effects = st.builds(
    Effect, st.sampled_from(["replaces", "repeals", "amends", "supplements"]), st.none() | days, st.booleans()
)


@st.composite
def documents(draw: st.DrawFn) -> DocumentDates:
    return DocumentDates(
        signed_on=draw(st.none() | days),
        in_force_on=draw(st.none() | days),
        expired_on=draw(st.none() | days),
        effects=tuple(draw(st.lists(effects, max_size=4))),
    )


@given(documents(), days)
def test_the_future_is_not_known(dates: DocumentDates, on: date) -> None:
    known = tuple(each for each in dates.effects if each.on and each.on <= on)
    assert rules.state(replace(dates, effects=known), on) is rules.state(dates, on)


@given(documents(), days)
def test_what_has_ended_stays_ended(dates: DocumentDates, on: date) -> None:
    now = rules.state(dates, on)
    if now in (State.EXPIRED, State.REPLACED):
        assert {rules.state(dates, on + n * ONE) for n in (1, 5, 400)} == {now}
    if now is not State.DRAFT:
        assert rules.state(dates, on + ONE) is not State.DRAFT


@pytest.mark.parametrize(
    ("signed", "in_force", "expired", "expected"),
    [
        (0, None, None, ""),
        (0, 0, 0, ""),
        (0, -1, None, "in_force_before_signed"),
        (None, 5, 4, "expired_before_in_force"),
        (0, 5, 5, ""),
        (0, None, -1, "expired_before_in_force"),
        (None, None, 0, ""),
    ],
)
def test_which_dates_a_document_may_have(
    signed: int | None, in_force: int | None, expired: int | None, expected: str
) -> None:
    dates = DocumentDates(*(None if day is None else after(day) for day in (signed, in_force, expired)))
    assert code(lambda: rules.require_dates(dates)) == expected


@pytest.mark.parametrize(("target", "expected"), [("x", ""), ("a", "replacement_cycle"), ("c", "replacement_cycle")])
def test_no_document_replaces_itself_in_the_end(target: str, expected: str) -> None:
    """c replaces b, b replaces a; now a shall replace `target`."""
    assert code(lambda: rules.require_no_replacement_cycle("a", target, {"c": ["b"], "b": ["a"]})) == expected
