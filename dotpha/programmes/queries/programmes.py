"""Reading programmes: what a person may see of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.platform import advice, audit
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes.models import Membership, Programme, Target, TaskGroup

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dotpha.platform.models import AuditEvent


def visible_programmes(by: Actor) -> QuerySet[Programme]:
    """Published programmes, and for staff also those within their reach; each with the one above it, if it is such."""
    rows = Programme.objects.select_related("document", "organisation", "place")
    inside = _seen(by)
    if inside is None:
        return rows.select_related("parent")
    return rows.filter(inside).prefetch_related(Prefetch("parent", Programme.objects.filter(inside)))


def sees_all(by: Actor) -> bool:
    """Whether this person may see every programme."""
    return _seen(by) is None


def _seen(by: Actor) -> Q | None:
    """The condition that this person may see a programme; None where that is each."""
    if by.user_id is None and not by.key.startswith("program:"):
        return Q(published_at__isnull=False)
    reach = rights.reach(by, "programme.view")
    if scopes.ALL in reach:
        return None
    inside = Q(published_at__isnull=False)
    keys = {path.strip("/") for path in scopes.prefixes(reach, "programme")}
    inside |= Q(key__in=keys | set(rights.reach_within(by, "programme.view")))
    for path in scopes.prefixes(reach, "org"):
        inside |= Q(organisation__path__startswith=path)
    for path in scopes.prefixes(reach, "place"):
        inside |= Q(place__path__startswith=path)
    return inside


def history(programme: Programme, on: date, limit: int = 20) -> QuerySet[AuditEvent]:
    """The last events of a programme by a day, newest first."""
    return audit.history(programme.subject, on=on).order_by("-pk")[:limit]


def addable(by: Actor) -> list[Programme]:
    """The programmes to which this person may add tasks: pages that add and buttons that lead there ask here."""
    held = rights.standings(by)
    return (
        [each for each in visible_programmes(by) if held.may("task.add", each.scopes)] if held.may("task.add") else []
    )


def may_add(by: Actor) -> bool:
    """Whether `addable` holds any: what a button asks, without reading the programmes and their documents."""
    held = rights.standings(by)
    if not held.may("task.add"):
        return False
    rows = visible_programmes(by).select_related(None).order_by()
    if scopes.ALL in held.reach("task.add"):
        return rows.exists()
    rows = rows.select_related("organisation", "place").only("key", "organisation__path", "place__path")
    return any(held.may("task.add", each.scopes) for each in rows)


def one_programme(by: Actor, key: str) -> Programme:
    """The programme of this key, or a refusal that does not tell whether it exists."""
    found = visible_programmes(by).filter(key=key).first()
    if found is None:
        raise Refused("not_found", _("There is no programme of this key here."), do=advice.FIND, status=404)
    return found


def in_force(on: date) -> Q:
    """The targets that count on a day: the SQL twin of `rules.targets.in_force`."""
    return Q(withdrawn_on=None) | Q(withdrawn_on__gt=on)


def with_counts(rows: QuerySet[Programme], on: date) -> QuerySet[Programme]:
    """Add how many tasks as issued, groups and targets in force a programme has; `targets_count` has the parts of
    targets among them, `whole_targets` has not."""
    return rows.annotate(
        tasks_count=_number(Membership.objects.filter(is_part=False)),
        groups_count=_number(TaskGroup.objects.all()),
        targets_count=_number(Target.objects.filter(in_force(on))),
        whole_targets=_number(Target.objects.filter(in_force(on), parent=None)),
    )


def _number(rows: QuerySet[Any]) -> Coalesce:
    """How many of these rows a programme has: counted apart, for a join of all three would multiply them."""
    counted = rows.filter(programme=OuterRef("pk")).order_by().values("programme").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
