"""A task that is recorded, as a row of a register: what a change compares with, and what an export writes."""

from __future__ import annotations

from dataclasses import replace

from dotpha.programmes.actions.register import deadline_cell
from dotpha.programmes.models import Task
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.rows import Change, TaskRow


def row_of(task: Task, programme_id: int) -> TaskRow:
    """A task as a row of a programme's register. Its relations may be prefetched (`queries.register.for_rows`)."""
    membership = next((each for each in task.memberships.all() if each.programme_id == programme_id), None)
    current = [each for each in task.assignments.all() if each.until_on is None]
    granted = sorted((line for line in task.extensions.all() if line.granted_on), key=queries.ledger_order)
    return TaskRow(
        key=task.key,
        title=task.title,
        lead=next((each.organisation.key for each in current if each.part == "lead"), ""),
        deadline_text=task.deadline_text,
        deadline_kind=task.deadline_kind,
        deadline_start_on=task.deadline_start_on,
        due_on=task.original_due_on,
        group=membership.group.key if membership and membership.group else "",
        cooperating=tuple(each.organisation.key for each in current if each.part == "cooperating"),
        co_leads=tuple(each.organisation.key for each in current if each.part == "co_lead"),
        products=tuple(each.text for each in task.products.all() if each.withdrawn_on is None),
        assigned_on=task.assigned_on,
        started_on=task.started_on,
        completed_on=task.completed_on,
        cancelled_on=task.cancelled_on,
        percent=_percent_of(task),
        extensions=tuple(Change(line.granted_on, line.new_due_on) for line in granted if line.granted_on),
        provision=f"{task.provision.document.key}#{task.provision.address}" if task.provision else "",
        place=task.place.key if task.place else "",
        accountable_post=task.accountable_post_id,
        approver_post=task.approver_post_id,
        tags=tuple(task.tags),
    )


def register_row(task: Task, programme: str = "") -> TaskRow:
    """A task as a row of a register to export: of this programme, of its first one unless told.

    Reads back to the same dates and the same ledger (`rows.read_row`).
    """
    held = list(task.memberships.all())
    asked = [each for each in held if each.programme.key == programme] or held
    row = row_of(task, asked[0].programme_id if asked else 0)
    return replace(row, deadline_text=deadline_cell(row))


def _percent_of(task: Task) -> int | None:
    if task.completed_on:
        return 100
    approved = [each for each in task.reports.all() if each.approved_at and each.completed_on is None]
    return max(approved, key=lambda each: (each.reported_on, each.pk)).percent if approved else None
