"""What stands behind a number: source, day, who approved it, definition and trust label (expectation 31)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from dotpha.platform import days, numbers
from dotpha.platform.actors import NOBODY, Actor, shown
from dotpha.platform.models import AuditEvent
from dotpha.platform.pages import language
from dotpha.programmes.models import Programme, Report
from dotpha.programmes.queries import overview, told
from dotpha.programmes.rules.trust import Standing, Trust, of_document, standing, trust

if TYPE_CHECKING:
    from dotpha.programmes.queries.tasks import TaskRows

RESTS = ("accepted", "waiting", "unchecked")
"""The flags of tasks that tell what a count rests on."""
NAMED = 3
"""Approvers who are named; of the others it is said how many there are."""


@dataclass(frozen=True)
class About:
    """What a reader is told of a number, in the language of the reader. `mark`: the badge of the label."""

    source: str
    day: date
    approved: list[str]
    definition: str
    label: str
    mark: str


def of_tasks(by: Actor, rows: TaskRows, on: date, programme: Programme | None) -> About:
    """About the number of these tasks, all of which it counts."""
    return of_count(by, rows, on, programme, overview.flagged(rows, on, RESTS))


def of_count(
    by: Actor,
    rows: TaskRows,
    on: date,
    programme: Programme | None,
    by_state: Mapping[str, Mapping[str, int]],
    states: Collection[str] = (),
) -> About:
    """About a number of tasks that `overview.flagged` has counted already, with the flags of `RESTS`.

    What waits for approval is for those who may see reports, and not told to the public.
    """
    held = standing(by_state, states)
    if by == NOBODY:
        held = Standing(held.done, held.accepted, 0, held.unchecked)
    approved = [gettext("The count is derived by rule; nobody approves it by hand."), *_published(by, programme)]
    label = trust(held)
    return About(
        source=gettext("Register of tasks of “%(programme)s”") % {"programme": programme.heading.text}
        if programme
        else gettext("Registers of tasks of the programmes"),
        day=on,
        approved=[*approved, *_accepted(by, rows, held)],
        definition=gettext(
            "Assigned = done on time + done late + in time + overdue; "
            "a state follows from due date and approved completion."
        ),
        label=_said(label, held),
        mark=_mark(label),
    )


def of_targets(by: Actor, on: date, programme: Programme) -> About:
    """About the number of targets of a programme, which its document prints."""
    document = told.documents_of(by, [programme]).get(programme.pk)
    label = of_document(programme.document.verified_at is not None)
    source = (document.number or document.heading.text) if document else gettext("A document that is not open to you")
    return About(
        source=source,
        day=on,
        approved=[gettext("Adopted with the document by the body that issued it."), *_published(by, programme)],
        definition=gettext("Targets in force on the day, as the document writes them; parts count in their whole."),
        label=_said(label, Standing()),
        mark=_mark(label),
    )


def _published(by: Actor, programme: Programme | None) -> list[str]:
    """Who published the programme, and when. The public reads the day."""
    if programme is None:
        return []
    if programme.published_at is None:
        return [gettext("The programme is not published.")]
    day = numbers.day(days.day_of(programme.published_at), language())
    if by == NOBODY:
        return [gettext("The programme was published on %(day)s.") % {"day": day}]
    event = AuditEvent.objects.filter(subject=programme.subject, kind="programme.published").order_by("-pk").first()
    who = shown(event.actor, event.actor_name) if event else programme.published_by
    return [gettext("The programme was published by %(who)s on %(day)s.") % {"who": who, "day": day}]


def _accepted(by: Actor, rows: TaskRows, held: Standing) -> list[str]:
    """Who accepted the completions that are counted; nobody accepts an own report. The public reads no names."""
    if not held.accepted:
        return []
    asked = {"n": numbers.number(held.accepted, 0, language())}
    if by == NOBODY:
        return [
            ngettext(
                "%(n)s completion was accepted by another person than its author.",
                "%(n)s completions were accepted, each by another person than its author.",
                held.accepted,
            )
            % asked
        ]
    reports = Report.objects.filter(overview.accepted(), task__in=rows.order_by().values("pk"))
    found = reports.order_by("approved_by__name").values_list("approved_by__name", flat=True).distinct()
    names = [name or gettext("the register") for name in found[: NAMED + 1]]
    who = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return [
        ngettext(
            "%(n)s completion was accepted by %(who)s.", "%(n)s completions were accepted by %(who)s.", held.accepted
        )
        % {**asked, "who": who}
    ]


def _mark(label: Trust) -> str:
    return "approved" if label in (Trust.APPROVED, Trust.PRINTED) else "provisional"


def _said(label: Trust, held: Standing) -> str:
    """The label in plain words."""
    if label == Trust.PRINTED:
        return gettext("printed in a document, checked by a second person")
    if label == Trust.APPROVED:
        return gettext("derived by rule from approved entries")
    if label == Trust.WAITING:
        said = ngettext(
            "derived by rule from approved entries; %(n)s report is not approved yet and does not count",
            "derived by rule from approved entries; %(n)s reports are not approved yet and do not count",
            held.waiting,
        )
        return said % {"n": numbers.number(held.waiting, 0, language())}
    if label == Trust.ENTERED:
        said = ngettext(
            "derived by rule; %(n)s completion was entered in the register without an approved report",
            "derived by rule; %(n)s completions were entered in the register without an approved report",
            held.entered,
        )
        return said % {"n": numbers.number(held.entered, 0, language())}
    return gettext("from a document that no second person has checked")
