"""Counts of tasks by lead, group, place or state, that lose nothing (contracts, "Task states").

assigned = done_on_time + done_late + in_time + overdue; cancelled tasks stand outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Expression, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from dotpha.directory.models import Organisation, Place
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes.models import TaskGroup
from dotpha.programmes.queries import boards, told
from dotpha.programmes.queries.lists import Asked, readable
from dotpha.programmes.rules.breakdown import Counts
from dotpha.programmes.rules.lateness import State

if TYPE_CHECKING:
    from dotpha.programmes.queries.tasks import TaskRows

BY = ("lead", "group", "place", "state")
NAMES = {
    State.NOT_STARTED: _("not started"),
    State.IN_PROGRESS: _("in progress"),
    State.DUE_SOON: _("due soon"),
    State.OVERDUE: _("overdue"),
    State.DONE_ON_TIME: _("done on time"),
    State.DONE_LATE: _("done late"),
    State.CANCELLED: _("cancelled"),
}
_NONE = {"lead": _("No lead agency"), "group": _("No task group"), "place": _("No place")}


@dataclass(frozen=True)
class Row:
    """One row of a summary. `key` is empty for the tasks that have none."""

    key: str
    name: str
    counts: Counts

    def flat(self) -> dict[str, Any]:
        return {"key": self.key, "name": self.name, **flat(self.counts)}


def flat(counts: Counts) -> dict[str, int]:
    """Counts with `assigned`, as the API and tables show them: the fields of the count identity, and cancelled."""
    fields = ("assigned", "done_on_time", "done_late", "in_time", "overdue", "cancelled")
    return {name: getattr(counts, name) for name in fields}


def summary(by: Actor, asked: Asked, group_by: str, on: date) -> tuple[list[Row], Counts]:
    """Rows with counts, those without any task left out, and their sum. Grouped in one query."""
    if group_by not in BY:
        raise Refused("by_unknown", _("Choose from: %(choices)s."), field="by", choices=", ".join(BY))
    counted = boards.counts_by(_grouped(readable(by, asked, on), group_by, asked, by), "by_key")
    names = _names(group_by, list(counted))
    order = {key: place for key, (_key, _name, place) in names.items()}
    keys = sorted(counted, key=lambda key: (key is None, order.get(key, "") if key is not None else "", str(key)))
    found = [_row(key, counted[key], names, group_by) for key in keys]
    return found, sum(counted.values(), Counts())


def _grouped(rows: TaskRows, group_by: str, asked: Asked, by: Actor) -> TaskRows:
    found: TaskRows = rows.annotate(by_key=_grouping(group_by, asked, by))
    return found


def _grouping(group_by: str, asked: Asked, by: Actor) -> Expression | F | Subquery:
    if group_by == "lead":
        return F("lead__organisation_id")
    if group_by == "state":
        return F("state")
    if group_by == "place":
        return Coalesce("place_id", "lead__organisation__place_id")
    # A task has one group in a programme; across programmes that of the first one counts.
    held = told.memberships(by).filter(task=OuterRef("pk"))
    held = held.filter(programme__key=asked.programme) if asked.programme else held
    return Subquery(held.values("group_id")[:1])


def _names(group_by: str, keys: list[Any]) -> dict[Any, tuple[str, str, Any]]:
    """Key, name and place in the order of each row."""
    held = [key for key in keys if key is not None]
    if group_by == "lead":
        organisations = Organisation.objects.only("key", "name", "sort_key").in_bulk(held)
        return {pk: (each.key, each.title.text, each.sort_key) for pk, each in organisations.items()}
    if group_by == "place":
        return {pk: (each.key, each.title.text, each.code) for pk, each in Place.objects.in_bulk(held).items()}
    if group_by == "group":
        groups = TaskGroup.objects.select_related("programme").in_bulk(held)
        return {pk: (each.key, each.label.text, (each.programme.key, each.order)) for pk, each in groups.items()}
    ranks = {state.value: rank for rank, state in enumerate(State)}
    return {key: (key, str(NAMES[State(key)]), ranks[key]) for key in held}


def _row(key: Any, counts: Counts, names: dict[Any, tuple[str, str, Any]], group_by: str) -> Row:
    if key is None:
        return Row("", str(_NONE[group_by]), counts)
    return Row(names[key][0], names[key][1], counts)
