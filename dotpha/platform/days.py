"""The only reader of the clock. Rules, queries and actions are given their day.

A business day is a civil day of Asia/Ho_Chi_Minh, wherever the reader or the machine stands.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.refusals import Refused
from dotpha.platform.zone import ZONE

YEARS = range(1000, 2200)
"""The years that a day may be given in. Others are slips of the pen, and at the ends of the calendar no day follows."""


def of_calendar(day: date) -> date:
    """The day itself. Raises ValueError for one outside of YEARS."""
    if day.year not in YEARS:
        raise ValueError(f"the year {day.year} is outside of those that a day may be given in")
    return day


def now() -> datetime:
    """This moment, with its zone (UTC)."""
    return timezone.now()


def today() -> date:
    """The business day of this moment."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The business day of a moment. A moment without a zone is taken as Vietnamese time."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
    return aware.astimezone(ZONE).date()


def end_of(day: date) -> datetime:
    """The first moment after a business day: what happened before it, happened by that day."""
    return datetime.combine(day + timedelta(days=1), time(0), ZONE)


def begin_of(day: date) -> datetime:
    """The first moment of a business day."""
    return datetime.combine(day, time(0), ZONE)


def read_as_of(text: str | None) -> date:
    """The day a reader asks about: today when nothing is asked.

    A time stands for the day it falls on. Refuses what cannot be read and what has not come.
    """
    if not text:
        return today()
    try:
        day = date.fromisoformat(text) if len(text) <= 10 else day_of(_read_time(text))
    except (ValueError, OverflowError):
        raise Refused(
            "as_of_unreadable",
            _("Give a day as 2025-07-31 or a time as 2025-07-31T16:00:00+07:00."),
            field="as_of",
        ) from None
    if day > today():
        raise Refused("day_not_come", _("That day has not come yet."), do=advice.TODAY_OR_EARLIER, field="as_of")
    return day


def read_day(text: str | None, field: str) -> date | None:
    """An ISO day of an address or body; None when nothing is given. Refuses, at the field, what is no day."""
    if not text:
        return None
    try:
        return of_calendar(date.fromisoformat(text))
    except ValueError:
        raise Refused("date_unreadable", _("Give a day as 2025-07-31."), field=field) from None


def read_known_at(text: str | None) -> datetime | None:
    """The moment of knowledge a reader asks about; None means now."""
    if not text:
        return None
    try:
        moment = _read_time(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
        future = moment > now()
    except (ValueError, OverflowError):
        raise Refused("known_at_unreadable", _("Give a time as 2025-07-31T16:00:00+07:00."), field="known_at") from None
    if future:
        raise Refused(
            "moment_not_come", _("That moment has not come yet."), do=advice.TODAY_OR_EARLIER, field="known_at"
        )
    return moment


def _read_time(text: str) -> datetime:
    # A "+" in an address arrives as a space.
    return datetime.fromisoformat(text.strip().replace(" 0", "+0") if "T" in text else text.strip())
