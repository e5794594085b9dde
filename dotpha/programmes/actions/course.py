"""Steps that end a task or begin it again: cancel, reopen, merge, copy, move; dependencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.platform import advice, audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.locks import one_writer
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions import recorded
from dotpha.programmes.actions.adding import insert
from dotpha.programmes.actions.parts import copy_parts
from dotpha.programmes.actions.register import register_for
from dotpha.programmes.actions.row_checks import key_taken, require_row
from dotpha.programmes.actions.steps import bump, changed_since, locked_open, record_step, require_reason
from dotpha.programmes.actions.tasks import add_tasks
from dotpha.programmes.models import Dependency, Membership, Programme, Task, TaskGroup
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.rules import breakdown as rules
from dotpha.programmes.task_row import TaskRow


@action
def cancel_task(*, task: Task, reason: str, document: str = "", by: Actor, on: date) -> Task:
    """Take a task out of what is assigned from today on. It stays in a line of its own."""
    by = rights.require(by, "task.cancel", queries.assigner_scopes(task))
    task = locked_open(task)
    task.cancelled_on, task.cancel_reason = on, require_reason(reason)
    bump(task, "cancelled_on", "cancel_reason")
    record_step(task, "cancelled", by, on, reason=reason, document=document)
    audit.record("task.cancelled", task, by, after={"cancelled_on": on, "document": document}, reason=reason)
    return task


@action
def reopen_task(*, task: Task, reason: str, by: Actor, on: date) -> Task:
    """Begin a closed or cancelled task again. The old closing stays in its history."""
    by = rights.require(by, "task.reopen", queries.scopes_of(task))
    task = queries.locked(task)
    if task.completed_on is None and task.cancelled_on is None:
        raise Refused("not_closed", _("This task is not closed."), do=advice.LOOK, status=409)
    reason = require_reason(reason)
    before = {"completed_on": task.completed_on, "cancelled_on": task.cancelled_on}
    task.completed_on = task.cancelled_on = None
    task.cancel_reason = ""
    bump(task, "completed_on", "cancelled_on", "cancel_reason")
    record_step(task, "reopened", by, on, reason=reason)
    audit.record("task.reopened", task, by, before=before, after={}, reason=reason)
    return task


@action
def merge_tasks(*, task: Task, into: Task, reason: str, document: str = "", by: Actor, on: date) -> Task:
    """Let a task go on in another one: it leaves what is assigned from today, and both keep the link."""
    by = rights.require(by, "task.cancel", queries.assigner_scopes(task))
    if task.pk == into.pk:
        raise Refused("same_task", _("A task is not merged into itself."), do=advice.ANOTHER, field="into")
    first, second = sorted((task, into), key=lambda each: each.key)
    locked = {each.pk: locked_open(each) for each in (first, second)}
    task, into = locked[task.pk], locked[into.pk]
    task.cancelled_on, task.cancel_reason = on, require_reason(reason)
    bump(task, "cancelled_on", "cancel_reason")
    record_step(task, "merged", by, on, reason=reason, document=document, other=into)
    record_step(into, "merged", by, on, reason=reason, document=document, other=task)
    after = {"into": into.key, "cancelled_on": on, "document": document}
    audit.record("task.merged", task, by, after=after, reason=reason)
    audit.record("task.merged", into, by, after={"from": task.key}, reason=reason)
    return into


@action
def copy_task(*, task: Task, key: str, programme: Programme | None = None, by: Actor, on: date) -> Task:
    """A new task with the same wording, agencies and their parts, deadline and products, without what happened."""
    held = task.memberships.select_related("programme__document", "programme__organisation", "programme__place").first()
    programme = programme or (held.programme if held else None)
    if programme is None:
        raise Refused("not_found", _("This task belongs to no programme."), do=advice.INTO_PROGRAMME, status=404)
    by = rights.require(by, "task.add", programme.scopes)
    row = recorded.row_of(task, programme.pk)
    copy = replace(
        row,
        key=key,
        assigned_on=on,
        started_on=None,
        completed_on=None,
        cancelled_on=None,
        percent=None,
        extensions=(),
        cancel_reason="",
        ordinal="",
        quoted_text="",
        parent="",
        is_part=False,
        is_sample=False,
    )
    made = add_tasks(programme=programme, rows=[copy], by=by, on=on)[0]
    copy_parts(task, made, by, on)
    audit.record("task.copied", made, by, after={"from": task.key})
    return made


@action
def cancel_copy(*, task: Task, by: Actor, on: date) -> Task:
    """Take a copy back that nobody has touched since it was made. It stays in a line of its own, as a cancelled task.

    Whoever may add a task may take back the one just added by mistake; later it is cancelled with its reason.
    """
    programme = programme_of(task)
    by = rights.require(by, "task.add", programme.scopes)
    task = locked_open(task)
    told = set(audit.history(task.subject).values_list("kind", flat=True))
    if "task.copied" not in told:
        raise Refused("not_a_copy", _("This task is no copy."), do=advice.LOOK, status=409)
    if told != {"task.added", "task.copied"}:
        raise changed_since()
    task.cancelled_on, task.cancel_reason = on, str(_("Undone"))
    bump(task, "cancelled_on", "cancel_reason")
    record_step(task, "cancelled", by, on, reason=task.cancel_reason)
    audit.record("task.cancelled", task, by, after={"cancelled_on": on}, reason=task.cancel_reason)
    return task


@action
def move_task(
    *, task: Task, programme: Programme, group: TaskGroup | None = None, ordinal: str = "", by: Actor, on: date
) -> Task:
    """Put a task into a programme, or into another task group of one that holds it already (C1)."""
    rights.require(by, "task.change", queries.scopes_of(task))  # else a programme could draw in what is not its own
    by = rights.require(by, "task.change", programme.scopes)
    task = queries.locked(task)
    if group and group.programme_id != programme.pk:
        raise Refused(
            "unknown_group", _("This task group belongs to another programme."), do=advice.LIST, field="group"
        )
    held = Membership.objects.filter(task=task, programme=programme).select_related("group").first()
    before = held.group.key if held and held.group else ""
    if held is None:
        held = Membership(task=task, programme=programme, is_part=task.is_part)
    held.group, held.ordinal = group, ordinal or held.ordinal
    held.save()
    bump(task)
    after = {"programme": programme.key, "group": group.key if group else ""}
    audit.record("task.moved", task, by, before={"group": before}, after=after)
    return task


@action
def leave_programme(*, task: Task, programme: Programme, by: Actor, on: date) -> Task:
    """Take a task out of one of several programmes that hold it (C1). The last one keeps it."""
    rights.require(by, "task.change", queries.scopes_of(task))
    by = rights.require(by, "task.change", programme.scopes)
    task = queries.locked(task)
    held = Membership.objects.filter(task=task, programme=programme).select_related("group").first()
    if held is None:
        raise Refused(
            "not_in_programme",
            _("This programme does not hold the task."),
            do=advice.LIST,
            field="programme",
            status=409,
        )
    if not task.memberships.exclude(pk=held.pk).exists():
        raise Refused(
            "last_programme",
            _("No other programme holds this task. Put it into another one first, or cancel it."),
            field="programme",
            status=409,
        )
    before = {"programme": programme.key, "group": held.group.key if held.group else ""}
    held.delete()
    bump(task)
    audit.record("task.left", task, by, before=before, after={})
    return task


@action
def add_dependency(*, task: Task, needs: Task, kind: str = "finish", by: Actor, on: date) -> Dependency:
    """A task waits for another one. A circle is refused; no date moves (C13)."""
    by = rights.require(by, "task.change", queries.scopes_of(task))
    task = queries.locked(task)
    if kind not in Dependency.Kind.values:
        raise Refused("dependency_kind", _("Choose the kind of dependency."), field="kind")
    one_writer(Dependency)  # two at once may close a circle
    links: dict[str, list[str]] = {}
    for one, other in Dependency.objects.values_list("task__key", "needs__key"):
        links.setdefault(one, []).append(other)
    rules.require_no_dependency_cycle(task.key, needs.key, links)
    if needs.key in links.get(task.key, ()):
        raise Refused(
            "dependency_there", _("This dependency is recorded already."), do=advice.LOOK, field="needs", status=409
        )
    dependency = Dependency.objects.create(task=task, needs=needs, kind=kind)
    audit.record("task.dependency_added", task, by, after={"needs": needs.key, "kind": kind})
    return dependency


@action
def end_dependency(*, dependency: Dependency, by: Actor, on: date) -> None:
    """A task no longer waits for another one."""
    by = rights.require(by, "task.change", queries.scopes_of(dependency.task))
    task = queries.locked(dependency.task)
    audit.record("task.dependency_ended", task, by, before={"needs": dependency.needs.key})
    dependency.delete()


@action
def break_down_task(
    *, task: Task, rows: Sequence[TaskRow], programme: Programme | None = None, by: Actor, on: date
) -> list[Task]:
    """Add tasks under one: its lead divides the work. They stand in the same programme and group unless told (C3)."""
    by = rights.require(by, "task.break_down", queries.scopes_of(task))
    task = locked_open(task)
    if programme is not None and not task.memberships.filter(programme=programme).exists():
        rights.require(by, "task.add", programme.scopes)
    programme = programme or programme_of(task)
    held = task.memberships.filter(programme=programme).select_related("group").first()
    group = held.group.key if held and held.group else ""
    placed = [
        replace(row, parent=task.key, group=row.group or group, assigned_on=row.assigned_on or on, verbatim=False)
        for row in rows
    ]
    made = insert_under(task, programme, placed, by, on)
    audit.record("task.broken_down", task, by, after={"tasks": [each.key for each in made]})
    return made


def programme_of(task: Task) -> Programme:
    """The programme that held a task first."""
    held = task.memberships.select_related("programme__document").first()
    if held is None:
        raise Refused("not_found", _("This task belongs to no programme."), do=advice.INTO_PROGRAMME, status=404)
    return held.programme


def insert_under(task: Task, programme: Programme, rows: Sequence[TaskRow], by: Actor, on: date) -> list[Task]:
    """Check and write tasks that stand under one."""
    register = register_for(programme, rows, by, on)
    rows = [register.with_posts(row) for row in rows]
    for row in rows:
        if row.key in register.tasks:
            raise key_taken(row.key)
        require_row(row, register, on)
    return insert(rows, register, by, on)
