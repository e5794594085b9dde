"""Sealed order: settled events get consecutive positions, each chained to the one before.

Writers take no lock. A table `platform_unsealed`, filled by a trigger, names the events still
without a seal and their transaction. The sealer takes those whose transaction is older than the
oldest running one, so that nothing can come to stand before them afterwards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from dotpha.platform import days
from dotpha.platform.models import AuditEvent, Seal
from dotpha.platform.zone import ZONE

_LOCK = 0x5EA1
BATCH = 2000
CHANNEL = "dotpha_events"

# Settled: ended before the oldest running transaction; or numbered by another server, from
# which this database was restored, and therefore not running here.
_SETTLED = """
    SELECT u.event_id FROM platform_unsealed u JOIN platform_auditevent e ON e.id = u.event_id
    WHERE u.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
       OR u.xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    ORDER BY u.xid, u.event_id LIMIT %s
"""


@dataclass(frozen=True)
class Broken:
    """The first place where the chain does not hold, and why."""

    position: int
    event_id: int | None
    why: str


def digest(previous: str, position: int, event: AuditEvent) -> str:
    """SHA-256, in hexadecimal, over what the event says, its position and the digest before it."""
    said = [
        previous,
        position,
        event.pk,
        event.at.astimezone(ZONE).isoformat(),
        event.kind,
        event.subject,
        event.actor,
        event.actor_name,
        event.role,
        event.scope,
        event.holder,
        event.origin,
        event.request_id,
        event.reason,
        event.before,
        event.after,
    ]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def seal_new() -> int:
    """Seal what has settled; answers the last position. Does nothing while another process seals."""
    sealed = BATCH
    while sealed == BATCH:
        sealed = _seal_batch()
    return Seal.objects.order_by("-position").values_list("position", flat=True).first() or 0


def _seal_batch() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_SETTLED, [BATCH])
        ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return 0
        last = Seal.objects.order_by("-position").first()
        position, previous = (last.position, last.digest) if last else (0, "")
        events = AuditEvent.objects.in_bulk(ids)
        moment = days.now()
        seals = []
        for event_id in ids:
            position += 1
            now = digest(previous, position, events[event_id])
            seals.append(Seal(position=position, event_id=event_id, previous=previous, digest=now, sealed_at=moment))
            previous = now
        Seal.objects.bulk_create(seals, batch_size=BATCH)
        cursor.execute("DELETE FROM platform_unsealed WHERE event_id = ANY(%s)", [ids])
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(position)])
        return len(ids)


def verify() -> Broken | None:
    """Recompute the whole chain; None, or the first place where it does not hold."""
    previous, expected = "", 0
    for seal, event in _sealed():
        expected += 1
        if seal.position != expected:
            return Broken(expected, None, "a position is missing")
        if event is None:
            return Broken(seal.position, seal.event_id, "the event is missing")
        if seal.previous != previous:
            return Broken(seal.position, event.pk, "the digest before does not match")
        if seal.digest != digest(previous, seal.position, event):
            return Broken(seal.position, event.pk, "the event does not match its digest")
        previous = seal.digest
    return _unsealed_gap(expected)


def _unsealed_gap(last: int) -> Broken | None:
    """An event put in past the trigger has neither a seal nor a place in the queue; one taken away
    before its seal leaves its place behind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id FROM platform_auditevent e LEFT JOIN platform_seal s ON s.event_id = e.id"
            " LEFT JOIN platform_unsealed u ON u.event_id = e.id"
            " WHERE s.event_id IS NULL AND u.event_id IS NULL ORDER BY e.id LIMIT 1"
        )
        if row := cursor.fetchone():
            return Broken(last + 1, row[0], "the event was never queued for sealing")
        cursor.execute(
            "SELECT u.event_id FROM platform_unsealed u LEFT JOIN platform_auditevent e ON e.id = u.event_id"
            " WHERE e.id IS NULL ORDER BY u.event_id LIMIT 1"
        )
        if row := cursor.fetchone():
            return Broken(last + 1, row[0], "the event was taken away before its seal")
    return None


def _sealed() -> Iterator[tuple[Seal, AuditEvent | None]]:
    position = 0
    while True:
        seals = list(Seal.objects.filter(position__gt=position).order_by("position")[:BATCH])
        if not seals:
            return
        events = AuditEvent.objects.in_bulk([each.event_id for each in seals])
        for seal in seals:
            yield seal, events.get(seal.event_id)
        position = seals[-1].position


def head() -> tuple[int, str, datetime | None]:
    """Last position, its digest and when it was sealed."""
    last = Seal.objects.order_by("-position").first()
    return (last.position, last.digest, last.sealed_at) if last else (0, "", None)
