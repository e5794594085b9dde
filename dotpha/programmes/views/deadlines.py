"""Deadlines that no reading could date: to be settled by a person, or waiting for an event."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from dotpha.accounts import rights
from dotpha.platform import exports
from dotpha.platform.pages import desk_page, past_of, render
from dotpha.programmes.queries import overview, tasks, told

PAGE = 50
KINDS = ("unknown", "conditional")


@desk_page("GET")
def deadlines(request: Any) -> HttpResponseBase:
    """Open tasks whose words nobody has read yet, oldest first; or those that wait for an event."""
    kind = "conditional" if request.GET.get("kind") == "conditional" else "unknown"
    lists = {each: overview.to_settle(request.actor, request.on, each) for each in KINDS}
    programme = request.GET.get("programme", "")
    if programme:
        number = told.programme_number(request.actor, programme)
        lists = {each: rows.filter(memberships__programme=number) for each, rows in lists.items()}
    if request.GET.get("export"):
        columns = {
            "key": _("Key"), "title": _("Task"), "lead": _("Lead agency"), "deadline": _("Deadline as written"),
            "assigned_on": _("Assigned on"),
        }  # fmt: skip
        rows = [
            [each.key, each.heading.text, tasks.lead_of(each), each.deadline_text, each.assigned_on]
            for each in lists[kind]
        ]
        return exports.answer(request, "deadlines", _("Deadlines to be settled"), columns, rows)
    shown = Paginator(lists[kind], PAGE).get_page(request.GET.get("page"))
    page = {
        "kind": kind,
        "rows": shown,
        "counts": {each: rows.count() for each, rows in lists.items()},
        "may_settle": rights.may(request.actor, "task.change") and not request.in_past,
        "lead_of": tasks.lead_of,
        "past": past_of(request),
    }
    return render(request, "programmes/deadlines.html", page)
