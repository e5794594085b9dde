"""Boards: tasks counted by state, whole, by lead, by group, by province. One definition for the desk,
the public pages and the reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext

from dotpha.directory.models import Organisation, Place
from dotpha.directory.queries.then import lying_in, named, valid
from dotpha.platform import numbers
from dotpha.platform.actors import Actor
from dotpha.programmes.models import Programme
from dotpha.programmes.queries import reach, tasks
from dotpha.programmes.queries.programmes import visible_programmes
from dotpha.programmes.rules.breakdown import Counts, counted


def of_programme(by: Actor, on: date, programme: Programme | None, *, parts: bool = False) -> tasks.TaskRows:
    """The tasks a reader sees of a programme (of all, without one): as issued, or with the parts
    of collective tasks in the place of the collective."""
    rows = tasks.visible(by, on)
    if programme:
        rows = rows.filter(memberships__programme=programme)
    if parts:
        return rows.exclude(Q(is_part=False) & Q(children__is_part=True))
    return reach.as_issued(rows, by)


def tally(rows: tasks.TaskRows) -> dict[str, int]:
    """How many tasks stand in each state that any is in."""
    return dict(rows.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n"))


def counts(rows: tasks.TaskRows) -> Counts:
    """The counts of these tasks."""
    return counted(tally(rows))


def counts_by(rows: tasks.TaskRows, field: str) -> dict[Any, Counts]:
    """Counts for each value of a field of the rows."""
    found: dict[Any, dict[str, int]] = {}
    grouped = rows.order_by().values(field, "state").annotate(n=Count("pk"))
    for value, state, n in grouped.values_list(field, "state", "n"):
        found.setdefault(value, {})[state] = n
    return {key: counted(states) for key, states in found.items()}


SHOWN_LEADS = 12


@dataclass(frozen=True)
class Others:
    """The lead agencies that a table leaves out, and what they lead: with those shown they make up the whole."""

    bodies: int
    counts: Counts


def by_lead(rows: tasks.TaskRows, shown: int | None = None) -> tuple[list[tuple[Organisation, Counts]], Others]:
    """Leads with their counts, most overdue first, and what is left when only the first `shown` of them are."""
    found = counts_by(rows, "lead__organisation_id")
    held = Organisation.objects.in_bulk([key for key in found if key])
    pairs = [(held[key], count) for key, count in found.items() if key in held]
    pairs.sort(key=lambda pair: (-pair[1].overdue, -pair[1].assigned, pair[0].sort_key))
    rest = [] if shown is None else pairs[shown:]
    return pairs[:shown], Others(len(rest), sum((count for _body, count in rest), Counts()))


def by_group(rows: tasks.TaskRows, programme: Programme) -> list[tuple[Any, Counts]]:
    """Task groups of a programme in their order, with counts; tasks outside every group come last under None."""
    found = counts_by(rows.filter(memberships__programme=programme), "memberships__group_id")
    listed: list[tuple[Any, Counts]] = [(group, found.pop(group.pk, Counts())) for group in programme.groups.all()]
    return listed + ([(None, found[None])] if None in found else [])


def by_programme(rows: tasks.TaskRows, by: Actor) -> list[tuple[Programme, Counts]]:
    """The programmes that a reader sees and that hold any of these tasks, with counts, the most overdue first.

    A task of several programmes stands in each of them.
    """
    found = counts_by(rows, "memberships__programme_id")
    pairs = [(each, found[each.pk]) for each in visible_programmes(by).filter(pk__in=[key for key in found if key])]
    return sorted(pairs, key=lambda pair: (-pair[1].overdue, -pair[1].assigned, pair[0].key))


def by_province(by: Actor, on: date, programme: Programme | None) -> list[tuple[Place, Counts]]:
    """The provinces of that day with the counts of the tasks their own bodies lead, parts included."""
    found = counts_by(_led_by_provinces(by, on, programme), "lead__organisation__place_id")
    return [(place, found.get(place.pk, Counts())) for place in provinces(on)]


def by_commune(by: Actor, on: date, programme: Programme | None, province: Place) -> list[tuple[Place, Counts]]:
    """The communes that lay in a province on that day and whose own bodies lead tasks, with the counts of those, parts
    included; most overdue first."""
    rows = of_programme(by, on, programme, parts=True).filter(lead__organisation__kind__startswith="commune")
    inside = lying_in(Place.objects.filter(level="commune"), on, province.key)
    found = counts_by(rows.filter(lead__organisation__place__in=inside.values("pk")), "lead__organisation__place_id")
    pairs = [(place, found[place.pk]) for place in named(Place.objects.filter(pk__in=found), on)]
    return sorted(pairs, key=lambda pair: (-pair[1].overdue, -pair[1].assigned, pair[0].sort_key))


def led_in(by: Actor, on: date, programme: Programme | None, place: Place) -> tasks.TaskRows:
    """The tasks that a province's own bodies lead, as `by_province` counts them."""
    return _led_by_provinces(by, on, programme).filter(lead__organisation__place=place)


def _led_by_provinces(by: Actor, on: date, programme: Programme | None) -> tasks.TaskRows:
    rows = of_programme(by, on, programme, parts=True)
    return rows.filter(lead__organisation__kind__startswith="provincial")


def provinces(on: date) -> QuerySet[Place]:
    """The provinces valid on a day under their names of that day, in the order of their codes."""
    return named(Place.objects.filter(valid(on), level="province"), on).order_by("code", "key")


def longest_overdue(rows: tasks.TaskRows, limit: int = 10) -> tasks.TaskRows:
    """Overdue tasks, the oldest due date first."""
    return tasks.named(rows.filter(state="overdue")).order_by("due_on", "key")[:limit]


def main_programme(by: Actor) -> Programme | None:
    """The programme a page opens with: the first one without a parent that holds tasks."""
    listed = visible_programmes(by).filter(parent=None, is_sample=False)
    return (
        listed.annotate(n=Count("memberships")).filter(n__gt=0).order_by("-n", "key").select_related("document").first()
        or listed.order_by("key").first()
    )


def published() -> QuerySet[Programme]:
    """Programmes that anybody may read, the largest first."""
    return (
        Programme.objects.filter(published_at__isnull=False)
        .select_related("document")
        .annotate(n=Count("memberships", filter=Q(memberships__is_part=False)))
        .order_by("-n", F("from_on").asc(nulls_last=True), "key")
    )


STEPS = (0.0, 10.0, 25.0, 50.0)  # percent overdue at which a tile takes the next shade


def shade(share: float | None) -> int:
    """The shade of a share of overdue tasks: 0 without data, then 1 (none) to 5 (more than half)."""
    return 0 if share is None else 1 + sum(share > step for step in STEPS)


def shades(locale: str) -> list[tuple[int, str]]:
    """Each shade of a tile and what it stands for."""
    said = [numbers.percent(step, 0, locale) for step in STEPS]
    within = [said[0], *(f"≤ {each}" for each in said[1:]), f"> {said[-1]}"]
    return [(0, gettext("no task")), *enumerate(within, 1)]


def tiles(pairs: list[tuple[Place, Counts]], address: str = "") -> list[dict[str, Any]]:
    """Provinces as tiles of a map: the share overdue as value and shade. `address` is where a tile
    leads, with {key} for the province."""
    return [
        {
            "key": place.key,
            "abbr": place.abbreviation,
            "name": place.title.text,
            "row": place.tile_row,
            "col": place.tile_column,
            "value": held.overdue_share,
            "overdue": held.overdue,
            "assigned": held.assigned,
            "level": shade(held.overdue_share),
            "url": address.replace("{key}", place.key),
        }
        for place, held in pairs
        if place.tile_row is not None
    ]
