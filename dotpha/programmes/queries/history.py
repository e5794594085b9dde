"""The history of a task: every event of it and of what hangs on it, oldest first."""

from __future__ import annotations

from datetime import date
from typing import Any

from dotpha.platform import audit
from dotpha.platform.actors import shown
from dotpha.programmes.models import Task


def of_task(task: Task, on: date) -> list[dict[str, Any]]:
    """Events by a day as plain values. Reports, extensions and blockers record theirs on the task."""
    return [
        {
            "at": event.at,
            "kind": event.kind,
            "sentence": f"{shown(event.actor, event.actor_name)} {audit.kinds.get(event.kind, event.kind)}",
            "actor": event.actor,
            "actor_name": event.actor_name,
            "role": event.role,
            "holder": event.holder,
            "reason": event.reason,
            "before": event.before,
            "after": event.after,
        }
        for event in audit.history(task.subject, on=on)
    ]
