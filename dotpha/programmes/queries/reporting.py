"""Periodic reports that are missing: the SQL twin of `rules.reporting`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Count, DateField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf

from dotpha.platform import days, periods
from dotpha.platform.actors import Actor
from dotpha.platform.periods import Period
from dotpha.programmes.models import Membership, Occurrence, Report, Task
from dotpha.programmes.queries import overview, reach, tasks
from dotpha.programmes.queries.programmes import visible_programmes
from dotpha.programmes.rules import reporting
from dotpha.programmes.rules.occurrences import FREQUENCIES

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dotpha.programmes.queries.tasks import TaskRows

OFFERED = 4
"""How many periods of each frequency a list offers to choose from."""


def due(on: date, period: str = "") -> dict[str, Period]:
    """For each frequency the period whose report is asked about: the latest that fell due, or the one given.

    A period that has not ended asks for nothing. Raises `Refused("period_unreadable")`.
    """
    if period:
        asked = periods.parse(period)
        is_asked = asked.size in FREQUENCIES.values() and asked.last_day < reporting.asked_from(on)
        return {asked.size.value: asked} if is_asked else {}
    return {every: found for every in FREQUENCIES if (found := reporting.last_due(every, on))}


def missing(by: Actor, on: date, period: str = "") -> TaskRows:
    """Open tasks that this person may see and whose report of a period is missing, with `period` as written and the
    day on which it fell due, `period_due_on`.

    A task with dated rounds is asked for that due longest (or that of the period), before what its programme asks.
    Of a collective task each member reports on its part. A suspended task reports nothing.
    """
    return _without_report(tasks.visible(by, on), on, due(on, period), period)


def missing_inside(by: Actor, right: str, on: date) -> TaskRows:
    """Those of tasks in whose lead agency this person holds a right."""
    rows = tasks.with_state(tasks.assigned(on), on).filter(reach.inside(by, right, "lead__organisation", "place"))
    return _without_report(rows, on, due(on))


def missing_given(by: Actor, right: str, on: date) -> TaskRows:
    """Those of tasks in whose giver this person holds a right."""
    return _without_report(tasks.with_state(tasks.assigned(on), on).filter(reach.given(by, right)), on, due(on))


def _without_report(rows: TaskRows, on: date, asked: dict[str, Period], period: str = "") -> TaskRows:
    rounds = _silent_rounds(on)
    if period:
        rounds = rounds.filter(period=str(periods.parse(period)))
    first = rounds.filter(task=OuterRef("pk")).order_by("due_on", "period")
    often = Membership.objects.filter(task=OuterRef("pk")).exclude(programme__report_every="")
    rows = rows.filter(Q(overview.condition("each_body", on)), state__in=overview.OPEN)
    rows = rows.exclude(overview.condition("suspended", on)).alias(
        report_every=Subquery(often.values("programme__report_every")[:1])
    )
    rows = rows.alias(
        asked_period=_of_each(asked, str, CharField()),
        asked_due_on=_of_each(asked, _last_day, DateField()),
        period_from=_of_each(asked, _first_day, DateField()),
    )
    found: TaskRows = rows.annotate(
        period=Coalesce(Subquery(first.values("period")[:1]), "asked_period", output_field=CharField()),
        period_due_on=Coalesce(Subquery(first.values("due_on")[:1]), "asked_due_on", output_field=DateField()),
    )
    owes = Q(report_every__in=list(asked), assigned_on__lte=F("period_from")) & ~Exists(_told(on))
    return found.filter(Q(pk__in=rounds.values("task")) | owes)


def _silent_rounds(on: date) -> QuerySet[Occurrence]:
    """The dated rounds whose report is missing on a day: the twin of `reporting.silent_round`."""
    told = _sent(on).filter(task=OuterRef("task"), named=OuterRef("period"))
    rounds = Occurrence.objects.filter(due_on__lt=reporting.asked_from(on))
    return rounds.filter(Q(completed_on=None) | Q(completed_on__gt=on)).exclude(Exists(told))


def _first_day(period: Period) -> date:
    return period.first_day


def _last_day(period: Period) -> date:
    return period.last_day


def _of_each(asked: dict[str, Period], fact: Any, field: Any) -> Case:
    """A fact of the period that a task's frequency asks about."""
    cases = [When(report_every=every, then=Value(fact(period))) for every, period in asked.items()]
    return Case(*cases, output_field=field)


def _told(on: date) -> Any:
    """The reports sent by a day that are those of the period of the task's row: the twin of `reporting.tells`."""
    inside = Q(named="", reported_on__gte=OuterRef("period_from"), reported_on__lte=OuterRef("asked_due_on"))
    return _sent(on).filter(Q(named=OuterRef("asked_period")) | inside, task=OuterRef("pk"))


def _sent(on: date) -> Any:
    """The reports sent by a day, with the period that each names, itself or through its round, as `named`."""
    named = Coalesce(NullIf("period", Value("")), "occurrence__period", Value(""), output_field=CharField())
    return Report.objects.filter(submitted_at__lt=days.end_of(on)).alias(named=named)


def counts(rows: TaskRows) -> list[tuple[str, date, int]]:
    """How many reports of each period are missing: as written, the day on which they fell due, number."""
    counted = rows.order_by().values("period", "period_due_on").annotate(n=Count("pk")).order_by("period_due_on")
    return list(counted.values_list("period", "period_due_on", "n"))


def offered(by: Actor, on: date) -> list[Period]:
    """The periods to choose from: the latest of each frequency that a programme of this person's reports by."""
    used = visible_programmes(by).exclude(report_every="").order_by().values_list("report_every", flat=True).distinct()
    return [period for every in FREQUENCIES if every in set(used) for period in reporting.recent(every, on, OFFERED)]


def of_task(task: Task, on: date) -> Period | None:
    """The period whose report is missing of one task: the twin of `missing` for its form."""
    sent = task.reports.filter(submitted_at__lt=days.end_of(on)).select_related("occurrence")
    told = [(each.period or (each.occurrence.period if each.occurrence else ""), each.reported_on) for each in sent]
    rounds = [reporting.Round(each.period, each.due_on, each.completed_on) for each in task.occurrences.all()]
    silent = reporting.silent_round(rounds, {named for named, _day in told}, on)
    if silent:
        return periods.parse(silent.period)
    return reporting.missing(tasks.reporting_frequency(task), task.assigned_on, told, on)
