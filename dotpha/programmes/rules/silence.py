"""What silence means after a number of working days: a task is accepted, a request goes up one level.

Both follow from a day and are never stored. The numbers are product defaults (requirements, "Task steps" and
"Report and extension states").
"""

from datetime import date

from dotpha.platform.working_days import ONE_DAY, add_working_days
from dotpha.programmes.rules.lateness import has_come

ACCEPT_WORKING_DAYS = 3
DECIDE_WORKING_DAYS = 5


def ends(since: date, working_days: int) -> date:
    """The first day on which silence since a day counts: the day after so many working days."""
    return add_working_days(since, working_days) + ONE_DAY


def latest(on: date, working_days: int) -> date:
    """The latest day whose silence counts on a day: the twin of `ends` for lists."""
    since = on - ONE_DAY
    while ends(since, working_days) > on:
        since -= ONE_DAY
    return since


def accepted_by_default_on(entered_on: date) -> date:
    """From when a task is accepted that its lead agency neither accepted nor disputed."""
    return ends(entered_on, ACCEPT_WORKING_DAYS)


def accepted_on(entered_on: date | None, on: date) -> date | None:
    """Since when silence has accepted a task that nobody answered, as known on a day; None while there is time.

    `entered_on`: when it was given to its present lead, if it was.
    """
    day = accepted_by_default_on(entered_on) if entered_on else None
    return day if has_come(day, on) else None


def goes_up_on(requested_on: date) -> date:
    """From when a request that nobody decided stands before the next level too."""
    return ends(requested_on, DECIDE_WORKING_DAYS)


def blocker_goes_up_on(respond_by: date) -> date:
    """From when a blocker that the body asked has not answered stands before those who gave the task too."""
    return respond_by + ONE_DAY
