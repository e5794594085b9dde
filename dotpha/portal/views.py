"""Public pages: headline figures, map, programmes and tasks that were published. No scripts needed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse

from dotpha.platform.actors import NOBODY
from dotpha.platform.pages import page, render
from dotpha.programmes.models import Programme
from dotpha.programmes.queries import boards, tasks

LISTED = 50
LONGEST = 6  # overdue tasks on the home page


@page("GET")
def home(request: Any) -> HttpResponse:
    """The finding, the figures, the map, the longest overdue, of the main published programme."""
    programmes = list(boards.published())
    main = programmes[0] if programmes else None
    shown = board(main, request) if main else {}
    return render(request, "portal/home.html", {"programmes": programmes, "programme": main, **shown})


@page("GET")
def programme(request: Any, key: str) -> HttpResponse:
    """One published programme: its figures by group and its tasks."""
    found = boards.published().filter(key=key).first()
    if found is None:
        raise Http404
    asked = request.GET.get("page", "1")
    number = min(int(asked), 10_000) if asked.isdecimal() and len(asked) < 6 and int(asked) else 1
    rows = boards.of_programme(NOBODY, request.on, found)
    shown = tasks.named(rows).order_by("due_on", "key")
    context = {
        "programme": found,
        "rows": shown[(number - 1) * LISTED : number * LISTED],
        "number_": number,
        "pages": max(1, -(-rows.order_by().count() // LISTED)),
        **board(found, request),
    }
    return render(request, "portal/programme.html", context)


@page("GET")
def task(request: Any, key: str) -> HttpResponse:
    """One task of a published programme: wording, lead, deadline as written, state."""
    found = tasks.with_details(tasks.visible(NOBODY, request.on), request.on).filter(key=key).first()
    if found is None:
        raise Http404
    return render(request, "portal/task.html", {"task": found, "products": found.products.all()})


@page("GET")
def data(request: Any) -> HttpResponse:
    """Where the same figures are for programs."""
    return render(request, "portal/data.html", {"programmes": list(boards.published())})


def board(found: Programme, request: Any) -> dict[str, Any]:
    """What the public sees of a programme: counts, groups, provinces, the longest overdue, targets."""
    rows = boards.of_programme(NOBODY, request.on, found)
    return {
        "counts": boards.counts(rows),
        "groups": boards.by_group(rows, found),
        "tiles": boards.tiles(boards.by_province(NOBODY, request.on, found)),
        "longest": list(boards.longest_overdue(rows, LONGEST)),
        "targets": found.targets.filter(parent=None).count(),
    }
