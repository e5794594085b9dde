"""Parts of co-operating agencies: the rules for any history, the twin in SQL, and the actions of both sides (C6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dotpha.platform import days as clock
from dotpha.platform import past
from dotpha.platform.actors import Actor
from dotpha.platform.tests.refusals import refused
from dotpha.programmes import actions
from dotpha.programmes.models import Assignment, PartReport, Task
from dotpha.programmes.queries import one, parts, tasks
from dotpha.programmes.queries.parts import Part
from dotpha.programmes.rules import lateness
from dotpha.programmes.rules import parts as rules
from dotpha.programmes.rules.parts import PartDates, PartState, Side, Told
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.histories import days

ONE = timedelta(days=1)
ON = date(2026, 6, 1)
DUE = date(2026, 6, 15)
QUICK = settings(max_examples=200, deadline=None)


# --- rules ----------------------------------------------------------------------------------------


@st.composite
def told(draw: st.DrawFn) -> Told:
    reported_on = draw(days())
    answered_on = draw(st.none() | st.integers(0, 40).map(lambda n: reported_on + n * ONE))
    confirmed, returned = draw(st.sampled_from([(answered_on, None), (None, answered_on)]))
    return Told(reported_on, draw(st.none() | st.integers(0, 100)), confirmed, returned)


@st.composite
def histories(draw: st.DrawFn) -> PartDates:
    """The dates of one part; its reports stand in the order of their days, as they are made."""
    reports = sorted(draw(st.lists(told(), max_size=4)), key=lambda each: each.reported_on)
    return PartDates(due_on=draw(st.none() | days()), told=tuple(reports), closed_on=draw(st.none() | days()))


@QUICK
@given(histories(), days())
def test_the_day_of_the_report_counts_however_late_it_is_confirmed(part: PartDates, on: date) -> None:
    report = rules.done_report(part, on)
    if report is None or part.due_on is None:
        assert rules.is_late(part, on) is (
            part.due_on is not None and min(on, part.closed_on or on) > part.due_on and report is None
        )
    else:
        assert rules.is_late(part, on) is (report.reported_on > part.due_on)


@QUICK
@given(histories(), days())
def test_what_comes_later_is_not_known(part: PartDates, on: date) -> None:
    known = PartDates(
        due_on=part.due_on,
        told=tuple(
            Told(
                each.reported_on,
                each.percent,
                each.confirmed_on if each.confirmed_on and each.confirmed_on <= on else None,
                each.returned_on if each.returned_on and each.returned_on <= on else None,
            )
            for each in part.told
            if each.reported_on <= on
        ),
        closed_on=part.closed_on if part.closed_on and part.closed_on <= on else None,
    )
    ask = (rules.state, rules.is_late, rules.timing, rules.waits_for, rules.is_returned)
    assert [each(part, on) for each in ask] == [each(known, on) for each in ask]


@QUICK
@given(histories(), days())
def test_only_one_side_is_asked_at_a_time(part: PartDates, on: date) -> None:
    side = rules.waits_for(part, on)
    assert (side is Side.LEAD) is (rules.waiting_report(part, on) is not None)
    assert not (rules.is_returned(part, on) and side is Side.LEAD)


def test_a_part_that_goes_on_stays_open_and_a_returned_report_does_not_count() -> None:
    half, whole = Told(ON, 50), Told(ON, 100)
    back = Told(ON, None, returned_on=ON + ONE)
    states = [rules.state(PartDates(told=(each,)), ON + ONE) for each in (half, whole, back)]
    assert states == [PartState.OPEN, PartState.REPORTED, PartState.OPEN]
    assert rules.state(PartDates(told=(back,)), ON) is PartState.REPORTED, "on that day it had not been returned"
    assert rules.is_returned(PartDates(told=(back,)), ON + ONE)
    confirmed = PartDates(told=(Told(ON, None, confirmed_on=ON + ONE),))
    assert [rules.state(confirmed, on) for on in (ON, ON + ONE)] == [PartState.REPORTED, PartState.CONFIRMED]


def test_a_part_does_not_become_late_after_its_task_has_ended() -> None:
    part = PartDates(due_on=DUE, closed_on=DUE)
    assert (rules.timing(part, DUE + 9 * ONE), rules.is_late(part, DUE + 9 * ONE)) == (lateness.State.DUE_SOON, False)
    assert rules.is_late(PartDates(due_on=DUE, closed_on=DUE + ONE), DUE + 9 * ONE), "late when it ended: stays late"


# --- the twin in SQL ------------------------------------------------------------------------------


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(many=st.lists(histories(), min_size=1, max_size=8), on=days())
def test_sql_and_python_say_the_same(db: None, many: list[PartDates], on: date) -> None:
    PartReport.objects.all().delete()
    Assignment.objects.all().delete()
    Task.objects.all().delete()
    first, body = date(2024, 1, 1), make.organisation("mof")
    made = Task.objects.bulk_create(
        Task(key=f"p-{n}", title={"vi": "Việc"}, assigned_on=first, completed_on=each.closed_on)
        for n, each in enumerate(many)
    )
    for task, part in zip(made, many, strict=True):
        Assignment.objects.create(
            task=task, organisation=body, part="cooperating", from_on=first, part_due_on=part.due_on
        )
        for each in part.told:
            PartReport.objects.create(
                task=task, organisation=body, text="x", percent=each.percent, reported_on=each.reported_on,
                confirmed_on=each.confirmed_on, returned_on=each.returned_on,
                return_reason="x" if each.returned_on else "",
            )  # fmt: skip
    late = set(parts.late(on).values_list("task__key", flat=True))
    assert late == {task.key for task, part in zip(made, many, strict=True) if rules.is_late(part, on)}
    counted = tasks.with_details(tasks.with_state(Task.objects.all(), on), on).values_list("key", "late_parts")
    assert {key for key, number in counted if number} == late
    waiting = set(parts.told(on).filter(waits=True).values_list("task__key", flat=True))
    assert waiting == {
        task.key for task, part in zip(made, many, strict=True) if rules.waits_for(part, on) is Side.LEAD
    }


# --- actions --------------------------------------------------------------------------------------


@pytest.fixture
def task(db: None) -> Task:
    return make.task(on=date(2026, 5, 1), key="nq-1", deadline_text="30/6/2026", assigned_on=date(2026, 5, 1))


def mof() -> Any:
    return make.organisation("mof")


def focal(key: str = "most") -> Actor:
    return make.actor("focal_point", make.organisation(key).scope)


def set_part(task: Task, by: Actor | None = None, on: date = ON, **values: Any) -> Task:
    values = {"duty": "Bố trí vốn", "part_due_on": DUE, **values}
    return actions.set_part(task=task, organisation=mof(), by=by or focal(), on=on, **values)


def report(task: Task, on: date = ON, by: Actor | None = None, **values: Any) -> PartReport:
    return actions.report_part(
        task=task, organisation=mof(), by=by or focal("mof"), on=on, **{"text": "Đã bố trí", **values}
    )


def confirm(task: Task, by: Actor, on: date = ON) -> Task:
    return actions.confirm_part(task=task, organisation=mof(), by=by, on=on)


def give_back(task: Task, by: Actor, reason: str = "chưa rõ", on: date = ON) -> Task:
    return actions.return_part(task=task, organisation=mof(), reason=reason, by=by, on=on)


def the_part(task: Task, on: date = ON) -> Part:
    return one.card(make.TEST, task.key, on).parts[0]


def seen(task: Task, on: date = ON) -> tuple[str, bool, str | None]:
    part = the_part(task, on)
    return str(part.state), part.is_late, part.waits_for


def test_the_two_sides_confirm_to_each_other(task: Task) -> None:
    set_part(task)
    assert seen(task) == ("open", False, "cooperating")
    assert refused(lambda: confirm(task, focal()))[2] == 403, "the lead does not confirm what it set"
    confirm(task, focal("mof"))
    assert seen(task) == ("open", False, None)
    report(task, ON + ONE)
    assert seen(task, ON + ONE) == ("reported", False, "lead")
    assert refused(lambda: confirm(task, focal("mof"), ON + ONE))[2] == 403, "nor the agency its own report"
    confirm(task, make.owner(), ON + 9 * ONE)
    assert [seen(task, on)[0] for on in (ON, ON + ONE, ON + 8 * ONE, ON + 9 * ONE)] == [
        "open", "reported", "reported", "confirmed",
    ]  # fmt: skip
    assert refused(lambda: confirm(task, make.owner()))[0] == "nothing_to_confirm"


def test_nobody_confirms_what_they_wrote_even_for_both_sides(task: Task) -> None:
    both = make.actor("focal_point", "all")
    set_part(task, both)
    assert refused(lambda: confirm(task, both)) == ("own_part", None, 403)
    report(task, by=both)
    assert refused(lambda: confirm(task, both)) == ("own_part", None, 403)
    assert refused(lambda: give_back(task, both)) == ("own_part", None, 403)
    confirm(task, focal())


def test_a_late_part_is_its_agencys_own_and_leaves_the_task_alone(task: Task) -> None:
    set_part(task)
    after = DUE + ONE
    row = tasks.with_details(tasks.visible(make.TEST, after), after).get(key="nq-1")
    assert (row.state, row.late_parts, seen(task, after)) == ("not_started", 1, ("open", True, "cooperating"))
    report(task, after)
    confirm(task, focal(), after + 9 * ONE)
    assert seen(task, after + 9 * ONE) == ("confirmed", True, None)
    assert seen(task, DUE) == ("open", False, "cooperating")


def test_a_report_takes_on_the_part_and_a_returned_one_is_made_again(task: Task) -> None:
    set_part(task)
    report(task, percent=40)
    assert (the_part(task).assignment.confirmed_on, seen(task)) == (ON, ("open", False, "lead"))
    assert refused(lambda: give_back(task, make.owner(), " ")) == ("reason_missing", "reason", 422)
    give_back(task, make.owner())
    assert (the_part(task).is_returned, seen(task)) == (True, ("open", False, None))
    report(task)
    assert refused(lambda: report(task)) == ("part_done", None, 409)
    assert refused(lambda: report(task, text=" "))[:2] == ("text_missing", "text")
    assert refused(lambda: report(task, percent=101))[:2] == ("percent_out_of_range", "percent")
    assert [each.state for each in PartReport.objects.order_by("pk")] == ["returned", "waiting"]


def test_a_part_changed_on_a_later_day_leaves_the_day_before_as_it_was(task: Task) -> None:
    set_part(task)
    confirm(task, focal("mof"))
    later = ON + 3 * ONE
    set_part(task, on=later, duty="Thẩm định vốn", part_due_on=DUE + ONE)
    assert [(the_part(task, on).assignment.duty, seen(task, on)[2]) for on in (ON + ONE, later)] == [
        ("Bố trí vốn", None),
        ("Thẩm định vốn", "cooperating"),
    ]
    give_back(task, focal("mof"), "không đủ thẩm quyền", later)
    assert the_part(task, later).assignment.return_reason == "không đủ thẩm quyền"
    set_part(task, on=later, duty="Góp ý")
    rows = [(each.duty, each.until_on, each.returned_on) for each in task.assignments.filter(part="cooperating")]
    assert rows == [("Bố trí vốn", later - ONE, None), ("Góp ý", None, None)]


def test_a_part_with_a_waiting_or_a_confirmed_report_is_not_changed(task: Task) -> None:
    set_part(task)
    report(task)
    assert refused(lambda: set_part(task)) == ("part_reported", None, 409)
    end = lambda: actions.end_part(task=task, organisation=mof(), by=focal(), on=ON)  # noqa: E731
    assert refused(end) == ("part_reported", None, 409)
    confirm(task, focal())
    assert refused(lambda: set_part(task)) == ("part_confirmed", None, 409)
    actions.end_part(task=task, organisation=mof(), by=focal(), on=ON + ONE)
    part = the_part(task, ON + 2 * ONE)
    assert (part.is_held, str(part.state)) == (False, "confirmed"), "what it did stays to be seen"


def test_an_own_due_date_lies_within_the_task_unless_said_otherwise(task: Task) -> None:
    end = date(2026, 6, 30)
    assert refused(lambda: set_part(task, part_due_on=end + ONE))[:2] == ("part_due_after_task", "part_due_on")
    assert refused(lambda: set_part(task, part_due_on=date(2026, 4, 30)))[:2] == (
        "part_due_before_assigned",
        "part_due_on",
    )
    set_part(task, part_due_on=end + ONE, may_end_later=True)
    set_part(task, part_due_on=None, part_due_text="trước ngày 20/6/2026")
    row = the_part(task).assignment
    assert (row.part_due_on, row.part_due_text) == (date(2026, 6, 19), "trước ngày 20/6/2026")


def test_only_the_own_agency_reports_and_only_on_a_part_it_has(task: Task) -> None:
    assert refused(lambda: report(task)) == ("not_found", None, 404)
    set_part(task)
    assert refused(lambda: report(task, by=focal()))[2] == 403
    assert refused(lambda: set_part(task, focal("mof")))[2] == 403, "the agency does not set its own part"


def test_a_report_may_be_confirmed_after_the_task_was_completed_but_not_returned(task: Task) -> None:
    set_part(task)
    report(task)
    Task.objects.filter(pk=task.pk).update(completed_on=ON)
    assert refused(lambda: give_back(task, make.owner()))[0] == "task_closed"
    confirm(task, make.owner())
    Task.objects.filter(pk=task.pk).update(completed_on=None, cancelled_on=ON)
    assert refused(lambda: set_part(task))[0] == "task_closed"


def test_evidence_is_kept_with_a_report_on_a_part(task: Task) -> None:
    set_part(task)
    wrong = [actions.EvidenceRow(kind="link", url="javascript:x")]
    assert refused(lambda: report(task, evidence=wrong))[0] == "link_unreadable"
    assert PartReport.objects.count() == 0
    made = report(task, evidence=[actions.EvidenceRow(number="12/BC-BTC")])
    assert [(each.number, each.report_id) for each in made.evidence.all()] == [("12/BC-BTC", None)]


def test_a_copy_takes_the_parts_along_and_nothing_that_happened(task: Task) -> None:
    set_part(task, part="co_lead")
    confirm(task, focal("mof"))
    report(task)
    copy = actions.copy_task(task=task, key="c", by=make.office(), on=ON)
    row = copy.assignments.exclude(part="lead").get()
    said = (row.part, row.duty, row.part_due_on, row.set_on, row.confirmed_on, row.from_on)
    assert said == ("co_lead", "Bố trí vốn", DUE, ON, None, ON)
    assert copy.part_reports.count() == 0
    late = actions.copy_task(task=task, key="d", by=make.office(), on=DUE + ONE)
    held = late.assignments.exclude(part="lead").get()
    assert (held.duty, held.part_due_on) == ("Bố trí vốn", None), "a day before the copy began stays behind"


def test_a_task_spread_or_split_keeps_the_parts_with_the_whole(task: Task) -> None:
    set_part(task)
    made = actions.spread_task(
        task=task, members=[make.organisation("moh"), make.organisation("moet")], by=make.office(), on=ON
    )
    assert [each.assignments.exclude(part="lead").count() for each in made] == [0, 0]
    actions.split_task(
        task=task, rows=[make.row(key="x"), make.row(key="y")], reason="rộng", by=make.office(), on=DUE + ONE
    )
    assert seen(task, DUE + 9 * ONE) == ("open", True, "cooperating"), "late when the task ended: stays on record"


def test_what_was_known_of_a_part_is_answered_as_it_was_known(task: Task) -> None:
    set_part(task)
    report(task)
    moment = clock.now()
    confirm(task, focal())
    with past.known_at(moment):
        assert seen(task)[0] == "reported"
    assert seen(task)[0] == "confirmed"
