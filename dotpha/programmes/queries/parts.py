"""Parts of co-operating agencies: those of a task as its page shows them, and the late ones (C6).

`late` is the SQL twin of `rules.parts.is_late`; `tests/test_parts.py` holds them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, DateField, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

from dotpha.directory.models import Organisation
from dotpha.platform import advice
from dotpha.platform.refusals import Refused
from dotpha.platform.spans import valid_on
from dotpha.platform.versions import mark_of
from dotpha.programmes.models import Assignment, PartExtension, PartReport, Task
from dotpha.programmes.rules import parts as rules
from dotpha.programmes.rules.lateness import has_come
from dotpha.programmes.rules.progress import DONE_PERCENT

if TYPE_CHECKING:
    from django.db.models import QuerySet

COOPERATING = ("co_lead", "cooperating")
NO_PART = "none"
"""The mark of the words of an agency that has no part."""


@dataclass(frozen=True)
class Part:
    """One agency's part of a task on a day: its words, its reports in the order of entry, its own state."""

    assignment: Assignment
    reports: list[PartReport]
    on: date
    closed_on: date | None = None

    @cached_property
    def dates(self) -> rules.PartDates:
        return dates_of(self.assignment, self.reports, self.closed_on)

    @property
    def organisation(self) -> Organisation:
        return self.assignment.organisation

    @property
    def is_held(self) -> bool:
        """Whether the agency still has the part on the day; an ended one stays here with what it reported."""
        row = self.assignment
        return row.from_on <= self.on and (row.until_on is None or row.until_on >= self.on)

    @property
    def is_over(self) -> bool:
        """Whether the agency reports no more: the part has ended, be it on its first day."""
        return has_come(self.dates.ended_on, self.on)

    @property
    def says_something(self) -> bool:
        """Whether it has words or a due date of its own, or a report."""
        row = self.assignment
        return bool(row.duty or row.part_due_on or row.part_due_text or self.reports)

    @property
    def state(self) -> rules.PartState:
        return rules.state(self.dates, self.on)

    @property
    def timing(self) -> str:
        """The state by the part's own due date, in the words of task states."""
        return rules.timing(self.dates, self.on).value

    @property
    def is_late(self) -> bool:
        return rules.is_late(self.dates, self.on)

    @property
    def waits_for(self) -> rules.Side | None:
        return rules.waits_for(self.dates, self.on)

    @property
    def mark(self) -> str:
        """Names what waits, so that an answer is given to what was read; empty when nothing waits."""
        return mark(self.waits_for, self.assignment, self.reports)

    @property
    def is_returned(self) -> bool:
        return rules.is_returned(self.dates, self.on)

    @property
    def is_declined(self) -> bool:
        """Whether the agency sent back what was set for it, and nothing was set or reported since."""
        returned_on = self.assignment.returned_on
        if returned_on is None or returned_on > self.on:
            return False
        return not any(returned_on <= each.reported_on <= self.on for each in self.reports)

    @property
    def newest(self) -> PartReport | None:
        """The newest report made by the day."""
        known = [each for each in self.reports if each.reported_on <= self.on]
        return known[-1] if known else None

    @property
    def reported_on(self) -> date | None:
        """The day of the report that says it is done, while it stands."""
        report = rules.done_report(self.dates, self.on)
        return report.reported_on if report else None

    @property
    def told(self) -> list[tuple[PartReport, str]]:
        """The reports made by the day, newest first, each waiting, replaced, confirmed or returned as it was then."""
        known = [each for each in self.reports if each.reported_on <= self.on]
        return list(zip(known, rules.outcomes(self.dates, self.on), strict=True))[::-1]


def dated(report: PartReport) -> rules.Told:
    """A report as the rules want it."""
    return rules.Told(report.reported_on, report.percent, report.confirmed_on, report.returned_on)


def dates_of(row: Assignment, reports: Iterable[PartReport], closed_on: date | None = None) -> rules.PartDates:
    """The facts of one part as the rules want them."""
    return rules.PartDates(
        due_on=row.part_due_on,
        set_on=row.set_on,
        confirmed_on=row.confirmed_on,
        returned_on=row.returned_on,
        told=tuple(dated(each) for each in reports),
        ended_on=_ended_on(row),
        closed_on=closed_on,
    )


def _ended_on(row: Assignment) -> date | None:
    """The first day without the part. One that ends on its first day has no day at all."""
    if row.until_on is None or row.until_on == row.from_on:
        return row.until_on
    return row.until_on + timedelta(days=1)


def said(row: Assignment) -> dict[str, Any]:
    """The words of a part, as its events keep them."""
    return {
        "organisation": row.organisation.key,
        "part": row.part,
        "duty": row.duty,
        "part_due_on": row.part_due_on,
        "part_due_text": row.part_due_text,
    }


def words_mark(row: Assignment | None) -> str:
    """Names the words of a part; other words have another mark."""
    if row is None:
        return NO_PART
    return f"words-{mark_of(*said(row).values())}"


def mark(side: rules.Side | None, row: Assignment, reports: Sequence[PartReport]) -> str:
    """Names what waits for a side: the newest report for the lead, the words for the agency; empty for nobody."""
    if side is None:
        return ""
    return f"report-{reports[-1].pk}" if side is rules.Side.LEAD else words_mark(row)


def of_task(task: Task, assignments: Iterable[Assignment], on: date, closed_on: date | None) -> list[Part]:
    """The parts held on a day, and those of agencies that had one before and reported on it: two queries."""
    told: dict[int, list[PartReport]] = {}
    rows = task.part_reports.filter(reported_on__lte=on).select_related("reported_by", "confirmed_by", "returned_by")
    for report in rows.prefetch_related("evidence__file").order_by("pk"):
        told.setdefault(report.organisation_id, []).append(report)
    newest: dict[int, Assignment] = {}
    for row in assignments:
        if row.part in COOPERATING and row.from_on <= on:
            newest[row.organisation_id] = row
    found = [Part(row, told.get(key, []), on, closed_on) for key, row in newest.items()]
    return [each for each in found if each.is_held or each.reports]


def extensions(task: Task, on: date) -> dict[int, list[PartExtension]]:
    """The later days asked for by a day, by agency, oldest first: one query."""
    found: dict[int, list[PartExtension]] = {}
    rows = task.part_extensions.filter(requested_on__lte=on).select_related("requested_by", "decided_by")
    for each in rows.order_by("pk"):
        found.setdefault(each.organisation_id, []).append(each)
    return found


def nothing_asked() -> Refused:
    """The refusal to decide where no later day of a part waits for it."""
    return Refused("not_found", _("No later day of this part waits for a decision."), do=advice.LOOK, status=404)


def open_extensions() -> QuerySet[PartExtension]:
    """The later days asked for parts that nobody has decided on."""
    return PartExtension.objects.filter(granted_on=None, refused_on=None, withdrawn_on=None)


def waiting_extensions(on: date) -> QuerySet[PartExtension]:
    """Those that wait on a day: a part that stands reported as done needs no later day, one sent back does again."""
    return open_extensions().filter(requested_on__lte=on).exclude(Exists(done_reports(on)))


def held(on: date) -> QuerySet[Assignment]:
    """The parts that co-operating and co-leading agencies hold on a day."""
    return Assignment.objects.filter(valid_on(on), part__in=COOPERATING)


def going(on: date) -> Q:
    """The condition that an agency has its part on a day and may report on it: see `_ended_on`."""
    return Q(until_on=None) | Q(until_on__gt=on) | Q(until_on=on, from_on__lt=on)


def newest(on: date) -> QuerySet[Assignment]:
    """Each agency's part as it was last by a day, be it held still or ended."""
    rows = Assignment.objects.filter(part__in=COOPERATING, from_on__lte=on)
    later = rows.filter(task=OuterRef("task"), organisation=OuterRef("organisation"), pk__gt=OuterRef("pk"))
    return rows.exclude(Exists(later))


def done_reports(on: date) -> QuerySet[PartReport]:
    """Of the part in the outer query, the reports that say it is done and were not returned by a day."""
    standing = Q(returned_on=None) | Q(returned_on__gt=on)
    says_done = Q(percent=None) | Q(percent=DONE_PERCENT)
    return newest_first(on).filter(standing, says_done)


def newest_first(on: date) -> QuerySet[PartReport]:
    """The reports made by a day on the part in the outer query, newest first."""
    rows = PartReport.objects.filter(task=OuterRef("task"), organisation=OuterRef("organisation"), reported_on__lte=on)
    return rows.order_by("-pk")


def late(on: date, rows: QuerySet[Assignment] | None = None) -> QuerySet[Assignment]:
    """Of these parts, or of those held, the ones late on a day by their own due date: reported after it, or not
    reported and past it."""
    ended = Q(task__completed_on__lte=on) | Q(task__cancelled_on__lte=on)
    last_day = Case(
        When(ended, then=Least("task__completed_on", "task__cancelled_on")),
        default=Value(on),
        output_field=DateField(),
    )
    reported_on = Subquery(done_reports(on).values("reported_on")[:1])
    # Neither day lies after `on`; asked first, this spares the reports of parts that are not due.
    due = (held(on) if rows is None else rows).filter(part_due_on__lt=on)
    return due.filter(part_due_on__lt=Coalesce(reported_on, last_day, output_field=DateField()))


def told(on: date) -> QuerySet[Any]:
    """The parts known on a day (`newest`) with what was told of them by then: `told_on` and `told_by` of the newest
    report, `waits` while it is neither confirmed nor returned, `sent_back`, and `is_done` by a report that stands."""
    reports = newest_first(on)
    answered = Q(confirmed_on__lte=on) | Q(returned_on__lte=on)
    return newest(on).annotate(
        told_on=Subquery(reports.values("reported_on")[:1]),
        told_by=Subquery(reports.values("reported_by")[:1]),
        waits=Subquery(
            reports.annotate(open=Case(When(answered, then=Value(False)), default=Value(True))).values("open")[:1]
        ),
        sent_back=Subquery(reports.values("return_reason")[:1]),
        is_done=Exists(done_reports(on)),
    )


@dataclass(frozen=True)
class Credit:
    """An agency's own parts of tasks led by others: how many there are, done, confirmed, and late."""

    held: int = 0
    done: int = 0
    confirmed: int = 0
    late: int = 0


def credit(organisation: Organisation, tasks: QuerySet[Any], on: date) -> Credit:
    """What an agency did of its own parts in these tasks, whatever became of the tasks: one query.

    A part counts that has words or a due date of its own, or a report; an ended one only for what was reported.
    """
    speaks = ~Q(duty="") | Q(part_due_on__isnull=False) | ~Q(part_due_text="")
    rows = told(on).filter((going(on) & speaks) | Q(told_on__isnull=False), organisation=organisation, task__in=tasks)
    confirmed_on = Subquery(done_reports(on).values("confirmed_on")[:1])
    counted = rows.annotate(credited_on=confirmed_on).aggregate(
        held=Count("pk"),
        done=Count("pk", filter=Q(is_done=True)),
        confirmed=Count("pk", filter=Q(credited_on__lte=on)),
        late=Count("pk", filter=Q(pk__in=late(on, newest(on)).values("pk"))),
    )
    return Credit(**counted)
