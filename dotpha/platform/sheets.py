"""Tables that people give: CSV and XLSX as rows of text, with the row numbers that a spreadsheet shows.

CSV is UTF-8, with or without a byte-order mark, comma or semicolon. XLSX: the first sheet. The header is row 1. What
cannot be read is a `Problem` of its row and column; what makes the whole file useless is a refusal.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineWorkbook

from dotpha.platform import text
from dotpha.platform.refusals import Refused

MOST_ROWS = 10_000
MOST_CELLS = 5_000_000
"""In the square from the first cell to the last one that holds something."""
LONGEST_CELL = 100_000
_FORMULA_CELL = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f[ />]')
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br\s*=\s*["\']([A-Z]{1,3})(\d{1,7})["\'][^>]*(?<!/)>')
_SHEET = re.compile(rb'<(?:\w+:)?sheet\b[^>]*?\b\w+:id\s*=\s*["\']([^"\']+)["\']')
_LINK = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_TARGET = re.compile(rb'\bTarget\s*=\s*["\']([^"\']+)["\']')
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
    lines = _csv_lines(data) if kind == "csv" else _xlsx_lines(data)
    header = next(lines, None)
    if header is None or not any(header[1]):
        raise Refused("file_empty", _("This file has no header row."), field="file")
    fields = _fields(header[1], columns, required)
    problems = _formulas(data, fields) if kind == "xlsx" else []
    rows: list[Row] = []
    for number, cells in lines:
        if not any(cells):
            continue
        if len(rows) == most_rows:
            raise Refused(
                "too_many_rows",
                _("This file has more than %(most)s rows. Split it."),
                field="file",
                most=most_rows,
            )
        if any(cell for cell in cells[len(fields) :]):
            problems.append(Problem(number, "", "cell_without_header", str(_("A cell stands under no header."))))
            continue
        rows.append(Row(number, dict(zip(fields, (*cells, *[""] * len(fields)), strict=False))))
    return Table(rows, problems)


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
            field=unknown[0][:80] or "file",
            names=", ".join(name[:40] or "–" for name in unknown[:10]),
            possible=", ".join(dict.fromkeys(columns.values())),
        )
    fields = [known[text.fold(name)] for name in names]
    twice = next((each for each in fields if fields.count(each) > 1), None)
    if twice:
        raise Refused("column_twice", _("The column “%(name)s” stands here twice."), field=twice, name=twice)
    missing = [each for each in required if each not in fields]
    if missing:
        raise Refused(
            "column_missing",
            _("This file needs the column “%(name)s”."),
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
            "csv_unreadable", _("This file is not a table: a quotation mark is not closed."), field="file"
        ) from None


def _not_utf8() -> Refused:
    return Refused("not_utf8", _("This file is not UTF-8 text. Save it as CSV UTF-8 or as XLSX."), field="file")


def plain_cell(cell: str) -> str:
    """A cell of our own export as it was: the apostrophe before a formula sign is taken away."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r" else cell


def _xlsx_lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    _require_narrow(_first_sheet(data))
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    except Exception as error:  # calamine raises kinds of its own, all of which mean the same to a person
        raise Refused("xlsx_unreadable", _("This file cannot be read as an XLSX table."), field="file") from error
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


def _formulas(data: bytes, fields: Sequence[str]) -> list[Problem]:
    """Cells with a formula: what they would show is not known for certain, so they are refused."""
    found = []
    for match in _FORMULA_CELL.finditer(_first_sheet(data)):
        index = _column_index(match[1].decode())
        column = fields[index] if index < len(fields) else match[1].decode()
        found.append(Problem(int(match[2]), column, "formula", str(_("Put the value in place of the formula."))))
    return found


def _first_sheet(data: bytes) -> bytes:
    """The part of an XLSX file that holds its first sheet; empty where the file is none, which its reader says."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sheet = _SHEET.search(archive.read("xl/workbook.xml"))
            links = archive.read("xl/_rels/workbook.xml.rels") if sheet else b""
            target = next((_TARGET.search(each) for each in _LINK.findall(links) if sheet and sheet[1] in each), None)
            path = target[1].decode() if target else ""
            return archive.read(path.lstrip("/") if path.startswith("/") else f"xl/{path}")
    except (KeyError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, UnicodeDecodeError):
        return b""


def _require_narrow(sheet: bytes) -> None:
    """Refuse a sheet whose cells lie so far apart that the square they span would fill the memory of the server."""
    right = below = 0
    for match in _FILLED_CELL.finditer(sheet):
        right, below = max(right, _column_index(match[1].decode()) + 1), max(below, int(match[2]))
    if right * below > MOST_CELLS:
        raise Refused(
            "sheet_too_wide",
            _("Cells lie too far apart: up to column %(right)s, row %(below)s. Delete what is beside the table."),
            field="file",
            right=right,
            below=below,
        )


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
