"""What happens to places on a day: new names and kinds, mergers, splits, moved boundaries; looked at, then recorded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dotpha.directory import actions, place_events, queries, rules
from dotpha.directory.actions import tree
from dotpha.directory.models import Place, PlaceName, Succession
from dotpha.directory.place_events import Part, PlaceEvent, Standing
from dotpha.directory.rows import PlaceRow, SuccessionRow
from dotpha.directory.rules import Days
from dotpha.platform import days as clock
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused

pytestmark = pytest.mark.django_db
BORN, LAST, ON = date(2025, 7, 1), date(2025, 12, 31), date(2026, 1, 1)
PAGE = "/desk/places/a/change/"


def row(key: str, **facts: Any) -> PlaceRow:
    values = {"code": key[:10], "level": "commune", "kind": "commune", "name": {"vi": f"Xã {key}"}, "short": key}
    return PlaceRow(key=key, **{**values, **facts})


@pytest.fixture
def places() -> dict[str, Place]:
    rows = [row("p", level="province", kind="province"), *(row(key, parent="p", valid_from=BORN) for key in "abc")]
    return {each.key: each for each in actions.add_places(rows=rows, by=make.TEST)}


@pytest.fixture
def steward() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.person("steward"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def record(former: str, *parts: Part, on: date = ON, **facts: Any) -> Any:
    event = PlaceEvent(tuple(former), parts, on, "1 NQ", **facts)
    return actions.record_place_event(event=event, by=make.TEST)


def days(key: str) -> tuple[date | None, date | None]:
    return Place.objects.values_list("valid_from", "valid_to").get(key=key)


def test_a_ward_was_a_commune_before(places: dict[str, Place], steward: Client) -> None:
    given = {"event": "rename", "name_vi": "Phường A", "short": "A", "kind": "ward", "document": "2 NQ"}
    assert steward.post(PAGE, {**given, "from_on": "2026-01-01"}).status_code == 302
    then, now = queries.one_place("a", LAST), queries.one_place("a", ON)
    assert (then.title.text, then.kind_shown, now.title.text, now.kind_shown) == ("Xã a", "commune", "Phường A", "ward")
    listed = {on: Client().get(f"/api/v1/places/a?as_of={on}").json() for on in (LAST, ON)}
    assert [(each["name"], each["kind"]) for each in listed.values()] == [("Xã a", "commune"), ("Phường A", "ward")]
    assert [each.key for each in queries.places(LAST, words="xa a")] == ["a"]
    assert [each.key for each in queries.places(ON, words="xa a")] == []
    again = steward.post(PAGE, {**given, "from_on": "2026-02-01"})
    assert (again.status_code, PlaceName.objects.count()) == (422, 1)
    early = steward.post(PAGE, {**given, "short": "B", "from_on": "2025-12-31"})
    assert (early.status_code, "has borne its present name since" in early.content.decode()) == (422, True)
    assert steward.post(PAGE, {**given, "kind": "province", "from_on": "2026-02-01"}).status_code == 422
    assert steward.post(PAGE, {**given, "short": "B", "from_on": "0001-01-01"}).status_code == 422


def test_the_form_of_a_new_name_offers_the_vietnamese_one(places: dict[str, Place], steward: Client) -> None:
    Place.objects.filter(key="a").update(name={"vi": "Xã a", "en": "Commune a"})
    assert 'name="name_vi" value="Xã a"' in steward.get(PAGE).content.decode()


def test_two_communes_become_a_new_one(places: dict[str, Place], steward: Client) -> None:
    given = {"event": "merge", "others": "b", "into": "n", "code": "9", "name_vi": "Xã Mới", "short": "Mới"}
    given |= {"kind": "commune", "on": "2026-01-01", "document": "3 NQ"}
    looked = steward.post(PAGE, given).content.decode()
    assert "Xã a ends the day before." in looked and "Xã Mới begins." in looked  # noqa: PT018 -- one page
    assert not Succession.objects.exists()
    assert steward.post(PAGE, {**given, "keep": "1"}).status_code == 302
    assert (days("a"), days("b"), days("n")) == ((BORN, LAST), (BORN, LAST), (ON, None))
    assert queries.crosswalk("a", ON) == queries.crosswalk("b", ON) == {"n": Decimal(1)}
    assert Place.objects.get(key="n").path == "p/n/"
    kinds = list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))[-5:]
    assert kinds == ["place.ended", "place.ended", "place.added", "place.replaced", "place.replaced"]
    assert "recorded already" not in looked
    assert steward.post(PAGE, {**given, "into": "m", "keep": "1"}).status_code == 409


def test_a_commune_joins_one_that_is_there(places: dict[str, Place]) -> None:
    record("a", Part("b", share=Decimal(1)))
    assert (days("a"), days("b")) == ((BORN, LAST), (BORN, None))
    assert queries.crosswalk("a", ON) == {"b": Decimal(1)}


def test_one_splits_with_shares(places: dict[str, Place], steward: Client) -> None:
    lines = "x; 91; commune; Xã X; X; 60\ny; 92; ward; Phường Y; Y; 40 %"
    given = {"event": "split", "parts": lines, "on": "2026-01-01", "document": "4 NQ"}
    assert "60 % of Xã a pass to Xã X." in steward.post(PAGE, given).content.decode()
    short = steward.post(PAGE, {**given, "parts": lines.replace("60", "50"), "keep": "1"})
    assert (short.status_code, "add up to 90 %, not to 100 %" in short.content.decode()) == (422, True)
    unreadable = ["x; 91", "x; 91; village; X; X; 1", "x; 91; ward; X; X; many", "x;1;ward;X;X;1;1"]
    unreadable += [f"x; 91; ward; X; X; {share}" for share in ("nan", "1e9999999999")]
    unreadable += ["x; 12345678901; ward; X; X; 60", f"x; 91; ward; X; {'X' * 121}; 60"]
    for bad in unreadable:
        answer = steward.post(PAGE, {**given, "parts": bad})
        assert (answer.status_code, "Line 1 cannot be read" in answer.content.decode()) == (422, True)
    assert steward.post(PAGE, {**given, "keep": "1"}).status_code == 302
    assert queries.crosswalk("a", ON) == {"x": Decimal("0.6"), "y": Decimal("0.4")}
    assert days("a") == (BORN, LAST)


def test_a_boundary_moves_and_both_go_on(places: dict[str, Place], steward: Client) -> None:
    given = {"event": "boundary", "to": "b", "share": "12.5", "on": "2026-01-01", "document": "5 NQ", "keep": "1"}
    assert steward.post(PAGE, {**given, "share": "100"}).status_code == 422
    assert steward.post(PAGE, {**given, "to": "a"}).status_code == 422
    assert steward.post(PAGE, given).status_code == 302
    assert (days("a"), days("b")) == ((BORN, None), (BORN, None))
    assert queries.crosswalk("a", ON) == {"a": Decimal("0.875"), "b": Decimal("0.125")}
    assert queries.crosswalk("a", LAST) == {"a": Decimal(1)}


@pytest.mark.parametrize(
    ("former", "parts", "on", "expected"),
    [
        ("a", [Part("n", row("n"))], ON, ("too_few_places", "others", 422)),
        ("ab", [Part("c", row("c"))], ON, ("key_taken", "into", 409)),
        ("az", [Part("n", row("n"))], ON, ("unknown_key", "others", 422)),
        ("ab", [Part("n", row("n"))], BORN, ("place_not_there", "on", 422)),
        ("ap", [Part("n", row("n"))], ON, ("levels_differ", "into", 422)),
        ("a", [Part("x", row("x"), Decimal("0.5")), Part("y", row("y"))], ON, ("shares_not_whole", "parts", 422)),
        ("p", [Part("q", row("q", level="province"), None), Part("r", row("r", level="province"), None)], ON,
         ("places_go_on", "on", 409)),
    ],
)  # fmt: skip
def test_events_that_are_refused(
    places: dict[str, Place], former: str, parts: list[Part], on: date, expected: tuple[str, str, int]
) -> None:
    assert refused(lambda: record(former, *parts, on=on)) == expected
    assert (Place.objects.count(), Succession.objects.count()) == (4, 0)


def province(key: str, **facts: Any) -> PlaceRow:
    return row(key, level="province", kind="province", **facts)


def test_a_province_joins_another_one_with_all_that_lies_in_it(places: dict[str, Place], steward: Client) -> None:
    actions.add_places(rows=[province("q"), row("d", parent="q")], by=make.TEST)
    clerk = make.person("commune_officer", "place/p/a/")
    given = {"event": "merge", "others": "", "into": "q", "on": "2026-01-01", "document": "6 NQ", "kind": "province"}
    address = "/desk/places/p/change/"
    assert "3 places that lay there lie in Xã q." in steward.post(address, given).content.decode()
    assert steward.post(address, {**given, "keep": "1"}).status_code == 302
    assert days("p") == (None, LAST)
    paths = dict(Place.objects.filter(level="commune").values_list("key", "path"))
    assert paths == {each: f"q/{each}/" for each in "abcd"}
    assert [each.scope for each in clerk.grants.all()] == ["place/q/a/"]
    kinds = list(AuditEvent.objects.filter(kind="place.moved").values_list("after__parent", flat=True))
    assert kinds == ["q", "q", "q"]


def test_a_province_splits_and_each_commune_goes_where_it_is_ticked(places: dict[str, Place], steward: Client) -> None:
    lines = "x; 91; province; Tỉnh X; X\ny; 92; province; Tỉnh Y; Y"
    given: dict[str, Any] = {"event": "split", "parts": lines, "on": "2026-01-01", "document": "7 NQ"}
    address = "/desk/places/p/change/"
    looked = steward.post(address, given).content.decode()
    assert "3 places that lay there lie in Tỉnh X." in looked
    assert "Lies in Tỉnh Y from that day" in looked
    given["inside_2"] = ["b", "c"]
    looked = steward.post(address, given).content.decode()
    assert "1 place that lay there lies in Tỉnh X." in looked
    assert "2 places that lay there lie in Tỉnh Y." in looked
    assert steward.post(address, {**given, "inside_2": ["z"], "keep": "1"}).status_code == 422
    assert steward.post(address, {**given, "keep": "1"}).status_code == 302
    paths = dict(Place.objects.filter(level="commune").values_list("key", "path"))
    assert paths == {"a": "x/a/", "b": "y/b/", "c": "y/c/"}
    # They are older than what they lie in now, which stands for what they lay in: later changes find that in order.
    tree.require_tree(Place, ["a", "b", "c", "x", "y"])


def test_a_commune_ticked_twice_is_refused(places: dict[str, Place], steward: Client) -> None:
    lines = "\n".join(f"{key}; 9{at}; province; Tỉnh {key}; {key}" for at, key in enumerate("xyz"))
    given = {"event": "split", "parts": lines, "on": "2026-01-01", "document": "7 NQ", "keep": "1"}
    answer = steward.post("/desk/places/p/change/", {**given, "inside_2": ["b", "c"], "inside_3": ["c"]})
    assert (answer.status_code, "is ticked twice" in answer.content.decode()) == (422, True)
    assert Place.objects.get(key="c").path == "p/c/"


def test_communes_do_not_move_before_the_day(places: dict[str, Place]) -> None:
    """Rights reach by the tree of today: moved today for a day to come, they would move before it."""
    parts = [Part("x", province("x")), Part("y", province("y"))]
    moves = {"a": "x", "b": "y", "c": "y"}
    later = clock.today() + rules.ONE_DAY
    assert refused(lambda: record("p", *parts, inside=moves, on=later)) == ("event_to_come", "on", 422)
    record("p", *parts, inside=moves, on=clock.today())
    assert Place.objects.get(key="a").path == "x/a/"


def test_what_is_left_in_a_place_is_named_and_counted(places: dict[str, Place]) -> None:
    actions.add_places(rows=[row(key, parent="p") for key in "defg"], by=make.TEST)
    parts = [Part("x", province("x")), Part("y", province("y"))]
    with pytest.raises(Refused) as refusal:
        record("p", *parts, inside={"a": "x", "b": "elsewhere"})
    assert "Xã b (b), Xã c (c), Xã d (d) … +3" in str(refusal.value)
    wrong = {**dict.fromkeys("abcdefg", "x"), "q": "x"}
    assert refused(lambda: record("p", *parts, inside=wrong)) == ("place_not_inside", "on", 422)
    assert Place.objects.get(key="a").path == "p/a/"


def test_a_boundary_moves_back_later_and_never_on_the_same_day(places: dict[str, Place]) -> None:
    half, later = Decimal("0.5"), date(2026, 7, 1)
    record("a", Part("b", share=half), goes_on=True)
    assert refused(lambda: record("b", Part("a", share=half), goes_on=True))[0] == "succession_cycle"
    record("b", Part("a", share=half), on=later, goes_on=True)
    assert queries.crosswalk("a", later) == {"a": Decimal("0.75"), "b": Decimal("0.25")}
    record("a", Part("c", share=Decimal(1)), on=date(2026, 8, 1))
    back = [SuccessionRow("c", "a", date(2026, 9, 1))]  # what has ended takes nothing over
    assert refused(lambda: actions.add_successions(kind="place", rows=back, by=make.TEST))[0] == "succession_cycle"


def test_only_the_steward_records_them(places: dict[str, Place]) -> None:
    event = PlaceEvent(("a",), (Part("b", share=Decimal(1)),), ON)
    stranger = make.stranger()
    assert refused(lambda: actions.record_place_event(event=event, by=stranger))[2] == 403
    change = {"name": {"vi": "B"}, "short": "B", "kind": "ward", "from_on": ON}
    assert refused(lambda: actions.rename_place(place=places["a"], by=stranger, **change))[2] == 403
    office = Client()
    office.force_login(make.person("office"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert office.get(PAGE).status_code == 403
    assert "/desk/places/a/change/" not in office.get("/desk/places/a/").content.decode()


@given(st.lists(st.integers(1, 100), min_size=2, max_size=6))
def test_a_split_passes_on_the_whole_or_is_refused(percents: list[int]) -> None:
    known = {"a": Standing("commune", Days(BORN))}
    parts = tuple(Part(f"n{at}", row(f"n{at}"), Decimal(each) / 100) for at, each in enumerate(percents))
    event = PlaceEvent(("a",), parts, ON)
    if sum(percents) == 100:
        planned = place_events.plan(event, known)
        assert (planned.ends, sum(link.share for link in planned.links)) == (("a",), 1)
    else:
        assert refused(lambda: place_events.plan(event, known)) == ("shares_not_whole", "parts", 422)
