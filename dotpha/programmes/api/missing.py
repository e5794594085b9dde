"""Missing reports over the API: the same query and rule as the page."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Query

from dotpha.platform.api import ApiRequest, Out, Page, Paging, Times, paged
from dotpha.programmes.api.routing import router
from dotpha.programmes.api.writing import require_somebody
from dotpha.programmes.queries import lists, reporting, tasks


class MissingReportOut(Out):
    """A report that is missing: due on the last day of its period, or on the day of its dated round, and missing
    after a day of grace (product defaults)."""

    task: str
    title: str
    lead: str | None
    period: str
    report_due_on: date
    days_late: int


def _missing(row: Any, on: date) -> dict[str, Any]:
    return {
        "task": row.key,
        "title": row.heading.text,
        "lead": row.lead.organisation.key if row.lead_id else None,
        "period": row.period,
        "report_due_on": row.period_due_on,
        "days_late": (on - row.period_due_on).days,
    }


@router.get("/missing-reports", response=Page[MissingReportOut], summary="Periodic reports that are missing")
def list_missing_reports(
    request: ApiRequest,
    paging: Query[Paging],
    times: Query[Times],
    programme: str = "",
    lead: str = "",
    period: str = Query("", description="As written, 2026-Q3; without it the latest that fell due"),
) -> dict[str, Any]:
    """Open tasks whose report of a period nobody has sent, those due longest first."""
    by = require_somebody(request)
    with times.reading() as on:
        rows = lists.fitting(reporting.missing(by, on, period), lists.Asked(programme=programme, lead=lead), by, on)
        return paged(tasks.named(rows).order_by("period_due_on", "key"), paging, lambda row: _missing(row, on))
