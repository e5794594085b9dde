"""What lies where a person holds a right over the body itself: what it leads, what it is asked.

`queries.tasks.within` limits what one may see; here is what one may do for a body.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from dotpha.accounts import rights, scopes
from dotpha.platform.actors import Actor
from dotpha.programmes.models import Assignment, Membership

if TYPE_CHECKING:
    from django.db.models import QuerySet


def inside(by: Actor, right: str, organisation: str, place: str = "", task: str = "pk") -> Q:
    """The condition that a row's body, or its place, lies where this person holds a right.

    The arguments name fields of the row. A role limited to a body *and* a programme reaches the tasks of that
    programme only (A6).
    """
    reach = rights.reach(by, right)
    if scopes.ALL in reach:
        return Q()
    found = _paths(reach, organisation, place)
    for programme, held in rights.reach_within(by, right).items():
        member = Membership.objects.filter(task=OuterRef(task), programme__key=programme)
        found |= Q(Exists(member)) & _paths(held, organisation, place)
    return found


def _paths(reach: Iterable[str], organisation: str, place: str) -> Q:
    found = Q(pk__in=[])
    for path in scopes.prefixes(reach, "org"):
        found |= Q(**{f"{organisation}__path__startswith": path})
    for path in scopes.prefixes(reach, "place"):
        found |= Q(**{f"{organisation}__place__path__startswith": path})
        found |= Q(**{f"{place}__path__startswith": path}) if place else Q(pk__in=[])
    return found


def led(by: Actor, right: str, on: date) -> QuerySet[Any]:
    """The assignments of the bodies that lead on a day and for which this person holds a right."""
    lasting = Q(until_on=None) | Q(until_on__gte=on)
    held = Assignment.objects.filter(lasting, part="lead", from_on__lte=on)
    return held.filter(inside(by, right, "organisation", "task__place", "task"))
