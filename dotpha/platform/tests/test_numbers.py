"""Numbers and days in the reader's form: the table of the design, and numbers as written."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from dotpha.platform import numbers, periods

S = "\u202f"
TABLE = {
    "vi": ("1.234,5", "39,52%", "20/01/2026", "08:30", "10/2025", "quý IV/2025"),
    "en": ("1,234.5", "39.52%", "20 Jan 2026", "08:30", "Oct 2025", "Q4 2025"),
    "ru": (f"1{S}234,5", f"39,52{S}%", "20.01.2026", "08:30", "окт. 2025", "IV кв. 2025"),
    "fr": (f"1{S}234,5", f"39,52{S}%", "20/01/2026", "08:30", "oct. 2025", "T4 2025"),
    "th": ("1,234.5", "39.52%", "20 ม.ค. 2569", "08:30 น.", "ต.ค. 2568", "ไตรมาส 4/2568"),
    "ms": ("1,234.5", "39.52%", "20 Jan 2026", "8.30 pagi", "Okt 2025", "S4 2025"),
}


@pytest.mark.parametrize("locale", TABLE)
def test_every_locale_prints_as_the_table_says(locale: str) -> None:
    printed = (
        numbers.number(1234.5, 1, locale),
        numbers.percent(39.52, 2, locale),
        numbers.day(date(2026, 1, 20), locale),
        numbers.clock(time(8, 30), locale),
        periods.written(periods.parse("2025-10"), locale),
        periods.written(periods.parse("2025-Q4"), locale),
    )
    assert printed == TABLE[locale]


def test_halves_round_away_from_zero_on_the_digits_as_written() -> None:
    assert [numbers.number(x, 2, "en") for x in (1.005, 2.675, -0.125)] == ["1.01", "2.68", "−0.13"]


def test_rounding_to_nothing_leaves_no_minus() -> None:
    assert numbers.number(-0.004, 2, "en") == "0.00"


def test_no_value_gives_no_text_and_zero_gives_zero() -> None:
    assert (numbers.number(None), numbers.number(0), numbers.percent(None), numbers.day(None)) == (
        "",
        "0",
        "",
        "",
    )


@pytest.mark.parametrize("locale", TABLE)
@pytest.mark.parametrize("value", [0, 7, -7, 999, 1000, -12_345, 1_234_567])
def test_whole_numbers_are_written_as_babel_writes_them(value: int, locale: str) -> None:
    assert numbers.number(value, 0, locale) == numbers.number(Decimal(value), 0, locale)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_finite_is_never_shown(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        numbers.number(value)


def test_a_moment_is_shown_as_vietnamese_time_across_midnight() -> None:
    moment = datetime(2025, 12, 31, 17, 30, tzinfo=UTC)
    assert numbers.moment(moment, "vi") == "01/01/2026 00:30"


@pytest.mark.parametrize(
    ("written", "locale", "value", "other"),
    [
        ("1.234", "vi", "1234", "1.234"),
        ("1.234", "en", "1.234", "1234"),
        ("1,5", "vi", "1.5", None),
        ("1,5", "en", "1.5", None),
        ("1.234,5", "en", "1234.5", None),
        ("1,234.5", "vi", "1234.5", None),
        ("1.234.567", "en", "1234567", None),
        (f"1{S}234,5", "fr", "1234.5", None),
        ("0,123", "vi", "0.123", None),
        ("39,52%", "vi", "39.52", None),
        ("−5", "vi", "-5", None),
        ("๑๒", "th", "12", None),
    ],
)
def test_numbers_as_people_write_them(written: str, locale: str, value: str, other: str | None) -> None:
    read = numbers.read_number(written, locale)
    assert read is not None
    assert (read.value, read.other) == (Decimal(value), Decimal(other) if other else None)
    assert read.is_ambiguous is (other is not None)


@pytest.mark.parametrize("written", ["", "N/A", "NaN", "inf", "1e5", "1.23.4", "1 23", "--1", "1,2,3", "9" * 41])
def test_what_is_no_number_is_none(written: str) -> None:
    assert numbers.read_number(written) is None
