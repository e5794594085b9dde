"""What may be named beside a task: the programmes, tasks and clauses that hang together with it, where the reader may
know of those too. What is outside a person's scope is neither named nor counted (A2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch, Q

from dotpha.documents import queries as documents
from dotpha.documents.models import Document, Provision
from dotpha.platform.actors import Actor
from dotpha.programmes.models import Membership, Programme, Task, TaskGroup
from dotpha.programmes.queries import reach
from dotpha.programmes.queries.programmes import sees_all, visible_programmes

if TYPE_CHECKING:
    from django.db.models import QuerySet


def tasks(by: Actor) -> QuerySet[Task]:
    """The tasks that a person may read, of whatever day: their own and the published ones."""
    return reach.readable(Task.objects.all(), by)


def memberships(by: Actor) -> QuerySet[Membership]:
    """The programmes named beside a task that a person may see: those that this person may see too.

    Of a task that stands in none of these, all: whoever may see it knows where it stands.
    """
    rows = Membership.objects.select_related("group", "programme").order_by("pk")
    if sees_all(by):
        return rows
    known = visible_programmes(by).order_by().select_related(None).values("pk")
    elsewhere = Membership.objects.filter(task=OuterRef("task"), programme__in=known)
    return rows.filter(Q(programme__in=known) | ~Exists(elsewhere))


def programme_number(by: Actor, key: str) -> int:
    """The number of a programme by which this person may ask for tasks; 0 for one that is not named to them."""
    number = visible_programmes(by).order_by().values_list("pk", flat=True).filter(key=key).first()
    if number:
        return number
    own = reach.within(Task.objects.all(), by).values("pk")
    found = memberships(by).filter(programme__key=key, task__in=own).values_list("programme", flat=True)
    return found.first() or 0


def clauses(by: Actor) -> QuerySet[Provision]:
    """The clauses of documents that a person may know of."""
    return Provision.objects.filter(document__in=documents.visible(by).values("pk")).select_related("document")


def documents_of(by: Actor, programmes: Iterable[Programme]) -> dict[int, Document]:
    """The root documents of programmes, by the number of each, where a person may know of them: a published programme
    may rest on a document that is not. One query."""
    found = list(programmes)
    known = documents.visible(by).filter(pk__in={each.document_id for each in found}).values_list("pk", flat=True)
    told = set(known)
    return {each.pk: each.document for each in found if each.document_id in told}


def relations(by: Actor, *more: str) -> list[Prefetch[Any]]:
    """To be read with tasks, in place of the joins of the same names: `memberships`, and of `more` "parent" and
    "provision"; what is not to be named is not there."""
    ways = {"parent": tasks, "provision": clauses}
    return [Prefetch("memberships", memberships(by)), *(Prefetch(name, ways[name](by)) for name in more)]


def inside(by: Actor, numbers: Iterable[int]) -> set[int]:
    """Those of these tasks whose reports, requests and blockers a person may read, and not only what is public."""
    if not by.key:
        return set()
    return set(reach.within(Task.objects.filter(pk__in=numbers), by).values_list("pk", flat=True))


def _groups(by: Actor) -> QuerySet[TaskGroup]:
    return TaskGroup.objects.filter(programme__in=visible_programmes(by).order_by().values("pk"))


_NAMED: dict[str, Callable[[Actor], QuerySet[Any]]] = {
    **dict.fromkeys(("needs", "into", "from", "tasks", "parent"), tasks),
    "programme": visible_programmes,
    "provision": documents.visible,
    "group": _groups,
}
"""What the record of a task names by key, and who may know of that. Of a group whose programme is not recorded beside
it, whoever sees a programme with such a group."""


def cleaned(by: Actor, events: Sequence[Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What events changed, before and after, without the keys of tasks, programmes and clauses that this person may not
    know of, nor the groups of such programmes."""
    changes = [side for each in events for side in (each.before, each.after)]
    known = {find: _known(find(by), changes, names) for find, names in _by_way().items()}
    return [(_said(each.before, each.after, known), _said(each.after, each.before, known)) for each in events]


def _by_way() -> dict[Callable[[Actor], QuerySet[Any]], set[str]]:
    return {find: {name for name, way in _NAMED.items() if way is find} for find in set(_NAMED.values())}


def _known(rows: QuerySet[Any], changes: Iterable[Mapping[str, Any]], names: set[str]) -> set[str]:
    keys = {_key(said) for each in changes for name in names & set(each) for said in _each(each[name])}
    return set(rows.filter(key__in=keys).values_list("key", flat=True)) if keys else set()


def _each(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if each and isinstance(each, str)]


def _key(said: str) -> str:
    return said.partition("#")[0]


def _said(side: Mapping[str, Any], other: Mapping[str, Any], known: Mapping[Any, set[str]]) -> dict[str, Any]:
    programme = side.get("programme") or other.get("programme")
    if programme:
        known = {**known, _groups: {str(side.get("group"))} if programme in known[visible_programmes] else set()}
    return {name: _kept(name, value, known) for name, value in side.items()}


def _kept(name: str, value: Any, known: Mapping[Any, set[str]]) -> Any:
    if name not in _NAMED or not value:
        return value
    told = [each for each in _each(value) if _key(each) in known[_NAMED[name]]]
    return told if isinstance(value, list) else next(iter(told), None)
