"""Cells of a table on the screen, as django-tables2 writes them.

What a column's method wants and which class it has is looked up once a table and not once a cell: for a list of
thirty rows that was a third of the time of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from inspect import signature
from typing import Any

Cell = tuple[str, Any, Any]
"""CSS classes, heading, content."""


def lines(table: Any) -> Iterator[tuple[Any, list[Cell]]]:
    """The record and the cells of each row of the page shown."""
    columns = [
        (bound.attrs["td"].get("class", ""), str(bound.header), _writer(table, bound)) for bound in table.columns
    ]
    for row in table.paginated_rows:
        yield row.record, [(css, header, write(row)) for css, header, write in columns]


@cache
def _wanted(method: Any) -> tuple[str, ...]:
    return tuple(signature(method).parameters)[1:]


def _writer(table: Any, bound: Any) -> Callable[[Any], Any]:
    """Writes one column's cell of a row. What is more than a `render_` method of record or value is the library's."""
    render = getattr(table, f"render_{bound.name}", None)
    wanted = _wanted(render.__func__) if render else ()
    if render is None or bound.link or not {*wanted} <= {"record", "value"}:
        return lambda row: row.get_cell(bound.name)

    written: dict[str, Any] = {}

    def write(row: Any) -> Any:
        value = bound.accessor.resolve(row.record, quiet=True)
        if value in bound.column.empty_values:
            return bound.default
        if wanted == ("value",) and isinstance(value, str):  # one of a few words, as a state
            if value not in written:
                written[value] = render(value=value)
            return written[value]
        given = {"record": row.record, "value": value}
        return render(**{name: given[name] for name in wanted})

    return write
