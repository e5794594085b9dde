"""Rules of what a place lies in from day to day: each span until a day, one after the other (A2). Pure."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from dotpha.directory.rules import ONE_DAY


@dataclass(frozen=True)
class Lying:
    """In what a place lies, by key (empty: in none), until a day, that one included; None: it still does."""

    parent: str
    until: date | None = None
    document: str = ""
    """By what it ended."""

    def lasts(self, on: date) -> bool:
        """Whether it had not ended before a day."""
        return self.until is None or self.until >= on


def parent_on(spans: Sequence[Lying], on: date) -> str:
    """In what a place lies on a day: the first of its spans, in their order, that had not ended before."""
    return next(span.parent for span in spans if span.lasts(on))


def moved(
    spans: Sequence[Lying], former: Container[str], into: str, on: date, begun: date | None = None, document: str = ""
) -> list[Lying]:
    """The spans where from a day on all that lay in `former` lies in `into`; every day before stays as it was.

    Also what comes later on record is passed on: a place that was to lie in a former one lies in `into` instead.
    `begun` is the first day of the place itself: on days before it there is nothing to keep.
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


def path_of(key: str, parents: Mapping[str, str]) -> str:
    """The keys from the root down to a place, each with a slash behind.

    A correction without a day can close a circle on a past day: a way that comes back to itself begins there.
    """
    way = [key]
    while (parent := parents.get(way[-1], "")) and parent not in way:
        way.append(parent)
    return "".join(f"{each}/" for each in reversed(way))
