"""Keeping a report as it is typed, with the files that come with it, in one change; discarding a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.platform import advice, audit, files
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.classification import require_open_values
from dotpha.platform.models import StoredFile
from dotpha.platform.refusals import Refused
from dotpha.platform.uploads import Upload
from dotpha.platform.versions import require_version
from dotpha.programmes.actions.evidence import replace_evidence
from dotpha.programmes.actions.reports import (
    ReportRow,
    change_report,
    correct_report,
    draft_report,
    locked_report,
    locked_task,
)
from dotpha.programmes.actions.steps import locked_open
from dotpha.programmes.models import Occurrence, Report, Task
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.queries.parts import COOPERATING
from dotpha.programmes.rules.extensions import require_takes_reports


@action
def keep_report(
    *,
    task: Task,
    told: Callable[[dict[str, int]], ReportRow],
    uploads: Mapping[str, Upload],
    report: Report | None = None,
    occurrence: Occurrence | None = None,
    version: int | None = None,
    correcting: str = "",
    by: Actor,
    on: date,
) -> Report:
    """Begin a report, or change the draft `report`; with a reason in `correcting`, begin its correction.

    `told` gives what the report says once the uploaded files have their numbers.
    """
    rights.require(by, "report.write", queries.lead_scopes(task))
    require_open_values({"report": told(dict.fromkeys(uploads, 0))})  # no transaction takes the bytes of a file back
    numbers = {name: files.keep(each, task.subject, by).pk for name, each in uploads.items()}
    row = told(numbers)
    if report is None:
        return draft_report(task=task, row=row, occurrence=occurrence, by=by, on=on)
    if correcting:
        return correct_report(report=report, row=row, reason=correcting, by=by, on=on)
    return change_report(report=report, row=row, version=version, by=by, on=on)


def require_may_give(task: Task, by: Actor) -> Actor:
    """Refuse whoever reports neither for the lead agency nor for one with a part: before the file is looked at."""
    agencies = task.assignments.filter(part__in=COOPERATING, until_on=None).select_related("organisation__place")
    programmes = queries.programmes_of(task)
    own = [scope for each in agencies for scope in queries.asked_scopes(each.organisation, programmes)]
    return rights.require(by, "report.write", queries.lead_scopes(task) + own)


@action
def give_file(*, task: Task, upload: Upload, by: Actor, on: date) -> StoredFile:
    """Keep a file as evidence for a report on a task, by the lead agency or one with a part of it; a report names its
    number. A program gives it before the report, a page together with it."""
    by = require_may_give(task, by)
    task = locked_open(task, require_takes_reports)
    kept = files.keep(upload, task.subject, by)
    audit.record("file.added", task, by, after={"file": kept.pk, "name": kept.name, "sha256": kept.sha256})
    return kept


def require_none_begun(task: Task) -> None:
    """Refuse to begin a report beside one that waits to be finished: what was typed would stand in two places.

    Rounds of a recurring task have a report each, and programs keep their own count: pages alone ask this.
    """
    if task.reports.filter(approved_at=None, occurrence=None).exclude(Report.WAITS).exists():
        raise Refused(
            "report_begun",
            _("A report of this task was begun already. Open it and finish it; what you typed here stays."),
            status=409,
        )


@action
def discard_report(*, report: Report, version: int | None = None, by: Actor, on: date) -> None:
    """Discard a draft that was never sent. The tables of the past keep what it said."""
    by = rights.require(by, "report.write", queries.lead_scopes(report.task))
    task = locked_task(report)
    report = locked_report(report)
    if report.state != "draft":
        raise Refused(
            "report_submitted", _("Only a draft that was never sent can be discarded."), do=advice.SEND_ANEW, status=409
        )
    require_version(version, report.version)
    number, said = report.pk, {"percent": report.percent, "summary": report.summary}
    replace_evidence(report, ())
    report.delete()
    audit.record("report.discarded", task, by, before=said, after={"report": number})
