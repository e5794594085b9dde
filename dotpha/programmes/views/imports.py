"""Importing tasks from an annex, a spreadsheet or a CSV file: look first, correct what is in doubt, then keep all of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from dotpha.platform.pages import desk_page, render
from dotpha.programmes.views.changing import addable


@desk_page("GET", "POST")
def task_import(request: Any) -> HttpResponse:
    """Upload a file and look at what it would do; nothing is kept before the second button."""
    mine = addable(request.actor)
    asked = request.POST.get("programme") or request.GET.get("programme", "")
    programme = next((each for each in mine if each.key == asked), mine[0])
    return render(request, "programmes/import.html", {"programmes": mine, "programme": programme, "past": {}})
