"""Dated occurrences of recurring and continuous tasks (requirement C15).

"Hằng năm", "hằng quý" give occurrences by what the phrase says; "thường xuyên" by the reporting frequency.
Each occurrence is a period of the calendar, due on its last day or a fixed number of days from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.periods import Period, Size, containing
from dotpha.platform.refusals import Refused

SERIES_KINDS = frozenset({"recurring", "continuous"})
FREQUENCIES = {size.value: size for size in (Size.YEAR, Size.HALF, Size.QUARTER, Size.MONTH)}
# Twenty years of months: more is a slip of the pen in one of the two days.
MOST = 240


@dataclass(frozen=True)
class Occurrence:
    """One turn of a series: its period and the day on which its report falls due."""

    period: Period
    due_on: date


def _periods(size: Size, first_day: date, last_day: date) -> Iterator[Period]:
    period = containing(first_day, size)
    while period.first_day <= last_day:
        yield period
        period = period.following()


def occurrences(kind: str, every: str, first_day: date, last_day: date, grace_days: int = 0) -> list[Occurrence]:
    """The occurrences that begin or run in the days given, both included, in order.

    `every`: year, half, quarter or month. `grace_days`: days after the period's end on which the report is
    due (negative: before). A period that began before `first_day` counts when it ends in the days given.
    Raises `Refused` for another kind or frequency, for days in the wrong order, or for more than `MOST`.
    """
    if kind not in SERIES_KINDS:
        raise Refused(
            "not_a_series",
            _("Only recurring and continuous tasks have occurrences."),
            do=advice.OTHER_DEADLINE,
            status=409,
        )
    size = FREQUENCIES.get(every)
    if size is None:
        raise Refused("frequency_unknown", _("Choose year, half year, quarter or month."), field="every")
    if last_day < first_day:
        raise Refused("days_out_of_order", _("The last day is before the first one."), do=advice.ONE_DAY, field="until")
    found: list[Occurrence] = []
    for period in _periods(size, first_day, last_day):
        found.append(Occurrence(period, period.last_day + timedelta(days=grace_days)))
        if len(found) > MOST:
            raise Refused(
                "too_many_occurrences",
                _("These days give more than %(most)s occurrences. Choose fewer."),
                field="until",
                most=MOST,
            )
    return found


def missing(planned: list[Occurrence], recorded: set[str]) -> list[Occurrence]:
    """The planned occurrences whose period (as written) is not recorded yet: making them twice adds none."""
    return [each for each in planned if str(each.period) not in recorded]
