"""Collective tasks: one part for each member (C6). Recurring ones: dated occurrences (C15)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.directory.models import Organisation
from dotpha.platform import advice, audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions.course import insert_under, programme_of
from dotpha.programmes.actions.steps import locked_open
from dotpha.programmes.models import Assignment, Occurrence, Task
from dotpha.programmes.queries import reporting
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.rules import breakdown as rules
from dotpha.programmes.rules import occurrences as series
from dotpha.programmes.task_row import TaskRow


def members_of(groups: Sequence[Organisation], on: date) -> list[Organisation]:
    """The organisations of the kinds that these groups name, valid on a day, in the order of the directory."""
    kinds = {kind for group in groups for kind in group.member_kinds}
    valid = (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_to=None) | Q(valid_to__gte=on))
    return list(Organisation.objects.filter(valid, kind__in=kinds).order_by("sort_key", "key"))


@action
def spread_task(*, task: Task, members: Sequence[Organisation] | None = None, by: Actor, on: date) -> list[Task]:
    """Make one part of a collective task for each member, those named or those of its groups on that day.

    Spread again, it adds only the members that have no part yet. A part carries the wording and the deadline
    of the whole, counts in its parent, and has its member as lead.
    """
    by = rights.require(by, "task.break_down", queries.scopes_of(task))
    task = locked_open(task)
    if task.is_part:
        raise Refused(
            "part_of_whole", _("A part of a collective task is not spread again."), do=advice.BREAK_DOWN, status=409
        )
    parts = task.assignments.filter(part__in=["lead", "co_lead"], until_on=None).select_related("organisation")
    groups = [each.organisation for each in parts if each.organisation.is_group]
    named = list(members) if members is not None else members_of(groups, on)
    if not named:
        raise Refused("no_members", _("Name the members over which this task is spread."), field="members")
    leads = _leads_of_parts(task)
    drafts = rules.spread(task.key, task.heading.text, [each.key for each in named], leads)
    programme = programme_of(task)
    membership = task.memberships.select_related("group").get(programme=programme)
    group = membership.group.key if membership.group else ""
    rows = [_part(task, draft.lead, group) for draft in drafts]
    made = insert_under(task, programme, rows, by, on)
    if made:
        audit.record("task.spread", task, by, after={"parts": len(made)})
    return made


def _part(task: Task, lead: str, group: str) -> TaskRow:
    return TaskRow(
        key=f"{task.key}-{lead}"[:100],
        title=task.title,
        lead=lead,
        deadline_text=task.deadline_text or "–",
        deadline_kind=task.deadline_kind,
        deadline_start_on=task.deadline_start_on,
        due_on=task.original_due_on,
        recurs_every=task.recurs_every,
        group=group,
        parent=task.key,
        is_part=True,
        assigned_on=task.assigned_on,
        verbatim=task.verbatim,
        source=task.source,
        is_sample=task.is_sample,
    )


@action
def make_occurrences(
    *, task: Task, first_day: date, last_day: date, every: str = "", grace_days: int = 0, by: Actor, on: date
) -> list[Occurrence]:
    """Add the dated occurrences of a recurring task within these days; those there already stay as they are."""
    by = rights.require(by, "task.change", queries.assigner_scopes(task))
    task = locked_open(task)
    every = every or task.recurs_every or reporting.frequency_of(task)
    begin = task.deadline_start_on or task.assigned_on
    planned = series.occurrences(task.deadline_kind, every, first_day, last_day, grace_days)
    planned = [each for each in planned if each.period.last_day >= begin]
    recorded = set(task.occurrences.values_list("period", flat=True))
    made = Occurrence.objects.bulk_create(
        Occurrence(task=task, period=str(each.period), due_on=each.due_on) for each in series.missing(planned, recorded)
    )
    if made:
        audit.record("task.occurrence_added", task, by, after={"periods": [each.period for each in made]})
    return made


def _leads_of_parts(task: Task) -> list[str]:
    """The members that have a part of a collective task."""
    parts = Assignment.objects.filter(task__parent=task, task__is_part=True, part="lead", until_on=None)
    return list(parts.values_list("organisation__key", flat=True))
