"""Every action once: refused to a stranger without a trace, done by whoever has the right, kept in the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps

from dotpha.accounts.models import User
from dotpha.directory.models import Post
from dotpha.platform.action import registered
from dotpha.platform.actors import Actor
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.platform.uploads import Upload
from dotpha.programmes import actions
from dotpha.programmes.actions import keeping, undoing  # noqa: F401 -- their actions register themselves
from dotpha.programmes.models import Blocker, Extension, Notice, PersonalProgramme, Report, Target, Task
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)
DUE = date(2026, 6, 30)
ONE = timedelta(days=1)


def the_task(**values: Any) -> Task:
    return make.task(on=ON, **{"key": "nq-1", "deadline_text": "30/6/2026", **values})


def draft(task: Task | None = None, by: Actor | None = None, **values: Any) -> Report:
    row = actions.ReportRow(**{"summary": "Đã trình", "percent": 40, **values})
    return actions.draft_report(task=task or the_task(), row=row, by=by or make.owner(), on=ON)


def submitted(**values: Any) -> Report:
    writer = make.owner()
    return actions.submit_report(report=draft(by=writer, **values), by=writer, on=ON)


def approved(**values: Any) -> Report:
    return actions.approve_report(report=submitted(**values), by=make.approver(), on=ON)


def asked(task: Task | None = None) -> Extension:
    return actions.request_extension(
        task=task or the_task(), new_due_on=DUE + 30 * ONE, reason="chờ vốn", by=make.owner(), on=ON
    )


def blocker(task: Task | None = None) -> Blocker:
    return actions.raise_blocker(
        task=task or the_task(),
        kind="funding",
        text="thiếu vốn",
        asks_of=make.organisation("mof"),
        by=make.owner(),
        on=ON,
    )


def resolved() -> Blocker:
    return actions.resolve_blocker(blocker=blocker(), resolution="đã cấp", by=make.owner(), on=ON)


def disputed() -> Task:
    return actions.dispute_task(task=the_task(), reason="không thuộc thẩm quyền", by=make.owner(), on=ON)


def settled() -> Task:
    task = the_task(deadline_text="kịp thời")
    return actions.settle_deadline(task=task, kind="date", due_on=DUE, reason="x", by=make.office(), on=ON)


def suspended() -> Task:
    return actions.suspend_task(task=the_task(), document="57-NQ/TW", reason="chờ luật", by=make.office(), on=ON)


def cancelled() -> Task:
    return actions.cancel_task(task=the_task(), reason="trùng", by=make.office(), on=ON)


def shared() -> Task:
    return the_task(cooperating=("mof",))


def told_part() -> Task:
    task = shared()
    body = make.organisation("mof")
    actions.report_part(task=task, organisation=body, text="đã góp ý", by=asked_body(), on=ON)
    return task


def bulk_tagged() -> dict[str, Any]:
    task = the_task(tags=("gấp",))
    return {
        "change": actions.BulkChange("tags", tags=("gấp",)),
        "was": {task.key: {"was": [], "version": task.version}},
    }


def retagged() -> dict[str, Any]:
    task = the_task(tags=("gấp",))
    programme = task.memberships.get().programme
    return {"task": task, "programme": programme, "was": {"tags": []}, "version": task.version, "document": ""}


def waiting() -> dict[str, Any]:
    task, other = the_task(), make.task(key="nq-2", on=ON)
    return {"dependency": actions.add_dependency(task=task, needs=other, by=make.office(), on=ON)}


def overdue() -> Task:
    return the_task(deadline_text="1/5/2026", assigned_on=date(2026, 3, 1))


def contested() -> Any:
    return actions.contest_step(task=overdue(), reason="đã nộp", by=make.owner(), on=ON)


def told_person() -> Any:
    user = make.person("owner", make.organisation("most").scope, email="owner@example.vn")
    overdue()
    Notice.objects.create(
        user=user, task=Task.objects.get(key="nq-1"), step="owner", due_on=date(2026, 5, 1), made_on=ON
    )
    return user


def reader_told() -> Actor:
    return User.objects.get(email="owner@example.vn").actor()


@dataclass(frozen=True)
class Act:
    """How one action is called, by whom, and what it leaves in the record."""

    who: Callable[[], Actor]
    given: Callable[[], dict[str, Any]]
    kind: str
    role: str
    after: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    takes_day: bool = True


def at_task(**values: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {
        "task": the_task(),
        **{name: value() if callable(value) else value for name, value in values.items()},
    }


def row(**values: Any) -> Callable[[], Any]:
    return lambda: make.row(**values)


OFFICE, OWNER, APPROVER = make.office, make.owner, make.approver


def asked_body() -> Actor:
    return make.actor("focal_point", make.organisation("mof").scope)


def set_to_mof() -> dict[str, Any]:
    task, body = shared(), make.organisation("mof")
    actions.set_part(task=task, organisation=body, part_due_on=date(2026, 6, 15), by=make.office(), on=ON)
    return {"task": task, "organisation": body}


def asked_for_part() -> Any:
    return actions.request_part_extension(
        **set_to_mof(), new_due_on=DUE - ONE, reason="chờ vốn", by=asked_body(), on=ON
    )


def two_rows() -> list[Any]:
    return [make.row(key="nq-1a"), make.row(key="nq-1b")]


def of_two_programmes() -> dict[str, Any]:
    task, other = the_task(), make.programme("other")
    return {"task": actions.move_task(task=task, programme=other, by=make.TEST, on=ON), "programme": other}


def yearly() -> dict[str, Any]:
    return {"task": the_task(deadline_text="hằng quý"), "first_day": date(2026, 1, 1), "last_day": date(2026, 6, 30)}


def post() -> Post:
    return Post.objects.get_or_create(organisation=make.organisation("most"), title={"vi": "Bộ trưởng"})[0]


def target() -> Target:
    row = actions.TargetRow("m-1", {"vi": "Mục tiêu"}, 2030, 1)
    return actions.add_targets(programme=make.programme(), rows=[row], by=make.TEST)[0]


def withdrawn_target() -> Target:
    return actions.withdraw_target(target=target(), reason="thay thế", by=make.TEST, on=ON)


def personal() -> PersonalProgramme:
    task = the_task()
    Task.objects.filter(pk=task.pk).update(accountable_post=post())
    task.refresh_from_db()
    return actions.add_personal_programme(
        programme=make.programme(), post=post(), from_on=ON, tasks=[task], by=make.TEST, on=ON
    )


def submitted_personal() -> PersonalProgramme:
    return actions.submit_personal_programme(personal=personal(), by=make.TEST, on=ON)


P = "dotpha.programmes.actions."
ACTS: dict[str, Act] = {
    "personal.add_personal_programme": Act(
        OFFICE,
        lambda: {"programme": make.programme(), "post": post(), "from_on": ON},
        "personal.added",
        "office",
        {"from_on": "2026-06-01", "tasks": []},
    ),
    "personal.choose_personal_tasks": Act(
        OFFICE,
        lambda: {"personal": personal(), "tasks": []},
        "personal.changed",
        "office",
        {"tasks": []},
        {"tasks": ["nq-1"]},
    ),
    "personal.submit_personal_programme": Act(
        OFFICE, lambda: {"personal": personal()}, "personal.submitted", "office", {"on": "2026-06-01"}
    ),
    "personal.return_personal_programme": Act(
        OFFICE,
        lambda: {"personal": submitted_personal(), "reason": "bổ sung"},
        "personal.returned",
        "office",
        {"on": "2026-06-01"},
    ),
    "personal.adopt_personal_programme": Act(
        OFFICE,
        lambda: {"personal": submitted_personal(), "document": "1/QĐ"},
        "personal.adopted",
        "office",
        {"document": "1/QĐ"},
    ),
    "blockers.raise_blocker": Act(
        OWNER,
        at_task(kind="law", text="vướng luật", asks_of=lambda: make.organisation("moj")),
        "blocker.raised",
        "owner",
        {"kind": "law", "asks_of": "moj", "respond_by": "2026-06-15"},
    ),
    "blockers.take_up_blocker": Act(asked_body, lambda: {"blocker": blocker()}, "blocker.taken_up", "focal_point"),
    "blockers.answer_blocker": Act(
        asked_body, lambda: {"blocker": blocker(), "answer": "đã cấp"}, "blocker.answered", "focal_point"
    ),
    "blockers.redirect_blocker": Act(
        asked_body,
        lambda: {"blocker": blocker(), "to": make.organisation("mpi"), "reason": "thuộc Bộ khác"},
        "blocker.redirected",
        "focal_point",
        {"asks_of": "mpi"},
        {"asks_of": "mof"},
    ),
    "blockers.escalate_blocker": Act(
        OFFICE, lambda: {"blocker": blocker(), "reason": "quá lâu"}, "blocker.escalated", "office", {"to": ""}
    ),
    "blockers.resolve_blocker": Act(
        OWNER, lambda: {"blocker": blocker(), "resolution": "đã cấp"}, "blocker.resolved", "owner", {"consent": True}
    ),
    "blockers.reopen_blocker": Act(
        OWNER,
        lambda: {"blocker": resolved(), "reason": "lại vướng"},
        "blocker.reopened",
        "owner",
        {},
        {"resolved_on": "2026-06-01", "decision": "", "resolution": "đã cấp"},
    ),
    "course.cancel_task": Act(
        OFFICE,
        at_task(reason="trùng", document="12/QĐ"),
        "task.cancelled",
        "office",
        {"cancelled_on": "2026-06-01", "document": "12/QĐ"},
    ),
    "course.reopen_task": Act(
        OFFICE,
        lambda: {"task": cancelled(), "reason": "nhầm"},
        "task.reopened",
        "office",
        {},
        {"completed_on": None, "cancelled_on": "2026-06-01"},
    ),
    "course.merge_tasks": Act(
        OFFICE,
        at_task(into=lambda: make.task(key="nq-2", on=ON), reason="trùng"),
        "task.merged",
        "office",
        {"into": "nq-2"},
    ),
    "splitting.split_task": Act(
        OFFICE, at_task(rows=two_rows, reason="quá rộng"), "task.split", "office", {"into": ["nq-1a", "nq-1b"]}
    ),
    "course.copy_task": Act(OFFICE, at_task(key="nq-9"), "task.copied", "office", {"from": "nq-1"}),
    "course.move_task": Act(
        OFFICE,
        at_task(programme=lambda: make.programme("other")),
        "task.moved",
        "office",
        {"programme": "other", "group": ""},
        {"group": ""},
    ),
    "course.leave_programme": Act(
        OFFICE, of_two_programmes, "task.left", "office", {}, {"programme": "other", "group": ""}
    ),
    "course.cancel_copy": Act(
        OFFICE,
        lambda: {"task": actions.copy_task(task=the_task(), key="nq-9", by=make.TEST, on=ON)},
        "task.cancelled",
        "office",
        {"cancelled_on": "2026-06-01"},
    ),
    "course.add_dependency": Act(
        OFFICE,
        at_task(needs=lambda: make.task(key="nq-2", on=ON)),
        "task.dependency_added",
        "office",
        {"needs": "nq-2", "kind": "finish"},
    ),
    "course.end_dependency": Act(OFFICE, waiting, "task.dependency_ended", "office", {}, {"needs": "nq-2"}),
    "course.break_down_task": Act(
        OFFICE, at_task(rows=lambda: [make.row(key="nq-1-1")]), "task.broken_down", "office", {"tasks": ["nq-1-1"]}
    ),
    "extensions.request_extension": Act(
        OWNER,
        at_task(new_due_on=DUE + ONE, reason="chờ vốn"),
        "extension.requested",
        "owner",
        {"new_due_on": "2026-07-01", "late_request": False},
    ),
    "extensions.grant_extension": Act(
        OFFICE,
        lambda: {"extension": asked()},
        "extension.granted",
        "office",
        {"due_on": "2026-07-30", "partly": False},
        {"due_on": "2026-06-30"},
    ),
    "extensions.refuse_extension": Act(
        OFFICE, lambda: {"extension": asked(), "answer": "không đủ lý do"}, "extension.refused", "office"
    ),
    "extensions.withdraw_extension": Act(OWNER, lambda: {"extension": asked()}, "extension.withdrawn", "owner"),
    "extensions.suspend_task": Act(
        OFFICE,
        at_task(document="57-NQ/TW", reason="chờ luật"),
        "task.suspended",
        "office",
        {"document": "57-NQ/TW"},
        {"due_on": "2026-06-30"},
    ),
    "extensions.resume_task": Act(
        OFFICE,
        lambda: {"task": suspended(), "new_due_on": DUE + ONE},
        "task.resumed",
        "office",
        {"due_on": "2026-07-01"},
    ),
    "extensions.settle_deadline": Act(
        OFFICE,
        lambda: {"task": the_task(deadline_text="kịp thời"), "kind": "date", "due_on": DUE, "reason": "x"},
        "task.deadline_settled",
        "office",
        {"deadline_kind": "date", "due_on": "2026-06-30"},
        {"deadline_kind": "unknown", "due_on": None},
    ),
    "extensions.unsettle_deadline": Act(
        OFFICE,
        lambda: {"task": settled(), "reason": "nhầm"},
        "task.deadline_unsettled",
        "office",
        {"deadline_kind": "unknown", "due_on": None},
        {"deadline_kind": "date", "due_on": "2026-06-30"},
    ),
    "extensions.event_took_place": Act(
        OFFICE,
        lambda: {
            "task": the_task(deadline_text="sau khi Luật được ban hành"),
            "happened_on": ON - ONE,
            "new_due_on": DUE,
        },
        "task.event_took_place",
        "office",
        {"happened_on": "2026-05-31", "due_on": "2026-06-30"},
    ),
    "parts.set_part": Act(
        OFFICE,
        at_task(organisation=lambda: make.organisation("mof"), duty="góp ý"),
        "task.cooperation_changed",
        "office",
        {"organisation": "mof", "part": "cooperating", "duty": "góp ý"},
    ),
    "parts.end_part": Act(
        OFFICE,
        lambda: {"task": shared(), "organisation": make.organisation("mof")},
        "task.cooperation_changed",
        "office",
        {},
        {"organisation": "mof", "part": "cooperating", "duty": "", "part_due_on": None, "part_due_text": ""},
    ),
    "parts.report_part": Act(
        asked_body,
        lambda: {"task": shared(), "organisation": make.organisation("mof"), "text": "đã góp ý", "percent": 60},
        "part.reported",
        "focal_point",
        {"organisation": "mof", "percent": 60},
    ),
    "parts.confirm_part": Act(
        OWNER,
        lambda: {"task": told_part(), "organisation": make.organisation("mof")},
        "part.confirmed",
        "owner",
        {"organisation": "mof", "by_side": "lead"},
    ),
    "parts.return_part": Act(
        OWNER,
        lambda: {"task": told_part(), "organisation": make.organisation("mof"), "reason": "thiếu số liệu"},
        "part.returned",
        "owner",
        {"organisation": "mof", "by_side": "lead"},
    ),
    "part_extensions.request_part_extension": Act(
        asked_body,
        lambda: {**set_to_mof(), "new_due_on": DUE - ONE, "reason": "chờ vốn"},
        "part.extension_requested",
        "focal_point",
        {"organisation": "mof", "part_due_on": "2026-06-29"},
    ),
    "part_extensions.grant_part_extension": Act(
        OFFICE,
        lambda: {"extension": asked_for_part()},
        "part.extension_granted",
        "office",
        {"organisation": "mof", "part_due_on": "2026-06-29", "partly": False},
        {"part_due_on": "2026-06-15"},
    ),
    "part_extensions.refuse_part_extension": Act(
        OFFICE,
        lambda: {"extension": asked_for_part(), "answer": "không đủ lý do"},
        "part.extension_refused",
        "office",
    ),
    "part_extensions.withdraw_part_extension": Act(
        asked_body, lambda: {"extension": asked_for_part()}, "part.extension_withdrawn", "focal_point"
    ),
    "programmes.add_programme": Act(
        OFFICE,
        lambda: {"key": "plan-1", "title": {"vi": "Kế hoạch"}, "document": make.document()},
        "programme.added",
        "office",
        {"document": "nq-57", "title": {"vi": "Kế hoạch"}},
        takes_day=False,
    ),
    "programmes.change_programme": Act(
        OFFICE,
        lambda: {"programme": make.programme(), "changes": {"report_every": "month"}},
        "programme.changed",
        "office",
        {"report_every": "month"},
        {"report_every": ""},
        takes_day=False,
    ),
    "programmes.publish_programme": Act(
        OFFICE, lambda: {"programme": make.programme(published=False)}, "programme.published", "office", takes_day=False
    ),
    "programmes.add_group": Act(
        OFFICE,
        lambda: {"programme": make.programme(), "key": "g1", "title": {"vi": "Nhóm"}, "order": 1},
        "group.added",
        "office",
        {"group": "g1"},
        takes_day=False,
    ),
    "programmes.add_groups": Act(
        OFFICE,
        lambda: {"programme": make.programme(), "rows": [actions.GroupRow("g1", {"vi": "Nhóm"}, 1)]},
        "group.added",
        "office",
        {"group": "g1"},
        takes_day=False,
    ),
    "targets.add_targets": Act(
        OFFICE,
        lambda: {"programme": make.programme(), "rows": [actions.TargetRow("m-1", {"vi": "Mục tiêu"}, 2030, 1)]},
        "target.added",
        "office",
        {"year": 2030},
        takes_day=False,
    ),
    "targets.change_target": Act(
        OFFICE,
        lambda: {"target": target(), "changes": {"year": 2035}, "reason": "in sai"},
        "target.changed",
        "office",
        {"year": 2035},
        {"year": 2030},
        takes_day=False,
    ),
    "targets.withdraw_target": Act(
        OFFICE,
        lambda: {"target": target(), "reason": "thay thế"},
        "target.withdrawn",
        "office",
        {"withdrawn_on": "2026-06-01"},
    ),
    "targets.restore_target": Act(
        OFFICE,
        lambda: {"target": withdrawn_target(), "reason": "nhầm"},
        "target.restored",
        "office",
        {},
        {"withdrawn_on": "2026-06-01"},
        takes_day=False,
    ),
    "reports.draft_report": Act(
        OWNER, at_task(row=actions.ReportRow("Đã trình", 40)), "report.drafted", "owner", {"percent": 40}
    ),
    "reports.change_report": Act(
        OWNER,
        lambda: {"report": draft(), "row": actions.ReportRow("Đã sửa", 50)},
        "report.changed",
        "owner",
        {"percent": 50},
    ),
    "reports.submit_report": Act(OWNER, lambda: {"report": draft()}, "report.submitted", "owner", {"percent": 40}),
    "reports.approve_report": Act(
        APPROVER, lambda: {"report": submitted()}, "report.approved", "approver", {"percent": 40, "completed_on": None}
    ),
    "reports.return_report": Act(
        APPROVER, lambda: {"report": submitted(), "reason": "thiếu số liệu"}, "report.returned", "approver"
    ),
    "reports.correct_report": Act(
        OWNER,
        lambda: {"report": approved(), "row": actions.ReportRow("Sửa", 45), "reason": "đếm lại"},
        "report.corrected",
        "owner",
    ),
    "reports.verify_report": Act(OFFICE, lambda: {"report": approved()}, "report.verified", "office"),
    "spreading.spread_task": Act(
        OFFICE,
        at_task(members=lambda: [make.organisation("moh"), make.organisation("moet")]),
        "task.spread",
        "office",
        {"parts": 2},
    ),
    "spreading.make_occurrences": Act(
        OFFICE, yearly, "task.occurrence_added", "office", {"periods": ["2026-Q1", "2026-Q2"]}
    ),
    "tasks.add_tasks": Act(
        OFFICE,
        lambda: {"programme": make.programme(), "rows": [make.organisation("most") and make.row(key="nq-1")]},
        "task.added",
        "office",
        {"lead": "most", "programme": "resolution57"},
    ),
    "tasks.add_task": Act(
        OFFICE,
        lambda: {"programme": make.programme(), "row": make.organisation("most") and make.row(key="nq-1")},
        "task.added",
        "office",
        {"deadline": "30/6/2026", "due_on": "2026-06-30"},
    ),
    "tasks.change_task": Act(
        OFFICE,
        at_task(row=row(key="nq-1", title="Việc mới", given=frozenset({"title"})), reason="x", document="12/NQ-CP"),
        "task.changed",
        "office",
        {"title": "Việc mới"},
        {"title": "Xây dựng cơ sở dữ liệu quốc gia"},
    ),
    "tasks.change_tasks": Act(
        OFFICE,
        lambda: {
            "programme": make.programme(),
            "versions": {the_task().key: 1},
            "rows": [make.row(key="nq-1", title="Việc mới", given=frozenset({"title"}))],
            "reason": "x",
            "document": "tệp.csv",
        },
        "task.changed",
        "office",
        {"title": "Việc mới"},
        {"title": "Xây dựng cơ sở dữ liệu quốc gia"},
    ),
    "tasks.assign_task": Act(
        OFFICE,
        at_task(lead=lambda: make.organisation("mof"), reason="x", document="12/NQ-CP"),
        "task.assigned",
        "office",
        {"lead": "mof", "from_on": "2026-06-01"},
        {"lead": "most"},
    ),
    "tasks.accept_task": Act(OWNER, at_task(), "task.accepted", "owner"),
    "tasks.dispute_task": Act(
        OWNER,
        at_task(reason="không thuộc", proposed_lead=lambda: make.organisation("mof")),
        "task.disputed",
        "owner",
        {"proposed_lead": "mof"},
    ),
    "tasks.decide_dispute": Act(
        OFFICE,
        lambda: {"task": disputed(), "upheld": False, "reason": "đúng thẩm quyền"},
        "task.dispute_decided",
        "office",
        {"upheld": False},
    ),
    "keeping.keep_report": Act(
        OWNER,
        at_task(uploads={}, told=lambda: lambda files: actions.ReportRow("Đã trình", 40)),
        "report.drafted",
        "owner",
        {"percent": 40},
    ),
    "keeping.give_file": Act(
        OWNER, at_task(upload=lambda: Upload(b"%PDF-1.7", "a.pdf", "application/pdf")), "file.added", "owner"
    ),
    "keeping.discard_report": Act(
        OWNER, lambda: {"report": draft()}, "report.discarded", "owner", {}, {"percent": 40, "summary": "Đã trình"}
    ),
    "bulk.bulk_change": Act(
        OFFICE,
        lambda: {"tasks": [the_task()], "change": actions.BulkChange("tags", tags=("gấp",))},
        "task.changed",
        "office",
        {"tags": ["gấp"]},
        {"tags": []},
    ),
    "ladder.acknowledge_step": Act(OFFICE, lambda: {"task": overdue()}, "ladder.acknowledged", "office"),
    "ladder.contest_step": Act(
        OWNER, lambda: {"task": overdue(), "reason": "đã nộp"}, "ladder.contested", "owner", {"step": "meeting"}
    ),
    "ladder.decide_contest": Act(
        OFFICE,
        lambda: {"contest": contested(), "upheld": False, "reason": "hạn vẫn đúng"},
        "ladder.decided",
        "office",
        {"step": "meeting", "upheld": False},
    ),
    "ladder.give_notices": Act(
        lambda: make.actor("admin"),
        lambda: {"user": (overdue(), make.person("office"))[1]},
        "notice.given",
        "admin",
        {"tasks": ["nq-1"]},
    ),
    "ladder.see_notices": Act(
        reader_told, lambda: {"numbers": (told_person(), None)[1]}, "notice.seen", "", {"notices": 1}, takes_day=False
    ),
    "ladder.mail_notices": Act(
        lambda: make.actor("admin"), lambda: {"user": told_person()}, "notice.mailed", "admin", {"notices": 1}
    ),
    "undoing.undo_card_change": Act(OFFICE, retagged, "task.changed", "office", {"tags": []}, {"tags": ["gấp"]}),
    "undoing.undo_bulk_change": Act(OFFICE, bulk_tagged, "task.changed", "office", {"tags": []}, {"tags": ["gấp"]}),
}
EACH_ON_ITS_OWN = {"bulk.bulk_change", "undoing.undo_bulk_change"}
"""They refuse task by task in their outcomes."""


def call(name: str, by: Actor, given: dict[str, Any]) -> Any:
    day = {"on": ON} if ACTS[name].takes_day else {}
    return registered[P + name](**given, by=by, **day)


def test_every_action_stands_in_the_table() -> None:
    ours = {name.removeprefix(P) for name in registered if name.startswith("dotpha.programmes.")}
    assert ours == set(ACTS)


def rows_of_everything() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_app_config("programmes").get_models()}


@pytest.mark.parametrize("name", sorted(ACTS))
def test_a_stranger_changes_nothing(name: str) -> None:
    given, stranger = ACTS[name].given(), make.stranger()
    before = rows_of_everything(), AuditEvent.objects.count()
    if name in EACH_ON_ITS_OWN:
        outcomes = call(name, stranger, given)
        assert [(each.is_changed, each.refusal.status) for each in outcomes] == [(False, 403)]
    else:
        with pytest.raises(Refused) as refused:
            call(name, stranger, given)
        assert (refused.value.code, refused.value.status) == ("forbidden", 403)
    assert (rows_of_everything(), AuditEvent.objects.count()) == before


@pytest.mark.parametrize("name", sorted(ACTS))
def test_whoever_has_the_right_is_kept_in_the_record(name: str) -> None:
    act = ACTS[name]
    given, by = act.given(), act.who()
    begin = AuditEvent.objects.count()
    call(name, by, given)
    events = [each for each in AuditEvent.objects.all()[begin:] if each.kind == act.kind]
    first = next((each for each in events if act.after.items() <= each.after.items()), None)
    assert first is not None, [(each.kind, each.after) for each in AuditEvent.objects.all()[begin:]]
    assert (first.actor, first.actor_name, first.role) == (by.key, by.name, act.role)
    assert first.before == act.before


@pytest.mark.parametrize("name", sorted(set(ACTS) - EACH_ON_ITS_OWN))
def test_nobody_at_all_is_asked_to_sign_in(name: str) -> None:
    given = ACTS[name].given()
    with pytest.raises(Refused) as refused:
        call(name, Actor(key="", name=""), given)
    assert (refused.value.code, refused.value.status) == ("sign_in", 401)
