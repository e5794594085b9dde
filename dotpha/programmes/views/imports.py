"""Importing tasks from an annex, a spreadsheet or a CSV file: look first, mend what is in doubt, then keep it all."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from dotpha.directory.models import Organisation
from dotpha.platform import import_pages
from dotpha.platform.forms import day_input_type
from dotpha.platform.pages import desk_page, url
from dotpha.platform.refusals import Refused
from dotpha.programmes import column_names, imports
from dotpha.programmes.forms.fields import organisation_names
from dotpha.programmes.models import Programme
from dotpha.programmes.rows import COLUMNS
from dotpha.programmes.views.changing import asked_for, programmes_to_add_to

CORRECTED = ("lead", "cooperating", "deadline", "task")


@desk_page("GET", "POST")
def task_import(request: Any) -> HttpResponse:
    """Upload a file and look at what it would do; nothing is kept before the second button."""
    mine = programmes_to_add_to(request.actor)
    programme = asked_for(request, mine)
    page = {"programmes": mine, "programme": programme, "columns": columns()}
    course = import_pages.course(
        request,
        job="programmes.import_file",
        asked={"programme": programme.key, "typed": typed_by(request), "whole": whole_by(request)},
        address=partial(address, programme),
        kept=url("programmes:tasks", programme=programme.key, view="all"),
    )
    return course or import_pages.answer(
        request,
        "programmes/import.html",
        page,
        address=partial(address, programme),
        look=partial(look, request, programme),
        keep=partial(keep, request, programme),
    )


def address(programme: Programme, key: str) -> str:
    """The page of a parked file."""
    return url("programmes:task_import", programme=programme.key, file=key)


def asked_before(request: Any, programme: Programme) -> dict[str, Any]:
    """What was typed of a file that a worker was to import into this programme and did not: it comes back."""
    before = import_pages.typed_before(request)
    return before if before.get("programme") == programme.key else {}


def typed_by(request: Any) -> dict[str, str]:
    """The corrections typed so far."""
    return {
        field: said.strip()
        for field, said in request.POST.items()
        if field.partition("-")[0].isdecimal() and field.partition("-")[2] in CORRECTED
    }


def whole_by(request: Any) -> dict[str, str]:
    """What is typed of a whole annex."""
    return {name: request.POST.get(name, "") for name in ("document", "assigned_on")}


def _shown(given: imports.Given) -> dict[str, str]:
    """What is known of a whole annex, as its fields hold it."""
    return {"document": given.document, "assigned_on": given.assigned_on.isoformat() if given.assigned_on else ""}


def columns() -> list[tuple[str, str, str]]:
    """The columns of a register: short name, words for it, and the Vietnamese header that an import takes."""
    headers: dict[str, str] = {}
    for header, name in imports.VIETNAMESE.items():
        headers.setdefault(name, header)
    return [(name, column_names.named(name), headers.get(name, "")) for name in COLUMNS]


def look(request: Any, programme: Programme, data: bytes, name: str) -> dict[str, Any]:
    """What a file would do, with the corrections typed so far."""
    before, given, refusal = asked_before(request, programme), imports.Given(), None
    typed, said = before.get("typed") or typed_by(request), before.get("whole") or whole_by(request)
    try:
        given = imports.Given.typed(request.actor, **said)
    except Refused as refused:
        refusal = refused
    seen = imports.preview(data, name, programme, request.actor, request.today, typed, given)
    wrong = seen.wrong
    doubtful = [line for line in seen.lines if line.doubts or line.number in wrong]
    certain = [line for line in seen.lines if not line.doubts and line.number not in wrong]
    whole = _shown(given) if refusal is None else said
    return {
        "refusal": refusal,
        "seen": seen,
        "typed": typed,
        "wrong": wrong,
        "doubtful": doubtful,
        "certain": Paginator(certain, import_pages.LINES_SHOWN).get_page(request.GET.get("page")),
        "names": names_of(seen),
        "labels": column_names.NAMES,
        "told_columns": column_names.told,
        "offered": organisation_names(),
        "whole": whole,
        "day_input": day_input_type(whole["assigned_on"]),
        "lost_groups": lost_groups(seen),
        "groups": {each.key: each.label.text for each in programme.groups.all()},
    }


def lost_groups(seen: imports.Preview) -> list[str]:
    """The printed headings of groups that are none of the programme's, each once."""
    printed = [line.proposal.printed.group for line in seen.lines if line.proposal and not line.row.group]
    return list(dict.fromkeys(filter(None, printed)))


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
