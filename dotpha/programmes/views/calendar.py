"""The calendar of due dates, month by month."""

from __future__ import annotations

from calendar import Calendar
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from babel.dates import get_day_names
from django.http import HttpResponse

from dotpha.platform import days, periods, working_days
from dotpha.platform.pages import desk_page, language, past_of, render
from dotpha.programmes.queries import boards, overview
from dotpha.programmes.queries.programmes import visible_programmes
from dotpha.programmes.rules.lateness import State

if TYPE_CHECKING:
    from dotpha.programmes.queries.tasks import TaskRows

SHOWN_A_DAY = 3
"""A day with more shows how many are in which state: so many titles cannot be read in a cell."""
NEXT = 6


def month_of(text: str, today: date) -> periods.Period:
    """The month in the address; this one when it cannot be read."""
    asked = periods.read(text)
    if asked is None or asked.size is not periods.Size.MONTH or asked.year not in days.YEARS:
        return periods.containing(today, periods.Size.MONTH)
    return asked


@desk_page("GET")
def calendar(request: Any) -> HttpResponse:
    """Due dates of a month in the fashion of a wall calendar; on a phone as a list of days."""
    by, on = request.actor, request.on
    month = month_of(request.GET.get("month", ""), on)
    programmes = list(visible_programmes(by))
    programme = next((each for each in programmes if each.key == request.GET.get("programme")), None)
    rows: TaskRows = boards.of_programme(by, on, programme)
    lead = request.GET.get("lead")
    if lead:
        rows = rows.filter(lead__organisation__key=lead)
    weeks = Calendar().monthdatescalendar(month.year, month.number)
    due = overview.due_in(rows, weeks[0][0], weeks[-1][-1])
    rounds = overview.occurrences_in(rows, weeks[0][0], weeks[-1][-1])
    coming = list(overview.next_due(rows, on, NEXT))
    page = {
        "month": month,
        "month_name": periods.written(month, language()),
        "before": str(month.preceding()),
        "after": str(month.following()),
        "weekdays": [name for _number, name in sorted(get_day_names("abbreviated", locale=language()).items())],
        "weeks": [
            [cell(day, month, due.get(day, []), rounds.get(day, []), request.today) for day in week] for week in weeks
        ],
        "chosen": chosen_day(request.GET.get("day", ""), rounds),
        "total": sum(len(held) for day, held in due.items() if day in month),
        "coming": coming,
        "next_month": str(periods.containing(coming[0].due_on, periods.Size.MONTH)) if coming else None,
        "programme": programme,
        "lead": lead,
        "programmes": programmes,
        "past": past_of(request),
    }
    return render(request, "programmes/calendar.html", page)


def chosen_day(said: str, rounds: dict[date, list[Any]]) -> dict[str, Any] | None:
    """The rounds of the day that a busy cell leads to; none for a day without any."""
    day = next((each for each in rounds if each.isoformat() == said), None)
    return {"day": day, "rounds": rounds[day]} if day else None


def cell(day: date, month: periods.Period, due: list[Any], rounds: list[Any], today: date) -> dict[str, Any]:
    """A day of the calendar: its tasks or, when there are many, how many in which state; holidays by name."""
    few = len(due) + len(rounds) <= SHOWN_A_DAY
    states = Counter(task.state for task in due)
    return {
        "day": day,
        "held": bool(due or rounds),
        "inside": day in month,
        "today": day == today,
        "working": working_days.is_working_day(day),
        "holiday": working_days.holiday_name(day) or "",
        "tasks": due if few else [],
        "counts": [] if few else [(state, states[state]) for state in State if states[state]],
        "rounds": rounds if few else [],
        "rounds_counted": 0 if few else len(rounds),
    }
