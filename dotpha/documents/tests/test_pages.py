"""Pages and API of the register: forms that keep what was typed, files, drafting, constant numbers of queries."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dotpha.accounts.models import User
from dotpha.documents import actions
from dotpha.documents.models import Attachment, Document, DraftingStep
from dotpha.documents.rows import ProvisionRow, RelationRow
from dotpha.documents.rules import Step, StepDates
from dotpha.documents.tests.test_actions import SIGNED, TEST, TREE, actor, attach, document, issuer
from dotpha.platform import days

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"


def enter(role: str, language: str = "en") -> Client:
    """A browser in which a person of this role is signed in."""
    person = User.objects.get(username=actor(role).key)
    client = Client(headers={"accept-language": language})
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


@pytest.fixture
def office() -> Client:
    return enter("office")


def read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(f"/desk/documents/{address}")
    assert answer.status_code == status, answer.content[:2000]
    return answer.content.decode()


def send(client: Client, address: str, **typed: Any) -> tuple[int, str]:
    answer = client.post(f"/desk/documents/{address}", typed)
    return answer.status_code, answer.content.decode()


def pdf(name: str = "57-nq-tw.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def card(**typed: Any) -> dict[str, Any]:
    return {"key": "again", "number": "57-NQ/TW", "kind": "resolution", "title_vi": "Khác", "mark": "public", **typed}


# --- entering -------------------------------------------------------------------------------------


def test_a_second_entry_is_refused_with_a_link_to_the_first(office: Client) -> None:
    document(issuer=issuer().key)
    typed = card(number="57 - nq/tw", issuer="politburo", signed_on="2024-12-22")
    status, html = send(office, "add/", **typed)
    assert status == 409
    assert 'href="/desk/documents/nq-57/"' in html
    assert 'value="57 - nq/tw"' in html
    other = document("other", number="58-NQ/TW", issuer=issuer().key)
    status, html = send(office, "other/change/", version=other.version, **typed)
    assert (status, 'href="/desk/documents/nq-57/"' in html) == (409, True)


@pytest.mark.parametrize("language", ["vi", "en", "ru", "fr", "th", "ms"])
def test_days_of_a_card_are_shown_as_the_browser_reads_them(language: str) -> None:
    document()
    assert 'value="2024-12-22"' in read(enter("office", language), "nq-57/change/")


def test_a_document_says_whether_it_is_checked_and_by_whom(office: Client) -> None:
    held = document(number="<b>")
    assert "not checked against the original" in read(office, "nq-57/")
    assert send(office, "nq-57/verify/", version=held.version)[0] == 302
    html = read(office, "nq-57/")
    assert "checked by" in html
    assert "program:" not in html
    actions.change_document(document=held, changes={"number": "9"}, by=TEST)
    assert "not checked against the original" in read(office, "nq-57/")


def test_names_stand_on_the_page_however_often_the_document_was_changed(office: Client) -> None:
    """Its history shows the last changes alone: who entered it, attached a file and took it away came before."""
    people = [actor("office") for _each in range(3)]
    names = [f"Name of {each.key}" for each in people]
    for each, name in zip(people, names, strict=True):
        User.objects.filter(username=each.key).update(name=name)
    held = document(by=people[0])
    actions.detach_file(attachment=attach(held), reason="x", by=people[1])
    attach(held, by=people[2])
    attach(held, PDF, by=replace(TEST, key="program:letters"))
    for number in range(31):
        actions.change_document(document=held, changes={"number": str(number)}, by=TEST)
    send(office, "nq-57/verify/", version=Document.objects.get().version)
    html = read(office, "nq-57/")
    assert [name in html for name in names] == [True] * 3
    assert ("program:letters" in html, "the writer of letters" in html) == (False, True)


def test_who_changed_a_document_is_not_offered_to_check_it(office: Client) -> None:
    document()
    offered = "Confirm against the original"
    assert offered in read(office, "nq-57/")
    assert send(office, "nq-57/change/", **card(number="58-NQ/TW"))[0] == 302
    assert offered not in read(office, "nq-57/")
    assert offered in read(enter("inspector"), "nq-57/")


# --- files ----------------------------------------------------------------------------------------


def test_a_file_is_attached_shown_and_opened(office: Client) -> None:
    document(mark="internal")
    assert send(office, "nq-57/attach/", file=pdf(), source="Công báo", obtained_on="2025-01-02")[0] == 302
    html = read(office, "nq-57/")
    stored = Attachment.objects.get().file
    assert hashlib.sha256(PDF).hexdigest() in html
    assert f'href="/files/{stored.pk}/"' in html
    answer = office.get(f"/files/{stored.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert (answer["X-Content-Type-Options"], "attachment" in answer["Content-Disposition"]) == ("nosniff", True)
    assert enter("citizen").get(f"/files/{stored.pk}/").status_code == 404
    assert Client().get(f"/files/{stored.pk}/").status_code == 302


def test_a_restricted_file_is_not_there_for_others() -> None:
    stored = attach(document(mark="restricted"), PDF).file
    answers = {role: enter(role).get(f"/files/{stored.pk}/").status_code for role in ("leader", "inspector")}
    assert answers == {"leader": 404, "inspector": 200}


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        (pdf(data=b"MZ\x90\x00 no document"), 415, "its content is of the kind unknown"),
        (pdf("a.exe", b"MZ\x90\x00 no document"), 415, "cannot be taken here"),
        (pdf("a.docx"), 415, "its content is of the kind"),
        (pdf("a.csv", b"a,b\x00\n1,2\n"), 415, "its content is of the kind unknown"),
        (pdf(data=b""), 422, "empty"),
        (None, 422, "This field is required"),
    ],
)
def test_another_kind_of_file_is_refused_and_what_was_typed_stays(
    office: Client, given: Any, status: int, sentence: str
) -> None:
    document()
    typed = {"file": given} if given else {}
    found, html = send(office, "nq-57/attach/", source="Công báo số 9", **typed)
    assert (found, sentence in html, 'value="Công báo số 9"' in html) == (status, True, True)
    assert not Attachment.objects.exists()


def test_a_file_larger_than_may_be_is_refused(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    document()
    monkeypatch.setattr("dotpha.platform.inspection.MOST_BYTES", 10)
    assert send(office, "nq-57/attach/", file=pdf())[0] == 413


def test_a_file_is_taken_away_with_a_reason(office: Client) -> None:
    attach(document(), PDF)
    assert "57-nq-tw.pdf" in read(office, "nq-57/files/1/detach/")
    status, _html = send(office, "nq-57/files/1/detach/", reason=" ")
    assert (status, Attachment.objects.get().detached_at) == (422, None)
    assert send(office, "nq-57/files/1/detach/", reason="Bản mờ")[0] == 302
    assert "Bản mờ" in read(office, "nq-57/")
    assert "57-nq-tw.pdf" not in read(enter("leader"), "nq-57/").split('id="files"')[1].split("</section>")[0]
    read(office, "nq-57/files/1/detach/", 404)


@pytest.mark.parametrize("address", ["nq-57/change/", "nq-57/verify/", "nq-57/steps/", "nq-57/III/wording/"])
def test_an_unreadable_version_is_no_error_of_the_server(office: Client, address: str) -> None:
    document(signed_on=None, provisions=TREE)
    typed = card(number="58-NQ/TW", drafting_came_on="2025-02-01", text="Khác", from_on="2025-02-01", reason="Sửa")
    assert send(office, address, **{**typed, "version": "seven"})[0] == 302


def test_only_those_who_change_a_document_are_led_to_the_form_of_its_wording() -> None:
    document(provisions=TREE)
    within = Client(headers={"accept-language": "en"})
    person = User.objects.get(username=actor("office", "org/politburo/").key)
    within.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert "III/wording/" not in read(within, "nq-57/III/")
    assert "III/wording/" in read(enter("office"), "nq-57/III/")


@pytest.mark.parametrize("address", ["attach/", "steps/", "files/1/detach/"])
def test_forms_are_for_those_who_change_documents(address: str) -> None:
    attach(document(), PDF)
    form = '<form method="post"'
    assert form not in read(enter("leader"), f"nq-57/{address}", 403).partition("<main")[2]
    assert form in read(enter("office"), f"nq-57/{address}", 200).partition("<main")[2]


def test_the_api_lists_files_that_its_reader_may_open() -> None:
    held = document()
    attach(held, PDF, source="Công báo")
    gone = attach(held, b"%PDF-1.4")
    actions.detach_file(attachment=gone, reason="Nhầm", by=TEST)
    found = Client().get("/api/v1/documents/nq-57").json()["files"]
    stored = Attachment.objects.get(number=1).file
    assert found == [
        {
            "number": 1, "name": "57-nq-tw.pdf", "media_type": "application/pdf", "size": len(PDF),
            "sha256": hashlib.sha256(PDF).hexdigest(), "source": "Công báo", "obtained_on": None,
            "url": f"/files/{stored.pk}/",
        }
    ]  # fmt: skip
    assert b"".join(enter("citizen").get(found[0]["url"]).streaming_content) == PDF


# --- drafting -------------------------------------------------------------------------------------


def follow(key: str, **steps: StepDates) -> Document:
    held = document(key, number="", signed_on=None, kind="law", title={"vi": f"Luật {key}"})
    given = {Step(name): dates for name, dates in steps.items()}
    return actions.record_drafting(document=held, steps=given, by=TEST, on=days.today())


def test_an_empty_list_of_drafts_says_what_to_do(office: Client) -> None:
    assert "Open a document and record the steps" in read(office, "drafting/")


def test_steps_are_recorded_on_a_page_and_stand_on_the_document(office: Client) -> None:
    held = document(signed_on=None)
    typed = {"drafting_came_on": "2025-02-01", "consultation_planned_on": "2025-03-01", "version": held.version}
    assert send(office, "nq-57/steps/", **typed)[0] == 302
    kept = DraftingStep.objects.order_by("pk").values_list("kind", "planned_on", "came_on")
    assert list(kept) == [("drafting", None, date(2025, 2, 1)), ("consultation", date(2025, 3, 1), None)]
    assert "days late" in read(office, "nq-57/")
    assert 'value="2025-02-01"' in read(office, "nq-57/steps/")


def test_a_bad_day_is_told_at_its_field_and_nothing_typed_is_lost(office: Client) -> None:
    document(signed_on=None)
    typed = {"drafting_came_on": "2999-01-01", "consultation_planned_on": "2025-03-01"}
    status, html = send(office, "nq-57/steps/", **typed)
    assert status == 422
    assert 'id="id_drafting_came_on_error"' in html
    assert ('value="2999-01-01"' in html, 'value="2025-03-01"' in html) == (True, True)
    assert not DraftingStep.objects.exists()


def test_drafts_are_filtered_by_the_address_and_counted(office: Client) -> None:
    follow("late", drafting=StepDates(SIGNED, SIGNED), consultation=StepDates(SIGNED))
    follow("ahead", issued=StepDates(date(2099, 2, 1)))
    document("decree", kind="decree", signed_on=date(2025, 3, 1))

    def shown(query: str) -> list[bool]:
        html = read(office, f"drafting/{query}")
        return [f"/desk/documents/{key}/" in html for key in ("late", "ahead")]

    assert shown("") == [True, True]
    assert shown("?late=true") == shown("?step=drafting") == [True, False]
    assert shown("?period=2099-H1") == shown("?step=none") == [False, True]
    assert shown("?kind=law") == [True, True]
    assert 'href="/desk/documents/?kind=decree&amp;period=2025-H1"' in read(office, "drafting/")
    assert "/desk/documents/decree/" in read(office, "?kind=decree&period=2025-H1")
    assert "/desk/documents/decree/" not in read(office, "?kind=decree&period=2025-H2")
    assert "is not a period" in read(office, "drafting/?period=nonsense", 422)


def test_drafts_go_out_as_they_stand(office: Client) -> None:
    follow("late", drafting=StepDates(SIGNED, SIGNED), consultation=StepDates(SIGNED))
    answer = office.get("/desk/documents/drafting/?export=csv&late=true")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    late = (days.today() - SIGNED).days
    assert rows[1:] == [["Luật late", "Law", "–", "Drafting", "Consultation", "2024-12-22", str(late), ""]]
    assert office.get("/desk/documents/drafting/?export=xlsx").status_code == 200


def test_drafts_of_a_day_in_the_past(office: Client) -> None:
    follow("late", drafting=StepDates(SIGNED, date(2025, 2, 1)))
    assert 'name="as_of" value="2025-01-31"' in read(office, "?as_of=2025-01-31")
    assert "/desk/documents/drafting/?as_of=2025-01-31" in read(office, "?as_of=2025-01-31")
    assert "not begun" in read(office, "drafting/?as_of=2025-01-31").split("<tbody>")[-1]


# --- queries --------------------------------------------------------------------------------------


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        read(client, address)
    return len(counted)


def test_the_lists_and_the_document_cost_the_same_however_much_they_show(office: Client) -> None:
    held = document(provisions=(ProvisionRow("I", "part"),))
    attach(held, PDF)
    follow("first", drafting=StepDates(SIGNED))
    addresses = ("", "drafting/", "nq-57/")
    asked(office, "")  # the first page of a sign-in winds its clock
    few = [asked(office, address) for address in addresses]
    for number in range(8):
        follow(f"d-{number}", drafting=StepDates(SIGNED))
        attach(held, PDF + bytes([number]))
        actions.add_provisions(document=held, rows=[ProvisionRow(f"I.{number}", "clause", "I")], by=TEST)
    assert [asked(office, address) for address in addresses] == few


def test_page_and_api_show_the_state_of_a_clause_on_the_day_asked_about(office: Client) -> None:
    document(provisions=[ProvisionRow("III", "part"), ProvisionRow("III.2", "clause", "III")])
    document("new", number="", signed_on=date(2025, 3, 1))
    actions.add_relations(rows=[RelationRow("new", "repeals", "nq-57", "III.2", date(2025, 6, 1))], by=TEST)
    for on, state, word in (("2025-05-31", "in_force", "In force"), ("2025-06-01", "expired", "Expired")):
        told = office.get("/api/v1/documents/nq-57", {"as_of": on}).json()["provisions"]
        assert {each["address"]: each["state"] for each in told}["III.2"] == state
        assert (">Expired</span>" in read(office, f"nq-57/?as_of={on}")) is (state == "expired")
        assert f">{word}</span>" in read(office, f"nq-57/III.2/?as_of={on}")
