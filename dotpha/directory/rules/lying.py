"""Rules of what a place or organisation lies in from day to day: each span until a day, one after the other. Pure.

An organisation lies in what it belongs to (A1, A2).
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from dotpha.directory.rules import ONE_DAY


@dataclass(frozen=True)
class Lying:
    """In what something lies, by key (empty: in none), until a day, that one included; None: it still does."""

    parent: str
    until: date | None = None
    document: str = ""
    """By what it ended."""

    def lasts(self, on: date) -> bool:
        """Whether it had not ended before a day."""
        return self.until is None or self.until >= on


def parent_on(spans: Sequence[Lying], on: date) -> str:
    """In what something lies on a day: the first of its spans, in their order, that had not ended before."""
    return next(span.parent for span in spans if span.lasts(on))


def moved(
    spans: Sequence[Lying], former: Container[str], into: str, on: date, begun: date | None = None, document: str = ""
) -> list[Lying]:
    """The spans where from a day on all that lay in `former` lies in `into`; every day before stays as it was.

    Also what comes later on record is passed on: what was to lie in a former one lies in `into` instead.
    `begun` is the first day of the thing itself: on days before it there is nothing to keep.
    """
    found: list[Lying] = []
    for span in spans:
        if span.parent in former and span.lasts(on):
            if begun is None or begun < on:
                found.append(Lying(span.parent, on - ONE_DAY, document))
            span = replace(span, parent=into)
        found.append(span)
        begun = span.until + ONE_DAY if span.until else begun
    return [each for each, after in zip_longest(found, found[1:]) if after is None or after.parent != each.parent]


def circle_from(keys: Iterable[str], spans: Mapping[str, Sequence[Lying]], on: date) -> list[str]:
    """The way up of the first of these keys that lies under itself on a day from `on` on; empty where none does."""
    ends = {span.until for known in spans.values() for span in known if span.until and span.until >= on}
    for day in sorted({on, *(each + ONE_DAY for each in ends)}):
        parents = {key: parent_on(known, day) for key, known in spans.items()}
        for key in keys:
            way = [key]
            while (parent := parents.get(way[-1], "")) and parent not in way:
                way.append(parent)
            if parent == key:
                return [*way, key]
    return []


def path_of(key: str, parents: Mapping[str, str]) -> str:
    """The keys from the root down to something, each with a slash behind.

    A correction without a day can close a circle on a past day: a way that comes back to itself begins there.
    """
    way = [key]
    while (parent := parents.get(way[-1], "")) and parent not in way:
        way.append(parent)
    return "".join(f"{each}/" for each in reversed(way))
