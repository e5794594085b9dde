"""Periodic reports: of which period a task owes one, and whether it was given (requirement C10).

A programme says how often its tasks report. The report of a period falls due on the period's last day, that of a
dated round on the round's own day; it is missing once a day of grace has passed (product defaults). Nothing stores
this: it follows from the frequency, the day on which the task was assigned, what was reported and a day.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dotpha.platform.periods import Period, containing
from dotpha.programmes.rules.occurrences import FREQUENCIES

GRACE = timedelta(days=1)
"""How long after its day a report is not missing yet (product default)."""


@dataclass(frozen=True)
class Round:
    """A dated round of a recurring task: its period as written, the day of its report, when it was completed."""

    period: str
    due_on: date
    completed_on: date | None = None


def asked_from(on: date) -> date:
    """The reports due before this day are asked for on a day: the day of grace of a later one is not over."""
    return on - GRACE if on - date.min >= GRACE else date.min


def last_due(every: str, on: date) -> Period | None:
    """The latest period whose report is asked for on a day; None without a frequency ("year", "half", ...)."""
    size = FREQUENCIES.get(every)
    return None if size is None else _before(containing(asked_from(on), size))


def _before(period: Period) -> Period | None:
    return None if period.first_day == date.min else period.preceding()


def recent(every: str, on: date, number: int) -> list[Period]:
    """The latest periods whose reports are asked for on a day, the newest first."""
    found: list[Period] = []
    period = last_due(every, on)
    while period and len(found) < number:
        found.append(period)
        period = _before(period)
    return found


def silent_round(rounds: Iterable[Round], named: Collection[str], on: date) -> Round | None:
    """The dated round whose report is missing on a day, that due longest; None when there is none.

    `named`: the periods that the reports sent by that day name: a round is reported on by its name.
    """
    missed = [
        each
        for each in rounds
        if each.due_on < asked_from(on)
        and each.period not in named
        and (each.completed_on is None or each.completed_on > on)
    ]
    return min(missed, key=lambda each: (each.due_on, each.period), default=None)


def owes(period: Period, assigned_on: date) -> bool:
    """Whether a task reports of a period: it was there on its first day; of a part of one it reports with the next."""
    return assigned_on <= period.first_day


def tells(period: Period, named: str, reported_on: date) -> bool:
    """Whether a report is that of a period: it names it, or names none and tells the state of a day in it.

    `named`: the period that the report, or the round which it is about, names as written.
    """
    return named == str(period) if named else reported_on in period


def missing(every: str, assigned_on: date, told: Iterable[tuple[str, date]], on: date) -> Period | None:
    """The period whose report is missing on a day, the latest one that fell due; None when there is none.

    `told`: of each report sent by that day the period that it names, and the day whose state it tells.
    """
    period = last_due(every, on)
    if period is None or not owes(period, assigned_on):
        return None
    return None if any(tells(period, named, reported_on) for named, reported_on in told) else period
