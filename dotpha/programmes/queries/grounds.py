"""What decides whether a change of a task needs a reason and a document (C16)."""

from __future__ import annotations

from datetime import date

from dotpha.platform import days
from dotpha.platform.actors import Actor
from dotpha.platform.models import AuditEvent
from dotpha.programmes.models import Task
from dotpha.programmes.rules.changes import PERMITTED, need_grounds


def is_published(task: Task) -> bool:
    """Whether everybody may read a task: one of its programmes is published."""
    return task.memberships.filter(programme__published_at__isnull=False).exists()


def may_be_asked(task: Task, by: Actor, on: date) -> bool:
    """Whether a change of what a document has fixed needs its grounds from this person."""
    return need_grounds(PERMITTED, is_published(task), is_own_entry=is_own_entry(task, by, on))


def is_own_entry(task: Task, by: Actor, on: date) -> bool:
    """Whether this person entered the task on that day, and nobody has taken a step or reported on it since."""
    if by.user_id is None or task.steps.exists() or task.reports.filter(drafted_by__isnull=False).exists():
        return False
    entered = AuditEvent.objects.filter(subject=task.subject, kind="task.added", actor=by.key)
    return entered.filter(at__gte=days.begin_of(on), at__lt=days.end_of(on)).exists()
