"""What an organisation belongs to is a dated fact: a day before a move shows the organisation above it of that day."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from functools import partial
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client

from dotpha.directory import actions, imports, queries
from dotpha.directory.models import Organisation, OrganisationParent
from dotpha.directory.rows import Moving, OrganisationRow
from dotpha.platform import days
from dotpha.platform.models import AuditEvent
from dotpha.platform.past import known_at
from dotpha.platform.refusals import Refused
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused
from dotpha.programmes.tests.test_api import Api

pytestmark = pytest.mark.django_db
BORN, LAST, ON = date(2021, 1, 1), date(2025, 2, 28), date(2025, 3, 1)
ONE = timedelta(days=1)
THEN = f"?as_of={LAST}"


@pytest.fixture(autouse=True)
def bodies() -> None:
    """Two ministries: m with the department d and its unit u; n, which begins on the day of the reform."""
    rows = [("m", "", BORN), ("n", "", ON), ("d", "m", BORN), ("u", "d", BORN)]
    made = [OrganisationRow(key, "agency", {"vi": f"Bộ {key}"}, parent=up, valid_from=since) for key, up, since in rows]
    actions.add_organisations(rows=made, by=make.TEST)


@pytest.fixture
def steward() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.person("steward"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def body(key: str) -> Organisation:
    return Organisation.objects.get(key=key)


def move(key: str, into: str, on: date = ON) -> Organisation:
    above = body(into) if into else None
    return actions.move_organisation(organisation=body(key), into=above, from_on=on, document="9 NĐ", by=make.TEST)


def above(key: str, on: date) -> str:
    parent = queries.one_organisation(key, on).parent_shown
    return parent.key if parent else ""


def test_a_move_holds_from_its_day_and_the_days_before_stay() -> None:
    clerk = make.person("focal_point", body("u").scope)
    assert move("d", "n").path == "n/d/"
    assert [above("d", on) for on in (LAST, ON)] == ["m", "n"]
    assert [[each.key for each in queries.organisations(on, parent="m")] for on in (LAST, ON)] == [["d"], []]
    assert [each.key for each in queries.members(body("n"), ON)] == ["d"]
    assert (body("u").path, [each.scope for each in clerk.grants.all()]) == ("n/d/u/", ["org/n/d/u/"])
    [told] = AuditEvent.objects.filter(kind="organisation.moved").values_list("subject", "before", "after", "reason")
    after = {"parent": "n", "from_on": "2025-03-01", "document": "9 NĐ"}
    assert told == ("organisation:d", {"parent": "m"}, after, "9 NĐ")


def test_one_that_belonged_to_none_did_so_before(steward: Client) -> None:
    form = {"move": "1", "parent": "m", "from_on": "2025-03-01", "document": ""}
    assert steward.post("/desk/organisations/n/change/", form).status_code == 422, "n begins on that day"
    assert steward.post("/desk/organisations/n/change/", {**form, "from_on": "2025-03-02"}).status_code == 302
    assert [above("n", on) for on in (ON, ON + ONE)] == ["", "m"]


def test_page_list_export_and_api_of_a_day_before(steward: Client) -> None:
    move("d", "n")
    page = steward.get(f"/desk/organisations/d/{THEN}").content.decode()
    assert (f'href="/desk/organisations/m/{THEN}"' in page, "Bộ n" in page, "Belonged before to" in page) == (
        True, False, False
    )  # fmt: skip
    page = steward.get("/desk/organisations/d/").content.decode()
    assert ("Belonged before to" in page, "Bộ m" in page, "Bộ n" in page) == (True, True, True)
    exported = b"".join(steward.get(f"/desk/organisations/{THEN}&export=csv").streaming_content)  # type: ignore[attr-defined]
    with pytest.raises(Refused) as refusal:
        imports.preview(exported, "x.csv", imports.ORGANISATIONS, make.TEST)
    assert (refusal.value.code, refusal.value.facts) == ("file_of_past", {"day": "2025-02-28"})
    today = b"".join(steward.get("/desk/organisations.csv").streaming_content)  # type: ignore[attr-defined]
    seen = imports.preview(today, "x.csv", imports.ORGANISATIONS, make.TEST)
    assert ({each.fate for each in seen.lines}, seen.problems) == ({"unchanged"}, [])
    rows = list(csv.DictReader(io.StringIO(exported.decode("utf-8-sig"))))
    assert {each["Key"]: each["Belongs to (key)"] for each in rows} == {"m": "", "d": "m", "u": "d"}
    api = Api(make.person("steward"))
    assert api.get(f"/organisations/d{THEN}")["parent"] == "m"
    listed = api.get(f"/organisations{THEN}&parent=m")["items"]
    assert [(each["key"], each["parent"]) for each in listed] == [("d", "m")]
    assert api.get("/organisations?parent=m")["items"] == []


def test_every_link_of_the_list_keeps_the_day(steward: Client) -> None:
    page = steward.get(f"/desk/organisations/{THEN}&q=Bộ&sort=parent").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    links = [each.partition('"')[0] for each in main.split('href="')[1:]]
    of_list = [each for each in links if each.startswith(("?", "/desk/organisations"))]
    assert len(of_list) > 10
    assert [each for each in of_list if "as_of=2025-02-28" not in each] == []
    assert '<input type="hidden" name="as_of" value="2025-02-28">' in main


@pytest.mark.parametrize(
    ("key", "into", "on", "code"),
    [
        ("d", "m", ON, "lies_there_already"),
        ("d", "u", ON, "parent_cycle"),
        ("d", "n", LAST, "parent_not_there_then"),
        ("d", "n", date(2099, 1, 1), "event_to_come"),
        ("d", "", BORN, "days_out_of_order"),
        ("gone", "m", ON, "ended_already"),
    ],
)
def test_what_no_move_can_be(key: str, into: str, on: date, code: str) -> None:
    ended = OrganisationRow("gone", "agency", {"vi": "Cũ"}, valid_from=BORN, valid_to=ON + ONE)
    actions.add_organisations(rows=[ended], by=make.TEST)
    assert refused(lambda: move(key, into, on))[0] == code
    assert not OrganisationParent.objects.exists()


def test_no_circle_closes_on_a_day_between() -> None:
    move("d", "", ON + 5 * ONE)
    assert refused(lambda: move("m", "d", ON)) == ("parent_cycle", "parent", 422)
    move("m", "d", ON + 5 * ONE)
    back = partial(actions.take_back_organisation_move, organisation=body("d"), reason="x", by=make.TEST)
    assert refused(back)[0] == "parent_cycle"
    move("m", "", ON + 6 * ONE)
    assert refused(back)[0] == "parent_cycle", "on the day between"


def test_the_last_move_is_taken_back_and_recorded_anew(steward: Client) -> None:
    page = "/desk/organisations/d/change/"
    assert 'name="unmove"' not in steward.get(page).content.decode()
    move("d", "n")
    assert 'name="unmove"' in steward.get(page).content.decode()
    assert steward.post(page, {"unmove": "1", "reason": "Sai ngày"}).status_code == 302
    assert (above("d", ON), body("u").path, OrganisationParent.objects.exists()) == ("m", "m/d/u/", False)
    [told] = AuditEvent.objects.filter(kind="organisation.move_taken_back").values_list("after", "reason")
    assert told == ({"parent": "m", "from_on": "2025-03-01", "document": "9 NĐ"}, "Sai ngày")
    offered = steward.get(page).content.decode()
    assert f'name="from_on" value="{days.today().isoformat()}"' in offered, "a move holds from today unless told"
    steward.post(page, {"move": "1", "parent": "n", "from_on": (ON + ONE).isoformat()})
    assert [above("d", on) for on in (ON, ON + ONE)] == ["m", "n"]


def test_only_who_may_change_the_directory_moves_and_takes_back() -> None:
    acts = [
        partial(actions.move_organisation, organisation=body("d"), into=body("n"), from_on=ON, by=make.stranger()),
        partial(actions.take_back_organisation_move, organisation=body("d"), reason="x", by=make.stranger()),
    ]
    assert [refused(act)[2] for act in acts] == [403, 403]


def test_a_body_does_not_end_while_others_are_on_record_under_it() -> None:
    move("d", "n", ON + ONE)
    ended = partial(actions.end_organisation, organisation=body("m"), reason="x", by=make.TEST)
    assert refused(lambda: ended(last_day=LAST)) == ("units_went_later", "last_day", 409)
    assert ended(last_day=ON).valid_to == ON


def test_what_was_known_before_the_move_was_recorded() -> None:
    moment = days.now()
    move("d", "n")
    with known_at(moment):
        assert above("d", ON) == "m"


def load(*lines: str) -> list[str]:
    data = "\n".join(["key,parent,parent_from,source", *lines]).encode()
    seen = imports.preview(data, "x.csv", imports.ORGANISATIONS, make.TEST)
    if not seen.problems:
        imports.apply(seen, imports.ORGANISATIONS, make.TEST)
    return [each.code for each in seen.problems] or [note for line in seen.lines for note in line.notes]


def test_a_file_moves_from_the_day_in_it_and_corrects_without_one() -> None:
    assert load("d,n,2025-03-01,9 NĐ", "u,n,2025-03-02,9 NĐ") == []
    assert [above("d", on) for on in (LAST, ON)] == ["m", "n"]
    assert [above("u", on) for on in (ON, ON + ONE)] == ["d", "n"]
    assert load("d,n,2025-03-01,9 NĐ") == [], "repeated, it changes nothing"
    [note] = load("u,d,,")
    assert "parent_from" in note
    assert [above("u", on) for on in (ON, ON + ONE)] == ["d", "d"], "corrected since its last move"
    assert load("d,m,2025-03-01,") == ["days_out_of_order"]
    assert load("d,m,2099-03-01,") == ["event_to_come"]
    assert load("u,n,2024-03-01,") == ["days_out_of_order"]


def test_a_move_by_a_file_is_judged_from_its_day_on() -> None:
    """d is older than n: under it only from the day on which n begins."""
    assert load("d,n,2025-02-28,") == ["parent_not_valid"]
    with pytest.raises(Refused):
        actions.load_organisations(added=[], changed={}, moved={"d": Moving("n", LAST)}, by=make.TEST)


def test_moves_recorded_before_get_the_day_of_the_succession() -> None:
    """What went from a body that ended to its successor; other changes have no day and stay corrections."""
    move("d", "n")
    actions.replace_organisations(former=[body("m")], successors=[body("n")], on=ON, document="1 NĐ", by=make.TEST)
    OrganisationParent.objects.all().delete()
    change = {"kind": "organisation.changed", "actor": "x", "at": days.now() - ONE, "reason": "x"}
    AuditEvent.objects.create(**change, subject="organisation:d", before={"parent": "m"}, after={"parent": "n"})
    AuditEvent.objects.create(**change, subject="organisation:u", before={"parent": "n"}, after={"parent": "d"})
    with connection.schema_editor() as editor:
        import_module("dotpha.directory.migrations.0005_organisations_that_moved").fill(apps, editor)
    assert list(OrganisationParent.objects.values_list("organisation__key", "parent__key", "until_on", "document")) == [
        ("d", "m", LAST, "1 NĐ")
    ]
