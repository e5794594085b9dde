"""The overdue ladder as a list, and one's own notices."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dotpha.platform import exports
from dotpha.platform.pages import desk_page, past_of, render, url, whole
from dotpha.programmes import actions
from dotpha.programmes.filters import organisation_name
from dotpha.programmes.queries import ladder as queries
from dotpha.programmes.queries import lists, tasks
from dotpha.programmes.queries.programmes import visible_programmes
from dotpha.programmes.rules import ladder as rules

PAGE = 50


@desk_page("GET")
def ladder(request: Any) -> HttpResponseBase:
    """Overdue tasks by the step on which they stand, the longest overdue first; those of step "meeting" are what the
    next meeting's agenda is made from."""
    asked = {name: request.GET.get(name, "") for name in ("step", "programme", "lead", "only")}
    within = lists.Asked(programme=asked["programme"], lead=asked["lead"])
    rows = lists.fitting(queries.climbing(request.actor, request.on), within, request.actor, request.on)
    if asked["only"] == "contested":
        rows = rows.filter(is_contested=True)
    counts = queries.counts(rows)
    if asked["step"] in rules.OVERDUE:
        rows = rows.filter(ladder_step=asked["step"])
    rows = tasks.named(rows).order_by("due_on", "key")
    if request.GET.get("export"):
        return export(request, rows)
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page = {
        "rows": [row(each) for each in shown],
        "shown": shown,
        "steps": [(step.value, rules.NAMES[step], counts.get(step.value, 0)) for step in rules.OVERDUE],
        "total": sum(counts.values()),
        "asked": asked,
        "lead_name": organisation_name(asked["lead"]) if asked["lead"] else "",
        "programmes": list(visible_programmes(request.actor)),
        "past": past_of(request),
        "after": rules.AFTER_DUE,
    }
    return render(request, "programmes/ladder.html", page)


def row(task: Any) -> dict[str, Any]:
    """A task with its step in words and the day on which it began."""
    step = rules.Step(task.ladder_step)
    return {"task": task, "step": rules.NAMES[step], "since": rules.since(step, task.due_on, task.moved_on)}


def export(request: Any, rows: Any) -> HttpResponseBase:
    """The ladder as it is filtered, a task a row."""
    columns = {
        "key": _("Key"), "title": _("Task"), "lead": _("Lead agency"), "due_on": _("Due date"),
        "days_overdue": _("Days overdue"), "step": _("Step"), "since": _("Since"),
        "is_acknowledged": _("Acknowledged"), "is_contested": _("Contested"),
    }  # fmt: skip
    return exports.answer(request, "ladder", _("Overdue ladder"), columns, (plain(each, request.on) for each in rows))


def plain(task: Any, on: Any) -> list[Any]:
    """A task of the ladder as cells of an export."""
    found, yes = row(task), _("yes")
    return [
        task.key, task.heading.text, tasks.lead_of(task), task.due_on, (on - task.due_on).days, str(found["step"]),
        found["since"], yes if task.is_acknowledged else "", yes if task.is_contested else "",
    ]  # fmt: skip


@desk_page("GET", "POST")
def notices(request: Any) -> HttpResponseBase:
    """What this person was told of due dates, the newest first; marked as seen one by one or all at once."""
    if request.method == "POST":
        number = whole(request.POST.get("number"))
        seen = actions.see_notices(numbers=None if number is None else [number], by=request.actor)
        messages.success(request, ngettext("%(n)s notice seen.", "%(n)s notices seen.", seen) % {"n": seen})
        return redirect(url("programmes:notices"))
    every = request.GET.get("all") == "true"
    shown = Paginator(queries.notices(request.actor, unseen=not every), PAGE).get_page(request.GET.get("page"))
    waiting = queries.unseen(request.actor) if every else shown.paginator.count
    page = {"shown": shown, "every": every, "waiting": waiting, "past": past_of(request)}
    page["menu_counts"] = {"notices": waiting}  # the bell tells the same number
    return render(request, "programmes/notices.html", page)
