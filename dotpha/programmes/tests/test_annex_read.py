"""Annexes come in as printed: any order of columns, merged cells, group rows, page breaks, “như trên”."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from dotpha.platform.refusals import Refused
from dotpha.platform.text import one_line
from dotpha.programmes.annexes.read import read_annex
from dotpha.programmes.tests import annex_fixtures as fixtures


def test_the_140_real_tasks_come_back_as_printed() -> None:
    read = read_annex(fixtures.real_annex())
    real = fixtures.real_tasks()
    assert [(row.ordinal, row.task) for row in read] == [(row["ordinal"], one_line(row["text_vi"])) for row in real]
    assert [row.group.split(".")[0] for row in read] == [fixtures.ROMAN[int(row["task_group"])] for row in real]
    assert [one_line(row.deadline) for row in read] == [one_line(row["deadline_text"]) for row in real]


def test_columns_are_found_in_any_order_and_wording() -> None:
    data = fixtures.annex(
        [("12/2026", "Báo cáo", "Bộ A", "1", "Việc một", "Bộ B")],
        ("Thời hạn hoàn thành", "Kết quả", "Đơn vị chủ trì", "STT", "Nội dung nhiệm vụ", "Đơn vị phối hợp"),
    )
    (row,) = read_annex(data)
    assert (row.ordinal, row.task, row.lead, row.cooperating, row.deadline, row.product) == (
        "1", "Việc một", "Bộ A", "Bộ B", "12/2026", "Báo cáo",
    )  # fmt: skip


@pytest.mark.parametrize("same", ["như trên", "Như trên", "nt", "-nt-", "“", '"'])
def test_as_above_takes_the_cell_above(same: str) -> None:
    rows = [
        ("1", "Việc một", "Bộ A", "Bộ B", "6/2026", "Báo cáo"),
        ("2", "Việc hai", same, same, "7/2026", "Quyết định"),
    ]
    assert [(row.lead, row.cooperating) for row in read_annex(fixtures.annex(rows))] == [("Bộ A", "Bộ B")] * 2


def test_group_rows_name_the_group_of_what_follows() -> None:
    rows = [
        ("I. THỂ CHẾ",),
        ("1", "Việc một", "Bộ A", "", "6/2026", ""),
        ("B", "HẠ TẦNG", "", "", "", ""),
        ("2", "Việc hai", "Bộ A", "", "7/2026", ""),
    ]
    assert [row.group for row in read_annex(fixtures.annex(rows))] == ["I. THỂ CHẾ", "B HẠ TẦNG"]


def test_a_row_cut_by_a_page_break_is_joined_with_a_doubt() -> None:
    rows = [
        ("1", "Xây dựng cơ sở dữ liệu", "Bộ A", "Bộ B", "6/2026", "Báo cáo"),
        ("", "quốc gia về dân cư", "", "Bộ C", "", ""),
        ("2", "Việc hai", "Bộ A", "", "7/2026", ""),
    ]
    first, second = read_annex(fixtures.annex(rows))
    assert (first.task, first.cooperating, first.doubts) == (
        "Xây dựng cơ sở dữ liệu quốc gia về dân cư", "Bộ B\nBộ C", ("joined",),
    )  # fmt: skip
    assert (second.task, second.doubts) == ("Việc hai", ())


def test_repeated_headings_and_counting_rows_are_no_tasks() -> None:
    rows = [("(1)", "(2)", "(3)", "(4)", "(5)", "(6)"), ("1", "Việc một", "Bộ A", "", "6/2026", ""), fixtures.HEADINGS]
    assert [row.task for row in read_annex(fixtures.annex(rows))] == ["Việc một"]


def test_several_tables_and_one_that_is_no_plan() -> None:
    document = docx.Document()
    document.add_table(rows=1, cols=2).rows[0].cells[0].text = "CHÍNH PHỦ"
    for number in ("1", "2"):
        table = document.add_table(rows=1, cols=6)
        for cell, heading in zip(table.rows[0].cells, fixtures.HEADINGS, strict=True):
            cell.text = heading
        fixtures.add(table, [number, f"Việc {number}", "Bộ A", "", "6/2026", ""])
    assert [(row.table, row.task) for row in read_annex(fixtures.written(document))] == [(2, "Việc 1"), (3, "Việc 2")]


def test_vertically_merged_leads_hold_for_each_row() -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=6)
    for cell, heading in zip(table.rows[0].cells, fixtures.HEADINGS, strict=True):
        cell.text = heading
    for number in ("1", "2"):
        fixtures.add(table, [number, f"Việc {number}", "", "", "6/2026", ""])
    table.cell(1, 2).merge(table.cell(2, 2)).text = "Bộ A"
    assert [row.lead for row in read_annex(fixtures.written(document))] == ["Bộ A", "Bộ A"]


def test_a_heading_of_two_rows() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=5)
    for column, heading in enumerate(("TT", "Nhiệm vụ", "Phân công thực hiện", "Phân công thực hiện", "Thời hạn")):
        table.cell(0, column).text = heading
    for column, heading in enumerate(("", "", "Chủ trì", "Phối hợp", "")):
        table.cell(1, column).text = heading
    fixtures.add(table, ["1", "Việc một", "Bộ A", "Bộ B", "6/2026"])
    (row,) = read_annex(fixtures.written(document))
    assert (row.lead, row.cooperating, row.deadline) == ("Bộ A", "Bộ B", "6/2026")


def test_line_breaks_stay_in_a_cell_and_direction_marks_go() -> None:
    rows = [("1", "Việc\u202e một\n<script>", "Bộ A;\nBộ B", "", "6/2026", "- Báo cáo\n- Quyết định")]
    (row,) = read_annex(fixtures.annex(rows))
    assert (row.task, row.lead, row.product) == ("Việc một <script>", "Bộ A;\nBộ B", "- Báo cáo\n- Quyết định")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (fixtures.written(docx.Document()), "no_table"),
        (fixtures.annex([("1", "2")], ("Tên", "Tuổi")), "no_plan"),
        (b"not a document", "docx_unreadable"),
    ],
)
def test_a_document_without_a_plan_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_annex(data)
    assert refusal.value.code == code


def test_a_secret_document_is_refused() -> None:
    document = docx.Document()
    document.add_paragraph("TUYỆT MẬT")
    with pytest.raises(Refused) as refusal:
        read_annex(fixtures.written(document))
    assert refusal.value.code == "state_secret"


def written_by_hand(rows: int, change: Callable[[list[Any]], object]) -> bytes:
    """An annex whose lines of a table were changed as no program writes them."""
    document = docx.Document()
    table = document.add_table(rows=rows, cols=3)
    lines = list(table._tbl.tr_lst)
    for number, line in enumerate(lines):
        texts = (f"Việc {number}", "Bộ A", "6/2026") if number else ("Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn")
        for piece, said in zip(line.tc_lst, texts, strict=True):
            piece.p_lst[0].add_r().text = said
    change(lines)
    return fixtures.written(document)


def marked(piece: Any, name: str, value: str | None = None) -> None:
    mark = OxmlElement(f"w:{name}")
    if value is not None:
        mark.set(qn("w:val"), value)
    piece.get_or_add_tcPr().append(mark)


def test_a_lead_merged_over_thousands_of_rows_is_read() -> None:
    """The library looked for its upper end by going up row by row, until the stack was full."""

    def merge(lines: list[Any]) -> None:
        marked(lines[1].tc_lst[1], "vMerge", "restart")
        for line in lines[2:]:
            marked(line.tc_lst[1], "vMerge")
            line.tc_lst[1].p_lst[0].clear_content()

    rows = read_annex(written_by_hand(1500, merge))
    assert (len(rows), {row.lead for row in rows}) == (1499, {"Bộ A"})


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: marked(lines[0].tc_lst[0], "vMerge"),
        lambda lines: (
            marked(lines[1].tc_lst[0], "gridSpan", "2"), lines[1].remove(lines[1].tc_lst[2]),
            marked(lines[2].tc_lst[1], "vMerge"),
        ),
        lambda lines: marked(lines[1].tc_lst[0], "gridSpan"),
        lambda lines: lines[1].tc_lst[0].p_lst[0].add_r().append(OxmlElement("w:br", {qn("w:type"): "no such"})),
    ],
    ids=["goes on from nothing", "goes on from the middle of a cell", "no number", "no such break"],
)  # fmt: skip
def test_a_table_that_no_program_would_write_is_read_or_refused(change: Callable[[list[Any]], object]) -> None:
    with contextlib.suppress(Refused):
        assert {row.deadline for row in read_annex(written_by_hand(4, change))} >= {"6/2026"}


def test_a_table_wider_or_longer_than_any_plan_is_refused() -> None:
    wide = written_by_hand(3, lambda lines: marked(lines[1].tc_lst[0], "gridSpan", "199"))
    with pytest.raises(Refused) as refusal:
        read_annex(wide)
    assert refusal.value.code == "table_too_wide"
    long = written_by_hand(3, lambda lines: [lines[2].addnext(copy.deepcopy(lines[2])) for _each in range(10_000)])
    with pytest.raises(Refused) as refusal:
        read_annex(long)
    assert refusal.value.code == "too_many_rows"
