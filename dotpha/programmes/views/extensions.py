"""The ledger of due dates: what was asked for, what was decided, how often and why."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from dotpha.accounts import rights
from dotpha.platform import exports
from dotpha.platform.pages import desk_page, past_of, render
from dotpha.platform.texts import read
from dotpha.programmes.filters import organisation_name
from dotpha.programmes.models import Extension
from dotpha.programmes.queries import overview, told
from dotpha.programmes.queries.programmes import visible_programmes
from dotpha.programmes.rules import silence

PAGE = 50
STATES = ("open", "granted", "refused", "withdrawn")


@desk_page("GET")
def extensions(request: Any) -> HttpResponseBase:
    """Requests that wait come first; then every change of a due date, newest first."""
    on = request.on
    asked = {name: request.GET.get(name, "") for name in ("programme", "lead", "state", "kind", "reason")}
    lines = overview.ledger(request.actor, on)
    if asked["programme"]:
        number = told.programme_number(request.actor, asked["programme"])
        lines = lines.filter(task__memberships__programme=number)
    if asked["lead"]:
        lines = lines.filter(lead_key=asked["lead"])
    agencies = overview.by_agency(lines, on)
    waiting = list(lines.filter(overview.pending(on)).order_by("requested_on", "pk")[:PAGE])
    lines = narrowed(lines, asked, on).order_by(F("granted_on").desc(nulls_first=True), "-requested_on", "-pk")
    if request.GET.get("export"):
        return export(request, lines)
    shown = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    page = {
        "waiting": [row(each, on) for each in waiting],
        "lines": [row(each, on) for each in shown],
        "shown": shown,
        "agencies": agencies,
        "reasons": dict(Extension.ReasonKind.choices),
        "kinds": Extension.Kind.choices,
        "states": words_of_states(),
        "asked": asked,
        "lead_name": organisation_name(asked["lead"]) if asked["lead"] else "",
        "programmes": list(visible_programmes(request.actor)),
        "may_decide": rights.may(request.actor, "extension.decide") and not request.in_past,
        "past": past_of(request),
    }
    return render(request, "programmes/extensions.html", page)


def narrowed(lines: Any, asked: dict[str, str], on: Any) -> Any:
    """The lines of one state, kind and reason."""
    if asked["state"] == "open":
        lines = lines.filter(overview.pending(on))
    elif asked["state"] in STATES:
        lines = lines.filter(**{f"{asked['state']}_on__lte": on})
    if asked["kind"] in Extension.Kind.values:
        lines = lines.filter(kind=asked["kind"])
    if asked["reason"] in Extension.ReasonKind.values:
        lines = lines.filter(reason_kind=asked["reason"])
    return lines


def words_of_states() -> dict[str, str]:
    """The state of a line, as people say it."""
    return {
        "open": _("waits for an answer"),
        "granted": _("granted"),
        "refused": _("refused"),
        "withdrawn": _("withdrawn"),
    }


def row(line: Any, on: Any) -> dict[str, Any]:
    """A line of the ledger with what is worked out of it."""
    before = line.was_due_on if line.was_changed else line.task.original_due_on
    went_up_on = silence.goes_up_on(line.requested_on)
    return {
        "went_up_on": went_up_on if went_up_on <= on else None,
        "line": line, "state": overview.state_of(line, on), "before": before,
        "days": overview.days_added(line), "late": overview.asked_late(line),
    }  # fmt: skip


def export(request: Any, lines: Any) -> HttpResponseBase:
    """The ledger as it is filtered, one line a row."""
    columns = {
        "task": _("Key"), "title": _("Task"), "lead": _("Lead agency"), "kind": _("Kind"),
        "due_before": _("Due date before"), "new_due_on": _("New due date"), "days_added": _("Days added"),
        "reason_kind": _("Kind of reason"), "reason": _("Reason"), "requested_on": _("Requested on"),
        "late_request": _("Late request"), "state": _("State"), "granted_on": _("Granted on"), "answer": _("Answer"),
    }  # fmt: skip
    states = words_of_states()
    rows = [plain(row(line, request.on), states) for line in lines]
    return exports.answer(request, "extensions", _("Ledger of due dates"), columns, rows)


def plain(each: dict[str, Any], states: dict[str, str]) -> list[Any]:
    """A line of the ledger as cells of an export."""
    line = each["line"]
    return [
        line.task.key, line.task.heading.text, read(line.lead_name).text, line.get_kind_display(),
        each["before"], line.new_due_on, each["days"], line.get_reason_kind_display(), line.reason,
        line.requested_on, _("yes") if each["late"] else "", states[each["state"]], line.granted_on,
        line.answer,
    ]  # fmt: skip
