"""A task as data: what its page shows, for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse

from dotpha.platform.pages import desk_page
from dotpha.programmes.queries import one
from dotpha.programmes.queries.one import Card


@desk_page("GET")
def task_twin(request: Any, key: str) -> HttpResponse:
    """The same page as data: names that do not change, days in ISO."""
    card = one.card(request.actor, key, request.on, every_event=True)
    return JsonResponse({"on": request.on, "task": {**plain(card), **hanging(card)}})


def plain(card: Card) -> dict[str, Any]:
    """The task's own facts."""
    task = card.task
    names = (
        *("key", "state", "percent", "deadline_text", "deadline_kind", "original_due_on", "due_on", "assigned_on"),
        *("started_on", "completed_on", "cancelled_on", "tags", "version"),
    )
    lead = next((each.organisation.key for each in card.assignments if each.organisation_id == task.lead_id), "")
    return {
        **{name: getattr(task, name) for name in names},
        "title": task.heading.text,
        "lead": lead,
        "cooperating": [each.organisation.key for each in card.parts if each.is_held],
        "products": [each.text for each in card.products],
        "programmes": [each.programme.key for each in card.memberships],
        "parent": card.above.key if card.above else None,
        "children": [each.key for each in card.children],
    }


def hanging(card: Card) -> dict[str, Any]:
    """What hangs on it: ledger, blockers, parts, history."""
    line, blocker = ("kind", "requested_on", "new_due_on", "granted_on"), ("kind", "text", "respond_by", "resolved_on")
    part = ("state", "is_late", "waits_for", "reported_on")
    event = ("at", "kind", "actor_name", "reason")
    return {
        "ledger": [{name: getattr(each, name) for name in line} for each in card.extensions],
        "blockers": [
            {"asks_of": each.asks_of.key, **{name: getattr(each, name) for name in blocker}} for each in card.blockers
        ],
        "parts": [
            {"organisation": each.organisation.key, **{name: getattr(each, name) for name in part}}
            for each in card.parts
        ],
        "history": [{name: getattr(each, name) for name in event} for each in card.events],
    }
