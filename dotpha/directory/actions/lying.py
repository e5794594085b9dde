"""Recording what places and organisations lie in from a day: what they lay in before stays a dated fact.

In a caller's transaction. Writes are few for any number of them: a province moves with hundreds of communes.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.directory import queries, rules
from dotpha.directory.actions import tree
from dotpha.directory.actions.tree import T
from dotpha.directory.models import Organisation, Place, PlaceParent
from dotpha.directory.queries.then import former_parents
from dotpha.directory.rows import Change
from dotpha.directory.rules import ONE_DAY
from dotpha.directory.rules.lying import Lying, circle_from, moved, parent_on
from dotpha.platform import advice, audit, days
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused


@dataclass(frozen=True)
class Move:
    """From a day, by a document, what lay in `former` lies elsewhere: `into` tells of each thing in which, by keys."""

    former: Container[str]
    into: Mapping[str, str]
    on: date
    document: str = ""


def move(model: type[T], planned: Move, by: Actor, reason: str = "") -> None:
    """Record a move of places or organisations, with all that is on record of them for later days."""
    things = {each.key: each for each in locked(model, planned.into)}
    before = {key: _spans(each) for key, each in things.items()}
    after = {
        key: moved(spans, planned.former, planned.into[key], planned.on, things[key].valid_from, planned.document)
        for key, spans in before.items()
    }
    changed = [key for key in things if after[key] != before[key]]
    _write(model, [(things[key], after[key]) for key in changed])
    now = {key: after[key][-1].parent for key in changed if after[key][-1].parent != before[key][-1].parent}
    more, reason = {"from_on": planned.on, "document": planned.document}, reason or planned.document
    changes = {key: Change({"parent": parent}) for key, parent in now.items()}
    tree.change(model, changes, (), by, reason=reason, told=tree.Told("moved", more))
    then = [
        (things[key], {"parent": parent_on(before[key], planned.on)}, {"parent": planned.into[key], **more})
        for key in changed
        if key not in now
    ]
    audit.record_changes(f"{model._meta.model_name}.moved", then, by, reason)


def require_move(thing: Place | Organisation, into: Place | Organisation | None, from_on: date) -> None:
    """Refuse a move of what ends, to where it is, into what is not there from that day on, to come, or out of order."""
    _require_going_on(thing, "parent")
    if (into.key if into else "") == (thing.parent.key if thing.parent else ""):
        raise Refused("lies_there_already", _("It is there already. Choose another one."), field="parent")
    if into and (into.valid_to is not None or not rules.Days(into.valid_from).holds(from_on)):
        sentence = _("%(name)s is not there from that day on. Choose another one or another day.")
        raise Refused("parent_not_there_then", sentence, field="parent", name=into.title.text)
    last = thing.last_move
    rules.require_move(last.until_on + ONE_DAY if last else thing.valid_from, from_on, days.today())


def require_no_circle(keys: Iterable[str], on: date) -> None:
    """Refuse organisations that, as they are recorded now, belong to themselves on a day from this one on.

    The tree of today is judged with each change of it; that of a day before can be closed by a later move on record.
    """
    former: dict[str, list[Lying]] = {}
    rows = former_parents(Organisation)[0].filter(until_on__gte=on).order_by("until_on")
    for key, parent, until in rows.values_list("organisation__key", "parent__key", "until_on"):
        former.setdefault(key, []).append(Lying(parent or "", until))
    at = queries.tree(Organisation)
    spans = {key: [*former.get(key, ()), Lying(each.node.parent)] for key, each in at.items()}
    way = circle_from(keys, spans, on)
    if way:
        raise rules.circle_of(way)


def take_back(thing: T, reason: str, by: Actor) -> T:
    """Let something lie in what it lay in until its last move, as if that had not been recorded.

    Refused without a move or a reason, of what ends, and back into what ended.
    """
    model = type(thing)
    tree.one_at_a_time(model)
    if not reason.strip():
        raise Refused("reason_missing", _("Give the reason."), field="reason")
    thing = model._default_manager.get(pk=thing.pk)
    _require_going_on(thing)
    last = thing.last_move
    if last is None:
        raise Refused("no_move", _("No move of it is on record. Open it again and look."), status=409)
    if last.parent and last.parent.valid_to is not None:
        sentence = _("%(name)s ended since. Record a move elsewhere instead.")
        raise Refused("former_parent_ended", sentence, status=409, name=last.parent.title.text)
    parent, on = last.parent.key if last.parent else "", last.until_on + ONE_DAY
    told = tree.Told("move_taken_back", {"from_on": on, "document": last.document})
    last.delete()
    tree.change(model, {thing.key: Change({"parent": parent})}, (), by, reason=reason.strip(), told=told)
    if model is Organisation:
        require_no_circle([thing.key], on)
    return model._default_manager.get(pk=thing.pk)


def take_along(begun: Sequence[str], like: str, on: date) -> None:
    """Let places that begin on a day lie, on the days since, in what the place lay in from which they come."""
    former = list(PlaceParent.objects.filter(place__key=like, until_on__gte=on))
    places = list(Place.objects.filter(key__in=begun)) if former else []
    PlaceParent.objects.bulk_create(
        PlaceParent(place=place, parent_id=each.parent_id, until_on=each.until_on, document=each.document)
        for place in places
        for each in former
    )


def _require_going_on(thing: Place | Organisation, field: str | None = None) -> None:
    if thing.valid_to is not None:
        ended = _("%(place)s ends already on a day on record.")
        raise Refused("ended_already", ended, do=advice.ANOTHER, field=field, status=409, place=thing.title.text)


def locked(model: type[T], keys: Iterable[str]) -> list[T]:
    """Those of these keys, to be moved, with all that they lay in."""
    rows = model._default_manager.select_for_update(of=("self",)).filter(key__in=keys).order_by("pk")
    return list(rows.select_related("parent").prefetch_related("former_parents__parent"))


def _spans(thing: Place | Organisation) -> list[Lying]:
    former: list[Any] = sorted(thing.former_parents.all(), key=lambda each: each.until_on)
    spans = [Lying(each.parent.key if each.parent else "", each.until_on, each.document) for each in former]
    return [*spans, Lying(thing.parent.key if thing.parent else "")]


def _write(model: type[T], wanted: Sequence[tuple[T, Sequence[Lying]]]) -> None:
    """Write what things lay in so that it is what is wanted; what is on record so already is left alone."""
    former, owner = former_parents(model)
    names = {span.parent for _thing, spans in wanted for span in spans}
    keys = dict(model._default_manager.filter(key__in=names).values_list("key", "pk"))
    gone: list[int] = []
    rows: list[Any] = []
    for thing, spans in wanted:
        ends = {span.until: (keys.get(span.parent), span.document) for span in spans if span.until}
        held = {each.until_on: (each.parent_id, each.document) for each in thing.former_parents.all()}
        gone += [each.pk for each in thing.former_parents.all() if each.until_on not in ends]
        rows += [
            former.model(**{owner: thing}, until_on=until, parent_id=parent, document=document)
            for until, (parent, document) in ends.items()
            if held.get(until) != (parent, document)
        ]
    former.filter(pk__in=gone).delete()
    former.bulk_create(
        rows, tree.BATCH, update_conflicts=True, unique_fields=[owner, "until_on"],
        update_fields=["parent", "document"],
    )  # fmt: skip
