"""Tasks that nobody answered and requests that nobody decided: the SQL twin of `rules.silence`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from dotpha.platform import audit, days
from dotpha.platform.models import AuditEvent
from dotpha.platform.working_days import ONE_DAY
from dotpha.programmes.models import Blocker, Extension, Step, Task
from dotpha.programmes.rules import silence
from dotpha.programmes.rules.lateness import has_come

PROGRAM = "program:"
_ENTERED = Q(kind__in=["task.added", "task.assigned"]) | Q(kind="task.changed", after__has_key="lead")
"""The events by which a task came to its present lead agency: a document of last year imported today is new to it."""


def entered(on: date) -> QuerySet[AuditEvent]:
    """For a row of tasks: by which events it came to its present lead, by the end of a day."""
    rows = AuditEvent.objects.filter(subject=Concat(Value("task:"), OuterRef("key")), at__lt=days.end_of(on))
    return rows.filter(_ENTERED)


def answered(on: date) -> Exists:
    """Whether the lead agency had accepted or disputed a task by a day."""
    return Exists(Step.objects.filter(task=OuterRef("pk"), kind__in=["accepted", "disputed"], on__lte=on))


def given_since(on: date, since: date) -> Q:
    """The condition that a task was given to its present lead on a day or later.

    What a person entered is given on that day, so a document of last year imported today is new to those who have to
    carry it out. What a program loaded, as a data pack does, nobody gives today: its own day of assignment counts.
    """
    came = entered(on).filter(at__gte=days.begin_of(since))
    return Q(Exists(came.exclude(actor__startswith=PROGRAM))) | Q(Exists(came), assigned_on__gte=since)


def accepted_by_default(on: date) -> Q:
    """The condition that a task was accepted by silence: no answer, no start, and its time to answer has passed."""
    first = silence.latest(on, silence.ACCEPT_WORKING_DAYS) + ONE_DAY
    return ~Q(started_on__lte=on) & ~Q(answered(on)) & Q(Exists(entered(on))) & ~given_since(on, first)


def entered_on(task: Task, on: date) -> date | None:
    """The day on which a task was given to its present lead, as known on a day: the twin of `given_since`."""
    event = audit.history(task.subject, on=on).filter(_ENTERED).order_by("-pk").first()
    if event is None:
        return None
    return task.assigned_on if event.actor.startswith(PROGRAM) else days.day_of(event.at)


def accepted_on(task: Task, on: date) -> date | None:
    """Since when silence has accepted one open task, as known on a day: the twin of `accepted_by_default`."""
    if any(has_come(each, on) for each in (task.started_on, task.completed_on, task.cancelled_on)):
        return None
    answered = task.steps.filter(kind__in=["accepted", "disputed"], on__lte=on).exists()
    return None if answered else silence.accepted_on(entered_on(task, on), on)


def unanswered(rows: QuerySet[Blocker], on: date) -> QuerySet[Any]:
    """Only the open blockers that the body asked has not answered in time: they went up one level."""
    return rows.filter(resolved_on=None, answered_at=None, respond_by__lt=on)


def gone_up(rows: QuerySet[Extension], on: date) -> QuerySet[Any]:
    """Only the requests that stand before the next level too, because nobody decided them in time."""
    return rows.filter(requested_on__lte=silence.latest(on, silence.DECIDE_WORKING_DAYS))
