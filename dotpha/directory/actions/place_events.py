"""What happens to a place on a day: another name or kind, a merger, a split, a moved boundary (A2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.directory import place_events, rules
from dotpha.directory.actions import lying, places, tree
from dotpha.directory.actions.successions import add_successions
from dotpha.directory.kinds import level_of
from dotpha.directory.models import Place, PlaceName
from dotpha.directory.place_events import PlaceEvent, Plan
from dotpha.directory.queries.inside import inside as lying_in
from dotpha.platform import advice, audit, days
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.texts import read


@action
def rename_place(
    *, place: Place, name: Mapping[str, Any], short: str, kind: str, from_on: date, document: str = "", by: Actor
) -> Place:
    """Give a place another name or kind from a day; the former ones stay as a dated fact, its series goes on.

    Names follow each other: a day on or before the first one of the present name is refused.
    """
    by = rights.require(by, "directory.change", [scopes.ALL])
    place = Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
    if not read(dict(name)).text.strip() or not short.strip():
        raise Refused("name_missing", _("Write the name."), field="name_vi")
    if level_of(kind) != place.level:
        sentence = _("Provinces become provinces and communes become communes. Choose places and kinds of one level.")
        raise Refused("levels_differ", sentence, field="kind")
    new = {"name": {**place.name, **name}, "short": short, "kind": kind}
    before = {"name": place.name, "short": place.short, "kind": place.kind}
    if new == before:
        raise Refused("name_unchanged", _("This is the name it has already."), do=advice.ANOTHER, field="name_vi")
    last = place.former_names.order_by("until_on").last()
    rules.require_rename(last.until_on + rules.ONE_DAY if last else place.valid_from, from_on)
    PlaceName.objects.create(place=place, **before, until_on=from_on - rules.ONE_DAY, document=document)
    place.name, place.short, place.kind = new["name"], short, kind
    place.version += 1
    place.save()
    audit.record("place.renamed", place, by, before=before, after={**new, "from_on": from_on, "document": document})
    return place


def foreseen(event: PlaceEvent) -> Plan:
    """What an event would do, as the places are recorded now; refused as the action would refuse it."""
    if event.inside and event.on > days.today():
        to_come = _("What lies in it moves on that day, and it has not come yet. Record this then.")
        raise Refused("event_to_come", to_come, field="on")
    keys = {*event.former, *(each.key for each in event.parts)}
    known = {
        each.key: place_events.Standing(each.level, rules.Days(each.valid_from, each.valid_to))
        for each in Place.objects.filter(key__in=keys)
    }
    planned = place_events.plan(event, known)
    _require_none_left(planned, event)
    return planned


@action
def record_place_event(*, event: PlaceEvent, by: Actor) -> Plan:
    """Record that places merge, that one splits or that a boundary moves, with shares where they are known.

    Nothing may be left in what ends: the communes of a province move with it (`inside`), or were ended before.
    """
    by = rights.require(by, "directory.change", [scopes.ALL])
    tree.one_at_a_time(Place)
    planned = foreseen(event)
    _end(planned, event, by)
    begun = [each.key for each in places.add(planned.begins, by)]
    lying.take_along(begun, event.former[0], event.on)
    places.require_placed(begun)
    add_successions(kind="place", rows=planned.links, by=by)
    lying.move(Place, lying.Move(planned.ends, event.inside, event.on, event.document), by)
    return planned


@action
def move_place(*, place: Place, into: Place, from_on: date, document: str = "", by: Actor) -> Place:
    """Let a place lie in another one from a day; what it lay in stays for the days before.

    Moves follow each other: a day on or before the first one in the present parent is refused, and one to come.
    """
    by = rights.require(by, "directory.change", [scopes.ALL])
    tree.one_at_a_time(Place)
    place = Place.objects.select_related("parent").get(pk=place.pk)
    _require_above(place, into)
    lying.require_move(place, into, from_on)
    former = {place.parent.key if place.parent else ""}
    lying.move(Place, lying.Move(former, {place.key: into.key}, from_on, document), by)
    return Place.objects.get(pk=place.pk)


@action
def take_back_move(*, place: Place, reason: str, by: Actor) -> Place:
    """Take back the last move of a place, whose day was wrong: it lies where it lay before, and can move anew.

    Refused without a move or a reason, of a place that ends, and back into one that ended.
    """
    by = rights.require(by, "directory.change", [scopes.ALL])
    return lying.take_back(place, reason, by)


def _require_above(place: Place, into: Place) -> None:
    """Refuse a place of the same level or a lower one."""
    ranks = list(Place.Level)
    if ranks.index(Place.Level(into.level)) >= ranks.index(Place.Level(place.level)):
        sentence = _("A commune lies in a province or district, a district in a province. Choose a place above it.")
        raise Refused("place_not_above", sentence, field="parent")


def _require_none_left(planned: Plan, event: PlaceEvent) -> None:
    """Refuse an event that leaves something in a place that ends, or moves what does not lie there."""
    parts = {each.key for each in event.parts}
    inside = list(lying_in(planned.ends, event.on))
    left = [each for each in inside if event.inside.get(each.key) not in parts]
    if left:
        sentence = _("These lie in it and go on after that day: %(names)s. Say where each of them lies then.")
        raise Refused("places_go_on", sentence, field="on", status=409, names=tree.names_of(left))
    strange = next(iter(sorted(event.inside.keys() - {each.key for each in inside})), None)
    if strange is not None:
        sentence = _("“%(key)s” does not lie in what ends on that day.")
        raise Refused("place_not_inside", sentence, do=advice.LEAVE_OUT, field="on", key=strange)


def _end(planned: Plan, event: PlaceEvent, by: Actor) -> None:
    last_day = event.on - rules.ONE_DAY
    for place in Place.objects.select_for_update(of=("self",)).filter(key__in=planned.ends).order_by("pk"):
        place.valid_to = last_day
        place.version += 1
        place.save()
        audit.record("place.ended", place, by, after={"valid_to": last_day, "document": event.document})
