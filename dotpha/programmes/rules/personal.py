"""Personal action programmes: their state from recorded steps, what each state allows (requirement C4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.refusals import Refused


class State(StrEnum):
    """Where a personal action programme stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ADOPTED = "adopted"
    REPLACED = "replaced"


NAMES = {
    State.DRAFT: _("Draft"),
    State.SUBMITTED: _("Submitted for adoption"),
    State.ADOPTED: _("Adopted"),
    State.REPLACED: _("Replaced"),
}


def state(steps: Iterable[tuple[str, date]], later_adopted: Iterable[date], on: date) -> State:
    """The state on a day. `steps`: kind and day, in their order; a returned one is a draft again.

    `later_adopted`: the days on which later ones of the same post and programme were adopted: an adopted one is
    replaced from the first of them.
    """
    last = None
    for kind, day in steps:
        if day <= on:
            last = kind
    if last == "adopted":
        return State.REPLACED if any(day <= on for day in later_adopted) else State.ADOPTED
    return State.SUBMITTED if last == "submitted" else State.DRAFT


def require_draft(held: State) -> None:
    """Refuse to change or submit what is no draft."""
    if held == State.SUBMITTED:
        raise Refused(
            "personal_submitted",
            _("This programme has been submitted. It can be changed once it is returned."),
            do=advice.ASK_RETURN,
            status=409,
        )
    if held != State.DRAFT:
        raise Refused("personal_adopted", _("This programme is adopted. Add a new one, which replaces it."), status=409)


def require_submitted(held: State) -> None:
    """Refuse to decide on what nobody has submitted, or what is decided already."""
    if held != State.SUBMITTED:
        raise Refused(
            "personal_not_submitted",
            _("Only a submitted programme is adopted or returned."),
            do=advice.SUBMIT,
            status=409,
        )


def require_lines(number: int) -> None:
    """Refuse to submit a programme without a task."""
    if not number:
        raise Refused("personal_empty", _("Choose at least one task before you submit."), field="tasks")


def require_others(submitted_by: int | None, decides: int | None) -> None:
    """Refuse that one person submits a programme and adopts it."""
    if submitted_by is not None and submitted_by == decides:
        raise Refused(
            "personal_own", _("You submitted this programme. Somebody else adopts it."), do=advice.COLLEAGUE, status=403
        )
