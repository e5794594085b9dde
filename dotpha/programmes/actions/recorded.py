"""A task that is recorded, as a row of a register: what a change compares with, and what an export writes."""

from __future__ import annotations

from dataclasses import replace

from dotpha.programmes.actions.register import post_name
from dotpha.programmes.actions.row_deadlines import Deadline, deadline_cell, deadline_of
from dotpha.programmes.models import Extension, Task
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.task_row import Change, TaskRow


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
        extensions=tuple(change_of(line) for line in granted),
        recurs_every=task.recurs_every,
        ordinal=membership.ordinal if membership else "",
        parent=task.parent.key if task.parent else "",
        quoted_text=task.quoted_text,
        lead_text=task.lead_text,
        cooperating_text=task.cooperating_text,
        cancel_reason=task.cancel_reason,
        is_part=task.is_part,
        is_sample=task.is_sample,
        verbatim=task.verbatim,
        source=task.source,
        provision=f"{task.provision.document.key}#{task.provision.address}" if task.provision else "",
        place=task.place.key if task.place else "",
        accountable_post=post_name(task.accountable_post),
        approver_post=post_name(task.approver_post),
        tags=tuple(task.tags),
    )


def change_of(line: Extension) -> Change:
    """A granted line of the ledger as a row tells it. Who asked and who decided are people of this instance."""
    return Change(
        line.granted_on or line.requested_on, line.new_due_on, line.reason, line.kind, line.reason_kind,
        line.requested_on, line.asked_due_on, line.document, line.answer,
    )  # fmt: skip


def register_row(task: Task, programme: str = "") -> TaskRow:
    """A task as a row of a register to export: of this programme, of its first one unless told.

    Reads back to the same task (`rows.read_row`). How the deadline is to be read is written only where its words
    alone read otherwise, so that whoever corrects the words is read anew.
    """
    held = list(task.memberships.all())
    asked = [each for each in held if each.programme.key == programme] or held
    row = row_of(task, asked[0].programme_id if asked else 0)
    row = replace(row, deadline_text=row.deadline_text or deadline_cell(row))
    words = deadline_of(replace(row, deadline_kind=""), task.assigned_on)
    if words == Deadline(row.deadline_kind, row.deadline_start_on, row.due_on, row.recurs_every):
        return replace(row, deadline_kind="", recurs_every="")
    return row


def _percent_of(task: Task) -> int | None:
    if task.completed_on:
        return 100
    approved = [each for each in task.reports.all() if each.approved_at and each.completed_on is None]
    return max(approved, key=lambda each: (each.reported_on, each.pk)).percent if approved else None
