"""The history of a task: every event of it and of what hangs on it, oldest first."""

from __future__ import annotations

from datetime import date
from typing import Any

from dotpha.platform import audit
from dotpha.platform.actors import Actor, shown
from dotpha.programmes.models import Task
from dotpha.programmes.queries import told


def of_task(by: Actor, task: Task, on: date) -> list[dict[str, Any]]:
    """Events by a day as plain values. Reports, extensions and blockers record theirs on the task.

    Keys of other tasks and of programmes stand there where `by` may know of those.
    """
    events = list(audit.history(task.subject, on=on))
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
            "before": was,
            "after": now,
        }
        for event, (was, now) in zip(events, told.cleaned(by, events), strict=True)
    ]
