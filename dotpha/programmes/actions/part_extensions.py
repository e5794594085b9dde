"""A later day of an agency's own part: asked for by it, decided by those who set the part, kept in a ledger (C6)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.directory.models import Organisation
from dotpha.platform import advice, audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.classification import require_open_texts
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions.extensions import require_reason_of
from dotpha.programmes.actions.parts import own_scopes, part_of, row_from, take_on
from dotpha.programmes.actions.steps import bump, locked_open, require_reason
from dotpha.programmes.models import Assignment, PartExtension, Task
from dotpha.programmes.queries import parts
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.rules import extensions as rules
from dotpha.programmes.rules import parts as part_rules


@action
def request_part_extension(
    *,
    task: Task,
    organisation: Organisation,
    new_due_on: date,
    reason: str,
    reason_kind: str = "other",
    by: Actor,
    on: date,
) -> PartExtension:
    """Ask for a later day of one's own part. The old one holds until the request is granted; asking takes the part on.

    The day asked for may lie after the task's own: whoever grants it says so.
    """
    by = rights.require(by, "extension.request", own_scopes(task, organisation))
    task = locked_open(task, rules.require_due_date_moves)
    row, told = part_of(task, organisation)
    reason = require_reason_of(reason_kind, reason)
    due_on = part_rules.require_movable(parts.dates_of(row, told), on)
    rules.require_later(new_due_on, due_on, on)
    if parts.open_extensions().filter(task=task, organisation=organisation).exists():
        raise Refused(
            "extension_open", _("A later day for this part already waits for an answer."), do=advice.WAIT, status=409
        )
    extension = PartExtension.objects.create(
        task=task,
        organisation=organisation,
        was_due_on=due_on,
        new_due_on=new_due_on,
        asked_due_on=new_due_on,
        reason=reason,
        reason_kind=reason_kind,
        requested_on=on,
        requested_by_id=by.user_id,
    )
    take_on(row, by, on)
    audit.record("part.extension_requested", task, by, after=_said(extension), reason=reason)
    return extension


def _said(extension: PartExtension) -> dict[str, object]:
    return {
        "organisation": extension.organisation.key, "extension": extension.pk, "part_due_on": extension.new_due_on,
    }  # fmt: skip


def decider_scopes(task: Task) -> list[str]:
    """The scopes of those who set the parts of a task, and so decide on their days."""
    return queries.lead_scopes(task) + queries.assigner_scopes(task)


def _take_open(extension: PartExtension, by: Actor) -> tuple[PartExtension, Actor]:
    """Ask the right, lock the task and then the request, and refuse what was decided meanwhile."""
    rules.require_other_decider(extension.requested_by_id, by.user_id)
    by = rights.require(by, "task.change", decider_scopes(extension.task))
    extension = _locked(extension)
    rules.require_undecided(not extension.is_open)
    return extension, by


def _locked(extension: PartExtension) -> PartExtension:
    queries.locked(extension.task)
    rows = PartExtension.objects.select_for_update(of=("self",)).select_related("task", "organisation__place")
    return rows.get(pk=extension.pk)


@action
def grant_part_extension(
    *,
    extension: PartExtension,
    answer: str = "",
    new_due_on: date | None = None,
    may_end_later: bool = False,
    by: Actor,
    on: date,
) -> PartExtension:
    """Move the day of a part from today on; with another day than the one asked for, it is partly granted.

    The words of the part and who took them on stay; what is read for an earlier day keeps the day then in force.
    """
    extension, by = _take_open(extension, by)
    require_open_texts(answer=answer)
    task = locked_open(extension.task, rules.require_due_date_moves)
    row, told = part_of(task, extension.organisation)
    before = part_rules.require_movable(parts.dates_of(row, told), on)
    due_on = new_due_on or extension.new_due_on
    rules.require_grantable(due_on, on)
    task_due_on = queries.task_dates(task).due_on(on)
    part_rules.require_due(due_on, task.assigned_on, task_due_on, may_end_later=may_end_later, field="new_due_on")
    extension.was_due_on, extension.new_due_on, extension.granted_on = before, due_on, on
    extension.decided_by_id, extension.answer = by.user_id, answer.strip()
    extension.save()
    _move(row, due_on, on)
    bump(task)
    after = {**_said(extension), "partly": due_on != extension.asked_due_on}
    audit.record("part.extension_granted", task, by, before={"part_due_on": before}, after=after, reason=answer)
    return extension


def _move(row: Assignment, due_on: date | None, on: date) -> None:
    """Let the part have another day from a day on: a row that began earlier ends, and goes on as a new one."""
    if row_from(row, on) is None:
        row.pk, row.from_on, row.until_on = None, on, None
        row._state.adding = True
    row.part_due_on = due_on
    row.save()


@action
def refuse_part_extension(*, extension: PartExtension, answer: str, by: Actor, on: date) -> PartExtension:
    """Leave the day of the part where it is, and say why."""
    extension, by = _take_open(extension, by)
    extension.answer = require_reason(answer, "answer")
    extension.refused_on, extension.decided_by_id = on, by.user_id
    extension.save(update_fields=["refused_on", "decided_by", "answer"])
    audit.record("part.extension_refused", extension.task, by, after=_said(extension), reason=answer)
    return extension


@action
def withdraw_part_extension(*, extension: PartExtension, by: Actor, on: date) -> PartExtension:
    """Take a request back before it is decided."""
    by = rights.require(by, "extension.request", own_scopes(extension.task, extension.organisation))
    extension = _locked(extension)
    rules.require_undecided(not extension.is_open)
    extension.withdrawn_on = on
    extension.save(update_fields=["withdrawn_on"])
    audit.record("part.extension_withdrawn", extension.task, by, after=_said(extension))
    return extension
