"""Names of agencies as cells write them: found, doubted, followed to successors."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotpha.directory.matching import SENTENCES, Entry, Match, Matcher, Remark

MERGED = date(2025, 3, 1)
NOW = date(2025, 7, 1)
ONE = timedelta(days=1)

ENTRIES = [
    Entry("most", ["Bộ Khoa học và Công nghệ"], ["BKHCN"], "ministry"),
    Entry("mof", ["Bộ Tài chính"], ["BTC"], "ministry"),
    Entry("mocst", ["Bộ Văn hóa, Thể thao và Du lịch"], ["BVHTTDL"], "ministry"),
    Entry("moc", ["Bộ Xây dựng"], ["BXD"], "ministry", valid_from=MERGED),
    Entry("mpi", ["Bộ Kế hoạch và Đầu tư"], ["BKHĐT"], "ministry", valid_to=MERGED - ONE, successors=["mof"]),
    Entry("mic", ["Bộ Thông tin và Truyền thông"], [], "ministry", valid_to=MERGED - ONE, successors=["most", "mocst"]),
    Entry("gone", ["Ủy ban Sông Mê Kông"], [], "agency", valid_to=MERGED - ONE),
    Entry("first", ["Tổng cục Một"], [], "agency", valid_to=date(2020, 1, 1), successors=["second", "nowhere"]),
    Entry("second", ["Tổng cục Hai"], [], "agency", valid_to=MERGED - ONE, successors=["mof"]),
    Entry("round", ["Cục Vòng"], [], "agency", valid_to=MERGED - ONE, successors=["round"]),
    Entry("hung-yen", ["UBND tỉnh Hưng Yên"], [], "provincial_peoples_committee"),
    Entry("bac-ninh", ["UBND tỉnh Bắc Ninh"], [], "provincial_peoples_committee"),
    Entry("ha-noi", ["UBND thành phố Hà Nội"], [], "provincial_peoples_committee"),
    Entry("vnpt", ["Tập đoàn Bưu chính Viễn thông Việt Nam"], ["VNPT"], "enterprise"),
    Entry("all-ministries", ["Các bộ, ngành"], [], "group"),
    Entry("all-localities", ["Các địa phương"], [], "group"),
    Entry("twin-1", ["Viện Nghiên cứu"], [], "university"),
    Entry("twin-2", ["Viện nghiên cứu"], [], "university"),
]
MATCHER = Matcher(ENTRIES)


def keys(cell: str, on: date = NOW) -> tuple[list[str], bool]:
    found = MATCHER.find(cell, on)
    return list(found.keys), found.certain


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Bộ Khoa học và Công nghệ", ["most"]),
        ("BỘ KHOA HỌC VÀ CÔNG NGHỆ", ["most"]),
        ("bo khoa hoc cong nghe", ["most"]),
        ("BKHCN", ["most"]),
        ("Bộ KHCN", ["most"]),
        ("Bộ KH&CN", ["most"]),
        ("Bộ VHTTDL", ["mocst"]),
        ("Bộ Văn hóa, Thể thao và Du lịch, Bộ Tài chính", ["mocst", "mof"]),
        ("Bộ Tài chính và Bộ Khoa học và Công nghệ", ["mof", "most"]),
        ("Bộ Tài chính Bộ Khoa học và Công nghệ", ["mof", "most"]),
        ("Bộ Tài chính; Bộ Tài chính; BTC", ["mof"]),
        ("Chủ trì: Bộ Tài chính. Phối hợp: các bộ, ngành", ["mof", "all-ministries"]),
        ("UBND tỉnh Hưng Yên", ["hung-yen"]),
        ("tỉnh Hưng Yên", ["hung-yen"]),
        ("Ủy ban nhân dân Hưng Yên", ["hung-yen"]),
        ("TP Hà Nội, Bắc Ninh", ["ha-noi", "bac-ninh"]),
        ("UBND các tỉnh, thành phố", ["all-localities"]),
        ("Các địa phương: Bắc Ninh, Hưng Yên", ["bac-ninh", "hung-yen"]),
        ("Các địa phương, Bắc Ninh", ["all-localities", "bac-ninh"]),
        ("Tập đoàn Bưu chính Viễn thông", ["vnpt"]),
        ("", []),
        (" ,; 1. ", []),
    ],
)
def test_what_a_cell_names_for_certain(cell: str, expected: list[str]) -> None:
    assert keys(cell) == (expected, True)


def test_the_first_one_named_leads() -> None:
    assert (MATCHER.find("BTC, BKHCN", NOW).lead, Match().lead) == ("mof", None)


@pytest.mark.parametrize(
    ("cell", "on", "expected", "doubts", "notes"),
    [
        ("Bộ Kế hoạch và Đầu tư", MERGED - ONE, ["mpi"], [], []),
        ("Bộ Kế hoạch và Đầu tư", MERGED, ["mof"], [], [("former_name", ("mof",))]),
        ("Tổng cục Một", NOW, ["mof"], [], [("former_name", ("mof",))]),
        ("Bộ Thông tin và Truyền thông", MERGED, [], [("several_successors", ("most", "mocst"))], []),
        ("Ủy ban Sông Mê Kông", MERGED, [], [("no_successor", ())], []),
        ("Cục Vòng", MERGED, [], [("no_successor", ())], []),
        ("Bộ Xây dựng", MERGED - ONE, ["moc"], [], [("not_yet", ("moc",))]),
        ("Viện Nghiên cứu", NOW, [], [("ambiguous", ("twin-1", "twin-2"))], []),
        ("Bộ Phép thuật", NOW, [], [("unknown", ())], []),
        ("Bộ Tài chính, Bộ Phép thuật và", NOW, ["mof"], [("unknown", ())], []),
    ],
)
def test_what_is_doubted_and_what_is_only_noted(
    cell: str, on: date, expected: list[str], doubts: list[object], notes: list[object]
) -> None:
    found = MATCHER.find(cell, on)
    assert (list(found.keys), found.certain) == (expected, not doubts)
    assert [(each.code, each.candidates) for each in found.doubts] == doubts
    assert [(each.code, each.candidates) for each in found.notes] == notes


def test_an_unknown_name_is_quoted_whole_with_its_neighbours() -> None:
    found = MATCHER.find("Bộ Tài chính, Bộ Khoa học và Công nghiệp", NOW)
    assert [each.text for each in found.doubts] == ["Bộ Khoa học và Công nghiệp"]
    assert found.nearest[0] == "most"
    assert MATCHER.nearest("Bộ Khoa học", count=1) == ["most"]


def test_a_cell_that_is_a_whole_text_is_not_read() -> None:
    found = MATCHER.find("Bộ Tài chính " * 400, NOW)
    assert (found.keys, [each.code for each in found.doubts]) == ((), ["too_long"])


def test_every_remark_has_a_sentence_about_its_piece() -> None:
    assert [str(Remark(code, "X y")).count("X y") for code in SENTENCES] == [code != "too_long" for code in SENTENCES]


def test_a_derived_form_takes_no_name_from_its_owner() -> None:
    """ "Hưng Yên" is also a body of its own here: it keeps its name, the province is asked for in full."""
    matcher = Matcher([*ENTRIES, Entry("hy-ltd", ["Hưng Yên"], kind="enterprise")])
    assert matcher.find("Hưng Yên, tỉnh Hưng Yên", NOW).keys == ("hy-ltd", "hung-yen")


def test_the_members_of_a_group_are_those_of_its_kinds_on_the_day() -> None:
    kinds = {"all-ministries": ["ministry"]}
    assert MATCHER.members("all-ministries", NOW, kinds) == ["most", "mof", "mocst", "moc"]
    assert MATCHER.members("all-ministries", MERGED - ONE, kinds) == ["most", "mof", "mocst", "mpi", "mic"]
    assert MATCHER.members("all-localities", NOW, kinds) == []


def test_keys_are_known_names_are_not_keys() -> None:
    assert ("most" in MATCHER, "Bộ Tài chính" in MATCHER) == (True, False)


CERTAIN = [each for each in ENTRIES if each.is_valid(NOW) and each.kind != "group" and "twin" not in each.key]


@given(
    st.lists(st.sampled_from(CERTAIN), min_size=1, max_size=6, unique_by=lambda each: each.key),
    st.sampled_from([", ", "; ", " và ", "\n", " - ", ", các "]),
    st.sampled_from([str, str.upper, str.lower]),
)
def test_a_list_of_names_is_read_in_its_order_whatever_stands_between(
    named: list[Entry], between: str, written: object
) -> None:
    cell = between.join(written(each.names[0]) for each in named)  # type: ignore[operator]
    assert keys(cell) == ([each.key for each in named], True)


@given(st.text(max_size=200), st.sampled_from([MERGED - ONE, NOW]))
def test_any_cell_is_read_without_failing_and_names_only_the_directory(cell: str, on: date) -> None:
    found = MATCHER.find(cell, on)
    assert all(key in MATCHER for key in found.keys)
    assert found.certain is not bool(found.doubts)
