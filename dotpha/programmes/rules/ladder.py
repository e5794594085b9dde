"""The overdue ladder (requirement E7): notices before a due date, steps after it.

Where a task stands follows from its dates and a day; nothing stores it. Only completion, cancellation, a granted
later date or a suspension ends it. The days are product defaults, after 42/2014/QĐ-TTg as amended by 23/2018/QĐ-TTg.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.refusals import Refused
from dotpha.programmes.rules.lateness import TaskDates, has_come


class Step(StrEnum):
    """Steps in their order: three notices before the due date, four steps after it."""

    BEFORE_15 = "before_15"
    BEFORE_7 = "before_7"
    BEFORE_1 = "before_1"
    OWNER = "owner"
    HEAD = "head"
    OFFICE = "office"
    MEETING = "meeting"


AFTER_DUE = {
    Step.BEFORE_15: -15, Step.BEFORE_7: -7, Step.BEFORE_1: -1,
    Step.OWNER: 1, Step.HEAD: 5, Step.OFFICE: 15, Step.MEETING: 30,
}  # fmt: skip
"""On which day after the due date a step begins (product default); a notice before it has a negative number."""
BEFORE = frozenset({Step.BEFORE_15, Step.BEFORE_7, Step.BEFORE_1})
OVERDUE = tuple(step for step in Step if step not in BEFORE)

NAMES = {
    Step.BEFORE_15: _("due within 15 days"),
    Step.BEFORE_7: _("due within 7 days"),
    Step.BEFORE_1: _("due within a day"),
    Step.OWNER: _("told to the owner"),
    Step.HEAD: _("told to the head of the agency"),
    Step.OFFICE: _("told to the standing office"),
    Step.MEETING: _("on the agenda of the next meeting"),
}


@dataclass(frozen=True)
class Standing:
    """The step on which a task stands, since which day, and the due date that it counts from."""

    step: Step
    since: date
    due_on: date


def standing(dates: TaskDates, on: date) -> Standing | None:
    """Where a task stands at the end of a day; None without a due date, too early, or when it has ended.

    A due date granted late begins its steps on the day of the grant at the earliest.
    """
    due_on = dates.due_on(on)
    if due_on is None or has_come(dates.ended_on, on):
        return None
    reached = [step for step in Step if begins(step, due_on) <= on]
    if not reached:
        return None
    change = dates.last_change(on)
    return Standing(reached[-1], since(reached[-1], due_on, change.granted_on if change else None), due_on)


def since(step: Step, due_on: date, moved_on: date | None) -> date:
    """Since when a task due on a day stands on a step: not before the day on which that due date was granted."""
    first = begins(step, due_on)
    return max(first, moved_on) if moved_on else first


def begins(step: Step, due_on: date) -> date:
    """The first day of a step of a task due on a day."""
    return due_on + timedelta(days=AFTER_DUE[step])


def due_by(step: Step, on: date) -> date:
    """The latest due date whose task has reached a step on a day: the twin of `begins` for lists."""
    return on - timedelta(days=AFTER_DUE[step])


def require_step(found: Standing | None) -> Standing:
    """The overdue step that is answered; refused when the task stands on none."""
    if found is None or found.step in BEFORE:
        raise Refused("no_step", _("This task stands on no step of the overdue ladder."), do=advice.LOOK, status=409)
    return found


def require_unanswered(kinds: Iterable[str], kind: str) -> None:
    """Refuse to give the same answer to the same step twice. `kinds`: what this person has answered already."""
    if kind in kinds:
        raise Refused(
            "step_answered", _("You have given this answer to this step already."), do=advice.LOOK, status=409
        )


def require_other_decider(contested_by: int | None, decider: int | None) -> None:
    """Refuse to decide on what one contested oneself."""
    if contested_by is not None and contested_by == decider:
        raise Refused(
            "own_contest", _("Somebody else must decide on what you contest."), do=advice.COLLEAGUE, status=409
        )


def nothing_contested() -> Refused:
    """The refusal to decide where no objection waits."""
    return Refused(
        "nothing_contested", _("No objection to a step of this task waits for a decision."), do=advice.LOOK, status=409
    )
