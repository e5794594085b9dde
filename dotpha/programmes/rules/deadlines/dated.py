"""Phrases that name days: bounds ("trước", "đến hết", "từ"), one named time or a range of two."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from dotpha.platform.periods import Size, containing
from dotpha.programmes.rules.deadlines import words as w
from dotpha.programmes.rules.deadlines.named import LEAP_GAP, Named, read_closing, read_opening

ONE_DAY = timedelta(days=1)
# The readings a phrase without a year of its own may mean: this year's month, quarter or end.
_THIS = {"nam": Size.YEAR, "quy": Size.QUARTER, "thang": Size.MONTH}
_TO = (("den",), ("toi",), ("-",))


@dataclass(frozen=True)
class Dated:
    """What a dated phrase says. `start` and `due` may each be missing, never both."""

    kind: str
    start: date | None
    due: date | None
    bounds: frozenset[str] = frozenset()
    has_year: bool = True


@dataclass
class _Lead:
    """The words before a named time: how it binds, whether an hour was given, where it begins."""

    index: int
    bounds: set[str] = field(default_factory=set)
    hour: bool = False


def _hour(words: w.Words, index: int) -> int:
    """How many tokens an hour takes: 20h00, 17h, 20:00, 20 giờ 30 phút."""
    if not words[index].isdigit() or len(words[index]) > 2 or index + 1 >= len(words):
        return 0
    if words[index + 1] not in ("h", "gio", ":"):
        return 0
    rest = [*words[index + 2 : index + 4], "", ""]
    if not rest[0].isdigit() or rest[1] in ("/", "-", ".", "thang"):
        return 0 if words[index + 1] == ":" else 2
    return 4 if rest[1] in ("phut", "p") else 3


def _lead(words: w.Words, index: int) -> _Lead:
    lead = _Lead(index)
    while lead.index < len(words):
        here = lead.index
        bound = w.at(words, here, w.BOUNDS)
        # "ngay trong", "ngay từ": at once in, from; else the word is "ngày", day.
        at_once = words[here] == "ngay" and bool(w.at(words, here + 1, w.BOUNDS))
        if filler := w.at(words, here, w.FILLERS):
            lead.index += filler
        elif bound:
            lead.bounds.add(w.BOUNDS[tuple(words[here : here + bound])])
            lead.index += bound
        elif tuple(words[here : here + 2]) == ("giai", "doan"):
            lead.index += 2
        elif hour := _hour(words, here):
            lead.hour = True
            lead.index += hour
        elif at_once or (lead.hour and words[here] == ","):
            lead.index += 1
        else:
            break
    return lead


def _at_end(words: w.Words, index: int) -> bool:
    """Whether nothing but words without weight follows."""
    while index < len(words):
        step = w.at(words, index, w.FILLERS) or (words[index] == ",")
        if not step:
            return False
        index += step
    return True


def _year_of(named: Named, reference: date, from_first_day: bool) -> int | None:
    """The year written, else the first that puts what is named not before the reference.

    A period counts by its last day; under "trước", which binds to its first day, by that one.
    """
    if named.year:
        return named.year
    for year in range(reference.year, reference.year + LEAP_GAP):
        day = named.first(year) if from_first_day else named.last(year)
        if day and day >= reference:
            return year
    return None


def _this(words: w.Words, lead: _Lead, reference: date) -> Dated | None:
    """Cuối năm, cuối quý, trong năm nay: the period that holds the reference day."""
    rest = list(words[lead.index :])
    size = _THIS.get(rest[0]) if rest else None
    if not size or rest[1:] not in ([], ["nay"]) or not (w.CLOSE in lead.bounds or rest[1:]):
        return None
    period = containing(reference, size)
    named = Dated(str(size), period.first_day, period.last_day, has_year=False)
    return _bound(named, lead)


def _bound(named: Dated, lead: _Lead) -> Dated | None:
    """A named time under its bounds (contracts, section 4, "Deadline phrases")."""
    bounds = frozenset(lead.bounds)
    ends = bounds & {w.UNTIL, w.END_OF, w.CLOSE}
    is_day = named.kind == "date"
    named = replace(named, bounds=bounds)
    if (w.OPENING in bounds and w.FROM not in bounds) or (lead.hour and not is_day):
        return None
    if w.FROM in bounds:
        return None if ends or w.BEFORE in bounds else replace(named, due=None)
    if w.BEFORE in bounds:
        if bounds & {w.END_OF, w.CLOSE} or named.start is None:
            return None
        # An hour of a day ("trước 20h00 ngày ...") lies within that day.
        due = named.start if lead.hour else named.start - ONE_DAY
        return replace(named, kind="date", start=None, due=due)
    if w.CLOSE in bounds and is_day:
        return None
    return replace(named, start=None) if ends or is_day else named


def _single(named: Named, lead: _Lead, reference: date) -> Dated | None:
    first_day = bool(lead.bounds & {w.BEFORE, w.FROM}) and not lead.hour
    year = _year_of(named, reference, first_day)
    start, due = (named.first(year), named.last(year)) if year else (None, None)
    if start is None or due is None:
        return None
    return _bound(Dated(named.kind, start, due, has_year=named.year is not None), lead)


def _ends_of_range(opening: Named, closing: Named, reference: date) -> tuple[date | None, date | None]:
    """Start and end of a range; a year left out on one side follows from the other side."""
    if opening.months == (0, 0):
        opening = replace(opening, months=closing.months, year=closing.year)
    if opening.year and not closing.year:
        start = opening.first(opening.year)
        year = _year_of(closing, start, from_first_day=False) if start else None
        return start, closing.last(year) if year else None
    year = _year_of(closing, reference, from_first_day=False)
    end = closing.last(year) if year else None
    if end is None or opening.year:
        return opening.first(opening.year) if opening.year else None, end
    earlier = (opening.first(end.year - back) for back in range(LEAP_GAP))
    return next((day for day in earlier if day and day <= end), None), end


def _range(opening: Named, lead: _Lead, words: w.Words, index: int, reference: date) -> Dated | None:
    tail = _lead(words, index)
    found = read_closing(words, tail.index, opening)
    if not found or not _at_end(words, found[1]) or lead.bounds - {w.FROM, w.WITHIN, w.OPENING}:
        return None
    if (w.OPENING in lead.bounds and w.FROM not in lead.bounds) or (
        tail.bounds - {w.END_OF, w.CLOSE, w.BEFORE, w.UNTIL}
    ):
        return None
    closing = found[0]
    start, end = _ends_of_range(opening, closing, reference)
    if w.BEFORE in tail.bounds and end:
        first = closing.first(end.year)
        end = first - ONE_DAY if first and not tail.hour else first
    if start is None or end is None or end < start:
        return None
    has_year = bool(opening.year or closing.year)
    return Dated("range", start, end, frozenset(lead.bounds), has_year)


def read_dated(words: w.Words, reference: date) -> Dated | None:
    """A phrase that is nothing but a bound and a named time or range; None when a word is left over."""
    lead = _lead(words, 0)
    this = _this(words, lead, reference)
    if this:
        return this
    found = read_opening(words, lead.index)
    if not found:
        return None
    named, after = found
    to = w.at(words, after, _TO)
    if to:
        return _range(named, lead, words, after + to, reference)
    if named.months == (0, 0) or not _at_end(words, after):
        return None
    return _single(named, lead, reference)


def read_clause(words: Sequence[str], reference: date) -> Dated | None:
    """A clause of doing whose end is a bound and a time: "Trình Chính phủ trong tháng 5/2025"."""
    if not w.at(words, 0, w.CLAUSES):
        return None
    first = next((i for i, word in enumerate(words) if word.isdigit() or word == "quy"), 0)
    for index in range(max(1, first - 6), first + 1):
        if w.at(words, index, w.BOUNDS):
            return read_dated(words[index:], reference)
    return None
