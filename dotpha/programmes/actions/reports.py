"""Progress reports: draft, submit, approve, return, correct, verify (C9, C10, C14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.platform import advice, audit, days, periods
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.classification import require_open_texts
from dotpha.platform.refusals import Refused
from dotpha.platform.versions import require_version
from dotpha.programmes.actions import evidence
from dotpha.programmes.actions.evidence import EvidenceRow
from dotpha.programmes.actions.steps import accept_silently, bump, locked_open, record_step, require_reason
from dotpha.programmes.models import Occurrence, Report, Task
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.rules import progress as rules
from dotpha.programmes.rules.extensions import require_takes_reports

__all__ = ["EvidenceRow", "ReportRow"]


@dataclass(frozen=True)
class ReportRow:
    """What a report says: percent, what was done, next step, risk, evidence; `completed_on` claims completion."""

    summary: str
    percent: int
    completed_on: date | None = None
    next_step: str = ""
    risk: str = ""
    lower_reason: str = ""
    period: str = ""
    evidence: Sequence[EvidenceRow] = ()


_FIELDS = ("summary", "percent", "completed_on", "next_step", "risk", "lower_reason", "period")


@action
def draft_report(*, task: Task, row: ReportRow, occurrence: Occurrence | None = None, by: Actor, on: date) -> Report:
    """Begin a report of the lead. What it claims is checked now, evidence for products when it is submitted."""
    by = rights.require(by, "report.write", queries.lead_scopes(task))
    task = locked_open(task, require_takes_reports)
    _require_sayable(task, row, on)
    report = Report.objects.create(
        task=task,
        occurrence=occurrence,
        reported_on=on,
        drafted_at=days.now(),
        drafted_by_id=by.user_id,
        **_values(row),
    )
    evidence.replace_evidence(report, row.evidence)
    accept_silently(task, by, on)
    audit.record("report.drafted", task, by, after={"report": report.pk, "percent": row.percent})
    return report


@action
def change_report(*, report: Report, row: ReportRow, version: int | None = None, by: Actor, on: date) -> Report:
    """Change a report that is not submitted, or was returned. The draft saves itself through this."""
    by = rights.require(by, "report.write", queries.lead_scopes(report.task))
    task = locked_task(report)
    report = locked_report(report)
    if report.state not in ("draft", "returned"):
        raise Refused(
            "report_submitted", _("A submitted report is not changed. Ask for it to be returned."), status=409
        )
    require_version(version, report.version)
    _require_sayable(task, row, on)
    for name, value in _values(row).items():
        setattr(report, name, value)
    report.reported_on = _day_told(report, on)
    report.version += 1
    report.save()
    evidence.replace_evidence(report, row.evidence)
    audit.record("report.changed", task, by, after={"report": report.pk, "percent": row.percent})
    return report


@action
def submit_report(*, report: Report, by: Actor, on: date) -> Report:
    """Hand a report to the approver. The first one starts the task."""
    by = rights.require(by, "report.write", queries.lead_scopes(report.task))
    task = locked_task(report)
    report = locked_report(report)
    if report.state not in ("draft", "returned"):
        raise Refused(
            "report_submitted", _("This report has been submitted already."), do=advice.ASK_RETURN, status=409
        )
    _require_sayable(task, _row_of(report), on)
    _require_one_a_period(report)
    if report.completed_on:
        proved, waived = evidence.by_product(report)
        rules.require_evidence(evidence.promised(task), proved, waived)
        rules.require_product_by(report.completed_on, evidence.issued(report))
    report.submitted_at, report.submitted_by_id = days.now(), by.user_id
    report.reported_on = _day_told(report, on)
    report.version += 1
    report.save()
    if task.started_on is None:
        task.started_on = min(on, report.completed_on or on)
        bump(task, "started_on")
    accept_silently(task, by, on)
    audit.record("report.submitted", task, by, after={"report": report.pk, "percent": report.percent})
    return report


@action
def approve_report(
    *,
    report: Report,
    confirmed: Mapping[int, bool] | None = None,
    reason: str = "",
    by: Actor,
    on: date,
) -> Report:
    """Approve a submitted report. One that claims completion closes the task on the day it states.

    `confirmed` says for each product named in the report (by the id of its issue) whether it is confirmed,
    all unless told. With one unconfirmed nothing is approved: the report is to be returned.
    """
    _refuse_own(report, by)
    by = rights.require(by, "report.approve", queries.scopes_of(report.task))
    task = locked_task(report)
    report = locked_report(report)
    if report.state != "submitted":
        raise Refused("not_submitted", _("Only a submitted report can be approved."), do=advice.SUBMIT, status=409)
    _refuse_own(report, by)
    evidence.confirm(report, confirmed or {}, by)
    report.approved_at, report.approved_by_id = days.now(), by.user_id
    report.version += 1
    report.save()
    if report.occurrence:
        report.occurrence.completed_on = report.completed_on
        report.occurrence.save(update_fields=["completed_on"])
    elif report.completed_on:
        _close(task, report, by)
    said = {"report": report.pk, "percent": report.percent, "completed_on": report.completed_on}
    audit.record("report.approved", task, by, after=said, reason=reason)
    return report


def _close(task: Task, report: Report, by: Actor) -> None:
    task.completed_on = report.completed_on
    if task.started_on and report.completed_on and task.started_on > report.completed_on:
        task.started_on = report.completed_on
    bump(task, "completed_on", "started_on")
    record_step(task, "closed", by, report.completed_on or report.reported_on)
    audit.record("task.closed", task, by, after={"completed_on": report.completed_on, "report": report.pk})


@action
def return_report(
    *, report: Report, reason: str, rejected: Mapping[int, str] | None = None, by: Actor, on: date
) -> Report:
    """Send a submitted report back with a reason, and a reason for each product that is not confirmed."""
    _refuse_own(report, by)
    by = rights.require(by, "report.approve", queries.scopes_of(report.task))
    task = queries.locked(report.task)
    report = locked_report(report)
    if report.state != "submitted":
        raise Refused("not_submitted", _("Only a submitted report can be returned."), do=advice.SUBMIT, status=409)
    report.return_reason = require_reason(reason)
    report.returned_at, report.returned_by_id = days.now(), by.user_id
    report.version += 1
    report.save()
    evidence.reject(report, rejected or {})
    audit.record("report.returned", task, by, after={"report": report.pk}, reason=reason)
    return report


@action
def correct_report(*, report: Report, row: ReportRow, reason: str, by: Actor, on: date) -> Report:
    """Begin a new version of an approved report. The former one stays, and counts until this is approved."""
    by = rights.require(by, "report.write", queries.lead_scopes(report.task))
    task = queries.locked(report.task)
    report = locked_report(report)
    if report.state != "approved":
        raise Refused("not_approved", _("Only an approved report is corrected. Change the draft instead."), status=409)
    if report.corrections.filter(approved_at=None).exists():
        raise Refused(
            "correction_open", _("A correction of this report is under way already."), do=advice.FINISH, status=409
        )
    if task.cancelled_on:
        require_takes_reports(queries.task_dates(task))
    if task.completed_on and report.completed_on and row.completed_on is None:
        raise Refused("reopen_instead", _("Reopen the task instead: the closing stays in its history."), status=409)
    reason = require_reason(reason)
    _require_sayable(task, row, on)
    correction = Report.objects.create(
        task=task,
        occurrence=report.occurrence,
        corrects=report,
        reported_on=report.reported_on,
        drafted_at=days.now(),
        drafted_by_id=by.user_id,
        **_values(row),
    )
    evidence.replace_evidence(correction, row.evidence)
    audit.record("report.corrected", task, by, after={"report": correction.pk, "corrects": report.pk}, reason=reason)
    return correction


@action
def verify_report(*, report: Report, note: str = "", by: Actor, on: date) -> Report:
    """The office or an inspector checked an approved report against its evidence."""
    by = rights.require(by, "report.verify", queries.scopes_of(report.task))
    task = queries.locked(report.task)
    report = locked_report(report)
    if report.state != "approved":
        raise Refused("not_approved", _("Only an approved report can be verified."), do=advice.APPROVE, status=409)
    if report.verified_at:
        raise Refused("already_verified", _("This report has been verified already."), do=advice.LOOK, status=409)
    if by.user_id is not None and by.user_id in (report.submitted_by_id, report.approved_by_id):
        raise Refused(
            "own_report",
            _("Somebody who neither wrote nor approved a report verifies it."),
            do=advice.COLLEAGUE,
            status=403,
        )
    report.verified_at, report.verified_by_id = days.now(), by.user_id
    report.save(update_fields=["verified_at", "verified_by"])
    record_step(task, "verified", by, on, reason=note)
    audit.record("report.verified", task, by, after={"report": report.pk}, reason=note)
    return report


def locked_task(report: Report) -> Task:
    """The task of a report, locked. One that is completed takes corrections alone, a cancelled one nothing."""
    task = queries.locked(report.task)
    if report.corrects_id is None or task.cancelled_on:
        require_takes_reports(queries.task_dates(task))
    return task


def locked_report(report: Report) -> Report:
    return Report.objects.select_for_update(of=("self",)).select_related("task", "occurrence").get(pk=report.pk)


def _refuse_own(report: Report, by: Actor) -> None:
    rules.require_other_approver((report.drafted_by_id, report.submitted_by_id), by.user_id)


def _day_told(report: Report, on: date) -> date:
    """A correction tells the state of the day of the report that it corrects: a newer report is not overtaken by it."""
    return report.corrects.reported_on if report.corrects else on


def _values(row: ReportRow) -> dict[str, Any]:
    """What is kept of a row; its period is written in one way, so that one is not reported twice."""
    values = {name: getattr(row, name) for name in _FIELDS}
    return {**values, "period": str(periods.parse(row.period)) if row.period else ""}


def _row_of(report: Report) -> ReportRow:
    return ReportRow(**{name: getattr(report, name) for name in _FIELDS})


def _require_sayable(task: Task, row: ReportRow, on: date) -> None:
    """Refuse what no report may claim: the same while drafting and when submitting. Evidence is asked later."""
    if not row.summary.strip():
        raise Refused("text_missing", _("Say what was done."), field="summary")
    require_open_texts(summary=row.summary, next_step=row.next_step, risk=row.risk, lower_reason=row.lower_reason)
    if row.period:
        periods.parse(row.period)
    last = task.reports.filter(approved_at__isnull=False, completed_on=None).order_by("-reported_on", "-pk").first()
    claim = rules.Claim(row.percent, on, row.completed_on, row.lower_reason, row.period or None)
    known = rules.Known(_stated_start(task), last.percent if last else None)
    rules.require_claimable(claim, known, on)


def _stated_start(task: Task) -> date | None:
    """The start that somebody stated. One that the first report or a completion implies does not bind a completion."""
    told = task.reports.filter(submitted_at__isnull=False)
    first = told.order_by("submitted_at", "pk").first()
    implied: set[date | None] = {first.reported_on} if first else set()
    implied |= set(told.filter(completed_on__isnull=False).values_list("completed_on", flat=True))
    return None if task.started_on in implied else task.started_on


def _require_one_a_period(report: Report) -> None:
    held = report.task.reports.filter(period=report.period, occurrence=report.occurrence, approved_at__isnull=False)
    if report.corrects_id:
        held = held.exclude(pk=report.corrects_id)
    if report.period and held.exists():
        raise Refused(
            "period_reported",
            _("The report of this period is approved already. Correct it instead."),
            field="period",
            status=409,
        )
