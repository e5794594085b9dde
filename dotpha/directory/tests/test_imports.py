"""Files of organisations and places: looked at first, loaded whole or not at all, repeated without effect."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from dotpha.__main__ import main
from dotpha.accounts.models import Grant, User
from dotpha.directory import actions, columns, imports, queries
from dotpha.directory.imports import ORGANISATIONS, PLACES, Line, Shape
from dotpha.directory.kinds import ORGANISATION_KINDS, PLACE_KINDS
from dotpha.directory.models import Organisation, OrganisationName, Place, Succession
from dotpha.directory.rows import Change, OrganisationRow, PlaceRow
from dotpha.platform import text
from dotpha.platform.actors import Actor, program
from dotpha.platform.columns import headers
from dotpha.platform.importing import Preview, Result
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.platform.texts import LOCALES

pytestmark = pytest.mark.django_db
TEST = program("test")
PACK = Path(__file__).resolve().parents[2] / "datapacks" / "packs" / "resolution57"
HEAD = "key,name_vi,kind,parent,valid_from,valid_to,place,short,replaces,source"


def file(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows, ""]).encode()


def look(data: bytes, shape: Shape = ORGANISATIONS, by: Actor = TEST) -> Preview[Line]:
    return imports.preview(data, "r.csv", shape, by)


def load(data: bytes, shape: Shape = ORGANISATIONS) -> Result:
    return imports.apply(look(data, shape), shape, TEST)


def wrong(data: bytes, shape: Shape = ORGANISATIONS) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.code) for each in look(data, shape).problems]


def counts(result: Result) -> tuple[int, int, int, int]:
    return result.accepted, result.changed, result.unchanged, result.refused


def organisation(key: str, **facts: Any) -> Organisation:
    values = {"kind": "ministry", "name": {"vi": f"Bộ {key}"}, **facts}
    return actions.add_organisations(rows=[OrganisationRow(key=key, **values)], by=TEST)[0]


def place(key: str = "province-ha-noi", **facts: Any) -> Place:
    values = {"code": "01", "level": "province", "kind": "city", "name": {"vi": "Hà Nội"}, "short": "Hà Nội", **facts}
    return actions.add_places(rows=[PlaceRow(key=key, **values)], by=TEST)[0]


# --- what becomes of a row ------------------------------------------------------------------------


def test_looking_writes_nothing() -> None:
    organisation("most")
    events = AuditEvent.objects.count()
    seen = look(file("most,,,,2020-01-01,,,,,", "new,Bộ mới,ministry,most,,,,,,"))
    assert [(line.number, line.fate) for line in seen.lines] == [(2, "changed"), (3, "added")]
    assert (Organisation.objects.count(), AuditEvent.objects.count()) == (1, events)


def test_rows_are_added_changed_or_left_and_the_same_file_changes_nothing() -> None:
    organisation("gov", kind="government")
    organisation("most", name={"vi": "Bộ KHCN", "en": {"text": "MOST", "state": "draft"}})
    organisation("same")
    data = file(
        "unit,Cục mới,agency,most,2021-01-01,,,CM;CTM,,QĐ 1",
        "most,Bộ KHCN,Ministry-level agency,gov,2020-02-01,,,,,",
        "same,Bộ same,ministry,,,,,,,",
    )
    (line,) = [line for line in look(data).lines if line.fate == "changed"]
    assert [(each.column, each.before, each.after) for each in line.differences] == [
        ("kind", "ministry", "ministry_level"),
        ("parent", "", "gov"),
        ("valid_from", None, date(2020, 2, 1)),
    ]
    assert counts(load(data)) == (1, 1, 1, 0)
    unit, most = Organisation.objects.get(key="unit"), Organisation.objects.get(key="most")
    assert (unit.path, unit.abbreviations, unit.source) == ("gov/most/unit/", ["CM", "CTM"], "QĐ 1")
    assert (most.path, most.kind, most.version) == ("gov/most/", "ministry_level", 2)
    assert most.name["en"] == {"text": "MOST", "state": "draft"}
    event = AuditEvent.objects.get(kind="organisation.changed")
    assert event.before == {"kind": "ministry", "valid_from": None, "parent": None}
    assert event.after == {"kind": "ministry_level", "valid_from": "2020-02-01", "parent": "gov"}
    events = AuditEvent.objects.count()
    assert counts(load(data)) == (0, 0, 3, 0)
    assert AuditEvent.objects.count() == events


RENAMED = "key,name_vi,name_from,name_en,kind,source"


def test_a_new_name_with_its_day_is_a_renaming_and_the_same_file_changes_nothing() -> None:
    with translation.override("vi"):
        held = organisation("most", name={"vi": "Bộ Khoa học", "en": "Science"}, valid_from=date(1959, 3, 4))
        data = file("most,Bộ KHCN,2025-03-01,MOST,ministry_level,QĐ 9", head=RENAMED)
        [line] = look(data).lines
        assert [(each.column, each.before, each.after) for each in line.differences] == [
            ("name_vi", "Bộ Khoa học", "Bộ KHCN"),
            ("name_en", "Science", "MOST"),
            ("kind", "ministry", "ministry_level"),
            ("source", "", "QĐ 9"),
            ("name_from", None, date(2025, 3, 1)),
        ]
        assert counts(load(data)) == (0, 1, 0, 0)
        held.refresh_from_db()
        assert (held.name, held.kind) == ({"vi": "Bộ KHCN", "en": "MOST"}, "ministry_level")
        former = held.former_names.get()
        told = (former.name, former.until_on, former.document)
        assert told == ({"vi": "Bộ Khoa học", "en": "Science"}, date(2025, 2, 28), "QĐ 9")
        assert AuditEvent.objects.get(kind="organisation.renamed").reason == "Nhập từ tệp"
        assert queries.one_organisation(held.key, date(2025, 2, 28)).title.text == "Bộ Khoa học"
        events = AuditEvent.objects.count()
        assert counts(load(data)) == (0, 0, 1, 0)
        assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("day", ["1959-03-04", "1900-01-01", "2025-03-01"])
def test_a_name_from_a_day_before_that_of_the_present_one_is_refused_beforehand(day: str) -> None:
    held = organisation("most", valid_from=date(1959, 3, 4))
    if day == "2025-03-01":
        actions.rename_organisation(organisation=held, name={"vi": "Khác"}, from_on=date(2025, 3, 1), by=TEST)
    data = file(f"most,Bộ KHCN,{day},,,", head=RENAMED)
    assert wrong(data) == [(2, "name_from", "days_out_of_order")]


def test_a_renaming_of_what_somebody_changed_meanwhile_is_refused() -> None:
    held = organisation("most")
    seen = look(file("most,Bộ KHCN,2025-03-01,,,", head=RENAMED))
    actions.change_organisation(organisation=held, changes={"source": "khác"}, by=TEST)
    with pytest.raises(Refused) as said:
        imports.apply(seen, ORGANISATIONS, TEST)
    assert said.value.code == "changed_meanwhile"
    assert not OrganisationName.objects.exists()


def test_a_day_without_another_name_and_that_of_a_new_row_say_nothing() -> None:
    organisation("most")
    data = file("most,Bộ most,2025-03-01,,,", "new,Mới,2025-03-01,,agency,", head=RENAMED)
    assert counts(load(data)) == (1, 0, 1, 0)
    assert not OrganisationName.objects.exists()


def test_a_translation_is_put_right_and_found_at_once() -> None:
    organisation("most")
    load(file("most,Ministry of Science", head="key,name_en"))
    most = Organisation.objects.get(words__matches="science")
    assert (most.name, most.sort_key) == ({"vi": "Bộ most", "en": "Ministry of Science"}, text.sort_key("Bộ most"))


@pytest.mark.parametrize(
    "head", ["Mã,Tên tiếng Việt,Loại,Mã cơ quan cấp trên,Từ ngày", "key;name_vi;kind;parent;valid_from"]
)
def test_headers_and_kinds_may_be_words(head: str) -> None:
    sign = ";" if ";" in head else ","
    data = file(sign.join(("a", "Cục A", "Ministry", "", "2020-01-01")), head=head)
    assert counts(load(data)) == (1, 0, 0, 0)
    assert Organisation.objects.get().kind == "ministry"


def test_an_empty_cell_changes_nothing() -> None:
    organisation("most", valid_from=date(2020, 1, 1), abbreviations=("BKHCN",), source="NQ 1")
    assert counts(load(file("most,,,,,,,,,"))) == (0, 0, 1, 0)


def test_only_a_body_of_a_place_gets_the_place_of_its_row() -> None:
    place()
    data = file(
        "ubnd,UBND,provincial_peoples_committee,,,,province-ha-noi,,,", "most,Bộ,ministry,,,,province-ha-noi,,,"
    )
    assert [bool(line.notes) for line in look(data).lines] == [False, True]
    load(data)
    found = dict(Organisation.objects.values_list("key", "place__key"))
    assert found == {"ubnd": "province-ha-noi", "most": None}
    assert counts(load(data)) == (0, 0, 2, 0)


def test_parents_may_stand_anywhere_and_a_move_takes_along_what_lies_below() -> None:
    load(file("leaf,Lá,agency,branch,,,,,,", "branch,Cành,agency,root,,,,,,", "root,Gốc,agency,,,,,,,"))
    load(file("branch,,,crown,,,,,,", "crown,Ngọn,agency,root,,,,,,"))
    paths = dict(Organisation.objects.values_list("key", "path"))
    assert (paths["branch"], paths["leaf"]) == ("root/crown/branch/", "root/crown/branch/leaf/")


def test_days_are_judged_as_they_will_be() -> None:
    """Parent and child end later together: neither order of writing would do alone."""
    organisation("most", valid_to=date(2025, 1, 31))
    organisation("unit", parent="most", valid_to=date(2025, 1, 31))
    data = file("unit,,,,,2025-12-31,,,,", "most,,,,,2025-12-31,,,,", "new,Cục,agency,most,,2025-12-31,,,,")
    assert counts(load(data)) == (1, 2, 0, 0)


# --- what is refused, by row and column -----------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (",Không mã,ministry,,,,,,,", ("key", "key_missing")),
        ("Bộ,Tên,ministry,,,,,,,", ("key", "key_unreadable")),
        ("a,,ministry,,,,,,,", ("name_vi", "cell_missing")),
        ("a,Tên,,,,,,,,", ("kind", "cell_missing")),
        ("a,Tên,minstry,,,,,,,", ("kind", "word_unknown")),
        ("a,Tên,ministry,nobody,,,,,,", ("parent", "unknown_parent")),
        ("a,Tên,ministry,a,,,,,,", ("parent", "parent_cycle")),
        ("a,Tên,ministry,,1/2/2020,,,,,", ("valid_from", "date_unreadable")),
        ("a,Tên,ministry,,2020-02-30,,,,,", ("valid_from", "date_unreadable")),
        ("a,Tên,ministry,,2021-01-01,2020-01-01,,,,", ("valid_to", "days_out_of_order")),
        ("a,Tên,ministry,held,2019-12-31,,,,,", ("parent", "parent_not_valid")),
        ("a,Tên,commune_peoples_committee,,,,atlantis,,,", ("place", "unknown_place")),
        ("a,Tên,ministry,,,,,,nobody,", ("replaces", "unknown_key")),
        ("held,Tên khác,,,,,,,,", ("name_vi", "name_without_day")),
        ("held,,,,,2019-12-31,,,,", ("valid_to", "days_out_of_order")),
        ("held,,,child,,,,,,", ("parent", "parent_cycle")),
        ("held,,,,,2020-12-31,,,,", ("valid_to", "parent_not_valid")),
        (f"a,{'x' * 301},ministry,,,,,,,", ("name_vi", "too_long")),
    ],
)
def test_a_bad_row_is_named_and_stops_the_file(row: str, expected: tuple[str, str]) -> None:
    organisation("held", valid_from=date(2020, 1, 1))
    organisation("child", parent="held", valid_to=date(2021, 12, 31))
    data = file("good,Tốt,ministry,,,,,,,", row)
    assert wrong(data) == [(3, *expected)]
    with pytest.raises(Refused) as refusal:
        load(data)
    assert (refusal.value.code, Organisation.objects.count()) == ("rows_refused", 2)
    seen = look(data)
    assert seen.lines[1].fate == "refused"
    assert counts(imports.apply(seen, ORGANISATIONS, TEST, skip_bad_rows=True)) == (1, 0, 0, 1)
    assert Organisation.objects.count() == 3


def test_a_key_twice_names_the_first_row_and_is_not_loaded_twice() -> None:
    data = file("a,Một,ministry,,,,,,,", "a,Hai,ministry,,,,,,,")
    (problem,) = look(data).problems
    assert (problem.row, problem.column, problem.code) == (3, "key", "key_twice")
    assert "2" in problem.detail


def test_every_fault_of_a_row_is_told_at_once() -> None:
    assert wrong(file("Bộ,,none,,x,,,,,")) == [
        (2, "key", "key_unreadable"),
        (2, "kind", "word_unknown"),
        (2, "name_vi", "cell_missing"),
        (2, "valid_from", "date_unreadable"),
    ]


def test_an_unknown_parent_names_the_nearest() -> None:
    organisation("most", name={"vi": "Bộ Khoa học và Công nghệ"})
    (problem,) = look(file("a,Tên,agency,bo-khoa-hoc-cong-nge,,,,,,")).problems
    assert "Bộ Khoa học và Công nghệ (most)" in problem.detail


def test_a_circle_within_a_file_is_refused_at_each_of_its_rows() -> None:
    data = file("a,A,agency,b,,,,,,", "b,B,agency,a,,,,,,", "c,C,agency,,,,,,,")
    assert wrong(data) == [(2, "parent", "parent_cycle"), (3, "parent", "parent_cycle")]


def test_a_row_under_a_refused_one_is_refused_with_it() -> None:
    data = file(
        "leaf,Lá,agency,branch,,,,,,", "branch,Cành,agency,root,,,,,,", "root,,agency,,,,,,,", "x,X,agency,,,,,,root,"
    )
    assert wrong(data) == [
        (2, "parent", "parent_refused"),
        (3, "parent", "parent_refused"),
        (4, "name_vi", "cell_missing"),
        (5, "replaces", "unknown_key"),
    ]


def test_what_would_stand_too_deep_is_refused() -> None:
    chain = [f"{'k' * 78}{n},Tên,agency,{'k' * 78 + str(n - 1) if n else ''},,,,,," for n in range(4)]
    assert wrong(file(*chain)) == [(5, "parent", "tree_too_deep")]


def test_a_stranger_may_neither_look_nor_load() -> None:
    stranger = User.objects.create(username="stranger").actor()
    loads: list[Callable[[], object]] = [
        lambda: look(file("a,Tên,ministry,,,,,,,"), by=stranger),
        lambda: actions.load_organisations(added=[], changed={}, by=stranger),
        lambda: actions.load_places(added=[], changed={}, by=stranger),
    ]
    for act in loads:
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.status == 403


# --- two at once ----------------------------------------------------------------------------------


def test_what_somebody_changed_or_added_meanwhile_is_not_overwritten() -> None:
    most = organisation("most")
    seen = look(file("most,,agency,,,,,,,", "new,Mới,agency,,,,,,,"))
    actions.change_organisation(organisation=most, changes={"source": "NQ 2"}, by=TEST)
    with pytest.raises(Refused) as refusal:
        imports.apply(seen, ORGANISATIONS, TEST)
    assert (refusal.value.code, Organisation.objects.count()) == ("changed_meanwhile", 1)
    seen = look(file("new,Mới,agency,,,,,,,"))
    organisation("new")
    with pytest.raises(Refused) as refusal:
        imports.apply(seen, ORGANISATIONS, TEST)
    assert refusal.value.code == "key_taken_meanwhile"


def test_an_unknown_key_to_change_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        actions.load_organisations(added=[], changed={"gone": Change({"kind": "agency"})}, by=TEST)
    assert refusal.value.code == "unknown_key"


# --- successions ----------------------------------------------------------------------------------


def test_what_replaces_which_is_recorded_once_from_its_day() -> None:
    data = file(
        "mic,Bộ TTTT,ministry,,,2025-02-28,,,,",
        "old,Ban cũ,agency,,,,,,,",
        "most,Bộ KHCN,ministry,,2025-03-01,,,,mic,NQ 176",
        "ban,Ban mới,agency,,,,,,old,",
    )
    seen = look(data)
    assert [len(line.notes) for line in seen.lines] == [0, 0, 0, 1], "no day is known for the last one"
    load(data)
    made = Succession.objects.get()
    assert (made.old_organisation.key, made.new_organisation.key, made.on) == ("mic", "most", date(2025, 3, 1))
    assert made.document == "NQ 176"
    assert counts(load(data)) == (0, 0, 4, 0)
    circle = file("most,,,,,,,,mic,", "mic,,,,2020-01-01,,,,most,")
    assert wrong(circle) == [(3, "replaces", "succession_cycle")]


def test_a_place_that_is_not_taken_is_told_of_a_known_body_too() -> None:
    place()
    organisation("most")
    (line,) = look(file("most,,,,,,province-ha-noi,,,")).lines
    assert (line.fate, len(line.notes)) == ("unchanged", 1)


def test_a_province_with_the_code_of_another_one_is_refused_in_the_look() -> None:
    place(valid_to=date(2025, 6, 30))
    head = "key,name_vi,short_vi,kind,code,valid_from"
    rows = ["b,Tỉnh B,B,province,1,2025-06-30", "c,Tỉnh C,C,province,2,2025-07-01", "d,Tỉnh D,D,province,02,2026-01-01"]
    told = wrong("\n".join([head, *rows]).encode(), PLACES)
    assert told == [(2, "code", "code_taken"), (3, "code", "code_taken"), (4, "code", "code_taken")]


# --- places ---------------------------------------------------------------------------------------

PLACE_HEAD = "key,code,kind,name_vi,short_vi,province,lat,population,level"


def test_places_are_added_and_corrected() -> None:
    data = file(
        "commune-00004,4,ward,Phường Ba Đình,Ba Đình,province-ha-noi,21.0386,,",
        "province-ha-noi,1,city,Thành phố Hà Nội,Hà Nội,,21.0001,8807523,",
        head=PLACE_HEAD,
    )
    place(code="99")
    assert counts(load(data, PLACES)) == (1, 1, 0, 0)
    commune, province = Place.objects.get(key="commune-00004"), Place.objects.get(key="province-ha-noi")
    assert (commune.code, commune.level, commune.path) == ("00004", "commune", "province-ha-noi/commune-00004/")
    assert (province.code, province.population, province.latitude) == ("01", 8807523, Decimal("21.0001"))
    assert province.title.text == "Thành phố Hà Nội"
    assert AuditEvent.objects.get(kind="place.changed").before["name"] == {"vi": "Hà Nội"}
    assert counts(load(data, PLACES)) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("p,1,city,Tên,Tên,,,,planet", ("level", "word_unknown")),
        ("p,1,village,Tên,Tên,,,,", ("kind", "word_unknown")),
        ("p,1,city,Tên,,,,,", ("short_vi", "cell_missing")),
        ("p,1,city,Tên,Tên,,91,,", ("lat", "number_unreadable")),
        ("p,1,city,Tên,Tên,,nan,,", ("lat", "number_unreadable")),
        ("p,1,city,Tên,Tên,,,8.807.523,", ("population", "number_unreadable")),
        ("p,1,city,Tên,Tên,,,-1,", ("population", "number_unreadable")),
        ("p,1,city,Tên,Tên,nowhere,,,", ("province", "unknown_parent")),
        ("p,12345678901,city,Tên,Tên,,,,", ("code", "too_long")),
    ],
)
def test_a_bad_row_of_places(row: str, expected: tuple[str, str]) -> None:
    assert wrong(file(row, head=PLACE_HEAD), PLACES) == [(2, *expected)]


# --- files that come back -------------------------------------------------------------------------


def test_the_files_of_the_data_pack_load_and_come_back_unchanged() -> None:
    """Three files of places and one of organisations: with few statements, the same again for nothing."""
    for name, shape in (
        ("provinces", PLACES), ("communes", PLACES), ("old_provinces", PLACES), ("organisations", ORGANISATIONS),
    ):  # fmt: skip
        data = (PACK / f"{name}.csv").read_bytes()
        with CaptureQueriesContext(connection) as asked:
            first = load(data, shape)
        assert (first.changed, first.refused, len(asked) < 40) == (0, 0, True), name
        again = load(data, shape)
        assert counts(again) == (0, 0, first.accepted, 0), name
    assert (Place.objects.count(), Organisation.objects.count()) == (34 + 3321 + 63, 199)
    assert Succession.objects.filter(old_place__isnull=False).count() == 63
    assert set(Organisation.objects.values_list("kind", flat=True)) <= set(ORGANISATION_KINDS)


def test_three_thousand_changes_take_few_statements() -> None:
    load((PACK / "provinces.csv").read_bytes(), PLACES)
    load((PACK / "communes.csv").read_bytes(), PLACES)
    keys = Place.objects.filter(level="commune").values_list("key", flat=True)
    data = file(*(f"{key},{n}" for n, key in enumerate(keys)), head="key,population")
    with CaptureQueriesContext(connection) as asked:
        assert load(data, PLACES).changed == 3321
    assert len(asked) < 25


def test_no_header_and_no_kind_means_two_things() -> None:
    for shape in (ORGANISATIONS, PLACES):
        meant: dict[str, set[str]] = {}
        for header, name in headers(shape.columns).items():
            meant.setdefault(text.fold(header), set()).add(name)
        assert {header: names for header, names in meant.items() if len(names) > 1} == {}
    for known in (ORGANISATION_KINDS, PLACE_KINDS, columns.LEVELS):
        words: dict[str, set[str]] = {}
        for code in LOCALES:
            with translation.override(code):
                for kind, label in known.items():
                    words.setdefault(str(label).casefold(), set()).add(kind)
        assert {word: meant for word, meant in words.items() if len(meant) > 1} == {}


# --- the command ----------------------------------------------------------------------------------


def test_the_command_prints_counts_changes_and_refused_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    organisation("most")
    path = tmp_path / "r.csv"
    path.write_bytes(file("most,,agency,,,,,,,", "bad,,,,,,,,,"))
    asked = ["organisations", "import", str(path)]
    assert main(asked) == 2
    said = capsys.readouterr()
    assert ("accepted 0, changed 1, unchanged 0, refused 1" in said.out, "Row 3, kind" in said.err) == (True, True)
    assert "Row 2, most, kind: “ministry” → “agency”" in said.out
    assert main([*asked, "--skip-bad-rows", "--dry-run"]) == 0
    assert Organisation.objects.get().kind == "ministry"
    capsys.readouterr()
    assert main([*asked, "--skip-bad-rows", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["changed"], result["refused"], result["keys"]) == (1, 1, ["most"])
    assert result["changes"] == [{"row": 2, "key": "most", "column": "kind", "before": "ministry", "after": "agency"}]
    assert Organisation.objects.get().kind == "agency"
    path.write_bytes(file("p,1,city,Tên,Tên,,,,", head=PLACE_HEAD))
    assert main(["places", "import", str(path)]) == 0
    assert Place.objects.get().code == "01"


def test_the_command_refuses_what_is_no_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(b"key,colour\n")
    assert main(["places", "import", str(path)]) == 2
    assert "colour" in capsys.readouterr().err


def grant(role: str) -> User:
    user = User.objects.create(username=role, name=role)
    Grant.objects.create(user=user, role=role, scope="all", from_on=date(2020, 1, 1), granted_by="test")
    return user


def test_a_steward_loads_under_their_own_name() -> None:
    steward = grant("steward").actor()
    imports.apply(look(file("a,Tên,ministry,,,,,,,"), by=steward), ORGANISATIONS, steward)
    assert AuditEvent.objects.get(kind="organisation.added").actor == "steward"
