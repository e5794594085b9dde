"""What a change of a task touches: the right that each column needs, each column's own change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.platform import advice, days
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions.adding import changes_of, products_of, reports_of
from dotpha.programmes.actions.comparing import concerns
from dotpha.programmes.actions.ledger import chain
from dotpha.programmes.actions.register import Register
from dotpha.programmes.actions.row_checks import refusals_of
from dotpha.programmes.actions.row_deadlines import deadline_of
from dotpha.programmes.models import (
    Assignment,
    Extension,
    Membership,
    PartExtension,
    PartReport,
    Product,
    Report,
    Task,
)
from dotpha.programmes.queries.parts import open_extensions
from dotpha.programmes.task_row import TaskRow

ONE_DAY = timedelta(days=1)
NEEDS = {
    "title": "task.change", "group": "task.change", "product": "task.change", "started_on": "task.change",
    "tags": "task.change", "place": "task.change", "accountable_post": "task.change", "approver_post": "task.change",
    "provision": "task.change", "ordinal": "task.change", "quoted_text": "task.change", "source": "task.change",
    "lead_text": "task.change", "cooperating_text": "task.change",
    "lead": "task.assign", "cooperating": "task.assign", "deadline": "task.assign", "assigned_on": "task.assign",
    "completed_on": "task.cancel", "cancelled_on": "task.cancel", "percent": "task.cancel",
    "extensions": "task.cancel", "cancel_reason": "task.cancel", "co_leads": "task.assign", "parent": "task.assign",
}  # fmt: skip
"""Column -> the right that its change needs. Facts that others settle (closing, the ledger) are the office's."""


def fixed_for(held: rights.Standings, scopes: Sequence[str], columns: Iterable[str]) -> set[str]:
    """Those of these columns that a person may not change: a form shows them, and takes nothing typed there."""
    return {column for column in columns if not held.may(NEEDS[column], scopes)}


def require_columns(current: TaskRow, after: TaskRow, columns: Iterable[str], register: Register, on: date) -> None:
    """Refuse what speaks against the columns that change; an old fault in another column holds up no change."""
    for refusal in refusals_of(after, register, on, held=current):
        if concerns(refusal, columns):
            raise refusal


def require_changeable(task: Task, after: TaskRow, columns: Iterable[str]) -> None:
    """Refuse to undo a closing by leaving its day out, or to move the deadline of a closed task."""
    for column in ("completed_on", "cancelled_on"):
        if column in columns and getattr(task, column) and getattr(after, column) is None:
            raise Refused(
                "reopen_instead",
                _("Reopen the task instead: the closing stays in its history."),
                field=column,
                status=409,
            )
    if "deadline" in columns and (task.completed_on or task.cancelled_on):
        raise Refused(
            "task_closed",
            _("This task is closed; its due date no longer moves."),
            do=advice.REOPEN,
            field="deadline",
            status=409,
        )


def apply(task: Task, after: TaskRow, columns: list[str], register: Register, on: date) -> None:
    """Write the changed columns of a locked task."""
    for column in columns:
        _APPLY[column](task, after, register, on)


def _set(*names: str) -> Callable[[Task, TaskRow, Register, date], None]:
    def change(task: Task, row: TaskRow, register: Register, on: date) -> None:
        for name in names:
            setattr(task, name, getattr(row, name))

    return change


def _set_title(task: Task, row: TaskRow, register: Register, on: date) -> None:
    task.title = dict(row.title)


def _set_tags(task: Task, row: TaskRow, register: Register, on: date) -> None:
    task.tags = list(row.tags)


def _set_place(task: Task, row: TaskRow, register: Register, on: date) -> None:
    task.place_id = register.places.get(row.place)


def _set_provision(task: Task, row: TaskRow, register: Register, on: date) -> None:
    task.provision_id = register.provisions.get(row.provision)
    Membership.objects.filter(task=task, programme=register.programme).update(provision_id=task.provision_id)


def _set_post(column: str) -> Callable[[Task, TaskRow, Register, date], None]:
    def change(task: Task, row: TaskRow, register: Register, on: date) -> None:
        setattr(task, f"{column}_id", register.posts.get(getattr(row, column)))

    return change


def _set_deadline(task: Task, row: TaskRow, register: Register, on: date) -> None:
    deadline = deadline_of(row, register.assigned_on(row))
    task.deadline_text, task.deadline_kind = row.deadline_text, deadline.kind
    task.deadline_start_on, task.original_due_on = deadline.start_on, deadline.due_on
    task.recurs_every = deadline.recurs_every


def _set_assigned_on(task: Task, row: TaskRow, register: Register, on: date) -> None:
    """Those who had their part from the day of assignment have it from the new one; no day is left without a lead."""
    assigned_on = register.assigned_on(row)
    lasting = Q(until_on=None) | Q(until_on__gte=assigned_on)
    task.assignments.filter(lasting, from_on=task.assigned_on).update(from_on=assigned_on)
    task.assigned_on = assigned_on


def _set_group(task: Task, row: TaskRow, register: Register, on: date) -> None:
    held = Membership.objects.filter(task=task, programme=register.programme)
    held.update(group_id=register.groups.get(row.group))


def _set_lead(task: Task, row: TaskRow, register: Register, on: date) -> None:
    lead_from(task, register.organisations[row.lead], on)


def lead_from(task: Task, organisation_id: int, from_on: date) -> None:
    """Give a task another lead from a day. A lead of that same day or later is corrected in its place."""
    held = task.assignments.filter(part="lead", until_on=None).first()
    same = task.assignments.filter(~Q(part="lead"), organisation_id=organisation_id, until_on=None)
    _end(same, from_on)
    if held and held.from_on >= from_on:
        held.organisation_id = organisation_id
        held.save(update_fields=["organisation"])
        return
    if held:
        held.until_on = from_on - ONE_DAY
        held.save(update_fields=["until_on"])
    Assignment.objects.create(task=task, organisation_id=organisation_id, part="lead", from_on=from_on)


def _end(rows: Any, from_on: date) -> None:
    for row in rows:
        end(row, from_on)


def end(row: Assignment, on: date) -> None:
    """End a part on a day: the day before was its last. One that began that day, and of which its agency has said
    nothing yet, never was."""
    if row.from_on == on and not _has_said(row):
        row.delete()
        return
    row.until_on = max(row.from_on, on - ONE_DAY)
    row.save(update_fields=["until_on"])
    drop_requests(row, on)


def _has_said(row: Assignment) -> bool:
    theirs = {"task_id": row.task_id, "organisation_id": row.organisation_id}
    answered = row.confirmed_on or row.returned_on
    return bool(answered) or any(each.objects.filter(**theirs).exists() for each in (PartReport, PartExtension))


def drop_requests(ended: Assignment, on: date) -> None:
    """A part that ends takes with it the later day that was asked for it: nobody could answer that any more."""
    asked = open_extensions().filter(task_id=ended.task_id, organisation_id=ended.organisation_id)
    asked.update(withdrawn_on=Greatest("requested_on", Value(on)))


def _set_cooperating(task: Task, row: TaskRow, register: Register, on: date) -> None:
    held = {
        each.organisation.key: each
        for each in task.assignments.filter(part="cooperating", until_on=None).select_related("organisation")
    }
    wanted = [key for key in row.cooperating if key not in (row.lead, *row.co_leads)]
    _end([each for key, each in held.items() if key not in wanted], on)
    new = [key for key in dict.fromkeys(wanted) if key not in held]
    theirs = Q(part="cooperating", organisation__key__in=new)
    ended = task.assignments.filter(theirs, from_on__lt=on, until_on=on - ONE_DAY)
    again = set(ended.values_list("organisation__key", flat=True))
    ended.update(until_on=None)  # ended on this very day: it goes on as it was
    Assignment.objects.bulk_create(
        Assignment(task=task, organisation_id=register.organisations[key], part="cooperating", from_on=on)
        for key in new
        if key not in again
    )


def _set_co_leads(task: Task, row: TaskRow, register: Register, on: date) -> None:
    """An agency that co-operated and now leads along has its new part from today; one that leads alone keeps that."""
    wanted = [register.organisations[key] for key in row.co_leads if key != row.lead]
    held = task.assignments.filter(until_on=None)
    _end(held.filter(part="co_lead").exclude(organisation__in=wanted), on)
    _end(held.filter(part="cooperating", organisation__in=wanted), on)
    there = set(held.filter(part="co_lead").values_list("organisation_id", flat=True))
    Assignment.objects.bulk_create(
        Assignment(task=task, organisation_id=each, part="co_lead", from_on=on) for each in wanted if each not in there
    )


def _set_parent(task: Task, row: TaskRow, register: Register, on: date) -> None:
    task.parent_id = register.tasks[row.parent] if row.parent else None


def _set_ordinal(task: Task, row: TaskRow, register: Register, on: date) -> None:
    Membership.objects.filter(task=task, programme=register.programme).update(ordinal=row.ordinal)


def _set_products(task: Task, row: TaskRow, register: Register, on: date) -> None:
    """Those that stay keep their number and their proof, and one withdrawn on this very day comes back with them. Two
    of the same words are two products."""
    wanted = Counter(row.products)
    rows = task.products.filter(Q(withdrawn_on=None) | Q(withdrawn_on=on))
    for product in rows.order_by(F("withdrawn_on").asc(nulls_first=True), "order", "pk"):
        stays = wanted[product.text] > 0
        wanted[product.text] -= stays
        if stays == (product.withdrawn_on is not None):
            product.withdrawn_on = None if stays else on
            product.save(update_fields=["withdrawn_on"])
    Product.objects.bulk_create(products_of(wanted.elements(), task, first=task.products.count() + 1))


def _set_extensions(task: Task, row: TaskRow, register: Register, on: date) -> None:
    held = {(line.granted_on, line.new_due_on) for line in task.extensions.filter(granted_on__isnull=False)}
    whole = changes_of(row.extensions, task)
    added = [each for each in whole if (each.granted_on, each.new_due_on) not in held]
    lines = Extension.objects.bulk_create(_unchained(added))
    chain(task, lines)


def _unchained(lines: list[Extension]) -> list[Extension]:
    """New lines hold on no day until the whole ledger is chained again."""
    for line in lines:
        line.superseded_on = line.granted_on
    return lines


def _set_percent(task: Task, row: TaskRow, register: Register, on: date) -> None:
    Report.objects.bulk_create(
        reports_of(replace(row, completed_on=None, percent=row.percent or 0), task, on, days.now())
    )
    if row.percent and task.started_on is None:
        task.started_on = on


_APPLY: dict[str, Callable[[Task, TaskRow, Register, date], None]] = {
    "title": _set_title,
    "group": _set_group,
    "lead": _set_lead,
    "cooperating": _set_cooperating,
    "product": _set_products,
    "deadline": _set_deadline,
    "assigned_on": _set_assigned_on,
    "started_on": _set("started_on"),
    "completed_on": _set("completed_on"),
    "cancelled_on": _set("cancelled_on"),
    "percent": _set_percent,
    "extensions": _set_extensions,
    "tags": _set_tags,
    "place": _set_place,
    "provision": _set_provision,
    "co_leads": _set_co_leads,
    "parent": _set_parent,
    "ordinal": _set_ordinal,
    **{name: _set(name) for name in ("quoted_text", "lead_text", "cooperating_text", "source", "cancel_reason")},
    "accountable_post": _set_post("accountable_post"),
    "approver_post": _set_post("approver_post"),
}
