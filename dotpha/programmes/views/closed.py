"""What a page says where a task has ended and its form is no longer opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from dotpha.platform.pages import render
from dotpha.platform.refusals import Refused
from dotpha.programmes.queries.one import Card
from dotpha.programmes.rules.lateness import TaskDates


def closed_page(request: Any, card: Card, title: str, require: Callable[[TaskDates], None]) -> HttpResponse | None:
    """Why the form of this title is not opened, with the way back; None while `require` lets the task take it.

    What was typed before somebody else closed the task is sent to the action, which says the same and keeps it.
    """
    if request.method != "GET":
        return None
    try:
        require(card.dates)
    except Refused as refusal:
        page = {"task": card.task, "card": card, "heading": title, "sentence": str(refusal), "past": {}}
        return render(request, "programmes/closed.html", page, status=refusal.status)
    return None
