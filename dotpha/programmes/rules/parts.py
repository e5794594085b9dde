"""Parts of co-operating agencies: what stands reported, when a part is late, whose turn it is (C6).

A part is judged on its own: its lateness is the co-operating agency's and alters nothing of the task's.
`on` is the day asked about; what is dated after it is not known on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.refusals import Refused
from dotpha.programmes.rules import lateness
from dotpha.programmes.rules.lateness import has_come
from dotpha.programmes.rules.progress import DONE_PERCENT, require_percent


class PartState(StrEnum):
    """Where a part stands."""

    OPEN = "open"
    REPORTED = "reported"
    CONFIRMED = "confirmed"


class Side(StrEnum):
    """Who has to say something about the other side's words."""

    LEAD = "lead"
    COOPERATING = "cooperating"


@dataclass(frozen=True)
class Told:
    """A report on a part. Without a percent, or with 100, it says that the part is done."""

    reported_on: date
    percent: int | None = None
    confirmed_on: date | None = None
    returned_on: date | None = None

    @property
    def says_done(self) -> bool:
        return self.percent is None or self.percent == DONE_PERCENT


@dataclass(frozen=True)
class PartDates:
    """All that the state of a part depends on.

    `set_on` is the day on which its words were given by the other side, `confirmed_on` and `returned_on` those on
    which the agency confirmed or returned them. `told` stands in the order of entry. `ended_on` is the first day on
    which the agency has the part no more. `closed_on` is the day on which the task ended: after it no part
    becomes late.
    """

    due_on: date | None = None
    set_on: date | None = None
    confirmed_on: date | None = None
    returned_on: date | None = None
    told: Sequence[Told] = ()
    ended_on: date | None = None
    closed_on: date | None = None

    def known(self, on: date) -> list[Told]:
        """The reports made by the end of a day."""
        return [each for each in self.told if each.reported_on <= on]


def done_report(part: PartDates, on: date) -> Told | None:
    """The report that says the part is done and has not been returned; the latest of several."""
    standing = [each for each in part.known(on) if each.says_done and not has_come(each.returned_on, on)]
    return standing[-1] if standing else None


def state(part: PartDates, on: date) -> PartState:
    """The state of a part at the end of a day."""
    report = done_report(part, on)
    if report is None:
        return PartState.OPEN
    return PartState.CONFIRMED if has_come(report.confirmed_on, on) else PartState.REPORTED


def timing(part: PartDates, on: date) -> lateness.State:
    """The timing of a part by its own due date, as tasks are judged: the day of the report counts (C9)."""
    report = done_report(part, on)
    dates = lateness.TaskDates(original_due_on=part.due_on, completed_on=report.reported_on if report else None)
    return lateness.state(dates, min(on, part.closed_on) if part.closed_on and report is None else on)


def is_late(part: PartDates, on: date) -> bool:
    """Whether the part was reported after its own due date, or is not reported and the date has passed."""
    return timing(part, on) in (lateness.State.OVERDUE, lateness.State.DONE_LATE)


def outcome(report: Told, on: date) -> str:
    """waiting, confirmed or returned, as it was on a day."""
    if has_come(report.confirmed_on, on):
        return "confirmed"
    return "returned" if has_come(report.returned_on, on) else "waiting"


def outcomes(part: PartDates, on: date) -> list[str]:
    """What became of each report known on a day: as `outcome`, or replaced by a later one that nobody waited for.

    An agency that is done says so on its day, even while nobody has answered an earlier report of progress.
    """
    found = [outcome(each, on) for each in part.known(on)]
    return ["replaced" if each == "waiting" else each for each in found[:-1]] + found[-1:]


def waiting_report(part: PartDates, on: date) -> Told | None:
    """The newest report, while nobody has confirmed or returned it."""
    known = part.known(on)
    return known[-1] if known and outcome(known[-1], on) == "waiting" else None


def waits_for(part: PartDates, on: date) -> Side | None:
    """Whose turn it is: the lead's over a report, the agency's over the part that was set for it.

    A report is answered even after the part or the task has ended; words are not.
    """
    if waiting_report(part, on):
        return Side.LEAD
    if has_come(part.ended_on, on) or has_come(part.closed_on, on):
        return None
    answered = has_come(part.confirmed_on, on) or has_come(part.returned_on, on)
    return Side.COOPERATING if has_come(part.set_on, on) and not answered else None


def is_returned(part: PartDates, on: date) -> bool:
    """Whether the newest report was sent back and the part is still to be done."""
    known = part.known(on)
    return bool(known) and outcome(known[-1], on) == "returned" and state(part, on) is PartState.OPEN


def require_due(
    due_on: date | None,
    assigned_on: date,
    task_due_on: date | None,
    *,
    may_end_later: bool = False,
    field: str = "part_due_on",
) -> None:
    """Refuse an own due date before the task was assigned, or after the task's unless that was said."""
    if due_on is None:
        return
    if due_on < assigned_on:
        raise Refused(
            "part_due_before_assigned",
            _("The task was assigned on %(day)s. Its parts cannot be due before that."),
            do=advice.THAT_OR_LATER,
            field=field,
            day=assigned_on,
        )
    if task_due_on is not None and due_on > task_due_on and not may_end_later:
        raise Refused(
            "part_due_after_task",
            _("The task is due on %(day)s. Choose that day or an earlier one, or say that the part may end later."),
            field=field,
            day=task_due_on,
        )


def require_settable(part: PartDates, on: date) -> None:
    """Refuse other words for a part that is confirmed, or while a report on it waits."""
    if state(part, on) is PartState.CONFIRMED:
        raise Refused(
            "part_confirmed",
            _("This part is confirmed and stays as it is. Give further work as a task under this one."),
            status=409,
        )
    require_answered(part, on)


def require_answered(part: PartDates, on: date) -> None:
    """Refuse to go on while a report on the part waits."""
    if waiting_report(part, on):
        raise Refused(
            "part_reported",
            _("A report on this part waits to be confirmed or returned first."),
            do=advice.ANSWER_IT,
            status=409,
        )


def require_reportable(part: PartDates, text: str, percent: int | None, on: date) -> None:
    """Refuse an empty report, a percent that is none, or one on a part that has ended or is reported done already."""
    _require_going(part, on)
    if not text.strip():
        raise Refused("text_missing", _("Say what was done."), field="text")
    if percent is not None:
        require_percent(percent, None, "")
    _require_undone(part, on)


def require_movable(part: PartDates, on: date) -> date:
    """The own due date of a part; refused where it no longer moves, or the part has none (C6)."""
    _require_going(part, on)
    _require_undone(part, on)
    if part.due_on is None:
        raise Refused(
            "part_has_no_due_date", _("This part has no due date of its own to extend."), do=advice.ASK_LEAD, status=409
        )
    return part.due_on


def _require_going(part: PartDates, on: date) -> None:
    if has_come(part.ended_on, on):
        raise Refused(
            "part_ended", _("This part has ended. What was reported on it stays."), do=advice.ASK_LEAD, status=409
        )


def _require_undone(part: PartDates, on: date) -> None:
    if state(part, on) is not PartState.OPEN:
        raise Refused("part_done", _("This part is reported as done already."), do=advice.LOOK, status=409)


def require_seen(seen: str | None, held: str) -> None:
    """Refuse an answer to, or a change of, words other than those that now stand. None: nobody said what was read."""
    if seen is not None and seen != held:
        raise Refused(
            "words_changed", _("What stood here has changed meanwhile. Read it as it is now, then decide."), status=409
        )


def require_other_person(author: object, by: object) -> None:
    """Refuse to confirm or return what one set or reported oneself. None is nobody."""
    if author is not None and author == by:
        raise Refused(
            "own_part",
            _("Somebody of the other agency confirms or returns what you wrote."),
            do=advice.THEIR_ANSWER,
            status=403,
        )
