"""The bottleneck board: what holds how many tasks up, by kind, clause, remover and place, and the list behind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.platform import citations, exports
from dotpha.platform.pages import desk_page, past_of, render
from dotpha.programmes.models import Blocker
from dotpha.programmes.queries import holdups
from dotpha.programmes.queries.programmes import visible_programmes
from dotpha.programmes.rules import holdups as rules
from dotpha.programmes.rules.blockers import promised

PAGE = 50
LONGEST = 200
GROUPINGS = {
    "kind": gettext_lazy("By kind"),
    "clause": gettext_lazy("By clause"),
    "body": gettext_lazy("By who can remove it"),
    "place": gettext_lazy("By place"),
    "task": gettext_lazy("By task"),
    "commune": gettext_lazy("Place by place"),
}
"""By what the board groups; the last two are the lists behind the numbers of tasks and of places."""
NOTHING = {
    "clause": gettext_lazy("No clause is named"),
    "place": gettext_lazy("The whole country"),
    "commune": gettext_lazy("The whole country"),
}


@desk_page("GET")
def blockers(request: Any) -> HttpResponseBase:
    """Blockers open on the day, or removed by it, grouped; the list of those that the address asks for beneath."""
    asked, grouping = asked_of(request), request.GET.get("by", "")
    grouping = grouping if grouping in GROUPINGS else "kind"
    rows = holdups.blockers(request.actor, request.on, asked)
    if request.GET.get("export") and request.GET.get("sheet") != "board":
        return export(request, listing(rows, asked))
    held = holdups.hold_ups(rows, request.on, asked)
    groups = named(grouping, holdups.groups(held, grouping, asked, request.on), asked.place)
    if request.GET.get("export"):
        return export_board(request, grouping, groups)
    listed = Paginator(listing(rows, asked), PAGE).get_page(request.GET.get("page"))
    page = {
        "groups": Paginator(groups, PAGE).get_page(request.GET.get("groups")),
        "rows": [row(each, request.on) for each in listed],
        "listed": listed,
        "total": rules.summed(held),
        "by": grouping,
        "asked": asked,
        "groupings": GROUPINGS,
        "chips": chips(asked, request.on),
        "programmes": list(visible_programmes(request.actor)),
        "past": past_of(request),
    }
    return render(request, "programmes/blockers.html", page)


def asked_of(request: Any) -> holdups.Asked:
    """The conditions that the address names."""
    said = {name: request.GET.get(name, "")[:LONGEST] for name in CONDITIONS}
    flags = {name: request.GET.get(name) == "true" for name in ("late", "closed")}
    return holdups.Asked(programme=request.GET.get("programme", "")[:LONGEST], **said, **flags)


CONDITIONS = ("kind", "clause", "body", "place", "commune", "task")


def listing(rows: Any, asked: holdups.Asked) -> Any:
    """The list beneath the board, each blocker with its steps."""
    return holdups.in_order(rows.prefetch_related("steps"), asked.closed)


def named(grouping: str, groups: list[Any], place: str) -> list[dict[str, Any]]:
    """Groups with their names and the conditions under which the list shows what each counts."""
    found = []
    for known, held in groups:
        name = known or holdups.Name(str(NOTHING.get(grouping, "")), holdups.NONE)
        own = grouping == "place" and name.said == place  # of the province itself, not of a commune in it
        found.append({"name": name, "sum": held, "only": {"commune" if own else grouping: name.said}})
    return found


def chips(asked: holdups.Asked, on: date) -> list[tuple[str, str]]:
    """The conditions in force: the part of the address, and its words."""
    found = [("late", _("Answer overdue"))] if asked.late else []
    for name in CONDITIONS:
        said = getattr(asked, name)
        if said:
            found.append((name, condition_label(asked, name, said, on)))
    return found


def condition_label(asked: holdups.Asked, name: str, said: str, on: date) -> str:
    """The words of one condition: the name of what its part of the address stands for, else that part itself."""
    if said == holdups.NONE:
        return str(NOTHING.get(name, said))
    if name == "clause":
        return citations.said(said.replace("#", ", "))
    if name in ("place", "commune"):
        return asked.places[said].title.text if said in asked.places else said
    known = holdups.names(name, [said], on)
    return known[said].label if said in known else said


def row(blocker: Any, on: date) -> dict[str, Any]:
    """A blocker with how long it holds its task up, whether the answer is late, and the day promised."""
    removed = blocker.resolved_on is not None and blocker.resolved_on <= on
    steps = list(blocker.steps.all())
    return {
        "blocker": blocker,
        "days": holdups.days_between(blocker.raised_on, blocker.resolved_on, on),
        "removed": removed,
        "late": blocker.late and not removed,
        "answered": not removed and blocker.answered_at is not None,
        "promised": None if removed else promised((each.kind, each.until_on) for each in steps),
        "steps": [each.get_kind_display() for each in steps],
    }


def export(request: Any, rows: Iterable[Blocker]) -> HttpResponseBase:
    """The list, one blocker a row."""
    columns = {
        "task": _("Task"), "title": _("Title"), "kind": _("Kind"), "text": _("What is in the way"),
        "asks_of": _("Asked of"), "raised_on": _("Raised on"), "respond_by": _("Answer by"),
        "until_on": _("To be removed by"), "days": _("Days held up"), "answer": _("Answer"),
        "resolved_on": _("Resolved on"), "decision": _("Decision that closes it"),
    }  # fmt: skip
    found = [
        [
            each["blocker"].task.key, each["blocker"].task.heading.text, each["blocker"].get_kind_display(),
            each["blocker"].text, each["blocker"].asks_of.title.text, each["blocker"].raised_on,
            each["blocker"].respond_by, each["promised"], each["days"], each["blocker"].answer,
            each["blocker"].resolved_on, each["blocker"].decision,
        ]
        for each in (row(each, request.on) for each in rows)
    ]  # fmt: skip
    return exports.answer(request, "blockers", _("Blockers"), columns, found)


def export_board(request: Any, grouping: str, groups: list[dict[str, Any]]) -> HttpResponseBase:
    """The board itself, one group a row."""
    columns = {
        "group": _("Group"), "blockers": _("Blockers"), "late": _("Answer overdue"), "tasks": _("Tasks held up"),
        "places": _("Places held up"), "days": _("Days held up"),
    }  # fmt: skip
    found = [
        [each["name"].label, *(getattr(each["sum"], name) for name in ("blockers", "late", "tasks", "places", "days"))]
        for each in groups
    ]
    return exports.answer(request, "bottlenecks", str(GROUPINGS[grouping]), columns, found)
