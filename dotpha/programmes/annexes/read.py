"""The tables of an annex -> rows of plain text, as printed. Pure over the bytes of a DOCX.

Columns are found by their headings in any order and wording. Group rows, repeated headings, vertically merged cells and
"như trên" are resolved; a row that a page break cut in two is joined, with a doubt.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import docx
from django.utils.translation import gettext_lazy as _
from docx.oxml.ns import qn
from docx.table import Table
from docx.table import _Cell as WordCell

from dotpha.platform import advice, classification, sheets, text
from dotpha.platform.refusals import Refused

HEADINGS = {
    "ordinal": ("stt", "tt", "so tt", "so thu tu", "no"),
    "task": ("nhiem vu", "noi dung", "ten nhiem vu", "cong viec", "noi dung nhiem vu", "nhiem vu giai phap", "task"),
    "lead": ("co quan chu tri", "don vi chu tri", "chu tri", "co quan thuc hien", "don vi thuc hien", "lead"),
    "cooperating": ("co quan phoi hop", "don vi phoi hop", "phoi hop", "co quan don vi phoi hop", "co-operating"),
    "deadline": (
        "thoi han",
        "thoi gian",
        "tien do",
        "thoi gian hoan thanh",
        "thoi gian thuc hien",
        "thoi han hoan thanh",
    ),
    "product": ("san pham", "ket qua", "san pham du kien", "ket qua san pham", "san pham dau ra", "ghi chu san pham"),
    "note": ("ghi chu",),
}
"""Field -> headings of its column, folded; a heading may go on after these words."""
_SAME = re.compile(r"^\W*(?:nhu tren|nt|-nt-|nhu muc tren|ditto)\W*$")
_QUOTES = re.compile(r'^[\s"”“\'′″〃-]*["”“″〃][\s"”“\'′″〃-]*$')
_REPEATED = ("lead", "cooperating", "deadline", "product")
MOST_COLUMNS = 200
"""Of a table."""
_ROW, _MERGED = qn("w:tr"), f"{qn('w:tcPr')}/{qn('w:vMerge')}"
_SPAN, _BEFORE = f"{qn('w:tcPr')}/{qn('w:gridSpan')}", f"{qn('w:trPr')}/{qn('w:gridBefore')}"


@dataclass(frozen=True)
class AnnexRow:
    """A row of the plan as printed. `table` and `number` say where it stands; `doubts` are codes, with
    the column behind an @ where it is not the task."""

    table: int
    number: int
    ordinal: str
    group: str
    task: str
    lead: str
    cooperating: str
    deadline: str
    product: str
    doubts: tuple[str, ...] = field(default=())


def read_annex(data: bytes) -> list[AnnexRow]:
    """The rows of every table that holds an action plan. Refuses a file without one."""
    paragraphs, grids = _read(data)
    classification.require_open(paragraphs)
    if not grids:
        raise Refused(
            "no_table",
            _("This document has no table. An annex holds its tasks in a table."),
            do=advice.OTHER_FILE,
            field="file",
        )
    rows: list[AnnexRow] = []
    columns: dict[str, int] = {}
    for number, grid in enumerate(grids, 1):
        head = _heading(grid)
        if head is not None:
            columns, begin = head
        elif columns and grid and len(grid[0]) > max(columns.values()):
            begin = 0  # a table that goes on after a page break, without a heading of its own
        else:
            continue
        rows += _plan(grid, begin, columns, number)
    if not rows:
        raise Refused(
            "no_plan",
            _("No table of this document has the columns of an action plan: task, lead agency, time."),
            do=advice.OTHER_FILE,
            field="file",
        )
    return rows


def _read(data: bytes) -> tuple[list[str], list[list[list[_Cell]]]]:
    """The paragraphs outside of tables, and each table as rows of cells."""
    try:
        document = docx.Document(io.BytesIO(data))
        if sum(1 for _row in document.element.body.iter(_ROW)) > sheets.MOST_ROWS:
            raise sheets.too_many_rows(sheets.MOST_ROWS)
        return [each.text for each in document.paragraphs], [_grid(each) for each in document.tables]
    except Refused:
        raise
    except Exception as error:  # python-docx raises many kinds, all of which mean the same to a person
        raise Refused(
            "docx_unreadable", _("This file cannot be read as a DOCX document."), do=advice.SAVE_FILE, field="file"
        ) from error


@dataclass(frozen=True)
class _Cell:
    text: str
    element: Any  # the same one for the pieces of a merged cell


def _grid(table: Table) -> list[list[_Cell]]:
    """The rows of a table, a merged cell once for each column and row that it covers.

    python-docx looks for the upper end of a merged cell anew in every row, row by row: too long for long tables, and
    an error where there is none. A piece that goes on from nothing is a cell of its own here.
    """
    grid: list[list[_Cell]] = []
    above: dict[int, _Cell] = {}
    for line in table._tbl.tr_lst:
        row: list[_Cell] = []
        held: dict[int, _Cell] = {}
        column = _count(line, _BEFORE, least=0)
        for piece in line.tc_lst:
            span = _count(piece, _SPAN, least=1)
            merged = piece.find(_MERGED)
            goes_on = merged is not None and merged.get(qn("w:val"), "continue") == "continue"
            upper = above.get(column) if goes_on else None
            held[column] = upper or _Cell(_clean(WordCell(piece, table).text), piece)
            row += [held[column]] * span
            column += span
            if column > MOST_COLUMNS:
                raise _too_wide()
        grid.append(row)
        above = held
    return grid


def _count(element: Any, path: str, *, least: int) -> int:
    """How many columns a piece of a table takes, before it is counted out in memory."""
    said = element.find(path)
    value = least if said is None else said.get(qn("w:val"), str(least))
    if not str(value).isdecimal() or len(str(value)) > 4:
        raise _too_wide()
    return max(least, int(value))


def _too_wide() -> Refused:
    return Refused(
        "table_too_wide",
        _("A table of this document has a cell over too many columns."),
        do=advice.SIMPLER,
        field="file",
    )


def _clean(said: str) -> str:
    lines = (text.one_line(line) for line in text.clean(said).split("\n"))
    return "\n".join(filter(None, lines))


def _heading(grid: Sequence[Sequence[_Cell]]) -> tuple[dict[str, int], int] | None:
    """The columns of a table by field, and the number of its first row after the heading."""
    for number, row in enumerate(grid[:6]):
        columns, begin = _columns(row), number + 1
        below = _columns(grid[begin]) if begin < len(grid) else {}
        if "task" in columns and len(below) > 1 and {"lead", "cooperating"} & set(below):
            columns, begin = {**columns, **below}, begin + 1  # the lower row tells the columns apart
        if {"task", "lead"} <= set(columns) and len(columns) > 2:
            while begin < len(grid) and _is_numbering(grid[begin]):
                begin += 1
            return columns, begin
    return None


def _columns(row: Sequence[_Cell]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, cell in enumerate(row):
        name = _field_of(cell.text)
        if name and name not in found:
            found[name] = index
    return found


def _field_of(heading: str) -> str | None:
    plain = re.sub(r"[^\w-]+", " ", text.fold(heading)).strip()
    if not plain or len(plain) > 60:
        return None
    for name in ("cooperating", "lead", "deadline", "product", "task", "ordinal", "note"):
        if any(plain == said or plain.startswith(f"{said} ") for said in HEADINGS[name]):
            return name
    return None


def _is_numbering(row: Sequence[_Cell]) -> bool:
    """A row under the heading that only counts the columns: (1) (2) (3)."""
    said = [cell.text.strip("() ") for cell in row if cell.text]
    return len(said) > 2 and all(each.isdecimal() for each in said) and said == sorted(said, key=int)


def _plan(grid: Sequence[Sequence[_Cell]], begin: int, columns: dict[str, int], table: int) -> Iterator[AnnexRow]:
    group, above = "", None
    waiting: AnnexRow | None = None
    for number, cells in enumerate(grid[begin:], begin + 1):
        if not any(cell.text for cell in cells) or _columns(cells).keys() >= {"task", "lead"} or _is_numbering(cells):
            continue
        heading = _group_of(cells, columns)
        if heading:
            group = heading
            continue
        row = _row(cells, columns, table, number, group, above)
        if waiting and _goes_on(row, waiting):
            waiting = _joined(waiting, row)
            continue
        if waiting:
            yield waiting
        waiting = above = row
    if waiting:
        yield waiting


def _group_of(cells: Sequence[_Cell], columns: dict[str, int]) -> str:
    """The heading of a group: one merged cell over the row, or a row with nothing but number and title."""
    texts = list(dict.fromkeys(cell.text for cell in cells if cell.text))
    merged = len({id(cell.element) for cell in cells}) <= 2 < len(cells)
    said = {name: cells[index].text for name, index in columns.items() if index < len(cells)}
    bare = said.get("task") and not any(said.get(name) for name in _REPEATED)
    if merged and texts:
        return " ".join(texts)
    letters = re.fullmatch(r"[IVXLC]+\.?|[A-ZĐ]\.?", said.get("ordinal", ""))
    return f"{said['ordinal']} {said['task']}".strip() if bare and letters else ""


def _row(
    cells: Sequence[_Cell], columns: dict[str, int], table: int, number: int, group: str, above: AnnexRow | None
) -> AnnexRow:
    said = {name: cells[index].text if index < len(cells) else "" for name, index in columns.items()}
    lost: list[str] = []
    for name in _REPEATED:
        value = said.get(name, "")
        if _SAME.match(text.fold(value)) or (value and _QUOTES.match(value)):
            said[name] = getattr(above, name) if above is not None else ""
            lost += [] if said[name] else [f"same_as_nothing@{name}"]
    return AnnexRow(
        table=table,
        number=number,
        ordinal=said.get("ordinal", "").rstrip("."),
        group=group,
        task=text.one_line(said.get("task", "").replace("\n", " ")),
        lead=said.get("lead", ""),
        cooperating=said.get("cooperating", ""),
        deadline=text.one_line(said.get("deadline", "").replace("\n", " ")),
        product=said.get("product", ""),
        doubts=tuple(lost),
    )


def _goes_on(row: AnnexRow, above: AnnexRow) -> bool:
    """Whether a row is the rest of the one above: no number, and text that does not begin anew."""
    if row.ordinal or row.group != above.group:
        return False
    begins = row.task[:1]
    return not begins or begins.islower() or not (row.lead or row.deadline)


def _joined(above: AnnexRow, row: AnnexRow) -> AnnexRow:
    parts = {
        name: "\n".join(dict.fromkeys(filter(None, (getattr(above, name), getattr(row, name))))) for name in _REPEATED
    }
    task = f"{above.task} {row.task}".strip()
    parts["deadline"] = parts["deadline"].replace("\n", " ")
    return replace(above, task=task, doubts=(*above.doubts, "joined"), **parts)  # type: ignore[arg-type]
