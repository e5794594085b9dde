"""The times a phrase can name: a day, month, quarter, half year, year, or the first months of a year.

A reader looks at the tokens from an index and gives what is named there and the index after it, or None.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from dotpha.platform.periods import month_end
from dotpha.programmes.rules.deadlines.words import MONTH_WORDS, QUARTERS, ROMAN, Words

YEARS = range(1900, 2200)
# A day of 29 February without a year may lie eight years away (1896 to 1904, 2096 to 2104).
LEAP_GAP = 9


@dataclass(frozen=True)
class Named:
    """What a phrase names. `day` only for days; `year` None when none is written.

    `kind` is the deadline kind; `months` the first and last month, (0, 0) for a bare day number.
    """

    kind: str
    months: tuple[int, int] = (1, 12)
    day: int | None = None
    year: int | None = None

    def first(self, year: int) -> date | None:
        """The first day, with a year given; None when there is no such day."""
        return _day(year, self.months[0], self.day or 1)

    def last(self, year: int) -> date | None:
        """The last day, with a year given; None when there is no such day."""
        if self.day is not None:
            return self.first(year)
        return month_end(year, self.months[1]) if year in YEARS else None


Found = tuple[Named, int]
Reader = Callable[[Words, int], Found | None]


def _day(year: int, month: int, day: int) -> date | None:
    if year not in YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(words: Words, index: int, most: int, digits: int = 2) -> int | None:
    word = words[index] if index < len(words) else ""
    if not word.isdigit() or len(word) > digits or not 1 <= int(word) <= most:
        return None
    return int(word)


def _is(words: Words, index: int, *allowed: str) -> bool:
    return index < len(words) and words[index] in allowed


def _year_number(words: Words, index: int) -> int | None:
    word = words[index] if index < len(words) else ""
    return int(word) if len(word) == 4 and word.isdigit() and int(word) in YEARS else None


def _with_year(named: Named, words: Words, index: int) -> Found:
    """Reads "/2025", "-2025", "năm 2025", ", 2025" or "2025" after a month, quarter or half year."""
    for skip in (2, 1, 0):
        between = list(words[index : index + skip])
        if between not in ([], ["nam"], ["/"], ["-"], ["."], [","], ["/", "nam"], [",", "nam"]):
            continue
        year = _year_number(words, index + skip)
        if year and len(between) == skip:
            return replace(named, year=year), index + skip + 1
    return named, index


def iso(words: Words, index: int) -> Found | None:
    """2025-09-02, 2025/09/02, 2025-06, 2025-Q2, 2025-H1."""
    year = _year_number(words, index)
    if not year or not _is(words, index + 1, "-", "/"):
        return None
    sign = words[index + 1]
    number = _number(words, index + 3, 4, digits=1)
    if number and sign == "-" and _is(words, index + 2, "q"):
        return Named("quarter", (3 * number - 2, 3 * number), year=year), index + 4
    if number and number < 3 and sign == "-" and _is(words, index + 2, "h"):
        return Named("half", (6 * number - 5, 6 * number), year=year), index + 4
    month = _number(words, index + 2, 12)
    if not month or len(words[index + 2]) != 2:
        return None
    day = _number(words, index + 4, 31)
    if day and _is(words, index + 3, sign):
        return Named("date", (month, month), day, year), index + 5
    return (Named("month", (month, month), year=year), index + 3) if sign == "-" else None


def _short_year(words: Words, index: int) -> int | None:
    """Two digits after a day and month: a year of this century."""
    word = words[index] if index < len(words) else ""
    return 2000 + int(word) if len(word) == 2 and word.isdigit() else None


def numeric_day(words: Words, index: int) -> Found | None:
    """30/6/2025, 30-6-2025, 30.6.2025, 2/9/26, 30/6 năm 2025, 30/6. Day first, as in all six languages."""
    day, month = _number(words, index, 31), _number(words, index + 2, 12)
    if not day or not month or not _is(words, index + 1, "/", "-", "."):
        return None
    sign, named = words[index + 1], Named("date", (month, month), day)
    if _is(words, index + 3, sign):
        year = _year_number(words, index + 4) or _short_year(words, index + 4)
        return (replace(named, year=year), index + 5) if year else None
    if _is(words, index + 3, "nam"):
        year = _year_number(words, index + 4)
        return (replace(named, year=year), index + 5) if year else None
    # "30-6" alone may be a span of numbers: only a stroke makes a day and month of two numbers.
    return (named, index + 3) if sign == "/" else None


def _month_number(words: Words, index: int) -> tuple[int, int] | None:
    """The month at an index, in figures or words, and the index after it."""
    number = _number(words, index, 12)
    if number:
        return number, index + 1
    if _is(words, index, "muoi"):
        more = {"mot": 11, "hai": 12}.get(words[index + 1] if index + 1 < len(words) else "")
        return (more, index + 2) if more else (10, index + 1)
    word = words[index] if index < len(words) else ""
    if word == "nam" and not _is(words, index + 1, "nam"):
        return None
    return (MONTH_WORDS[word], index + 1) if word in MONTH_WORDS else None


def month(words: Words, index: int) -> Found | None:
    """Tháng 12/2025, tháng 5 năm 2025, tháng 6."""
    read = _month_number(words, index + 1) if _is(words, index, "thang") else None
    if not read:
        return None
    number, after = read
    return _with_year(Named("month", (number, number)), words, after)


def spoken_day(words: Words, index: int) -> Found | None:
    """01 tháng 7 năm 2025, mùng 2 tháng 9."""
    index += _is(words, index, "mung", "mong")
    day = _number(words, index, 31)
    found = month(words, index + 1) if day else None
    if not found:
        return None
    named, after = found
    return replace(named, kind="date", day=day), after


def bare_month(words: Words, index: int) -> Found | None:
    """12/2025, 03-2025, 6.2025."""
    number, year = _number(words, index, 12), _year_number(words, index + 2)
    if not number or not year or not _is(words, index + 1, "/", "-", "."):
        return None
    return Named("month", (number, number), year=year), index + 3


def quarter(words: Words, index: int) -> Found | None:
    """Quý II/2025, quý 4 năm 2025, Q2/2025, quý tư."""
    if not _is(words, index, "quy", "q"):
        return None
    after = index + 1 + _is(words, index + 1, ".")
    number = QUARTERS.get(words[after] if after < len(words) else "")
    if not number:
        return None
    return _with_year(Named("quarter", (3 * number - 2, 3 * number)), words, after + 1)


def first_months(words: Words, index: int) -> Found | None:
    """6 tháng đầu năm 2025 (a half year); 9 tháng đầu năm, 3 tháng cuối năm (a range)."""
    count = 6 if _is(words, index, "sau") else _number(words, index, 11)
    if not count or not _is(words, index + 1, "thang") or not _is(words, index + 2, "dau", "cuoi"):
        return None
    months = (1, count) if words[index + 2] == "dau" else (13 - count, 12)
    named, after = _with_year(Named("half" if count == 6 else "range", months), words, index + 3)
    if named.year is None and not _is(words, after, "nam"):
        return None
    return named, after + (named.year is None)


def half(words: Words, index: int) -> Found | None:
    """Nửa đầu năm 2025, nửa cuối năm, nửa năm đầu 2025, H1/2025."""
    number = _number(words, index + 1, 2, digits=1) if _is(words, index, "h") else None
    if number:
        return _with_year(Named("half", (6 * number - 5, 6 * number)), words, index + 2)
    if not _is(words, index, "nua"):
        return None
    end = index + 1 + _is(words, index + 1, "nam")
    if not _is(words, end, "dau", "cuoi", "sau"):
        return None
    named, after = _with_year(Named("half", (1, 6) if words[end] == "dau" else (7, 12)), words, end + 1)
    if named.year is None and end == index + 1 and not _is(words, after, "nam"):
        return None
    return named, after + (named.year is None and _is(words, after, "nam"))


def year(words: Words, index: int) -> Found | None:
    """2025, năm 2025."""
    after = index + _is(words, index, "nam")
    number = _year_number(words, after)
    return (Named("year", year=number), after + 1) if number else None


DAY_READERS: tuple[Reader, ...] = (iso, numeric_day, spoken_day)
READERS: tuple[Reader, ...] = (
    iso, numeric_day, spoken_day, bare_month, first_months, half, quarter, month, year,
)  # fmt: skip


def read(words: Words, index: int) -> Found | None:
    """What is named at an index. The word "ngày" may stand before a day."""
    readers = READERS
    if _is(words, index, "ngay"):
        readers, index = DAY_READERS, index + 1
    return next((found for each in readers if (found := each(words, index))), None)


def read_opening(words: Words, index: int) -> Found | None:
    """The first half of a range, where "ngày 01" may leave its month to the second half."""
    found = read(words, index)
    if found:
        return found
    day = _number(words, index + 1, 31) if _is(words, index, "ngay") else None
    return (Named("date", (0, 0), day), index + 2) if day else None


def read_closing(words: Words, index: int, opening: Named) -> Found | None:
    """The second half of a range, where the word "tháng" or "quý" of the first half is not repeated."""
    unit = {"month": "thang", "quarter": "quy"}.get(opening.kind)
    if not unit or opening.year or not (_number(words, index, 12) or _is(words, index, *ROMAN)):
        return read(words, index)
    found = read([unit, *words[index:]], 0)
    return (found[0], index + found[1] - 1) if found else None
