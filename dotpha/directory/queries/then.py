"""What places and organisations bore and lay in on a day: the one rule of facts that were so until a day.

A fact of a day is the first one recorded of those that ended on that day or later; else that of today.
"""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from dotpha.directory.models import (
    Organisation,
    OrganisationName,
    OrganisationParent,
    Place,
    PlaceName,
    PlaceParent,
)


def valid(on: date, prefix: str = "") -> Q:
    """Valid on a day; the last day is included, an open end is still valid."""
    begun = Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": on})
    return begun & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": on}))


T = TypeVar("T", Place, Organisation)
BY_NAME = ("sorted_then", "key")
"""The order of rows of `named`, by their names of that day."""


def _in_order(former: QuerySet[Any], on: date, **whose: Any) -> QuerySet[Any]:
    """Of former facts those that held on a day or later, each row's own one of that day first."""
    return former.filter(until_on__gte=on, **whose).order_by("until_on")


def _of_the_day(former: QuerySet[Any], owner: str, on: date) -> tuple[Q, QuerySet[Any]]:
    """The condition that a row is as it is today, and the former facts that held on a day, one of a row.

    Few facts are to change after a day: they are found once, not looked for row by row.
    """
    changed = former.filter(until_on__gte=on)
    held = changed.order_by(f"{owner}_id", "until_on").distinct(f"{owner}_id").values("pk")
    return ~Q(pk__in=changed.order_by().values(owner)), former.filter(pk__in=held).order_by()


def named(rows: QuerySet[T], on: date, words: str = "") -> QuerySet[T]:
    """Rows with the name that each bore on a day: `names_then` where it was another one, `sorted_then` for the order.

    With `words` those whose name, code or abbreviation of that day has them.
    """
    former, owner = _former_names(rows.model)
    borne = _in_order(former, on, **{owner: OuterRef("pk")})
    then: dict[str, Any] = {"names_then": Subquery(borne.values("name")[:1])}
    if rows.model is Place:
        then |= {"short_then": Subquery(borne.values("short")[:1]), "kind_then": Subquery(borne.values("kind")[:1])}
    rows = rows.annotate(sorted_then=Coalesce(Subquery(borne.values("sort_key")[:1]), F("sort_key")), **then)
    return bearing(rows, on, words) if words else rows


def bearing(rows: QuerySet[T], on: date, words: str) -> QuerySet[T]:
    """Those rows whose name, code or abbreviation of a day has these words."""
    former, owner = _former_names(rows.model)
    as_today, held = _of_the_day(former, owner, on)
    matching = held.filter(words__matches=words).values(owner)
    return rows.filter(Q(words__matches=words) & as_today | Q(pk__in=matching))


def _former_names(model: type[Place] | type[Organisation]) -> tuple[QuerySet[Any], str]:
    """The former names of places or organisations, and the field that says whose they are."""
    if model is Place:
        return PlaceName.objects.all(), "place"
    return OrganisationName.objects.all(), "organisation"


def former_parents(model: type[Place] | type[Organisation]) -> tuple[QuerySet[Any], str]:
    """What places or organisations lay in until a day, and the field that says of whom it is told."""
    if model is Place:
        return PlaceParent.objects.all(), "place"
    return OrganisationParent.objects.all(), "organisation"


def lying(rows: QuerySet[T], on: date) -> QuerySet[T]:
    """Rows with what each lay in on a day (`parent_shown`), under its name of then: three queries more at most."""
    former, _owner = former_parents(rows.model)
    parents = Prefetch("parent", named(rows.model._default_manager.all(), on))
    then = _in_order(former, on).prefetch_related(parents)
    return rows.prefetch_related(parents, Prefetch("former_parents", then, to_attr="lay_in"))


def lying_in(rows: QuerySet[T], on: date, parent: str) -> QuerySet[T]:
    """Those rows that lay in one, by its key, on a day."""
    former, owner = former_parents(rows.model)
    as_today, held = _of_the_day(former, owner, on)
    return rows.filter(Q(parent__key=parent) & as_today | Q(pk__in=held.filter(parent__key=parent).values(owner)))


def sorted_by_parent(rows: QuerySet[T], on: date) -> QuerySet[T]:
    """Rows with `parent_sorted`, by which they stand in the order of the names of what they lay in on a day."""
    former, owner = former_parents(rows.model)
    held = _in_order(former, on, **{owner: OuterRef("pk")})
    number = BigIntegerField()
    then = When(Exists(held), then=Subquery(held.values("parent")[:1], output_field=number))
    lay_in = Case(then, default=F("parent_id"), output_field=number)
    above: Any = named(rows.model._default_manager.filter(pk=OuterRef("parent_then")), on)
    return rows.annotate(parent_then=lay_in).annotate(parent_sorted=Subquery(above.values("sorted_then")[:1]))


def parents_then(model: type[Place] | type[Organisation], on: date) -> dict[str, str]:
    """By key, what those lay in on a day that lie in something else now (empty: in nothing): one query."""
    former, owner = former_parents(model)
    _as_today, held = _of_the_day(former, owner, on)
    return {key: parent or "" for key, parent in held.values_list(f"{owner}__key", "parent__key")}


def lay_before(thing: Place | Organisation, on: date) -> QuerySet[Any]:
    """What a place or organisation lay in before a day, the latest first."""
    former, owner = former_parents(type(thing))
    return former.filter(until_on__lt=on, **{owner: thing}).select_related("parent").order_by("-until_on")
