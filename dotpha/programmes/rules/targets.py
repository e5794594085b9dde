"""What makes a target one that can be judged: its year, and a number for what is measured (requirement C2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.refusals import Refused

EARLIEST, LATEST = 1945, 2200
"""The years that a target may name (product default): others are slips of the pen."""

IN_WORDS = frozenset({"", "qualitative", "composite"})
"""Comparisons without a number: the result is judged by its words, or by the parts of the target."""

BETWEEN = "between"
MEASURED = frozenset({">=", ">", "<=", "=", BETWEEN, "rank_top"})
"""Comparisons with a number. Both sets are the model's `Target.Comparison`, which a test holds together."""

_LARGEST = Decimal(10) ** 14
_PLACES = 6


def in_force(withdrawn_on: date | None, on: date) -> bool:
    """Whether a target counts on a day: one withdrawn counts up to the day before."""
    return withdrawn_on is None or on < withdrawn_on


def require_year(year: int | None) -> None:
    """Refuse a target without a year, or with one that cannot be meant."""
    if not year:
        raise Refused("year_missing", _("A target needs its year."), do=advice.FILL, field="year")
    if not EARLIEST <= year <= LATEST:
        sentence = _("Give a year from %(first)s to %(last)s.")
        raise Refused(
            "year_out_of_range", sentence, do=advice.FILL, field="year", first=str(EARLIEST), last=str(LATEST)
        )


def require_measure(comparison: str, number: Decimal | None, number_high: Decimal | None, result_text: str) -> None:
    """Refuse a measurable target without its number, a range without both ends, and a number nothing compares.

    One in words needs the result as the document writes it; one by its parts has it in them.
    """
    if comparison not in IN_WORDS | MEASURED:
        raise Refused(
            "comparison_unknown", _("“%(text)s” is no comparison."), do=advice.LIST, field="comparison", text=comparison
        )
    if comparison in IN_WORDS:
        if number is not None or number_high is not None:
            raise Refused(
                "comparison_missing", _("Say how the number is compared: at least, at most …"), field="comparison"
            )
        if comparison == "qualitative" and not result_text.strip():
            raise Refused("result_missing", _("Write the result that a target in words asks for."), field="result_text")
        return
    _require_number(number, "number")
    if comparison == BETWEEN:
        _require_number(number_high, "number_high")
        if number is not None and number_high is not None and number_high <= number:
            raise Refused(
                "range_reversed",
                _("The upper number must be above the lower one."),
                do=advice.CORRECT,
                field="number_high",
            )
    elif number_high is not None:
        raise Refused(
            "number_high_unused",
            _("Only a target between two numbers has an upper one."),
            do=advice.LEAVE_OUT,
            field="number_high",
        )


def _require_number(number: Decimal | None, field: str) -> None:
    """Refuse no number, and one that could not be kept as it was given."""
    if number is None:
        raise Refused("number_missing", _("Give the number of a measurable target, or choose “in words”."), field=field)
    if not number.is_finite() or abs(number) >= _LARGEST or number != round(number, _PLACES):
        raise Refused("number_too_long", _("Give a number of at most 14 digits and 6 decimal places."), field=field)


def require_in_force(withdrawn_on: date | None) -> None:
    """Refuse to change or withdraw what is withdrawn already."""
    if withdrawn_on is not None:
        raise Refused("target_withdrawn", _("This target is withdrawn. Put it in force again first."), status=409)


def require_withdrawn(withdrawn_on: date | None) -> None:
    """Refuse to put in force what is in force."""
    if withdrawn_on is None:
        raise Refused("target_in_force", _("This target is in force already."), do=advice.LOOK, status=409)
