"""Numbers, days and moments in the reader's form; numbers as people write them (design, section 6). Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Literal

from babel.dates import format_time, get_month_names
from babel.numbers import format_decimal, get_group_symbol

from dotpha.platform.zone import ZONE

LOCALES = ("vi", "en", "ru", "fr", "th", "ms")
NARROW_SPACE = "\u202f"
MINUS = "\u2212"
EN_DASH = "–"
BUDDHIST_OFFSET = 543
_COMMA_LOCALES = frozenset({"vi", "ru", "fr"})
_SPACED_PERCENT = frozenset({"ru", "fr"})
_NUMERIC_DAY = {"vi": "{:%d/%m/%Y}", "fr": "{:%d/%m/%Y}", "ru": "{:%d.%m.%Y}"}
_GROUP = {code: get_group_symbol(code).replace("\u00a0", NARROW_SPACE) for code in LOCALES}

Number = int | float | Decimal


def locale_of(locale: str) -> str:
    """One of the six; a region is left out, anything else is Vietnamese."""
    code = locale[:2].lower()
    return code if code in LOCALES else "vi"


def number(value: Number | None, decimals: int | None = 0, locale: str = "vi") -> str:
    """A number with groups of three and the decimals asked for; None for `decimals` keeps its own.

    Halves are rounded away from zero on the decimal digits as written, never on their binary image. No value
    gives an empty text: what stands in its place is the page's to say.
    """
    if value is None:
        return ""
    if isinstance(value, int) and not decimals:  # nearly every number of a page: Babel takes ten times as long
        return (MINUS if value < 0 else "") + f"{abs(value):,}".replace(",", _GROUP[locale_of(locale)])
    exact = Decimal(str(value))
    if not exact.is_finite():
        raise ValueError("a number to show is finite")
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    places = max(0, -int(exact.as_tuple().exponent))
    pattern = "#,##0" + ("." + "0" * places if places else "")
    shown = format_decimal(exact.copy_abs(), format=pattern, locale=locale_of(locale), decimal_quantization=False)
    # Minus zero after rounding is plain zero.
    sign = MINUS if exact < 0 else ""
    return sign + shown.replace("\u00a0", NARROW_SPACE)


def percent(value: Number | None, decimals: int | None = 0, locale: str = "vi") -> str:
    """A percentage whose value is already in percent: 39.52 is shown as 39,52%."""
    if value is None:
        return ""
    gap = NARROW_SPACE if locale_of(locale) in _SPACED_PERCENT else ""
    return f"{number(value, decimals, locale)}{gap}%"


def span(first: Number, last: Number, decimals: int | None = 0, locale: str = "vi") -> str:
    """A range of numbers: an en dash without blanks."""
    return f"{number(first, decimals, locale)}{EN_DASH}{number(last, decimals, locale)}"


def year_of(year: int, locale: str) -> int:
    """The year as it is counted in a language: the Buddhist one in Thai."""
    return year + BUDDHIST_OFFSET if locale == "th" else year


def month_name(month: int, locale: str, context: Literal["format", "stand-alone"]) -> str:
    """A month's short name, within a date or by itself."""
    return str(get_month_names("abbreviated", context, locale)[month])


def day(value: date | None, locale: str = "vi") -> str:
    """A date in full, Thai ones with the Buddhist year."""
    if value is None:
        return ""
    code = locale_of(locale)
    if code in _NUMERIC_DAY:
        return _NUMERIC_DAY[code].format(value)
    return f"{value.day} {month_name(value.month, code, 'format')} {year_of(value.year, code)}"


def clock(value: time, locale: str = "vi") -> str:
    """A time of day: 24 hours, in Malay twelve with the part of the day."""
    code = locale_of(locale)
    if code == "ms":
        return str(format_time(value, "h.mm B", locale="ms"))
    return f"{value:%H:%M} น." if code == "th" else f"{value:%H:%M}"


def moment(value: datetime | None, locale: str = "vi") -> str:
    """A moment as day and time of Asia/Ho_Chi_Minh; one without a zone is taken as of that zone."""
    if value is None:
        return ""
    local = value.astimezone(ZONE) if value.tzinfo else value
    return f"{day(local.date(), locale)} {clock(local.time(), locale)}"


@dataclass(frozen=True)
class NumberRead:
    """A number as written and as read. `other` is a second meaning it may have; None when it has one only."""

    text: str
    value: Decimal
    other: Decimal | None = None

    @property
    def is_ambiguous(self) -> bool:
        return self.other is not None


_BLANK = re.compile(r"[\s\u00a0\u202f\u2009'’]")
_SHAPE = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)*|[-+]?[.,][0-9]+")
_MAX_LENGTH = 40


def _decimal(whole: str, part: str = "") -> Decimal | None:
    try:
        return Decimal(f"{whole}.{part}" if part else whole)
    except InvalidOperation:
        return None


def _groups_of_three(groups: list[str]) -> bool:
    return 1 <= len(groups[0].lstrip("+-")) <= 3 and all(len(group) == 3 for group in groups[1:])


def _one_sign(text: str, sign: str, is_decimal_sign: bool) -> tuple[Decimal | None, Decimal | None]:
    """A number with one kind of sign in it, once or more: its meaning and a second one."""
    groups = text.split(sign)
    grouped = _decimal("".join(groups)) if _groups_of_three(groups) else None
    if len(groups) > 2:
        return grouped, None
    whole, part = groups
    pointed = _decimal(whole if whole.strip("+-") else f"{whole}0", part)
    # "0,123" is never a group of thousands.
    if grouped is None or not whole.lstrip("+-0"):
        return pointed, None
    return (pointed, grouped) if is_decimal_sign else (grouped, pointed)


def _two_signs(text: str) -> Decimal | None:
    """A number with both signs: the last one is the decimal sign and stands once."""
    sign = "." if text.rindex(".") > text.rindex(",") else ","
    whole, part = text.rsplit(sign, 1)
    groups = whole.split("," if sign == "." else ".")
    return _decimal("".join(groups), part) if sign not in whole and _groups_of_three(groups) else None


def _plain(text: str) -> str | None:
    """Digits and signs alone; blanks only between groups of three."""
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    bare = digits.replace(MINUS, "-").strip().removesuffix("%").strip()
    groups = _BLANK.split(bare)
    if len(groups) > 1:
        if not all(group.lstrip("+-").isdigit() for group in groups[:-1]):
            return None
        last = re.split(r"[.,]", groups[-1])
        if len(last) > 2 or not _groups_of_three([*groups[:-1], last[0]]):
            return None
    bare = "".join(groups)
    return bare if _SHAPE.fullmatch(bare) else None


def read_number(text: str, locale: str = "vi") -> NumberRead | None:
    """A number as written, in the reader's language first, or None when it is none.

    "1.234" may be a thousand and some or one and a bit: the language decides and `other` keeps the second
    meaning, so that the form can ask. A percent sign is taken off; the value stays in percent.
    """
    bare = _plain(text) if len(text) <= _MAX_LENGTH else None
    if bare is None:
        return None
    has_blank = bool(_BLANK.search(text.strip().removesuffix("%").strip()))
    decimal_sign = "," if locale_of(locale) in _COMMA_LOCALES else "."
    other: Decimal | None = None
    if "." in bare and "," in bare:
        value = None if has_blank else _two_signs(bare)
    elif "." in bare or "," in bare:
        sign = "." if "." in bare else ","
        value, other = _one_sign(bare, sign, sign == decimal_sign or has_blank)
        other = None if has_blank else other
    else:
        value = _decimal(bare)
    return NumberRead(text, value, other) if value is not None else None
