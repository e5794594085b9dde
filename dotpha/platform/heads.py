"""The daily head of the record (K4): the last digest sealed on each day, for anyone to keep and compare later.

A head is derived from the seals, never stored: whoever changes an event after its day changes every head since, and no
longer agrees with what others have kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from dotpha.platform import days
from dotpha.platform.models import Seal
from dotpha.platform.zone import ZONE

LISTED = 366
_STEPS = """
    WITH RECURSIVE head (at, position, digest, number) AS (
        (SELECT sealed_at, position, digest, 1 FROM platform_seal WHERE sealed_at < %(before)s
         ORDER BY sealed_at DESC, position DESC LIMIT 1)
        UNION ALL
        SELECT earlier.sealed_at, earlier.position, earlier.digest, head.number + 1 FROM head CROSS JOIN LATERAL (
            SELECT sealed_at, position, digest FROM platform_seal
            WHERE sealed_at < date_trunc('day', head.at AT TIME ZONE %(zone)s) AT TIME ZONE %(zone)s
            ORDER BY sealed_at DESC, position DESC LIMIT 1
        ) earlier WHERE head.number < %(limit)s
    )
    SELECT at, position, digest FROM head ORDER BY number
"""
_POSITION = re.compile(r"[0-9]{1,18}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Head:
    """The end of the chain at the end of a business day: how many events are sealed by then, and the last digest."""

    day: date
    position: int
    digest: str


def daily(until: date, limit: int = LISTED) -> list[Head]:
    """The heads of the days that have ended before `until`, on which something was sealed; the newest first.

    One step along the chain a day, however many events there are: the day's last seal is found by its time.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, {"before": days.begin_of(until), "zone": str(ZONE), "limit": limit})
        return [Head(days.day_of(at), position, digest) for at, position, digest in cursor.fetchall()]


def lines(heads: Iterable[Head]) -> str:
    """The heads as a CSV file, in plain ASCII: day, position, digest."""
    return "day,position,digest\r\n" + "".join(f"{each.day},{each.position},{each.digest}\r\n" for each in heads)


def differing(kept: str) -> list[str]:
    """The lines of a kept file that the chain of today does not agree with; a line that cannot be read is one of them.

    It holds that the chain still has this digest at this position; `seal.verify` holds that the chain itself is whole.
    """
    lines_kept = [line.strip() for line in kept.splitlines() if line.strip() and not line.startswith("day,")]
    return [line for line in lines_kept if not _is_in_chain(line)]


def _is_in_chain(line: str) -> bool:
    _day, position, digest = [*line.split(","), "", ""][:3]
    if not _POSITION.fullmatch(position) or not _DIGEST.fullmatch(digest):
        return False
    return Seal.objects.filter(position=int(position), digest=digest).exists()
