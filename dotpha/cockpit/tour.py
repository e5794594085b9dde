"""The tour of the desk: at most four steps, by role, once; kept with the person, so it follows nobody twice.

A step is a card on top of the page it tells of: links and forms, no script. `?tour=2` in the address shows step 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.accounts.roles import Role
from dotpha.platform.pages import actor_of, url, whole

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Step:
    """One page of the tour: where it is, what it is called, what one does there."""

    page: str
    title: StrPromise
    text: StrPromise


INBOX = Step(
    "cockpit:inbox",
    _("To do today"),
    _("What waits for you stands here, the most urgent first. Each line leads to the one act that ends it."),
)
OVERVIEW = Step(
    "cockpit:leader",
    _("Overview"),
    _("One page says what is late, whose it is, and what waits for your decision. Each figure opens its list."),
)
TASKS = Step(
    "programmes:tasks",
    _("Tasks"),
    _("Every task within your rights. Filters stand in the address: send it, and a colleague sees the same list."),
)
PROGRAMMES = Step(
    "programmes:programmes",
    _("Programmes"),
    _("A programme carries out a document. Import its annex, look through each row, then publish it."),
)
BLOCKERS = Step(
    "programmes:blockers",
    _("Blockers"),
    _("What holds tasks up, by kind, clause and body. Whoever is asked has ten working days to answer."),
)
RECORD = Step(
    "cockpit:record",
    _("Record of changes"),
    _("Every change with who, when, before, after and why. Nothing in it can be altered unnoticed."),
)
PEOPLE = Step(
    "accounts:people",
    _("People"),
    _("Add a person, then give a role within a scope and a period. You see beforehand what the person will see."),
)
SYSTEM = Step("cockpit:system", _("System"), _("What runs, what is broken, and how to mend it."))
DIRECTORY = Step(
    "directory:organisations",
    _("Organisations"),
    _("Bodies and places as dated facts: a change never overwrites what was true before it."),
)
DOCUMENTS = Step(
    "documents:documents",
    _("Documents"),
    _("Each document with its clauses, and what each clause led to."),
)
HELP = Step(
    "cockpit:help",
    _("Help"),
    _("The question mark on top of each page, or the key ?, opens help on that page, and the tour again."),
)

DOING = (INBOX, TASKS, BLOCKERS, HELP)
STEPS: list[tuple[Role, tuple[Step, ...]]] = [
    (Role.LEADER, (OVERVIEW, BLOCKERS, TASKS, HELP)),
    (Role.OFFICE, (INBOX, PROGRAMMES, BLOCKERS, HELP)),
    (Role.FOCAL_POINT, DOING),
    (Role.OWNER, DOING),
    (Role.COMMUNE_OFFICER, DOING),
    (Role.APPROVER, DOING),
    (Role.INSPECTOR, (TASKS, RECORD, BLOCKERS, HELP)),
    (Role.ADMIN, (PEOPLE, SYSTEM, HELP)),
    (Role.STEWARD, (DIRECTORY, DOCUMENTS, HELP)),
    (Role.EDITOR, (INBOX, DOCUMENTS, HELP)),
    (Role.EXPERT, (INBOX, DOCUMENTS, HELP)),
]
"""The first of these roles that a person holds decides, also where the person lands: at the first step."""


def landing_of(roles: set[Role]) -> str:
    """The name of the page of what a person with these roles must do today."""
    return steps_for(roles)[0].page


def steps_for(roles: set[Role]) -> tuple[Step, ...]:
    """The steps of a person with these roles."""
    return next((steps for role, steps in STEPS if role in roles), (INBOX, HELP))


def fill(request: HttpRequest) -> dict[str, Any]:
    """The card of the step that this page shows, for every page of the desk; None for none."""
    user = request.user
    if not user.is_authenticated or not request.path.startswith("/desk/"):
        return {"tour": None}
    asked = whole(request.GET.get("tour"))
    if asked is None and user.tour_ended_at is not None:
        return {"tour": None}
    steps = steps_for(rights.standings(actor_of(request)).roles)
    if asked is None and request.path != reverse(steps[0].page):
        return {"tour": None}
    return {"tour": card(steps, 1 if asked is None else asked)}


def card(steps: tuple[Step, ...], number: int) -> dict[str, Any] | None:
    """One step with its number, and the addresses of the steps beside it; None for a number that is none of them."""
    if not 1 <= number <= len(steps):
        return None

    def address(other: int) -> str:
        return url(steps[other - 1].page, tour=other) if 1 <= other <= len(steps) else ""

    return {
        "number": number,
        "count": len(steps),
        "title": steps[number - 1].title,
        "text": steps[number - 1].text,
        "before": address(number - 1),
        "next": address(number + 1),
    }
