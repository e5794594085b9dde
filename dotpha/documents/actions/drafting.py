"""The way of a document that is to be drafted, from plan to issue (B5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.documents import queries, rules
from dotpha.documents.actions import checking
from dotpha.documents.models import Document, DraftingStep
from dotpha.platform import advice, audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.versions import require_version


@action
def record_drafting(
    *,
    document: Document,
    steps: Mapping[rules.Step, rules.StepDates],
    version: int | None = None,
    reason: str = "",
    by: Actor,
    on: date,
) -> Document:
    """Record the planned and actual days of steps; those not named stay, one without any day goes.

    Refused: a day of a step that is still ahead of `on`, a step before one that stands before it, and a day
    of issue: that is the day of signing, a fact of the card.
    """
    by = rights.require(by, "document.change", [scopes.ALL])
    document = checking.locked(document)
    require_version(version, document.version)
    issue = steps.get(rules.Step.ISSUED)
    if issue is not None and issue.came_on not in (None, document.signed_on):
        raise Refused(
            "issue_stands_on_the_card",
            _("The day of issue is the day of signing. Record it on the card."),
            field="issued_came_on",
        )
    was = queries.drafting_steps(document)
    now = {**was, **steps, rules.Step.ISSUED: _issue(document, steps.get(rules.Step.ISSUED, was[rules.Step.ISSUED]))}
    changed = [step for step in rules.Step if now.get(step, rules.StepDates()) != was.get(step, rules.StepDates())]
    if not changed:
        return document
    rules.require_steps(now, on)
    for step in changed:
        _keep(document, step, now[step])
    document.version += 1
    document.save()
    audit.record(
        "document.drafting_recorded", document, by,
        before=_told(was, changed), after=_told(now, changed), reason=checking.said_reason(reason),
    )  # fmt: skip
    return document


def _issue(document: Document, dates: rules.StepDates) -> rules.StepDates:
    return rules.StepDates(dates.planned_on, document.signed_on)


def _keep(document: Document, step: rules.Step, dates: rules.StepDates) -> None:
    came_on = None if step is rules.Step.ISSUED else dates.came_on
    if dates.planned_on is None and came_on is None:
        document.drafting_steps.filter(kind=step.value).delete()
        return
    facts = {"planned_on": dates.planned_on, "came_on": came_on}
    DraftingStep.objects.update_or_create(document=document, kind=step.value, defaults=facts)


def _told(steps: Mapping[rules.Step, rules.StepDates], changed: list[rules.Step]) -> dict[str, Any]:
    held = {step: steps.get(step, rules.StepDates()) for step in changed}
    return {step.value: {"planned_on": each.planned_on, "came_on": each.came_on} for step, each in held.items()}


def require_issue_in_order(document: Document) -> None:
    """Refuse a day of signing before a drafting step that came. Call within a change, on a locked document."""
    steps = queries.drafting_steps(document)
    last = max(
        (each.came_on for step, each in steps.items() if step is not rules.Step.ISSUED and each.came_on), default=None
    )
    if document.signed_on and last and document.signed_on < last:
        raise Refused(
            "signed_before_drafted",
            _("A step of the drafting came later, on %(day)s."),
            do=advice.THAT_OR_LATER,
            field="signed_on",
            day=last,
        )
