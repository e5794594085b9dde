"""What lies in what is a dated fact: views of a day before a merger show the provinces of that day."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from dotpha.directory import actions, queries
from dotpha.directory.actions import tree
from dotpha.directory.models import Place, PlaceParent
from dotpha.directory.place_events import Part, PlaceEvent
from dotpha.directory.queries.called import place_said
from dotpha.directory.queries.inside import paths_then
from dotpha.directory.rows import Change, PlaceRow
from dotpha.platform import days
from dotpha.platform.actors import Actor
from dotpha.platform.models import AuditEvent
from dotpha.platform.past import known_at
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions import raise_blocker
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused
from dotpha.programmes.tests.test_api import Api

pytestmark = pytest.mark.django_db
BORN, LAST, ON = date(2025, 7, 1), date(2025, 12, 31), date(2026, 1, 1)
ONE = timedelta(days=1)


def row(key: str, level: str = "commune", **facts: Any) -> PlaceRow:
    name = {"province": "Tỉnh", "district": "Huyện", "commune": "Xã"}[level]
    values = {"code": key[:10], "level": level, "kind": level, "name": {"vi": f"{name} {key}"}, "short": key}
    return PlaceRow(key=key, **{**values, "valid_from": BORN, **facts})


@pytest.fixture(autouse=True)
def places() -> None:
    """Two provinces: p with a, b and a district d with a commune x in it; q with c."""
    rows = [row("p", "province"), row("q", "province"), row("d", "district", parent="p")]
    rows += [row(key, parent=parent) for key, parent in {"a": "p", "b": "p", "x": "d", "c": "q"}.items()]
    actions.add_places(rows=rows, by=make.TEST)


@pytest.fixture
def steward() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.person("steward"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def merge(former: str = "p", into: str = "q", on: date = ON, **moves: str) -> None:
    inside = moves or dict.fromkeys(("a", "b", "d"), into)
    event = PlaceEvent((former,), (Part(into),), on, "1 NQ", inside=inside)
    actions.record_place_event(event=event, by=make.TEST)


def lies_in(key: str, on: date) -> str:
    parent = queries.one_place(key, on).parent_shown
    return parent.key if parent else ""


def listed(on: date, parent: str) -> list[str]:
    return [each.key for each in queries.places(on, parent=parent)]


def move(key: str, into: str, on: date) -> Place:
    one = Place.objects.get
    return actions.move_place(place=one(key=key), into=one(key=into), from_on=on, document="9 NQ", by=make.TEST)


def test_the_communes_of_a_day_lie_in_the_provinces_of_that_day() -> None:
    merge()
    assert [(lies_in(key, LAST), lies_in(key, ON)) for key in "abdx"] == [("p", "q")] * 3 + [("d", "d")]
    assert {key: (listed(LAST, key), listed(ON, key)) for key in "pq"} == {
        "p": (["a", "b", "d"], []),
        "q": (["c"], ["a", "b", "c", "d"]),
    }
    former = PlaceParent.objects.order_by("place__key").values_list("place__key", "parent__key", "until_on", "document")
    assert list(former) == [(key, "p", LAST, "1 NQ") for key in "abd"]
    told = AuditEvent.objects.filter(kind="place.moved", subject="place:a").values_list("before", "after", "reason")
    after = {"parent": "q", "from_on": "2026-01-01", "document": "1 NQ"}
    assert list(told) == [({"parent": "p"}, after, "1 NQ")]


def test_rights_are_asked_over_the_tree_of_today() -> None:
    merge()
    assert dict(Place.objects.values_list("key", "path"))["x"] == "q/d/x/"
    assert queries.one_place("x", LAST).scope == "place/q/d/x/"


def test_the_way_down_on_a_day_leads_through_what_it_lay_in_then() -> None:
    assert paths_then(LAST) == {}
    merge()
    assert paths_then(LAST) == {f"q/{path}/": f"p/{path}/" for path in ("a", "b", "d", "d/x")}
    assert paths_then(ON) == {}


def test_the_parent_bears_the_name_of_the_day() -> None:
    merge()
    place = Place.objects.get(key="p")
    name = {"name": {"vi": "Tỉnh Cũ"}, "short": "Cũ", "kind": "province"}
    actions.rename_place(place=place, from_on=date(2025, 10, 1), by=make.TEST, **name)
    shown = [queries.one_place("a", on).parent_shown for on in (date(2025, 9, 1), LAST)]
    assert [each.title.text for each in shown if each] == ["Tỉnh p", "Tỉnh Cũ"]


def test_page_list_export_and_api_of_a_day_before(steward: Client) -> None:
    merge()
    then = "?as_of=2025-12-31"
    page = steward.get(f"/desk/places/a/{then}").content.decode()
    assert ("Tỉnh p" in page, "Tỉnh q" in page) == (True, False)
    assert f'href="/desk/places/p/{then}"' in page, "the day is kept on the way up"
    page = steward.get("/desk/places/a/").content.decode()
    assert ("Lay before in" in page, "Tỉnh p" in page, "Tỉnh q" in page) == (True, True, True)
    page = steward.get(f"/desk/places/p/{then}").content.decode()
    assert ("Xã a" in page, "Xã c" in page, f'href="/desk/places/a/{then}"' in page) == (True, False, True)
    listed = steward.get(f"/desk/places/{then}&parent=p").content.decode()
    links = [f'href="/desk/places/{key}/{then}"' in listed for key in "acp"]
    assert ("Xã a" in listed, "Xã c" in listed, links) == (True, False, [True, False, True])
    answer = steward.get(f"/desk/places/{then}&level=commune&export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    cells = {line["Key"]: (line["Lies in (key)"], line["Lies in"]) for line in csv.DictReader(io.StringIO(text))}
    assert cells == {**dict.fromkeys("ab", ("p", "Tỉnh p")), "x": ("d", "Huyện d"), "c": ("q", "Tỉnh q")}
    api = Client()
    assert [api.get(f"/api/v1/places/a{on}").json()["parent"] for on in (then, "")] == ["p", "q"]
    for on, expected in ((then, ["a", "b", "d"]), ("?", [])):
        answered = api.get(f"/api/v1/places{on}&parent=p").json()
        assert [(each["key"], each["parent"]) for each in answered["items"]] == [(key, "p") for key in expected]


def test_lists_stand_in_the_order_of_what_lay_above_on_the_day(steward: Client) -> None:
    merge("q", "p", **{"c": "p"})

    def order(on: date) -> list[str]:
        answer = steward.get(f"/desk/places/?level=commune&sort=-parent&export=json&as_of={on}")
        return [each["key"] for each in json.loads(b"".join(answer))["items"]]  # type: ignore[arg-type]

    assert (order(LAST), order(ON)) == (["c", "b", "a", "x"], ["c", "b", "a", "x"])
    move("b", "d", date(2026, 2, 1))
    assert (order(LAST), order(date(2026, 2, 1))) == (["c", "b", "a", "x"], ["c", "a", "x", "b"])


def test_a_list_takes_as_many_queries_whatever_moved() -> None:
    counts = []
    for _each in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert [bool(each.parent_shown) for each in queries.places(LAST, "commune")] == [True] * 4
        counts.append(len(asked))
        if not PlaceParent.objects.exists():
            merge()
    assert (counts[0], counts[1] <= counts[0] + 1) == (3, True)


def test_many_move_in_as_many_statements_as_few() -> None:
    def statements(*keys: str, on: date, into: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            merge("p" if into == "q" else "q", into, on, **dict.fromkeys(keys, into))
        return len(asked)

    few = statements("a", "b", "d", on=ON, into="q")
    actions.add_places(rows=[row("r", "province")], by=make.TEST)
    actions.add_places(rows=[row(f"m{each}", parent="q") for each in range(30)], by=make.TEST)
    many = statements(*"abcd", *(f"m{each}" for each in range(30)), on=ON + ONE, into="r")
    assert many <= few + 2


def test_the_board_of_blockers_sums_up_by_the_tree_of_its_day() -> None:
    task = make.task(key="local", place="a", assigned_on=BORN)
    asked = make.organisation("moha")
    actor = make.TEST
    raise_blocker(task=task, kind="law", text="Chờ luật", asks_of=asked, by=actor, on=date(2025, 12, 1))
    merge()
    place = Place.objects.get(key="q")
    name = {"name": {"vi": "Tỉnh Q Mới"}, "short": "Q Mới", "kind": "province"}
    actions.rename_place(place=place, from_on=date(2026, 2, 1), by=actor, **name)
    api = Api(make.person("office"))
    for on, key, called in ((LAST, "p", "Tỉnh p"), (ON, "q", "Tỉnh q"), (date(2026, 2, 1), "q", "Tỉnh Q Mới")):
        board = api.get(f"/summary/blockers?by=place&as_of={on}")["items"]
        assert [(each["key"], each["name"], each["tasks"]) for each in board] == [(key, called, 1)]
        under = api.get(f"/summary/blockers?by=place&place={key}&as_of={on}")["items"]
        assert [(each["key"], each["places"]) for each in under] == [("a", 1)]
    counts = {(on, key): api.get(f"/blockers?place={key}&as_of={on}")["count"] for on in (LAST, ON) for key in "pqa"}
    assert list(counts.values()) == [1, 0, 1, 0, 1, 1]


def test_what_is_known_at_a_moment_does_not_hold_what_was_recorded_since() -> None:
    before = days.now()
    merge()
    with known_at(before):
        assert (lies_in("a", LAST), lies_in("a", ON)) == ("p", "p")


def test_an_event_recorded_late_passes_on_what_moved_meanwhile() -> None:
    """a left p for q in June; in July it is recorded that p became r already in January."""
    later = date(2026, 6, 1)
    move("a", "q", later)
    actions.add_places(rows=[row("r", "province")], by=make.TEST)
    merge("p", "r", **dict.fromkeys(("a", "b", "d"), "r"))
    assert [lies_in("a", on) for on in (LAST, ON, later - ONE, later)] == ["p", "r", "r", "q"]
    assert Place.objects.get(key="a").path == "q/a/"
    told = AuditEvent.objects.filter(kind="place.moved", subject="place:a").order_by("-pk").first()
    assert told
    assert (told.before, told.after["parent"]) == ({"parent": "p"}, "r")


def test_what_begins_with_an_event_lies_where_its_former_one_lay() -> None:
    merge(on=date(2026, 3, 1))
    event = PlaceEvent(("a", "b"), (Part("n", row("n", parent="q", valid_from=ON)),), ON, "2 NQ")
    actions.record_place_event(event=event, by=make.TEST)
    assert [lies_in("n", on) for on in (ON, date(2026, 2, 28), date(2026, 3, 1))] == ["p", "p", "q"]


def test_a_split_recorded_late_of_a_place_that_has_moved_into_a_younger_province() -> None:
    actions.add_places(rows=[row("r", "province", valid_from=ON)], by=make.TEST)
    move("a", "r", ON)
    on = date(2025, 10, 1)
    parts = tuple(Part(key, row(key, parent="r", valid_from=on)) for key in ("n", "o"))
    actions.record_place_event(event=PlaceEvent(("a",), parts, on, "2 NQ"), by=make.TEST)
    assert [(lies_in(key, on), lies_in(key, LAST), lies_in(key, ON)) for key in "no"] == [("p", "p", "r")] * 2


def test_a_commune_moves_to_another_province(steward: Client) -> None:
    clerk = make.person("commune_officer", "place/p/a/")
    given = {"event": "move", "parent": "q", "from_on": "2026-01-01", "document": "8 NQ"}
    page = "/desk/places/a/change/"
    assert steward.post(page, {**given, "parent": "nowhere"}).status_code == 422
    assert steward.post(page, given).status_code == 302
    assert (lies_in("a", LAST), lies_in("a", ON), Place.objects.get(key="a").path) == ("p", "q", "q/a/")
    assert [each.scope for each in clerk.grants.all()] == ["place/q/a/"]
    assert "It comes to lie in another place" not in steward.get("/desk/places/p/change/").content.decode()
    # b goes with a province that begins later than it: what lies in a place need not be younger than the place.
    actions.add_places(rows=[row("r", "province", valid_from=ON)], by=make.TEST)
    move("b", "r", ON)
    tree.require_tree(Place, ["a", "b", "r"])
    assert refused(lambda: actions.load_places(added=[], changed={"r": Change({"valid_from": ON + ONE})}, by=make.TEST))


def test_a_district_ends_and_its_communes_lie_in_the_province() -> None:
    move("x", "p", ON)
    assert (lies_in("x", LAST), lies_in("x", ON)) == ("d", "p")
    assert (listed(LAST, "d"), listed(ON, "d")) == (["x"], [])


@pytest.mark.parametrize(
    ("key", "into", "on", "expected"),
    [
        ("a", "p", ON, ("lies_there_already", "parent", 422)),
        ("a", "b", ON, ("place_not_above", "parent", 422)),
        ("p", "q", ON, ("place_not_above", "parent", 422)),
        ("a", "q", BORN, ("days_out_of_order", "from_on", 422)),
        ("a", "q", BORN - ONE, ("parent_not_there_then", "parent", 422)),
        ("a", "q", date(2999, 1, 1), ("event_to_come", "from_on", 422)),
        ("ended", "q", ON, ("ended_already", "parent", 409)),
        ("ended", "q", LAST, ("ended_already", "parent", 409)),
    ],
)
def test_moves_that_are_refused(key: str, into: str, on: date, expected: tuple[str, str, int]) -> None:
    actions.add_places(rows=[row("ended", "district", parent="p", valid_to=LAST)], by=make.TEST)
    assert refused(lambda: move(key, into, on)) == expected
    assert not PlaceParent.objects.exists()


def test_a_day_that_cannot_be_taken_is_told_of_in_words_of_a_move_or_of_a_name() -> None:
    def said(ask: Callable[[], object]) -> str:
        with pytest.raises(Refused) as found, translation.override("en"):
            ask()
        with translation.override("en"):
            return str(found.value)

    place = Place.objects.get(key="a")
    name = {"name": {"vi": "Xã Mới"}, "short": "Mới", "kind": "commune"}
    assert [
        said(lambda: move("a", "q", BORN)),
        said(lambda: move("a", "q", date(2999, 1, 1))),
        said(lambda: actions.rename_place(place=place, from_on=BORN, by=make.TEST, **name)),
    ] == [
        "It has been where it is now since 1 Jul 2025. Give a later day.",
        "This move is still to come. Record it once its day has come.",
        "It has borne its present name since 1 Jul 2025. Give a later day.",
    ]


def test_a_place_does_not_move_into_one_that_ends_nor_before_its_last_move() -> None:
    actions.add_places(rows=[row("r", "province", valid_to=date(2026, 5, 1))], by=make.TEST)
    assert refused(lambda: move("a", "r", ON))[0] == "parent_not_there_then"
    move("a", "q", ON)
    assert refused(lambda: move("a", "p", ON))[0] == "days_out_of_order"
    assert move("a", "p", ON + ONE).path == "p/a/"


def test_the_last_move_is_taken_back_with_a_reason_and_recorded_anew(steward: Client) -> None:
    clerk, page = make.person("commune_officer", "place/p/a/"), "/desk/places/a/change/"
    offered = 'name="event" value="unmove"'
    assert offered not in steward.get(page).content.decode()
    move("a", "q", ON)
    assert offered in steward.get(page).content.decode()
    assert steward.post(page, {"event": "unmove", "reason": ""}).status_code == 422
    assert steward.post(page, {"event": "unmove", "reason": "Sai ngày"}).status_code == 302
    assert (lies_in("a", ON), Place.objects.get(key="a").path, PlaceParent.objects.exists()) == ("p", "p/a/", False)
    assert [each.scope for each in clerk.grants.all()] == ["place/p/a/"]
    [told] = AuditEvent.objects.filter(kind="place.move_taken_back").values_list("subject", "before", "after", "reason")
    after = {"parent": "p", "from_on": "2026-01-01", "document": "9 NQ"}
    assert told == ("place:a", {"parent": "q"}, after, "Sai ngày")
    move("a", "q", LAST)
    assert [lies_in("a", on) for on in (LAST - ONE, LAST)] == ["p", "q"]


def test_a_move_is_not_taken_back_where_none_is_or_into_what_ended_or_by_others(steward: Client) -> None:
    one = Place.objects.get

    def back(key: str, reason: str = "x", by: Actor = make.TEST) -> tuple[str, str | None, int]:
        return refused(lambda: actions.take_back_move(place=one(key=key), reason=reason, by=by))

    assert back("a") == ("no_move", None, 409)
    merge()
    assert back("a") == ("former_parent_ended", None, 409)
    assert back("a", " ") == ("reason_missing", "reason", 422)
    assert back("a", by=make.stranger())[2] == 403
    assert back("p") == ("ended_already", None, 409)
    assert 'value="unmove"' not in steward.get("/desk/places/a/change/").content.decode()
    assert Place.objects.get(key="a").path == "q/a/"


def test_only_the_steward_moves_a_place() -> None:
    act = lambda: actions.move_place(  # noqa: E731
        place=Place.objects.get(key="a"), into=Place.objects.get(key="q"), from_on=ON, by=make.stranger()
    )
    assert refused(act)[2] == 403


def test_moves_recorded_before_get_the_days_of_their_events() -> None:
    """As it was recorded before parents had days: the place changed by the document of a succession.

    That tells since when. A correction by a file, from the same place to the same, was no move.
    """
    merge()
    PlaceParent.objects.all().delete()
    change = {"subject": "place:a", "kind": "place.changed", "actor": "x", "at": days.now() - ONE, "reason": "1 NQ"}
    AuditEvent.objects.create(**change, before={"parent": "p"}, after={"parent": "q"})
    AuditEvent.objects.create(**{**change, "subject": "place:b"}, before={"parent": "d"}, after={"parent": "q"})
    corrected = {**change, "subject": "place:d", "reason": "places.csv"}
    AuditEvent.objects.create(**corrected, before={"parent": "p"}, after={"parent": "q"})
    with connection.schema_editor() as editor:
        import_module("dotpha.directory.migrations.0004_places_that_moved").fill(apps, editor)
    assert (lies_in("a", LAST), lies_in("a", ON)) == ("p", "q")
    assert list(PlaceParent.objects.values_list("place__key", "until_on", "document")) == [("a", LAST, "1 NQ")]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("q", "q"),
        ("Tỉnh q", "q"),
        ("xa a, tinh p", "a"),
        ("Xã a, p", "a"),
        ("Xã e, Tỉnh q", "e2"),
        ("Xã e", "may mean any of these: Xã e, Tỉnh p; Xã e, Tỉnh q."),
        ("Tỉnh o", "is not in the directory. Nearest: Tỉnh p"),
        ("?", "“?” is not in the directory. Check how"),
    ],
)
def test_a_place_is_meant_by_key_and_name(said: str, meant: str) -> None:
    """Two communes of one name are told apart by their province; who cannot be meant is told the nearest names."""
    named = {"name": {"vi": "Xã e"}, "short": "e"}
    actions.add_places(rows=[row(f"e{n}", parent=p, **named) for n, p in enumerate("pq", start=1)], by=make.TEST)
    with translation.override("en"):
        try:
            assert place_said(said, ON).key == meant
        except Refused as refusal:
            assert meant in str(refusal)  # noqa: PT017 -- either answer is told


def test_a_boundary_and_a_move_take_names_and_propose_them(steward: Client) -> None:
    page = "/desk/places/a/change/"
    shown = steward.get(page).content.decode()
    assert all(f'<option value="{name}"></option>' in shown for name in ("Tỉnh q", "Xã b, Tỉnh p"))
    given = {"event": "boundary", "to": "xã b", "share": "10", "on": "2026-01-01", "document": "8 NQ"}
    assert "of Xã a pass to Xã b" in steward.post(page, given).content.decode()
    assert steward.post(page, {**given, "to": "xã y"}).status_code == 422
    moved = {"event": "move", "parent": "tỉnh q", "from_on": "2026-01-01", "document": "8 NQ"}
    assert steward.post(page, moved).status_code == 302
    assert lies_in("a", ON) == "q"
