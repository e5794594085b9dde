"""What a change of a task touches: the columns that differ, each column's own change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dotpha.platform import days
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions.adding import changes_of, products_of, reports_of
from dotpha.programmes.actions.ledger import chain
from dotpha.programmes.actions.register import Register, deadline_cell, deadline_of, refusals_of
from dotpha.programmes.models import Assignment, Extension, Membership, Product, Report, Task
from dotpha.programmes.rows import TaskRow

ONE_DAY = timedelta(days=1)
FIELDS = {
    "title": "title", "group": "group", "lead": "lead", "cooperating": "cooperating", "product": "products",
    "deadline": "deadline_text", "assigned_on": "assigned_on", "started_on": "started_on",
    "completed_on": "completed_on", "cancelled_on": "cancelled_on", "percent": "percent",
    "extensions": "extensions", "tags": "tags", "place": "place", "accountable_post": "accountable_post",
    "approver_post": "approver_post", "provision": "provision",
}  # fmt: skip
"""Column of a change -> field of a row."""

NEEDS = {
    "title": "task.change", "group": "task.change", "product": "task.change", "started_on": "task.change",
    "tags": "task.change", "place": "task.change", "accountable_post": "task.change", "approver_post": "task.change",
    "provision": "task.change",
    "lead": "task.assign", "cooperating": "task.assign", "deadline": "task.assign", "assigned_on": "task.assign",
    "completed_on": "task.cancel", "cancelled_on": "task.cancel", "percent": "task.cancel",
    "extensions": "task.cancel",
}  # fmt: skip
"""Column -> the right that its change needs. Facts that others settle (closing, the ledger) are the office's."""

_WEIGHED_WITH = {
    "deadline": {"deadline", "started_on", "assigned_on", "extensions"},
    "completed_on": {"completed_on", "started_on"},
}


_OF_DEADLINE = ("deadline_text", "deadline_kind", "deadline_start_on", "due_on")


def overlaid(current: TaskRow, wanted: TaskRow) -> TaskRow:
    """The row as it will be: the columns that were given, over what is recorded. Ledger lines are only added."""
    values: dict[str, Any] = {FIELDS[each]: getattr(wanted, FIELDS[each]) for each in wanted.given if each in FIELDS}
    if "title" in wanted.given:
        values["title"] = {**current.title, **wanted.title}
    if "deadline" in wanted.given and wanted.deadline_text != current.deadline_text:
        values |= {"deadline_kind": wanted.deadline_kind, "due_on": wanted.due_on}
        values["deadline_start_on"] = wanted.deadline_start_on
        if wanted.deadline_text == deadline_cell(current):  # as an exported register says the same deadline
            values = {name: value for name, value in values.items() if name not in _OF_DEADLINE}
    if "extensions" in wanted.given:
        known = {(each.granted_on, each.new_due_on) for each in current.extensions}
        added = [each for each in wanted.extensions if (each.granted_on, each.new_due_on) not in known]
        values["extensions"] = (*current.extensions, *added)
    if current.completed_on:
        values.pop("percent", None)
    return replace(current, **values)


def differing(current: TaskRow, after: TaskRow) -> list[str]:
    """The columns in which two rows differ. The order of co-operating agencies says nothing."""
    found = []
    for column, name in FIELDS.items():
        old, new = getattr(current, name), getattr(after, name)
        if column == "cooperating":
            old, new = set(old), set(new) - {after.lead, *after.co_leads}
        if column == "percent":
            old, new = old or 0, new or 0
        if old != new:
            found.append(column)
    return found


def concerns(refusal: Refused, columns: Iterable[str]) -> bool:
    """Whether a refusal of a whole row has to do with the columns that change."""
    weighed = _WEIGHED_WITH.get(refusal.field or "", {refusal.field})
    return bool(weighed & set(columns))


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
            "task_closed", _("This task is closed; its due date no longer moves."), field="deadline", status=409
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


def _set_posts(task: Task, row: TaskRow, register: Register, on: date) -> None:
    task.accountable_post_id, task.approver_post_id = row.accountable_post, row.approver_post


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
        row.until_on = max(row.from_on, from_on - ONE_DAY)
        row.save(update_fields=["until_on"])


def _set_cooperating(task: Task, row: TaskRow, register: Register, on: date) -> None:
    held = {
        each.organisation.key: each
        for each in task.assignments.filter(part="cooperating", until_on=None).select_related("organisation")
    }
    wanted = [key for key in row.cooperating if key not in (row.lead, *row.co_leads)]
    _end([each for key, each in held.items() if key not in wanted], on)
    Assignment.objects.bulk_create(
        Assignment(task=task, organisation_id=register.organisations[key], part="cooperating", from_on=on)
        for key in dict.fromkeys(wanted)
        if key not in held
    )


def _set_products(task: Task, row: TaskRow, register: Register, on: date) -> None:
    """Those that stay keep their number and their proof. Two of the same words are two products."""
    wanted = Counter(row.products)
    for product in task.products.filter(withdrawn_on=None).order_by("order", "pk"):
        if wanted[product.text]:
            wanted[product.text] -= 1
            continue
        product.withdrawn_on = on
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
    "accountable_post": _set_posts,
    "approver_post": _set_posts,
}
