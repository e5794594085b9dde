"""The deadline ledger as a chain: each granted line is in force until the day of the next one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import zip_longest

from dotpha.programmes.models import Extension, Task
from dotpha.programmes.queries import tasks as queries


def chained(lines: Sequence[Extension]) -> Iterator[tuple[Extension, date | None]]:
    """Each granted line with the day from which the next one holds; None for the last.

    Lines stand in the order in which they were entered: of two granted on one day the later entry holds,
    and the earlier one is in force on no day.
    """
    in_order = sorted(lines, key=lambda line: line.granted_on or date.min)
    for line, following in zip_longest(in_order, in_order[1:]):
        yield line, following.granted_on if following else None


def chain(task: Task, entered: Iterable[Extension]) -> None:
    """Set again until when each granted line of a task is in force. Call with the task locked.

    `entered` are the lines granted by this act: of one day they hold, also when they were asked for earlier.
    """
    latest = {each.pk for each in entered}
    granted = task.extensions.filter(granted_on__isnull=False)
    lines = sorted(granted, key=lambda line: (line.pk in latest, queries.ledger_order(line)))
    for line, until in chained(lines):
        if line.superseded_on != until:
            line.superseded_on = until
            line.save(update_fields=["superseded_on"])
