"""Where each role lands, and the inbox."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from dotpha.accounts import rights
from dotpha.accounts.roles import Role
from dotpha.cockpit import queries
from dotpha.platform.pages import desk_page, page_number, render
from dotpha.programmes.queries import boards

LANDINGS: list[tuple[Role, str]] = [
    (Role.LEADER, "cockpit:leader"),
    (Role.OFFICE, "cockpit:inbox"),
    (Role.FOCAL_POINT, "cockpit:inbox"),
    (Role.OWNER, "cockpit:inbox"),
    (Role.COMMUNE_OFFICER, "cockpit:inbox"),
    (Role.APPROVER, "cockpit:inbox"),
    (Role.INSPECTOR, "programmes:tasks"),
    (Role.ADMIN, "accounts:people"),
    (Role.STEWARD, "directory:organisations"),
    (Role.EDITOR, "cockpit:inbox"),
    (Role.EXPERT, "cockpit:inbox"),
]


MOST_PAGES = 40
"""Of the inbox: whoever has two thousand duties takes them kind by kind."""


@desk_page("GET")
def home(request: Any) -> HttpResponse:
    """To what the person must do today."""
    roles = rights.standings(request.actor).roles
    landing = next((name for role, name in LANDINGS if role in roles), "cockpit:inbox")
    return redirect(landing)


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
