"""What lies in places, and since when it may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from dotpha.directory.models import Organisation, Place, Succession
from dotpha.directory.queries import Standing, links_of
from dotpha.directory.rules import successions


def since(model: type[Place] | type[Organisation], at: Mapping[str, Standing]) -> dict[str, date | None]:
    """By key of a place in which others lie, since when it or what it replaced is there (`successions.begun_by`).

    None of organisations: what becomes of their units is said with their end.
    """
    if model is not Place:
        return {}
    rows = Succession.objects.filter(new_place__isnull=False).exclude(new_place__level=Place.Level.COMMUNE)
    return successions.begun_by({key: each.node.days.first for key, each in at.items()}, links_of(rows, "place"))


def inside(keys: Iterable[str], last_day: date) -> QuerySet[Place]:
    """The places that lie in these and go on after a day, by official code."""
    going_on = Q(valid_to=None) | Q(valid_to__gt=last_day)
    return Place.objects.filter(going_on, parent__key__in=keys).order_by("code", "key")
