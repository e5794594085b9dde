"""What a number of tasks or targets rests on, in one label (expectation 31). Pure.

A count of tasks is derived by rule: from due dates and from completions. The weakest thing that it rests on names it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dotpha.programmes.rules.lateness import DONE


class Trust(StrEnum):
    """From the weakest to the strongest. `printed` is of numbers that a document has, not of counts of tasks."""

    UNCHECKED = "unchecked"
    ENTERED = "entered"
    WAITING = "waiting"
    APPROVED = "approved"
    PRINTED = "printed"


@dataclass(frozen=True)
class Standing:
    """What the tasks of a count rest on: how many are done, how many of these by an approved report of completion,
    of how many a report waits for approval, and of how many nobody has checked the document."""

    done: int = 0
    accepted: int = 0
    waiting: int = 0
    unchecked: int = 0

    @property
    def entered(self) -> int:
        """Completions that stand in the register without an approved report."""
        return self.done - self.accepted


def standing(by_state: Mapping[str, Mapping[str, int]], states: Collection[str] = ()) -> Standing:
    """The standing of a count, from how many tasks stand in each state and bear each flag; of some states only, where
    the count is of these."""
    counted = {state: flags for state, flags in by_state.items() if not states or state in states}
    done = [flags for state, flags in counted.items() if state in DONE]
    return Standing(
        done=sum(flags["n"] for flags in done),
        accepted=sum(flags.get("accepted", 0) for flags in done),
        waiting=sum(flags.get("waiting", 0) for flags in counted.values()),
        unchecked=sum(flags.get("unchecked", 0) for flags in counted.values()),
    )


def trust(held: Standing) -> Trust:
    """The label of a count: the weakest of what it rests on."""
    if held.unchecked:
        return Trust.UNCHECKED
    if held.entered:
        return Trust.ENTERED
    return Trust.WAITING if held.waiting else Trust.APPROVED


def of_document(is_checked: bool) -> Trust:
    """The label of a number that stands in a document, which a second person has checked or not."""
    return Trust.PRINTED if is_checked else Trust.UNCHECKED
