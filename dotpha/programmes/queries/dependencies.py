"""What a task waits for and what waits for it, of tasks that the reader may know of (C13)."""

from __future__ import annotations

from datetime import date
from typing import Any

from dotpha.platform.actors import Actor
from dotpha.programmes.models import Dependency
from dotpha.programmes.queries import tasks
from dotpha.programmes.rules import breakdown


def of_task(by: Actor, task: Any, on: date) -> tuple[list[tuple[Dependency, Any]], list[Any], list[str]]:
    """What the task waits for, what waits for it, and the followers that can no longer end in time."""
    links = list(Dependency.objects.select_related("needs").filter(task=task).order_by("pk"))
    pairs = list(Dependency.objects.values_list("needs_id", "task_id"))
    shown = {each.pk: each for each in tasks.readable(by, on).filter(pk__in={pk for pair in pairs for pk in pair})}
    needs = [(each, shown[each.needs_id]) for each in links if each.needs_id in shown]
    followers: dict[str, list[tuple[str, date | None]]] = {}
    for before, after in pairs:
        if before in shown and after in shown:
            followers.setdefault(shown[before].key, []).append((shown[after].key, shown[after].due_on))
    needed_by = [shown[after] for before, after in pairs if before == task.pk and after in shown]
    late = (
        breakdown.blocked_successors(task.key, _expected_end(task, on), followers) if task.completed_on is None else []
    )
    return needs, needed_by, late


def _expected_end(task: Any, on: date) -> date | None:
    """The earliest day on which an open task can still end: its due date, or today once that has passed."""
    return max(task.due_on, on) if task.due_on else None
