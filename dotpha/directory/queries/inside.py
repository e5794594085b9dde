"""What lies in places, since when it may, and by which way on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from dotpha.directory.models import Organisation, Place, PlaceParent, Succession
from dotpha.directory.queries import Standing, links_of, tree
from dotpha.directory.queries.then import parents_then
from dotpha.directory.rules import successions
from dotpha.directory.rules.lying import path_of


def since(model: type[Place] | type[Organisation], at: Mapping[str, Standing]) -> dict[str, date | None]:
    """By key of a place in which others lie, since when it or what it replaced is there (`successions.begun_by`).

    None of organisations: what becomes of their units is said with their end.
    """
    if model is not Place:
        return {}
    rows = Succession.objects.filter(new_place__isnull=False).exclude(new_place__level=Place.Level.COMMUNE)
    return successions.begun_by({key: each.node.days.first for key, each in at.items()}, links_of(rows, "place"))


def inside(keys: Iterable[str], on: date) -> QuerySet[Place]:
    """The places that go on on a day and lie in these then or, as it is recorded, later; by official code."""
    held = list(keys)
    going_on = Q(valid_to=None) | Q(valid_to__gte=on)
    then = PlaceParent.objects.filter(until_on__gte=on, parent__key__in=held).values("place")
    lying = Q(parent__key__in=held) | Q(pk__in=then)
    return Place.objects.filter(going_on, lying).order_by("code", "key")


def paths_then(on: date) -> dict[str, str]:
    """By its path of today, the path that a place had on a day, of those for which that was another one.

    For counts by the tree of a past day; rights are asked over today's (`Place.path`). One query where nothing moved
    since, else three.
    """
    elsewhere = parents_then(Place, on)
    if not elsewhere:
        return {}
    at = tree(Place)
    parents = {**{key: each.node.parent for key, each in at.items()}, **elsewhere}
    ways = {each.path: path_of(key, parents) for key, each in at.items()}
    return {now: then for now, then in ways.items() if now != then}
