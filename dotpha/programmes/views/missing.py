"""Missing reports: which tasks owe the report of a period, and since when."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from dotpha.platform import exports, periods
from dotpha.platform.pages import desk_page, language, past_of, render
from dotpha.programmes.filters import organisation_name
from dotpha.programmes.queries import lists, reach, reporting, tasks
from dotpha.programmes.queries.programmes import visible_programmes
from dotpha.programmes.rules import reporting as rules

PAGE = 50


@desk_page("GET")
def missing(request: Any) -> HttpResponseBase:
    """The reports that are missing, those due longest first: of the latest period, or of one asked for."""
    asked = {name: request.GET.get(name, "") for name in ("programme", "lead", "period")}
    within = lists.Asked(programme=asked["programme"], lead=asked["lead"])
    rows = lists.fitting(
        reporting.missing(request.actor, request.on, asked["period"]), within, request.actor, request.on
    )
    rows = tasks.named(rows).order_by("period_due_on", "key")
    if request.GET.get("export"):
        return export(request, rows)
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page = {
        "rows": [row(each, request.on) for each in shown],
        "own": own(request, shown.object_list),
        "shown": shown,
        "grace": rules.GRACE.days,
        "asked": asked,
        "periods": offered(request, asked["period"]),
        "lead_name": organisation_name(asked["lead"]) if asked["lead"] else "",
        "programmes": list(visible_programmes(request.actor)),
        "past": past_of(request),
    }
    return render(request, "programmes/missing.html", page)


def row(task: Any, on: Any) -> dict[str, Any]:
    """A task with its period in words and the days since its report fell due."""
    period = periods.parse(task.period)
    return {"task": task, "period": periods.written(period, language()), "days_late": (on - task.period_due_on).days}


def own(request: Any, shown: Any) -> set[int]:
    """Which of the tasks shown this person reports on now: one query."""
    if request.in_past:
        return set()
    mine = reach.led(request.actor, "report.write", request.on).filter(task__in=[each.pk for each in shown])
    return set(mine.values_list("task", flat=True))


def offered(request: Any, chosen: str) -> list[tuple[str, str]]:
    """The periods to choose from, as written and in words; the one that the address asks for among them."""
    found = reporting.offered(request.actor, request.on)
    held = periods.read(chosen)
    if held and held not in found:
        found.append(held)
    return [(str(each), periods.written(each, language())) for each in found]


def export(request: Any, rows: Any) -> HttpResponseBase:
    """The list as it is filtered, a task a row."""
    columns = {
        "key": _("Key"), "title": _("Task"), "lead": _("Lead agency"), "period": _("Period"),
        "report_due_on": _("Report due on"), "days_late": _("Days late"),
    }  # fmt: skip
    cells = (plain(each, request.on) for each in rows)
    return exports.answer(request, "missing-reports", _("Missing reports"), columns, cells)


def plain(task: Any, on: Any) -> list[Any]:
    """A task of the list as cells of an export."""
    late = (on - task.period_due_on).days
    return [task.key, task.heading.text, tasks.lead_of(task), task.period, task.period_due_on, late]
