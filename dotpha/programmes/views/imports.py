"""Importing tasks from an annex, a spreadsheet or a CSV file: look first, mend what is in doubt, then keep it all."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dotpha.directory.models import Organisation
from dotpha.platform import parking
from dotpha.platform.pages import desk_page, render, url
from dotpha.platform.refusals import Refused
from dotpha.platform.uploads import checked
from dotpha.programmes import imports
from dotpha.programmes.forms.fields import organisation_names
from dotpha.programmes.models import Programme
from dotpha.programmes.views.changing import addable

LINES_SHOWN = 200
"""Rows of a register shown at once; rows with a doubt are shown all."""
CORRECTED = ("lead", "cooperating", "deadline", "task")


@desk_page("GET", "POST")
def task_import(request: Any) -> HttpResponse:
    """Upload a file and look at what it would do; nothing is kept before the second button."""
    mine = addable(request.actor)
    asked = request.POST.get("programme") or request.GET.get("programme", "")
    programme = next((each for each in mine if each.key == asked), mine[0])
    page: dict[str, Any] = {"programmes": mine, "programme": programme, "past": {}, "refusal": None, "seen": None}
    try:
        if request.method == "POST" and request.FILES.get("file"):
            given = checked(request.FILES["file"])
            imports.preview(given.data, given.name, programme, request.actor, request.today)
            key = parking.park(given.data, given.name, request.actor)
            return redirect(url("programmes:task_import", programme=programme.key, file=key))
        key = request.POST.get("parked") or request.GET.get("file", "")
        if request.method == "POST" and not key:
            raise Refused("file_missing", _("Choose a file."), field="file")
        if key:
            page |= look(request, programme, key)
            if "keep" in request.POST:
                return keep(request, programme, page["seen"])
    except Refused as refusal:
        page["refusal"] = refusal
    status = page["refusal"].status if page["refusal"] else 200
    return render(request, "programmes/import.html", page, status=status)


def look(request: Any, programme: Programme, key: str) -> dict[str, Any]:
    """What the parked file would do, with the corrections typed so far."""
    data, name = parking.parked(key, request.actor)
    typed = {
        field: said.strip()
        for field, said in request.POST.items()
        if field.partition("-")[0].isdecimal() and field.partition("-")[2] in CORRECTED
    }
    seen = imports.preview(data, name, programme, request.actor, request.today, typed)
    wrong: dict[int, list[Any]] = {}
    for problem in seen.problems:
        wrong.setdefault(problem.row, []).append(problem)
    doubtful = [line for line in seen.lines if line.doubts or line.number in wrong]
    certain = [line for line in seen.lines if not line.doubts and line.number not in wrong]
    return {
        "seen": seen,
        "file_name": name,
        "parked": key,
        "typed": typed,
        "wrong": wrong,
        "doubtful": doubtful,
        "certain": Paginator(certain, LINES_SHOWN).get_page(request.GET.get("page")),
        "names": names_of(seen),
        "offered": organisation_names(),
    }


def names_of(seen: imports.Preview) -> dict[str, str]:
    """The names of every organisation that the rows name, by key: one query."""
    keys = {key for line in seen.lines for key in (line.row.lead, *line.row.co_leads, *line.row.cooperating)}
    return {each.key: each.title.text for each in Organisation.objects.filter(key__in=keys)}


def keep(request: Any, programme: Programme, seen: imports.Preview) -> HttpResponse:
    """Import what was looked at: every row, or the good ones on request."""
    skip = "skip" in request.POST
    done = imports.apply(seen, programme, request.actor, request.today, skip_bad_rows=skip)
    said = ngettext("%(n)s task was imported.", "%(n)s tasks were imported.", done.accepted) % {"n": done.accepted}
    if done.changed:
        said += " " + ngettext("%(n)s task was changed.", "%(n)s tasks were changed.", done.changed) % {
            "n": done.changed
        }
    messages.success(request, said)
    annex = "".join(done.keys[0].rpartition("-")[:2]) if seen.kind == "docx" and done.keys else ""  # they begin alike
    return redirect(url("programmes:tasks", programme=programme.key, view="all", q=annex))
