"""Working days in Viet Nam: Monday to Friday, without public holidays, with Saturdays worked in exchange.

Public holidays: Labour Code 2019, article 112, and the yearly notices, as kept by the library `holidays`.
A published calendar of the standing office may be given instead; it then holds alone for the days it names.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays

SATURDAY = 5
ONE_DAY = timedelta(days=1)
_NONE: Mapping[date, bool] = {}


@lru_cache(maxsize=16)
def _calendar(year: int) -> holidays.HolidayBase:
    """Holidays of one year. The neighbours come too: a day off may be worked in another year."""
    known = [each for each in (year - 1, year, year + 1) if 1 <= each <= 9999]
    return holidays.country_holidays("VN", years=known, language="vi")


def holiday_name(day: date) -> str | None:
    """The public holiday on a day, in Vietnamese, or None."""
    name = _calendar(day.year).get(day)
    return str(name) if name else None


def is_working_day(day: date, published: Mapping[date, bool] = _NONE) -> bool:
    """Whether public offices work on a day. `published`: days that a notice declares worked or free."""
    if day in published:
        return published[day]
    calendar = _calendar(day.year)
    if day in calendar:
        return False
    return day.weekday() < SATURDAY or day in calendar.weekend_workdays


def add_working_days(day: date, count: int, published: Mapping[date, bool] = _NONE) -> date:
    """The day that lies `count` working days after a day; the day itself does not count.

    Civil Code 2015, article 147: a period in days begins on the day after. With 0 the first working day
    not before `day`. Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("a number of working days is not negative")
    if count == 0:
        return day if is_working_day(day, published) else add_working_days(day, 1, published)
    while count:
        day += ONE_DAY
        count -= is_working_day(day, published)
    return day


def working_days_between(first: date, last: date, published: Mapping[date, bool] = _NONE) -> int:
    """How many working days lie after `first` up to `last`; negative when `last` is earlier."""
    if last < first:
        return -working_days_between(last, first, published)
    span = (last - first).days
    return sum(is_working_day(first + timedelta(days=n), published) for n in range(1, span + 1))
