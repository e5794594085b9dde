"""What the desk's own pages read: one function a panel, each a constant number of queries."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from dotpha.accounts import rights
from dotpha.platform import audit, days, jobs, seal
from dotpha.platform.actors import Actor
from dotpha.platform.models import AuditEvent, JobFailure, Seal
from dotpha.platform.registry import Duty, registry
from dotpha.platform.subjects import split, subject

INBOX_PAGE = 50


def inbox(by: Actor, on: date, key: str = "", page: int = 1) -> tuple[list[tuple[Any, int]], list[Duty]]:
    """Kinds of duty with their counts, and one page of the duties of one kind (of all, most urgent first).

    By the clock: what is due, and what somebody waits for since a day, before what has neither.
    """
    begin, end = (page - 1) * INBOX_PAGE, page * INBOX_PAGE
    held = rights.standings(by)
    mine = [each for each in registry.inbox if held.may(each.right)]
    tabs = [(each, each.count(by, on)) for each in mine]
    chosen = [each for each, number in tabs if number and (not key or each.key == key)]
    duties = [duty for each in chosen for duty in each.duties(by, on, end)]
    far = date.max
    return tabs, sorted(duties, key=lambda duty: (duty.clock or far, duty.title))[begin:end]


def kinds() -> dict[str, Any]:
    """The kinds of events with the words that follow the name of who did them."""
    return dict(audit.kinds)


def events(text: str = "", kind: str = "", actor: str = "", day: date | None = None) -> QuerySet[AuditEvent]:
    """The record, newest first, by subject, kind, person or day."""
    rows = AuditEvent.objects.order_by("-pk")
    if text:
        rows = rows.filter(subject__startswith=text)
    if kind:
        rows = rows.filter(kind=kind)
    if actor:
        rows = rows.filter(actor=actor)
    if day:
        rows = rows.filter(at__lt=days.end_of(day))
    return rows


def seals_of(rows: Iterable[AuditEvent]) -> dict[int, Seal]:
    """The seals of these events, by event."""
    return {each.event_id: each for each in Seal.objects.filter(event_id__in=[row.pk for row in rows])}


def chain() -> dict[str, Any]:
    """Head of the sealed record, and how many events wait for their seal."""
    position, digest, sealed_at = seal.head()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM platform_unsealed")
        waiting = cursor.fetchone()[0]
    return {"position": position, "digest": digest, "sealed_at": sealed_at, "waiting": waiting}


def url_of(subject: str) -> str | None:
    """Where the page of a subject opens, when an app has said so."""
    kind, key = split(subject)
    find = registry.subject_urls.get(kind)
    return find(key) if find else None


def names_of(by: Actor, subjects: Iterable[str]) -> dict[str, str]:
    """What things of the record are called, by subject: one query a kind; one that `by` may not see has no name."""
    keys: dict[str, list[str]] = {}
    for each in set(subjects):
        kind, key = split(each)
        keys.setdefault(kind, []).append(key)
    kinds = {kind: registry.subject_names[kind] for kind in keys if kind in registry.subject_names}
    return {subject(kind, key): name for kind, find in kinds.items() for key, name in find(by, keys[kind]).items()}


def jobs_failed(limit: int = 50) -> list[dict[str, Any]]:
    """Jobs that gave up: what each does (`label`), its arguments, when and why; of an older release its name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT j.id, j.task_name, j.args, j.attempts, max(e.at) FROM procrastinate_jobs j"
            " LEFT JOIN procrastinate_events e ON e.job_id = j.id"
            " WHERE j.status = 'failed' GROUP BY j.id ORDER BY j.id DESC LIMIT %s",
            [limit],
        )
        names = ("id", "task", "arguments", "attempts", "at")
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    why = JobFailure.objects.in_bulk([row["id"] for row in rows])
    return [
        {
            **row,
            "label": jobs.labels.get(row["task"], row["task"]),
            "arguments": json.loads(row["arguments"]),
            "why": why.get(row["id"]),
        }
        for row in rows
    ]
