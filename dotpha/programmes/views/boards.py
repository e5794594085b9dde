"""What `programmes/boards.html` shows: the overview and the page of a programme count alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dotpha.platform.pages import past_of
from dotpha.programmes.models import Programme
from dotpha.programmes.queries import boards
from dotpha.programmes.rules.lateness import State

if TYPE_CHECKING:
    from dotpha.programmes.queries.tasks import TaskRows

COUNTED = ",".join(state for state in State if state is not State.CANCELLED)
"""The states of the tasks that count."""


def board(request: Any, programme: Programme | None) -> tuple[TaskRows, dict[str, Any]]:
    """The tasks of a programme (of all, without one) as the address counts them, and their figures whole, by group, by
    lead and, of all, by programme.

    `asked` are the conditions of the list behind every figure; `counted` the states that count, where not all do.
    """
    parts, past = request.GET.get("parts") == "true", past_of(request)
    rows = boards.of_programme(request.actor, request.on, programme, parts=parts)
    counts = boards.counts(rows)
    leads, others = boards.by_lead(rows, None if request.GET.get("leads") == "all" else boards.SHOWN_LEADS)
    return rows, {
        "parts": parts,
        "past": past,
        "counts": counts,
        "groups": boards.by_group(rows, programme) if programme else [],
        "by_programme": [] if programme else boards.by_programme(rows, request.actor),
        "leads": leads,
        "others": others,
        "asked": asked_of(programme, past, parts=parts),
        "counted": COUNTED if counts.cancelled else None,
    }


def asked_of(programme: Programme | None, past: dict[str, str], *, parts: bool) -> dict[str, Any]:
    """The conditions of the list behind a figure of a programme, or of all without one."""
    only = {"parts": "true", "only": ["each_body"]} if parts else {"only": []}
    return {"programme": programme.key if programme else None, **only, **past}
