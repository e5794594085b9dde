"""The search over the real pack: without marks, mistyped, decomposed, under former names, within what one may see."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from dotpha.accounts.models import Grant, User
from dotpha.datapacks import load
from dotpha.directory import actions
from dotpha.directory.rows import OrganisationRow
from dotpha.platform import finding
from dotpha.platform.actors import Actor, program
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db
TEST = program("test")
ON = date(2026, 1, 1)


def nfd(words: str) -> str:
    return unicodedata.normalize("NFD", words)


QUERIES = {
    # Without marks
    "bo khoa hoc va cong nghe": "most",
    "bo noi vu": "moha",
    "thanh tra chinh phu": "government-inspectorate",
    "ban to chuc trung uong": "organisation-commission",
    "thanh pho hai phong": "province-hai-phong",
    "ca mau": "province-ca-mau",
    "phuong phu thuong": "commune-00091",
    "ia chim": "commune-23326",
    "nen tang dao tao truc tuyen mo dai tra": "nq03-011",
    "sua doi luat to chuc chinh phu": "nq03-020",
    "nghi quyet 57": "nq-57",
    "193 2025 qh15": "nq-193-qh15",
    "phe duyet de an chuyen doi so trong cac co quan dang": "qd-204-tw",
    "BKHCN": "most",
    "vnpt": "vnpt",
    # Mistyped: letters swapped, missing, doubled, wrong, beside the key, words written as one
    "bo khao hoc va cong nghe": "most",
    "bo taii chinh": "mof",
    "ngan hang nha nuoc vit nam": "sbv",
    "bo quoc phogn": "mond",
    "bo giao duc va dao tqo": "moet",
    "tap doan vien thong quan dpi": "viettel",
    "benh vien bahc mai": "bach-mai",
    "dai hoc bach kohoa ha noi": "hust",
    "hai pohng": "province-hai-phong",
    "quangg ninh": "province-quang-ninh",
    "lam domg": "province-lam-dong",
    "thua thien hue": "province-hue",
    "xa nam lau son la": "commune-03784",
    "bien doong": "commune-07573",
    "vinh thuna dong": "commune-31453",
    "de an ung dung iot trogn nong nghiep": "nq03-065",
    "huong dan thi hanh laut du lieu": "nq03-029",
    "bo tieu chi danh gia hieu qua dau tu cho chuyendoi so": "nq03-128",
    "co so nghien cuu chinh sach ve cong nghe so tai doanh nghiep": "nq03-137",
    "dich vu cong truc tuyne toan trinh": "nq03-092",
    "quy che lam viec cua ban chi dao trung uogn": "qc-01-bcdtw",
    "hoi dong tu van quoc gai": "qd-02-bcdtw",
    # Decomposed
    nfd("Bộ Công an"): "mps",
    nfd("Tỉnh Điện Biên"): "province-dien-bien",
    nfd("Văn phòng Trung ương Đảng"): "party-office",
    nfd("Xã Nghĩa Đồng"): "commune-17284",
    nfd("sổ sức khỏe điện tử"): "nq03-110",
    # Former names
    "Bộ Thông tin và Truyền thông": "most",
    "bo ke hoach va dau tu": "mof",
    "bo giao thong vna tai": "moc",
    nfd("Bộ Tài nguyên và Môi trường"): "mae",
    "ha giang": "province-tuyen-quang",
    "tinh binh duong": "province-ho-chi-minh",
    "ba ria vung tau": "province-ho-chi-minh",
    "tinh hai duogn": "province-hai-phong",
}
LEAST = 48


@pytest.fixture
def office() -> Iterator[Actor]:
    """A reader of everything, over the whole pack; the words of other tests are forgotten."""
    finding.known_words.cache_clear()
    load.load_pack("resolution57")
    person = User.objects.create(username="office", name="Office")
    Grant.objects.create(user=person, role="office", scope="all", from_on=date(2020, 1, 1), granted_by="test")
    yield person.actor()
    finding.known_words.cache_clear()


def first_five(by: Actor, words: str) -> list[str]:
    return [hit.key for hit in finding.flat(by, words, ON, limit=5)]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_right_one_is_among_the_first_five_for_48_of_50(office: Actor, language: str) -> None:
    assert len(QUERIES) == 50
    with translation.override(language):
        found = {words: first_five(office, words) for words in QUERIES}
    missed = {words: found[words] for words, key in QUERIES.items() if key not in found[words]}
    assert len(QUERIES) - len(missed) >= LEAST, missed


def test_a_former_name_leads_to_what_is_there_now_and_says_so() -> None:
    body = {"kind": "ministry", "abbreviations": ("BKHĐT",)}
    old, new, closed, _other = actions.add_organisations(
        rows=[
            OrganisationRow("old", name={"vi": "Bộ Kế hoạch"}, **body),
            OrganisationRow("new", "ministry", {"vi": "Bộ Một"}),
            OrganisationRow("closed", "ministry", {"vi": "Bộ Vật tư"}, valid_to=date(1995, 1, 1)),
            OrganisationRow("other", "ministry", {"vi": "Bộ Hai"}),
        ],
        by=TEST,
    )
    actions.replace_organisations(former=[old], successors=[new], on=date(2025, 3, 1), by=TEST)
    actions.rename_organisation(organisation=new, name={"vi": "Bộ Ba"}, from_on=date(2025, 6, 1), by=TEST)

    def told(words: str, on: date = ON) -> list[tuple[str, str, str]]:
        with translation.override("en"):
            found = finding.flat(TEST, words, on, "organisation")
            return [(hit.key, hit.title, hit.excerpt) for hit in found]

    assert told("bo ke hoach") == [("new", "Bộ Ba", "formerly Bộ Kế hoạch")]
    assert told("bkhdt") == [("new", "Bộ Ba", "formerly Bộ Kế hoạch")]
    assert told("bo mot") == [("new", "Bộ Ba", "formerly Bộ Một")]
    assert told("bo mot", date(2025, 5, 31)) == [("new", "Bộ Một", "Ministry")]
    assert told("bo ke hoach", date(2025, 2, 28)) == [("old", "Bộ Kế hoạch", "Ministry")]
    assert told("vat tu") == [(closed.key, "Bộ Vật tư", "no longer there")]


def test_mended_words_find_nothing_that_one_may_not_see() -> None:
    make.task(key="a", title="Xây dựng Quỹ đầu tư mạo hiểm", within=make.programme("secret", published=False))
    finding.known_words.cache_clear()
    assert [hit.key for hit in finding.flat(make.actor("office"), "quy dau tu moa hiem", ON)] == ["a"]
    assert finding.flat(make.stranger(), "quy dau tu moa hiem", ON) == []
    assert finding.flat(make.stranger(), "quy dau tu mao hiem", ON) == []
    finding.known_words.cache_clear()


def test_the_search_of_the_api_answers_the_best_first_with_few_queries(client: Client) -> None:
    rows = [OrganisationRow(f"o-{n}", "ministry", {"vi": f"Bộ Khoa học {n}", "en": f"Ministry {n}"}) for n in range(9)]
    actions.add_organisations(rows=[*rows, OrganisationRow("most", "ministry", {"vi": "Bộ Khoa học"})], by=TEST)

    def asked(**query: object) -> tuple[int, Any]:
        with CaptureQueriesContext(connection) as counted:
            answer = client.get("/api/v1/search", query)
        assert answer.status_code == 200
        return len(counted), answer.json()["items"]

    few, one = asked(q="bo khoa hoc", limit=1)
    many, ten = asked(q="bo khoa hoc", limit=10, lang="en")
    assert (one[0]["key"], ten[0]["key"], len(ten), few) == ("most", "most", 10, many)
    assert {"kind", "key", "title", "url", "excerpt"} <= ten[1].keys()
    assert ten[1]["title"].startswith("Ministry")
    assert asked(q="bo khoa hoc", kind="place")[1] == []


@pytest.mark.parametrize("query", ["", "q=", "q=a&limit=0", "q=a&limit=51", "q=a&lang=xx", "q=a&as_of=2999-01-01"])
def test_an_unreadable_search_is_refused(client: Client, query: str) -> None:
    assert client.get(f"/api/v1/search?{query}").status_code in (400, 422)
