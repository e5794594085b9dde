"""The rows of the database that a task row becomes, written in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice, audit, courses, days
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions.ledger import chained
from dotpha.programmes.actions.register import Register
from dotpha.programmes.actions.row_deadlines import deadline_of
from dotpha.programmes.models import Assignment, Extension, Membership, Product, Report, Task
from dotpha.programmes.rules import extensions as rules
from dotpha.programmes.task_row import Change, TaskRow

BATCH = 1000
"""Tasks written at once, with what hangs on them."""


def insert(rows: Sequence[TaskRow], register: Register, by: Actor, on: date) -> list[Task]:
    """Write checked rows: parents first, then everything that hangs on the tasks, and one event each."""
    tasks: list[Task] = []
    for wave in _waves(rows, register):
        for first in range(0, len(wave), BATCH):
            part = wave[first : first + BATCH]
            made = Task.objects.bulk_create(_task(row, register, on) for row in part)
            register.tasks.update({task.key: task.pk for task in made})
            _hang_on(part, made, register, on)
            tasks += made
            courses.step(len(part))
    by_key = {task.key: task for task in tasks}
    changes = [(by_key[row.key], _said(row, by_key[row.key], register)) for row in rows]
    audit.record_many("task.added", changes, by)  # type: ignore[arg-type]
    return [by_key[row.key] for row in rows]


def _waves(rows: Sequence[TaskRow], register: Register) -> Iterator[list[TaskRow]]:
    """The rows in an order in which every parent is there before its children."""
    waiting = list(rows)
    while waiting:
        ready = [row for row in waiting if not row.parent or row.parent in register.tasks]
        if not ready:
            raise Refused(
                "unknown_parent",
                _("There is no task “%(text)s” that this one could implement."),
                do=advice.FIND,
                field="parent",
                text=waiting[0].parent[:100],
            )
        yield ready
        done = {row.key for row in ready}
        waiting = [row for row in waiting if row.key not in done]


def _task(row: TaskRow, register: Register, on: date) -> Task:
    assigned_on = register.assigned_on(row)
    deadline = deadline_of(row, assigned_on)
    return Task(
        key=row.key,
        title=dict(row.title),
        provision_id=register.provisions.get(row.provision),
        quoted_text=row.quoted_text,
        parent_id=register.tasks.get(row.parent) if row.parent else None,
        is_part=row.is_part,
        place_id=register.places.get(row.place),
        accountable_post_id=register.posts.get(row.accountable_post),
        approver_post_id=register.posts.get(row.approver_post),
        lead_text=row.lead_text,
        cooperating_text=row.cooperating_text,
        deadline_text=row.deadline_text,
        deadline_kind=deadline.kind,
        deadline_start_on=deadline.start_on,
        recurs_every=deadline.recurs_every,
        original_due_on=deadline.due_on,
        assigned_on=assigned_on,
        started_on=row.started_on or (on if _has_progress(row) and not row.completed_on else None),
        completed_on=row.completed_on,
        cancelled_on=row.cancelled_on,
        cancel_reason=row.cancel_reason,
        tags=list(row.tags),
        verbatim=row.verbatim,
        source=row.source,
        is_sample=row.is_sample,
    )


def _has_progress(row: TaskRow) -> bool:
    return bool(row.percent)


def _hang_on(rows: Sequence[TaskRow], tasks: Sequence[Task], register: Register, on: date) -> None:
    pairs = list(zip(rows, tasks, strict=True))
    moment = days.now()
    Membership.objects.bulk_create((_membership(row, task, register) for row, task in pairs))
    Assignment.objects.bulk_create(_each(_assignments(row, task, register) for row, task in pairs))
    Product.objects.bulk_create(_each(products_of(row.products, task) for row, task in pairs))
    Extension.objects.bulk_create(_each(changes_of(row.extensions, task) for row, task in pairs))
    told = (reports_of(row, task, on, moment) for row, task in pairs if row.percent)
    Report.objects.bulk_create(_each(told))


def _each(groups: Iterable[Iterable[Any]]) -> Iterator[Any]:
    return (one for group in groups for one in group)


def _membership(row: TaskRow, task: Task, register: Register) -> Membership:
    return Membership(
        task=task,
        programme=register.programme,
        group_id=register.groups.get(row.group),
        provision_id=register.provisions.get(row.provision),
        ordinal=row.ordinal,
        is_part=row.is_part,
    )


def _assignments(row: TaskRow, task: Task, register: Register) -> Iterator[Assignment]:
    lead = register.organisations[row.lead]
    yield Assignment(task=task, organisation_id=lead, part="lead", from_on=task.assigned_on)
    named = {row.lead}
    for part, keys in (("co_lead", row.co_leads), ("cooperating", row.cooperating)):
        for key in keys:
            if key not in named:
                named.add(key)
                yield Assignment(
                    task=task, organisation_id=register.organisations[key], part=part, from_on=task.assigned_on
                )


def products_of(texts: Iterable[str], task: Task, first: int = 1) -> Iterator[Product]:
    """The promised products of a task, in their order."""
    for order, said in enumerate(texts, start=first):
        yield Product(task=task, text=said, order=order)


def changes_of(changes: Sequence[Change], task: Task) -> list[Extension]:
    """The ledger lines of changes granted elsewhere, each in force until the next one: the whole ledger of a task."""
    kinds = rules.kinds(task.original_due_on, [(each.granted_on, each.new_due_on) for each in changes])
    lines = [
        Extension(
            task=task,
            kind=each.kind or kind,
            new_due_on=each.new_due_on,
            reason_kind=each.reason_kind or Extension.ReasonKind.OTHER,
            reason=each.reason,
            document=each.document,
            answer=each.answer,
            asked_due_on=each.asked_due_on,
            requested_on=each.requested_on or each.granted_on,
            granted_on=each.granted_on,
        )
        for each, kind in zip(changes, kinds, strict=True)
    ]
    for line, until in chained(lines):
        line.superseded_on = until
    return lines


def reports_of(row: TaskRow, task: Task, on: date, moment: datetime) -> list[Report]:
    """The percent of a register as an approved report: what the register states was settled elsewhere."""
    if row.percent is None or (row.completed_on and row.percent < 100):
        return []
    return [
        Report(
            task=task,
            percent=row.percent,
            summary=str(_("Percent as the imported register states it.")),
            completed_on=row.completed_on,
            reported_on=row.completed_on or on,
            drafted_at=moment,
            submitted_at=moment,
            approved_at=moment,
        )
    ]


def _said(row: TaskRow, task: Task, register: Register) -> dict[str, Any]:
    return {
        "title": row.wording,
        "lead": row.lead,
        "programme": register.programme.key,
        "deadline": row.deadline_text,
        "due_on": task.original_due_on,
    }
