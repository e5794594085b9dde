"""Pages of parts, the inbox of both sides, the parts over the API."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dotpha.accounts.models import Grant
from dotpha.platform import days
from dotpha.platform.registry import registry
from dotpha.programmes import actions
from dotpha.programmes.models import PartReport, Task
from dotpha.programmes.queries import parts, tasks
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_api import Api
from dotpha.programmes.tests.test_pages_task import of, page, sent

pytestmark = pytest.mark.django_db
ONE = timedelta(days=1)


@pytest.fixture
def task() -> Task:
    body = make.organisation("most")
    made = make.task(
        key="nq-1", title="Xây dựng Quỹ", deadline_text="31/12/2035", lead=body.key, cooperating=("mof", "moj"),
        assigned_on=date(2025, 3, 1),
    )  # fmt: skip
    return made


def focal(key: str = "most") -> Client:
    return of("focal_point", make.organisation(key).scope)


def set_part(task: Task, due_on: date | None = None, **values: Any) -> None:
    by = make.actor("focal_point", make.organisation("most").scope)
    values = {"duty": "Bố trí vốn", "part_due_on": due_on, **values}
    actions.set_part(task=task, organisation=make.organisation("mof"), by=by, on=days.today(), **values)


MARK = "late part of a co-operator</span>"
PART = "/desk/tasks/nq-1/parts/mof/"


def test_a_part_goes_its_way_between_the_two_agencies(task: Task, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = settings.MEDIA_ROOT = tmp_path
    lead, own = focal(), focal("mof")
    typed = {"organisation": "mof", "part": "cooperating", "duty": "Bố trí vốn", "part_due_on": "2036-01-31"}
    refused = sent(lead, "/desk/tasks/nq-1/acts/part/", typed, 422).content.decode()
    assert "The task is due on 31 Dec 2035." in refused
    assert "2036-01-31" in refused
    sent(lead, "/desk/tasks/nq-1/acts/part/", {**typed, "part_due_on": "2035-06-30"})
    assert "Bố trí vốn" in page(lead, "/desk/tasks/nq-1/")
    assert 'value="confirm"' not in page(lead, PART)
    assert "Does your agency take on this part?" in page(own, PART)
    sent(own, PART, {"act": "confirm"})
    assert 'value="confirm"' not in page(own, PART)
    file = SimpleUploadedFile("bao-cao.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n", "application/pdf")
    empty = sent(own, PART, {"act": "report", "text": " ", "number": "9/BC"}, 422).content.decode()
    assert "9/BC" in empty
    sent(own, PART, {"act": "report", "text": "Đã bố trí đủ vốn", "number": "12/BC-BTC", "file": file})
    report = PartReport.objects.get()
    assert [each.kind for each in report.evidence.order_by("kind")] == ["document", "file"]
    shown = page(lead, PART)
    assert "Đã bố trí đủ vốn" in shown
    assert "Is this part done as reported?" in shown
    unsaid = sent(lead, PART, {"act": "return", "reason": ""}, 422).content.decode()
    assert "Give the reason." in unsaid
    sent(lead, PART, {"act": "confirm"})
    assert "done, confirmed" in page(own, PART)
    assert (
        sent(own, PART, {"act": "report", "text": "Thêm"}, 409).content.decode().count("reported as done already") > 0
    )


def test_a_stranger_and_a_past_day_are_offered_nothing(task: Task) -> None:
    set_part(task)
    page(of("owner", make.organisation("moh").scope), PART, 404)
    page(focal("mof"), "/desk/tasks/nq-1/parts/moh/", 404)
    yesterday = f"{PART}?as_of={days.today() - ONE}"
    assert "No words of its own" in page(focal("mof"), yesterday)
    assert 'value="report"' not in page(focal("mof"), yesterday)
    assert 'value="report"' in page(focal("mof"), PART)
    assert 'value="confirm"' not in page(of("inspector"), PART)


def test_a_late_part_is_marked_beside_the_state_of_the_task(task: Task) -> None:
    client = of("office")
    set_part(task, days.today())
    assert MARK not in page(client, "/desk/tasks/?view=all")
    task.assignments.filter(organisation__key="mof").update(part_due_on=days.today() - ONE)
    shown = page(client, "/desk/tasks/?view=all")
    assert MARK in shown
    assert "Not started" in shown
    on_page = page(client, "/desk/tasks/nq-1/")
    assert "1 late part of a co-operator" in on_page
    assert "late since" in on_page
    assert "nq-1" in page(client, "/desk/tasks/?view=all&only=late_part")
    assert "nq-1" not in page(client, "/desk/tasks/?view=all&only=late_part&lead=moh")


def counts(role: str, key: str) -> dict[str, int]:
    by = make.actor(role, make.organisation(key).scope)
    lists = [each for each in registry.inbox if each.key.startswith("parts_")]
    found = {each.key: each.count(by, days.today()) for each in lists}
    for each in lists:
        assert len(each.duties(by, days.today(), 10)) == found[each.key]
    return {key: number for key, number in found.items() if number}


def test_a_role_for_one_body_in_one_programme_has_its_parts_in_the_inbox(task: Task) -> None:
    set_part(task, days.today() + 3 * ONE)
    person = make.person("focal_point", make.organisation("mof").scope)
    lists = [each for each in registry.inbox if each.key in ("parts_to_report", "parts_to_confirm")]

    def waiting(programme: str) -> list[int]:
        Grant.objects.filter(user=person).update(programme=programme)
        return [each.count(person.actor(), days.today()) for each in lists]

    assert waiting("resolution57") == [1, 1]
    make.programme("other")
    assert waiting("other") == [0, 0]


def test_the_inbox_of_each_side_says_whose_turn_it_is(task: Task) -> None:
    def both() -> tuple[dict[str, int], dict[str, int]]:
        return counts("focal_point", "most"), counts("focal_point", "mof")

    body, today = make.organisation("mof"), days.today()
    own, lead = (make.actor("focal_point", make.organisation(key).scope) for key in ("mof", "most"))
    assert both() == ({}, {})
    set_part(task, today + 3 * ONE)
    assert both() == ({}, {"parts_to_report": 1, "parts_to_confirm": 1})
    actions.return_part(task=task, organisation=body, reason="chưa rõ", by=own, on=today)
    assert both() == ({"parts_returned": 1}, {"parts_to_report": 1})
    set_part(task, today + 30 * ONE)
    actions.confirm_part(task=task, organisation=body, by=own, on=today)
    assert both() == ({}, {})
    actions.report_part(task=task, organisation=body, text="Đã làm", by=own, on=today)
    assert both() == ({"parts_to_confirm": 1}, {})
    actions.return_part(task=task, organisation=body, reason="thiếu", by=lead, on=today)
    assert both() == ({}, {"parts_to_report": 1})
    actions.report_part(task=task, organisation=body, text="Đã bổ sung", by=own, on=today)
    actions.confirm_part(task=task, organisation=body, by=lead, on=today)
    assert both() == ({}, {})
    assert counts("focal_point", "moj") == {}


def test_nobody_is_asked_to_confirm_their_own_words(task: Task) -> None:
    both, today = make.actor("focal_point"), days.today()
    to_confirm = next(each for each in registry.inbox if each.key == "parts_to_confirm")
    body = make.organisation("mof")
    actions.set_part(task=task, organisation=body, duty="Góp ý", by=both, on=today)
    assert (to_confirm.count(both, today), to_confirm.count(make.actor("focal_point"), today)) == (0, 1)
    actions.report_part(task=task, organisation=body, text="Đã góp ý", by=both, on=today)
    assert (to_confirm.count(both, today), to_confirm.count(make.actor("focal_point"), today)) == (0, 1)


def test_parts_cost_no_more_queries_however_many_there_are(task: Task) -> None:
    client, today = of("office"), days.today()

    def add(number: int) -> None:
        for _ in range(number):
            body = make.organisation()
            actions.set_part(task=task, organisation=body, duty="Góp ý", by=make.TEST, on=today)
            by = make.actor("focal_point", body.scope)
            actions.report_part(
                task=task, organisation=body, text="Đã góp ý", by=by, on=today,
                evidence=[actions.EvidenceRow(number="1/BC")],
            )  # fmt: skip

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            page(client, address)
        return len(counted)

    api = Api(make.person("office"))
    addresses = ("/desk/tasks/nq-1/", PART, "/desk/inbox/")
    add(2)
    for each in addresses:
        asked(each)
    few = [asked(each) for each in addresses]
    api.get("/tasks/nq-1/parts")
    with CaptureQueriesContext(connection) as few_by_api:
        api.get("/tasks/nq-1/parts")
    add(10)
    assert [asked(each) for each in addresses] == few
    with CaptureQueriesContext(connection) as many_by_api:
        assert len(api.get("/tasks/nq-1/parts")) == 14
    assert len(many_by_api) == len(few_by_api)


def test_changing_a_part_shows_what_it_is_now_and_can_be_taken_back(task: Task) -> None:
    set_part(task, date(2035, 6, 30))
    lead = focal()
    shown = page(lead, "/desk/tasks/nq-1/acts/part/?organisation=mof")
    assert "Bố trí vốn" in shown
    assert 'value="2035-06-30"' in shown
    sent(lead, "/desk/tasks/nq-1/acts/part/", {"organisation": "mof", "part": "cooperating", "duty": "Khác"})
    task.refresh_from_db()
    undo = {"undoing": "1", "organisation": "mof", "part": "cooperating", "duty": "Bố trí vốn", "version": task.version}
    assert 'value="Bố trí vốn"' in page(lead, "/desk/tasks/nq-1/")
    sent(lead, "/desk/tasks/nq-1/acts/part/", undo)
    assert task.assignments.get(organisation__key="mof", until_on=None).duty == "Bố trí vốn"


def test_the_task_offers_each_side_its_turn(task: Task) -> None:
    set_part(task)
    own, lead = focal("mof"), focal()
    assert "A part of this task was set for your agency." in page(own, "/desk/tasks/nq-1/")
    sent(own, PART, {"act": "confirm"})
    shown = page(own, "/desk/tasks/nq-1/")
    assert "your agency" not in shown
    assert "is to be reported" not in shown, "nothing is due yet"
    task.assignments.filter(organisation__key="mof", until_on=None).update(part_due_on=days.today())
    assert "Your part of this task is to be reported." in page(own, "/desk/tasks/nq-1/")
    sent(own, PART, {"act": "report", "text": "Đã làm"})
    assert "mof reported on its part." in page(lead, "/desk/tasks/nq-1/")
    told = lead.get("/desk/tasks/nq-1.json").json()["task"]["parts"]
    mof = next(each for each in told if each["organisation"] == "mof")
    assert (mof["state"], mof["is_late"], mof["waits_for"]) == ("reported", False, "lead")


def test_a_part_that_its_agency_returned_says_so_and_is_set_again(task: Task) -> None:
    set_part(task)
    own, lead = focal("mof"), focal()
    sent(own, PART, {"act": "return", "reason": "Không thuộc thẩm quyền"})
    shown = page(lead, PART)
    assert "returned by the agency" in shown
    assert "Không thuộc thẩm quyền" in shown
    assert "Set the part again" in shown
    assert "/desk/tasks/nq-1/acts/part/?organisation=mof" in shown
    assert "acts/part" not in page(own, PART)


def test_an_agencys_page_credits_its_own_parts(task: Task) -> None:
    """Done and late are its own, whatever became of the task (joint credit)."""
    body, today = make.organisation("mof"), days.today()
    other = make.task(key="nq-2", deadline_text="31/12/2035", assigned_on=date(2025, 3, 1))
    third = make.task(key="nq-3", deadline_text="31/12/2035", assigned_on=date(2025, 3, 1), cooperating=("mof",))
    set_part(task, today - ONE)
    set_part(other)
    own = make.actor("focal_point", body.scope)
    actions.report_part(task=task, organisation=body, text="Đã làm", by=own, on=today)
    actions.report_part(task=other, organisation=body, text="Đã làm", by=own, on=today)
    lead = make.actor("focal_point", make.organisation("most").scope)
    actions.confirm_part(task=other, organisation=body, by=lead, on=today)
    seen = tasks.assigned(today).values("pk")
    assert parts.credit(body, seen, today) == parts.Credit(held=2, done=2, confirmed=1, late=1)
    assert parts.credit(body, seen, today - ONE) == parts.Credit()
    assert third.assignments.count() == 2, "a part without words, date or report is not counted"
    shown = page(of("office"), "/desk/organisations/mof/")
    assert "Own parts: 2, of them done 2, confirmed 1" in shown
    assert "late 1" in shown


# Over the API


def test_a_part_goes_the_same_way_over_the_api(task: Task) -> None:
    lead, own = (Api(make.person("focal_point", make.organisation(key).scope)) for key in ("most", "mof"))
    body = {"organisation": "mof", "duty": "Bố trí vốn", "part_due_on": "2036-01-31"}
    told = lead.post("/tasks/nq-1/parts", body, 422)
    assert (told["code"], told["errors"][0]["field"]) == ("part_due_after_task", "part_due_on")
    made = lead.post("/tasks/nq-1/parts", {**body, "part_due_on": "2035-06-30"})
    assert (made["state"], made["late"], made["waits_for"]) == ("open", False, "cooperating")
    assert lead.post("/tasks/nq-1/parts/mof/confirm", status=403)["code"] == "forbidden"
    assert own.post("/tasks/nq-1/parts/mof/return", {"reason": ""}, 422)["code"] == "reason_missing"
    assert own.post("/tasks/nq-1/parts/mof/confirm", status=200)["confirmed_on"] == days.today().isoformat()
    sent_off = own.post("/tasks/nq-1/parts/mof/report", {"text": "Đã bố trí", "evidence": [{"number": "1/BC"}]})
    assert (sent_off["state"], sent_off["reports"][0]["evidence"][0]["number"]) == ("reported", "1/BC")
    assert lead.post("/tasks/nq-1/parts/mof/confirm", status=200)["state"] == "confirmed"
    listed = lead.get("/tasks/nq-1/parts")
    assert {each["organisation"]: each["state"] for each in listed} == {"mof": "confirmed", "moj": "open"}
    before = lead.get("/tasks/nq-1/parts", as_of=(days.today() - ONE).isoformat())
    assert {each["state"] for each in before} == {"open"}
    assert lead.post("/tasks/nq-1/parts/moh/confirm", status=404)["code"] == "not_found"
    Api().get("/tasks/nq-1/parts", 401)


def test_what_changed_while_one_was_reading_is_shown_and_nothing_is_lost(task: Task) -> None:
    set_part(task)
    own, lead = focal("mof"), focal()
    mark = re.search(r'name="seen" value="(words-\w+)"', page(own, PART))
    assert mark
    sent(lead, "/desk/tasks/nq-1/acts/part/", {"organisation": "mof", "part": "cooperating", "duty": "Góp ý"})
    answer = own.post(PART, {"act": "confirm", "seen": mark[1]})
    assert (answer.status_code, "Read it as it is now" in answer.content.decode()) == (409, True)
    stale = {"organisation": "mof", "part": "co_lead", "duty": "Bố trí vốn", "seen": mark[1]}
    answer = lead.post("/desk/tasks/nq-1/acts/part/", stale)
    shown = answer.content.decode()
    assert (answer.status_code, "Recorded now" in shown, "Góp ý" in shown, "Bố trí vốn" in shown) == (409, *[True] * 3)
    fresh = re.search(r'name="seen" value="(words-\w+)"', shown)
    assert fresh
    sent(lead, "/desk/tasks/nq-1/acts/part/", {**stale, "seen": fresh[1]})


def test_a_report_of_a_program_and_one_on_an_ended_part_wait_in_the_inbox(task: Task) -> None:
    set_part(task, date(2035, 6, 30))
    body, today = make.organisation("mof"), days.today()
    own = make.actor("focal_point", body.scope)
    actions.report_part(task=task, organisation=body, text="Đã làm", by=own, on=today)
    task.part_reports.update(reported_by=None)
    assert counts("focal_point", "most") == {"parts_to_confirm": 1}
    task.assignments.filter(organisation=body).update(from_on=today - ONE, until_on=today - ONE)
    assert counts("focal_point", "most") == {"parts_to_confirm": 1}
    assert "Confirm the report" in page(focal(), PART)


def test_words_of_a_completed_task_and_words_reported_on_ask_nobody(task: Task) -> None:
    set_part(task, date(2035, 6, 30))
    body, today = make.organisation("mof"), days.today()
    own = make.actor("focal_point", body.scope)
    task.__class__.objects.filter(pk=task.pk).update(completed_on=today)
    assert (counts("focal_point", "most"), counts("focal_point", "mof")) == ({}, {})
    task.__class__.objects.filter(pk=task.pk).update(completed_on=None)
    actions.return_part(task=task, organisation=body, reason="chưa rõ", by=own, on=today)
    assert counts("focal_point", "most") == {"parts_returned": 1}
    actions.report_part(task=task, organisation=body, text="Vẫn làm", by=own, on=today)
    assert counts("focal_point", "most") == {"parts_to_confirm": 1}, "it took the part on after all"
