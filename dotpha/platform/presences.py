"""Who has a record open just now, so that two people do not write over each other."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from dotpha.platform import days
from dotpha.platform.actors import Actor
from dotpha.platform.models import Presence

FORGOTTEN = timedelta(minutes=1)
FRESH = timedelta(seconds=12)  # pages tell every 4 seconds that they are open, and once when they are left


def seen(subject: str, by: Actor) -> list[str]:
    """Note that `by` has the record open; answers the names of the others, in order."""
    moment = days.now()
    _forget(moment - FORGOTTEN)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO platform_presence (subject, actor, actor_name, seen_at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (subject, actor) DO UPDATE SET seen_at = EXCLUDED.seen_at, actor_name = EXCLUDED.actor_name",
            [subject, by.key, by.name, moment],
        )
    others = Presence.objects.filter(subject=subject, seen_at__gte=moment - FRESH).exclude(actor=by.key)
    return list(others.order_by("actor_name").values_list("actor_name", flat=True))


def left(subject: str, by: Actor) -> None:
    """Note that `by` has left the record. A page that never says so is forgotten after `FRESH`."""
    Presence.objects.filter(subject=subject, actor=by.key).delete()


def _forget(before: datetime) -> None:
    """Let go of pages that were never left. Every open page does this: none waits for another's rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM platform_presence WHERE id IN"
            " (SELECT id FROM platform_presence WHERE seen_at < %s FOR UPDATE SKIP LOCKED)",
            [before],
        )
