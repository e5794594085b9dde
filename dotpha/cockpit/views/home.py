"""Where each role lands, and the inbox."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from dotpha.accounts import rights
from dotpha.cockpit import queries
from dotpha.cockpit.tour import landing_of
from dotpha.platform.pages import desk_page, page_number, render
from dotpha.programmes.queries import boards

MOST_PAGES = 40
"""Of the inbox: whoever has two thousand duties takes them kind by kind."""


@desk_page("GET")
def home(request: Any) -> HttpResponse:
    """To what the person must do today."""
    return redirect(landing_of(rights.standings(request.actor).roles))


@desk_page("GET")
def inbox(request: Any) -> HttpResponse:
    """Everything that waits for this person, by kind of duty, most urgent first."""
    kind = request.GET.get("kind", "")
    number = page_number(request, MOST_PAGES)
    tabs, duties = queries.inbox(request.actor, request.on, kind, number)
    waiting = sum(number for each, number in tabs if kind in ("", each.key))
    mine = boards.counts(boards.of_programme(request.actor, request.on, None))
    page = {
        "tabs": tabs,
        "duties": duties,
        "kind": kind,
        "page_number": number,
        "more": number < MOST_PAGES and waiting > number * queries.INBOX_PAGE,
        "total": sum(number for _each, number in tabs),
        "mine": mine,
    }
    return render(request, "cockpit/inbox.html", page)
