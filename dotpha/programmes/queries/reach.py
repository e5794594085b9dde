"""What lies where a person holds a right: the tasks themselves (`within`), what is theirs to do for a body,
because it leads a task or is asked (`inside`, `led`), and the tasks they gave (`given`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from dotpha.accounts import rights, scopes
from dotpha.platform.actors import Actor
from dotpha.platform.spans import valid_on
from dotpha.programmes.models import Assignment, Membership, Task

if TYPE_CHECKING:
    from django.db.models import QuerySet


def within(tasks: QuerySet[Any], by: Actor, right: str = "task.view") -> QuerySet[Any]:
    """Only the tasks in which this person holds a right. Nobody sees those of published programmes."""
    inside = held(by, right)
    return tasks if inside is None else tasks.filter(inside)


def held(by: Actor, right: str) -> Q | None:
    """The condition that a task lies where this person holds a right; None where that is everywhere."""
    if by.user_id is None and not by.key.startswith("program:"):
        return published()
    reach = rights.reach(by, right)
    if scopes.ALL in reach:
        return None
    limited = rights.reach_within(by, right)
    if not reach and not limited:
        return Q(pk__in=[])
    inside = Q(Exists(_assignments_in(reach))) | _places_in(reach) | Q(Exists(_memberships_in(reach)))
    for programme, scoped in limited.items():
        member = Q(Exists(_memberships_in([scopes.of_programme(programme)])))
        inside |= member & (
            Q(Exists(_assignments_in(scoped))) | _places_in(scoped) | Q(Exists(_memberships_in(scoped)))
        )
    return inside


def as_issued(tasks: QuerySet[Any], by: Actor, *, public: bool = False) -> QuerySet[Any]:
    """Each task once, as it was issued: a part of a collective task only where this person does not see the whole.

    To a province its part *is* the task; to the office it is one of 34. `public`: the person also reads what is
    published.
    """
    inside = held(by, "task.view")
    if inside is None:
        return tasks.filter(is_part=False)
    seen = inside | published() if public else inside
    return tasks.filter(Q(is_part=False) | ~Exists(Task.objects.filter(seen, pk=OuterRef("parent"))))


def readable(tasks: QuerySet[Any], by: Actor) -> QuerySet[Any]:
    """Only the tasks that this person may read: those within their reach, and those that everybody may read."""
    inside = held(by, "task.view")
    return tasks if inside is None else tasks.filter(inside | published())


def published() -> Q:
    """The condition that everybody may read a task: one of its programmes is published."""
    return Q(Exists(Membership.objects.filter(task=OuterRef("pk"), programme__published_at__isnull=False)))


def _assignments_in(reach: Iterable[str]) -> QuerySet[Assignment]:
    """Parts of any time: whoever led a task or had a part in it goes on reading it, for what they did stands there."""
    return Assignment.objects.filter(paths(reach, "organisation"), task=OuterRef("pk"))


def _places_in(reach: Iterable[str]) -> Q:
    inside = Q(pk__in=[])
    for path in scopes.prefixes(reach, "place"):
        inside |= Q(place__path__startswith=path)
    return inside


def _memberships_in(reach: Iterable[str]) -> QuerySet[Membership]:
    keys = [path.strip("/") for path in scopes.prefixes(reach, "programme")]
    return Membership.objects.filter(task=OuterRef("pk"), programme__key__in=keys)


def inside(by: Actor, right: str, organisation: str, place: str = "", task: str = "pk") -> Q:
    """The condition that a row's body, or its place, lies where this person holds a right.

    The arguments name fields of the row. A role limited to a body *and* a programme reaches the tasks of that
    programme only (A6).
    """
    reach = rights.reach(by, right)
    if scopes.ALL in reach:
        return Q()
    found = paths(reach, organisation, place)
    for programme, held in rights.reach_within(by, right).items():
        member = Membership.objects.filter(task=OuterRef(task), programme__key=programme)
        found |= Q(Exists(member)) & paths(held, organisation, place)
    return found


def paths(reach: Iterable[str], organisation: str, place: str = "") -> Q:
    """The condition that a body, or its place, lies in these scopes. The arguments name fields of the row."""
    found = Q(pk__in=[])
    for path in scopes.prefixes(reach, "org"):
        found |= Q(**{f"{organisation}__path__startswith": path})
    for path in scopes.prefixes(reach, "place"):
        found |= Q(**{f"{organisation}__place__path__startswith": path})
        found |= Q(**{f"{place}__path__startswith": path}) if place else Q(pk__in=[])
    return found


def led(by: Actor, right: str, on: date) -> QuerySet[Any]:
    """The assignments of the bodies that lead on a day and for which this person holds a right."""
    held = Assignment.objects.filter(valid_on(on), part="lead")
    return held.filter(inside(by, right, "organisation", "task__place", "task"))


def given(by: Actor, right: str) -> Q:
    """The condition that those who gave a task hold a right: its programmes and, under another task, that one's lead.

    The SQL twin of asking the right over `tasks.assigner_scopes`, roles limited to a body *and* a programme included.
    """
    reach = rights.reach(by, right)
    if scopes.ALL in reach:
        return Q()
    found = _given_in(reach)
    for programme, held in rights.reach_within(by, right).items():
        inside = Q(task=OuterRef("pk")) | Q(task=OuterRef("parent"))
        member = Membership.objects.filter(inside, programme__key=programme)
        found |= Q(Exists(member)) & _given_in(held)
    return found


def tasks_given(by: Actor, right: str) -> QuerySet[Any]:
    """The numbers of the tasks in whose giver this person holds a right: for what hangs on a task."""
    return Task.objects.filter(given(by, right)).values("pk")


def _given_in(reach: Iterable[str]) -> Q:
    above = Assignment.objects.filter(paths(reach, "organisation"), task=OuterRef("parent"), part="lead", until_on=None)
    inside = Q(programme__key__in=[path.strip("/") for path in scopes.prefixes(reach, "programme")])
    for kind, field in (("org", "organisation"), ("place", "place")):
        for path in scopes.prefixes(reach, kind):
            inside |= Q(**{f"programme__{field}__path__startswith": path})
    found = Q(Exists(Membership.objects.filter(inside, task=OuterRef("pk")))) | Q(Exists(above))
    for path in scopes.prefixes(reach, "place"):
        found |= Q(parent__place__path__startswith=path)
    return found
