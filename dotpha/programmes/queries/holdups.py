"""Blockers for the bottleneck board (E10): conditions, what each holds up, and the names of its groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from dotpha.directory.models import Organisation, Place
from dotpha.directory.queries.inside import paths_then
from dotpha.directory.queries.then import named
from dotpha.documents.models import Provision
from dotpha.documents.queries import visible as visible_documents
from dotpha.platform import citations, days
from dotpha.platform.actors import Actor
from dotpha.platform.spans import valid_on
from dotpha.programmes.models import Assignment, Membership, Task
from dotpha.programmes.queries import clauses, records, told
from dotpha.programmes.rules.blockers import NAMES, Kind
from dotpha.programmes.rules.holdups import HoldUp, Sum, grouped
from dotpha.programmes.rules.lateness import has_come

if TYPE_CHECKING:
    BlockerRows = QuerySet[Any]  # blockers with what `blockers` adds to them

NONE = "-"
"""In an address: blockers of no clause, or of no place."""

LOCAL = Q(organisation__kind__startswith="provincial") | Q(organisation__kind__startswith="commune")
"""Bodies that govern their place; that of another body is its address only."""


@dataclass(frozen=True)
class Asked:
    """The conditions of a board, as its address names them. A place stands for all that lies under it."""

    programme: str = ""
    kind: str = ""
    clause: str = ""
    body: str = ""
    place: str = ""
    commune: str = ""
    task: str = ""
    late: bool = False
    closed: bool = False

    @cached_property
    def places(self) -> dict[str, Place]:
        """The places that are named, by key, read once for all that a page says of them."""
        return {each.key: each for each in Place.objects.filter(key__in={self.place, self.commune} - {"", NONE})}

    @cached_property
    def _then(self) -> dict[date, dict[str, str]]:
        return {}

    def then(self, on: date) -> dict[str, str]:
        """By path of today, those that places had on a day (`paths_then`), read once for all that a page says of it."""
        if on not in self._then:
            self._then[on] = paths_then(on)
        return self._then[on]

    def path(self, key: str) -> str:
        """The path of a place that is named; one that leads nowhere for a key that is none."""
        return self.places[key].path if key in self.places else "?/"


def blockers(by: Actor, on: date, asked: Asked) -> BlockerRows:
    """Blockers open on a day, or removed by it, of everything this person may see; with clause, place, lateness."""
    rows = records.visible_blockers(by, on).filter(raised_on__lte=on)
    removed = Q(resolved_on__lte=on)
    rows = rows.filter(removed) if asked.closed else rows.exclude(removed)
    unanswered = Q(answered_at=None) | Q(answered_at__gte=days.end_of(on))
    late = unanswered & Q(respond_by__lt=on)
    rows = rows.annotate(clause_id=_clause(by), place_path=_place(on), late=late)
    return _within(rows.filter(late=True) if asked.late else rows, by, asked, on)


def _within(rows: BlockerRows, by: Actor, asked: Asked, on: date) -> BlockerRows:
    if asked.programme:
        number = told.programme_number(by, asked.programme)
        rows = rows.filter(Exists(Membership.objects.filter(task=OuterRef("task"), programme=number)))
    exact = {"kind": asked.kind, "asks_of__key": asked.body, "task__key": asked.task}
    rows = rows.filter(**{field: value for field, value in exact.items() if value})
    if asked.clause:
        found = None if asked.clause == NONE else clauses.named(by, asked.clause)
        rows = rows.filter(clause_id=found.pk) if found else rows.filter(clause_id=None)
        if found is None and asked.clause != NONE:
            return rows.none()
    for said, exactly in ((asked.place, False), (asked.commune, True)):
        if said == NONE:
            rows = rows.filter(place_path="")
        elif said:
            path = asked.path(said)
            rows = rows.filter(Q(place_path=path) if exactly else _under(path, asked.then(on)))
    return rows


def _under(path: str, then: dict[str, str]) -> Q:
    """The condition that the place held up lay in another one, by its path of today, on the day of these paths."""
    above = then.get(path, path)
    inside = [now for now, was in then.items() if was.startswith(above)]
    return Q(place_path__startswith=above) & ~Q(place_path__in=list(then)) | Q(place_path__in=inside)


def in_order(rows: BlockerRows, closed: bool) -> BlockerRows:
    """The list beneath a board: the earliest answer first, of removed ones the last removed."""
    return rows.order_by("-resolved_on", "pk") if closed else rows.order_by("respond_by", "pk")


def _clause(by: Actor) -> Coalesce:
    """The provision a blocker's task follows from: its own, else that of the first programme that names one.

    One for each blocker, so that the groups of a board add up to its total. A clause of a document that the reader
    may not know of is none to them.
    """
    seen = visible_documents(by).values("pk")
    own = Provision.objects.filter(pk=OuterRef("task__provision"), document__in=seen)
    named = Membership.objects.filter(task=OuterRef("task"), provision__document__in=seen).order_by("pk")
    return Coalesce(
        Subquery(own.values("pk")[:1]), Subquery(named.values("provision_id")[:1]), output_field=BigIntegerField()
    )


def _place(on: date) -> Coalesce:
    """The path of the place held up: the task's own, else that which its lead governs on a day."""
    leads = Assignment.objects.filter(valid_on(on), LOCAL, task=OuterRef("task"), part="lead")
    return Coalesce(F("task__place__path"), Subquery(leads.values("organisation__place__path")[:1]), Value(""))


def hold_ups(rows: BlockerRows, on: date, asked: Asked) -> list[HoldUp]:
    """What the board counts, of all these blockers, each under the places of the day: without their texts."""
    names = (
        "pk", "task__key", "kind", "asks_of__key", "clause_id", "place_path", "raised_on", "resolved_on", "late",
    )  # fmt: skip
    found, then = rows.order_by().values_list(*names), asked.then(on)
    return [
        HoldUp(
            pk, task, kind, body, clause, then.get(place, place),
            days_between(raised, end, on), late and not has_come(end, on),
        )
        for pk, task, kind, body, clause, place, raised, end, late in found
    ]  # fmt: skip


def days_between(raised_on: date, resolved_on: date | None, on: date) -> int:
    """How long a blocker has held its task up by a day."""
    until = on if resolved_on is None else min(resolved_on, on)
    return (until - raised_on).days


@dataclass(frozen=True)
class Name:
    """How a group is called, and what stands for it in an address."""

    label: str
    said: str


def groups(held: Iterable[HoldUp], grouping: str, asked: Asked, on: date) -> list[tuple[Name | None, Sum]]:
    """What each group holds up, the most tasks first, with its name; None names what has no clause, or no place."""
    above = asked.path(asked.place) if asked.place not in ("", NONE) else ""
    found = grouped(held, grouping, asked.then(on).get(above, above) if above else "")
    known = names(grouping, [key for key, _sum in found], on)
    return [(known.get(key), each) for key, each in found]


def names(grouping: str, keys: Iterable[Any], on: date) -> dict[Any, Name]:
    """The names of groups: one query. Groups of no clause and of no place have none; places bear those of the day."""
    held = [key for key in keys if key not in (None, "")]
    if grouping == "kind":
        return {key: Name(str(NAMES[Kind(key)]), str(key)) for key in held if key in NAMES}
    if grouping == "clause":
        rows = Provision.objects.filter(pk__in=held).select_related("document")
        return {each.pk: Name(_clause_label(each), clauses.written(each)) for each in rows}
    if grouping == "body":
        return {each.key: Name(each.title.text, each.key) for each in Organisation.objects.filter(key__in=held)}
    if grouping == "task":
        return {each.key: Name(each.heading.text, each.key) for each in Task.objects.filter(key__in=held)}
    paths = {path.rstrip("/").rpartition("/")[2]: path for path in held}
    places = named(Place.objects.filter(key__in=paths), on)
    return {paths[each.key]: Name(each.title.text, each.key) for each in places}


def _clause_label(provision: Provision) -> str:
    return citations.said(f"{provision.document}, {provision.address}")
