"""Made-up histories of tasks for Hypothesis: dates near the edges where lateness goes wrong."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from dotpha.programmes.rules.lateness import Change, TaskDates

FIRST = date(2024, 2, 20)
EDGES = [
    date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2024, 12, 31), date(2025, 1, 1),
    date(2025, 2, 28), date(2025, 3, 1), date(2025, 12, 31), date(2026, 1, 1),
]  # fmt: skip
"""The leap day, the days about it, and the ends of years."""


def days() -> st.SearchStrategy[date]:
    """A day of two years, often one of the edges and often close to another one."""
    return st.one_of(
        st.sampled_from(EDGES),
        st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n)),
        st.integers(0, 690).map(lambda n: FIRST + timedelta(days=n)),
    )


@st.composite
def changes(draw: st.DrawFn) -> tuple[Change, ...]:
    """Granted changes in the order of entry, several on one day among them, suspensions among them."""
    found = []
    for granted_on in draw(st.lists(days(), max_size=4)):
        ahead = draw(st.one_of(st.none(), st.integers(0, 10), st.integers(0, 400)))
        found.append(Change(granted_on, None if ahead is None else granted_on + timedelta(days=ahead)))
    return tuple(found)


@st.composite
def histories(draw: st.DrawFn) -> TaskDates:
    """The dates of one task. A completion does not come before the start: the database refuses that."""
    started_on = draw(st.none() | days())
    completed_on = draw(st.none() | days())
    if started_on and completed_on and completed_on < started_on:
        started_on, completed_on = completed_on, started_on
    return TaskDates(
        original_due_on=draw(st.none() | days()),
        started_on=started_on,
        completed_on=completed_on,
        cancelled_on=draw(st.none() | st.none() | days()),
        changes=draw(changes()),
    )
