"""The directory as it was on a day: who and what was there, under which name, what became of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dotpha.accounts.models import User
from dotpha.directory import actions, queries, search
from dotpha.directory.models import Organisation, Place
from dotpha.directory.queries.posts import posts
from dotpha.directory.rows import OrganisationRow, PlaceRow, SuccessionRow
from dotpha.directory.rules.successions import Link
from dotpha.platform import days
from dotpha.platform.actors import program
from dotpha.platform.refusals import Refused

pytestmark = pytest.mark.django_db
TEST = program("test")
ONE = timedelta(days=1)
LAST = date(2025, 6, 30)
MERGED = date(2025, 7, 1)
NOW = date(2026, 1, 1)


def places(*keys: str, **facts: Any) -> list[Place]:
    values = {"level": "province", "kind": "province", **facts}
    rows = [PlaceRow(**{"key": key, "code": key[:10], "name": {"vi": key}, "short": key, **values}) for key in keys]
    return actions.add_places(rows=rows, by=TEST)


def organisation(key: str, **facts: Any) -> Organisation:
    row = OrganisationRow(**{"key": key, "kind": "ministry", "name": {"vi": key}, **facts})
    return actions.add_organisations(rows=[row], by=TEST)[0]


def replaced(kind: str, *links: tuple[str, str, date, str | None]) -> None:
    rows = [SuccessionRow(old, new, on, Decimal(share) if share else None) for old, new, on, share in links]
    actions.add_successions(kind=kind, rows=rows, by=TEST)


def keys(rows: Any) -> list[str]:
    return [each.key for each in rows]


# --- what was there on a day ----------------------------------------------------------------------

PERIODS = {
    "always": {},
    "ended": {"valid_to": LAST},
    "begun": {"valid_from": MERGED},
    "one-day": {"valid_from": LAST, "valid_to": LAST},
}


@pytest.mark.parametrize(
    ("on", "there"),
    [
        (LAST - ONE, ["always", "ended"]),
        (LAST, ["always", "ended", "one-day"]),
        (MERGED, ["always", "begun"]),
        (date.max, ["always", "begun"]),
    ],
)
def test_the_first_and_the_last_day_belong_to_it(on: date, there: list[str]) -> None:
    for key, period in PERIODS.items():
        places(key, **period)
        organisation(key, **period)
    assert keys(queries.places(on)) == there
    assert sorted(keys(queries.organisations(on))) == there
    under = Organisation.objects.filter(queries.valid(on)).values_list("key", flat=True)
    assert sorted(under) == there


def test_places_come_by_official_code_and_are_narrowed() -> None:
    places("can-tho", code="92", short="Cần Thơ", name={"vi": "Thành phố Cần Thơ"})
    places("ha-noi", code="01", short="Hà Nội", name={"vi": "Thành phố Hà Nội"})
    places("ba-dinh", code="00004", level="commune", parent="ha-noi", short="Ba Đình")
    places("ninh-kieu", code="31135", level="commune", parent="can-tho", short="Ninh Kiều")
    assert keys(queries.places(NOW)) == ["ba-dinh", "ha-noi", "ninh-kieu", "can-tho"]
    assert keys(queries.places(NOW, level="commune")) == ["ba-dinh", "ninh-kieu"]
    assert keys(queries.places(NOW, parent="ha-noi")) == ["ba-dinh"]
    assert keys(queries.places(NOW, words="thanh pho ha")) == ["ha-noi"]
    assert keys(queries.places(NOW, level="province", parent="ha-noi")) == []


def test_organisations_come_by_the_vietnamese_alphabet_and_are_narrowed() -> None:
    places("hue")
    organisation("gov", kind="government", name={"vi": "Chính phủ", "en": "Government"})
    organisation("b", parent="gov", name={"vi": "Bộ Đất"}, abbreviations=("BĐ",))
    organisation("a", parent="gov", name={"vi": "Bộ Dầu"})
    organisation("c", kind="agency", place="hue", name={"vi": "Ấp"})
    assert keys(queries.organisations(NOW)) == ["c", "a", "b", "gov"]
    assert keys(queries.organisations(NOW, kind="ministry")) == ["a", "b"]
    assert keys(queries.organisations(NOW, parent="gov")) == ["a", "b"]
    assert keys(queries.organisations(NOW, place="hue")) == ["c"]
    assert keys(queries.organisations(NOW, words="bo dat")) == ["b"]
    assert keys(queries.organisations(NOW, words="bđ")) == ["b"]
    assert keys(queries.organisations(NOW, words="government")) == ["gov"]
    assert keys(queries.organisations(NOW, kind="agency", parent="gov")) == []


def test_one_is_found_also_when_it_has_ended() -> None:
    places("old", valid_to=LAST)
    organisation("former", valid_to=LAST)
    assert (queries.one_place("old").key, queries.one_organisation("former").key) == ("old", "former")


@pytest.mark.parametrize("ask", [queries.one_place, queries.one_organisation])
def test_a_key_that_nobody_has_is_not_found(ask: Any) -> None:
    with pytest.raises(Refused) as found:
        ask("nobody")
    assert (found.value.code, found.value.status) == ("not_found", 404)


# --- names ----------------------------------------------------------------------------------------


def test_each_day_has_the_name_of_that_day() -> None:
    held = organisation("most", name={"vi": "Một"})
    other = organisation("other", name={"vi": "Khác"})
    for name, from_on in (("Hai", date(2020, 1, 1)), ("Ba", MERGED)):
        held = actions.rename_organisation(organisation=held, name={"vi": name}, from_on=from_on, by=TEST)
    asked = [date(2019, 12, 31), date(2020, 1, 1), LAST, MERGED, NOW]
    assert [queries.one_organisation(held.key, day).title.text for day in asked] == ["Một", "Hai", "Hai", "Ba", "Ba"]
    assert [queries.one_organisation(other.key, day).title.text for day in asked] == ["Khác"] * 5


def test_a_list_of_a_day_shows_sorts_and_finds_by_the_names_of_that_day() -> None:
    organisation("middle", name={"vi": "Bộ M"})
    held = organisation("most", name={"vi": "Bộ A"}, abbreviations=("BA",))
    actions.rename_organisation(organisation=held, name={"vi": "Bộ Z"}, from_on=MERGED, by=TEST)

    def listed(on: date, words: str = "") -> list[str]:
        return [each.title.text for each in queries.organisations(on, words=words)]

    assert (listed(LAST), listed(MERGED)) == (["Bộ A", "Bộ M"], ["Bộ M", "Bộ Z"])
    assert (listed(LAST, "bo a"), listed(LAST, "bo z")) == (["Bộ A"], [])
    assert (listed(MERGED, "bo a"), listed(MERGED, "bo z")) == ([], ["Bộ Z"])
    assert listed(LAST, "ba") == ["Bộ A"]


# --- members --------------------------------------------------------------------------------------


def test_a_post_names_those_who_held_it_on_that_day() -> None:
    body = organisation("most")
    post = actions.add_post(organisation=body, title={"vi": "Bộ trưởng"}, by=TEST)
    first, second = (User.objects.create_user(name, name=name) for name in ("first", "second"))
    actions.fill_post(post=post, user=first, from_on=LAST - ONE, until_on=LAST, by=TEST)
    actions.fill_post(post=post, user=second, from_on=MERGED, by=TEST)
    held = [[each.user.name for each in posts(body, on)[0].holding] for on in (LAST, MERGED)]
    assert held == [["first"], ["second"]]
    assert posts(body, LAST - 2 * ONE)[0].holding == []


def test_a_group_stands_for_the_bodies_of_its_kinds_on_that_day() -> None:
    group = organisation("all", kind="group", member_kinds=("ministry", "agency"))
    organisation("gone", valid_to=LAST)
    organisation("mof")
    organisation("new", kind="agency", valid_from=MERGED)
    organisation("school", kind="university", parent="all")
    assert keys(queries.members(group, LAST)) == ["gone", "mof"]
    assert keys(queries.members(group, MERGED)) == ["mof", "new"]


def test_a_body_that_is_no_group_has_those_directly_under_it() -> None:
    held = organisation("mof", member_kinds=("agency",))
    organisation("tax", kind="agency", parent="mof")
    organisation("tax-1", kind="agency", parent="tax")
    organisation("gone", parent="mof", valid_to=LAST)
    organisation("else", kind="agency")
    assert keys(queries.members(held, NOW)) == ["tax"]
    assert sorted(keys(queries.members(held, LAST))) == ["gone", "tax"]


# --- successions ----------------------------------------------------------------------------------


def test_links_of_places_and_of_organisations_stay_apart() -> None:
    places("a", "b")
    organisation("a")
    organisation("c")
    replaced("place", ("a", "b", MERGED, "0.4"))
    replaced("organisation", ("a", "c", NOW, None))
    assert queries.links("place") == [Link("a", "b", MERGED, Decimal("0.4"))]
    assert queries.links("organisation") == [Link("a", "c", NOW, None)]


def test_a_place_lies_in_itself_until_the_day_it_is_replaced() -> None:
    places("a", "b", "c", "d")
    replaced("place", ("a", "b", MERGED, "0.4"), ("a", "c", MERGED, "0.6"), ("b", "d", NOW, None))
    assert queries.crosswalk("a", LAST) == {"a": Decimal(1)}
    assert queries.crosswalk("a", MERGED) == {"b": Decimal("0.4"), "c": Decimal("0.6")}
    assert queries.crosswalk("a", NOW) == {"d": Decimal("0.4"), "c": Decimal("0.6")}
    assert queries.crosswalk("d", NOW) == {"d": Decimal(1)}


def test_a_share_that_nobody_knows_is_not_invented() -> None:
    places("a", "b", "c")
    replaced("place", ("a", "b", MERGED, "0.4"), ("a", "c", MERGED, None))
    assert queries.crosswalk("a", LAST) == {"a": Decimal(1)}
    assert queries.crosswalk("a", MERGED) is None


# --- matching -------------------------------------------------------------------------------------


def test_of_the_successions_only_those_that_lead_on_are_read() -> None:
    keys = [f"c-{at}" for at in range(40)]
    rows = [OrganisationRow(key, "ministry", {"vi": key}) for key in ("a", "b", "c", *keys)]
    actions.add_organisations(rows=rows, by=TEST)
    pairs = [("a", "b"), ("b", "c"), *pairwise(keys)]
    links = [SuccessionRow(old, new, MERGED) for old, new in pairs]
    actions.add_successions(kind="organisation", rows=links, by=TEST)
    assert {(each.old, each.new) for each in queries._onward("organisation", ["a"])} == {("a", "b"), ("b", "c")}
    with CaptureQueriesContext(connection) as asked:
        assert [each.key for each in queries.successors("a", MERGED)] == ["b", "c"]
    assert len(asked) == 5  # a step each, the last one finds none; then the organisations, and what they lay in


def test_the_index_knows_names_former_names_languages_abbreviations_and_heirs() -> None:
    name = {"vi": "Bộ Khoa học và Công nghệ", "en": {"text": "Ministry of Science", "state": "draft"}}
    held = organisation("most", name={"vi": "Bộ Khoa học, Công nghệ và Môi trường"}, abbreviations=("BKHCN",))
    actions.rename_organisation(organisation=held, name=name, from_on=date(2002, 8, 5), by=TEST)
    organisation("mic", name={"vi": "Bộ Thông tin và Truyền thông"}, valid_to=LAST)
    replaced("organisation", ("mic", "most", MERGED, None))
    matcher = queries.matcher()
    for cell in (
        "Bộ Khoa học và Công nghệ",
        "bo khoa hoc va cong nghe",
        "Ministry of Science",
        "BKHCN",
        "Bộ Khoa học, Công nghệ và Môi trường",
        "Bộ Thông tin và Truyền thông",
    ):
        found = matcher.find(cell, NOW)
        assert (cell, found.keys, found.certain) == (cell, ("most",), True)
    assert [note.code for note in found.notes] == ["former_name"]
    assert matcher.find("Bộ Thông tin và Truyền thông", LAST).keys == ("mic",)


def test_bodies_of_communes_are_known_only_on_request() -> None:
    organisation("ba-dinh", kind="commune_peoples_committee", name={"vi": "UBND phường Ba Đình"})
    assert ("ba-dinh" in queries.matcher(), "ba-dinh" in queries.matcher(communes=True)) == (False, True)


def test_the_index_asks_no_more_for_more_organisations() -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as counted:
            queries.matcher()
        return len(counted)

    organisation("first")
    few = asked()
    for number in range(10):
        organisation(f"o-{number}")
    assert asked() == few


# --- history --------------------------------------------------------------------------------------


def test_a_history_tells_of_one_thing_newest_first_and_not_without_end() -> None:
    held, _other = organisation("most"), organisation("other")
    for number in range(queries.EVENTS_SHOWN):
        actions.change_organisation(organisation=held, changes={"source": f"Công báo {number}"}, by=TEST)
    told = [(each.subject, each.kind, each.after.get("source")) for each in queries.history(held, days.today())]
    assert told == [
        ("organisation:most", "organisation.changed", f"Công báo {number}")
        for number in reversed(range(queries.EVENTS_SHOWN))
    ]
    assert not queries.history(held, days.today() - ONE)


def test_of_places_of_one_name_the_province_is_found_first() -> None:
    [province] = places("z-tinh", short="Sơn La", code="14", name={"vi": "Sơn La"})
    places("a-xa", level="commune", kind="commune", short="Sơn La", parent="z-tinh", name={"vi": "Sơn La"})
    assert [each.key for each in search.PLACES.find(TEST, "sơn la", NOW, 10)] == [province.key, "a-xa"]
