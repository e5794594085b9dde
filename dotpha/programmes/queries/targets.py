"""Reading the dated targets of programmes, as they stood on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice, audit
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes.models import Programme, Target
from dotpha.programmes.queries.programmes import in_force, visible_programmes
from dotpha.programmes.rules import targets as rules

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dotpha.platform.models import AuditEvent


def of_programme(
    programme: Programme, on: date, *, year: int | None = None, words: str = "", withdrawn: bool = False
) -> QuerySet[Target]:
    """Its targets on a day with their parts, by year and in the order of the document; or those withdrawn by then."""
    rows = programme.targets.select_related("owner", "parent")
    rows = rows.exclude(in_force(on)) if withdrawn else rows.filter(in_force(on))
    if year is not None:
        rows = rows.filter(year=year)
    if words:
        rows = rows.filter(Q(title__vi__icontains=words) | Q(title__en__icontains=words) | Q(key__icontains=words))
    return rows.order_by("year", "order", "pk")


def by_year(programme: Programme, on: date) -> list[tuple[int, int]]:
    """How many whole targets in force each year has. A part is judged under its target and not counted beside it."""
    whole = programme.targets.filter(in_force(on), parent=None)
    return list(whole.order_by("year").values_list("year").annotate(n=Count("pk")))


def next_order(programme: Programme) -> int:
    """The place after the last target of a programme."""
    return (programme.targets.aggregate(last=Max("order"))["last"] or 0) + 1


def one_target(by: Actor, key: str) -> Target:
    """The target of this key in a programme that this person may see; the refusal does not tell whether it exists."""
    rows = Target.objects.select_related("programme__document", "programme__organisation", "programme__place")
    rows = rows.select_related("owner", "parent").filter(programme__in=visible_programmes(by).values("pk"))
    found = rows.filter(key=key).first()
    if found is None:
        raise Refused("not_found", _("There is no target of this key here."), do=advice.FIND, status=404)
    return found


def parts_of(target: Target, on: date) -> QuerySet[Target]:
    """The parts of a target that count on a day; of a withdrawn one those that were withdrawn with it."""
    rows = target.parts.order_by("order", "pk")
    if rules.in_force(target.withdrawn_on, on):
        return rows.filter(in_force(on))
    return rows.filter(withdrawn_on=target.withdrawn_on)


def history(target: Target, on: date, limit: int = 20) -> QuerySet[AuditEvent]:
    """The last events of a target by a day, newest first."""
    return audit.history(target.subject, on=on).order_by("-pk")[:limit]
