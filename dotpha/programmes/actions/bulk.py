"""One change of many tasks: each on its own, those refused listed with the reason (expectation 10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions.course import cancel_task, copy_task, move_task
from dotpha.programmes.actions.tasks import assign_task, change_task, organisation_of
from dotpha.programmes.models import Programme, Task, TaskGroup
from dotpha.programmes.queries import register
from dotpha.programmes.rows import TaskRow


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


@dataclass(frozen=True)
class Outcome:
    """What came of one task: changed, or refused and why. `made` is the copy, where one was made."""

    task: Task
    refusal: Refused | None = None
    made: Task | None = None

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
                    made = apply(task, change, by, on)
                outcomes.append(Outcome(task, made=made))
            except Refused as refusal:
                outcomes.append(Outcome(task, refusal))
        if preview:
            transaction.set_rollback(True)
    return outcomes


def _assign(task: Task, change: BulkChange, by: Actor, on: date) -> None:
    lead = organisation_of(change.lead)
    assign_task(task=task, lead=lead, reason=change.reason, document=change.document, by=by, on=on)


def _tag(task: Task, change: BulkChange, by: Actor, on: date) -> None:
    tags = tuple(dict.fromkeys((*task.tags, *change.tags)))
    row = TaskRow(task.key, task.title, "", task.deadline_text, tags=tags, given=frozenset({"tags"}))
    change_task(task=task, row=row, reason=change.reason, by=by, on=on)


def _group(task: Task, change: BulkChange, by: Actor, on: date) -> None:
    if change.group is None:
        raise Refused("unknown_group", _("Choose the task group."), field="group")
    move_task(task=task, programme=change.group.programme, group=change.group, by=by, on=on)


def _move(task: Task, change: BulkChange, by: Actor, on: date) -> None:
    if change.programme is None:
        raise Refused("unknown_programme", _("Choose the programme."), field="programme")
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
