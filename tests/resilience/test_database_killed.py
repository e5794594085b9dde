"""kill -9 of the database alone, under writers: nothing acknowledged is lost or done twice (reliability F1)."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest

from tests.instance import Instance
from tests.resilience import faults
from tests.resilience.faults import Office

READY = 15.0  # seconds until the database is back
SHARED = 40.0  # in `make test` other tests use the processors: there the figure, so much longer, only stops a hang
COMMITS = "state = 'active' AND query ILIKE 'commit%'"
OPEN = "xact_start IS NOT NULL AND pid <> pg_backend_pid() AND backend_type = 'client backend'"


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """Writers at an instance of their own: it is killed again and again, and ends well all the same."""
    with Instance.running() as instance:
        yield Office.opened(instance)


@pytest.fixture
def patience(request: pytest.FixtureRequest) -> float:
    return 1.0 if request.node.get_closest_marker("long") else SHARED


def wait_for_the_moment(office: Office, chance: random.Random, *, at_a_commit: bool) -> bool:
    """Wait for a random moment, or for one within 5 ms after a commit was sent; True when a transaction is open."""
    with faults.database(office.instance) as connection:
        if at_a_commit:
            sent = f"SELECT count(*) FROM pg_stat_activity WHERE {COMMITS}"
            faults.until(lambda: connection.execute(sent).fetchone() != (0,), 30, look_every=0)
            time.sleep(chance.uniform(0, 0.005))
        else:
            time.sleep(chance.uniform(0.2, 1.5))
        return connection.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {OPEN}").fetchone() != (0,)


def victims(office: Office, chance: random.Random) -> list[int]:
    """The whole server, its first process alone, or one that serves a client, after which the first restarts all."""
    everything = faults.with_descendants(faults.server_of(office.instance))
    what = chance.choices(["all", "first", "one"], [3, 1, 1])[0]
    if what == "one":
        with faults.database(office.instance) as connection:
            found = connection.execute(f"SELECT pid FROM pg_stat_activity WHERE {OPEN}").fetchall()
        return [int(str(pid)) for (pid,) in found[:1]] or everything
    return everything if what == "all" else everything[:1]


def kill_the_database(office: Office, chance: random.Random, patience: float, *, at_a_commit: bool) -> bool:
    """Kill and wait until it is back; True when a transaction was open."""
    pids = victims(office, chance)
    hit = wait_for_the_moment(office, chance, at_a_commit=at_a_commit)
    faults.kill(pids)
    office.stopping.set()
    took = faults.until(lambda: faults.is_dead(pids) and office.instance.is_ready(), READY * patience)
    print(f"{len(pids)} processes killed, a transaction was {'open' if hit else 'not open'}, ready in {took:.1f} s")
    return hit


def database_kills(office: Office, seed: int, rounds: int, writers: int, patience: float) -> int:
    """Kill so often, half of the times at a commit; answers how often a transaction was open."""
    chance, hit = random.Random(seed), 0
    for round_ in range(rounds):
        with office.at_work(writers, f"w{round_}x{seed}"):
            time.sleep(0.5)
            hit += kill_the_database(office, chance, patience, at_a_commit=round_ % 2 == 0)
        print(f"{len(office.journal.unanswered)} unanswered of {len(office.journal.sent)}")
        settled(office)
    return hit


def settled(office: Office) -> None:
    """Send again what got no answer; then journal, database and record agree and the chain holds."""
    office.settle()
    office.assert_nothing_lost_or_doubled()
    assert "The chain holds" in office.instance.command("audit", "verify")


def test_the_database_killed_under_writers(office: Office, seed: int, patience: float) -> None:
    """F1, short: 20 writers, 3 kills."""
    hit = database_kills(office, seed, 3, 20, patience)
    print(f"{hit} of 3 kills hit an open transaction")
    assert hit >= 2, "the faults did not hit"


@pytest.mark.long
def test_the_database_killed_fifty_times_under_two_hundred_writers(office: Office, seed: int, patience: float) -> None:
    """F1: 200 writers, 50 kills."""
    hit = database_kills(office, seed, 50, 200, patience)
    print(f"{hit} of 50 kills hit an open transaction")
    assert hit >= 30, "the faults did not hit"
