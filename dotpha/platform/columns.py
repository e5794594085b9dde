"""The columns of files that people give: their headers, and how each cell is read (A8).

A header is the column's name, its label in any of the six languages, or a word that such lists use in Viet Nam.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from dotpha.platform import inspection, sheets, text
from dotpha.platform.refusals import Refused
from dotpha.platform.sheets import Problem
from dotpha.platform.texts import LOCALES


@dataclass(frozen=True)
class Column:
    """A column of a file: its name, its label as a header, other words for it, and the reader of a cell.

    `read` is given the cell and the column's name; it answers the value, or refuses. None: a column that is known but
    says nothing that is kept.
    """

    name: str
    label: Any = ""
    read: Callable[[str, str], Any] | None = None
    also: tuple[str, ...] = ()


def headers(columns: Sequence[Column]) -> dict[str, str]:
    """Header as it may be written -> name of the column."""
    found = {word: each.name for each in columns for word in (each.name, *each.also)}
    for code in LOCALES:
        with translation.override(code):
            found |= {str(each.label): each.name for each in columns if each.label}
    return found


@dataclass(frozen=True)
class Given:
    """A file as it was read: its kind, the values of each row by column with the row's number, what is unreadable."""

    kind: str
    rows: list[tuple[int, dict[str, Any]]]
    problems: list[Problem]

    def values_of(self, column: str) -> set[Any]:
        """Every value of a column, each once."""
        return {values[column] for _number, values in self.rows if values.get(column)}


def read_file(data: bytes, name: str, columns: Sequence[Column]) -> Given:
    """Read an XLSX or CSV file whose rows are matched by the column "key"."""
    kind = inspection.inspect(data, name, ("xlsx", "csv")).kind
    table = sheets.read_table(data, kind, headers(columns), ("key",))
    given = Given(kind, [], list(table.problems))
    for each in table.rows:
        given.rows.append((each.number, _values(each, columns, given.problems)))
    return given


def _values(row: sheets.Row, columns: Sequence[Column], problems: list[Problem]) -> dict[str, Any]:
    """The values of the cells that are filled in, by column; what cannot be read goes to `problems`."""
    values = {}
    for column in columns:
        cell = text.one_line(row.cells.get(column.name, ""))
        if not cell or column.read is None:
            continue
        try:
            values[column.name] = column.read(cell, column.name)
        except Refused as refusal:
            problems.append(Problem(row.number, column.name, refusal.code, str(refusal)))
    return values


def text_of(most: int) -> Callable[[str, str], str]:
    """The reader of a text of at most so many signs."""
    return lambda cell, name: text.clean(cell, most, name)
