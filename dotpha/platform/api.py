"""What every endpoint shares: strict bodies, pages of a list, the two times, who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Schema
from pydantic import AfterValidator, BaseModel, ConfigDict

from dotpha.platform import days, late, past, text
from dotpha.platform.actors import Actor

T = TypeVar("T")
LARGEST_PAGE = 500
FARTHEST = 1_000_000  # rows: past it a list is filtered or exported, not paged


class In(Schema):
    """A body: fields nobody asked for are refused by name."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """An answer. It is made of plain values, and so is checked as it stands rather than attribute by attribute."""


class ApiRequest(HttpRequest):
    """A request to the API, after `connectors.api` has found out who asks."""

    actor: Actor
    today: date


Clean = Annotated[str, AfterValidator(lambda value: text.clean(value))]
"""A text of one or more lines: NFC, without control and direction marks."""


class Times(Schema):
    """The two times of a reading (contracts, section 4)."""

    as_of: str | None = Field(None, description="A date or time: the facts in force at the end of that day")
    known_at: str | None = Field(None, description="A time: only what had been recorded by then")

    @contextmanager
    def reading(self) -> Iterator[date]:
        """Read inside: the day asked about, in a transaction that refuses writes."""
        on, known_at = days.read_as_of(self.as_of), days.read_known_at(self.known_at)
        with transaction.atomic(), past.known_at(known_at):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            yield on


class Paging(Schema):
    """Which part of a list."""

    page: int = Field(1, ge=1, le=2_000_000_000, description="From 1")
    page_size: int = Field(50, ge=1, le=LARGEST_PAGE)


class Page(Out, Generic[T]):
    """One page of a list in a total, stable order; `count` is that of the whole list."""

    items: list[T]
    count: int
    page: int
    page_size: int


def paged(
    rows: QuerySet[Any],
    paging: Paging,
    show: Callable[[Any], Any] = lambda row: row,
    fill: Callable[[list[int]], QuerySet[Any]] | None = None,
) -> dict[str, Any]:
    """A page of a queryset, each row turned by `show`. A page after the last one is empty.

    With `fill` only keys are sorted; it then reads the rows of the page with all that hangs on them.
    """
    begin = min((paging.page - 1) * paging.page_size, FARTHEST)
    end = min(begin + paging.page_size, FARTHEST)
    found: Any
    if fill:
        keys, count = late.counted(rows, begin, end)
        found = late.in_order(keys, fill)
    else:
        count = rows.order_by().count()
        found = rows[begin:end] if begin < count else []
    return {
        "items": [show(row) for row in found],
        "count": count,
        "page": paging.page,
        "page_size": paging.page_size,
    }
