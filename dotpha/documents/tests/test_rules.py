"""The state of a document on a day, its dates, and replacements without a circle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotpha.documents import rules
from dotpha.documents.rules import DocumentDates, Effect, Part, State
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


# --- clauses --------------------------------------------------------------------------------------

CHAPTER, ARTICLE, POINT, OTHER = 1, 2, 3, 4


def of_clauses(effect: Effect, on_part: int | None, day: int, **facts: Any) -> list[str]:
    """The states of chapter, article, point and another article on a day, counted from the signing, with one effect:
    on a part, or on the whole document."""
    parents = {CHAPTER: None, ARTICLE: CHAPTER, POINT: ARTICLE, OTHER: CHAPTER}
    parts = {each: Part(above, effects=[effect] if each == on_part else ()) for each, above in parents.items()}
    known = [replace(effect, is_whole=on_part is None)]
    found = rules.part_states(DocumentDates(SIGNED, effects=known, **facts), parts, after(day))
    return [found[each].value for each in (CHAPTER, ARTICLE, POINT, OTHER)]


IN, PARTLY, EXPIRED, REPLACED = "in_force", "partly_in_force", "expired", "replaced"


@pytest.mark.parametrize(
    ("kind", "on_part", "expected"),
    [
        ("replaces", ARTICLE, [PARTLY, REPLACED, REPLACED, IN]),
        ("repeals", ARTICLE, [PARTLY, EXPIRED, EXPIRED, IN]),
        ("repeals", POINT, [PARTLY, PARTLY, EXPIRED, IN]),
        ("amends", ARTICLE, [PARTLY, PARTLY, IN, IN]),
        ("supplements", ARTICLE, [IN, IN, IN, IN]),
        ("repeals", CHAPTER, [EXPIRED] * 4),
        ("replaces", None, [REPLACED] * 4),
        ("amends", None, [IN] * 4),
    ],
)
def test_what_is_done_to_a_clause_reaches_what_it_holds_and_leaves_what_holds_it_in_part(
    kind: str, on_part: int | None, expected: list[str]
) -> None:
    effect = Effect(kind, after(3))
    assert of_clauses(effect, on_part, 2) == [IN] * 4
    assert of_clauses(effect, on_part, 3) == expected


def test_a_clause_has_the_dates_of_its_document_and_a_later_day_of_its_own() -> None:
    parts = {CHAPTER: Part(begins_on=after(2)), ARTICLE: Part(CHAPTER, after(6)), POINT: Part(ARTICLE, after(2))}
    dates = DocumentDates(SIGNED, after(2), after(8))
    told = {day: [each.value for each in rules.part_states(dates, parts, after(day)).values()] for day in range(-1, 10)}
    assert told[-1] == ["draft"] * 3
    assert told[0] == told[1] == ["issued"] * 3
    assert told[2] == told[5] == [IN, "issued", "issued"]
    assert told[6] == told[8] == [IN] * 3
    assert told[9] == [EXPIRED] * 3


@st.composite
def trees(draw: st.DrawFn) -> tuple[DocumentDates, dict[int, Part]]:
    """A document and its parts, each within one before it or within none; the document knows what is done to them."""
    parts: dict[int, Part] = {}
    for number in range(1, draw(st.integers(1, 6)) + 1):
        above = draw(st.none() | st.sampled_from(sorted(parts))) if parts else None
        done = draw(st.lists(effects.map(lambda each: replace(each, is_whole=True)), max_size=2))
        parts[number] = Part(above, draw(st.none() | days), done)
    dates = draw(documents())
    whole = [replace(each, is_whole=True) for each in dates.effects]
    of_parts = [replace(each, is_whole=False) for part in parts.values() for each in part.effects]
    return replace(dates, effects=[*whole, *of_parts]), parts


IN_FORCE = (State.IN_FORCE, State.PARTLY_IN_FORCE)


@given(trees(), days)
def test_a_clause_is_in_force_only_while_what_holds_it_is(
    held: tuple[DocumentDates, dict[int, Part]], on: date
) -> None:
    dates, parts = held
    found = rules.part_states(dates, parts, on)
    whole = rules.state(dates, on)
    for number, state in found.items():
        above = parts[number].parent
        around = found[above] if above else whole
        assert state not in IN_FORCE or around in IN_FORCE
        assert (state is State.DRAFT) is (whole is State.DRAFT)
        assert around is not State.IN_FORCE or state in (State.IN_FORCE, State.ISSUED)


@given(trees(), days)
def test_what_comes_later_says_nothing_about_a_clause_today(
    held: tuple[DocumentDates, dict[int, Part]], on: date
) -> None:
    dates, parts = held
    known = {
        number: replace(part, effects=[each for each in part.effects if each.on and each.on <= on])
        for number, part in parts.items()
    }
    assert rules.part_states(dates, known, on) == rules.part_states(dates, parts, on)


@given(trees(), days)
def test_a_clause_that_has_ended_stays_ended(held: tuple[DocumentDates, dict[int, Part]], on: date) -> None:
    now, later = (rules.part_states(*held, day) for day in (on, on + 5 * ONE))
    ended = {number: state for number, state in now.items() if state in (State.EXPIRED, State.REPLACED)}
    assert {number: later[number] for number in ended} == ended


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
