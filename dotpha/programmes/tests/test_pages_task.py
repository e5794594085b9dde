"""Pages of one task: what is read, what is offered to whom, acts, reports, requests, conflicts."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dotpha.accounts.models import User
from dotpha.platform import days
from dotpha.platform.models import AuditEvent
from dotpha.programmes import actions
from dotpha.programmes.models import Blocker, Extension, Programme, Report, Task
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["dotpha_language"] = "en"
    return client


def of(role: str, scope: str = "all") -> Client:
    return signed_in(make.person(role, scope, locale="en"))


def owner_client(key: str = "most") -> Client:
    return of("owner", make.organisation(key).scope)


def approver_client(key: str = "most") -> Client:
    return of("approver", make.organisation(key).scope)


@pytest.fixture
def task() -> Task:
    return make.task(
        key="nq03-001",
        title="Xây dựng Quỹ đầu tư",
        deadline_text="31/12/2030",
        assigned_on=date(2025, 3, 1),
        products=("Quyết định của Thủ tướng",),
        cooperating=("finance",),
    )


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def sent(client: Client, address: str, data: dict[str, Any], status: int = 302) -> Any:
    answer = client.post(address, data)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


def test_the_page_says_what_is_known(task: Task) -> None:
    text = page(of("office"), f"/desk/tasks/{task.key}/")
    for said in (
        "Xây dựng Quỹ đầu tư",
        "Not started",
        "Quyết định của Thủ tướng",
        "Bộ finance",
        "“31/12/2030”",
        "not issued yet",
    ):
        assert said in text


def test_a_stranger_does_not_learn_that_a_task_exists(task: Task) -> None:
    Programme.objects.update(published_at=None, published_by="")
    client = of("owner", make.organisation("other").scope)
    for address in ("", "edit/", "report/", "extension/", "blocker/", "acts/cancel/"):
        assert task.heading.text not in page(client, f"/desk/tasks/{task.key}/{address}", 404)
    assert task.heading.text not in page(client, f"/desk/tasks/{task.key}.json", 404)


def test_each_role_gets_its_own_first_button(task: Task) -> None:
    row = make.row(key="new", deadline_text="31/12/2035", assigned_on=days.today())
    new = actions.add_task(programme=make.programme(), row=row, by=make.office(), on=days.today())
    assert ">Take the task on<" in page(owner_client(), f"/desk/tasks/{new.key}/")
    assert ">Report progress<" in page(owner_client(), f"/desk/tasks/{task.key}/")  # silence took it on long ago
    office = page(of("office"), f"/desk/tasks/{task.key}/")
    assert ">Cancel the task<" in office
    assert ">Report progress<" not in office
    inspector = page(of("inspector"), f"/desk/tasks/{task.key}/")
    assert ">More acts<" not in inspector


def test_taking_on_then_reporting_is_the_next_button(task: Task) -> None:
    client = owner_client()
    sent(client, f"/desk/tasks/{task.key}/acts/accept/", {})
    text = page(client, f"/desk/tasks/{task.key}/")
    assert "The task was taken on." in text
    assert ">Report progress<" in text


def test_a_past_day_offers_nothing_and_shows_what_was_known(task: Task) -> None:
    actions.cancel_task(task=task, reason="Hợp nhất", by=make.TEST, on=days.today())
    text = page(of("office"), f"/desk/tasks/{task.key}/?as_of=2025-06-30")
    assert "Not started" in text
    assert "Cancelled on" not in text
    assert "More acts" not in text


def test_the_twin_says_the_same_as_the_page(task: Task) -> None:
    found = of("office").get(f"/desk/tasks/{task.key}.json").json()["task"]
    assert (found["key"], found["state"], found["due_on"]) == (task.key, "not_started", "2030-12-31")
    assert found["products"] == ["Quyết định của Thủ tướng"]


def test_the_page_asks_the_same_number_of_questions_however_much_hangs_on_it(
    task: Task, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client = of("office")
    client.get(f"/desk/tasks/{task.key}/")

    def count() -> int:
        with django_assert_max_num_queries(500) as asked:
            client.get(f"/desk/tasks/{task.key}/")
        return len(asked)

    few = hang_on(task, 2, count)
    many = hang_on(task, 12, count)
    assert many == few


def hang_on(task: Task, number: int, count: Any) -> int:
    """Children, blockers, extensions and reports, so many of each; the number of queries of the page then."""
    owner, approver, today = make.owner(), make.approver(), days.today()
    for place in range(number):
        make.task(title=f"Việc {place}", parent=task.key, lead=make.organisation().key)
        body = make.organisation()
        actions.raise_blocker(task=task, kind="law", text="Chờ", asks_of=body, by=owner, on=today)
        due_on = date(2031, 1, 1) + timedelta(days=place + number * 50)
        asked = actions.request_extension(task=task, new_due_on=due_on, reason="Chờ", by=owner, on=today)
        actions.grant_extension(extension=asked, by=make.office(), on=today)
        report = actions.draft_report(
            task=task, row=actions.ReportRow(summary="Đã làm", percent=20), by=owner, on=today
        )
        actions.submit_report(report=report, by=owner, on=today)
        actions.approve_report(report=report, by=approver, on=today)
    return int(count())


# Reports


def test_a_report_is_sent_approved_and_closes_the_task_on_its_own_day(task: Task) -> None:
    product = task.products.get()
    done_on = days.today() - timedelta(days=3)
    data = {
        "percent": "100",
        "summary": "Đã ban hành",
        "completed_on": done_on.isoformat(),
        f"p{product.pk}-number": "15/QĐ-TTg",
        "send": "1",
    }
    sent(owner_client(), f"/desk/tasks/{task.key}/report/", data)
    report = Report.objects.get()
    assert report.state == "submitted"
    client = approver_client()
    assert ">Check the report<" in page(client, f"/desk/tasks/{task.key}/")
    text = page(client, f"/desk/reports/{report.pk}/")
    assert "15/QĐ-TTg" in text
    issue = report.issues.get()
    sent(client, f"/desk/reports/{report.pk}/", {"act": "approve", f"i{issue.pk}": "yes"})
    task.refresh_from_db()
    assert task.completed_on == done_on


def test_a_product_left_unconfirmed_is_not_approved(task: Task) -> None:
    report = completed(task)
    answer = sent(approver_client(), f"/desk/reports/{report.pk}/", {"act": "approve"}, 422)
    assert "Confirm each product" in answer.content.decode()
    report.refresh_from_db()
    assert report.state == "submitted"


def completed(task: Task) -> Report:
    owner, today = make.owner(), days.today()
    proof = actions.EvidenceRow(number="15/QĐ-TTg", product=task.products.get().pk)
    row = actions.ReportRow(summary="Đã ban hành", percent=100, completed_on=today, evidence=(proof,))
    return actions.submit_report(
        report=actions.draft_report(task=task, row=row, by=owner, on=today), by=owner, on=today
    )


def test_a_return_needs_its_reason_and_opens_the_report_again(task: Task) -> None:
    report = completed(task)
    client = approver_client()
    answer = sent(client, f"/desk/reports/{report.pk}/", {"act": "return"}, 422)
    assert "Give the reason." in answer.content.decode()
    sent(client, f"/desk/reports/{report.pk}/", {"act": "return", "reason": "Thiếu phụ lục"})
    text = page(owner_client(), f"/desk/reports/{report.pk}/")
    assert "Thiếu phụ lục" in text
    assert "15/QĐ-TTg" in text
    assert ">Send the report<" in text
    draft = re.compile(f'data-autosave="report:{report.pk}:review[^"]*"')
    actions.submit_report(report=Report.objects.get(), by=make.owner(), on=days.today())
    assert draft.findall(page(client, f"/desk/reports/{report.pk}/")) != draft.findall(answer.content.decode()) != []


def test_a_refused_completion_keeps_everything_typed_as_a_draft(task: Task) -> None:
    today = days.today().isoformat()
    data = {"percent": "100", "summary": "Đã ban hành xong", "completed_on": today, "free-number": "", "send": "1"}
    answer = sent(owner_client(), f"/desk/tasks/{task.key}/report/", data, 422)
    text = answer.content.decode()
    assert "Add evidence for each product" in text
    assert "Đã ban hành xong" in text
    assert Report.objects.get().state == "draft"


def test_what_was_kept_and_not_sent_is_sent_with_its_evidence_from_the_same_page(task: Task) -> None:
    """The page of a refused completion goes on with the draft that it kept, instead of beginning a second one."""
    client, address = owner_client(), f"/desk/tasks/{task.key}/report/"
    data = {"percent": "100", "summary": "Xong", "completed_on": days.today().isoformat(), "free-number": "99/BC"}
    text = sent(client, address, {**data, "send": "1"}, 422).content.decode()
    assert "It was not sent: see below." in text
    kept = Report.objects.get()
    assert f'action="/desk/reports/{kept.pk}/"' in text
    fields = dict(re.findall(r'name="(version|keep\d+)"[^>]*value="([^"]*)"', text))
    product = f"p{task.products.get().pk}-waiver"
    waived = {**data, **fields, "free-number": "", "send": "1", product: "Không còn cần"}
    waived |= {name: "on" for name in re.findall(r'name="(keep\d+)"', text)}
    sent(client, f"/desk/reports/{kept.pk}/", waived)
    report = Report.objects.get()
    assert (report.state, [each.number for each in report.evidence.all()]) == ("submitted", ["99/BC"])


def test_a_report_is_not_begun_beside_one_that_waits_to_be_finished(task: Task) -> None:
    client, address = owner_client(), f"/desk/tasks/{task.key}/report/"
    sent(client, address, {"percent": "10", "summary": "Bắt đầu", "keep": "1"})
    text = sent(client, address, {"percent": "20", "summary": "Lần nữa", "send": "1"}, 409).content.decode()
    kept = Report.objects.get()
    assert ("Lần nữa" in text, f'href="/desk/reports/{kept.pk}/"' in text, kept.summary) == (True, True, "Bắt đầu")


def test_a_draft_is_its_writers_own_and_can_be_discarded(task: Task) -> None:
    client = owner_client()
    sent(client, f"/desk/tasks/{task.key}/report/", {"percent": "60", "summary": "Xong cả", "keep": "1"})
    report = Report.objects.get()
    for other in (of("inspector"), of("leader"), of("office")):
        page(other, f"/desk/reports/{report.pk}/", 404)
        assert "Xong cả" not in page(other, f"/desk/tasks/{task.key}/")
    assert "Xong cả" in page(client, f"/desk/tasks/{task.key}/")
    assert "Discard the draft" in page(client, f"/desk/reports/{report.pk}/")
    discard = f"/desk/reports/{report.pk}/discard/"
    sent(client, discard, {"version": "99"}, 409)
    sent(client, discard, {"version": str(report.version)})
    assert Report.objects.count() == 0
    sent(client, f"/desk/tasks/{task.key}/report/", {"percent": "10", "summary": "Bắt đầu", "send": "1"})
    made = Report.objects.get()
    sent(client, f"/desk/reports/{made.pk}/discard/", {"version": str(made.version)}, 409)


def test_the_browser_learns_which_draft_was_kept_and_only_then(task: Task) -> None:
    client, address = owner_client(), f"/desk/tasks/{task.key}/report/"
    said = {"percent": "10", "summary": "", "keep": "1", "autosave": "task/nq-1:report"}
    assert "dotpha_kept" not in sent(client, address, said, 422).cookies
    kept = sent(client, address, {**said, "summary": "Bắt đầu"}).cookies["dotpha_kept"]
    assert (kept.value, kept["samesite"]) == ("task%2Fnq-1%3Areport", "Lax")
    assert "dotpha_kept" not in Client().post(address, said).cookies, "a lost session keeps nothing"


def test_a_refusal_stands_at_its_field(task: Task) -> None:
    tomorrow = (days.today() + timedelta(days=1)).isoformat()
    data = {"percent": "100", "summary": "Đã ban hành", "completed_on": tomorrow, "send": "1"}
    text = sent(owner_client(), f"/desk/tasks/{task.key}/report/", data, 422).content.decode()
    assert 'id="id_completed_on_error"' in text
    assert Report.objects.count() == 0


def test_a_second_report_opens_the_draft_that_waits(task: Task) -> None:
    client = owner_client()
    sent(client, f"/desk/tasks/{task.key}/report/", {"percent": "10", "summary": "Bắt đầu", "keep": "1"})
    report = Report.objects.get()
    assert client.get(f"/desk/tasks/{task.key}/report/")["Location"] == f"/desk/reports/{report.pk}/"


def test_a_stale_draft_is_not_written_over(task: Task) -> None:
    client = owner_client()
    sent(client, f"/desk/tasks/{task.key}/report/", {"percent": "10", "summary": "Bắt đầu", "keep": "1"})
    report = Report.objects.get()
    data = {"percent": "20", "summary": "Của tôi", "keep": "1", "version": "1"}
    sent(client, f"/desk/reports/{report.pk}/", data)
    text = sent(client, f"/desk/reports/{report.pk}/", {**data, "summary": "Của người khác"}, 409).content.decode()
    assert "Của người khác" in text
    report.refresh_from_db()
    assert report.summary == "Của tôi"


def test_nobody_approves_their_own_report_on_the_page(task: Task) -> None:
    both = make.person("owner", make.organisation("most").scope, locale="en")
    both.grants.create(
        role="approver", scope=make.organisation("most").scope, from_on=date(2020, 1, 1), granted_by="test"
    )
    client = signed_in(both)
    sent(client, f"/desk/tasks/{task.key}/report/", {"percent": "10", "summary": "Bắt đầu", "send": "1"})
    report = Report.objects.get()
    text = page(client, f"/desk/reports/{report.pk}/")
    assert "Somebody else must approve your report." in text
    assert ">Approve the report<" not in text
    sent(client, f"/desk/reports/{report.pk}/", {"act": "approve"}, 403)


def test_a_correction_begins_a_new_version(task: Task) -> None:
    owner, today = make.owner(), days.today()
    row = actions.ReportRow(summary="Đã làm", percent=30)
    report = actions.submit_report(
        report=actions.draft_report(task=task, row=row, by=owner, on=today), by=owner, on=today
    )
    actions.approve_report(report=report, by=make.approver(), on=today)
    data = {"percent": "40", "summary": "Sửa số liệu", "reason": "Tính nhầm", "send": "1"}
    sent(owner_client(), f"/desk/reports/{report.pk}/?correct=1", data)
    assert Report.objects.get(corrects=report).state == "submitted"


def test_an_inspector_verifies_an_approved_report(task: Task) -> None:
    report = completed(task)
    actions.approve_report(report=report, by=make.approver(), on=days.today())
    sent(of("inspector"), f"/desk/reports/{report.pk}/", {"act": "verify", "note": "Đã đối chiếu"})
    report.refresh_from_db()
    assert report.verified_at is not None


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def test_a_file_comes_with_a_report_and_stays_when_the_draft_is_changed(
    task: Task, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = owner_client()
    given = SimpleUploadedFile("to-trinh.pdf", PDF, content_type="application/pdf")
    data = {"percent": "10", "summary": "Bắt đầu", "keep": "1"}
    sent(client, f"/desk/tasks/{task.key}/report/", {**data, "free-file": given})
    report = Report.objects.get()
    proof = report.evidence.get()
    assert proof.file.name == "to-trinh.pdf"
    sent(client, f"/desk/reports/{report.pk}/", {**data, "percent": "20", f"keep{proof.pk}": "on"})
    assert report.evidence.get().file_id == proof.file_id
    sent(client, f"/desk/reports/{report.pk}/", {**data, "percent": "30"})
    assert report.evidence.count() == 0


def test_a_picture_comes_with_a_report_once_somebody_says_that_it_bears_no_mark(
    task: Task, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client, address = owner_client(), f"/desk/tasks/{task.key}/report/"
    data = {"percent": "10", "summary": "Bắt đầu", "keep": "1"}
    picture = SimpleUploadedFile("anh.png", b"\x89PNG\r\n\x1a\n", content_type="image/png")
    unread = client.post(address, {**data, "free-file": picture})
    assert (unread.status_code, "cannot read this file" in unread.content.decode()) == (422, True)
    picture.seek(0)
    sent(client, address, {**data, "free-file": picture, "declared": "on"})
    proof = Report.objects.get().evidence.get().file
    assert (proof.name, proof.is_declared) == ("anh.png", True)
    told = AuditEvent.objects.get(kind="file.declared")
    assert (told.subject, told.actor, told.after["sha256"]) == (task.subject, proof.added_by, proof.sha256)
    report = Report.objects.get()
    actions.submit_report(report=report, by=make.owner(), on=days.today())
    page = client.get(f"/desk/reports/{report.pk}/").content.decode()
    assert f"{proof.added_by} looked at it: no mark of State secrecy" in page


def test_a_file_of_another_kind_is_refused_and_nothing_is_kept(task: Task, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    given = SimpleUploadedFile("to-trinh.pdf", b"MZ\x90\x00 not a document", content_type="application/pdf")
    data = {"percent": "10", "summary": "Bắt đầu", "keep": "1", "free-file": given}
    answer = owner_client().post(f"/desk/tasks/{task.key}/report/", data)
    assert answer.status_code in (415, 422)
    assert "Bắt đầu" in answer.content.decode()
    assert Report.objects.count() == 0


def test_evidence_of_the_work_is_not_taken_for_the_promised_product(task: Task) -> None:
    data = {"percent": "10", "summary": "Bắt đầu", "free-number": "12/TTr", "send": "1"}
    sent(owner_client(), f"/desk/tasks/{task.key}/report/", data)
    report = Report.objects.get()
    assert (report.evidence.count(), report.issues.count()) == (1, 0)


def test_a_report_approved_later_is_not_approved_on_a_past_day(task: Task) -> None:
    report = completed(task)
    actions.approve_report(report=report, by=make.approver(), on=days.today())
    Report.objects.filter(pk=report.pk).update(
        drafted_at=report.drafted_at - timedelta(days=9), submitted_at=report.drafted_at - timedelta(days=9)
    )
    day = (days.today() - timedelta(days=4)).isoformat()
    text = page(of("office"), f"/desk/tasks/{task.key}/?as_of={day}")
    assert "waits for approval since" in text
    assert "reported done, not confirmed yet" in text


# Extensions


def test_an_extension_is_asked_for_and_decided_by_somebody_else(task: Task) -> None:
    client = owner_client()
    data = {"new_due_on": "2031-06-30", "reason_kind": "law", "reason": "Chờ quy định"}
    sent(client, f"/desk/tasks/{task.key}/extension/", data)
    line = Extension.objects.get()
    text = page(client, f"/desk/tasks/{task.key}/")
    assert "Somebody else must decide your request." in text
    office = of("office")
    text = page(office, f"/desk/tasks/{task.key}/")
    assert "If granted today, the state becomes" in text
    assert "181 more days than the due date in force." in text
    sent(office, f"/desk/extensions/{line.pk}/", {"act": "grant"})
    line.refresh_from_db()
    assert (line.state, line.new_due_on) == ("granted", date(2031, 6, 30))


def test_a_refusal_of_an_extension_needs_its_reason(task: Task) -> None:
    line = actions.request_extension(
        task=task, new_due_on=date(2031, 6, 30), reason="Chờ", by=make.owner(), on=days.today()
    )
    text = sent(of("office"), f"/desk/extensions/{line.pk}/", {"act": "refuse"}, 422).content.decode()
    assert "Give the reason." in text
    sent(of("office"), f"/desk/extensions/{line.pk}/", {"act": "refuse", "answer": "Chưa nêu phần việc đã làm"})
    line.refresh_from_db()
    assert line.state == "refused"


def test_a_date_that_is_not_later_is_refused_at_its_field(task: Task) -> None:
    data = {"new_due_on": "2030-12-31", "reason_kind": "law", "reason": "Chờ quy định của Bộ"}
    text = sent(owner_client(), f"/desk/tasks/{task.key}/extension/", data, 422).content.decode()
    assert 'id="id_new_due_on_error"' in text
    assert "Chờ quy định của Bộ" in text


# Blockers


def test_a_blocker_is_raised_answered_and_closed(task: Task) -> None:
    make.organisation("moj")
    client = owner_client()
    sent(client, f"/desk/tasks/{task.key}/blocker/", {"kind": "law", "text": "Chưa có quy định", "asks_of": "Bộ moj"})
    held = Blocker.objects.get()
    asked = of("focal_point", make.organisation("moj").scope)
    assert "Chưa có quy định" in page(asked, f"/desk/blockers/{held.pk}/")
    sent(asked, f"/desk/blockers/{held.pk}/", {"act": "answer", "answer": "Đã ban hành thông tư"})
    assert "Đã ban hành thông tư" in page(client, f"/desk/blockers/{held.pk}/")
    sent(client, f"/desk/blockers/{held.pk}/", {"act": "resolve", "resolution": "Đã có thông tư"})
    held.refresh_from_db()
    assert held.resolved_on == days.today()


def test_an_unknown_body_is_refused_with_the_nearest_names(task: Task) -> None:
    data = {"kind": "law", "text": "Chưa có quy định", "asks_of": "Bộ không có thật"}
    text = sent(owner_client(), f"/desk/tasks/{task.key}/blocker/", data, 422).content.decode()
    assert "is not in the directory" in text
    assert "Chưa có quy định" in text


def test_an_answer_without_words_is_refused(task: Task) -> None:
    body = make.organisation("moj")
    held = actions.raise_blocker(task=task, kind="law", text="Chờ", asks_of=body, by=make.owner(), on=days.today())
    sent(of("focal_point", body.scope), f"/desk/blockers/{held.pk}/", {"act": "answer", "answer": "  "}, 422)
    held.refresh_from_db()
    assert held.answered_at is None


# Acts and the card


def test_cancelling_offers_to_take_it_back_once(task: Task) -> None:
    client = of("office")
    sent(client, f"/desk/tasks/{task.key}/acts/cancel/", {"reason": "Hợp nhất", "document": "12/NQ-CP"})
    assert ">Undo" in page(client, f"/desk/tasks/{task.key}/").replace("</svg>Undo", ">Undo")
    assert "This can be taken back." not in page(client, f"/desk/tasks/{task.key}/")
    task.refresh_from_db()
    undo = {"reason": "Undone", "undoing": "1", "version": task.version}
    sent(client, f"/desk/tasks/{task.key}/acts/reopen/", undo)
    task.refresh_from_db()
    assert task.cancelled_on is None


def test_an_act_without_its_reason_keeps_what_was_typed(task: Task) -> None:
    text = sent(of("office"), f"/desk/tasks/{task.key}/acts/cancel/", {"document": "12/NQ-CP"}, 422).content.decode()
    assert 'value="12/NQ-CP"' in text
    assert 'id="id_reason_error"' in text


def test_assigning_to_another_agency_and_back(task: Task) -> None:
    make.organisation("moj")
    client = of("office")
    sent(
        client,
        f"/desk/tasks/{task.key}/acts/assign/",
        {"lead": "Bộ moj", "reason": "Đúng thẩm quyền", "document": "12/NQ-CP"},
    )
    assert lead_of(task) == "moj"
    undo = client.session["undo"]
    sent(
        client,
        f"/desk/tasks/{task.key}/acts/{undo['act']}/",
        {**undo["fields"], "undoing": "1", "version": undo["version"]},
    )
    assert lead_of(task) == "most"


def test_whoever_may_not_see_the_card_is_sent_to_the_public_page(task: Task) -> None:
    make.task(key="hidden-1", within=make.programme("hidden", published=False))
    client = of("citizen")
    assert client.get(f"/desk/tasks/{task.key}/").headers["Location"] == f"/en/tasks/{task.key}/"
    assert client.get("/desk/tasks/hidden-1/").status_code == 404


def test_putting_into_a_programme_and_out_again(task: Task) -> None:
    make.programme("other")
    client, held = of("office"), task.memberships.order_by("pk")
    assert "/acts/leave/" not in page(client, f"/desk/tasks/{task.key}/")
    sent(client, f"/desk/tasks/{task.key}/acts/move/", {"programme": "other"})
    assert held.count() == 2
    undo = client.session["undo"]
    assert (undo["act"], undo["fields"]) == ("leave", {"programme": "other"})
    assert "/acts/leave/" in page(client, f"/desk/tasks/{task.key}/")
    sent(client, f"/desk/tasks/{task.key}/acts/leave/", {"programme": "other"})
    assert [each.programme.key for each in held.all()] == ["resolution57"]
    undo = client.session["undo"]
    sent(
        client,
        f"/desk/tasks/{task.key}/acts/{undo['act']}/",
        {**undo["fields"], "undoing": "1", "version": undo["version"]},
    )
    assert held.count() == 2


def lead_of(task: Task) -> str:
    return str(task.assignments.get(part="lead", until_on=None).organisation.key)


def test_suspending_and_resuming(task: Task) -> None:
    client = of("office")
    sent(client, f"/desk/tasks/{task.key}/acts/suspend/", {"document": "12/NQ-CP", "reason": "Chờ luật"})
    assert ">suspended<" in page(client, f"/desk/tasks/{task.key}/").replace("</svg>suspended", ">suspended")
    sent(client, f"/desk/tasks/{task.key}/acts/resume/", {"new_due_on": "2031-01-31"})
    assert "2031" in page(client, f"/desk/tasks/{task.key}/")


def test_an_unread_deadline_is_settled() -> None:
    task = make.task(deadline_text="sau khi xong việc ấy mà", deadline_kind="unknown")
    client = of("office")
    assert ">Settle the deadline<" in page(client, f"/desk/tasks/{task.key}/")
    address = f"/desk/tasks/{task.key}/acts/settle/"
    early = sent(client, address, {"kind": "date", "due_on": "2024-06-30", "reason": "công văn"}, 422)
    assert "the day on which the task was assigned" in early.content.decode()
    assert (
        "This field is required"
        in sent(client, address, {"kind": "date", "due_on": "2030-06-30"}, 422).content.decode()
    )
    sent(client, address, {"kind": "date", "due_on": "2030-06-30", "reason": "công văn"})
    task.refresh_from_db()
    assert task.original_due_on == date(2030, 6, 30)
    undo = client.session["undo"]
    sent(
        client,
        f"/desk/tasks/{task.key}/acts/{undo['act']}/",
        {**undo["fields"], "undoing": "1", "version": undo["version"]},
    )
    task.refresh_from_db()
    assert (task.original_due_on, task.deadline_kind) == (None, "unknown")


def test_a_dispute_is_decided(task: Task) -> None:
    make.organisation("moj")
    sent(
        owner_client(),
        f"/desk/tasks/{task.key}/acts/dispute/",
        {"reason": "Không thuộc thẩm quyền", "proposed_lead": "moj"},
    )
    client = of("office")
    assert ">Decide the dispute<" in page(client, f"/desk/tasks/{task.key}/")
    data = {"upheld": "yes", "lead": "moj", "reason": "Đúng"}
    sent(client, f"/desk/tasks/{task.key}/acts/decide_dispute/", data)
    assert lead_of(task) == "moj"


def test_a_task_is_added_under_another(task: Task) -> None:
    data = {
        "title": "Soạn dự thảo",
        "lead": "most",
        "deadline": "30/6/2030",
        "key": "nq03-001-a",
        "products": "Dự thảo",
    }
    sent(of("office"), f"/desk/tasks/{task.key}/acts/break_down/", data)
    assert list(task.children.values_list("key", flat=True)) == ["nq03-001-a"]


def test_dependencies_warn_of_dates_that_can_no_longer_be_met(task: Task) -> None:
    later = make.task(key="nq03-002", title="Việc sau", deadline_text="30/6/2029", assigned_on=date(2025, 3, 1))
    client = of("office")
    sent(client, f"/desk/tasks/{later.key}/acts/needs/", {"needs": task.key, "kind": "finish"})
    assert "can no longer be met" in page(client, f"/desk/tasks/{task.key}/")
    sent(client, f"/desk/tasks/{task.key}/acts/needs/", {"needs": later.key, "kind": "finish"}, 422)
    held = later.dependencies.get()
    sent(client, f"/desk/tasks/{later.key}/acts/end_needs/", {"dependency": str(held.pk)})
    assert later.dependencies.count() == 0


def test_an_act_that_does_not_fit_leads_back(task: Task) -> None:
    client = of("office")
    assert client.get(f"/desk/tasks/{task.key}/acts/reopen/")["Location"] == f"/desk/tasks/{task.key}/"
    page(client, f"/desk/tasks/{task.key}/acts/nonsense/", 404)


EDITED = {
    "title": "Xây dựng Quỹ đầu tư công nghiệp",
    "deadline": "31/12/2030",
    "product": "Quyết định của Thủ tướng",
    "cooperating": "Bộ finance",
}


def test_the_card_is_changed_with_reason_and_document(task: Task) -> None:
    client = of("office")
    data = {**EDITED, "version": str(task.version), "reason": "Sửa lời văn", "document": "12/NQ-CP", "tags": "quỹ, vốn"}
    sent(client, f"/desk/tasks/{task.key}/edit/", data)
    task.refresh_from_db()
    assert (task.title["vi"], task.tags) == ("Xây dựng Quỹ đầu tư công nghiệp", ["quỹ", "vốn"])
    assert task.assignments.filter(part="cooperating", until_on=None).count() == 1


@pytest.mark.parametrize("missing", [["reason"], ["document"], ["reason", "document"]])
def test_a_published_card_is_not_changed_without_its_grounds(task: Task, missing: list[str]) -> None:
    """What is lacking is told at once, each at its field, whose label does not call it optional."""
    client, address = of("office"), f"/desk/tasks/{task.key}/edit/"
    grounds = {"reason": "Sửa lời văn", "document": "12/NQ-CP"}
    data = {**EDITED, "version": str(task.version), **grounds, **dict.fromkeys(missing, "")}
    text = sent(client, address, data, 422).content.decode()
    assert [name for name in grounds if f'id="id_{name}_error"' in text] == missing
    assert "Document that permits it</label>" in text
    assert "Xây dựng Quỹ đầu tư công nghiệp" in text
    task.refresh_from_db()
    assert task.version == 1


def test_two_people_at_one_card_see_both_texts(task: Task) -> None:
    first, second = of("office"), of("office")
    data = {**EDITED, "version": str(task.version), "reason": "Sửa lời văn", "document": "12/NQ-CP"}
    sent(first, f"/desk/tasks/{task.key}/edit/", data)
    text = sent(second, f"/desk/tasks/{task.key}/edit/", {**data, "title": "Lời văn của tôi"}, 409).content.decode()
    for said in ("What you typed", "Lời văn của tôi", "Xây dựng Quỹ đầu tư công nghiệp"):
        assert said in text
    task.refresh_from_db()
    assert f'name="version" value="{task.version}"' in text


def test_a_task_is_added_and_its_deadline_read_aloud_first() -> None:
    make.programme()
    make.organisation("most")
    client = of("office")
    data = {
        "programme": "resolution57",
        "title": "Việc mới",
        "lead": "Bộ most",
        "deadline": "quý II/2030",
        "key": "nq03-100",
    }
    answer = client.post("/desk/tasks/add/", {**data, "look": "1"})
    assert "30 Jun 2030" in answer.content.decode()
    assert Task.objects.count() == 0
    sent(client, "/desk/tasks/add/", data)
    assert Task.objects.get().original_due_on == date(2030, 6, 30)


def test_a_key_that_is_taken_is_refused_at_its_field(task: Task) -> None:
    data = {"programme": "resolution57", "title": "Việc mới", "lead": "most", "deadline": "2030", "key": task.key}
    text = sent(of("office"), "/desk/tasks/add/", data, 409).content.decode()
    assert 'id="id_key_error"' in text
    assert "Việc mới" in text


def test_who_may_add_nothing_is_told_so() -> None:
    make.programme()
    assert '<form method="post"' not in page(of("inspector"), "/desk/tasks/add/", 403).partition("<main")[2]


def test_no_address_takes_an_act_by_reading(task: Task) -> None:
    client = of("office")
    before = Task.objects.values_list("version", flat=True).get(pk=task.pk)
    for name in ("cancel", "assign", "suspend", "accept"):
        client.get(f"/desk/tasks/{task.key}/acts/{name}/")
    assert Task.objects.values_list("version", flat=True).get(pk=task.pk) == before


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "Ca\u0301n bo\u0323\u0302 \u202e lạ"])
def test_odd_signs_in_a_reason_do_no_harm(task: Task, text: str) -> None:
    client = of("office")
    sent(client, f"/desk/tasks/{task.key}/acts/cancel/", {"reason": text})
    shown = page(client, f"/desk/tasks/{task.key}/")
    assert "<script>alert" not in shown
    assert "\u202e" not in shown


def test_who_may_not_do_an_act_is_told_so_and_not_what_to_type(task: Task) -> None:
    """The right is asked before the form is read: 403 to the page and to an empty form, where it is not held."""
    client = of("inspector")
    for name in ("assign", "cancel", "suspend"):
        assert client.get(f"/desk/tasks/{task.key}/acts/{name}/").status_code == 403
        assert client.post(f"/desk/tasks/{task.key}/acts/{name}/", {}).status_code == 403
    assert of("office").post(f"/desk/tasks/{task.key}/acts/cancel/", {}).status_code == 422
