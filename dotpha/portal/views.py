"""Public pages: headline figures, map, programmes and tasks that were published. No scripts needed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse

from dotpha.directory.models import Organisation
from dotpha.platform import heads
from dotpha.platform.actors import NOBODY
from dotpha.platform.pages import language, page, page_number, past_of, render
from dotpha.programmes.models import Programme
from dotpha.programmes.queries import about, boards, overview, tasks, told
from dotpha.programmes.queries.programmes import in_force
from dotpha.programmes.queries.summary import NAMES
from dotpha.programmes.rules import lateness

LISTED = 50
MOST_PAGES = 10_000
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
    number = page_number(request, MOST_PAGES)
    whole = boards.of_programme(NOBODY, request.on, found)
    rows, conditions = narrowed(request, found, whole)
    shown, total = tasks.named(rows).order_by("due_on", "key"), rows.order_by().count()
    context = {
        "programme": found,
        "document": told.documents_of(NOBODY, [found]).get(found.pk),
        "rows": shown[(number - 1) * LISTED : number * LISTED],
        "number_": number,
        "total": total,
        "pages": max(1, -(-total // LISTED)),
        "conditions": conditions,
        "counts": boards.counts(whole),
        "about": about.of_tasks(NOBODY, rows, request.on, found),
    }
    return render(request, "portal/programme.html", context)


def narrowed(request: Any, found: Programme, whole: tasks.TaskRows) -> tuple[tasks.TaskRows, list[str]]:
    """The tasks that a figure or a tile of the home page counts, and in words which they are."""
    rows, words = whole, []
    place = boards.provinces(request.on).filter(key=request.GET.get("place", "")).first()
    if place:  # as the map counts: what its own bodies lead, parts of collective tasks included
        rows = boards.led_in(NOBODY, request.on, found, place)
        words.append(place.title.text)
    group = found.groups.filter(key=request.GET.get("group", "")).first()
    if group:
        rows = rows.filter(memberships__group=group)
        words.append(f"{group.order}. {group.label.text}")
    lead = Organisation.objects.filter(key=request.GET.get("lead", "")).first()
    if lead:
        rows = rows.filter(lead__organisation=lead)
        words.append(lead.title.text)
    states = [state for state in NAMES if state.value in request.GET.get("state", "").split(",")]
    if states:
        rows = rows.filter(state__in=states)
        words += [str(NAMES[state]) for state in states]
    return rows, words


@page("GET")
def task(request: Any, key: str) -> HttpResponse:
    """One task of a published programme: wording, lead, deadline as written and how it moved, state.

    What an agency wrote in asking for a later date stays on the desk: the public reads the kind of its reason and the
    document.
    """
    found = tasks.with_details(tasks.visible(NOBODY, request.on), request.on).filter(key=key).first()
    if found is None:
        raise Http404
    context = {
        "task": found,
        "products": found.products.all(),
        "moved": overview.granted(found, request.on),
        "overdue_days": lateness.days_overdue_total(tasks.task_dates(found), request.on),
        "programmes": boards.published().filter(memberships__task=found).distinct(),
    }
    return render(request, "portal/task.html", context)


@page("GET")
def data(request: Any) -> HttpResponse:
    """Where the same figures are for programs."""
    return render(request, "portal/data.html", {"programmes": list(boards.published())})


@page("GET")
def record(request: Any) -> HttpResponse:
    """The daily heads of the sealed record, for anyone to keep and compare."""
    return render(request, "portal/record.html", {"heads": heads.daily(request.today)})


@page("GET")
def heads_file(request: Any) -> HttpResponse:
    """The same as a file, the newest day first."""
    answer = HttpResponse(heads.lines(heads.daily(request.today)), content_type="text/csv; charset=us-ascii")
    answer["Content-Disposition"] = f'attachment; filename="dotpha-heads-{request.today.isoformat()}.csv"'
    return answer


def list_address(found: Programme, request: Any) -> str:
    """The list of the tasks of a programme, at the moment looked at, to which conditions are added."""
    past_query = "".join(f"{urlencode([each])}&" for each in past_of(request).items())
    return f"/{language()}/programmes/{found.key}/?{past_query}"


def board(found: Programme, request: Any) -> dict[str, Any]:
    """What the public sees of a programme: counts, groups, provinces, the longest overdue, targets."""
    rows = boards.of_programme(NOBODY, request.on, found)
    list_of = list_address(found, request)
    return {
        "counts": boards.counts(rows),
        "about": about.of_tasks(NOBODY, rows, request.on, found),
        "groups": boards.by_group(rows, found),
        "list": list_of,
        "past": past_of(request),
        "shades": boards.shades(language()),
        "tiles": boards.tiles(boards.by_province(NOBODY, request.on, found), f"{list_of}state=overdue&place={{key}}"),
        "longest": list(boards.longest_overdue(rows, LONGEST)),
        "targets": found.targets.filter(in_force(request.on), parent=None).count(),
    }
