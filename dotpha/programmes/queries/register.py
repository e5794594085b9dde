"""Tasks as rows of a register: what an import compares with, and what an export writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from dotpha.programmes.models import Assignment, Membership, Task

if TYPE_CHECKING:
    from django.db.models import QuerySet


def for_rows(keys: Iterable[str]) -> QuerySet[Task]:
    """Tasks with all that a row of a register says, in a fixed number of queries."""
    return (
        Task.objects.filter(key__in=list(keys))
        .select_related("place")
        .prefetch_related(
            Prefetch("assignments", Assignment.objects.select_related("organisation").order_by("pk")),
            Prefetch("memberships", Membership.objects.select_related("group", "programme")),
            "products",
            "extensions",
            "reports",
        )
    )
