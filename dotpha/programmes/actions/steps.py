"""Shared by actions on tasks: the lock, the recorded step, the day on which rules are asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.platform import days
from dotpha.platform.actors import Actor
from dotpha.platform.classification import require_open_texts
from dotpha.platform.refusals import Refused
from dotpha.programmes.models import Step, Task
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.rules.extensions import require_open
from dotpha.programmes.rules.lateness import TaskDates


def record_step(
    task: Task, kind: str, by: Actor, on: date, *, reason: str = "", document: str = "", other: Task | None = None
) -> Step:
    """Add a step to a task's course."""
    return Step.objects.create(
        task=task, kind=kind, on=on, at=days.now(), by_id=by.user_id, reason=reason, document=document, other=other
    )


def locked_open(task: Task, require: Callable[[TaskDates], None] = require_open) -> Task:
    """The task, read again and locked; refused when it has ended, by `require` in words of what was tried."""
    task = queries.locked(task)
    require(queries.task_dates(task))
    return task


def require_reason(reason: str, field: str = "reason") -> str:
    """The reason without blanks around it; refused when there is none."""
    if not reason.strip():
        raise Refused("reason_missing", _("Give the reason."), field=field)
    require_open_texts(**{field: reason})
    return reason.strip()


def bump(task: Task, *fields: str) -> None:
    """Save these fields of a locked task with the next version."""
    task.version += 1
    task.save(update_fields=[*fields, "version"])


def accept_silently(task: Task, by: Actor, on: date) -> None:
    """A report or a request of the lead accepts the task (contracts, section 4)."""
    if not task.steps.filter(kind="accepted").exists():
        record_step(task, "accepted", by, on)


def changed_since() -> Refused:
    """The refusal to take back what somebody has built upon."""
    return Refused(
        "changed_since",
        _("Somebody has changed this task since. Look at it, then change it as it should be."),
        status=409,
    )
