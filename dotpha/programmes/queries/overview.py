"""What the lists and the page of a programme ask beyond states: flags, clarity, the ledger, the calendar."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from dotpha.platform.actors import Actor
from dotpha.programmes.models import (
    Blocker,
    Extension,
    Occurrence,
    Product,
    Programme,
    Report,
    Task,
)
from dotpha.programmes.models.deadlines import Requested
from dotpha.programmes.queries import boards, parts, records, silence, sources, tasks
from dotpha.programmes.rules.clarity import SIX, Clarity

if TYPE_CHECKING:
    from dotpha.programmes.queries.tasks import TaskRows

OPEN = ("not_started", "in_progress", "due_soon", "overdue")


def _blocked(on: date) -> Exists:
    held = Blocker.objects.filter(task=OuterRef("pk"), raised_on__lte=on)
    return Exists(held.filter(Q(resolved_on=None) | Q(resolved_on__gt=on)))


def _waiting() -> Exists:
    return Exists(Report.objects.filter(Report.WAITS, task=OuterRef("pk")))


def accepted() -> Q:
    """The condition that a report says a task is complete and was approved."""
    return Q(approved_at__isnull=False, completed_on__isnull=False)


def _accepted() -> Exists:
    return Exists(Report.objects.filter(accepted(), task=OuterRef("pk")))


def _suspended(on: date) -> Exists:
    held = Extension.objects.filter(task=OuterRef("pk"), kind="suspension", granted_on__lte=on)
    return Exists(held.filter(Q(superseded_on=None) | Q(superseded_on__gt=on)))


def _extended(on: date) -> Exists:
    return Exists(Extension.objects.filter(task=OuterRef("pk"), kind="extension", granted_on__lte=on))


def condition(flag: str, on: date) -> Q | Exists:
    """A yes-or-no property of tasks with state, as a condition: see `filters.FLAGS`."""
    conditions: dict[str, Callable[[], Q | Exists]] = {
        "blocked": lambda: _blocked(on),
        "late_part": lambda: Exists(parts.late(on).filter(task=OuterRef("pk"))),
        "extended": lambda: _extended(on),
        "saved": lambda: tasks.is_open(on) & Q(original_due_on__lt=on, due_on__gte=on),
        "waiting": _waiting,
        "accepted": _accepted,
        "suspended": lambda: tasks.is_open(on) & Q(_suspended(on)),
        "unsettled": lambda: tasks.is_open(on) & Q(deadline_kind="unknown", due_on=None) & ~Q(_suspended(on)),
        "unverified": lambda: Q(verbatim=False),
        "unchecked": sources.unverified,
        "each_body": lambda: Q(is_part=True) | ~Q(_has_parts()),
        "silent": lambda: tasks.is_open(on) & silence.accepted_by_default(on),
        "unclear": lambda: Q(accountable_post=None) | Q(approver_post=None) | ~Q(_promises()),
    }
    return conditions[flag]()


def _has_parts() -> Exists:
    return Exists(Task.objects.filter(parent=OuterRef("pk"), is_part=True))


def _promises() -> Exists:
    return Exists(Product.objects.filter(task=OuterRef("pk"), withdrawn_on=None))


COUNTED = ("blocked", "unsettled", "waiting")
"""The flags of the ready views of a list."""


def flagged(rows: TaskRows, on: date, flags: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many tasks (`n`) stand in each state that any is in, and how many of these bear each flag: one query."""
    counts = {flag: Count("pk", filter=Q(condition(flag, on))) for flag in flags}
    found = rows.order_by().values("state").annotate(n=Count("pk"), **counts)
    return {state: dict(zip(("n", *flags), n, strict=True)) for state, *n in found.values_list("state", "n", *flags)}


def views(by_state: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """How many tasks stand behind each ready view of a list: of what `flagged` counted with the flags of `COUNTED`."""
    found = {flag: sum(each[flag] for each in by_state.values()) for flag in COUNTED}
    states = {state: by_state[state]["n"] if state in by_state else 0 for state in ("overdue", "due_soon")}
    return {"all": sum(each["n"] for each in by_state.values()), **found, **states}


def clarity(rows: TaskRows) -> tuple[dict[Clarity, int], int]:
    """How many of the tasks have each of the six clarities, and how many tasks there are: one query."""
    said = {
        Clarity.PERSON: Q(accountable_post__isnull=False),
        Clarity.WORK: ~Q(title={}),
        Clarity.RESPONSIBILITY: Q(lead__isnull=False),
        Clarity.TIME: ~Q(deadline_text="") & ~Q(deadline_kind="unknown"),
        Clarity.AUTHORITY: Q(approver_post__isnull=False),
        Clarity.RESULT: Q(_promises()),
    }
    counted = rows.order_by().aggregate(
        n=Count("pk"), **{each.value: Count("pk", filter=q) for each, q in said.items()}
    )
    return {each: int(counted[each.value]) for each in said}, int(counted["n"])


def clarity_share(rows: TaskRows) -> float | None:
    """Percent of the clarities that are there; None without a task."""
    have, number = clarity(rows)
    return 100 * sum(have.values()) / (SIX * number) if number else None


def next_due(rows: TaskRows, on: date, limit: int = 10) -> TaskRows:
    """Open tasks whose due date comes next."""
    coming = rows.filter(tasks.is_open(on), due_on__gte=on)
    return tasks.named(coming).order_by("due_on", "key")[:limit]


def due_in(rows: TaskRows, first: date, last: date) -> dict[date, list[Task]]:
    """Tasks by due date in force within the days from `first` to `last`, cancelled ones left out."""
    found: dict[date, list[Task]] = defaultdict(list)
    inside = rows.filter(due_on__gte=first, due_on__lte=last).exclude(state="cancelled")
    for task in tasks.named(inside).order_by("due_on", "key"):
        found[task.due_on].append(task)
    return dict(found)


def occurrences_in(rows: TaskRows, first: date, last: date) -> dict[date, list[Occurrence]]:
    """Rounds of recurring tasks by due date."""
    found: dict[date, list[Occurrence]] = defaultdict(list)
    inside = Occurrence.objects.filter(task__in=rows.values("pk"), due_on__gte=first, due_on__lte=last)
    for each in inside.select_related("task"):
        found[each.due_on].append(each)
    return dict(found)


def to_settle(by: Actor, on: date, kind: str = "unknown") -> TaskRows:
    """Open tasks whose deadline nobody could read, or (kind "conditional") that wait for an event.
    A part stands here only when its collective task does not."""
    rows = tasks.visible(by, on).filter(tasks.is_open(on), deadline_kind=kind, due_on=None)
    rows = rows.filter(Q(is_part=False) | ~Q(parent__deadline_kind=kind))
    return tasks.named(rows.exclude(_suspended(on))).order_by("assigned_on", "key")


def ledger(by: Actor, on: date) -> QuerySet[Any]:
    """Requests and changes of due dates asked for by a day, of tasks this person may see; open ones first."""
    seen = tasks.within(tasks.assigned(on), by)
    rows = Extension.objects.filter(task__in=seen.values("pk"), requested_on__lte=on)
    lead = tasks.with_lead(Task.objects.filter(pk=OuterRef("task_id")), on)
    # The line before this one ended on the day of its grant; an open request stands after the line in force.
    before = Extension.objects.filter(task=OuterRef("task"), granted_on__isnull=False)
    before = before.alias(ended_on=Coalesce("superseded_on", Value(date.max)))
    before = before.filter(ended_on=Coalesce(OuterRef("granted_on"), Value(date.max)))
    return rows.annotate(
        lead_key=Subquery(lead.values("lead__organisation__key")[:1]),
        lead_name=Subquery(lead.values("lead__organisation__name")[:1]),
        was_due_on=Subquery(before.values("new_due_on")[:1]),
        was_changed=Exists(before),
    ).select_related("task", "requested_by", "decided_by")


def pending(on: date) -> Q:
    """Extensions asked for and not decided by a day."""
    pairs = [Q(**{name: None}) | Q(**{f"{name}__gt": on}) for name in ("granted_on", "refused_on", "withdrawn_on")]
    return Q(*pairs, kind="extension", requested_on__lte=on)


def waiting(by: Actor, on: date, programme: Programme | None = None) -> QuerySet[Extension]:
    """Extensions that wait for a decision on a day, of tasks of a programme that this person may see; oldest first."""
    seen = tasks.within(tasks.assigned(on), by)
    seen = seen.filter(memberships__programme=programme) if programme else seen
    rows = Extension.objects.filter(pending(on), task__in=seen.values("pk"))
    return rows.select_related("task").order_by("requested_on", "pk")


@dataclass
class Extended:
    """How often and by how many days the due dates of an agency's tasks were moved, and why."""

    key: str
    name: dict[str, Any]
    tasks: set[int] = field(default_factory=set)
    granted: int = 0
    days: int = 0
    late: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


def granted(task: Task, on: date) -> list[Extension]:
    """The lines of a task's ledger granted by a day, in the order in which they held."""
    return sorted(task.extensions.filter(granted_on__lte=on), key=tasks.ledger_order)


def days_added(line: Extension) -> int | None:
    """Days between the due date before this line and the new one; None to or from no date."""
    before = line.was_due_on if line.was_changed else line.task.original_due_on  # type: ignore[attr-defined]
    return (line.new_due_on - before).days if line.new_due_on and before else None


def asked_late(line: Extension) -> bool:
    """Whether it was asked for after the due date then in force ("late request")."""
    before = line.was_due_on if line.was_changed else line.task.original_due_on  # type: ignore[attr-defined]
    return line.kind == "extension" and before is not None and line.requested_on > before


def state_of(line: Requested, on: date, *, is_done: bool = False) -> str:
    """open, granted, refused or withdrawn, as it was on a day; not_needed while what it is about stands done."""
    decided = {"granted": line.granted_on, "refused": line.refused_on, "withdrawn": line.withdrawn_on}
    return next((name for name, day in decided.items() if day and day <= on), "not_needed" if is_done else "open")


def by_agency(lines: QuerySet[Any], on: date) -> list[Extended]:
    """The granted extensions of each lead agency, the most often extended first: one query."""
    found: dict[str, Extended] = {}
    for line in lines.filter(kind="extension", granted_on__lte=on).order_by("pk"):
        key = line.lead_key or ""
        row = found.setdefault(key, Extended(key, line.lead_name or {}))
        row.tasks.add(line.task_id)
        row.granted += 1
        row.days += days_added(line) or 0
        row.late += asked_late(line)
        row.reasons[line.reason_kind] += 1
    return sorted(found.values(), key=lambda row: (-row.granted, -row.days, row.key))


def blockers(by: Actor, on: date, programme: Programme | None = None) -> QuerySet[Blocker]:
    """Blockers open on a day, of a programme, that this person may see; the earliest answer first."""
    rows = records.visible_blockers(by, on).filter(raised_on__lte=on)
    rows = rows.filter(task__memberships__programme=programme) if programme else rows
    rows = rows.filter(Q(resolved_on=None) | Q(resolved_on__gt=on))
    return rows.order_by("respond_by", "pk")


def collective(by: Actor, on: date, programme: Programme) -> list[dict[str, Any]]:
    """Tasks of collective leads with their parts rolled up: how many members have one, how they stand."""
    parts = tasks.visible(by, on).filter(is_part=True, parent__memberships__programme=programme)
    counted = boards.counts_by(parts, "parent_id")
    held = tasks.named(tasks.visible(by, on).filter(pk__in=list(counted))).order_by("key")
    return [{"task": task, "counts": counted[task.pk]} for task in held]
