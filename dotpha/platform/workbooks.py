"""What an XLSX file holds, looked at by streaming before a reader unfolds it in the memory of the server.

The reader of tables makes the whole square between the cells that hold something, takes parts by their names whatever
their case, and falls back to other kinds of workbook. So every part that holds cells is measured, and a file that two
programs could read differently is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice, inspection
from dotpha.platform.refusals import Refused

MOST_CELLS = 5_000_000
"""In the square from the first cell of a sheet to the last one that holds something."""
_LONGEST_LIST = 1_000_000
"""Bytes of a part that only lists the others."""
_PIECE = 1_000_000
_CELLS = b"sheetData"
_PLACE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_OTHER_KINDS = {"content.xml", "mimetype", "xl/workbook.bin"}
_BROKEN = (*inspection.BROKEN, expat.ExpatError, KeyError)


@dataclass
class Sheet:
    """How far the filled cells of a sheet reach, counted from 1, and where its formulas stand."""

    right: int = 0
    below: int = 0
    _formulas: array[int] = field(default_factory=lambda: array("Q"))  # row and column in one number: there may be many

    def hold(self, row: int, column: int, *, formula: bool) -> None:
        """Take note of a cell that holds something."""
        self.right, self.below = max(self.right, column + 1), max(self.below, row)
        if formula:
            self._formulas.append(row << 20 | column)

    def formulas(self) -> Iterator[tuple[int, int]]:
        """Row as a spreadsheet shows it and column from 0 of each cell with a formula, in the order of the file."""
        return ((place >> 20, place & 0xFFFFF) for place in self._formulas)


def first_sheet(data: bytes) -> Sheet:
    """The first sheet of an XLSX file. Refuses what is none, and a file of which any sheet would fill the memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = _names(archive)
            sheets = {name: _sheet(archive, name) for name in names.values() if _holds_cells(archive, name)}
            first = sheets[names[_first_part(archive)]]
    except _BROKEN as error:
        raise unreadable() from error
    for sheet in sheets.values():
        _require_narrow(sheet)
    return first


def unreadable() -> Refused:
    """The refusal of a file that is no XLSX table."""
    return Refused(
        "xlsx_unreadable", _("This file cannot be read as an XLSX table."), do=advice.SAVE_FILE, field="file"
    )


def _names(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """The parts by the name under which a reader finds them. Refuses two of one name, and a second kind of workbook."""
    names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
    if len(names) != len(archive.namelist()) or _OTHER_KINDS & names.keys():
        raise ValueError
    return names


def _holds_cells(archive: zipfile.ZipFile, name: str) -> bool:
    with archive.open(name) as part:
        seen = b""
        while piece := part.read(_PIECE):
            if _CELLS in seen + piece:
                return True
            seen = piece[-len(_CELLS) :]
    return False


def _require_narrow(sheet: Sheet) -> None:
    if sheet.right * sheet.below > MOST_CELLS:
        raise Refused(
            "sheet_too_wide",
            _("Cells lie too far apart: up to column %(right)s, row %(below)s. Delete what is beside the table."),
            field="file",
            right=sheet.right,
            below=sheet.below,
        )


def _first_part(archive: zipfile.ZipFile) -> str:
    """The name, in small letters, of the part that holds the first sheet."""
    first = next(iter(_elements(archive, "xl/workbook.xml", "sheet")), {})
    [link] = [said for name, said in first.items() if name.endswith(" id")]
    links = [
        each for each in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship") if each.get("Id") == link
    ]
    [target] = [each["Target"] for each in links]
    rooted = target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
    return rooted.lower()


def _elements(archive: zipfile.ZipFile, name: str, wanted: str) -> list[dict[str, str]]:
    """The attributes of each element of this name in a part that lists others; those of another namespace as "… id"."""
    if archive.getinfo(name).file_size > _LONGEST_LIST:
        raise ValueError
    found: list[dict[str, str]] = []

    def begin(element: str, said: dict[str, str]) -> None:
        if _local(element) == wanted:
            found.append(said)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = begin
    parser.Parse(archive.read(name), True)
    return found


def _local(element: str) -> str:
    return element.rpartition(" ")[2]


def _sheet(archive: zipfile.ZipFile, name: str) -> Sheet:
    """Measure a part that holds cells."""
    walk = _Walk()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = walk.begin, walk.end
    with archive.open(name) as part:
        parser.ParseFile(part)
    return walk.sheet


class _Walk:
    """Where the reader of tables would put each cell: at its own place, else beside the one before it."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.row = self.column = 0
        self.place: tuple[int, int] | None = None

    def begin(self, element: str, said: dict[str, Any]) -> None:
        name = _local(element)
        if self.place is not None:  # something stands in the cell
            self.sheet.hold(*self.place, formula=name == "f")
        elif name == "row":
            self.row, self.column = _row_number(said["r"]) if "r" in said else self.row + 1, 0
        elif name == "c":
            self.place = self._placed(said.get("r"))

    def _placed(self, said: str | None) -> tuple[int, int]:
        row, column = self.row, self.column
        if said is not None:
            place = _PLACE.fullmatch(said)
            if place is None:
                raise ValueError
            row, column = max(row, int(place[2])), _column_index(place[1])
        self.column = max(self.column, column) + 1
        return row, column

    def end(self, element: str) -> None:
        if _local(element) == "c":
            self.place = None


def _row_number(said: str) -> int:
    if not said.isdecimal() or len(said) > 7:
        raise ValueError
    return int(said)


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
