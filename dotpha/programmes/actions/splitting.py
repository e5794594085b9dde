"""Splitting a task that is too wide: several stand in its place, and all keep the link (C16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.platform import advice, audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions import recorded
from dotpha.programmes.actions.steps import bump, locked_open, record_step, require_reason
from dotpha.programmes.actions.tasks import add_tasks
from dotpha.programmes.models import Membership, Task
from dotpha.programmes.queries import grounds
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.rules.changes import need_grounds, require_grounds
from dotpha.programmes.task_row import TaskRow


@action
def split_task(
    *, task: Task, rows: Sequence[TaskRow], reason: str, document: str = "", by: Actor, on: date
) -> list[Task]:
    """Put several tasks in the place of one: in its programmes and group, under its clause, its place and the task
    above it; all keep the link. Tasks under it go on under the one above.

    Another lead of a published task needs the document that permits it, as an assignment does (C16).
    """
    by = rights.require(by, "task.cancel", queries.assigner_scopes(task))
    task = locked_open(task)
    if len(rows) < 2:
        raise Refused("too_few", _("Name at least two tasks to split this one into."), field="rows")
    reason = require_reason(reason)
    membership = task.memberships.select_related("programme__document", "group").first()
    if membership is None:
        raise Refused("not_found", _("This task belongs to no programme."), do=advice.INTO_PROGRAMME, status=404)
    held = recorded.row_of(task, membership.programme_id)
    if any(row.lead != held.lead for row in rows) and need_grounds(["lead"], grounds.is_published(task)):
        require_grounds(reason, document)
    parent = task.parent.key if task.parent else ""
    placed = [
        replace(
            row, group=row.group or held.group, parent=parent, assigned_on=on,
            provision=row.provision or held.provision, place=row.place or held.place,
        )
        for row in rows
    ]  # fmt: skip
    made = add_tasks(programme=membership.programme, rows=placed, by=by, on=on)
    _hold_alike(made, task, membership)
    task.cancelled_on, task.cancel_reason = on, reason
    bump(task, "cancelled_on", "cancel_reason")
    _raise_children(task, by)
    for each in made:
        record_step(task, "split", by, on, reason=reason, document=document, other=each)
        record_step(each, "split", by, on, reason=reason, document=document, other=task)
    after = {"into": [each.key for each in made], "document": document}
    audit.record("task.split", task, by, after=after, reason=reason)
    return made


def _hold_alike(made: Sequence[Task], task: Task, first: Membership) -> None:
    """Put new tasks into the other programmes that hold a task (C1)."""
    others = task.memberships.exclude(pk=first.pk)
    Membership.objects.bulk_create(
        Membership(
            task=each, programme_id=held.programme_id, group_id=held.group_id, provision_id=held.provision_id,
            is_part=held.is_part,
        )
        for each in made
        for held in others
    )  # fmt: skip


def _raise_children(task: Task, by: Actor) -> None:
    """Give the tasks under one that goes the task above it. Parts of a collective task stay what they are."""
    for child in task.children.filter(cancelled_on=None, is_part=False).select_for_update(of=("self",)).order_by("key"):
        child.parent = task.parent
        bump(child, "parent")
        above = task.parent.key if task.parent else ""
        audit.record("task.changed", child, by, before={"parent": task.key}, after={"parent": above})
