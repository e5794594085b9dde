"""Long lists: sort keys alone, then read only the rows of the page with all that hangs on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django_tables2.data import TableQuerysetData

if TYPE_CHECKING:
    from django.db.models import QuerySet

Fill = Callable[[list[int]], "QuerySet[Any]"]
"""Reads the rows of these primary keys, in any order."""


def in_order(rows: QuerySet[Any], fill: Fill) -> list[Any]:
    """The rows of a slice, read by `fill` from their keys, in the order of the slice."""
    keys = list(rows.values_list("pk", flat=True))
    held = {row.pk: row for row in fill(keys)}
    return [held[key] for key in keys if key in held]


class LateData(TableQuerysetData):  # type: ignore[misc]
    """The data of a table whose pages are read late; a walk over all rows reads them as they come."""

    def __init__(self, data: QuerySet[Any], fill: Fill, whole: Callable[[QuerySet[Any]], QuerySet[Any]]) -> None:
        super().__init__(data)
        self.fill = fill
        self.whole = whole

    def __getitem__(self, key: Any) -> Any:
        return in_order(self.data[key], self.fill) if isinstance(key, slice) else self.whole(self.data)[key]

    def __iter__(self) -> Any:
        return iter(self.whole(self.data))
