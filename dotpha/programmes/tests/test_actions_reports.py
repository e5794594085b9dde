"""Reports: drafted, submitted, approved by another, returned, corrected, verified; evidence product by product."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dotpha.platform import files
from dotpha.platform.actors import Actor
from dotpha.platform.models import StoredFile
from dotpha.platform.refusals import Refused
from dotpha.platform.uploads import Upload
from dotpha.programmes import actions
from dotpha.programmes.actions import EvidenceRow, ReportRow
from dotpha.programmes.actions.keeping import keep_report
from dotpha.programmes.models import Evidence, ProductIssue, Report, Step, Task
from dotpha.programmes.queries import tasks
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)
ONE = timedelta(days=1)
PROOF = EvidenceRow(number="12/QĐ-TTg")


def the_task(**values: Any) -> Task:
    return make.task(on=ON, **{"key": "nq-1", **values})


def row(percent: int = 40, **facts: Any) -> ReportRow:
    return ReportRow(**{"summary": "Đã trình", "percent": percent, **facts})


def draft(task: Task, said: ReportRow | None = None, by: Actor | None = None, on: date = ON) -> Report:
    return actions.draft_report(task=task, row=said or row(), by=by or make.owner(), on=on)


def submit(task: Task, said: ReportRow | None = None, on: date = ON) -> Report:
    writer = make.owner()
    return actions.submit_report(report=draft(task, said, writer, on), by=writer, on=on)


def approve(report: Report, on: date = ON, **facts: Any) -> Report:
    return actions.approve_report(report=report, by=make.approver(), on=on, **facts)


def percent_on(day: date) -> tuple[int, str]:
    found = tasks.with_details(tasks.visible(make.TEST, day), day).get()
    return found.percent, found.state


def test_no_completion_before_the_day_of_the_document_of_a_product() -> None:
    """C14: completion needs the proof of each product, so its day is not before the newest of their days."""
    task = the_task(products=("Đề án", "Nghị định"))
    proof = [EvidenceRow(number="1/QĐ", issued_on=ON - 9 * ONE, product=1)]
    proof += [EvidenceRow(number="2/NĐ-CP", issued_on=ON - 2 * ONE, product=2)]
    report = draft(task, row(100, completed_on=ON - 3 * ONE, evidence=proof))
    answer = refused(lambda: actions.submit_report(report=report, by=make.owner(), on=ON))
    assert answer == ("completed_before_product", "completed_on", 422)
    actions.change_report(
        report=report, row=row(100, completed_on=ON - 2 * ONE, evidence=proof), by=make.owner(), on=ON
    )
    assert actions.submit_report(report=report, by=make.owner(), on=ON).state == "submitted"


# --- what may be said -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (row(summary="  "), ("text_missing", "summary", 422)),
        (row(101), ("percent_out_of_range", "percent", 422)),
        (row(-1), ("percent_out_of_range", "percent", 422)),
        (row(100), ("completion_missing", "completed_on", 422)),
        (row(99, completed_on=ON), ("not_complete", "percent", 422)),
        (row(100, completed_on=ON + ONE), ("completed_in_future", "completed_on", 422)),
        (row(100, completed_on=date(2026, 1, 9)), ("completed_before_start", "completed_on", 422)),
        (row(evidence=[EvidenceRow(kind="rumour")]), ("evidence_kind", "evidence", 422)),
        (row(evidence=[EvidenceRow(kind="document")]), ("evidence_empty", "evidence", 422)),
        (row(evidence=[EvidenceRow(kind="link", url="javascript:alert(1)")]), ("link_unreadable", "evidence", 422)),
        (row(evidence=[EvidenceRow(kind="link", url="https://")]), ("link_unreadable", "evidence", 422)),
        (row(evidence=[EvidenceRow(number="1", product=9)]), ("unknown_product", "evidence", 422)),
    ],
)
def test_what_a_draft_may_not_say(said: ReportRow, expected: tuple[str, str, int]) -> None:
    task = the_task(started_on=date(2026, 1, 10))
    assert refused(lambda: draft(task, said)) == expected
    assert (Report.objects.count(), Evidence.objects.count()) == (0, 0)


def test_a_draft_accepts_the_task_and_starts_nothing() -> None:
    draft(the_task())
    assert (Task.objects.get().started_on, [each.kind for each in Step.objects.all()]) == (None, ["accepted"])
    assert percent_on(ON) == (0, "not_started")


def test_a_lower_percent_needs_its_reason() -> None:
    task = the_task()
    approve(submit(task, row(40)))
    assert refused(lambda: draft(task, row(39))) == ("percent_lower", "percent", 422)
    assert draft(task, row(39, lower_reason="đếm lại")).percent == 39


def test_a_draft_of_somebody_else_version_is_not_written_over() -> None:
    report = draft(the_task())
    writer = make.owner()
    actions.change_report(report=report, row=row(50), version=1, by=writer, on=ON)
    again = lambda: actions.change_report(report=report, row=row(60), version=1, by=writer, on=ON)  # noqa: E731
    assert refused(again) == ("changed_meanwhile", "version", 409)
    assert Report.objects.get().percent == 50


# --- the way of a report --------------------------------------------------------------------------


def test_the_percent_counts_from_the_day_of_the_approved_report() -> None:
    report = submit(the_task())
    assert percent_on(ON) == (0, "in_progress")
    approve(report, ON + 5 * ONE)
    assert [percent_on(ON + n * ONE)[0] for n in (-1, 0, 5)] == [0, 40, 40]


def test_a_submitted_report_is_neither_changed_nor_submitted_again() -> None:
    report, writer = submit(the_task()), make.owner()
    assert refused(lambda: actions.change_report(report=report, row=row(), by=writer, on=ON))[0] == "report_submitted"
    assert refused(lambda: actions.submit_report(report=report, by=writer, on=ON))[0] == "report_submitted"


def test_slow_approval_makes_nobody_late() -> None:
    """Due on 30 June, completed and reported that day, approved three weeks later: done on time."""
    due = date(2026, 6, 30)
    report = submit(the_task(), row(100, completed_on=due), on=due)
    approve(report, due + 21 * ONE)
    assert percent_on(due + 21 * ONE) == (100, "done_on_time")


def test_a_completion_may_lie_before_the_first_report() -> None:
    """The first report implies a start; it does not bind the completion that the same report states."""
    report = submit(the_task(), row(100, completed_on=ON - 10 * ONE))
    task = approve(report).task
    task.refresh_from_db()
    assert (task.started_on, task.completed_on) == (ON - 10 * ONE, ON - 10 * ONE)


def everything() -> Actor:
    """Somebody who may write and approve, as an administrator's dated exception allows."""
    user = make.person("owner", make.organisation("most").scope)
    held = {"scope": make.organisation("most").scope, "from_on": date(2020, 1, 1), "granted_by": "test"}
    user.grants.create(role="approver", exception_reason="x", **held)
    return user.actor()


def test_nobody_approves_or_returns_their_own_report() -> None:
    me, task = everything(), the_task()
    report = actions.submit_report(report=draft(task, by=me), by=make.owner(), on=ON)
    own = ("own_report", None, 403)
    assert refused(lambda: actions.approve_report(report=report, by=me, on=ON)) == own
    assert refused(lambda: actions.return_report(report=report, reason="x", by=me, on=ON)) == own


def test_only_a_submitted_report_is_approved_or_returned() -> None:
    report, approver = draft(the_task()), make.approver()
    assert refused(lambda: actions.approve_report(report=report, by=approver, on=ON))[0] == "not_submitted"
    assert refused(lambda: actions.return_report(report=report, reason="x", by=approver, on=ON))[0] == "not_submitted"
    approve(submit(report.task))
    done = Report.objects.get(approved_at__isnull=False)
    assert refused(lambda: approve(done))[0] == "not_submitted"


def test_a_returned_report_is_changed_and_submitted_again() -> None:
    report = submit(the_task())
    approver, writer = make.approver(), make.owner()
    assert refused(lambda: actions.return_report(report=report, reason=" ", by=approver, on=ON))[0] == "reason_missing"
    report = actions.return_report(report=report, reason="thiếu", by=approver, on=ON)
    assert report.state == "returned"
    actions.change_report(report=report, row=row(45), by=writer, on=ON)
    report = actions.submit_report(report=report, by=writer, on=ON)
    assert report.state == "submitted"
    assert (approve(report).state, percent_on(ON)[0]) == ("approved", 45)


def test_one_approved_report_a_period() -> None:
    task = the_task()
    approve(submit(task, row(period="2026-Q2")))
    assert refused(lambda: submit(task, row(period="2026-Q2"))) == ("period_reported", "period", 409)
    assert refused(lambda: submit(task, row(period="2026-q2"))) == ("period_reported", "period", 409)
    assert refused(lambda: draft(task, row(period="spring")))[:2] == ("period_unreadable", "period")
    assert submit(task, row(period="2026-Q3")).state == "submitted"


def test_an_approver_of_another_agency_approves_nothing() -> None:
    report = submit(the_task())
    other = make.approver("mof")
    assert refused(lambda: actions.approve_report(report=report, by=other, on=ON))[2] == 403


# --- evidence -------------------------------------------------------------------------------------

TWO = ("Đề án", "Nghị định")


def test_a_completion_needs_proof_of_each_product() -> None:
    task = the_task(products=TWO)
    one = row(100, completed_on=ON, evidence=[EvidenceRow(number="1/QĐ", product=1)])
    answer = refused(lambda: submit(task, one))
    assert answer == ("evidence_missing", "evidence", 422)
    both = [EvidenceRow(number="1/QĐ", product=1), EvidenceRow(product=2, waiver="đã gộp")]
    report = submit(task, row(100, completed_on=ON, evidence=both))
    issues = [(each.product.text, bool(each.evidence_id), each.waiver_reason) for each in report.issues.all()]
    assert issues == [("Đề án", True, ""), ("Nghị định", False, "đã gộp")]


def test_proof_of_one_product_proves_no_other_of_the_same_words() -> None:
    task = the_task(products=("Báo cáo", "Báo cáo"))
    proof = [EvidenceRow(number="1/BC", product=1)]
    assert refused(lambda: submit(task, row(100, completed_on=ON, evidence=proof)))[0] == "evidence_missing"
    both = [*proof, EvidenceRow(number="2/BC", product=2)]
    assert submit(task, row(100, completed_on=ON, evidence=both)).state == "submitted"


def test_the_only_product_needs_no_number() -> None:
    report = submit(the_task(products=("Đề án",)), row(100, completed_on=ON, evidence=[PROOF, PROOF]))
    assert (report.evidence.count(), [each.product.text for each in report.issues.all()]) == (2, ["Đề án"])


def test_a_product_is_named_by_its_id_too() -> None:
    task = the_task(products=TWO)
    second = task.products.get(order=2)
    report = draft(task, row(evidence=[EvidenceRow(number="1", product=second.pk)]))
    assert ProductIssue.objects.get(report=report).product == second


def test_links_files_and_numbers_are_evidence() -> None:
    task = the_task()
    stored = files.store(
        data=b"%PDF-1.7", name="a.pdf", media_type="application/pdf", subject=task.subject, by=make.TEST
    )
    given = [
        EvidenceRow(kind="link", url="https://dotpha.example/a"),
        EvidenceRow(kind="file", file=stored.pk, text="Bản ký"),
        PROOF,
    ]
    report = draft(task, row(evidence=given))
    assert [(each.kind, str(each)) for each in report.evidence.all()] == [
        ("link", "https://dotpha.example/a"),
        ("file", "Bản ký"),
        ("document", "12/QĐ-TTg"),
    ]


def test_changing_a_draft_replaces_its_evidence() -> None:
    report = draft(the_task(products=("Đề án",)), row(evidence=[PROOF]))
    actions.change_report(report=report, row=row(evidence=[EvidenceRow(number="13/QĐ")]), by=make.owner(), on=ON)
    assert list(Evidence.objects.values_list("number", flat=True)) == ["13/QĐ"]
    assert ProductIssue.objects.get().evidence.number == "13/QĐ"  # type: ignore[union-attr]


def test_one_product_unconfirmed_keeps_the_task_open() -> None:
    both = [EvidenceRow(number="1/QĐ", product=1), EvidenceRow(number="2/QĐ", product=2)]
    report = submit(the_task(products=TWO), row(100, completed_on=ON, evidence=both))
    issues = list(report.issues.all())
    left = refused(lambda: approve(report, confirmed={issues[1].pk: False}))
    assert left == ("product_unconfirmed", "products", 422)
    assert not ProductIssue.objects.filter(confirmed_at__isnull=False).exists(), "all or nothing"
    assert refused(lambda: approve(report, confirmed={2**40: True}))[0] == "unknown_product"
    rejected = {issues[1].pk: "chưa ký"}
    report = actions.return_report(report=report, reason="thiếu", rejected=rejected, by=make.approver(), on=ON)
    assert [each.rejected_reason for each in report.issues.all()] == ["", "chưa ký"]


def crossed() -> tuple[Report, ProductIssue, ProductIssue]:
    """A submitted report of two products; the issue of the second bears the number of the first product."""
    both = [EvidenceRow(number="1/QĐ", product=1), EvidenceRow(number="2/QĐ", product=2)]
    report = submit(the_task(products=TWO), row(evidence=both))
    first, second = report.issues.order_by("product__order")
    ProductIssue.objects.filter(pk=first.pk).update(id=10**6)
    ProductIssue.objects.filter(pk=second.pk).update(id=first.product_id)
    first, second = report.issues.order_by("product__order")
    assert (first.pk, second.pk) == (10**6, first.product_id)
    return report, first, second


def test_a_reason_stays_with_the_product_it_was_given_for() -> None:
    report, _first, second = crossed()
    actions.return_report(report=report, reason="thiếu", rejected={second.pk: "chưa ký"}, by=make.approver(), on=ON)
    reasons = dict(report.issues.values_list("product__text", "rejected_reason"))
    assert reasons == {"Đề án": "", "Nghị định": "chưa ký"}


def test_only_the_product_not_confirmed_is_named_open() -> None:
    report, _first, second = crossed()
    with pytest.raises(Refused) as found:
        approve(report, confirmed={second.pk: False})
    assert (found.value.code, found.value.facts) == ("product_unconfirmed", {"products": "Nghị định"})


def test_the_number_of_a_product_is_not_the_number_of_its_issue() -> None:
    report, _first, second = crossed()
    given = {second.product_id: False}
    assert refused(lambda: approve(report, confirmed=given)) == ("unknown_product", "products", 422)


def test_confirming_again_takes_the_rejection_back() -> None:
    task = the_task(products=("Đề án",))
    report = submit(task, row(evidence=[PROOF]))
    issue = report.issues.get()
    actions.return_report(report=report, reason="x", rejected={issue.pk: "mờ"}, by=make.approver(), on=ON)
    report = approve(actions.submit_report(report=report, by=make.owner(), on=ON))
    issue.refresh_from_db()
    assert (issue.rejected_reason, issue.confirmed_at is not None) == ("", True)


def keep(task: Task, percent: int = 40, **facts: Any) -> Report:
    """Keep a report whose evidence is the one file that comes with it."""

    def told(numbers: dict[str, int]) -> ReportRow:
        return row(percent, evidence=[EvidenceRow(kind="file", file=numbers["free"])])

    uploads = {"free": Upload(b"%PDF-1.7", f"{percent}.pdf", "application/pdf")}
    return keep_report(task=task, told=told, uploads=uploads, by=make.owner(), on=ON, **facts)


def names_of_files(report: Report) -> list[str]:
    return [each.file.name for each in report.evidence.select_related("file")]


def test_a_report_is_kept_with_its_file_then_changed_then_corrected() -> None:
    task = the_task()
    report = keep(task)
    assert (report.percent, names_of_files(report)) == (40, ["40.pdf"])
    assert StoredFile.objects.get().subject == task.subject
    changed = keep(task, 45, report=report, version=report.version)
    assert (changed.pk, changed.percent, names_of_files(changed)) == (report.pk, 45, ["45.pdf"])
    correction = keep(task, 50, report=through(changed), correcting="đếm lại")
    assert (correction.corrects, correction.percent, names_of_files(correction)) == (changed, 50, ["50.pdf"])
    assert Report.objects.get(pk=report.pk).percent == 45


def test_a_file_is_not_kept_with_a_report_that_is_refused() -> None:
    task = the_task()
    report = keep(task)
    assert refused(lambda: keep(task, 101))[0] == "percent_out_of_range"
    assert refused(lambda: keep(task, 50, report=report, version=report.version + 1))[0] == "changed_meanwhile"
    assert [each.name for each in StoredFile.objects.all()] == ["40.pdf"]


# --- corrections and verification -----------------------------------------------------------------


def correct(report: Report, said: ReportRow, reason: str = "đếm lại", on: date = ON) -> Report:
    return actions.correct_report(report=report, row=said, reason=reason, by=make.owner(), on=on)


def through(report: Report, on: date = ON) -> Report:
    return approve(actions.submit_report(report=report, by=make.owner(), on=on), on)


def test_a_correction_counts_once_it_is_approved_and_the_former_stays() -> None:
    first = approve(submit(the_task()))
    new = correct(first, row(30, lower_reason="đếm lại"), on=ON + ONE)
    assert percent_on(ON + ONE)[0] == 40
    through(new, ON + ONE)
    assert (percent_on(ON + ONE)[0], Report.objects.filter(approved_at__isnull=False).count()) == (30, 2)


def test_correcting_an_old_report_does_not_overtake_a_newer_one() -> None:
    task = the_task()
    first = approve(submit(task, row(30)))
    approve(submit(task, row(60), on=ON + 5 * ONE), ON + 5 * ONE)
    through(correct(first, row(20, lower_reason="đếm lại"), on=ON + 9 * ONE), ON + 9 * ONE)
    assert [percent_on(ON + n * ONE)[0] for n in (0, 4, 5, 9)] == [20, 20, 60, 60]


def test_what_may_not_be_corrected() -> None:
    task = the_task()
    waiting = submit(task)
    assert refused(lambda: correct(waiting, row()))[0] == "not_approved"
    first = approve(waiting)
    assert refused(lambda: correct(first, row(), reason=" "))[0] == "reason_missing"
    correct(first, row())
    assert refused(lambda: correct(first, row()))[0] == "correction_open"


def test_the_day_of_completion_is_corrected_after_the_closing() -> None:
    due = date(2026, 6, 30)
    closing = approve(submit(the_task(), row(100, completed_on=due + ONE), on=due + 3 * ONE), due + 3 * ONE)
    assert percent_on(due + 3 * ONE)[1] == "done_late"
    new = correct(closing, row(100, completed_on=due), on=due + 4 * ONE)
    through(new, due + 4 * ONE)
    assert percent_on(due + 4 * ONE) == (100, "done_on_time")


def test_a_closing_is_not_corrected_away_and_a_cancelled_task_is_left_alone() -> None:
    closing = approve(submit(the_task(), row(100, completed_on=ON)))
    assert refused(lambda: correct(closing, row(90, lower_reason="x")))[0] == "reopen_instead"
    other = make.task(key="nq-2", on=ON)
    told = approve(submit(other))
    actions.cancel_task(task=other, reason="x", by=make.office(), on=ON)
    assert refused(lambda: correct(told, row()))[0] == "task_closed"


def test_a_report_is_verified_once_by_a_third_person() -> None:
    report = submit(the_task())
    inspector = make.actor("inspector")
    verify = lambda: actions.verify_report(report=report, note="đã xem", by=inspector, on=ON)  # noqa: E731
    assert refused(verify)[0] == "not_approved"
    approve(report)
    verify()
    assert refused(verify)[0] == "already_verified"
    assert Step.objects.get(kind="verified").reason == "đã xem"


def test_who_approved_does_not_verify() -> None:
    user = make.person("approver", make.organisation("most").scope)
    user.grants.create(role="inspector", scope="all", from_on=date(2020, 1, 1), granted_by="test")
    report = actions.approve_report(report=submit(the_task()), by=user.actor(), on=ON)
    assert refused(lambda: actions.verify_report(report=report, by=user.actor(), on=ON))[0] == "own_report"


def test_a_round_of_a_series_is_closed_on_its_own() -> None:
    task = the_task(deadline_text="hằng quý")
    [turn] = actions.make_occurrences(
        task=task, first_day=date(2026, 4, 1), last_day=date(2026, 6, 30), by=make.office(), on=ON
    )
    writer = make.owner()
    report = actions.draft_report(task=task, row=row(100, completed_on=ON), occurrence=turn, by=writer, on=ON)
    approve(actions.submit_report(report=report, by=writer, on=ON))
    turn.refresh_from_db()
    task.refresh_from_db()
    assert (turn.completed_on, task.completed_on) == (ON, None)
