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

from dotpha.directory import actions, place_events, queries
from dotpha.directory.models import Place, PlaceName, Succession
from dotpha.directory.place_events import Part, PlaceEvent, Standing
from dotpha.directory.rows import PlaceRow
from dotpha.directory.rules import Days
from dotpha.platform.models import AuditEvent
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
    assert (early.status_code, "must not come before" in early.content.decode()) == (422, True)
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
