"""Keeping a report as it is typed, with the files that come with it, in one change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from dotpha.accounts import rights
from dotpha.platform import files
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.uploads import Upload
from dotpha.programmes.actions.reports import ReportRow, change_report, correct_report, draft_report
from dotpha.programmes.models import Occurrence, Report, Task
from dotpha.programmes.queries import tasks as queries


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
    numbers = {
        name: files.store(data=each.data, name=each.name, media_type=each.media_type, subject=task.subject, by=by).pk
        for name, each in uploads.items()
    }
    row = told(numbers)
    if report is None:
        return draft_report(task=task, row=row, occurrence=occurrence, by=by, on=on)
    if correcting:
        return correct_report(report=report, row=row, reason=correcting, by=by, on=on)
    return change_report(report=report, row=row, version=version, by=by, on=on)
