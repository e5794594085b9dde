"""The bottleneck board: what holds tasks up, counted by kind, clause, remover and place (requirement E10)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HoldUp:
    """One blocker as the board counts it.

    `clause` is the provision from which its task follows, None without one. `place` is the path of the place held
    up ("province-01/commune-7/"), empty for a task of the whole country. `days` run from the day on which it was
    raised to its removal, or to the day asked about.
    """

    blocker: int
    task: str
    kind: str
    body: str
    clause: int | None
    place: str
    days: int
    late: bool


@dataclass(frozen=True)
class Sum:
    """What some blockers hold up together. Tasks and places count once, however many blockers they have."""

    blockers: int
    late: int
    tasks: int
    places: int
    days: int


def summed(rows: Iterable[HoldUp]) -> Sum:
    """The numbers of these blockers."""
    held = list(rows)
    return Sum(
        blockers=len(held),
        late=sum(each.late for each in held),
        tasks=len({each.task for each in held}),
        places=len({each.place for each in held if each.place}),
        days=sum(each.days for each in held),
    )


def under(path: str, above: str = "") -> str:
    """The place right under another that a path leads through; the place itself where there is none under it.

    Without `above` this is the province: a country is read province by province, then commune by commune.
    """
    depth = above.count("/") + 1
    return "".join(f"{part}/" for part in path.rstrip("/").split("/")[:depth]) if path else ""


GROUPINGS = ("kind", "clause", "body", "place", "task", "commune")
"""By what the board groups. `place` goes one level down from the place asked about, `commune` to the smallest."""


def key_of(grouping: str, above: str = "") -> Callable[[HoldUp], Hashable]:
    """What tells to which group a blocker belongs; each belongs to exactly one."""
    keys: dict[str, Callable[[HoldUp], Hashable]] = {
        "kind": lambda row: row.kind,
        "clause": lambda row: row.clause,
        "body": lambda row: row.body,
        "place": lambda row: under(row.place, above),
        "task": lambda row: row.task,
        "commune": lambda row: row.place,
    }
    return keys[grouping]


def grouped(rows: Iterable[HoldUp], grouping: str, above: str = "") -> list[tuple[Hashable, Sum]]:
    """Groups with their numbers: the one that holds up the most tasks first, then the most days."""
    key, groups = key_of(grouping, above), dict[Hashable, list[HoldUp]]()
    for each in rows:
        groups.setdefault(key(each), []).append(each)
    found = [(name, summed(held)) for name, held in groups.items()]
    return sorted(found, key=lambda pair: (-pair[1].tasks, -pair[1].days, str(pair[0])))
