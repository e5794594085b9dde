"""The way of a document from plan to issue: steps in their order, what is late, what was issued (B5)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dotpha.documents import actions, queries, rules
from dotpha.documents.models import Document, DraftingStep
from dotpha.documents.rules import Step, StepDates
from dotpha.documents.tests.test_actions import SIGNED, TEST, actor, document, events, refused
from dotpha.platform import periods
from dotpha.platform.actors import NOBODY
from dotpha.platform.refusals import Refused

ON = date(2025, 6, 30)
ONE = timedelta(days=1)
DAYS = st.dates(date(2025, 1, 1), date(2025, 12, 31))
STEPS = st.dictionaries(st.sampled_from(Step), st.builds(StepDates, st.none() | DAYS, st.none() | DAYS))


# --- rules ----------------------------------------------------------------------------------------


@given(STEPS, DAYS)
def test_the_step_reached_is_the_last_that_came(steps: dict[Step, StepDates], on: date) -> None:
    came = [step for step in Step if step in steps and steps[step].came_on and steps[step].came_on <= on]
    assert rules.reached(steps, on) == (came[-1] if came else None)
    coming = rules.coming(steps, on)
    order = list(Step)
    assert (coming is None) == (bool(came) and came[-1] is Step.ISSUED)
    if coming and came:
        assert order.index(coming) == order.index(came[-1]) + 1


@given(STEPS, DAYS, st.sampled_from(Step))
def test_lateness_grows_by_the_day_until_the_step_comes(steps: dict[Step, StepDates], on: date, step: Step) -> None:
    late, later = rules.days_late(steps, step, on), rules.days_late(steps, step, on + ONE)
    dates = steps.get(step, StepDates())
    assert late >= 0
    if dates.planned_on is None:
        assert late == later == 0
    elif dates.came(on):
        assert late == later == max(0, (dates.came_on - dates.planned_on).days)
    elif late:
        assert later in (late + 1, 0, max(0, ((dates.came_on or on) - dates.planned_on).days))
    assert rules.open_days_late({step: dates}, on) == (
        0 if dates.came(on) else rules.days_late({step: dates}, step, on)
    )


@given(st.lists(DAYS, min_size=6, max_size=6), st.permutations(range(6)))
def test_steps_stand_in_their_order(days: list[date], places: list[int]) -> None:
    """Sorted days are taken; any other order of them is refused at a step that comes before one above it."""
    on = date(2025, 12, 31)
    for name in ("planned_on", "came_on"):
        rules.require_steps({s: StepDates(**{name: d}) for s, d in zip(Step, sorted(days), strict=True)}, on)
        mixed = [sorted(days)[place] for place in places]
        steps = {step: StepDates(**{name: day}) for step, day in zip(Step, mixed, strict=True)}
        wrong = next((i for i in range(1, 6) if mixed[i] < mixed[i - 1]), None)
        if wrong is None:
            rules.require_steps(steps, on)
            continue
        with pytest.raises(Refused) as found:
            rules.require_steps(steps, on)
        assert (found.value.code, found.value.field) == ("step_before_former", f"{list(Step)[wrong]}_{name}")


def test_a_step_that_was_left_out_is_late_no_more() -> None:
    steps = {Step.CONSULTATION: StepDates(date(2025, 1, 1)), Step.APPRAISAL: StepDates(None, date(2025, 2, 1))}
    assert rules.days_late(steps, Step.CONSULTATION, date(2025, 1, 31)) == 30
    assert rules.days_late(steps, Step.CONSULTATION, ON) == 0


def test_a_day_still_ahead_is_refused_at_its_field() -> None:
    rules.require_steps({Step.DRAFTING: StepDates(None, ON)}, ON)
    with pytest.raises(Refused) as found:
        rules.require_steps({Step.DRAFTING: StepDates(None, ON + ONE)}, ON)
    assert (found.value.code, found.value.field) == ("step_in_future", "drafting_came_on")


# --- recording ------------------------------------------------------------------------------------


def record(held: Document, on: date = ON, **steps: tuple[date | None, date | None]) -> Document:
    given = {Step(name): StepDates(*days) for name, days in steps.items()}
    return actions.record_drafting(document=held, steps=given, by=TEST, on=on)


@pytest.mark.django_db
def test_steps_are_recorded_changed_and_taken_back() -> None:
    held = document(signed_on=None)
    record(held, drafting=(SIGNED, SIGNED + ONE), consultation=(ON, None))
    record(held, drafting=(SIGNED, SIGNED), consultation=(None, None))
    assert list(DraftingStep.objects.values_list("kind", "planned_on", "came_on")) == [("drafting", SIGNED, SIGNED)]
    told = events("document.drafting_recorded")[-1]
    assert told[3] == {
        "drafting": {"planned_on": "2024-12-22", "came_on": "2024-12-23"},
        "consultation": {"planned_on": "2025-06-30", "came_on": None},
    }
    assert Document.objects.get().version == 3
    record(held, drafting=(SIGNED, SIGNED))
    assert (Document.objects.get().version, len(events("document.drafting_recorded"))) == (3, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ({"drafting": (None, ON + ONE)}, ("step_in_future", "drafting_came_on", 422)),
        ({"consultation": (None, SIGNED - ONE)}, ("step_before_former", "consultation_came_on", 422)),
        ({"submitted": (None, date(2025, 5, 2))}, ("step_before_former", "issued_came_on", 422)),
        ({"issued": (None, ON)}, ("issue_stands_on_the_card", "issued_came_on", 422)),
        ({"planned": (ON, None), "drafting": (SIGNED, SIGNED)}, ("step_before_former", "drafting_planned_on", 422)),
    ],
)
def test_a_bad_day_keeps_all_out(steps: dict[str, Any], expected: tuple[str, str, int]) -> None:
    held = document(signed_on=date(2025, 5, 1))
    record(held, drafting=(None, SIGNED))
    assert refused(lambda: record(held, **steps)) == expected


@pytest.mark.django_db
def test_what_somebody_changed_meanwhile_is_not_overwritten() -> None:
    held = document(signed_on=None)
    late = lambda: actions.record_drafting(document=held, steps={}, version=7, by=TEST, on=ON)  # noqa: E731
    assert refused(late) == ("changed_meanwhile", "version", 409)


@pytest.mark.django_db
def test_a_document_is_not_signed_before_a_step_that_came() -> None:
    held = document(signed_on=None)
    record(held, submitted=(None, ON))
    sign = lambda day: actions.change_document(document=held, changes={"signed_on": day}, by=TEST)  # noqa: E731
    assert refused(lambda: sign(ON - ONE)) == ("signed_before_drafted", "signed_on", 422)
    assert sign(ON).signed_on == ON


# --- reading --------------------------------------------------------------------------------------


def drafts(on: date = ON, **asked: Any) -> list[tuple[str, str | None, int]]:
    return [(each.document.key, each.reached, each.days_late) for each in queries.drafts(TEST, on, **asked)]


@pytest.fixture
def followed() -> None:
    """One late in consultation, one planned ahead, one issued; and a document that nobody follows."""
    record(
        document("late", number="", signed_on=None, kind="law"), drafting=(None, SIGNED), consultation=(SIGNED, None)
    )
    record(document("ahead", number="", signed_on=None, kind="decree"), issued=(date(2025, 9, 1), None))
    record(document("done", number="", signed_on=date(2025, 3, 1), kind="decree"), issued=(SIGNED, None))
    document("other", number="", kind="decree", signed_on=date(2025, 3, 2))


@pytest.mark.django_db
@pytest.mark.usefixtures("followed")
def test_the_latest_come_first_and_conditions_narrow() -> None:
    late, ahead, done = ("late", "drafting", 190), ("ahead", None, 0), ("done", "issued", 0)
    assert drafts() == [late, ahead, done]
    assert drafts(step="drafting") == drafts(late=True) == drafts(kind="law") == [late]
    assert drafts(step="none") == drafts(period=periods.parse("2025-H2")) == [ahead]
    assert drafts(step="issued") == drafts(period=periods.parse("2025-H1")) == [done]


@pytest.mark.django_db
@pytest.mark.usefixtures("followed")
def test_a_document_of_a_later_day_is_still_drafted_before() -> None:
    assert drafts(date(2025, 2, 1), kind="decree") == [("done", None, 41), ("ahead", None, 0)]


@pytest.mark.django_db
@pytest.mark.usefixtures("followed")
def test_each_count_of_issued_documents_is_that_of_its_list() -> None:
    document("older", number="", kind="law", signed_on=date(2024, 7, 1))
    document("secret", number="", kind="decree", signed_on=date(2025, 3, 1), mark="restricted")
    for by, decrees in ((TEST, 3), (NOBODY, 2)):
        counts = queries.issued_counts(by, ON)
        first, second = periods.parse("2025-H1"), periods.parse("2024-H2")
        assert list(counts.items()) == [(first, {"decree": decrees}), (second, {"law": 1})]
        for period, kinds in counts.items():
            for kind, number in kinds.items():
                assert queries.register(by, ON, kind=kind, period=period).count() == number
    year = periods.parse("2025")
    assert queries.issued_counts(TEST, ON, year) == {year: {"decree": 3}}
    assert queries.issued_counts(TEST, date(2025, 3, 1))[first] == {"decree": 2}


@pytest.mark.django_db
def test_a_restricted_draft_is_told_to_nobody_without_the_right() -> None:
    record(document(signed_on=None, mark="restricted"), drafting=(SIGNED, None))
    found = {role: len(queries.drafts(actor(role), ON)) for role in ("leader", "office")}
    assert found == {"leader": 0, "office": 1}


@pytest.mark.django_db
def test_many_drafts_cost_as_many_queries_as_one() -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            queries.drafts(TEST, ON)
        return len(counted)

    record(document("d", number="", signed_on=None), drafting=(SIGNED, None))
    few = asked()
    for number in range(8):
        record(document(f"d-{number}", number="", signed_on=None), drafting=(SIGNED, None))
    assert asked() == few
