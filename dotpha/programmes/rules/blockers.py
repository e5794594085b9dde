"""Blockers: kinds, the clock of the body asked, escalation, closing (requirement C11, ladder of E7)."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.refusals import Refused
from dotpha.platform.working_days import add_working_days, working_days_between

RESPOND_WORKING_DAYS = 10  # product default
_NO_CALENDAR: Mapping[date, bool] = {}


class Kind(StrEnum):
    """What holds a task up."""

    LAW = "law"
    FUNDING = "funding"
    STAFF = "staff"
    DATA = "data"
    INFRASTRUCTURE = "infrastructure"
    PROCUREMENT = "procurement"
    LAND = "land"
    PROCEDURE = "procedure"
    COORDINATION = "coordination"
    OTHER = "other"


NAMES = {
    Kind.LAW: _("Institution and law"),
    Kind.FUNDING: _("Funding"),
    Kind.STAFF: _("Staff"),
    Kind.DATA: _("Data"),
    Kind.INFRASTRUCTURE: _("Infrastructure"),
    Kind.PROCUREMENT: _("Procurement"),
    Kind.LAND: _("Land"),
    Kind.PROCEDURE: _("Procedure"),
    Kind.COORDINATION: _("Coordination"),
    Kind.OTHER: _("Other"),
}

# Working days past `respond_by`, and who is told (product default, as the overdue ladder of E7).
LADDER = ((1, "body_asked"), (5, "head_of_body"), (15, "office"), (30, "meeting"))


def respond_by(
    raised_on: date, working_days: int = RESPOND_WORKING_DAYS, calendar: Mapping[date, bool] = _NO_CALENDAR
) -> date:
    """The day by which the body asked must answer."""
    return add_working_days(raised_on, working_days, calendar)


def escalation_step(respond_by_on: date, on: date, calendar: Mapping[date, bool] = _NO_CALENDAR) -> str | None:
    """The highest step of the ladder reached on a day; None while there is time."""
    past = working_days_between(respond_by_on, on, calendar)
    reached = [step for days, step in LADDER if past >= days]
    return reached[-1] if reached else None


def require_raisable(kind: str, text: str, asks_of: str | None) -> None:
    """Refuse a blocker of no known kind, without text, or that asks nobody."""
    if kind not in set(Kind):
        raise Refused("blocker_kind", _("Choose what kind of blocker this is."), field="kind")
    if not text.strip():
        raise Refused("text_missing", _("Say what holds the task up."), field="text")
    if not asks_of:
        raise Refused("asks_of_missing", _("Name the body that can remove the blocker."), field="asks_of")


def require_resolvable(resolution: str, *, is_resolved: bool, requester_consents: bool, decision: str = "") -> None:
    """Refuse closing without saying how, twice, or without the requester's consent or a recorded decision."""
    if is_resolved:
        raise Refused("already_resolved", _("This blocker has already been removed."), do=advice.LOOK, status=409)
    if not resolution.strip():
        raise Refused("resolution_missing", _("Say how the blocker was removed."), field="resolution")
    if not requester_consents and not decision.strip():
        raise Refused(
            "consent_missing",
            _("The requester has not agreed. Name the decision that closes the blocker."),
            field="decision",
        )


def promised(steps: Iterable[tuple[str, date | None]]) -> date | None:
    """The day by which whoever took a blocker up means to remove it: the one named last.

    `steps` are kind and day, oldest first. Sent on to another body or reopened, a blocker waits for a new word.
    """
    day = None
    for kind, until_on in steps:
        if kind in ("redirected", "reopened"):
            day = None
        elif kind == "taken_up" and until_on is not None:
            day = until_on
    return day


def require_promise(until_on: date | None, on: date) -> None:
    """Refuse to promise the removal of a blocker for a day that is over."""
    if until_on is not None and until_on < on:
        raise Refused("promise_past", _("This day is over. Give today or a later day."), field="until_on")
