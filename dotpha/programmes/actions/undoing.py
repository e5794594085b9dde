"""Taking a change of many tasks back: one step, each task by an act of its own that stays in its history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions.bulk import BulkChange, Outcome
from dotpha.programmes.actions.course import cancel_copy, leave_programme, move_task, reopen_task
from dotpha.programmes.actions.steps import changed_since
from dotpha.programmes.actions.tasks import assign_task, change_task, organisation_of
from dotpha.programmes.models import Membership, Task, TaskGroup
from dotpha.programmes.rows import TaskRow

UNDOABLE = ("lead", "tags", "group", "move", "copy", "cancel")
"""The verbs of `bulk_change` that another act takes back."""


NOT_HELD, NO_GROUP = -1, 0
"""Beside the number of a task group: the programme did not hold the task, or held it in no group."""


def before(tasks: Sequence[Task], change: BulkChange) -> dict[str, Any]:
    """What each task was, by key, as plain values: asked before the change, kept for the undo."""
    if change.verb == "lead":
        held = Task.objects.filter(
            pk__in=[each.pk for each in tasks], assignments__part="lead", assignments__until_on=None
        )
        return dict(held.values_list("key", "assignments__organisation__key"))
    if change.verb == "group" and change.group:
        rows = Membership.objects.filter(task__in=tasks, programme=change.group.programme)
        return dict(rows.values_list("task__key", "group_id"))
    if change.verb == "move":
        rows = Membership.objects.filter(task__in=tasks, programme=change.programme)
        groups = {key: group or NO_GROUP for key, group in rows.values_list("task__key", "group_id")}
        return {each.key: groups.get(each.key, NOT_HELD) for each in tasks}
    return {each.key: list(each.tags) for each in tasks}


def changed(outcomes: Sequence[Outcome], was: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be taken back: of each task that was changed what it was, of each copy that it was not there."""
    made = {each.made.key: None for each in outcomes if each.made}
    return made or {each.task.key: was[each.task.key] for each in outcomes if each.is_changed and each.task.key in was}


@action
def undo_bulk_change(*, change: BulkChange, was: Mapping[str, Any], by: Actor, on: date) -> list[Outcome]:
    """Give each task back what it was before a change of many; one that has moved on since is refused alone.

    `was` comes from `before` and `changed`: only the tasks that were changed, or the copies that were made.
    """
    apply = _APPLY.get(change.verb)
    if apply is None:
        raise Refused("cannot_undo", gettext_lazy("This change cannot be taken back."), status=409)
    outcomes = []
    for task in Task.objects.filter(key__in=was).order_by("key"):
        try:
            with transaction.atomic():
                apply(task, change, was[task.key], by, on)
            outcomes.append(Outcome(task))
        except Refused as refusal:
            outcomes.append(Outcome(task, refusal))
    return outcomes


def _assign_back(task: Task, change: BulkChange, was: Any, by: Actor, on: date) -> None:
    lead = organisation_of(str(was))
    assign_task(task=task, lead=lead, reason=_("Undone"), document=change.document, by=by, on=on)


def _tag_back(task: Task, change: BulkChange, was: Any, by: Actor, on: date) -> None:
    row = TaskRow(task.key, task.title, "", task.deadline_text, tags=tuple(was), given=frozenset({"tags"}))
    change_task(task=task, row=row, reason=_("Undone"), by=by, on=on)


def _group_back(task: Task, change: BulkChange, was: Any, by: Actor, on: date) -> None:
    if change.group is None:
        raise Refused("unknown_group", gettext_lazy("Choose the task group."), field="group")
    group = TaskGroup.objects.filter(pk=was or 0).first()
    move_task(task=task, programme=change.group.programme, group=group, by=by, on=on)


def _move_back(task: Task, change: BulkChange, was: Any, by: Actor, on: date) -> None:
    if change.programme is None:
        raise Refused("unknown_programme", gettext_lazy("Choose the programme."), field="programme")
    held = Membership.objects.filter(task=task, programme=change.programme).first()
    if held is None or held.group_id is not None:  # a change of many puts a task into no group
        raise changed_since()
    if was == NOT_HELD:
        leave_programme(task=task, programme=change.programme, by=by, on=on)
        return
    group = TaskGroup.objects.filter(pk=was).first()
    move_task(task=task, programme=change.programme, group=group, by=by, on=on)


def _cancel_copy(task: Task, change: BulkChange, was: Any, by: Actor, on: date) -> None:
    cancel_copy(task=task, by=by, on=on)


def _reopen(task: Task, change: BulkChange, was: Any, by: Actor, on: date) -> None:
    reopen_task(task=task, reason=_("Undone"), by=by, on=on)


_APPLY: dict[str, Callable[[Task, BulkChange, Any, Actor, date], None]] = {
    "lead": _assign_back,
    "tags": _tag_back,
    "group": _group_back,
    "move": _move_back,
    "copy": _cancel_copy,
    "cancel": _reopen,
}
