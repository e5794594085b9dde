"""Periodic reports: of which period a task owes one, and whether it was given (requirement C10).

A programme says how often its tasks report. The report of a period falls due on the period's last day (product
default) and is missing from the next day on. Nothing stores this: it follows from the frequency, the day on which the
task was assigned, what was reported and a day.
"""

from collections.abc import Iterable
from datetime import date

from dotpha.platform.periods import Period, containing
from dotpha.programmes.rules.occurrences import FREQUENCIES


def last_due(every: str, on: date) -> Period | None:
    """The latest period whose report fell due before a day; None without a frequency ("year", "half", ...)."""
    size = FREQUENCIES.get(every)
    if size is None:
        return None
    running = containing(on, size)
    return None if running.first_day == date.min else running.preceding()


def recent(every: str, on: date, number: int) -> list[Period]:
    """The latest periods whose reports fell due before a day, the newest first."""
    found: list[Period] = []
    day = on
    while len(found) < number and (period := last_due(every, day)):
        found.append(period)
        day = period.first_day
    return found


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


def days_late(period: Period, on: date) -> int:
    """How many days ago the report of a period fell due."""
    return (on - period.last_day).days
