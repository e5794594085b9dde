"""Long lists: cut as the address says; keys are sorted alone, then only the rows of the page are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Count, Window
from django_tables2 import RequestConfig
from django_tables2.data import TableQuerysetData

if TYPE_CHECKING:
    from django.db.models import QuerySet

Fill = Callable[[list[int]], "QuerySet[Any]"]
"""Reads the rows of these primary keys, in any order."""


def in_order(keys: list[int], fill: Fill) -> list[Any]:
    """The rows of these keys as `fill` reads them, in the order of the keys."""
    held = {row.pk: row for row in fill(keys)}
    return [held[key] for key in keys if key in held]


def counted(rows: QuerySet[Any], begin: int, end: int) -> tuple[list[int], int]:
    """The keys of a slice of sorted rows, and how many rows there are: one walk over them, where the slice has any."""
    found = list(rows.annotate(_rows=Window(Count("*"))).values_list("pk", "_rows")[begin:end])
    if not found:
        return [], rows.order_by().count() if begin else 0
    return [key for key, _rows in found], found[0][1]


class LateData(TableQuerysetData):  # type: ignore[misc]
    """The data of a table whose pages are read late; a walk over all rows reads them as they come.

    `total` says how many rows there are, where the page has counted them already.
    """

    def __init__(
        self, data: QuerySet[Any], fill: Fill, whole: Callable[[QuerySet[Any]], QuerySet[Any]], total: int | None = None
    ) -> None:
        super().__init__(data)
        self.fill = fill
        self.whole = whole
        self.total = total

    def __len__(self) -> int:
        return super().__len__() if self.total is None else self.total

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, slice):
            return self.whole(self.data)[key]
        return in_order(list(self.data.values_list("pk", flat=True)[key]), self.fill)

    def __iter__(self) -> Any:
        return iter(self.whole(self.data))


MOST_ROWS = 200
"""On a page, whatever an address asks for."""


class _Paginator(Paginator):  # type: ignore[type-arg]
    def __init__(self, object_list: Any, per_page: int, **more: Any) -> None:
        super().__init__(object_list, min(max(per_page, 1), MOST_ROWS), **more)


def arrange(request: Any, table: Any, per_page: int) -> None:
    """Sort a table and turn to its page as the address says (`sort`, `page`, `per_page`).

    Beyond the last page it is that one.
    """
    paginate = {"per_page": per_page, "silent": True, "paginator_class": _Paginator}
    RequestConfig(request, paginate=paginate).configure(table)
