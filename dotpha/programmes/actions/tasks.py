"""Adding and changing tasks; who leads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.directory.models import Organisation
from dotpha.platform import advice, audit, courses
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.importing import outdated
from dotpha.platform.refusals import Refused, in_row
from dotpha.platform.versions import require_version
from dotpha.programmes.actions import changing, comparing, recorded
from dotpha.programmes.actions.adding import insert
from dotpha.programmes.actions.bodies import require_there
from dotpha.programmes.actions.register import (
    Register,
    register_for,
    resolved_group,
    unknown_organisation,
)
from dotpha.programmes.actions.row_checks import key_taken, require_row
from dotpha.programmes.actions.steps import bump, locked_open, record_step, require_reason
from dotpha.programmes.models import Assignment, Programme, Task
from dotpha.programmes.queries import grounds
from dotpha.programmes.queries import register as register_queries
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.rows import write_change
from dotpha.programmes.rules import changes as rules
from dotpha.programmes.task_row import TaskRow


@action
def add_tasks(*, programme: Programme, rows: Sequence[TaskRow], by: Actor, on: date) -> list[Task]:
    """Add tasks to a programme, all or none, in a fixed number of statements. Answers them in order."""
    by = rights.require(by, "task.add", programme.scopes)
    groups = list(programme.groups.all())
    rows = [resolved_group(row, groups) for row in rows]
    register = register_for(programme, rows, by, on)
    rows = [register.with_posts(row) for row in rows]
    times = Counter(row.key for row in rows)
    for number, row in enumerate(rows):
        with in_row(number):
            if times[row.key] > 1 or row.key in register.tasks:
                raise key_taken(row.key)
            require_row(row, register, on)
            courses.step()
    return insert(rows, register, by, on)


@action
def add_task(*, programme: Programme, row: TaskRow, by: Actor, on: date) -> Task:
    """Add one task to a programme."""
    return add_tasks(programme=programme, rows=[row], by=by, on=on)[0]


@action
def change_task(
    *,
    task: Task,
    row: TaskRow,
    programme: Programme | None = None,
    version: int | None = None,
    reason: str = "",
    document: str = "",
    by: Actor,
    on: date,
) -> list[str]:
    """Change the columns that `row.given` names; answers those that really changed.

    `programme` is the one whose task group is meant, the task's first one unless told. The facts that
    others settle (closing, percent, ledger) are changed by the office alone (`changing.NEEDS`). `rules.changes`
    says when reason and document are needed.
    """
    programme = programme or _first_programme(task)
    task = register_queries.locked([task.key])[task.key]
    require_version(version, task.version)
    return _changed({task.key: task}, [row], programme, _Change(by, on, reason, document))[0]


@action
def change_tasks(
    *,
    programme: Programme,
    rows: Sequence[TaskRow],
    versions: Mapping[str, int | None],
    reason: str,
    document: str,
    by: Actor,
    on: date,
) -> list[list[str]]:
    """Change many tasks of a programme, all or none: as `change_task` does, in a few statements for each row.

    `versions` are those that were looked at, by key; refused as a whole where one of the tasks has changed since.
    """
    tasks = register_queries.locked([row.key for row in rows])
    if any(row.key not in tasks or tasks[row.key].version != versions[row.key] for row in rows):
        raise outdated()
    return _changed(tasks, rows, programme, _Change(by, on, reason, document))


@dataclass(frozen=True)
class _Change:
    """Who changes tasks, on which day, and on what grounds."""

    by: Actor
    on: date
    reason: str
    document: str


def _changed(
    tasks: Mapping[str, Task], rows: Sequence[TaskRow], programme: Programme, change: _Change
) -> list[list[str]]:
    """Change locked tasks that were read with all that a row says; answers the columns that differ, row by row."""
    groups = list(programme.groups.all()) if any(row.group for row in rows) else []
    current = [recorded.row_of(tasks[row.key], programme.pk) for row in rows]
    after = [comparing.overlaid(held, resolved_group(row, groups)) for held, row in zip(current, rows, strict=True)]
    found = []
    with rights.asked_once():  # once the tasks are locked
        register = register_for(programme, after, change.by, change.on)
        for number, (held, row) in enumerate(zip(current, after, strict=True)):
            with in_row(number):
                found.append(_change(tasks[row.key], held, register.with_posts(row), register, change))
                courses.step(1)
    return found


def _change(task: Task, current: TaskRow, after: TaskRow, register: Register, change: _Change) -> list[str]:
    by, on = change.by, change.on
    columns = comparing.differing(current, after)
    scopes = queries.assigner_scopes(task)
    for right in {changing.NEEDS[column] for column in columns} or {"task.change"}:
        by = rights.require(by, right, scopes)
    if not columns:
        return []
    changing.require_changeable(task, after, columns)
    changing.require_columns(current, after, columns, register, on)
    _require_grounds(task, columns, change)
    changing.apply(task, after, columns, register, on)
    task.version += 1
    task.save()
    before, now = _said(current, columns), {**_said(after, columns), **_named(change.document)}
    if "group" in columns:  # of which programme: its name is for those alone who may know of that
        now["programme"] = register.programme.key
    audit.record("task.changed", task, by, before=before, after=now, reason=change.reason)
    return columns


def _require_grounds(task: Task, columns: Sequence[str], change: _Change) -> None:
    """Refuse a change of what a document has fixed without its grounds (C16). Whoever gives one of the two gives both.

    The entry is looked at only for a change that gives neither: an import of thousands names its file.
    """
    if not rules.need_grounds(columns, grounds.is_published(task)):
        return
    is_bare = not change.reason.strip() and not change.document.strip()
    own = is_bare and grounds.is_own_entry(task, change.by, change.on)
    if rules.need_grounds(columns, True, is_own_entry=own):
        rules.require_grounds(change.reason, change.document)


def _first_programme(task: Task) -> Programme:
    held = task.memberships.select_related("programme__organisation", "programme__place", "programme__document")
    membership = held.first()
    if membership is None:
        raise Refused("not_found", _("This task belongs to no programme."), do=advice.INTO_PROGRAMME, status=404)
    return membership.programme


def _said(row: TaskRow, columns: Sequence[str]) -> dict[str, Any]:
    said: dict[str, Any] = {column: getattr(row, comparing.FIELDS[column]) for column in columns}
    if "title" in said:
        said["title"] = row.wording
    if "extensions" in said:
        said["extensions"] = [write_change(each) for each in row.extensions]
    return said


def _named(document: str) -> Mapping[str, str]:
    return {"document": document} if document else {}


@action
def assign_task(
    *,
    task: Task,
    lead: Organisation,
    from_on: date | None = None,
    reason: str = "",
    document: str = "",
    by: Actor,
    on: date,
) -> Task:
    """Give a task another lead agency from a day, today unless told. The former lead keeps its time on record."""
    by = rights.require(by, "task.assign", queries.assigner_scopes(task))
    task = locked_open(task)
    held = _require_hand_over(task, lead, from_on or on, on)
    if rules.need_grounds(["lead"], grounds.is_published(task)):
        rules.require_grounds(reason, document)
    return _hand_over(task, held, lead, from_on or on, by, reason, document)


def _require_hand_over(task: Task, lead: Organisation, from_on: date, on: date) -> Assignment:
    """The present lead's time; refused where another agency cannot follow it on that day."""
    if from_on > on:
        raise Refused("day_not_come", _("That day has not come yet."), do=advice.TODAY_OR_EARLIER, field="from_on")
    held = task.assignments.filter(part="lead", until_on=None).select_related("organisation").get()
    if held.organisation_id == lead.pk:
        raise Refused(
            "same_lead", _("This agency leads the task already."), do=advice.ANOTHER, field="lead", status=409
        )
    require_there(lead, on, "lead")
    if from_on < held.from_on:
        sentence = _("The present lead holds the task since %(day)s. Choose that day or a later one.")
        raise Refused("before_assignment", sentence, field="from_on", day=held.from_on)
    return held


def _hand_over(
    task: Task, held: Assignment, lead: Organisation, from_on: date, by: Actor, reason: str, document: str = ""
) -> Task:
    before = held.organisation.key
    changing.lead_from(task, lead.pk, from_on)
    bump(task)
    record_step(task, "assigned", by, from_on, reason=reason, document=document)
    after = {"lead": lead.key, "from_on": from_on, **_named(document)}
    audit.record("task.assigned", task, by, before={"lead": before}, after=after, reason=reason)
    return task


@action
def accept_task(*, task: Task, by: Actor, on: date) -> Task:
    """The lead agency takes the task on."""
    by = rights.require(by, "task.accept", queries.lead_scopes(task))
    task = locked_open(task)
    if task.steps.filter(kind="accepted").exists():
        raise Refused("already_accepted", _("This task has already been accepted."), do=advice.LOOK, status=409)
    record_step(task, "accepted", by, on)
    audit.record("task.accepted", task, by)
    return task


@action
def dispute_task(*, task: Task, reason: str, proposed_lead: Organisation | None = None, by: Actor, on: date) -> Task:
    """The lead agency says that the task is not its own, and whose it is. The due date stays."""
    by = rights.require(by, "task.accept", queries.lead_scopes(task))
    task = locked_open(task)
    last = task.steps.filter(kind__in=["disputed", "decided"]).last()
    if last and last.kind == "disputed":
        raise Refused(
            "dispute_open", _("A dispute over this task already waits for a decision."), do=advice.WAIT, status=409
        )
    if proposed_lead is not None:
        require_there(proposed_lead, on, "proposed_lead")
    record_step(task, "disputed", by, on, reason=require_reason(reason))
    proposed = {"proposed_lead": proposed_lead.key} if proposed_lead else {}
    audit.record("task.disputed", task, by, after=proposed, reason=reason)
    return task


@action
def decide_dispute(
    *, task: Task, upheld: bool, reason: str, lead: Organisation | None = None, by: Actor, on: date
) -> Task:
    """Decide a dispute: upheld, another agency leads from today; otherwise all stays as it is.

    The decision is itself what permits the new lead.
    """
    by = rights.require(by, "task.assign", queries.assigner_scopes(task))
    task = locked_open(task)
    last = task.steps.filter(kind__in=["disputed", "decided"]).last()
    if last is None or last.kind != "disputed":
        raise Refused("no_dispute", _("No dispute over this task waits for a decision."), do=advice.LOOK, status=409)
    reason = require_reason(reason)
    if upheld and lead is None:
        raise Refused("lead_missing", _("Name the lead agency."), field="lead")
    record_step(task, "decided", by, on, reason=reason)
    audit.record("task.dispute_decided", task, by, after={"upheld": upheld}, reason=reason)
    if upheld and lead is not None:
        _hand_over(task, _require_hand_over(task, lead, on, on), lead, on, by, reason)
    return task


def organisation_of(key: str, field: str = "lead") -> Organisation:
    """The organisation of a key; refused with the three nearest when there is none."""
    found = Organisation.objects.filter(key=key).first()
    if found is None:
        raise unknown_organisation(key, field)
    return found
