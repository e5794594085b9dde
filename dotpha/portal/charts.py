"""Charts of published programmes: a page with its table, a file, and a page without a frame that others may embed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_exempt

from dotpha.platform import exports
from dotpha.platform.actors import NOBODY
from dotpha.platform.pages import language, page, past_of, render
from dotpha.portal.views import list_address
from dotpha.programmes.models import Programme
from dotpha.programmes.queries import boards, charts

CONDITIONS = {"map": "place", "groups": "group", "leads": "lead"}
"""What of the list of tasks opens a line of each chart."""


@page("GET")
def chart(request: Any, key: str, name: str) -> HttpResponseBase:
    """A chart with its table, or as a file; whoever is signed in sees here what everybody sees."""
    found = published(key)
    lines = charts.lines(NOBODY, request.on, name, found)
    if request.GET.get("export"):
        return exports.answer(
            request, f"chart-{key}-{name}", str(charts.TITLES[name]), charts.COLUMNS, map(charts.row, lines)
        )
    return render(request, "portal/chart.html", context(request, found, name, lines))


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]
@page("GET")
def embed(request: Any, key: str, name: str) -> HttpResponse:
    """The same without a frame, for pages of others: it has no form and nothing of a session, so any may show it."""
    found = published(key)
    return render(
        request,
        "portal/embed.html",
        context(request, found, name, charts.lines(NOBODY, request.on, name, found)),
    )


def published(key: str) -> Programme:
    """The published programme of a key."""
    found = boards.published().filter(key=key).first()
    if found is None:
        raise Http404
    return found


def context(request: Any, found: Programme, name: str, lines: list[charts.Line]) -> dict[str, Any]:
    """What the page and the embedded chart show."""
    behind = list_address(found, request)
    address = f"/{language()}/programmes/{found.key}"
    return {
        "programme": found,
        "name": name,
        "names": charts.names(found),
        "titles": charts.TITLES,
        "title": charts.TITLES[name],
        "head": charts.LINES[name],
        "past": past_of(request),
        "lines": [replace(each, url=f"{behind}{CONDITIONS[name]}={each.key}" if each.key else "") for each in lines],
        "shades": boards.shades(language()),
        "tiles": boards.tiles([(each.thing, each.counts) for each in lines], f"{behind}state=overdue&place={{key}}")
        if name == "map"
        else [],
        "address": f"{address}/charts/{name}/",
        "embedded": request.build_absolute_uri(f"{address}/embed/{name}/"),
    }
