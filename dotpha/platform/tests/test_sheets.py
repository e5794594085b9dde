"""Tables that people give come in whole, with the row numbers of a spreadsheet, or are refused by name."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from dotpha.platform import exports, sheets
from dotpha.platform.refusals import Refused

COLUMNS = {"key": "key", "title": "title", "Nhiệm vụ": "title"}


def xlsx(rows: list[list[Any]]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    book.close()
    return file.getvalue()


def cells(table: sheets.Table) -> list[tuple[int, dict[str, str]]]:
    return [(row.number, dict(row.cells)) for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("sign", [",", ";"])
def test_csv_with_either_sign_and_mark(encoding: str, sign: str) -> None:
    data = f"key{sign}title\na{sign}Một\n\nb{sign}Hai\n".encode(encoding)
    assert cells(sheets.read_table(data, "csv", COLUMNS)) == [
        (2, {"key": "a", "title": "Một"}),
        (4, {"key": "b", "title": "Hai"}),
    ]


def test_vietnamese_headers_name_the_same_columns() -> None:
    data = "key,nhiệm vụ\na,Một\n".encode()
    assert cells(sheets.read_table(data, "csv", COLUMNS)) == [(2, {"key": "a", "title": "Một"})]


@pytest.mark.parametrize(
    ("data", "code", "field"),
    [
        (b"key,title,colour\n", "unknown_column", "colour"),
        (b"key,key\n", "column_twice", "key"),
        (b"key\n", "column_missing", "title"),
        (b"", "file_empty", "file"),
        ("key,title\na,Một\n".encode("utf-16"), "not_utf8", "file"),
        ("key,title\na,Một\n".encode("cp1258", "replace").replace(b"?", b"\xd2"), "not_utf8", "file"),
    ],
)
def test_a_file_that_cannot_be_a_register_is_refused(data: bytes, code: str, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        sheets.read_table(data, "csv", COLUMNS, ["key", "title"])
    assert (refusal.value.code, refusal.value.field) == (code, field)


@pytest.mark.parametrize(("title", "passes"), [("Tối mật", False), ("Bảo mật", True)])
def test_a_cell_that_is_a_mark_of_state_secrecy_stops_the_file(title: str, passes: bool) -> None:
    data = f"key,title\na,Một\nb,{title}\n".encode()
    if passes:
        assert len(sheets.read_table(data, "csv", COLUMNS).rows) == 2
        return
    with pytest.raises(Refused) as refusal:
        sheets.read_table(data, "csv", COLUMNS)
    assert refusal.value.code == "state_secret"


def test_a_cell_with_a_mark_in_brackets_is_told_by_row_and_column() -> None:
    table = sheets.read_table("key,title\na,Một\nb,Báo cáo (Mật)\n".encode(), "csv", COLUMNS)
    assert [row.number for row in table.rows] == [2]
    assert [(each.row, each.column, each.code) for each in table.problems] == [(3, "title", "state_secret")]


def test_too_many_rows_are_refused() -> None:
    data = b"key,title\n" + b"a,b\n" * 11
    with pytest.raises(Refused) as refusal:
        sheets.read_table(data, "csv", COLUMNS, most_rows=10)
    assert refusal.value.code == "too_many_rows"


def test_xlsx_cells_become_text() -> None:
    rows = [["key", "title"], ["a", date(2026, 9, 2)], [7, 1.5]]
    assert cells(sheets.read_table(xlsx(rows), "xlsx", COLUMNS)) == [
        (2, {"key": "a", "title": "2026-09-02"}),
        (3, {"key": "7", "title": "1.5"}),
    ]


def test_formulas_are_refused_at_their_cell() -> None:
    table = sheets.read_table(xlsx([["key", "title"], ["a", "=1+1"]]), "xlsx", COLUMNS)
    assert [(each.row, each.column, each.code) for each in table.problems] == [(2, "title", "formula")]


def test_a_million_empty_rows_cost_nothing() -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["key", "title"])
    sheet.write_row(1, 0, ["a", "Một"])
    sheet.write_string(1_000_000, 0, " ")
    book.close()
    assert cells(sheets.read_table(file.getvalue(), "xlsx", COLUMNS)) == [(2, {"key": "a", "title": "Một"})]


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        sheets.read_table(b"PK\x03\x04", "xlsx", COLUMNS)
    assert refusal.value.code == "xlsx_unreadable"


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool),
        max_size=5,
    )
)
def test_our_own_csv_comes_back_as_it_went_out(titles: list[str]) -> None:
    data = b"".join(exports.csv_stream(["key", "title"], [(f"k{n}", title) for n, title in enumerate(titles)]))
    back = sheets.read_table(data, "csv", COLUMNS)
    assert [row.cells["title"] for row in back.rows] == titles


def test_our_own_xlsx_comes_back_typed() -> None:
    file = exports.xlsx_file("Nhiệm vụ", ["key", "title"], [("a", "=1+1"), ("b", date(2026, 1, 2))], [("Ngày", "1")])
    back = sheets.read_table(file.read(), "xlsx", COLUMNS)
    assert ([row.cells["title"] for row in back.rows], back.problems) == (["=1+1", "2026-01-02"], [])


@pytest.mark.parametrize("data", [b"key,title\na,Ngh\xde quy\xd5t\n", "key,title\na,Nghị quyết".encode("utf-16")])
def test_a_table_in_an_old_encoding_is_told_how_to_be_saved(data: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        sheets.read_table(data, "csv", COLUMNS)
    assert refusal.value.code == "not_utf8"
