"""Parts of co-operating agencies: the rules for any history, the twin in SQL, and the actions of both sides (C6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dotpha.accounts.models import Grant
from dotpha.platform import audit, files, past
from dotpha.platform import days as clock
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
    return PartDates(
        due_on=draw(st.none() | days()),
        set_on=draw(st.none() | days()),
        told=tuple(reports),
        ended_on=draw(st.none() | days()),
        closed_on=draw(st.none() | days()),
    )


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
        set_on=part.set_on if part.set_on and part.set_on <= on else None,
        ended_on=part.ended_on if part.ended_on and part.ended_on <= on else None,
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
    assert rules.outcomes(part, on).count("waiting") == (side is Side.LEAD), "one report waits at most"
    if side is Side.COOPERATING:
        assert not any(day and day <= on for day in (part.ended_on, part.closed_on))


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
            task=task, organisation=body, part="cooperating", from_on=first, part_due_on=part.due_on,
            set_on=part.set_on, until_on=part.ended_on - ONE if part.ended_on else None,
        )  # fmt: skip
        for each in part.told:
            PartReport.objects.create(
                task=task, organisation=body, text="x", percent=each.percent, reported_on=each.reported_on,
                confirmed_on=each.confirmed_on, returned_on=each.returned_on,
                return_reason="x" if each.returned_on else "",
            )  # fmt: skip
    late = {task.key for task, part in zip(made, many, strict=True) if rules.is_late(part, on)}
    assert set(parts.late(on, parts.newest(on)).values_list("task__key", flat=True)) == late
    held = {task.key for task, part in zip(made, many, strict=True) if not part.ended_on or part.ended_on > on}
    counted = tasks.with_details(tasks.with_state(Task.objects.all(), on), on).values_list("key", "late_parts")
    assert {key for key, number in counted if number} == late & held
    assert set(parts.newest(on).filter(parts.going(on)).values_list("task__key", flat=True)) == held
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
    assert seen(task, DUE + 9 * ONE) == ("open", True, None), "late when the task ended: stays on record"


def test_what_was_known_of_a_part_is_answered_as_it_was_known(task: Task) -> None:
    set_part(task)
    report(task)
    moment = clock.now()
    confirm(task, focal())
    with past.known_at(moment):
        assert seen(task)[0] == "reported"
    assert seen(task)[0] == "confirmed"


# --- what was read is what is answered; ends leave nothing stuck -----------------------------------


def test_a_report_that_came_meanwhile_is_not_confirmed_unread(task: Task) -> None:
    set_part(task)
    report(task, percent=40)
    read = the_part(task).mark
    report(task, text="Đã xong")
    for answer in (
        lambda: actions.confirm_part(task=task, organisation=mof(), seen=read, by=focal(), on=ON),
        lambda: actions.return_part(task=task, organisation=mof(), reason="x", seen=read, by=focal(), on=ON),
    ):
        assert refused(answer) == ("words_changed", None, 409)
    actions.confirm_part(task=task, organisation=mof(), seen=the_part(task).mark, by=focal(), on=ON)
    assert [outcome for _each, outcome in the_part(task).told] == ["confirmed", "replaced"]


def test_words_that_changed_meanwhile_are_not_confirmed_unread(task: Task) -> None:
    set_part(task)
    read = the_part(task).mark
    set_part(task, duty="Trả toàn bộ chi phí")
    answer = lambda: actions.confirm_part(task=task, organisation=mof(), seen=read, by=focal("mof"), on=ON)  # noqa: E731
    assert refused(answer) == ("words_changed", None, 409)
    assert refused(lambda: set_part(task, seen=read)) == ("words_changed", None, 409), "nor overwritten"
    assert refused(lambda: set_part(task, seen=parts.NO_PART)) == ("words_changed", None, 409)
    set_part(task, seen=the_part(task).mark, duty="Góp ý")


def test_the_same_words_again_wipe_no_confirmation(task: Task) -> None:
    set_part(task)
    confirm(task, focal("mof"))
    version = Task.objects.get(pk=task.pk).version
    set_part(task, on=ON + ONE)
    row = task.assignments.get(part="cooperating")
    assert (row.confirmed_on, row.until_on, Task.objects.get(pk=task.pk).version) == (ON, None, version)


def test_returned_words_may_be_put_anew_as_they_are(task: Task) -> None:
    set_part(task)
    give_back(task, focal("mof"))
    set_part(task)
    assert seen(task) == ("open", False, "cooperating")


def test_a_part_that_ended_takes_no_report_and_locks_nothing(task: Task) -> None:
    set_part(task)
    confirm(task, focal("mof"))  # one of which its agency says nothing never was
    end = lambda: actions.end_part(task=task, organisation=mof(), by=focal(), on=ON)  # noqa: E731
    end()
    assert (the_part(task).is_over, seen(task)[2]) == (True, None), "on its first day"
    assert refused(lambda: report(task)) == ("part_ended", None, 409)
    assert refused(lambda: confirm(task, focal("mof"))) == ("nothing_to_confirm", None, 409)
    assert refused(end) == ("not_found", None, 404)
    set_part(task, on=ON + ONE)
    report(task, on=ON + ONE)


def test_a_report_on_a_part_that_a_card_ended_is_still_answered(task: Task) -> None:
    set_part(task)
    report(task)
    task.assignments.filter(part="cooperating").update(until_on=ON)
    later = ON + 3 * ONE
    assert refused(lambda: set_part(task, on=later)) == ("part_reported", None, 409)
    give_back(task, focal(), on=later)
    assert refused(lambda: report(task, on=later)) == ("part_ended", None, 409)
    set_part(task, on=later)
    report(task, on=later)
    rows = task.assignments.filter(part="cooperating").values_list("from_on", "until_on")
    assert list(rows) == [(ON, ON), (later, None)], "the days between keep that it had no part"


def test_words_of_a_closed_task_ask_nothing_of_anybody(task: Task) -> None:
    set_part(task)
    Task.objects.filter(pk=task.pk).update(completed_on=ON)
    assert seen(task)[2] is None
    assert refused(lambda: confirm(task, focal("mof")))[0] == "nothing_to_confirm"


def test_a_copy_keeps_a_due_date_that_names_no_day(task: Task) -> None:
    set_part(task, duty="", part_due_on=None, part_due_text="sau khi Luật có hiệu lực")
    copy = actions.copy_task(task=task, key="c", by=make.office(), on=ON)
    row = copy.assignments.exclude(part="lead").get()
    assert (row.part_due_on, row.part_due_text, row.set_on) == (None, "sau khi Luật có hiệu lực", ON)


def test_a_file_of_another_task_is_no_evidence(task: Task) -> None:
    set_part(task)
    other = make.task(key="nq-2")
    kept = files.store(data=b"x", name="x.txt", media_type="text/plain", subject=other.subject, by=focal())
    wrong = [actions.EvidenceRow(kind="file", file=kept.pk)]
    assert refused(lambda: report(task, evidence=wrong)) == ("unknown_file", "evidence", 422)


def test_events_of_parts_tell_what_was_answered_and_what_stood_before(task: Task) -> None:
    set_part(task)
    confirm(task, focal("mof"))
    made = report(task)
    confirm(task, focal())
    actions.end_part(task=task, organisation=mof(), by=focal(), on=ON + ONE)
    words = {"organisation": "mof", "part": "cooperating", "duty": "Bố trí vốn"}
    told = [(each.kind, each.before, each.after) for each in audit.history(task.subject).order_by("pk")][-4:]
    assert words.items() <= told[0][2].items()
    assert (told[1][2]["report"], told[2][2]["report"]) == (made.pk, made.pk)
    assert (told[3][0], words.items() <= told[3][1].items()) == ("task.cooperation_changed", True)


def test_an_ended_part_is_credited_for_what_was_reported(task: Task) -> None:
    set_part(task, part_due_on=ON)
    report(task, on=ON + ONE)
    confirm(task, focal(), on=ON + ONE)
    actions.end_part(task=task, organisation=mof(), by=focal(), on=ON + 2 * ONE)
    other = make.task(key="nq-2", assigned_on=date(2026, 5, 1), deadline_text="30/6/2026")
    set_part(other)
    actions.end_part(task=other, organisation=mof(), by=focal(), on=ON + ONE)
    found = parts.credit(mof(), Task.objects.all(), ON + 9 * ONE)
    assert found == parts.Credit(held=1, done=1, confirmed=1, late=1)


def test_a_role_for_one_body_in_one_programme_reports_on_its_part(task: Task) -> None:
    set_part(task)
    person = make.person("focal_point", mof().scope)
    Grant.objects.filter(user=person).update(programme="other")
    assert refused(lambda: report(task, by=person.actor()))[2] == 403
    Grant.objects.filter(user=person).update(programme="resolution57")
    report(task, by=person.actor())
