"""The deadline of a task row: given with it, or read from its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.refusals import Refused
from dotpha.programmes.models.tasks import DeadlineKind
from dotpha.programmes.rules.deadlines import frequency_of, parse, phrases
from dotpha.programmes.rules.deadlines.phrases import DATED
from dotpha.programmes.task_row import TaskRow

UNDATED = frozenset(DeadlineKind.values) - {str(kind) for kind in DATED}


@dataclass(frozen=True)
class Deadline:
    """A deadline as it is kept: kind, start, original due date, and how often it recurs."""

    kind: str
    start_on: date | None
    due_on: date | None
    recurs_every: str


SHORT = 200
"""Signs of a phrase that is read once for all rows that bear it."""


@lru_cache(maxsize=1_000)
def _read(text: str, reference: date) -> tuple[phrases.Deadline, str]:
    """What a phrase says and how often it recurs: the rows of a register share a few phrases, each takes a millisecond
    to read."""
    return parse(text, reference), frequency_of(text) or ""


def deadline_of(row: TaskRow, reference: date) -> Deadline:
    """The deadline given with a row, else the one its phrase names, for a document of that day."""
    read = _read if len(row.deadline_text) <= SHORT else _read.__wrapped__
    said, frequency = read(row.deadline_text, reference)
    every = row.recurs_every or frequency
    if row.deadline_kind:
        return Deadline(row.deadline_kind, row.deadline_start_on, row.due_on, every)
    return Deadline(str(said.kind), said.start, said.due, every if str(said.kind) == "recurring" else "")


def deadline_cell(row: TaskRow) -> str:
    """The deadline as a register writes it: the words; the day itself where only a person could read one in them."""
    if row.due_on and row.assigned_on and parse(row.deadline_text, row.assigned_on).due != row.due_on:
        return row.due_on.isoformat()
    return row.deadline_text or "–"


def require_reading(kind: str, start_on: date | None, due_on: date | None, kind_field: str = "kind") -> None:
    """Refuse a kind of deadline that is none, one without its day or with a day that it cannot have."""
    if kind not in DeadlineKind.values:
        raise Refused("deadline_kind", _("Choose the kind of deadline."), field=kind_field)
    if kind not in UNDATED and due_on is None:
        raise Refused("due_missing", _("Give the due date."), field="due_on")
    if kind in UNDATED and due_on is not None:
        raise Refused(
            "due_not_wanted", _("A deadline of this kind has no day of its own."), do=advice.LEAVE_OUT, field="due_on"
        )
    if start_on and due_on and due_on < start_on:
        raise Refused("due_before_start", _("The due date lies before the start."), do=advice.ONE_DAY, field="due_on")
