"""Recording what places lie in from a day: what they lay in before stays a dated fact. In a caller's transaction.

Writes are few for any number of places: a province moves with hundreds of communes.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dotpha.directory.actions import tree
from dotpha.directory.actions.places import CHANGEABLE
from dotpha.directory.models import Place, PlaceParent
from dotpha.directory.rows import Change
from dotpha.directory.rules import ONE_DAY
from dotpha.directory.rules.lying import Lying, moved, parent_on
from dotpha.platform import audit
from dotpha.platform.actors import Actor


@dataclass(frozen=True)
class Move:
    """From a day, by a document, what lay in `former` lies elsewhere: `into` tells of each place in which, by keys."""

    former: Container[str]
    into: Mapping[str, str]
    on: date
    document: str = ""


def move(planned: Move, by: Actor) -> None:
    """Record a move of places, with all that is on record of them for later days."""
    places = {each.key: each for each in _locked(planned.into)}
    before = {key: _spans(each) for key, each in places.items()}
    after = {
        key: moved(spans, planned.former, planned.into[key], planned.on, places[key].valid_from, planned.document)
        for key, spans in before.items()
    }
    changed = [key for key in places if after[key] != before[key]]
    _write([(places[key], after[key]) for key in changed])
    now = {key: after[key][-1].parent for key in changed if after[key][-1].parent != before[key][-1].parent}
    more = {"from_on": planned.on, "document": planned.document}
    changes = {key: Change({"parent": parent}) for key, parent in now.items()}
    tree.change(Place, changes, CHANGEABLE, by, reason=planned.document, told=tree.Told("moved", more))
    then = [
        (places[key], {"parent": parent_on(before[key], planned.on)}, {"parent": planned.into[key], **more})
        for key in changed
        if key not in now
    ]
    audit.record_changes("place.moved", then, by, planned.document)


def take_back(place: Place, last: PlaceParent, reason: str, by: Actor) -> None:
    """Let a place lie in what it lay in until its last move, as if that had not been recorded."""
    parent = last.parent.key if last.parent else ""
    told = tree.Told("move_taken_back", {"from_on": last.until_on + ONE_DAY, "document": last.document})
    last.delete()
    tree.change(Place, {place.key: Change({"parent": parent})}, CHANGEABLE, by, reason=reason, told=told)


def take_along(begun: Sequence[str], like: str, on: date) -> None:
    """Let places that begin on a day lie, on the days since, in what the place lay in from which they come."""
    former = list(PlaceParent.objects.filter(place__key=like, until_on__gte=on))
    places = list(Place.objects.filter(key__in=begun)) if former else []
    PlaceParent.objects.bulk_create(
        PlaceParent(place=place, parent_id=each.parent_id, until_on=each.until_on, document=each.document)
        for place in places
        for each in former
    )


def _locked(keys: Mapping[str, str]) -> list[Place]:
    rows = Place.objects.select_for_update(of=("self",)).filter(key__in=keys).order_by("pk")
    return list(rows.select_related("parent").prefetch_related("former_parents__parent"))


def _spans(place: Place) -> list[Lying]:
    former = sorted(place.former_parents.all(), key=lambda each: each.until_on)
    spans = [Lying(each.parent.key if each.parent else "", each.until_on, each.document) for each in former]
    return [*spans, Lying(place.parent.key if place.parent else "")]


def _write(wanted: Sequence[tuple[Place, Sequence[Lying]]]) -> None:
    """Write what the places lay in so that it is what is wanted; what is on record so already is left alone."""
    names = {span.parent for _place, spans in wanted for span in spans}
    keys = dict(Place.objects.filter(key__in=names).values_list("key", "pk"))
    gone: list[int] = []
    rows: list[PlaceParent] = []
    for place, spans in wanted:
        days = {span.until: (keys.get(span.parent), span.document) for span in spans if span.until}
        held = {each.until_on: (each.parent_id, each.document) for each in place.former_parents.all()}
        gone += [each.pk for each in place.former_parents.all() if each.until_on not in days]
        rows += [
            PlaceParent(place=place, until_on=until, parent_id=parent, document=document)
            for until, (parent, document) in days.items()
            if held.get(until) != (parent, document)
        ]
    PlaceParent.objects.filter(pk__in=gone).delete()
    PlaceParent.objects.bulk_create(
        rows, tree.BATCH, update_conflicts=True, unique_fields=["place", "until_on"],
        update_fields=["parent", "document"],
    )  # fmt: skip
