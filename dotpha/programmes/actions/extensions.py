"""Extensions, suspensions, resumptions, settled deadlines: every line of the deadline ledger (C12, C16)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.platform import advice, audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.classification import require_open_texts
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions.ledger import chain
from dotpha.programmes.actions.row_deadlines import UNDATED, require_reading
from dotpha.programmes.actions.steps import (
    accept_silently,
    bump,
    changed_since,
    locked_open,
    record_step,
    require_reason,
)
from dotpha.programmes.models import Extension, Task
from dotpha.programmes.models.tasks import DeadlineKind
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.rules import extensions as rules


@action
def request_extension(
    *, task: Task, new_due_on: date, reason: str, reason_kind: str = "other", document: str = "", by: Actor, on: date
) -> Extension:
    """Ask for a later due date. The old one holds until the request is granted."""
    by = rights.require(by, "extension.request", queries.lead_scopes(task))
    task = queries.locked(task)
    reason = require_reason_of(reason_kind, reason)
    rules.require_extendable(queries.task_dates(task), new_due_on, on)
    if task.extensions.filter(granted_on=None, refused_on=None, withdrawn_on=None).exists():
        raise Refused(
            "extension_open", _("An extension of this task already waits for an answer."), do=advice.WAIT, status=409
        )
    extension = Extension.objects.create(
        task=task,
        new_due_on=new_due_on,
        asked_due_on=new_due_on,
        reason=reason,
        reason_kind=reason_kind,
        document=document,
        requested_on=on,
        requested_by_id=by.user_id,
    )
    accept_silently(task, by, on)
    late = rules.is_late_request(queries.task_dates(task), on)
    asked = {"extension": extension.pk, "new_due_on": new_due_on, "late_request": late}
    audit.record("extension.requested", task, by, after=asked, reason=reason)
    return extension


def require_reason_of(kind: str, reason: str) -> str:
    """The reason of a request; refused without one, or with a kind that is none."""
    reason = require_reason(reason)
    if kind not in Extension.ReasonKind.values:
        raise Refused("reason_kind", _("Choose the kind of reason."), field="reason_kind")
    return reason


def _take_open(extension: Extension, by: Actor) -> tuple[Extension, Actor]:
    """Ask the right, lock the task and then the request, and refuse what was decided meanwhile."""
    rules.require_other_decider(extension.requested_by_id, by.user_id)
    by = rights.require(by, "extension.decide", queries.assigner_scopes(extension.task))
    extension = _locked(extension)
    rules.require_undecided(not extension.is_open)
    return extension, by


def _locked(extension: Extension) -> Extension:
    queries.locked(extension.task)
    return Extension.objects.select_for_update(of=("self",)).select_related("task").get(pk=extension.pk)


@action
def grant_extension(
    *, extension: Extension, answer: str = "", new_due_on: date | None = None, by: Actor, on: date
) -> Extension:
    """Move the due date from today on; with another day than the one asked for, the request is partly granted.

    What was read for an earlier day, and a completion of an earlier day, is judged by the date in force then.
    """
    extension, by = _take_open(extension, by)
    task = extension.task
    due_on = new_due_on or extension.new_due_on
    dates = queries.task_dates(task)
    rules.require_decidable(
        dates, extension.requested_by_id, by.user_id, is_decided=not extension.is_open, new_due_on=due_on, on=on
    )
    before = dates.due_on(on)
    extension.granted_on, extension.new_due_on = on, due_on
    require_open_texts(answer=answer)
    extension.decided_by_id, extension.answer = by.user_id, answer.strip()
    # In force on no day until the whole ledger is chained again.
    extension.superseded_on = on
    extension.save()
    chain(task, [extension])
    bump(task)
    partly = due_on != extension.asked_due_on
    granted = {"extension": extension.pk, "due_on": due_on, "partly": partly}
    audit.record("extension.granted", task, by, before={"due_on": before}, after=granted, reason=answer)
    extension.refresh_from_db()
    return extension


@action
def refuse_extension(*, extension: Extension, answer: str, by: Actor, on: date) -> Extension:
    """Leave the due date where it is, and say why."""
    extension, by = _take_open(extension, by)
    extension.answer = require_reason(answer)
    extension.refused_on, extension.decided_by_id = on, by.user_id
    extension.save(update_fields=["refused_on", "decided_by", "answer"])
    audit.record("extension.refused", extension.task, by, after={"extension": extension.pk}, reason=answer)
    return extension


@action
def withdraw_extension(*, extension: Extension, reason: str = "", by: Actor, on: date) -> Extension:
    """Take a request back before it is decided."""
    by = rights.require(by, "extension.request", queries.lead_scopes(extension.task))
    extension = _locked(extension)
    rules.require_undecided(not extension.is_open)
    extension.withdrawn_on = on
    extension.save(update_fields=["withdrawn_on"])
    audit.record("extension.withdrawn", extension.task, by, after={"extension": extension.pk}, reason=reason)
    return extension


def _add_line(task: Task, kind: str, by: Actor, on: date, **facts: Any) -> Extension:
    """A granted line of the ledger from today on, and the ledger chained again."""
    line = Extension.objects.create(
        task=task, kind=kind, requested_on=on, granted_on=on, superseded_on=on, decided_by_id=by.user_id, **facts
    )
    chain(task, [line])
    return line


@action
def suspend_task(*, task: Task, document: str, reason: str, by: Actor, on: date) -> Task:
    """Empty the due date from today on, by a document that permits it, until the task is resumed."""
    by = rights.require(by, "task.assign", queries.assigner_scopes(task))
    task = locked_open(task, rules.require_due_date_moves)
    dates = queries.task_dates(task)
    rules.require_suspendable(dates, on, document)
    _add_line(task, "suspension", by, on, reason=require_reason(reason), document=document.strip())
    bump(task)
    before = {"due_on": dates.due_on(on)}
    audit.record("task.suspended", task, by, before=before, after={"document": document}, reason=reason)
    return task


@action
def resume_task(*, task: Task, new_due_on: date, reason: str = "", document: str = "", by: Actor, on: date) -> Task:
    """End a suspension with a new due date."""
    by = rights.require(by, "task.assign", queries.assigner_scopes(task))
    task = locked_open(task, rules.require_due_date_moves)
    if not queries.task_dates(task).is_suspended(on):
        raise Refused("not_suspended", _("This task is not suspended."), do=advice.LOOK, status=409)
    rules.require_grantable(new_due_on, on)
    _add_line(task, "resumption", by, on, new_due_on=new_due_on, reason=reason, document=document)
    bump(task)
    audit.record("task.resumed", task, by, after={"due_on": new_due_on, "document": document}, reason=reason)
    return task


@action
def settle_deadline(
    *,
    task: Task,
    kind: str = "",
    due_on: date | None = None,
    start_on: date | None = None,
    reason: str = "",
    by: Actor,
    on: date,
) -> Task:
    """A person reads a deadline that the program could not read, or gives an undated one its first date.

    Reading "unknown" words sets the kind and the original due date, as if they had been read when the task
    was assigned. A continuous, recurring or conditional deadline gets its date through the ledger; while nobody
    has built on that date, it can be settled again by a further line.
    """
    by = rights.require(by, "task.assign", queries.assigner_scopes(task))
    task = locked_open(task, rules.require_due_date_moves)
    reason = require_reason(reason)
    before = {"deadline_kind": task.deadline_kind, "due_on": queries.task_dates(task).due_on(on)}
    if task.deadline_kind == DeadlineKind.UNKNOWN:
        _read_as(task, kind, start_on, due_on)
    elif task.deadline_kind in UNDATED:
        if due_on is None:
            raise Refused("due_missing", _("Give the due date."), field="due_on")
        if before["due_on"] and last_settling(task) is None:
            raise already_settled()
        rules.require_grantable(due_on, on, "due_on")
        _add_line(task, "settled", by, on, new_due_on=due_on, reason=reason)
    else:
        raise already_settled()
    bump(task, "deadline_kind", "deadline_start_on", "original_due_on")
    after = {"deadline_kind": task.deadline_kind, "due_on": due_on}
    audit.record("task.deadline_settled", task, by, before=before, after=after, reason=reason)
    return task


def already_settled() -> Refused:
    """The refusal to settle what has its date."""
    return Refused("deadline_settled", _("This deadline has a date already. Grant an extension instead."), status=409)


def last_settling(task: Task) -> AuditEvent | None:
    """The settling of a deadline, while nothing has happened to the task since."""
    last = audit.history(task.subject).order_by("-pk").first()
    return last if last is not None and last.kind == "task.deadline_settled" else None


@action
def unsettle_deadline(*, task: Task, reason: str, by: Actor, on: date) -> Task:
    """Take the reading of a deadline back while nothing has happened to the task since: it waits to be settled again.

    A line of the ledger is not taken back: another one is settled over it (`settle_deadline`).
    """
    by = rights.require(by, "task.assign", queries.assigner_scopes(task))
    task = locked_open(task, rules.require_due_date_moves)
    reason = require_reason(reason)
    told = last_settling(task)
    if told is None:
        raise changed_since()
    if told.before.get("deadline_kind") != DeadlineKind.UNKNOWN:
        raise Refused(
            "settled_in_ledger",
            _("This date stands in the ledger of the due date. Settle the deadline again instead."),
            status=409,
        )
    before = {"deadline_kind": task.deadline_kind, "due_on": task.original_due_on}
    task.deadline_kind, task.deadline_start_on, task.original_due_on = DeadlineKind.UNKNOWN, None, None
    bump(task, "deadline_kind", "deadline_start_on", "original_due_on")
    after = {"deadline_kind": task.deadline_kind, "due_on": None}
    audit.record("task.deadline_unsettled", task, by, before=before, after=after, reason=reason)
    return task


def _read_as(task: Task, kind: str, start_on: date | None, due_on: date | None) -> None:
    require_reading("" if kind == DeadlineKind.UNKNOWN else kind, start_on, due_on)
    if due_on and due_on < task.assigned_on:
        raise Refused(
            "due_before_assignment",
            _("The due date cannot be before %(day)s, the day on which the task was assigned."),
            do=advice.THAT_OR_LATER,
            field="due_on",
            day=task.assigned_on,
        )
    task.deadline_kind, task.deadline_start_on, task.original_due_on = kind, start_on, due_on


@action
def event_took_place(
    *,
    task: Task,
    happened_on: date,
    new_due_on: date | None = None,
    reason: str = "",
    document: str = "",
    by: Actor,
    on: date,
) -> Task:
    """Record that the event of a conditional deadline took place, and the due date that follows from it."""
    by = rights.require(by, "task.assign", queries.assigner_scopes(task))
    task = locked_open(task, rules.require_due_date_moves)
    if task.deadline_kind != DeadlineKind.CONDITIONAL:
        raise Refused("not_conditional", _("The deadline of this task waits for no event."), do=advice.LOOK, status=409)
    if happened_on > on:
        raise Refused("day_not_come", _("That day has not come yet."), do=advice.TODAY_OR_EARLIER, field="happened_on")
    record_step(task, "event", by, happened_on, reason=reason, document=document)
    if new_due_on is not None:
        rules.require_grantable(new_due_on, on)
        _add_line(task, "settled", by, on, new_due_on=new_due_on, reason=reason, document=document)
    bump(task)
    after = {"happened_on": happened_on, "due_on": new_due_on, "document": document}
    audit.record("task.event_took_place", task, by, after=after, reason=reason)
    return task
