"""Rules of the directory: tree, validity, holders of posts (A1, A2, A5); beside them those of successions. Pure.

Days are kept with the last one included; None means open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.refusals import Refused

ONE_DAY = timedelta(days=1)
WHOLE = Decimal(1)


@dataclass(frozen=True)
class Days:
    """From a day to a day, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def holds(self, on: date) -> bool:
        return not (self.first and on < self.first) and not (self.last and on > self.last)

    def covers(self, other: "Days") -> bool:
        """Whether the other lies wholly within these days."""
        begins = self.first is None or (other.first is not None and self.first <= other.first)
        ends = self.last is None or (other.last is not None and other.last <= self.last)
        return begins and ends

    def meets(self, other: "Days") -> bool:
        """Whether the two have a day in common."""
        first, last = self.first or date.min, self.last or date.max
        return first <= (other.last or date.max) and (other.first or date.min) <= last


def require_days(days: Days, field: str = "valid_to") -> None:
    """Refuse an end before the beginning."""
    if days.first and days.last and days.last < days.first:
        raise Refused(
            "days_out_of_order", _("The end must not come before the beginning."), do=advice.ONE_DAY, field=field
        )


def require_rename(borne_from: date | None, from_on: date, field: str = "from_on") -> None:
    """Refuse a new name from a day on or before the first one of the present name: that one was borne for a day."""
    if borne_from and from_on <= borne_from:
        sentence = _("It has borne its present name since %(day)s. Give a later day.")
        raise Refused("days_out_of_order", sentence, field=field, day=borne_from)


def require_move(lies_from: date | None, from_on: date, today: date, field: str = "from_on") -> None:
    """Refuse a move that is to come, and one on or before the first day in the present parent: it lay there then."""
    if from_on > today:
        to_come = _("This move is still to come. Record it once its day has come.")
        raise Refused("event_to_come", to_come, field=field)
    if lies_from and from_on <= lies_from:
        sentence = _("It has been where it is now since %(day)s. Give a later day.")
        raise Refused("days_out_of_order", sentence, field=field, day=lies_from)


@dataclass(frozen=True)
class Node:
    """Where a place or organisation stands in its tree: the key of its parent (empty: a root) and its days."""

    parent: str = ""
    days: Days = Days()
    lies_from: date | None = None
    """Its first day in this parent, where it lay in something else before."""

    @property
    def claimed(self) -> Days:
        """The days for which it needs its parent."""
        return Days(self.lies_from or self.days.first, self.days.last)


DEEPEST = 140
"""Levels that a tree has at the very most: no path of more keys can be kept (`require_depth` asks for its signs)."""


def require_way_up(key: str, nodes: Mapping[str, Node], sound: dict[str, int]) -> None:
    """Refuse a parent that nobody knows or that closes a circle (A1), walking up from one node.

    `sound` holds the keys whose way is known to end at a root, each with the length of its path; those on this way are
    added to it. A gap further up is told of where it is: under the node whose parent is missing.
    """
    way = [key]
    seen = {key}
    while (parent := nodes[way[-1]].parent) and parent not in sound:
        if parent in seen:
            raise circle_of([*way, parent])
        if len(way) > DEEPEST:
            raise _too_deep(key, 2 * DEEPEST)
        if parent not in nodes:
            if len(way) > 1:
                return
            raise Refused(
                "unknown_parent", _("“%(text)s” is not in the directory."), do=advice.FIND, field="parent", text=parent
            )
        way.append(parent)
        seen.add(parent)
    length = sound.get(parent, 0)
    for each in reversed(way):
        length += len(each) + 1
        sound[each] = length


def circle_of(way: Sequence[str]) -> Refused:
    """The refusal of a way up that comes back to where it began."""
    sentence = _("An organisation cannot belong to itself: %(way)s.")
    return Refused("parent_cycle", sentence, do=advice.ANOTHER, field="parent", way=" → ".join(way))


def require_within(child: str, days: Days, parent: str, parent_days: Days, field: str = "parent") -> None:
    """Refuse days of a child outside its parent's (A1). A beginning or end that is not known claims nothing."""
    claimed = Days(days.first or parent_days.first, days.last or parent_days.last)
    if not parent_days.covers(claimed):
        raise Refused(
            "parent_not_valid",
            _("%(parent)s is not there on all days on which %(child)s is."),
            do=advice.OTHER_DAYS,
            field=field,
            parent=parent,
            child=child,
        )


def require_depth(key: str, length: int, most: int) -> None:
    """Refuse a place in the tree whose path, all keys from the root down, is longer than can be kept."""
    if length > most:
        raise _too_deep(key, most)


def _too_deep(key: str, most: int) -> Refused:
    return Refused(
        "tree_too_deep",
        _("%(key)s would stand too deep in the tree: the keys above it have more than %(most)s signs together."),
        do=advice.SHORTEN,
        field="parent",
        key=key,
        most=most,
    )


def paths(nodes: Mapping[str, Node], keys: Iterable[str]) -> dict[str, str]:
    """The path of each key: the keys from the root down to it, each with a slash behind. Ways have no circle."""
    found: dict[str, str] = {}
    for key in keys:
        way = [key]
        while (parent := nodes[way[-1]].parent) and parent in nodes and parent not in found:
            way.append(parent)
        for each in reversed(way):
            found[each] = f"{found.get(nodes[each].parent, '')}{each}/"
    return found


def tree_refusals(
    nodes: Mapping[str, Node], keys: Sequence[str], most: int, since: Mapping[str, date | None] | None = None
) -> dict[str, Refused]:
    """What speaks against where the nodes `keys` stand, by key: their way up, their days, those of nodes under them.

    `most` is the longest path that can be kept; `since` as `successions.begun_by` answers: what lies
    in a place may be older than the place, where it lay in what that place replaced. A child that is itself among
    `keys` is told of under its own key.
    """
    asked, since = set(keys), since or {}
    sound: dict[str, int] = {}
    below: dict[str, list[str]] = {}
    for key, node in nodes.items():
        if node.parent in asked and key not in asked:
            below.setdefault(node.parent, []).append(key)
    found: dict[str, Refused] = {}
    for key in keys:
        node = nodes[key]
        try:
            require_way_up(key, nodes, sound)
            require_depth(key, sound.get(key, 0), most)
            if node.parent:
                above = nodes[node.parent].days
                require_within(key, node.claimed, node.parent, Days(since.get(node.parent, above.first), above.last))
            for child in below.get(key, ()):
                days = Days(since.get(key, node.days.first), node.days.last)
                require_within(child, nodes[child].claimed, key, days, "valid_to")
        except Refused as refusal:
            found[key] = refusal
    return found


def code_refusals(provinces: Mapping[str, tuple[str, Days]], keys: Iterable[str]) -> dict[str, Refused]:
    """Refuse, among the provinces `keys`, a code that another province has on one of the same days (A2).

    `provinces`: every province of any day by key, with its official code and its days.
    """
    holders: dict[str, list[str]] = {}
    for key, (code, _days) in provinces.items():
        holders.setdefault(code, []).append(key)
    found = {}
    for key in keys:
        code, days = provinces.get(key, ("", Days()))
        others = (each for each in holders.get(code, ()) if each != key and provinces[each][1].meets(days))
        other = next(others, None)
        if code and other is not None:
            sentence = _("%(other)s has the code %(number)s on one of these days. Give another code, or other days.")
            found[key] = Refused("code_taken", sentence, field="code", status=409, other=other, number=code)
    return found


@dataclass(frozen=True)
class Holding:
    """Who held a post on which days."""

    person: str
    days: Days


def require_single_holder(new: Holding, holdings: Sequence[Holding]) -> None:
    """Refuse a second holder of a single-holder post on a day (A5)."""
    other = next((each for each in holdings if each.days.meets(new.days)), None)
    if other is not None:
        raise Refused(
            "post_taken",
            _("%(person)s holds this post on one of these days."),
            do=advice.OTHER_DAYS,
            field="from_on",
            status=409,
            person=other.person,
        )
