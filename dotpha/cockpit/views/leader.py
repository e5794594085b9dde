"""The leader's one page: what is late, whose, why, since when; and the map."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from dotpha.platform.pages import desk_page, language, past_of, render, url
from dotpha.programmes.models import Programme
from dotpha.programmes.queries import boards, overview
from dotpha.programmes.queries.programmes import one_programme, visible_programmes
from dotpha.programmes.views.boards import asked_of, board

ALL = "all"
"""In the address: every programme that the reader sees, each task once."""


def chosen(request: Any) -> tuple[list[Programme], Programme | None]:
    """The programmes to choose from, and the one in the address; None for all of them.

    Where the address names none: all, when several run on that day, else the main one.
    """
    offered = list(visible_programmes(request.actor).filter(parent=None).order_by("from_on", "key"))
    key = request.GET.get("programme", "")
    if key and key != ALL:
        return offered, one_programme(request.actor, key)
    running = [each for each in offered if each.runs_on(request.on) and not each.is_sample]
    return offered, None if key or len(running) > 1 else boards.main_programme(request.actor)


@desk_page("GET")
def leader(request: Any) -> HttpResponse:
    """One sentence, four figures, what is late and whose, what waits for a decision."""
    offered, programme = chosen(request)
    rows, shown = board(request, programme)
    extensions = overview.waiting(request.actor, request.on, programme)
    blockers = overview.blockers(request.actor, request.on, programme)
    page = {
        "programme": programme,
        "offered": offered,
        **shown,
        "worst": max(shown["groups"] or shown["by_programme"], key=lambda each: each[1].overdue, default=None),
        "longest": list(boards.longest_overdue(rows)),
        "extensions": list(extensions[:8]),
        "extensions_count": extensions.count(),
        "blockers": list(blockers[:8]),
        "blockers_count": blockers.count(),
        "shades": boards.shades(language()),
        "tiles": tiles(boards.by_province(request.actor, request.on, programme), programme, shown["past"]),
    }
    return render(request, "cockpit/leader.html", page)


@desk_page("GET")
def province_map(request: Any) -> HttpResponse:
    """Provinces by the share of their bodies' tasks that are overdue, with the table beside."""
    offered, programme = chosen(request)
    pairs = boards.by_province(request.actor, request.on, programme)
    worst_first = sorted(pairs, key=lambda pair: (-(pair[1].overdue_share or -1), pair[0].sort_key))
    page = {
        "programme": programme,
        "offered": offered,
        "shades": boards.shades(language()),
        "tiles": tiles(pairs, programme, past_of(request)),
        "pairs": worst_first,
        "past": past_of(request),
    }
    return render(request, "cockpit/map.html", page)


def tiles(pairs: list[Any], programme: Programme | None, past: dict[str, str]) -> list[dict[str, Any]]:
    """Provinces as tiles, each leading to the overdue tasks behind its figure."""
    return boards.tiles(pairs, map_address(asked_of(programme, past, parts=True)) + "&state=overdue")


def map_address(asked: dict[str, Any]) -> str:
    """The list of the tasks behind a province, {key}: the map counts the part of each body."""
    return url("programmes:tasks", **{**asked, "parts": "true", "only": ["each_body"]}) + "&place={key}"
