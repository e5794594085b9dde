"""Addresses last: whatever is renamed, merged or moved, its old address leads on (expectation 36)."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from urllib.parse import quote

import pytest

from dotpha.directory import actions as directory
from dotpha.directory.models import Organisation, Place
from dotpha.directory.place_events import Part, PlaceEvent
from dotpha.directory.rows import OrganisationRow, PlaceRow
from dotpha.platform import days
from dotpha.programmes import actions
from dotpha.programmes.models import Task
from dotpha.programmes.task_row import TaskRow
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused
from tests.expectations.people import body, enter

pytestmark = pytest.mark.django_db
ON = date(2026, 1, 1)
TASKS, BODIES, PLACES = "abcdefgh", "abcdefg", "abcdefg"


@pytest.fixture
def world() -> None:
    """Tasks in two programmes, bodies under two ministries, communes of two provinces."""
    programme, other = make.programme(), make.programme("other", title={"vi": "Chương trình khác"})
    actions.add_group(programme=programme, key="g1", title={"vi": "Nhóm 1"}, order=1, by=make.TEST)
    for key in TASKS:
        make.task(key=f"t-{key}", title=f"Việc {key}", within=programme)
    make.task(key="t-other", title="Việc khác", within=other)
    rows = [OrganisationRow(key, "ministry", {"vi": key.upper()}) for key in ("m", "n")]
    rows += [OrganisationRow(f"o-{key}", "agency", {"vi": f"Cục {key}"}, parent="m") for key in BODIES]
    directory.add_organisations(rows=rows, by=make.TEST)
    found = [PlaceRow(key, key, "province", "province", {"vi": f"Tỉnh {key}"}, key) for key in ("p", "q")]
    found += [
        PlaceRow(f"x-{key}", f"0{n}", "commune", "commune", {"vi": f"Xã {key}"}, f"Xã {key}", parent="p",
                 valid_from=date(2025, 7, 1))
        for n, key in enumerate(PLACES)
    ]  # fmt: skip
    directory.add_places(rows=found, by=make.TEST)


def task(key: str) -> Task:
    return Task.objects.get(key=key)


def unit(key: str) -> Organisation:
    return Organisation.objects.get(key=key)


def retitled(key: str) -> None:
    row = TaskRow(key, {"vi": "Tên mới"}, "", "", given=frozenset({"title"}))
    actions.change_task(task=task(key), row=row, reason="x", document="y", by=make.office(), on=days.today())


def moved(key: str) -> None:
    actions.move_task(task=task(key), programme=make.programme("other"), by=make.office(), on=days.today())


def left(key: str) -> None:
    moved(key)
    held = task(key).memberships.get(programme=make.programme())
    actions.leave_programme(task=task(key), programme=held.programme, by=make.office(), on=days.today())


def merged(key: str) -> None:
    actions.merge_tasks(task=task(key), into=task("t-other"), reason="x", by=make.office(), on=days.today())


def split(key: str) -> None:
    rows = [make.row(key=f"{key}-1"), make.row(key=f"{key}-2")]
    actions.split_task(task=task(key), rows=rows, reason="x", by=make.office(), on=days.today())


def body_renamed(key: str) -> None:
    directory.rename_organisation(organisation=unit(key), name={"vi": "Cục mới"}, from_on=ON, by=make.TEST)


def body_moved(key: str) -> None:
    directory.move_organisation(organisation=unit(key), into=unit("n"), from_on=ON, by=make.TEST)


def bodies_merged(*keys: str) -> None:
    former = [unit(each) for each in keys]
    directory.replace_organisations(former=former, successors=[unit("n")], on=ON, document="1 NĐ", by=make.TEST)


def places_become(keys: str, *parts: Part) -> None:
    event = PlaceEvent(tuple(keys.split()), parts, ON, "1 NQ")
    directory.record_place_event(event=event, by=make.TEST)


def new(key: str, name: str, share: str | None = None) -> Part:
    row = PlaceRow(key, key[-2:], "commune", "commune", {"vi": name}, name)
    return Part(key, row, Decimal(share) if share else None)


def place_renamed(key: str) -> None:
    directory.rename_place(
        place=Place.objects.get(key=key), name={"vi": "Phường mới"}, short="Mới", kind="ward", from_on=ON, by=make.TEST
    )


def change_everything() -> None:
    for key in ("t-a", "t-b"):
        retitled(key)
    for key in ("t-c", "t-d"):
        moved(key)
    left("t-e")
    merged("t-f")
    merged("t-g")
    split("t-h")
    for key in ("o-a", "o-b"):
        body_renamed(key)
    for key in ("o-c", "o-d"):
        body_moved(key)
    bodies_merged("o-e", "o-f", "o-g")
    place_renamed("x-a")
    place_renamed("x-b")
    places_become("x-c x-d", new("y-1", "Xã mới"))
    places_become("x-e", Part("x-f", share=Decimal(1)))
    places_become("x-g", new("z-1", "Xã một", "0.4"), new("z-2", "Xã hai", "0.6"))


NOTHING: tuple[str, ...] = ()
LEADS = {
    **{f"tasks/t-{key}": NOTHING for key in "abcde"},
    **{f"tasks/t-{key}": ("tasks/t-other",) for key in "fg"},
    "tasks/t-h": ("tasks/t-h-1", "tasks/t-h-2"),
    **{f"organisations/o-{key}": NOTHING for key in "abcd"},
    **{f"organisations/o-{key}": ("organisations/n",) for key in "efg"},
    **{f"places/x-{key}": NOTHING for key in "ab"},
    **{f"places/x-{key}": ("places/y-1",) for key in "cd"},
    "places/x-e": ("places/x-f",),
    "places/x-g": ("places/z-1", "places/z-2"),
}  # fmt: skip
"""Each old address, with the addresses to which its page must lead; none where the thing is still itself."""


def test_old_addresses_lead_on_and_none_shows_another_thing(world: None) -> None:
    """36. Addresses last: rename, merge, move 20 things: old addresses lead on; none shows another thing."""
    change_everything()
    assert len(LEADS) >= 20
    office = enter("office")
    for address, successors in LEADS.items():
        key = address.rpartition("/")[2]
        page = body(office, f"/desk/{address}/").partition('id="main"')[2]
        for each in successors:
            assert f'href="/desk/{each}/"' in page, (address, each)
        assert key in re.sub(r'(href|action)="[^"]*"', "", page), (address, "the page is not of this thing")
        told = json.loads(body(office, f"/api/v1/{address}"))
        assert told.get("key") == key, (address, told)


def test_a_key_is_never_given_to_another_thing(world: None) -> None:
    """36. Addresses last: what is merged, ended or closed keeps its address for ever."""
    change_everything()
    again = make.row(key="t-f", title="Khác")
    add = lambda: actions.add_task(programme=make.programme(), row=again, by=make.TEST, on=days.today())  # noqa: E731
    assert refused(add)[0] == "key_taken"
    directory.add_organisations(rows=[OrganisationRow("o-e", "agency", {"vi": "Khác"})], by=make.TEST)
    assert unit("o-e").name == {"vi": "Cục e"}


def test_the_former_name_still_finds_it(world: None) -> None:
    """36. Addresses last: who knows a thing by its old name is led to where it is now."""
    change_everything()
    office = enter("office")
    for words, address in {"Cục a": "organisations/o-a", "Xã a": "places/x-a", "Cục e": "organisations/n"}.items():
        found = json.loads(body(office, f"/api/v1/search?q={quote(words)}"))["items"]
        assert f"/desk/{address}/" in [each["url"] for each in found[:5]], (words, found)
