"""DOCX annexes as Vietnamese resolutions print them, made from rows of plain text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import docx

PACK = Path(__file__).resolve().parents[2] / "datapacks" / "packs" / "resolution57"
HEADINGS = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành", "Sản phẩm")
ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII")
FIELDS = ("ordinal", "text_vi", "lead_as_written", "cooperating_as_written", "deadline_text", "expected_product")


def real_tasks() -> list[dict[str, str]]:
    """The 140 tasks of annex II of 03/NQ-CP, as the pack holds them."""
    with open(PACK / "tasks.csv", encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["document"] == "nq-03-cp"]


def real_annex() -> bytes:
    """The 140 tasks as one printed annex, with a merged row before each group."""
    document = docx.Document()
    document.add_paragraph("PHỤ LỤC II")
    table = _table(document, HEADINGS)
    group = ""
    for row in real_tasks():
        if row["task_group"] != group:
            group = row["task_group"]
            merged(table, f"{ROMAN[int(group)]}. NHÓM NHIỆM VỤ {group}")
        add(table, [row[name] for name in FIELDS])
    return written(document)


def annex(rows: Iterable[Sequence[str]], headings: Sequence[str] = HEADINGS) -> bytes:
    """An annex of one table; a row of one text is merged over the whole width."""
    document = docx.Document()
    table = _table(document, headings)
    for row in rows:
        if len(row) == 1:
            merged(table, row[0])
        else:
            add(table, row)
    return written(document)


def _table(document: Any, headings: Sequence[str]) -> Any:
    table = document.add_table(rows=1, cols=len(headings))
    for cell, heading in zip(table.rows[0].cells, headings, strict=True):
        cell.text = heading
    return table


def add(table: Any, texts: Sequence[str]) -> None:
    """One more row."""
    for cell, said in zip(table.add_row().cells, texts, strict=True):
        cell.text = said


def merged(table: Any, said: str) -> None:
    """One more row, merged over the whole width."""
    cells = table.add_row().cells
    cells[0].merge(cells[-1]).text = said


def written(document: Any) -> bytes:
    """The document as a file."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
