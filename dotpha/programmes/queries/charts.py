"""Charts: counts of tasks by province, group, lead agency or programme, whole and without a number left out.

The desk shows them of what its reader may see, the public pages of what is published; each line opens the tasks behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes.models import Programme
from dotpha.programmes.queries import boards
from dotpha.programmes.queries.summary import flat
from dotpha.programmes.rules.breakdown import Counts

TITLES = {
    "map": _("Share of overdue tasks by province"),
    "groups": _("Tasks by group and state"),
    "leads": _("Tasks by lead agency and state"),
    "programmes": _("Tasks by programme and state"),
}
"""The name of a chart in its address, and what stands over it."""
LINES = {"map": _("Province"), "groups": _("Group"), "leads": _("Lead agency"), "programmes": _("Programme")}


@dataclass(frozen=True)
class Line:
    """One line of a chart. `key` is empty for the tasks in no group; `url` opens the tasks behind it."""

    key: str
    label: str
    counts: Counts
    url: str = ""
    thing: Any = None


def names(programme: Programme | None) -> tuple[str, ...]:
    """The charts that there are of a programme, or of all of them together."""
    return ("map", "groups", "leads") if programme else ("map", "programmes", "leads")


def lines(by: Actor, on: date, name: str, programme: Programme | None, *, parts: bool = False) -> list[Line]:
    """The lines of a chart in its order. The map always counts parts of collective tasks at their body."""
    if name not in names(programme):
        raise Refused("not_found", _("There is no chart of this name here."), do=advice.FIND, status=404)
    if name == "map":
        return [
            Line(each.key, each.title.text, count, thing=each) for each, count in boards.by_province(by, on, programme)
        ]
    rows = boards.of_programme(by, on, programme, parts=parts)
    if programme and name == "groups":
        return [_group(each, count) for each, count in boards.by_group(rows, programme)]
    if name == "leads":
        return [Line(each.key, each.title.text, count) for each, count in boards.by_lead(rows)[0]]
    return [Line(each.key, each.heading.text, count) for each, count in boards.by_programme(rows, by)]


def _group(group: Any, count: Counts) -> Line:
    return (
        Line(group.key, f"{group.order}. {group.label.text}", count) if group else Line("", str(_("No group")), count)
    )


COLUMNS: dict[str, Any] = {
    "key": _("Key"), "name": _("Name"), "assigned": _("Assigned"), "done_on_time": _("done on time"),
    "done_late": _("done late"), "in_time": _("in time"), "overdue": _("overdue"), "cancelled": _("cancelled"),
    "overdue_share": _("Overdue, %"),
}  # fmt: skip


def row(line: Line) -> list[Any]:
    """A line as a file holds it: a share without tasks is empty, never 0."""
    share = line.counts.overdue_share
    return [line.key, line.label, *flat(line.counts).values(), None if share is None else round(share, 1)]
