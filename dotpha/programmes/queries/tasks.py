"""Reading tasks: what a reader may see, with lead, due date in force and state on a day.

`with_state` is the SQL twin of `rules.lateness`; `tests/test_lateness.py` holds them together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import scopes
from dotpha.directory.models import Organisation
from dotpha.platform import advice
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.spans import valid_on
from dotpha.programmes.models import Blocker, Extension, Report, Task
from dotpha.programmes.queries import parts, reach, sources
from dotpha.programmes.rules.lateness import DUE_SOON_DAYS, Change, State, TaskDates

if TYPE_CHECKING:
    TaskRows = QuerySet[Any]  # tasks with what `with_state` and `with_details` add to them


within = reach.within
"""Limits tasks to those in which a person holds a right."""


def visible(by: Actor, on: date, *, original: bool = False) -> TaskRows:
    """The tasks assigned by that day which this person may see, with lead, due date and state.

    `original` judges them as if no change of a due date had ever been granted (C12).
    """
    return within(_of_day(on, original).all(), by)


def detailed(on: date, *, original: bool = False) -> TaskRows:
    """Every task assigned by that day with all that a list shows: to be read of keys that a person may see."""
    return _detailed(on, original).all()


@lru_cache(maxsize=64)
def _of_day(on: date, original: bool) -> TaskRows:
    """Never read itself, but chained upon: to build these expressions takes longer than the database for a list."""
    return with_state(assigned(on), on, original=original)


@lru_cache(maxsize=64)
def _detailed(on: date, original: bool) -> TaskRows:
    return with_details(_of_day(on, original).order_by(), on)


def assigned(on: date) -> TaskRows:
    """Every task assigned by the end of a day; a later one is not known on it."""
    return Task.objects.filter(assigned_on__lte=on)


def readable(by: Actor, on: date, *, original: bool = False, detail: bool = False) -> TaskRows:
    """The tasks of `visible` and those that everybody may read: whoever signs in reads no less than the public.

    Show of them what the public is shown: reports, blockers and history are for those who may see the task.
    """
    rows: TaskRows = detailed(on, original=original) if detail else _of_day(on, original).all()
    return reach.readable(rows, by)


def with_lead(tasks: TaskRows, on: date) -> TaskRows:
    """Join the assignment that leads on a day as `lead`; `named` reads it. Unless asked for it costs nothing."""
    rows: TaskRows = tasks.alias(
        lead=FilteredRelation("assignments", condition=Q(assignments__part="lead") & valid_on(on, "assignments__"))
    )
    return rows


_UNREAD_OF_LEADS = [
    f"lead__organisation__{each.name}"
    for each in Organisation._meta.concrete_fields
    if each.name not in ("id", "key", "name")
]


def named(tasks: TaskRows) -> TaskRows:
    """Read the lead agency with each task: key and name of `lead.organisation`, and `lead_id`, None without a lead."""
    rows: TaskRows = tasks.select_related("lead__organisation").annotate(lead_id=F("lead__organisation_id"))
    return rows.defer(*_UNREAD_OF_LEADS)


def lead_of(task: Any) -> str:
    """The name of the agency that leads a task read by `named`, or what the document says of it."""
    return str(task.lead.organisation.title.text if task.lead_id else task.lead_text)


def with_state(tasks: TaskRows, on: date, *, original: bool = False) -> TaskRows:
    """Add `due_on` and `state` as they were on a day, or against the original due dates, and the lead."""
    rows = with_lead(tasks, on)
    rows = rows.annotate(due_on=F("original_due_on")) if original else _with_due_date(rows, on)
    found: TaskRows = rows.annotate(state=state_case(on)).alias(progress=_progress(on))
    return found


def _with_due_date(tasks: TaskRows, on: date) -> TaskRows:
    """Add the due date in force on a day.

    A task that had ended by then keeps that of its last day: a change granted after completion alters
    nothing. A suspension is a line without a date.
    """
    ended_on = Case(
        When(Q(completed_on__lte=on) | Q(cancelled_on__lte=on), then=Least("completed_on", "cancelled_on")),
        output_field=DateField(),
    )
    judged_on = Coalesce(ended_on, Value(on), output_field=DateField())
    rows: TaskRows = tasks.alias(
        in_force=FilteredRelation(
            "extensions",
            condition=Q(extensions__granted_on__lte=judged_on)
            & (Q(extensions__superseded_on=None) | Q(extensions__superseded_on__gt=judged_on)),
        )
    )
    due_on = Case(
        When(in_force__pk__isnull=False, then=F("in_force__new_due_on")),
        default=F("original_due_on"),
        output_field=DateField(),
    )
    found: TaskRows = rows.annotate(due_on=due_on)
    return found


def state_case(on: date) -> Case:
    """The state of a day as SQL over `due_on`, in the order of contracts, "Task states"."""
    done = Q(completed_on__lte=on) & (Q(cancelled_on=None) | Q(completed_on__lte=F("cancelled_on")))
    return Case(
        When(done & Q(completed_on__gt=F("due_on")), then=Value(State.DONE_LATE.value)),
        When(done, then=Value(State.DONE_ON_TIME.value)),
        When(cancelled_on__lte=on, then=Value(State.CANCELLED.value)),
        When(due_on__lt=on, then=Value(State.OVERDUE.value)),
        When(due_on__lte=on + timedelta(days=DUE_SOON_DAYS), then=Value(State.DUE_SOON.value)),
        When(started_on__lte=on, then=Value(State.IN_PROGRESS.value)),
        default=Value(State.NOT_STARTED.value),
        output_field=CharField(),
    )


def is_open(on: date) -> Q:
    """The condition that a task had neither been completed nor cancelled by the end of a day: not started, in progress,
    due soon or overdue. The database drops ended tasks by it before it looks for due dates."""
    return (Q(completed_on=None) | Q(completed_on__gt=on)) & (Q(cancelled_on=None) | Q(cancelled_on__gt=on))


def _progress(on: date) -> Case:
    """The percent of a day: that of the latest approved report, or 100 when completed and not reopened since."""
    approved = Report.objects.filter(
        task=OuterRef("pk"), approved_at__isnull=False, reported_on__lte=on, completed_on=None
    )
    return Case(
        When(completed_on__lte=on, then=Value(100)),
        default=Coalesce(Subquery(approved.order_by("-reported_on", "-pk").values("percent")[:1]), Value(0)),
        output_field=IntegerField(),
    )


def with_details(tasks: TaskRows, on: date) -> TaskRows:
    """Add what a list shows beside the state: percent, open blockers, extensions, late parts, wait for approval."""
    waiting = Report.objects.filter(Report.WAITS, task=OuterRef("pk"))
    blockers = Blocker.objects.filter(task=OuterRef("pk"), raised_on__lte=on)
    blockers = blockers.filter(Q(resolved_on=None) | Q(resolved_on__gt=on))
    rows: TaskRows = (
        named(tasks)
        .defer("words")
        .annotate(  # the words are for search: as long as the rest of the row
            percent=_progress(on),
            blockers_open=_count(blockers),
            extensions_granted=_count(
                Extension.objects.filter(kind="extension", granted_on__lte=on, task=OuterRef("pk"))
            ),
            late_parts=_count(parts.late(on).filter(task=OuterRef("pk"))),
            waiting_since=Subquery(waiting.order_by("submitted_at").values("submitted_at")[:1]),
            source_unverified=sources.unverified(),
        )
    )
    return rows


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("task").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())


def one_visible(by: Actor, key: str, on: date) -> Task:
    """The task with everything its page shows."""
    rows = within(detailed(on), by).select_related("parent", "place")
    return only(rows, key)


def one_to_act_on(by: Actor, key: str, on: date) -> Task:
    """The task alone: an action reads and locks for itself what it needs."""
    return only(within(assigned(on), by).select_related("parent", "place"), key)


def only(rows: TaskRows, key: str) -> Task:
    """The task of this key among those a person may see, or a refusal that does not tell whether it exists."""
    task: Task | None = rows.filter(key=key).first()
    if task is None:
        raise Refused("not_found", _("There is no task of this key here."), do=advice.FIND, status=404)
    return task


def ledger_order(line: Extension) -> tuple[date, bool, int]:
    """Sorts the lines of a ledger by the day of their grant; of one day the line that held at its end comes last.

    A request has its number from the day on which it was asked, so the number does not tell which was granted last.
    """
    return line.granted_on or date.max, line.superseded_on != line.granted_on, line.pk


def task_dates(task: Task) -> TaskDates:
    """The facts of one task as the rules want them."""
    granted = sorted(task.extensions.filter(granted_on__isnull=False), key=ledger_order)
    return TaskDates(
        original_due_on=task.original_due_on,
        started_on=task.started_on,
        completed_on=task.completed_on,
        cancelled_on=task.cancelled_on,
        changes=tuple(Change(line.granted_on, line.new_due_on) for line in granted if line.granted_on),
    )


def scopes_of(task: Task) -> list[str]:
    """The scopes in which a right over this task may be held: its lead's, its place's, its programmes'."""
    return lead_scopes(task) + programme_scopes(task)


def programme_scopes(task: Task) -> list[str]:
    """The scopes of the programmes that hold a task."""
    held = task.memberships.select_related("programme__organisation", "programme__place")
    return [scope for row in held for scope in row.programme.scopes]


def lead_scopes(task: Task) -> list[str]:
    """The scopes of the organisation that leads a task now, and of the task's place.

    Its programmes give no right here; they only tell where a role limited to one of them holds.
    """
    row = task.assignments.filter(part="lead", until_on=None).select_related("organisation__place").first()
    found = organisation_scopes(row.organisation) if row else []
    found += [task.place.scope] if task.place else []
    return found + _limits(programmes_of(task))


def programmes_of(task: Task) -> list[str]:
    """The keys of the programmes that hold a task."""
    return list(task.memberships.values_list("programme__key", flat=True))


def asked_scopes(organisation: Any, programmes: Iterable[str]) -> list[str]:
    """The scopes of a body asked to remove a blocker, for a task that these programmes hold, by key."""
    return organisation_scopes(organisation) + _limits(programmes)


def _limits(programmes: Iterable[str]) -> list[str]:
    return [scopes.limit_of(key) for key in programmes]


def assigner_scopes(task: Task) -> list[str]:
    """The scopes of those who gave the task: its programmes and, under another task, that one's lead."""
    above = lead_scopes(task.parent) if task.parent else []
    return above + programme_scopes(task)


def organisation_scopes(organisation: Any) -> list[str]:
    """The scopes of an organisation: its own path and, where it belongs to a place, that place's."""
    own = [organisation.scope]
    return [*own, organisation.place.scope] if organisation.place else own


def locked(task: Task) -> Task:
    """The task's row, read again and locked until the transaction ends."""
    return Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
