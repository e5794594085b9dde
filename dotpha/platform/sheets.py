"""Tables that people give: CSV and XLSX as rows of text, with the row numbers that a spreadsheet shows.

CSV is UTF-8, with or without a byte-order mark, comma or semicolon. XLSX: the first sheet. The header is row 1. What
cannot be read is a `Problem` of its row and column; what makes the whole file useless is a refusal.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineWorkbook
from xlsxwriter.utility import xl_col_to_name

from dotpha.platform import advice, classification, text, workbooks
from dotpha.platform.refusals import Refused

MOST_ROWS = 10_000
LONGEST_CELL = 100_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Problem:
    """What is wrong at a place of a file: row as a spreadsheet shows it, column as its header is named."""

    row: int
    column: str
    code: str
    detail: str


@dataclass(frozen=True)
class Row:
    """A row that is not empty: its number and its cells by field."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """The rows of a file, and what is wrong with some of them."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_table(
    data: bytes,
    kind: str,
    columns: Mapping[str, str],
    required: Iterable[str] = (),
    most_rows: int = MOST_ROWS,
) -> Table:
    """Read a table of a kind ("csv" or "xlsx"). `columns`: header as written -> field.

    Refuses unknown headers by name, a header twice, a missing required field, more rows than `most_rows`.
    """
    sheet = workbooks.first_sheet(data) if kind == "xlsx" else workbooks.Sheet()
    lines = _csv_lines(data) if kind == "csv" else _xlsx_lines(data)
    header = next(lines, None)
    if header is None or not any(header[1]):
        raise Refused("file_empty", _("This file has no header row."), do=advice.HEADER, field="file")
    classification.require_open(header[1])
    fields = _fields(header[1], columns, required)
    problems: list[Problem] = []
    rows: list[Row] = []
    for number, cells in lines:
        if not any(cells):
            continue
        classification.require_open(cells)
        if len(rows) == most_rows:
            raise too_many_rows(most_rows)
        if any(cell for cell in cells[len(fields) :]):
            problems.append(Problem(number, "", "cell_without_header", str(_("A cell stands under no header."))))
            continue
        marked = _marked(number, cells, fields)
        problems += marked
        if marked:
            continue
        rows.append(Row(number, dict(zip(fields, (*cells, *[""] * len(fields)), strict=False))))
    return Table(rows, [*_formulas(sheet, fields), *problems])


def _marked(number: int, cells: Sequence[str], fields: Sequence[str]) -> list[Problem]:
    """The cells whose text bears a mark of State secrecy: such a row stays out, and its words are told nowhere."""
    found = []
    for name, cell in zip(fields, cells, strict=False):
        try:
            classification.require_open_words(cell, name)
        except Refused as refusal:
            found.append(Problem(number, name, refusal.code, str(refusal)))
    return found


def too_many_rows(most: int) -> Refused:
    """The refusal of a file of more rows than are taken at once."""
    return Refused("too_many_rows", _("This file has more than %(most)s rows. Split it."), field="file", most=most)


def _fields(header: Sequence[str], columns: Mapping[str, str], required: Iterable[str]) -> list[str]:
    names = [text.one_line(each) for each in header]
    while names and not names[-1]:
        names.pop()
    known = {text.fold(name): name_of for name, name_of in columns.items()}
    unknown = [name for name in names if text.fold(name) not in known]
    if unknown:
        raise Refused(
            "unknown_column",
            _("This file has columns that nobody asked for: %(names)s. Possible are: %(possible)s."),
            do=advice.RENAME_COLUMN,
            field=unknown[0][:80] or "file",
            names=", ".join(name[:40] or "–" for name in unknown[:10]),
            possible=", ".join(dict.fromkeys(columns.values())),
        )
    fields = [known[text.fold(name)] for name in names]
    twice = next((each for each in fields if fields.count(each) > 1), None)
    if twice:
        raise Refused(
            "column_twice", _("The column “%(name)s” stands here twice."), do=advice.ONE_OUT, field=twice, name=twice
        )
    missing = [each for each in required if each not in fields]
    if missing:
        raise Refused(
            "column_missing",
            _("This file needs the column “%(name)s”."),
            do=advice.ADD_COLUMN,
            field=missing[0],
            name=", ".join(missing),
        )
    return fields


def _csv_lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    if data.startswith(_UTF16):
        raise _not_utf8()
    try:
        said = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _not_utf8() from None
    first = said.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(said, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, 1):
            yield number, [plain_cell(cell).strip() for cell in cells]
    except csv.Error:
        raise Refused(
            "csv_unreadable",
            _("This file is not a table: a quotation mark is not closed."),
            do=advice.SAVE_FILE,
            field="file",
        ) from None


def _not_utf8() -> Refused:
    return Refused("not_utf8", _("This file is not UTF-8 text. Save it as CSV UTF-8 or as XLSX."), field="file")


def plain_cell(cell: str) -> str:
    """A cell of our own export as it was: the apostrophe before a formula sign is taken away."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r" else cell


def _xlsx_lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    except Exception as error:  # calamine raises kinds of its own, all of which mean the same to a person
        raise workbooks.unreadable() from error
    start = sheet.start[0] if sheet.start else 0
    for number, cells in enumerate(sheet.iter_rows(), start + 1 if start else 1):
        yield number, [_said(cell) for cell in cells]


def _said(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _formulas(sheet: workbooks.Sheet, fields: Sequence[str]) -> Iterator[Problem]:
    """Cells with a formula: what they would show is not known for certain, so they are refused."""
    for row, column in sheet.formulas():
        name = fields[column] if column < len(fields) else xl_col_to_name(column)
        yield Problem(row, name, "formula", str(_("Put the value in place of the formula.")))
