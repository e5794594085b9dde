"""A chart of the desk on a page of its own, with its table; and as a file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http.response import HttpResponseBase

from dotpha.cockpit.views.leader import chosen, map_address, tiles
from dotpha.platform import exports
from dotpha.platform.pages import desk_page, language, past_of, render, url
from dotpha.programmes.queries import boards, charts
from dotpha.programmes.views.boards import asked_of


@desk_page("GET")
def chart(request: Any, name: str) -> HttpResponseBase:
    """One chart of what its reader may see: the picture, and under it the table with the same numbers."""
    offered, programme = chosen(request)
    parts, past = request.GET.get("parts") == "true", past_of(request)
    found = charts.lines(request.actor, request.on, name, programme, parts=parts)
    if request.GET.get("export"):
        return exports.answer(
            request, f"chart-{name}", str(charts.TITLES[name]), charts.COLUMNS, map(charts.row, found)
        )
    asked = asked_of(programme, past, parts=parts)
    page = {
        "name": name,
        "title": charts.TITLES[name],
        "head": charts.LINES[name],
        "offered": offered,
        "programme": programme,
        "past": past,
        "lines": [replace(each, url=opened(each, name, asked)) for each in found],
        "shades": boards.shades(language()),
        "tiles": tiles([(each.thing, each.counts) for each in found], programme, past) if name == "map" else [],
    }
    return render(request, "cockpit/chart.html", page)


def opened(line: charts.Line, name: str, asked: dict[str, Any]) -> str:
    """The list of the tasks behind a line."""
    if name == "map":
        return map_address(asked).replace("{key}", line.key)
    if name == "groups":
        more = {"group": line.key} if line.key else {"only": [*asked["only"], "ungrouped"]}
    else:
        more = {"leads": {"lead": line.key}, "programmes": {"programme": line.key}}[name]
    return url("programmes:tasks", **{**asked, **more})
