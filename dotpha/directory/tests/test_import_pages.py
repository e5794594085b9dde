"""The pages that import organisations and places: two steps, nothing in between, and lists that come back."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dotpha.accounts.models import Grant, User
from dotpha.directory import actions
from dotpha.directory.imports import SHAPES, preview
from dotpha.directory.models import Organisation, Place
from dotpha.directory.tests.test_imports import TEST, file, grant, organisation, place
from dotpha.platform.models import AuditEvent

pytestmark = pytest.mark.django_db
PAGE = "/desk/organisations/import/"


def enter(role: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(grant(role), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


@pytest.fixture
def steward() -> Client:
    return enter("steward")


def put(client: Client, data: bytes, name: str = "r.csv", page: str = PAGE) -> Any:
    return client.post(page, {"file": SimpleUploadedFile(name, data)})


def looked_at(client: Client, data: bytes, page: str = PAGE) -> tuple[str, str]:
    """The address of a file put aside, and its page."""
    answer = put(client, data, page=page)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return answer["Location"], client.get(answer["Location"]).content.decode()


def parked(address: str) -> str:
    found = re.search(r"file=([0-9a-f]{64})", address)
    assert found
    return found[1]


def test_a_file_is_looked_at_and_then_kept(steward: Client) -> None:
    organisation("most")
    address, html = looked_at(steward, file("most,,agency,,,,,,,", "new,Cục mới,agency,most,,,,,,"))
    assert "2 rows were read; nothing is kept yet" in html
    assert "Kind: Ministry → <b>Agency under a ministry</b>" in html
    assert (
        Organisation.objects.count(),
        AuditEvent.objects.filter(actor="steward", kind__startswith="organisation").count(),
    ) == (1, 0)
    answer = steward.post(address, {"parked": parked(address), "keep": "1"}, follow=True)
    assert "Imported: 1 new, 1 changed, 0 unchanged." in answer.content.decode()
    assert sorted(Organisation.objects.values_list("key", "kind")) == [("most", "agency"), ("new", "agency")]


def test_a_refused_row_is_shown_and_stops_the_file_unless_it_is_left_out(steward: Client) -> None:
    address, html = looked_at(steward, file("a,Một,ministry,,,,,,,", "b,Hai,ministry,,never,,,,,"))
    assert "1 row is refused" in html
    assert re.search(r"Row 3</b><p class=\"err mb0\">Valid from: ", html)
    given = {"parked": parked(address), "keep": "1"}
    refused = steward.post(address, given)
    assert (refused.status_code, Organisation.objects.count()) == (422, 0)
    assert "nothing was imported" in refused.content.decode()
    assert steward.post(address, {**given, "skip": "on"}).status_code == 302
    assert list(Organisation.objects.values_list("key", flat=True)) == ["a"]


def test_what_was_not_looked_at_is_not_kept(steward: Client) -> None:
    """Somebody changes the record between the look and the second button: the rows are shown anew."""
    most = organisation("most")
    address, html = looked_at(steward, file("most,,,,,,,,,NQ 176"))
    looked = re.search(r'name="looked" value="([0-9a-f]{32})"', html)
    assert looked
    actions.change_organisation(organisation=most, changes={"source": "NQ 1"}, by=TEST)
    given = {"parked": parked(address), "keep": "1", "looked": looked[1]}
    answer = steward.post(address, given)
    assert (answer.status_code, "NQ 1 → <b>NQ 176</b>" in answer.content.decode()) == (409, True)
    assert Organisation.objects.get().source == "NQ 1"
    again = re.search(r'name="looked" value="([0-9a-f]{32})"', answer.content.decode())
    assert again
    assert steward.post(address, {**given, "looked": again[1]}).status_code == 302
    assert Organisation.objects.get().source == "NQ 176"


def test_the_rows_of_one_fate_and_of_one_page(steward: Client) -> None:
    rows = [f"a{n},Tên {n},ministry,,,,,,," for n in range(201)]
    address, html = looked_at(steward, file(*rows, "bad,,,,,,,,,"))
    assert (html.count('<td class="ti">'), "1–200 of 202" in html) == (200, True)
    assert steward.get(f"{address}&fate=refused").content.decode().count('<td class="ti">') == 1
    assert steward.get(f"{address}&page=2").content.decode().count('<td class="ti">') == 2
    assert "No row of the file is among these." in steward.get(f"{address}&fate=changed").content.decode()


@pytest.mark.parametrize(
    ("data", "name", "status"),
    [(b"key,colour\n", "r.csv", 422), (b"%PDF-1.7", "r.pdf", 415), (b"", "r.csv", 422), (b"key\n", "r.xlsx", 415)],
)
def test_what_is_no_table_is_refused_with_a_sentence(steward: Client, data: bytes, name: str, status: int) -> None:
    answer = put(steward, data, name)
    assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (status, True)


def test_no_file_and_a_file_that_waits_no_longer(steward: Client) -> None:
    assert "Choose a file." in steward.post(PAGE).content.decode()
    assert steward.get(f"{PAGE}?file={'0' * 64}").status_code == 404
    address, _html = looked_at(steward, file("a,Một,ministry,,,,,,,"))
    other = User.objects.create(username="second")
    Grant.objects.create(user=other, role="steward", scope="all", from_on=date(2020, 1, 1), granted_by="test")
    steward.force_login(other, backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert steward.get(address).status_code == 404, "what one person put aside opens for nobody else"


@pytest.mark.parametrize("page", [PAGE, "/desk/places/import/"])
def test_only_the_steward_finds_the_way(page: str) -> None:
    office = enter("office")
    assert office.get(page).status_code == 403
    assert put(office, file("a,Một,ministry,,,,,,,"), page=page).status_code == 403
    assert page not in office.get(page.removesuffix("import/")).content.decode()
    assert page in enter("steward").get(page.removesuffix("import/")).content.decode()


@pytest.mark.parametrize("language", ["vi", "en", "ru", "fr", "th", "ms"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_a_list_exports_can_be_imported_and_changes_nothing(kind: str, language: str) -> None:
    place(latitude="21.0001", population=8807523, area_km2="3359.84", valid_from=date(2025, 7, 1))
    place("commune-00004", code="00004", level="commune", kind="ward", parent="province-ha-noi")
    organisation("gov", kind="government", name={"vi": "Chính phủ", "en": "=Government", "th": "รัฐบาล"})
    organisation("most", parent="gov", abbreviations=("BKHCN", "KHCN"), valid_from=date(2025, 3, 1), source="NQ 176")
    organisation("all", kind="group", member_kinds=("ministry", "ministry_level"))
    organisation("ubnd", kind="provincial_peoples_committee", place="province-ha-noi")
    client = enter("steward", language)
    for address, count in (("organisations/?", 4), ("places/?", 1), ("places/?level=commune&", 1)):
        answer = client.get(f"/desk/{address}export={kind}")
        data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        seen = preview(data, f"list.{kind}", SHAPES[address.partition("/")[0]], TEST)
        assert (seen.problems, seen.count("unchanged"), len(seen.lines)) == ([], count, count)
    Place.objects.filter(level="commune").update(kind="commune", short="x", name={"vi": "x"})
    seen = preview(data, f"list.{kind}", SHAPES["places"], TEST)
    changed = [[each.column for each in line.differences] for line in seen.lines]
    assert changed == [["name_vi", "short_vi", "kind"]], "the file does hold what the list held"


def test_an_export_needs_as_many_queries_for_many_as_for_few(steward: Client) -> None:
    def asked(page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            b"".join(steward.get(page).streaming_content)  # type: ignore[attr-defined]
        return len(queries)

    organisation("gov")
    organisation("first", parent="gov")
    place()
    steward.get("/desk/")  # the first page of a sign-in winds its clock
    few = [asked(f"/desk/{name}/?export=csv") for name in ("organisations", "places")]
    for n in range(20):
        organisation(f"o{n}", parent="gov")
        place(f"p{n}", code=str(n))
    assert [asked(f"/desk/{name}/?export=csv") for name in ("organisations", "places")] == few


@pytest.mark.parametrize("name", ["organisations", "places"])
def test_a_look_needs_as_many_queries_for_many_rows_as_for_few(steward: Client, name: str) -> None:
    head = "key,name_vi,kind,parent" if name == "organisations" else "key,name_vi,short_vi,kind,code,province"
    rest = "Tên,agency,root" if name == "organisations" else "Tên,Tên,ward,1,root"
    organisation("root")
    place("root")

    def asked(count: int) -> int:
        rows = [f"k{count}-{n},{rest}" for n in range(count)]
        address = put(steward, file(*rows, head=head), page=f"/desk/{name}/import/")["Location"]
        with CaptureQueriesContext(connection) as queries:
            assert steward.post(address, {"parked": parked(address), "keep": "1"}).status_code == 302
        return len(queries)

    assert asked(2) == asked(50)
