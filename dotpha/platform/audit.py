"""The record of what happened: one event in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dotpha.platform import days, past
from dotpha.platform.actors import Actor
from dotpha.platform.models import AuditEvent
from dotpha.platform.subjects import Named

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

kinds: dict[str, str | StrPromise] = {
    "export.made": _("exported a list"),
    "file.read": _("opened a file"),
    "record.read": _("read a restricted record"),
}
"""Event kind -> what the history page says after the actor's name. Apps register theirs."""


def register(sentences: Mapping[str, str | StrPromise]) -> None:
    """Make event kinds known, each with the words that follow the actor's name in a history."""
    kinds.update(sentences)


def record(
    kind: str,
    subject: Named | str,
    by: Actor,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Add an event. Call inside the transaction of the change it tells of.

    `before` and `after` hold the changed values only; dates and decimals are kept as text.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit event belongs in the transaction of its change")
    if kind not in kinds:
        raise RuntimeError(f"unknown kind of event: {kind}")
    return AuditEvent.objects.create(**_row(kind, subject, by, reason), before=before or {}, after=after or {})


def record_many(kind: str, changes: list[tuple[Named | str, dict[str, Any]]], by: Actor, reason: str = "") -> None:
    """Add one event for each (subject, after) in two statements: for imports of thousands."""
    record_changes(kind, [(subject, {}, after) for subject, after in changes], by, reason)


def record_changes(
    kind: str, changes: Sequence[tuple[Named | str, dict[str, Any], dict[str, Any]]], by: Actor, reason: str = ""
) -> None:
    """Add one event for each (subject, before, after), as `record` would, in few statements."""
    if kind not in kinds:
        raise RuntimeError(f"unknown kind of event: {kind}")
    AuditEvent.objects.bulk_create(
        (
            AuditEvent(**_row(kind, subject, by, reason), before=before, after=after)
            for subject, before, after in changes
        ),
        batch_size=2000,
    )


def _row(kind: str, subject: Named | str, by: Actor, reason: str) -> dict[str, Any]:
    return {
        "at": days.now(),
        "kind": kind,
        "subject": subject if isinstance(subject, str) else subject.subject,
        "actor": by.key,
        "actor_name": by.name,
        "role": by.role,
        "scope": by.scope,
        "holder": by.holder,
        "origin": by.origin,
        "request_id": by.request_id,
        "reason": reason,
    }


def history(*subjects: str, on: date | None = None) -> QuerySet[AuditEvent]:
    """Every event of these subjects, oldest first: by the end of a day, and recorded by the moment of knowledge."""
    rows = AuditEvent.objects.filter(subject__in=subjects).order_by("pk")
    if on is not None:
        rows = rows.filter(at__lt=days.end_of(on))
    moment = past.moment()
    return rows if moment is None else rows.filter(at__lte=moment)
