"""What adding places and adding organisations share: keys, the tree, its paths. Within a caller's transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext_lazy as _

from dotpha.directory import rules
from dotpha.platform.refusals import Refused

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


class Row(Protocol):
    """A row with a key, a parent's key and days."""

    @property
    def key(self) -> str: ...
    @property
    def parent(self) -> str: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...


R = TypeVar("R", bound=Row)


def require_key(key: str) -> None:
    """Refuse a key that cannot stand in an address."""
    if not KEY.fullmatch(key):
        raise Refused(
            "key_unreadable",
            _("A key has 1 to 80 small letters without marks, digits and hyphens."),
            field="key",
        )


def parents_first(rows: Sequence[R], held: Mapping[str, Any]) -> list[R]:
    """The rows that are not held yet, each after its parent. Refuses an unknown parent, a circle, a key twice."""
    waiting = {row.key: row for row in rows if row.key not in held}
    if len({row.key for row in rows}) < len(rows):
        twice = next(key for key in (row.key for row in rows) if sum(row.key == key for row in rows) > 1)
        raise Refused("key_twice", _("The key “%(key)s” stands here twice."), field="key", key=twice)
    ordered: list[R] = []
    done = set(held)
    while waiting:
        ready = [row for row in waiting.values() if not row.parent or row.parent in done]
        if not ready:
            _refuse_stuck(waiting)
        for row in ready:
            ordered.append(row)
            done.add(row.key)
            del waiting[row.key]
    return ordered


def _refuse_stuck(waiting: Mapping[str, Row]) -> None:
    parents: dict[str, str | None] = {key: row.parent for key, row in waiting.items()}
    for row in waiting.values():
        if row.parent not in waiting:
            raise Refused("unknown_parent", _("“%(text)s” is not in the directory."), field="parent", text=row.parent)
    first = next(iter(waiting.values()))
    rules.require_parent(first.key, first.parent, parents, rules.Days(), rules.Days())
    raise Refused("parent_cycle", _("An organisation cannot belong to itself: %(way)s."), field="parent", way=first.key)


def require_within(row: Row, parent: Any) -> None:
    """Refuse days outside the parent's (A1). A beginning or end that is not known claims nothing."""
    days = rules.Days(row.valid_from or parent.valid_from, row.valid_to or parent.valid_to)
    rules.require_days(rules.Days(row.valid_from, row.valid_to))
    rules.require_parent(row.key, row.parent, {}, days, rules.Days(parent.valid_from, parent.valid_to))
