"""The record of events, the state of the system, the page of components."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.accounts import rights
from dotpha.accounts.roles import Role
from dotpha.cockpit import actions, queries
from dotpha.platform import days, doctor, showcase, subjects
from dotpha.platform.pages import desk_page, render, whole

PAGE = 50
JOBS = {"documents.read_file": gettext_lazy("Reading the text of a file")}
"""What a job does, in words; one that is not here shows its own name."""


@desk_page("GET")
def record(request: Any) -> HttpResponse:
    """Every event, newest first, with its place in the sealed chain."""
    rights.require(request.actor, "audit.view", ["all"])
    day = request.GET.get("day")
    rows = queries.events(
        request.GET.get("subject", "")[: subjects.LONGEST],
        request.GET.get("kind", ""),
        request.GET.get("actor", "")[:150],
        days.read_as_of(day) if day else None,
    )
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page = {
        "rows": shown,
        "seals": queries.seals_of(shown.object_list),
        "kinds": sorted(queries.kinds()),
        "sentences": queries.kinds(),
        "chain": queries.chain(),
        "roles": {**dict(Role.choices), "program": _("a program")},
        "url_of": queries.url_of,
    }
    return render(request, "cockpit/record.html", page)


@desk_page("GET", "POST")
def system(request: Any) -> HttpResponse:
    """What is at work, what is wrong and how to mend it; failed jobs can be tried again."""
    rights.require(request.actor, "system.view", ["all"])
    if request.method == "POST":
        actions.try_again(by=request.actor, job=whole(request.POST.get("job")) or 0)
        return redirect("cockpit:system")
    page = {
        "found": doctor.examine(),
        "failed": queries.jobs_failed(),
        "jobs": JOBS,
        "chain": queries.chain(),
    }
    return render(request, "cockpit/system.html", page)


@desk_page("GET")
def components(request: Any) -> HttpResponse:
    """Every component with sample data: what a page may be built from."""
    return render(request, "platform/components_page.html", showcase.context(request.today))
