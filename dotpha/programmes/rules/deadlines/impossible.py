"""Days that a text writes and no calendar has: 31/02/2027, ngày 31 tháng 4."""

import re
from calendar import monthrange

from dotpha.platform.text import fold

LEAP_YEAR = 2000  # a day and month without a year: 29 February exists in some year
_DAYS = (
    re.compile(
        r"(?<![\d/.-])(?P<day>\d{1,2})\s*[/.-]\s*(?P<month>\d{1,2})(?:\s*[/.-]\s*(?P<year>\d{4}))?(?![\d/.-]*\d)"
    ),
    re.compile(r"ngay\s+(?P<day>\d{1,2})\s+thang\s+(?P<month>\d{1,2})(?:\s+nam\s+(?P<year>\d{4}))?"),
)
_ISO = re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)")


def impossible_day(text: str) -> str | None:
    """The first day written in a text that does not exist in the calendar, as written; None when all of them do.

    Only for a text that `parse` could not read: of what it reads, every day exists.
    """
    plain = fold(text)
    for pattern in (_ISO, *_DAYS):
        for found in pattern.finditer(plain):
            if not _exists(int(found["day"]), int(found["month"]), int(found["year"] or LEAP_YEAR)):
                return text[found.start() : found.end()] if len(plain) == len(text) else found[0]
    return None


def _exists(day: int, month: int, year: int) -> bool:
    return 1 <= month <= 12 and year >= 1 and 1 <= day <= monthrange(year, month)[1]
