"""The kind of a deadline phrase, its start and its due date (contracts, section 4; requirement C7).

What is not surely read is `unknown`: a person then picks the kind, which is better than a wrong date.
Choices the contracts leave open:
- two digits after a day and month are a year of this century (2/9/26); "12/25" is unknown;
- "trước quý II/2025" is a `date`, for the result is a single day; "đến ...", "cuối ..." keep the kind of
  what they name;
- "từ năm 2026" alone and "2025 và những năm tiếp theo" have no end: `continuous` with a start;
- several times in one phrase that are not a range are unknown, and so is a date followed by an event;
- "đầu năm 2025", "giữa năm 2025" and "sau tháng 6/2025" name no day: unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dotpha.programmes.rules.deadlines import words as w
from dotpha.programmes.rules.deadlines.dated import Dated, read_clause, read_dated


class Kind(StrEnum):
    """The deadline kinds of the contracts."""

    DATE = "date"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    RANGE = "range"
    RECURRING = "recurring"
    CONTINUOUS = "continuous"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"


DATED = frozenset({Kind.DATE, Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.YEAR, Kind.RANGE})


@dataclass(frozen=True)
class Deadline:
    """A deadline as written and as read. `due` is None for the four kinds without a date of their own."""

    text: str
    kind: Kind
    start: date | None = None
    due: date | None = None


# Words after "kể từ", "từ ngày" that still name a time, not an event.
_TIME_WORDS = frozenset({"thang", "nam", "quy", "q", "h", "dau", "cuoi", "nua", "nay", "giai", "ngay", "mung"})


def _event(words: w.Words) -> tuple[int, int] | None:
    """Where the phrase is bound to an event ("sau khi ...", "kể từ ngày Luật có hiệu lực")."""
    found = (0, 1) if words[0] == "khi" else w.find(words, w.EVENTS)
    for index in range(found[0] if found else len(words)):
        length = w.at(words, index, w.EVENT_OR_DAY)
        after = words[index + length] if length and index + length < len(words) else ""
        if after.isalpha() and after not in _TIME_WORDS:
            return index, index + length
    return found


def _start_named(words: Sequence[str], reference: date) -> date | None:
    """The start a series or endless phrase names beside itself: "từ 2025", "giai đoạn 2025-2030"."""
    said = read_dated(w.trim(words), reference)
    if said is None:
        return None
    return said.start if w.FROM in said.bounds or _names_years(said) else None


def _names_years(said: Dated) -> bool:
    return said.kind in (Kind.YEAR, Kind.RANGE) and said.has_year


def _endless(kind: Kind, text: str, words: w.Words, found: tuple[int, int], reference: date) -> Deadline:
    """A series or an endless phrase, with the start it names before or after."""
    head = w.trim(words[: found[0]])
    start = _start_named(head, reference)
    if start is None and any(len(word) == 4 and word.isdigit() for word in head):
        return Deadline(text, Kind.UNKNOWN)
    return Deadline(text, kind, start or _start_named(words[found[1] :], reference))


def _goes_on(text: str, words: w.Words, found: tuple[int, int], reference: date) -> Deadline:
    """Năm 2025 và những năm tiếp theo: from the start of what is named, without end."""
    said = read_dated(w.trim(words[: found[0]]), reference)
    if said is None or said.start is None or found[1] < len(words):
        return Deadline(text, Kind.UNKNOWN)
    return Deadline(text, Kind.CONTINUOUS, said.start)


def _from_dated(text: str, said: Dated | None) -> Deadline:
    if said is None:
        return Deadline(text, Kind.UNKNOWN)
    if said.due is None:
        return Deadline(text, Kind.CONTINUOUS, said.start)
    return Deadline(text, Kind(said.kind), said.start, said.due)


def _undated(text: str, words: w.Words, reference: date) -> Deadline | None:
    """The phrase when an event, a series or "thường xuyên" governs it: the one that stands first."""
    places = {
        Kind.CONDITIONAL: _event(words),
        Kind.RECURRING: w.find(words, w.SERIES),
        Kind.CONTINUOUS: w.find(words, w.ENDLESS),
    }
    known = [(place, kind) for kind, place in places.items() if place]
    if not known:
        return None
    place, kind = min(known, key=lambda each: each[0])
    if kind is not Kind.CONDITIONAL:
        return _endless(kind, text, words, place, reference)
    head = w.trim(words[: place[0]])
    return Deadline(text, Kind.UNKNOWN if read_dated(head, reference) else Kind.CONDITIONAL)


def parse(text: str, reference: date) -> Deadline:
    """What a deadline phrase means, for a document dated `reference`.

    Takes any text and never raises; the time grows with the length of the text.
    """
    words = w.cut(text)
    if not words:
        return Deadline(text, Kind.UNKNOWN)
    try:
        undated = _undated(text, words, reference)
        if undated:
            return undated
        onward = w.find(words, w.GOES_ON)
        if onward:
            return _goes_on(text, words, onward, reference)
        return _from_dated(text, read_dated(words, reference) or read_clause(words, reference))
    except OverflowError:
        # A reference at the very edge of the calendar leaves no day before or after it.
        return Deadline(text, Kind.UNKNOWN)


def frequency_of(text: str) -> str | None:
    """How often a series comes: year, half, quarter, month, week, day; None when it is not said."""
    words = w.cut(text)
    for index in range(len(words)):
        length = w.at(words, index, w.SERIES)
        every = w.SERIES.get(tuple(words[index : index + length]))
        if every:
            return every
    return None
