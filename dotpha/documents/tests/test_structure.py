"""A text cut into provisions: laws and decrees, Party documents, annexes; no line is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotpha.documents import structure
from dotpha.documents.structure import Kind, Placed, Provision, printed_order
from dotpha.platform.text import nfc

LAW = """Căn cứ Hiến pháp
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
1. Luật này quy định
a) một
đ) năm

2. Hai
Điều 5 của Luật này được sửa.
Mục 2: Tên mục
Điều 2. Đối tượng
Phụ lục II
DANH MỤC
Điều 1. Trong phụ lục
"""
PARTY = """I. QUAN ĐIỂM
1. Một
2. Hai
2.1. Hai một
a) điểm
II- MỤC TIÊU
2030. không phải khoản
C. không phải phần
1) Một
"""


def addresses(text: str) -> list[str]:
    return [each.address for each in structure.split(text)]


def test_a_law_by_articles_clauses_and_points() -> None:
    assert [(each.address, each.kind.value, each.parent) for each in structure.split(LAW)] == [
        ("preamble", "preamble", None),
        ("chapter-1", "chapter", None),
        ("art-1", "article", "chapter-1"),
        ("art-1.1", "clause", "art-1"),
        ("art-1.1.a", "point", "art-1.1"),
        ("art-1.1.đ", "point", "art-1.1"),
        ("art-1.2", "clause", "art-1"),
        ("chapter-1.section-2", "section", "chapter-1"),
        ("art-2", "article", "chapter-1.section-2"),
        ("annex-II", "annex", None),
        ("annex-II.art-1", "article", "annex-II"),
    ]


def test_headings_labels_and_texts_stand_as_printed() -> None:
    found = {each.address: each for each in structure.split(LAW)}
    assert found["preamble"] == Provision("preamble", Kind.PREAMBLE, None, "", text="Căn cứ Hiến pháp")
    assert found["chapter-1"] == Provision("chapter-1", Kind.CHAPTER, None, "Chương I", "QUY ĐỊNH CHUNG")
    assert found["art-1.2"] == Provision(
        "art-1.2", Kind.CLAUSE, "art-1", "2.", text="Hai\nĐiều 5 của Luật này được sửa."
    )


def test_a_party_document_by_letters_of_rome() -> None:
    found = {each.address: each for each in structure.split(PARTY)}
    assert list(found) == ["I", "I.1", "I.2", "I.2.1", "I.2.1.a", "II", "II.1"]
    assert found["II"].text == "2030. không phải khoản\nC. không phải phần"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Phần thứ nhất\nA\nPhần thứ hai. B\nPhần thứ xyz", ["part-1", "part-2"]),
        ("Điều 1a. X\nĐiều 1đ. Y", ["art-1a", "art-1đ"]),
        ("Điều 1. Y\nĐiều 1. Z\nĐiều 1. Z", ["art-1", "art-1~2", "art-1~3"]),
        ("Điều 1². Phạm vi\n1. a\nĐiều ². b", ["art-1", "art-1.1", "art-2"]),
        ("Phụ lục A. T\nPhụ lục số 2\nPhụ lục", ["annex-A", "annex-2"]),
        ("ĐIỀU 3.\nDIEU 4.", ["art-3", "art-4"]),
        ("II. Không mở đầu\na) không ở đâu", ["preamble"]),
        ("I. A\nIII. C\nII. B\nIIX. D", ["I", "II"]),
        ("Điều 1. A\n1. a\n30. b\n2. c\n2. d\n3.1. e\n2.1. f", ["art-1", "art-1.1", "art-1.2", "art-1.2.1"]),
        ("", []),
    ],
)
def test_only_a_number_that_goes_on_opens_a_provision(text: str, expected: list[str]) -> None:
    assert addresses(text) == expected


@given(st.integers(1, 399))
def test_letters_of_rome_there_and_back(number: int) -> None:
    assert structure.roman_value(structure.roman(number)) == number


@pytest.mark.parametrize("text", ["", "IIII", "VX", "IC", "A", "ii", "XIXI"])
def test_what_is_no_number_of_rome(text: str) -> None:
    assert structure.roman_value(text) is None


def test_children_stand_directly_under_an_address() -> None:
    found = structure.split(LAW)
    assert [each.address for each in structure.children(found, "art-1")] == ["art-1.1", "art-1.2"]
    assert [each.address for each in structure.children(found, None)] == ["preamble", "chapter-1", "annex-II"]


LINES = st.one_of(
    st.sampled_from(["I. A", "II. B", "III. C", "1. a", "2. b", "2.1. c", "a) d", "b) e", "lời", "30. f", ""]),
    st.sampled_from(
        ["Phần thứ nhất", "Chương I", "Mục 1", "Điều 1. X", "Điều 2.", "Điều 1 của", "Phụ lục I", "Điều 1²."]
    ),
    st.text(max_size=20),
)


@given(st.lists(LINES, max_size=25).map("\n".join))
def test_no_line_is_lost_and_every_address_is_its_own(text: str) -> None:
    found = structure.split(text)
    named = [each.address for each in found]
    assert len(set(named)) == len(named)
    for at, each in enumerate(found):
        assert each.parent is None or each.parent in named[:at]
    said = "".join(f"{each.label}{each.heading}{each.text}" for each in found)
    kept, given_letters = ([c for c in whole if c.isalnum()] for whole in (said, nfc(text)))
    assert kept == given_letters


@given(st.data())
def test_the_printed_order_loses_nobody_and_puts_each_provision_right_within_its_parent(data: st.DataObject) -> None:
    count = data.draw(st.integers(0, 12))
    parents = [data.draw(st.none() | st.integers(0, at - 1)) if at else None for at in range(count)]
    orders = data.draw(st.permutations(range(count)))
    placed = [Placed(at, parents[at], "clause", orders[at]) for at in range(count)]
    found = printed_order(data.draw(st.permutations(placed)))
    assert sorted(found) == list(range(count))
    place = {pk: at for at, pk in enumerate(found)}

    def ways(at: int) -> list[int]:
        return [at] if parents[at] is None else [*ways(parents[at]), at]

    for one in range(count):
        held = [at for at in range(count) if one in ways(at)]
        assert sorted(place[at] for at in held) == list(range(place[one], place[one] + len(held)))
    for parent in {*parents}:
        beside = [at for at in found if parents[at] == parent]
        assert beside == sorted(beside, key=lambda at: orders[at])
