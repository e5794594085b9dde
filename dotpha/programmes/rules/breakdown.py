"""Parents and children, dependencies, coverage, and sums that lose nothing (C3, C6, C13, C16)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.graphs import path_between
from dotpha.platform.refusals import Refused
from dotpha.programmes.rules.lateness import DONE, IN_TIME, State


def require_no_dependency_cycle(task: str, needs: str, dependencies: Mapping[str, Iterable[str]]) -> None:
    """Refuse a dependency that closes a circle. `dependencies` gives what each task already needs."""
    way = path_between(needs, task, dependencies)
    if way is not None:
        raise Refused(
            "dependency_cycle",
            _("These tasks would wait for each other: %(way)s."),
            do=advice.UNLINK,
            field="needs",
            way=" → ".join([task, *way]),
        )


def blocked_successors(
    slipped: str, due_on: date | None, successors: Mapping[str, Sequence[tuple[str, date | None]]]
) -> list[str]:
    """The followers, near and far, that can no longer end by their due date (C13), in order of nearness.

    `successors`: for each task its followers with their due dates. A follower cannot end before what it waits
    for. Nothing is moved. A predecessor without a due date blocks nobody, for nothing is known about its end.
    """
    if due_on is None:
        return []
    found: list[str] = []
    seen, waiting = {slipped}, [slipped]
    for task in waiting:
        for key, follower_due_on in successors.get(task, ()):
            if key in seen:
                continue
            seen.add(key)
            waiting.append(key)
            if follower_due_on is not None and follower_due_on < due_on:
                found.append(key)
    return found


@dataclass(frozen=True)
class Coverage:
    """How many of the bodies expected have a child task: "n of 34". `missing` in the order expected."""

    covered: int
    expected: int
    missing: tuple[str, ...]


def coverage(expected: Sequence[str], have: Iterable[str]) -> Coverage:
    """Coverage of the bodies expected; others that also have a child task do not raise it."""
    expected = list(dict.fromkeys(expected))
    known = set(have)
    missing = tuple(key for key in expected if key not in known)
    return Coverage(len(expected) - len(missing), len(expected), missing)


@dataclass(frozen=True)
class ChildDraft:
    """A child task to be made for one member of a collective."""

    lead: str
    parent: str
    title: str


def spread(parent: str, title: str, members: Sequence[str], have: Iterable[str]) -> list[ChildDraft]:
    """One child task for each member of a collective that has none yet, in the order given (C6)."""
    known = set(have)
    return [ChildDraft(key, parent, title) for key in dict.fromkeys(members) if key not in known]


def choose_lead(named: Sequence[str]) -> tuple[str, list[str]]:
    """The lead of several agencies named, and the co-leads: the first named leads (product default, C6).

    Raises `Refused("lead_missing")` when none is named.
    """
    unique = list(dict.fromkeys(named))
    if not unique:
        raise Refused("lead_missing", _("Name the lead agency."), field="lead")
    return unique[0], unique[1:]


@dataclass(frozen=True)
class Counts:
    """Counts of tasks that satisfy: assigned = done_on_time + done_late + in_time + overdue.

    `due_soon` of those in time are due within a week.
    """

    done_on_time: int = 0
    done_late: int = 0
    in_time: int = 0
    overdue: int = 0
    cancelled: int = 0
    due_soon: int = 0

    @property
    def done(self) -> int:
        return self.done_on_time + self.done_late

    @property
    def assigned(self) -> int:
        """Tasks that count; cancelled ones stand outside."""
        return self.done + self.in_time + self.overdue

    @property
    def overdue_share(self) -> float | None:
        """Percent of the assigned tasks that are overdue; None without any."""
        return 100 * self.overdue / self.assigned if self.assigned else None

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.done_on_time + other.done_on_time,
            self.done_late + other.done_late,
            self.in_time + other.in_time,
            self.overdue + other.overdue,
            self.cancelled + other.cancelled,
            self.due_soon + other.due_soon,
        )


def counted(tally: Mapping[str, int]) -> Counts:
    """The counts that a tally by state makes up; every state falls into exactly one."""
    return Counts(
        done_on_time=tally.get(State.DONE_ON_TIME, 0),
        done_late=tally.get(State.DONE_LATE, 0),
        in_time=sum(tally.get(state, 0) for state in IN_TIME),
        overdue=tally.get(State.OVERDUE, 0),
        cancelled=tally.get(State.CANCELLED, 0),
        due_soon=tally.get(State.DUE_SOON, 0),
    )


def count_states(states: Iterable[State]) -> Counts:
    """The counts of a list of states."""
    return counted(Counter(states))


def clauses_without(parents: Mapping[int, int | None], held: Collection[int]) -> list[int]:
    """The smallest clauses that no task carries out, in the order given (B8).

    `parents` gives for each clause the one above it. A task of a clause carries out all that stands under it.
    """
    above = set(parents.values())

    def is_carried_out(clause: int | None) -> bool:
        while clause is not None:
            if clause in held:
                return True
            clause = parents.get(clause)
        return False

    return [clause for clause in parents if clause not in above and not is_carried_out(clause)]


@dataclass(frozen=True)
class Child:
    """A child task for a roll-up. `percent` is None when it was never reported."""

    state: State
    percent: int | None = None
    weight: float = 1.0


@dataclass(frozen=True)
class RollUp:
    """What children say about their parent. `percent` is None when nothing is known.

    `reported` of `counts.assigned` children have a percent; one that has not counts as missing, not as 0.
    """

    percent: float | None
    reported: int
    counts: Counts


def roll_up(children: Sequence[Child]) -> RollUp:
    """The weighted mean of the children's percents, done ones as 100, cancelled ones outside.

    Raises ValueError for a weight that is not positive.
    """
    if any(child.weight <= 0 for child in children):
        raise ValueError("a weight is positive")
    known: list[tuple[float, float]] = []
    for child in children:
        if child.state is State.CANCELLED:
            continue
        value = 100 if child.state in DONE else child.percent
        if value is not None:
            known.append((child.weight, value))
    total = sum(weight for weight, _value in known)
    percent = sum(weight * value for weight, value in known) / total if known else None
    return RollUp(percent, len(known), count_states(child.state for child in children))
