"""What waits over periodic reports: the owner's own to make, and for the office how many are missing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dotpha.platform import numbers, periods
from dotpha.platform.actors import Actor
from dotpha.platform.pages import language, url
from dotpha.platform.registry import Duty, InboxList
from dotpha.programmes.inbox import PRESSING, inbox_list
from dotpha.programmes.queries import overview, reporting


def _period(written: str) -> str:
    return periods.written(periods.parse(written), language())


def to_make(by: Actor, on: date) -> Any:
    """Own tasks whose periodic report is missing; one that is overdue or due soon waits in its own list already."""
    rows = reporting.missing_inside(by, "report.write", on).exclude(state__in=PRESSING)
    return rows.exclude(overview.condition("waiting", on))


def _make(task: Any, on: date) -> Duty:
    why = _("The report of %(period)s is missing.") % {"period": _period(task.period)}
    link = url("programmes:report_add", task.key, period=task.period)
    return Duty("report", task.heading.text, why, link, _("Report now"), task.period_due_on, subject=task.subject)


def missing(by: Actor, on: date) -> list[tuple[str, date, int]]:
    """How many reports of each period are missing in the tasks that this person's body gave."""
    return reporting.counts(reporting.missing_given(by, "ladder.office", on))


def _chase(by: Actor, on: date, limit: int) -> list[Duty]:
    return [_urge(*each) for each in missing(by, on)[:limit]]


def _urge(period: str, due_on: date, number: int) -> Duty:
    said = ngettext("%(n)s report of %(period)s is missing", "%(n)s reports of %(period)s are missing", number)
    title = said % {"n": numbers.number(number, 0, language()), "period": _period(period)}
    why = _("It fell due on %(day)s.") % {"day": numbers.day(due_on, language())}
    return Duty("report", title, why, url("programmes:missing_reports", period=period), _("See who"), due_on)


LISTS = [
    inbox_list(
        (
            "reports_to_make", gettext_lazy("Periodic reports to make"), "report.write", to_make, _make,
            ("period_due_on", "key"),
        ),
        19,
    ),
    InboxList(
        "reports_missing", gettext_lazy("Missing reports"), "ladder.office", lambda by, on: len(missing(by, on)),
        _chase, 62,
    ),
]  # fmt: skip
