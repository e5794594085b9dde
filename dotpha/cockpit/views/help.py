"""Help where one stands, and the tour."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from dotpha.accounts import rights
from dotpha.accounts.rights import Standings
from dotpha.cockpit import actions, helptext
from dotpha.cockpit import tour as steps
from dotpha.platform.pages import desk_page, language, next_of, render, url


@desk_page("GET")
def help_page(request: Any) -> HttpResponse:
    """Help on the page that the address names, for the person's roles; else the how-to of a role."""
    held = rights.standings(request.actor)
    roles = sorted(held.roles)
    asked = request.GET.get("role", "") or (roles[0] if roles else "office")
    pages = helptext.pages(language())
    chosen = helptext.page_of(asked)
    chosen = chosen if chosen in pages else next(iter(pages), "")
    topic = helptext.topic(language(), request.GET.get("page", ""))
    own = own_pages(held)
    page = {
        "pages": {key: helptext.heading(path) for key, path in pages.items()},
        "topics": helptext.topics(language()),
        "topic": topic,
        "own": topic.for_roles(own) if topic else [],
        "mine": [key for key in pages if key in own],
        "chosen": "" if topic else chosen,
        "body": helptext.html(pages[chosen].read_text("utf-8")) if chosen and not topic else "",
    }
    return render(request, "cockpit/help.html", page)


def own_pages(held: Standings) -> set[str]:
    """The how-tos that speak to a person: of each role, and that of provinces to whoever works for a place."""
    local = {"province"} if any(each.scope.startswith("place/") for each in held.held) else set()
    return local | {helptext.page_of(role) for role in held.roles}


@desk_page("GET", "POST")
def tour(request: Any) -> HttpResponse:
    """Every step of the tour on one page; ended by its button, or by that of a step's card."""
    if request.method == "POST":
        actions.end_tour(by=request.actor)
        return redirect(next_of(request) or "cockpit:home")
    found = steps.steps_for(rights.standings(request.actor).roles)
    page = {"steps": [(step, url(step.page, tour=number)) for number, step in enumerate(found, 1)]}
    return render(request, "cockpit/tour.html", page)
