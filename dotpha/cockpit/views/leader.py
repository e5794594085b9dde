"""The leader's one page: what is late, whose, why, since when; and the map."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from dotpha.platform.pages import desk_page, language, past_of, render, url
from dotpha.programmes.models import Programme
from dotpha.programmes.queries import boards, overview
from dotpha.programmes.queries.programmes import one_programme, visible_programmes
from dotpha.programmes.views.boards import board


def chosen_programme(request: Any) -> Programme | None:
    """The programme named in the address, else the main one."""
    key = request.GET.get("programme", "")
    if not key:
        return boards.main_programme(request.actor)
    return one_programme(request.actor, key)


@desk_page("GET")
def leader(request: Any) -> HttpResponse:
    """One sentence, four figures, what is late and whose, what waits for a decision."""
    programme = chosen_programme(request)
    rows, shown = board(request, programme)
    extensions = overview.waiting(request.actor, request.on, programme)
    blockers = overview.blockers(request.actor, request.on, programme)
    page = {
        "programme": programme,
        "programmes": visible_programmes(request.actor).filter(parent=None).order_by("from_on", "key"),
        **shown,
        "worst": max(shown["groups"], key=lambda each: each[1].overdue, default=None),
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
    programme = chosen_programme(request)
    pairs = boards.by_province(request.actor, request.on, programme)
    worst_first = sorted(pairs, key=lambda pair: (-(pair[1].overdue_share or -1), pair[0].sort_key))
    page = {
        "programme": programme,
        "shades": boards.shades(language()),
        "tiles": tiles(pairs, programme, past_of(request)),
        "pairs": worst_first,
        "past": past_of(request),
    }
    return render(request, "cockpit/map.html", page)


def tiles(pairs: list[Any], programme: Programme | None, past: dict[str, str]) -> list[dict[str, Any]]:
    """Provinces as tiles, each leading to the overdue tasks behind its figure."""
    key = programme.key if programme else None
    address = url("programmes:tasks", programme=key, parts="true", only="each_body", state="overdue", **past)
    return boards.tiles(pairs, address + "&place={key}")
