"""Tasks that nobody answered and requests that nobody decided: the SQL twin of `rules.silence`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from dotpha.platform import audit, days
from dotpha.platform.models import AuditEvent
from dotpha.programmes.models import Extension, Step, Task
from dotpha.programmes.rules import silence

_ENTERED = Q(kind__in=["task.added", "task.assigned"]) | Q(kind="task.changed", after__has_key="lead")
"""The events by which a task came to its present lead agency: a document of last year imported today is new to it."""


def entered(on: date) -> QuerySet[AuditEvent]:
    """For a row of tasks: by which events it came to its present lead, by the end of a day."""
    rows = AuditEvent.objects.filter(subject=Concat(Value("task:"), OuterRef("key")), at__lt=days.end_of(on))
    return rows.filter(_ENTERED)


def answered() -> Exists:
    """Whether the lead agency accepted or disputed a task at any time."""
    return Exists(Step.objects.filter(task=OuterRef("pk"), kind__in=["accepted", "disputed"]))


def accepted_by_default(on: date) -> Q:
    """The condition that a task was accepted by silence: no answer, no start, and its time to answer has passed."""
    late = days.end_of(silence.latest(on, silence.ACCEPT_WORKING_DAYS))
    started = Q(started_on__lte=on)
    return ~started & ~Q(answered()) & Q(Exists(entered(on))) & ~Q(Exists(entered(on).filter(at__gte=late)))


def entered_on(task: Task, on: date) -> date | None:
    """The day on which a task came to its present lead, as known on a day."""
    event = audit.history(task.subject, on=on).filter(_ENTERED).order_by("-pk").first()
    return days.day_of(event.at) if event else None


def gone_up(rows: QuerySet[Extension], on: date) -> QuerySet[Any]:
    """Only the requests that stand before the next level too, because nobody decided them in time."""
    return rows.filter(requested_on__lte=silence.latest(on, silence.DECIDE_WORKING_DAYS))
