"""Readings that the record keeps (K4): lists taken away as files, and things that not everybody may read.

What nobody signed in reads is public, and is not recorded. An event names the list, the filter and the file, never what
stood in the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.http import HttpRequest, QueryDict

from dotpha.platform import audit, files
from dotpha.platform.actors import NOBODY, Actor

LONGEST_FILTER = 300
SHOWN_BY = ("export", "page", "groups", "sheet", "tour")
"""Parts of an address that say how a list is shown, not what of."""


def note_file(by: Actor, subject: str, told: dict[str, Any]) -> None:
    """Record that a person opened a stored file, unless everybody may open it."""
    if by.user_id is None or files.may_read(NOBODY, subject):
        return
    with transaction.atomic():
        audit.record("file.read", subject, by, after=told)


def note(request: HttpRequest, subject: str) -> None:
    """Ask the frame of the page to record that this restricted thing was read, once the page is made."""
    request.restricted_read = subject  # type: ignore[attr-defined]


def record_noted(request: HttpRequest, by: Actor) -> None:
    """Record what the page noted. After its transaction, which refuses writes."""
    subject = getattr(request, "restricted_read", "")
    if subject and by.user_id is not None:
        with transaction.atomic():
            audit.record("record.read", subject, by)


def asked_of(request: HttpRequest) -> QueryDict:
    """What the address asks of a list, without what only says how it is shown."""
    asked = request.GET.copy()
    for name in SHOWN_BY:
        asked.pop(name, None)
    return asked


def filter_of(request: HttpRequest) -> str:
    """The filter of a list as its address has it, without words typed freely: they may name a person."""
    asked = asked_of(request)
    if "q" in asked:
        asked["q"] = "*"
    return asked.urlencode(safe="*")[:LONGEST_FILTER]


class Counted:
    """Rows on their way into a file, counted as they go."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Any]:
        for row in self.rows:
            self.count += 1
            yield row


def recorded(pieces: Iterable[bytes], by: Actor, name: str, told: dict[str, Any], rows: Counted) -> Iterator[bytes]:
    """The pieces of an exported file; with the last one, or where the reader breaks off, the export is recorded.

    `rows` then tells how many rows had left. The stream runs after the request, outside its read-only transaction.
    """
    is_whole = False
    try:
        yield from pieces
        is_whole = True
    finally:
        if by.user_id is not None:
            with transaction.atomic():
                audit.record("export.made", f"list:{name}", by, after={**told, "rows": rows.count, "whole": is_whole})
