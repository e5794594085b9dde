"""Two people at once, in real transactions: one wins, nothing is lost, no circle closes."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from dotpha.platform.models import AuditEvent
from dotpha.platform.tests.at_once import at_once
from dotpha.programmes import actions
from dotpha.programmes.models import Dependency, Extension, Report, Step, Task
from dotpha.programmes.queries import tasks
from dotpha.programmes.rules import breakdown as rules
from dotpha.programmes.task_row import Change
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
ON = date(2026, 6, 1)


def the_task(key: str = "nq-1") -> Task:
    return make.task(key=key, on=ON)


def asked(task: Task) -> Extension:
    return actions.request_extension(task=task, new_due_on=date(2026, 9, 30), reason="x", by=make.owner(), on=ON)


def in_force() -> list[Extension]:
    return list(Extension.objects.filter(granted_on__isnull=False, superseded_on=None))


def test_two_grants_of_one_request_leave_one_line() -> None:
    extension = asked(the_task())
    one, other = make.office(), make.office()
    answers = at_once(
        lambda: actions.grant_extension(extension=extension, new_due_on=date(2026, 8, 1), by=one, on=ON),
        lambda: actions.grant_extension(extension=extension, new_due_on=date(2026, 8, 2), by=other, on=ON),
    )
    assert answers == ["", "already_decided"]
    assert (len(in_force()), AuditEvent.objects.filter(kind="extension.granted").count()) == (1, 1)


def test_a_grant_and_a_line_of_the_office_leave_one_in_force() -> None:
    task = the_task()
    extension = asked(task)
    row = make.row(key="nq-1", extensions=(Change(ON, date(2026, 7, 31)),), given=frozenset({"extensions"}))
    one, other = make.office(), make.office()
    answers = at_once(
        lambda: actions.grant_extension(extension=extension, by=one, on=ON),
        lambda: actions.change_task(task=task, row=row, by=other, on=ON),
    )
    assert answers == ["", ""]
    [line] = in_force()
    found = tasks.with_state(Task.objects.all(), ON).get()
    assert found.due_on == line.new_due_on == tasks.task_dates(found).due_on(ON)


def test_two_requests_at_once_leave_one_waiting() -> None:
    task = the_task()
    one, other = make.owner(), make.owner()
    ask = lambda by: actions.request_extension(  # noqa: E731
        task=task, new_due_on=date(2026, 9, 30), reason="x", by=by, on=ON
    )
    assert at_once(lambda: ask(one), lambda: ask(other)) == ["", "extension_open"]
    assert (Extension.objects.count(), Step.objects.filter(kind="accepted").count()) == (1, 1)


def test_two_approvals_close_a_task_once() -> None:
    writer = make.owner()
    report = actions.draft_report(task=the_task(), row=actions.ReportRow("x", 100, completed_on=ON), by=writer, on=ON)
    actions.submit_report(report=report, by=writer, on=ON)
    one, other = make.approver(), make.approver()
    answers = at_once(
        lambda: actions.approve_report(report=report, by=one, on=ON),
        lambda: actions.approve_report(report=report, by=other, on=ON),
    )
    assert len([each for each in answers if each == ""]) == 1
    assert set(answers) - {""} <= {"task_closed", "not_submitted"}
    assert AuditEvent.objects.filter(kind="task.closed").count() == 1
    assert Report.objects.get().state == "approved"


def test_two_hand_overs_leave_one_lead() -> None:
    task, mof, moh = the_task(), make.organisation("mof"), make.organisation("moh")
    one, other = make.office(), make.office()
    answers = at_once(
        lambda: actions.assign_task(task=task, lead=mof, reason="x", document="12/NQ-CP", by=one, on=ON),
        lambda: actions.assign_task(task=task, lead=moh, reason="x", document="12/NQ-CP", by=other, on=ON),
    )
    assert answers == ["", ""]
    assert task.assignments.filter(part="lead", until_on=None).count() == 1


def test_two_changes_of_one_version_let_one_through() -> None:
    task, one, other = the_task(), make.office(), make.office()

    def change(title: str, by: object) -> object:
        row = make.row(key="nq-1", title=title, given=frozenset({"title"}))
        return actions.change_task(
            task=task, row=row, version=1, reason="x", document="12/NQ-CP", by=by, on=ON,  # type: ignore[arg-type]
        )  # fmt: skip

    assert at_once(lambda: change("Hai", one), lambda: change("Ba", other)) == ["", "changed_meanwhile"]
    assert Task.objects.get().version == 2


def test_two_dependencies_at_once_close_no_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would wait at the check for the other, so that both would pass it: only one gets there."""
    both_there, check = Barrier(2), rules.require_no_dependency_cycle

    def wait_and_check(*facts: Any) -> None:
        with suppress(BrokenBarrierError):
            both_there.wait(timeout=2)
        check(*facts)

    monkeypatch.setattr(rules, "require_no_dependency_cycle", wait_and_check)
    a, b, c = the_task("a"), the_task("b"), the_task("c")
    one, other = make.office(), make.office()
    Dependency.objects.create(task=b, needs=c)
    answers = at_once(
        lambda: actions.add_dependency(task=a, needs=b, by=one, on=ON),
        lambda: actions.add_dependency(task=c, needs=a, by=other, on=ON),
    )
    assert answers == ["", "dependency_cycle"]
    assert Dependency.objects.count() == 2


def test_two_merges_crosswise_do_not_lock_each_other_up() -> None:
    a, b = the_task("a"), the_task("b")
    one, other = make.office(), make.office()
    answers = at_once(
        lambda: actions.merge_tasks(task=a, into=b, reason="x", by=one, on=ON),
        lambda: actions.merge_tasks(task=b, into=a, reason="x", by=other, on=ON),
    )
    assert answers == ["", "task_closed"]
    assert Task.objects.filter(cancelled_on=None).count() == 1


def test_two_answers_to_one_report_on_a_part_leave_one() -> None:
    task, body = the_task(), make.organisation("mof")
    own = make.actor("focal_point", body.scope)
    actions.set_part(task=task, organisation=body, by=make.TEST, on=ON)
    actions.report_part(task=task, organisation=body, text="Đã làm", by=own, on=ON)
    one, other = make.owner(), make.owner()
    answers = at_once(
        lambda: actions.confirm_part(task=task, organisation=body, by=one, on=ON),
        lambda: actions.return_part(task=task, organisation=body, reason="thiếu", by=other, on=ON),
    )
    assert answers == ["", "nothing_to_confirm"]
    report = task.part_reports.get()
    assert (report.confirmed_on is None) is not (report.returned_on is None)
