"""What happens to places on a day: they merge, one splits, a boundary moves (A2). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from dotpha.directory.rows import PlaceRow, SuccessionRow
from dotpha.directory.rules import ONE_DAY, WHOLE, Days
from dotpha.platform import advice
from dotpha.platform.refusals import Refused


@dataclass(frozen=True)
class Part:
    """What a place becomes: one that is there, or a new one (`row`); with its share of the former one, if known."""

    key: str
    row: PlaceRow | None = None
    share: Decimal | None = None


@dataclass(frozen=True)
class PlaceEvent:
    """`former` become `parts` from a day, by a document. With `goes_on` the former one only gives a share away.

    `inside` says of what lies in the former ones, by key, in which of the parts it lies from that day.
    """

    former: tuple[str, ...]
    parts: tuple[Part, ...]
    on: date
    document: str = ""
    goes_on: bool = False
    inside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """A place as it is recorded: its level and its days."""

    level: str
    days: Days


@dataclass(frozen=True)
class Plan:
    """What an event does: which places end the day before, which begin, and who takes over how much of whom."""

    ends: tuple[str, ...]
    begins: tuple[PlaceRow, ...]
    links: tuple[SuccessionRow, ...]


def plan(event: PlaceEvent, known: Mapping[str, Standing]) -> Plan:
    """What an event does to the places `known`, by key. Refuses what cannot be, at the field that says it."""
    target = "into" if len(event.parts) == 1 and not event.goes_on else "to" if event.goes_on else "parts"
    staying = {each.key for each in event.parts if each.row is None}
    ends = tuple(key for key in event.former if key not in staying and not event.goes_on)
    for key in event.former:
        _require_there(key, known, event.on, "others")
    for key in staying:
        _require_there(key, known, event.on, target)
    taken = next((each.key for each in event.parts if each.row and each.key in known), None)
    if taken is not None:
        sentence = _("There is a place of this key already.")
        raise Refused("key_taken", sentence, do=advice.ANOTHER_KEY, field=target, status=409, key=taken)
    _require_change(event, staying, target)
    _require_one_level(event, known, target)
    _require_shares(event)
    links = tuple(
        SuccessionRow(old, each.key, event.on, each.share, event.document)
        for old in event.former
        for each in event.parts
        if old != each.key
    )
    return Plan(ends, tuple(each.row for each in event.parts if each.row), links)


def _require_there(key: str, known: Mapping[str, Standing], on: date, field: str) -> None:
    if key not in known:
        raise Refused("unknown_key", _("“%(text)s” is not in the directory."), do=advice.FIND, field=field, text=key)
    days = known[key].days
    if not days.holds(on - ONE_DAY):
        raise Refused(
            "place_not_there",
            _("%(place)s is not there on the day before. Give a later day than its first one, before its end."),
            field="on",
            place=key,
        )
    if days.last is not None:
        sentence = _("%(place)s ends already on a day on record.")
        raise Refused("ended_already", sentence, do=advice.ANOTHER, field=field, status=409, place=key)


def _require_change(event: PlaceEvent, staying: set[str], target: str) -> None:
    """A merger takes two, a split makes two, and a boundary moves to another place."""
    concerned = {*event.former, *(each.key for each in event.parts)}
    fewest = 3 if not event.goes_on and not staying else 2
    if len(concerned) < fewest or len({each.key for each in event.parts}) < len(event.parts):
        sentence = _("Name at least one other place: a merger takes two places, a split makes two.")
        raise Refused("too_few_places", sentence, field="others" if target == "into" else target)


def _require_one_level(event: PlaceEvent, known: Mapping[str, Standing], target: str) -> None:
    levels = {known[key].level for key in event.former}
    levels |= {each.row.level if each.row else known[each.key].level for each in event.parts}
    if len(levels) > 1:
        sentence = _("Provinces become provinces and communes become communes. Choose places and kinds of one level.")
        raise Refused("levels_differ", sentence, field=target)


def _require_shares(event: PlaceEvent) -> None:
    shares = [each.share for each in event.parts]
    given = [each for each in shares if each is not None]
    if event.goes_on:
        if len(given) != 1 or not 0 < given[0] < WHOLE:
            sentence = _("Give a share between 0 and 100 %. For all of it record a merger.")
            raise Refused("share_out_of_range", sentence, field="share")
        return
    if len(shares) == 1 or not given:
        return
    if any(each <= 0 for each in given) or len(given) < len(shares) or sum(given) != WHOLE:
        raise Refused(
            "shares_not_whole",
            _("The shares add up to %(sum)s %%, not to 100 %%. Give one above 0 to each place, or to none."),
            field="parts",
            sum=f"{sum(given) * 100:f}".rstrip("0").rstrip("."),
        )
