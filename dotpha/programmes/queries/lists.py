"""Lists of tasks: what may be asked, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Prefetch, Q, Value, When
from django.utils.translation import gettext_lazy as _

from dotpha.platform import text
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes.models import Assignment, Extension, Membership, Task, TaskGroup
from dotpha.programmes.queries import parts, reach, tasks, told
from dotpha.programmes.queries.programmes import visible_programmes
from dotpha.programmes.queries.tasks import only, visible
from dotpha.programmes.rules.lateness import State

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dotpha.programmes.queries.tasks import TaskRows

ORDERS = {
    "key": "key", "title": "title__vi", "due_on": "due_on", "original_due_on": "original_due_on",
    "assigned_on": "assigned_on", "started_on": "started_on", "completed_on": "completed_on",
    "cancelled_on": "cancelled_on", "lead": "lead__organisation__sort_key", "state": "state_rank",
    "percent": "progress", "days_left": "due_on", "version": "version", "deadline_kind": "deadline_kind",
}  # fmt: skip
"""What a list may be sorted by -> the column behind it."""

_STATE_RANK = Case(
    *(When(state=state.value, then=Value(rank)) for rank, state in enumerate(State)), output_field=IntegerField()
)


@dataclass(frozen=True)
class Asked:
    """The conditions of a list; empty ones ask nothing. Days are included on both sides.

    `original` judges every task against its original due date instead of the one in force (C12).
    """

    programme: str = ""
    group: str = ""
    lead: str = ""
    cooperating: str = ""
    place: str = ""
    states: Sequence[str] = ()
    deadline_kind: str = ""
    due_after: date | None = None
    due_before: date | None = None
    q: str = ""
    parent: str = ""
    parts: bool = False
    original: bool = False


def read_states(said: str | None) -> tuple[str, ...]:
    """One state or several, separated by commas."""
    states = tuple(filter(None, (each.strip() for each in (said or "").split(","))))
    for state in states:
        if state not in set(State):
            raise Refused(
                "state_unknown",
                _("“%(state)s” is not a state. Choose from: %(states)s."),
                field="state",
                state=state[:40],
                states=", ".join(State),
            )
    return states


def listed(by: Actor, asked: Asked, on: date) -> TaskRows:
    """The tasks that this person may see and that satisfy everything asked, with lead, due date and state."""
    rows = visible(by, on, original=asked.original)
    return fitting(rows if asked.parts else reach.as_issued(rows, by), asked, by, on)


def readable(by: Actor, asked: Asked, on: date) -> TaskRows:
    """As `listed`, also of the tasks that everybody may read."""
    rows = tasks.readable(by, on, original=asked.original)
    return fitting(rows if asked.parts else reach.as_issued(rows, by, public=True), asked, by, on)


def fitting(rows: TaskRows, asked: Asked, by: Actor, on: date) -> TaskRows:
    """Those of tasks with state that satisfy the conditions asked for. What `by` may not know of holds no task."""
    if asked.programme or asked.group:
        rows = rows.filter(Exists(_held_by(asked, by)))
    if asked.parent:
        above = told.tasks(by).filter(key=asked.parent).values_list("pk", flat=True).first()
        rows = rows.filter(parent=above) if above else rows.none()
    if asked.lead:
        rows = rows.filter(lead__organisation__key=asked.lead)
    if asked.cooperating:
        rows = rows.filter(Exists(_taking_part(asked.cooperating, on)))
    if asked.place:
        rows = rows.filter(Q(place__key=asked.place) | Q(lead__organisation__place__key=asked.place))
    return _dated(rows, asked)


def _held_by(asked: Asked, by: Actor) -> QuerySet[Membership]:
    """The memberships asked for. Programme and group by number, not key: the database then knows how many to expect."""
    held = Membership.objects.filter(task=OuterRef("pk"))
    if asked.programme:
        number = told.programme_number(by, asked.programme)
        held = held.filter(programme_id=number) if number else held.none()
    if asked.group:
        groups = TaskGroup.objects.filter(key=asked.group).values_list("pk", flat=True)
        groups = groups if asked.programme else groups.filter(programme__in=visible_programmes(by).values("pk"))
        held = held.filter(group_id__in=list(groups))
    return held


def _dated(rows: TaskRows, asked: Asked) -> TaskRows:
    if asked.states:
        rows = rows.filter(state__in=asked.states)
    if asked.deadline_kind:
        rows = rows.filter(deadline_kind=asked.deadline_kind)
    if asked.due_after:
        rows = rows.filter(due_on__gte=asked.due_after)
    if asked.due_before:
        rows = rows.filter(due_on__lte=asked.due_before)
    if asked.q:
        rows = rows.filter(Q(words__matches=text.nfc(asked.q)) | Q(key__istartswith=asked.q.strip()))
    return rows


def _taking_part(key: str, on: date) -> QuerySet[Assignment]:
    return parts.held(on).filter(task=OuterRef("pk"), organisation__key=key)


def ordered(rows: TaskRows, order: str = "") -> TaskRows:
    """Sort by one field, `-` before it for the reverse; tasks without a value last; the key decides ties."""
    asked = order or "due_on"
    name = asked.removeprefix("-")
    if name not in ORDERS:
        raise Refused(
            "order_unknown",
            _("“%(order)s” is nothing to sort by. Choose from: %(orders)s."),
            field="order",
            order=asked[:40],
            orders=", ".join(ORDERS),
        )
    if name == "state":
        rows = rows.annotate(state_rank=_STATE_RANK)
    column = F(ORDERS[name])
    first = column.desc(nulls_last=True) if asked.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(first, "key")


def with_relations(rows: TaskRows, by: Actor, *more: str) -> TaskRows:
    """Add to tasks with details what each row of the API says too: parts, programmes, the ledger.

    `more`: "parent" and "provision", as `told.relations` reads them.
    """
    return rows.prefetch_related(
        Prefetch("assignments", Assignment.objects.select_related("organisation").order_by("pk")),
        Prefetch("extensions", Extension.objects.order_by("pk")),
        *told.relations(by, *more),
    )


def one(by: Actor, key: str, on: date) -> Task:
    """One task with all that the API says of it: a constant number of queries."""
    rows = with_relations(tasks.readable(by, on, detail=True), by, "parent", "provision")
    rows = rows.select_related("place", "accountable_post__organisation", "approver_post__organisation")
    return only(rows.prefetch_related("products"), key)


PROPOSED = 300


def beside(task: Task, by: Actor, on: date) -> TaskRows:
    """The other tasks of the same programmes that this person may see, to propose their keys: the first 300."""
    programmes = task.memberships.values("programme")
    seen = tasks.within(tasks.assigned(on), by).exclude(pk=task.pk)
    held = Membership.objects.filter(task=OuterRef("pk"), programme__in=programmes)
    rows: TaskRows = seen.filter(Exists(held)).only("key", "title").order_by("key")[:PROPOSED]
    return rows
