"""The board of blockers: what holds how many tasks up, who can remove it, since when."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from dotpha.directory.models import Organisation
from dotpha.platform import exports
from dotpha.platform.pages import desk_page, past_of, render
from dotpha.programmes.models import Blocker
from dotpha.programmes.queries import overview, records
from dotpha.programmes.queries.programmes import visible_programmes
from dotpha.programmes.rules import blockers as rules

MOST = 500


@desk_page("GET")
def blockers(request: Any) -> HttpResponseBase:
    """Blockers open on the day, or closed ones, by kind or by the body asked; the costliest group first."""
    by, on = request.actor, request.on
    group_by = "body" if request.GET.get("by") == "body" else "kind"
    closed = request.GET.get("closed") == "true"
    rows = (
        records.visible_blockers(by, on).filter(resolved_on__lte=on).order_by("-resolved_on", "pk")
        if closed
        else overview.blockers(by, on)
    )
    if request.GET.get("programme"):
        rows = rows.filter(task__memberships__programme__key=request.GET["programme"])
    if request.GET.get("body"):
        rows = rows.filter(asks_of__key=request.GET["body"])
    found = [row(each, on) for each in rows.prefetch_related("steps")[:MOST]]
    if request.GET.get("export"):
        return export(request, found)
    page = {
        "groups": grouped(found, group_by),
        "total": len(found),
        "late": sum(each["late"] for each in found),
        "tasks": len({each["blocker"].task_id for each in found}),
        "days": sum(each["days"] for each in found),
        "by": group_by,
        "closed": closed,
        "programmes": list(visible_programmes(by)),
        "body": Organisation.objects.filter(key=request.GET.get("body", "")).first(),
        "past": past_of(request),
    }
    return render(request, "programmes/blockers.html", page)


def row(blocker: Blocker, on: Any) -> dict[str, Any]:
    """A blocker with how long it holds its task up, and whether the answer is late."""
    until = blocker.resolved_on if blocker.resolved_on and blocker.resolved_on <= on else on
    answered = blocker.answered_at is not None
    return {
        "blocker": blocker,
        "days": (until - blocker.raised_on).days,
        "late": not answered and blocker.resolved_on is None and blocker.respond_by < on,
        "answered": answered,
        "steps": [each.get_kind_display() for each in blocker.steps.all()],
    }


def grouped(rows: list[dict[str, Any]], group_by: str) -> list[dict[str, Any]]:
    """Groups with their tasks and days held up, the most tasks first."""
    groups: dict[str, dict[str, Any]] = {}
    for each in rows:
        blocker = each["blocker"]
        key = blocker.asks_of.key if group_by == "body" else blocker.kind
        label = blocker.asks_of.title.text if group_by == "body" else rules.NAMES[rules.Kind(blocker.kind)]
        groups.setdefault(key, {"key": key, "label": label, "rows": []})["rows"].append(each)
    for group in groups.values():
        held = group["rows"]
        group["tasks"] = len({each["blocker"].task_id for each in held})
        group["days"] = sum(each["days"] for each in held)
        group["late"] = sum(each["late"] for each in held)
        group["bodies"] = Counter(each["blocker"].asks_of.title.text for each in held).most_common(3)
    return sorted(groups.values(), key=lambda group: (-group["tasks"], -group["days"], group["key"]))


def export(request: Any, rows: list[dict[str, Any]]) -> HttpResponseBase:
    """The board as a list, one blocker a row."""
    columns = {
        "task": _("Task"), "title": _("Title"), "kind": _("Kind"), "text": _("What is in the way"),
        "asks_of": _("Asked of"), "raised_on": _("Raised on"), "respond_by": _("Answer by"),
        "days": _("Days held up"), "answer": _("Answer"), "resolved_on": _("Resolved on"),
    }  # fmt: skip
    found = [
        [
            each["blocker"].task.key, each["blocker"].task.heading.text, each["blocker"].get_kind_display(),
            each["blocker"].text, each["blocker"].asks_of.title.text, each["blocker"].raised_on,
            each["blocker"].respond_by, each["days"], each["blocker"].answer, each["blocker"].resolved_on,
        ]
        for each in rows
    ]  # fmt: skip
    return exports.answer(request, "blockers", _("Blockers"), columns, found)
