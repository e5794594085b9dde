"""Lateness: the state of a task on a day, derived from its dates and never stored (contracts, section 4).

`on` is the day asked about. What is dated after it is not known on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

DUE_SOON_DAYS = 7
ONE_DAY = timedelta(days=1)


class State(StrEnum):
    """Task states, in the order in which lists and legends show them."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    CANCELLED = "cancelled"


IN_TIME = frozenset({State.NOT_STARTED, State.IN_PROGRESS, State.DUE_SOON})
DONE = frozenset({State.DONE_ON_TIME, State.DONE_LATE})
ENDED = DONE | {State.CANCELLED}


@dataclass(frozen=True)
class Change:
    """A line of the ledger: from `granted_on` the due date is `new_due_on`.

    None empties it: a suspension (requirement C16).
    """

    granted_on: date
    new_due_on: date | None


@dataclass(frozen=True)
class TaskDates:
    """All that lateness depends on.

    `started_on` is the start date or the day of the first report, whichever is earlier. `changes` stand in
    the order in which they were entered: of two granted on one day the later entry holds.
    """

    original_due_on: date | None = None
    started_on: date | None = None
    completed_on: date | None = None
    cancelled_on: date | None = None
    changes: Sequence[Change] = ()

    @property
    def ended_on(self) -> date | None:
        """The day of completion or cancellation, whichever is first."""
        return min((day for day in (self.completed_on, self.cancelled_on) if day), default=None)

    def last_change(self, on: date) -> Change | None:
        """The change in force on a day. One granted after the end of the task alters nothing."""
        ended_on = self.ended_on
        last_day = min(on, ended_on) if ended_on else on
        # sorted() keeps the order of entry among changes granted on one day.
        known = sorted((each for each in self.changes if each.granted_on <= last_day), key=_granted_on)
        return known[-1] if known else None

    def due_on(self, on: date) -> date | None:
        """The due date in force on a day: that of the change granted last by then, else the original."""
        change = self.last_change(on)
        return change.new_due_on if change else self.original_due_on

    def is_suspended(self, on: date) -> bool:
        """Whether the due date has been emptied and the task has not ended."""
        change = self.last_change(on)
        return change is not None and change.new_due_on is None and not has_come(self.ended_on, on)


def _granted_on(change: Change) -> date:
    return change.granted_on


def has_come(day: date | None, on: date) -> bool:
    """Whether a day that is known lies on or before another one."""
    return day is not None and day <= on


def state(dates: TaskDates, on: date) -> State:
    """The state of a task at the end of a day.

    The first of completion and cancellation ends it. On one day completion comes first: work that was done
    stays done (our choice; the contracts leave it open).
    """
    if has_come(dates.ended_on, on):
        return _end_state(dates)
    due_on = dates.due_on(on)
    if due_on is not None:
        left = (due_on - on).days
        if left < 0:
            return State.OVERDUE
        if left <= DUE_SOON_DAYS:
            return State.DUE_SOON
    return State.IN_PROGRESS if has_come(dates.started_on, on) else State.NOT_STARTED


def _end_state(dates: TaskDates) -> State:
    completed_on = dates.completed_on
    if completed_on is None or completed_on != dates.ended_on:
        return State.CANCELLED
    due_on = dates.due_on(completed_on)
    return State.DONE_LATE if due_on is not None and completed_on > due_on else State.DONE_ON_TIME


def state_against_original(dates: TaskDates, on: date) -> State:
    """The state had no change ever been granted (requirement C12: every count, also so)."""
    return state(replace(dates, changes=()), on)


def days_left(dates: TaskDates, on: date) -> int | None:
    """Days from `on` to the due date in force: 0 on the due day, negative when overdue.

    None without a due date and for a task that has ended.
    """
    due_on = dates.due_on(on)
    if due_on is None or has_come(dates.ended_on, on):
        return None
    return (due_on - on).days


def _stretches(dates: TaskDates, last_day: date) -> Iterator[tuple[date | None, date, date | None]]:
    """First day (None for ever), last day and due date in force of each stretch up to `last_day`."""
    starts = sorted({each.granted_on for each in dates.changes if each.granted_on <= last_day})
    for first, following in zip([None, *starts], [*starts, None], strict=True):
        end = following - ONE_DAY if following else last_day
        yield first, end, dates.due_on(end)


def days_overdue_total(dates: TaskDates, on: date) -> int:
    """On how many days up to `on` the task stood past the due date then in force (requirement C12).

    Days before an extension stay on record. The day of a late completion counts, that of a cancellation
    does not.
    """
    last_day = on
    if has_come(dates.ended_on, on) and dates.ended_on:
        cancelled = _end_state(dates) is State.CANCELLED
        last_day = dates.ended_on - ONE_DAY if cancelled else dates.ended_on
    total = 0
    for first, end, due_on in _stretches(dates, last_day):
        if due_on is None:
            continue
        begin = max(due_on + ONE_DAY, first) if first else due_on + ONE_DAY
        total += max(0, (end - begin).days + 1)
    return total
