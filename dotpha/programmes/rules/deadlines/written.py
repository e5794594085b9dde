"""Days as people type them into form fields, in the six languages (expectation 19)."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel.dates import get_month_names

from dotpha.platform.text import fold
from dotpha.programmes.rules.deadlines import words as w
from dotpha.programmes.rules.deadlines.phrases import DATED, Deadline, Kind, parse

LOCALES = ("vi", "en", "ru", "fr", "th", "ms")
BUDDHIST_OFFSET = 543
# A year so late is one of the Buddhist era, whatever the language of the page.
BUDDHIST_YEARS = range(2443, 2743)
_DAY_ENDINGS = frozenset({"st", "nd", "rd", "th", "er", "de", "of", "г", "года", "hb", "haribulan"})
# "พ.ศ." and "ค.ศ." before a year: Buddhist and common era.
_ERAS = (("พ", ".", "ศ", "."), ("ค", ".", "ศ", "."), ("ปี",))
_ROMAN = ("I", "II", "III", "IV")
_QUARTER_WORDS = frozenset({"t", "s", "quarter", "trimestre", "suku", "кв", "квартал", "ไตรมาส"})


@dataclass(frozen=True)
class Reading:
    """What was typed and the day it is taken for, to be shown before saving. `kind` as of a deadline."""

    text: str
    day: date
    kind: str
    start: date | None = None

    @property
    def phrase(self) -> str:
        """The same time as documents here print it, so that it is read alike wherever it stands from now on."""
        if self.kind == Kind.QUARTER:
            return f"quý {_ROMAN[(self.day.month - 1) // 3]}/{self.day.year}"
        return f"tháng {self.day.month}/{self.day.year}" if self.kind == Kind.MONTH else f"{self.day:%d/%m/%Y}"


@lru_cache(maxsize=len(LOCALES))
def _months(locale: str) -> dict[str, int]:
    """Folded month names of a language, long and short, as they stand in a date and alone."""
    names: dict[str, int] = {}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, locale).items():
                names["".join(fold(name).replace(".", "").split())] = number
                names[fold(name).rstrip(".")] = number
    return names


def _month_at(words: w.Words, index: int, locale: str) -> tuple[int, int] | None:
    """The month named at an index and the index after it. A short Thai name is three tokens: ก . ย."""
    names = _months(locale)
    for length in (4, 3, 2, 1):
        name = "".join(words[index : index + length]).replace(".", "")
        if len(words) >= index + length and name in names:
            after = index + length
            return names[name], after + (after < len(words) and words[after] == ".")
    return None


def _translated(words: w.Words, locale: str) -> str | None:
    """A date with a month in words as figures: day/month/year, month/year or day/month."""
    kept = [word for word in words if word not in _DAY_ENDINGS]
    era = w.find(kept, _ERAS)
    if era:
        del kept[era[0] : era[1]]
    for index in range(len(kept)):
        found = _month_at(kept, index, locale)
        if not found or kept[index].isdigit():
            continue
        number, after = found
        rest = [word for word in (*kept[:index], *kept[after:]) if word not in (",", ".")]
        if not all(word.isdigit() for word in rest) or len(rest) > 2:
            return None
        year = [word for word in rest if len(word) == 4]
        day = [word for word in rest if len(word) <= 2]
        if not rest or len(year) > 1 or len(day) > 1 or len(year) + len(day) != len(rest):
            return None
        lead = "" if day else "thang "
        return lead + "/".join([*day, str(number), *year])
    return None


def _quarter(words: w.Words) -> str | None:
    """T4 2025, S4 2025, II кв. 2025, 2 квартал 2025, ไตรมาส 4/2568 as the Vietnamese phrase."""
    kept = [word for word in words if word not in (".", "/", ",", "-", "er", "e", "й", "г", "tahun")]
    marks = [word for word in kept if word in _QUARTER_WORDS]
    rest = [word for word in kept if word not in _QUARTER_WORDS]
    if len(marks) != 1 or not 1 <= len(rest) <= 2:
        return None
    return "quy " + " ".join(rest)


def _western_years(words: w.Words) -> list[str]:
    """Years of the Buddhist era as those of the common one."""
    return [
        str(int(word) - BUDDHIST_OFFSET) if len(word) == 4 and word.isdigit() and int(word) in BUDDHIST_YEARS else word
        for word in words
    ]


def _dated(text: str, reference: date) -> Deadline | None:
    deadline = parse(text, reference)
    return deadline if deadline.kind in DATED and deadline.due else None


def read_day(text: str, reference: date, locale: str = "vi") -> Reading | None:
    """The day a text in a date field stands for, or None when it is not surely one.

    Numbers are day first in all six languages. A month, quarter, half year or year gives its last day. A day
    without a year is the first not before `reference`. Years of the Buddhist era are turned into common ones.
    The names of the reader's language are tried first, then those of the other five.
    """
    words = _western_years(w.cut(text))
    if not words:
        return None
    deadline = _dated(_spaced(words), reference)
    others = [locale, *(each for each in LOCALES if each != locale)] if locale in LOCALES else [*LOCALES]
    for each in others:
        if deadline:
            break
        translated = _translated(words, each)
        deadline = _dated(translated, reference) if translated else None
    if not deadline:
        quarter = _quarter(words)
        deadline = _dated(quarter, reference) if quarter else None
    if not deadline or not deadline.due:
        return None
    return Reading(text, deadline.due, str(deadline.kind), deadline.start)


def _spaced(words: w.Words) -> str:
    """The tokens as text again. "2-9", a span of numbers in a document, is a day and month in a field."""
    if len(words) == 3 and words[1] in "-." and words[0].isdigit() and words[2].isdigit() and len(words[2]) < 3:
        return f"{words[0]}/{words[2]}"
    return " ".join(words)
