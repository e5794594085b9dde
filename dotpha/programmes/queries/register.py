"""Tasks as rows of a register: what an import compares with, and what an export writes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from dotpha.platform.actors import Actor
from dotpha.programmes.models import Assignment, Membership, Task
from dotpha.programmes.queries import told

if TYPE_CHECKING:
    from django.db.models import QuerySet


def for_rows(keys: Iterable[str]) -> QuerySet[Task]:
    """Tasks with all that a row of a register says, in a fixed number of queries."""
    return with_row(Task.objects.filter(key__in=list(keys)))


def locked(keys: Iterable[str]) -> dict[str, Task]:
    """Tasks by key with all that a row of a register says, locked until the transaction ends: the lower key first,
    that two changes of many do not wait for each other."""
    rows = Task.objects.select_for_update(of=("self",)).filter(key__in=list(keys)).order_by("key")
    return {task.key: task for task in with_row(rows)}


def with_row(tasks: QuerySet[Any], by: Actor | None = None) -> QuerySet[Any]:
    """Read with each task all that a row of a register says of it; `by`: what this person may know of."""
    rows = tasks.select_related("place", "accountable_post__organisation", "approver_post__organisation")
    if by is None:
        whole = Membership.objects.select_related("group", "programme").order_by("pk")
        rows = rows.select_related("parent", "provision__document").prefetch_related(Prefetch("memberships", whole))
    else:
        rows = rows.prefetch_related(*told.relations(by, "parent", "provision"))
    return rows.prefetch_related(
        Prefetch("assignments", Assignment.objects.select_related("organisation").order_by("pk")),
        "products",
        "extensions",
        "reports",
    )


def next_key(stem: str, digits: int = 3) -> str:
    """The next key of a running number after a stem that no task has: "plan-2026-007"."""
    stem = stem[: 99 - digits]
    held = Task.objects.filter(key__startswith=f"{stem}-").values_list("key", flat=True)
    numbers = [int(tail) for key in held if (tail := key[len(stem) + 1 :]).isdecimal() and len(tail) < 7]
    return f"{stem}-{max(numbers, default=0) + 1:0{digits}d}"


def free_keys(key: str, number: int, first: int = 1) -> list[str]:
    """So many keys that no task has: that of a task, a hyphen, a running number that begins with `first`."""
    stem = key[:90]
    taken = set(Task.objects.filter(key__startswith=f"{stem}-").values_list("key", flat=True))
    numbered = (f"{stem}-{n}" for n in count(first))
    return list(islice((each for each in numbered if each not in taken), number))
