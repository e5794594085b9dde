"""Taking a change of a card or of many tasks back: each task by an act of its own that stays in its history."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.accounts import rights
from dotpha.platform import advice
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions import comparing
from dotpha.programmes.actions.bulk import NOT_HELD, BulkChange, Outcome
from dotpha.programmes.actions.course import cancel_copy, leave_programme, move_task, reopen_task
from dotpha.programmes.actions.steps import changed_since
from dotpha.programmes.actions.tasks import assign_task, change_task, organisation_of
from dotpha.programmes.models import Programme, Task, TaskGroup
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.task_row import TaskRow

UNDOABLE = ("lead", "tags", "group", "move", "copy", "cancel")
"""The verbs of `bulk_change` that another act takes back."""


def changed(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What is to be taken back: of each task that was changed what it was and its version since, of each copy that it
    was not there. Plain values, for a session."""
    made = {each.made.key: None for each in outcomes if each.made}
    return made or {each.task.key: {"was": each.was, "version": each.version} for each in outcomes if each.is_changed}


@contextmanager
def untouched(task: Task, version: int | None) -> Iterator[Task]:
    """Hold a task as it was left by the change that is taken back; refuse when somebody has changed it since."""
    with transaction.atomic():
        locked = queries.locked(task)
        if locked.version != version:
            raise changed_since()
        yield locked


def card_was(before: TaskRow, columns: Sequence[str]) -> dict[str, Any]:
    """What a change of these columns is to be taken back to. Plain values, for a session."""
    names = {name for column in columns for name in _FIELDS.get(column, (comparing.FIELDS[column],))}
    held = {name: getattr(before, name) for name in names}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in held.items()}


@action
def undo_card_change(
    *, task: Task, programme: Programme, was: Mapping[str, Any], version: int | None, document: str, by: Actor, on: date
) -> list[str]:
    """Give the card of a task back what it was before a change, in every column that changed then.

    `was` comes from `card_was`, `document` is the one that permitted the change: whoever corrected an own entry without
    any takes that back without any.
    """
    rights.require(by, "task.change", queries.assigner_scopes(task))  # before it is told whether the task has changed
    held = {name: _plain(name, value) for name, value in was.items()}
    columns = {column for column, name in comparing.FIELDS.items() if name in held} | ({"deadline_kind"} & held.keys())
    values: dict[str, Any] = {"title": {}, "lead": "", "deadline_text": "", **held}
    row = TaskRow(key=task.key, **values, given=frozenset(columns))
    reason = _("Undone") if document else ""
    with untouched(task, version):
        return change_task(task=task, row=row, programme=programme, reason=reason, document=document, by=by, on=on)


def _plain(name: str, value: Any) -> Any:
    """A value of a session as a row has it."""
    if name in _DAYS and value:
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


_DAYS = frozenset({"started_on", "deadline_start_on", "due_on"})
_FIELDS: dict[str, tuple[str, ...]] = {"deadline": comparing.OF_DEADLINE}


@action
def undo_bulk_change(*, change: BulkChange, was: Mapping[str, Any], by: Actor, on: date) -> list[Outcome]:
    """Give each task back what it was before a change of many; one that has moved on since is refused alone.

    `was` comes from `changed`: only the tasks that were changed, or the copies that were made.
    """
    apply = _APPLY.get(change.verb)
    if apply is None:
        raise Refused(
            "cannot_undo", gettext_lazy("This change cannot be taken back."), do=advice.NEW_CHANGE, status=409
        )
    outcomes = []
    for task in Task.objects.filter(key__in=was).order_by("key"):
        try:
            held = was[task.key]
            if held is None:
                cancel_copy(task=task, by=by, on=on)
            else:
                with untouched(task, held["version"]) as locked:
                    apply(locked, change, held["was"], by, on)
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


def _move_back(task: Task, change: BulkChange, was: Any, by: Actor, on: date) -> None:
    programme = change.group.programme if change.verb == "group" and change.group else change.programme
    if programme is None:
        raise Refused("unknown_programme", gettext_lazy("Choose the programme."), field="programme")
    if was == NOT_HELD:
        leave_programme(task=task, programme=programme, by=by, on=on)
        return
    group = TaskGroup.objects.filter(pk=was).first()
    move_task(task=task, programme=programme, group=group, by=by, on=on)


def _reopen(task: Task, change: BulkChange, was: Any, by: Actor, on: date) -> None:
    reopen_task(task=task, reason=_("Undone"), by=by, on=on)


_APPLY: dict[str, Callable[[Task, BulkChange, Any, Actor, date], None]] = {
    "lead": _assign_back,
    "tags": _tag_back,
    "group": _move_back,
    "move": _move_back,
    "copy": _reopen,  # a copy is cancelled as such, see `cancel_copy`
    "cancel": _reopen,
}
