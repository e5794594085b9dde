"""One change of many tasks: each on its own, those refused listed with the reason (expectation 10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions.course import cancel_task, copy_task, move_task
from dotpha.programmes.actions.tasks import assign_task, change_task, organisation_of
from dotpha.programmes.models import Membership, Programme, Task, TaskGroup
from dotpha.programmes.queries import register
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.task_row import TaskRow


@dataclass(frozen=True)
class BulkChange:
    """What is to be done with each task. `verb`: lead, tags, group, move, cancel or copy."""

    verb: str
    lead: str = ""
    tags: tuple[str, ...] = ()
    programme: Programme | None = None
    group: TaskGroup | None = None
    reason: str = ""
    document: str = ""

    @property
    def into(self) -> Programme | None:
        """The programme into which the tasks are put, where they are put into one."""
        return self.group.programme if self.verb == "group" and self.group else self.programme


@dataclass(frozen=True)
class Outcome:
    """What came of one task: changed, or refused and why. `made` is the copy, where one was made.

    `was` is what the change can be taken back to, `version` that of the task after it.
    """

    task: Task
    refusal: Refused | None = None
    made: Task | None = None
    was: Any = None
    version: int = 0

    @property
    def is_changed(self) -> bool:
        return self.refusal is None


@action
def bulk_change(
    *, tasks: Sequence[Task], change: BulkChange, preview: bool = False, by: Actor, on: date
) -> list[Outcome]:
    """Change many tasks in one transaction; one that is refused does not hold up the others.

    With `preview` nothing is kept: the outcomes are those that the change would have now.
    """
    apply = _APPLY.get(change.verb)
    if apply is None:
        raise Refused("verb_unknown", _("Choose what is to be done."), field="verb")
    outcomes = []
    with transaction.atomic():
        for task in sorted(tasks, key=lambda each: each.key):
            try:
                with transaction.atomic():
                    locked = queries.locked(task)
                    was = _was(locked, change)
                    made = apply(locked, change, by, on)
                    version = Task.objects.values_list("version", flat=True).get(pk=task.pk)
                outcomes.append(Outcome(task, None, made, was, version))
            except Refused as refusal:
                outcomes.append(Outcome(task, refusal))
        if preview:
            transaction.set_rollback(True)
    return outcomes


NOT_HELD, NO_GROUP = -1, 0
"""Beside the number of a task group: the programme did not hold the task, or held it in no group."""


def _was(task: Task, change: BulkChange) -> Any:
    """What a locked task is before the change, as a plain value that a session can keep."""
    if change.verb == "lead":
        return task.assignments.get(part="lead", until_on=None).organisation.key
    if change.verb in ("group", "move") and change.into:
        held = Membership.objects.filter(task=task, programme=change.into).first()
        return (held.group_id or NO_GROUP) if held else NOT_HELD
    return list(task.tags)


def _nothing_different() -> Refused:
    return Refused("nothing_different", _("It is so already."), do=advice.LOOK, status=409)


def _assign(task: Task, change: BulkChange, by: Actor, on: date) -> None:
    lead = organisation_of(change.lead)
    assign_task(task=task, lead=lead, reason=change.reason, document=change.document, by=by, on=on)


def _tag(task: Task, change: BulkChange, by: Actor, on: date) -> None:
    tags = tuple(dict.fromkeys((*task.tags, *change.tags)))
    if set(tags) == set(task.tags):
        raise _nothing_different()
    row = TaskRow(task.key, task.title, "", task.deadline_text, tags=tags, given=frozenset({"tags"}))
    change_task(task=task, row=row, reason=change.reason, by=by, on=on)


def _group(task: Task, change: BulkChange, by: Actor, on: date) -> None:
    if change.group is None:
        raise Refused("unknown_group", _("Choose the task group."), field="group")
    if task.memberships.filter(programme=change.group.programme, group=change.group).exists():
        raise _nothing_different()
    move_task(task=task, programme=change.group.programme, group=change.group, by=by, on=on)


def _move(task: Task, change: BulkChange, by: Actor, on: date) -> None:
    if change.programme is None:
        raise Refused("unknown_programme", _("Choose the programme."), field="programme")
    if task.memberships.filter(programme=change.programme).exists():
        raise _nothing_different()
    move_task(task=task, programme=change.programme, group=change.group, by=by, on=on)


def _cancel(task: Task, change: BulkChange, by: Actor, on: date) -> None:
    cancel_task(task=task, reason=change.reason, by=by, on=on)


def _copy(task: Task, change: BulkChange, by: Actor, on: date) -> Task:
    # The task itself is the first of its kind, so its copies are numbered from 2.
    (key,) = register.free_keys(task.key, 1, first=2)
    return copy_task(task=task, key=key, programme=change.programme, by=by, on=on)


_APPLY: dict[str, Callable[[Task, BulkChange, Actor, date], Task | None]] = {
    "lead": _assign,
    "tags": _tag,
    "group": _group,
    "move": _move,
    "cancel": _cancel,
    "copy": _copy,
}
