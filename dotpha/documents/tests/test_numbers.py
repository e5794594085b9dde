"""Numbers of documents, however written: one form, and every way of asking finds it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotpha.documents import numbers
from dotpha.documents.numbers import Number


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("57-NQ/TW", "57/nq/tw"),
        ("Số: 57-NQ/TW", "57/nq/tw"),
        ("№57-NQ/TW", "57/nq/tw"),
        ("№ 57-NQ/TW", "57/nq/tw"),
        ("88/2025/NĐ-CP", "88/2025/nd/cp"),
        ("57‑NQ⁄TW", "57/nq/tw"),
        ("202/2025/QH15", "202/2025/qh15"),
        ("1131/QĐ-TTg", "1131/qd/ttg"),
        ("NQ57", "57/nq"),
        ("57", "57"),
        ("12/1929/X", "12/1929/x"),
        ("Luật  Khoa học", "luat khoa hoc"),
        ("1234567", "1234567"),
        ("፩", "፩"),
    ],
)
def test_a_number_has_one_form(printed: str, key: str) -> None:
    assert numbers.canonical(printed) == key


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("88/2025/NĐ-CP", Number(88, 2025, ("nd", "cp"))),
        ("12/1929/X", Number(12, None, ("1929", "x"))),
        ("Luật Khoa học", None),
        ("1234567", None),
        ("", None),
    ],
)
def test_a_year_is_told_from_a_code(printed: str, expected: Number | None) -> None:
    assert numbers.parse(printed) == expected


@pytest.mark.parametrize(
    "asked",
    [
        "57-NQ/TW", "57-nq/tw", "nq 57", "NQ57", "57 NQ", "TW 57 NQ", "57", "nghi quyet 57", "Nghị quyết 57",
        "Nghị quyết số 57-NQ/TW ngày 22/12/2024", "nghị quyết số 57 của Bộ Chính trị", "resolution 57",
        "Resolution No. 57-NQ/TW dated 22 December 2024", "résolution n° 57", "резолюция № 57", "резолюция №57",
        "постановление 57 от 22.12.2024", "มติที่ 57", "มติเลขที่ 57", "resolusi nombor 57", "resolusi bil. 57",
    ],
)  # fmt: skip
def test_many_ways_to_ask_for_one_resolution(asked: str) -> None:
    query = numbers.read_query(asked)
    assert query is not None
    assert numbers.answers(query, "57-NQ/TW", "resolution") is True
    assert numbers.answers(query, "58-NQ/TW", "resolution") is False


@pytest.mark.parametrize(
    ("asked", "printed", "kind", "expected"),
    [
        ("nghị định 88/2025", "88/2025/NĐ-CP", "decree", True),
        ("nghị định 88", "88/2025/NĐ-CP", "decree", True),
        ("nghị định 88/2024", "88/2025/NĐ-CP", "decree", False),
        ("nghị quyết 88/2025", "88/2025/NĐ-CP", "decree", False),
        ("luật 93/2025", "93/2025/QH15", "law", True),
        ("luật 93/2025/QH15", "93/2025/QH15", "law", True),
        ("undang-undang 93", "93/2025/QH15", "law", True),
        ("nghị quyết 93/2025/QH15", "93/2025/QH15", "law", False),
        ("regulation 10", "10-QC/BCĐTW", "regulation", True),
        ("quy chế 10", "10-QC/BCĐTW", "regulation", True),
        ("57", "không số", "resolution", False),
    ],
)
def test_kind_and_year_tell_namesakes_apart(asked: str, printed: str, kind: str, expected: bool) -> None:
    query = numbers.read_query(asked)
    assert query is not None
    assert numbers.answers(query, printed, kind) is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "chuyển đổi số 57",
        "chiến lược",
        "57 58 59",
        "57 1234",
        "12345678",
        "nghị quyết",
        "፩",
        "²³½",
        "57" + " " * 200,
    ],
)
def test_other_words_ask_for_no_number(text: str) -> None:
    asked = numbers.read_query(text)
    assert asked is None


codes = st.lists(st.sampled_from(["NQ", "NĐ", "QĐ", "CT", "KH", "TW", "CP", "TTg", "QH15", "UBTVQH"]), max_size=3)


@st.composite
def printed_numbers(draw: st.DrawFn) -> str:
    """57-NQ/TW, 88/2025/NĐ-CP: a number, perhaps a year, codes, with the signs that stand between them."""
    parts = [str(draw(st.integers(1, 9999)))]
    parts += draw(st.lists(st.integers(1930, 2199).map(str), max_size=1))
    parts += draw(codes.map(lambda found: list(dict.fromkeys(found))))
    signs = draw(st.lists(st.sampled_from("/-"), min_size=len(parts), max_size=len(parts)))
    return "".join(part + sign for part, sign in zip(parts, signs, strict=True)).rstrip("/-")


@given(printed_numbers())
def test_the_one_form_is_its_own_form(printed: str) -> None:
    key = numbers.canonical(printed)
    assert numbers.canonical(key) == key
    assert key in numbers.forms(printed)


@given(printed_numbers(), st.sampled_from(["", "Số ", "số: ", "№", "no. "]), st.booleans())
def test_what_is_printed_finds_itself(printed: str, before: str, small: bool) -> None:
    query = numbers.read_query(before + (printed.lower() if small else printed))
    assert query is not None
    assert numbers.answers(query, printed) is True


@given(st.text(max_size=250), st.text(max_size=60))
def test_any_text_is_read_without_failing(asked: str, printed: str) -> None:
    """A search field takes anything, digits of other scripts too."""
    query = numbers.read_query(asked)
    assert query is None or query.number >= 0
    assert numbers.parse(printed) is None or numbers.canonical(printed) in numbers.forms(printed)
