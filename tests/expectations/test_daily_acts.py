"""The thirty acts of every day that `make bench` times (expectation 40)."""

from __future__ import annotations

from django.urls import resolve

from bench import acts


def test_thirty_acts_of_every_day_are_timed_and_their_addresses_are_there() -> None:
    """40. It feels immediate: 30 daily acts, the result within 400 ms at the 95th percentile at 6,300 tasks."""
    assert (len(set(acts.PAGES.values())), acts.LIMIT) == (30, 400)
    for address in acts.PAGES.values():
        assert resolve(address.partition("?")[0])
