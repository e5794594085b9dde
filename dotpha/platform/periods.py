"""Periods of the calendar as integrators write them: 2025, 2025-H1, 2025-Q2, 2025-06, 2025-06-30. Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import total_ordering

from django.utils.translation import gettext_lazy as _

from dotpha.platform import numbers
from dotpha.platform.days import YEARS
from dotpha.platform.refusals import Refused


class Size(StrEnum):
    """How long a period is."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


MONTHS = {Size.MONTH: 1, Size.QUARTER: 3, Size.HALF: 6, Size.YEAR: 12}
_ROMAN = ("I", "II", "III", "IV")
_ORDER = {size: at for at, size in enumerate(Size)}
_WRITTEN = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?))?"
)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


@total_ordering
@dataclass(frozen=True)
class Period:
    """A piece of the calendar, known by its size and first day.

    Ordered by first day; of two with the same first day the shorter one comes first.
    """

    size: Size
    first_day: date

    def __post_init__(self) -> None:
        months = MONTHS.get(self.size)
        if months and (self.first_day.day != 1 or (self.first_day.month - 1) % months):
            raise ValueError(f"no {self.size} begins on {self.first_day}")

    @property
    def last_day(self) -> date:
        if self.size is Size.DAY:
            return self.first_day
        return month_end(self.first_day.year, self.first_day.month + MONTHS[self.size] - 1)

    @property
    def year(self) -> int:
        return self.first_day.year

    @property
    def number(self) -> int:
        """Which of its size in the year it is, from 1; a day gives its number in the year."""
        if self.size is Size.DAY:
            return self.first_day.timetuple().tm_yday
        return (self.first_day.month - 1) // MONTHS[self.size] + 1

    def __str__(self) -> str:
        year = f"{self.year:04d}"
        return {
            Size.YEAR: year,
            Size.HALF: f"{year}-H{self.number}",
            Size.QUARTER: f"{year}-Q{self.number}",
            Size.MONTH: f"{year}-{self.first_day.month:02d}",
            Size.DAY: self.first_day.isoformat(),
        }[self.size]

    def __lt__(self, other: "Period") -> bool:
        return (self.first_day, _ORDER[self.size]) < (other.first_day, _ORDER[other.size])

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def covers(self, other: "Period") -> bool:
        """Whether the other lies wholly within this one."""
        return self.first_day <= other.first_day and other.last_day <= self.last_day

    def parts(self, size: Size) -> list["Period"]:
        """The periods of a size of which this one is made, in order; empty when they are longer."""
        if _ORDER[size] > _ORDER[self.size]:
            return []
        found, part = [], containing(self.first_day, size)
        while part.first_day <= self.last_day:
            found.append(part)
            if part.last_day >= self.last_day:
                break
            part = part.following()
        return found

    def following(self) -> "Period":
        """The next period of the same size."""
        return containing(self.last_day + timedelta(days=1), self.size)

    def preceding(self) -> "Period":
        """The period of the same size before this one."""
        return containing(self.first_day - timedelta(days=1), self.size)


def containing(day: date, size: Size) -> Period:
    """The period of a size that holds a day."""
    if size is Size.DAY:
        return Period(size, day)
    months = MONTHS[size]
    return Period(size, day.replace(month=(day.month - 1) // months * months + 1, day=1))


def read(text: str) -> Period | None:
    """The period as written, or None when there is no such period. Never raises."""
    written = _WRITTEN.fullmatch(text.strip().upper())
    if not written:
        return None
    year, half, quarter, month, day = (int(written[name] or 0) for name in ("year", "half", "quarter", "month", "day"))
    if year not in YEARS:
        return None
    try:
        if written["day"]:
            return Period(Size.DAY, date(year, month, day))
        if written["month"]:
            return Period(Size.MONTH, date(year, month, 1))
        if quarter:
            return Period(Size.QUARTER, date(year, 3 * quarter - 2, 1))
        if half:
            return Period(Size.HALF, date(year, 6 * half - 5, 1))
        return Period(Size.YEAR, date(year, 1, 1))
    except ValueError:
        return None


def parse(text: str, field: str = "period") -> Period:
    """The period as written. Raises `Refused("period_unreadable")`."""
    period = read(text)
    if period is None:
        raise Refused(
            "period_unreadable",
            _("“%(text)s” is not a period. Write 2025, 2025-H1, 2025-Q2, 2025-06 or 2025-06-30."),
            field=field,
            text=text,
        )
    return period


def _quarter(quarter: int, year: int, locale: str) -> str:
    return {
        "vi": f"quý {_ROMAN[quarter - 1]}/{year}",
        "en": f"Q{quarter} {year}",
        "ru": f"{_ROMAN[quarter - 1]} кв. {year}",
        "fr": f"T{quarter} {year}",
        "th": f"ไตรมาส {quarter}/{year}",
        "ms": f"S{quarter} {year}",
    }[locale]


def _half(half: int, year: int, locale: str) -> str:
    return {
        "vi": f"6 tháng {'đầu' if half == 1 else 'cuối'} năm {year}",
        "en": f"H{half} {year}",
        "ru": f"{_ROMAN[half - 1]} полугодие {year}",
        "fr": f"{'1er' if half == 1 else '2e'} semestre {year}",
        "th": f"ครึ่งปี{'แรก' if half == 1 else 'หลัง'} {year}",
        "ms": f"Separuh {'pertama' if half == 1 else 'kedua'} {year}",
    }[locale]


def written(value: Period, locale: str = "vi") -> str:
    """A period in the reader's form: year, half year, quarter, month or day."""
    code = numbers.locale_of(locale)
    year = numbers.year_of(value.year, code)
    if value.size is Size.DAY:
        return numbers.day(value.first_day, code)
    if value.size is Size.MONTH and code == "vi":
        return f"{value.first_day.month}/{year}"
    if value.size is Size.MONTH:
        return f"{numbers.month_name(value.first_day.month, code, 'stand-alone')} {year}"
    if value.size is Size.YEAR:
        return str(year)
    return (_quarter if value.size is Size.QUARTER else _half)(value.number, year, code)
