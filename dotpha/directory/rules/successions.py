"""Rules of what replaces what: dates, shares, circles, a place of the past on the map of a day (A2, A3). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from django.utils.translation import gettext_lazy as _

from dotpha.directory.rules import ONE_DAY, WHOLE
from dotpha.platform import advice
from dotpha.platform.refusals import Refused


def replaced_on(begun: date | None, former_ended: date | None) -> date | None:
    """From which day a successor stands in for a former body: its own first day, else the day after the other's last.

    None when neither is known: then no dated succession can be recorded.
    """
    return begun or (former_ended + ONE_DAY if former_ended else None)


@dataclass(frozen=True)
class Link:
    """One place or organisation replaces another from a day, with its share of the former one.

    `share` is None when nobody knows it.
    """

    old: str
    new: str
    on: date
    share: Decimal | None = None


def require_shares(links: Sequence[Link]) -> None:
    """Refuse shares of a former body outside 0 to 1, or that add up to more than the whole (A2)."""
    totals: dict[tuple[str, date], Decimal] = {}
    for link in links:
        if link.share is None:
            continue
        if not 0 < link.share <= WHOLE:
            raise Refused("share_out_of_range", _("A share lies between 0 and 1."), do=advice.CORRECT, field="share")
        totals[link.old, link.on] = totals.get((link.old, link.on), Decimal(0)) + link.share
    too_much = next((old for (old, _on), total in totals.items() if total > WHOLE), None)
    if too_much is not None:
        raise Refused(
            "shares_above_whole",
            _("The shares of %(old)s add up to more than the whole."),
            do=advice.SMALLER,
            field="share",
            old=too_much,
        )


def begun_by(first_days: Mapping[str, date | None], links: Iterable[Link]) -> dict[str, date | None]:
    """By key of what replaced something, the earliest first day of it and of all that it replaced; None: not known."""
    found: dict[str, date | None] = {}
    for link in sorted(links, key=lambda link: link.on):
        days = [found.get(key, first_days.get(key)) for key in (link.old, link.new)]
        known = [each for each in days if each is not None]
        found[link.new] = min(known) if len(known) == len(days) else None
    return found


def require_no_succession_cycle(links: Sequence[Link], last_days: Mapping[str, date | None] | None = None) -> None:
    """Refuse successions in which a body would replace itself in the end.

    A place that goes on, by its day in `last_days` (None: open), may get back later what it gave to another one that
    goes on: a boundary that moves back is no circle. Two that give to each other on one day are one.
    """
    last_days = last_days or {}

    def is_there(key: str, on: date) -> bool:
        last = last_days.get(key, date.min)
        return last is None or last >= on

    by_day: dict[date, list[Link]] = {}
    for link in links:
        by_day.setdefault(link.on, []).append(link)
    for of_day in by_day.values():
        _require_no_circle(of_day)
    _require_no_circle([each for each in links if not (is_there(each.old, each.on) and is_there(each.new, each.on))])


def _require_no_circle(links: Iterable[Link]) -> None:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for link in links:
        sorter.add(link.new, link.old)
    try:
        sorter.prepare()
    except CycleError as circle:
        raise Refused(
            "succession_cycle",
            _("A body cannot replace itself: %(way)s."),
            do=advice.UNLINK,
            way=" → ".join(circle.args[1]),
        ) from None


def shares_on(
    key: str, links: Sequence[Link], on: date, last_days: Mapping[str, date | None] | None = None
) -> dict[str, Decimal] | None:
    """Where a place of the past lies on a day's map: share by place; None when a share is not known (A3).

    A single successor takes the whole also without a share. A place that goes on, by its day in `last_days` (None:
    open), keeps what it did not give away; one that is not named there ends with what it gives. The sum is never
    above the whole; what a list of shares leaves out is not invented.
    """
    steps: dict[date, list[Link]] = {}
    for link in links:
        if link.old == key and link.on <= on:
            steps.setdefault(link.on, []).append(link)
    if not steps:
        return {key: WHOLE}
    first_on = min(steps)
    step = steps[first_on]
    if len(step) > 1 and any(link.share is None for link in step):
        return None
    later = [link for link in links if link.on >= first_on and link not in step]
    found: dict[str, Decimal] = {}
    passing = [(link.new, link.share or WHOLE, later) for link in step]
    ends = (last_days or {}).get(key, date.min)
    if ends is None or ends >= first_on:
        kept = WHOLE - sum(share for _new, share, _later in passing)
        passing += [(key, kept, [link for link in later if link.on > first_on])] if kept > 0 else []
    for new, share, following in passing:
        onward = shares_on(new, following, on, last_days)
        if onward is None:
            return None
        for place, part in onward.items():
            found[place] = found.get(place, Decimal(0)) + part * share
    return found
