"""kill -9 of site, event process and supervisor, alone and in pairs, under writers; two starts at once (F2)."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dotpha.platform import supervisor
from tests.instance import COMMAND, ROOT, Instance
from tests.resilience import faults
from tests.resilience.faults import Office

CHILD_BACK = 5.0  # seconds; held in the long run alone
NEXT_START_READY = 8.0
AT_MOST = 120.0  # seconds; in `make test` other tests use the processors: there it only stops a hang
MARKS = {"site": "config.web:application", "live": "config.live:application", "worker": "dotpha\0worker"}
VICTIMS = ("site", "live", "supervisor")
CASES = [*((each,) for each in VICTIMS), *combinations(VICTIMS, 2)]
"""In turn and in pairs."""
SHORT = {("site", "live"), ("site", "supervisor")}
"""Those of `make test`: between them they kill each."""


@dataclass
class Limits:
    child: float = AT_MOST
    start: float = AT_MOST


@pytest.fixture
def limits(request: pytest.FixtureRequest) -> Limits:
    is_long = request.node.get_closest_marker("long") is not None
    return Limits(CHILD_BACK, NEXT_START_READY) if is_long else Limits()


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """Writers at an instance of their own: its processes are killed one after the other, and it ends well."""
    with Instance.running() as instance:
        yield Office.opened(instance)


# --- which process is which -----------------------------------------------------------------------


def supervisor_of(instance: Instance) -> int:
    assert instance.process is not None
    return instance.process.pid


def child_of(instance: Instance, name: str) -> int:
    """The first process of a child; it leads the group of its own workers."""
    is_ours = {pid for pid, parent in faults.parents().items() if parent == supervisor_of(instance)}
    found = [pid for pid in is_ours if MARKS[name] in command_of(pid)]
    assert len(found) == 1, (name, found)
    return found[0]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:  # ended meanwhile
        return ""


def is_whole(instance: Instance) -> bool:
    """Whether the site answers, the event process too, and a worker runs."""
    try:
        state = supervisor.read_state(instance.data)
        children = [child_of(instance, name) for name in MARKS]
    except AssertionError:
        return False
    live = urlsplit((state or {}).get("live") or "http://127.0.0.1:1")
    live_answers = supervisor.answers(live.hostname or "", live.port or 0, "/live/healthz")
    return len(children) == len(MARKS) and live_answers and instance.is_ready()


def orphans(instance: Instance) -> list[tuple[int, str]]:
    """What runs for the instance and does not descend from its supervisor."""
    ours = set(faults.with_descendants(supervisor_of(instance)))
    return [(pid, command_of(pid).replace("\0", " ")) for pid in instance.left() if pid not in ours]


# --- the faults -----------------------------------------------------------------------------------


def kill_and_come_back(office: Office, victims: tuple[str, ...]) -> float:
    """Kill at one blow and wait until everything is back; answers how long that took, or the next start until ready."""
    instance = office.instance
    pids = [supervisor_of(instance) if name == "supervisor" else child_of(instance, name) for name in victims]
    before, begin = faults.with_descendants(supervisor_of(instance)), time.monotonic()
    old = [pid for victim in pids for pid in faults.with_descendants(victim)]
    faults.kill(pids)
    office.stopping.set()  # what was under way is unanswered; more would only be sent again
    if "supervisor" in victims:
        assert instance.process is not None
        instance.process.wait(10)
        took = instance.start()
        faults.until(lambda: faults.is_dead(before) and is_whole(instance), AT_MOST)
        return took
    faults.until(lambda: faults.is_dead(old) and is_whole(instance), AT_MOST)
    return time.monotonic() - begin


def strike(office: Office, victims: tuple[str, ...], prefix: str, writers: int, chance: random.Random) -> float:
    """Let them write, kill in the midst, send again what got no answer; then nothing is lost, doubled or left over."""
    with office.at_work(writers, prefix):
        time.sleep(chance.uniform(0.5, 1.5))
        took = kill_and_come_back(office, victims)
    print(f"{' and '.join(victims)} killed, back after {took:.1f} s; {len(office.journal.unanswered)} unanswered")
    office.settle()
    office.assert_nothing_lost_or_doubled()
    assert orphans(office.instance) == []
    return took


def allowed(victims: tuple[str, ...], limits: Limits) -> float:
    return limits.start if "supervisor" in victims else limits.child


@pytest.mark.parametrize(
    "victims",
    [pytest.param(each, marks=() if each in SHORT else pytest.mark.long, id="+".join(each)) for each in CASES],
)
def test_a_process_killed_under_writers(office: Office, seed: int, limits: Limits, victims: tuple[str, ...]) -> None:
    """F2: 10 writers, each process and each pair once."""
    took = strike(office, victims, f"w{'x'.join(victims)}x", 10, random.Random(seed))
    assert took <= allowed(victims, limits)


@pytest.mark.long
def test_processes_killed_again_and_again(office: Office, seed: int, limits: Limits) -> None:
    """F2: 50 writers, each process and each pair ten times, in any order."""
    chance, slow = random.Random(seed), []
    order = CASES * 10
    chance.shuffle(order)
    for round_, victims in enumerate(order):
        took = strike(office, victims, f"wr{round_}x", 50, chance)
        if took > allowed(victims, limits):
            slow.append((victims, round(took, 1)))
    assert slow == []
    assert "The chain holds" in office.instance.command("audit", "verify")


def test_nothing_outlives_a_killed_supervisor(office: Office) -> None:
    """Also when nobody starts it again, and whatever was killed with it."""
    instance = office.instance
    faults.until(lambda: is_whole(instance), AT_MOST)
    faults.kill([supervisor_of(instance), child_of(instance, "site"), child_of(instance, "live")])
    assert instance.process is not None
    instance.process.wait(10)
    faults.until(lambda: not instance.left(), AT_MOST)


# --- two starts -----------------------------------------------------------------------------------


def second_start(instance: Instance) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(COMMAND), "run"], cwd=ROOT, env=instance.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip


def test_two_starts_at_once(office: Office) -> None:
    """After a crash both begin at the same moment: one runs, the other says where, and leaves."""
    instance = office.instance
    instance.kill()
    both = [second_start(instance) for _start in range(2)]
    faults.until(lambda: any(each.poll() is not None for each in both), AT_MOST)
    [loser] = [each for each in both if each.poll() is not None]
    [winner] = [each for each in both if each is not loser]
    said = loser.communicate(timeout=10)[0]
    assert said.strip() == f"Dotpha is already running: {instance.url}/"
    assert loser.returncode == 0
    instance.process = winner  # type: ignore[assignment]
    faults.until(lambda: is_whole(instance), AT_MOST)
    assert orphans(instance) == []


def test_a_second_start_disturbs_nothing(office: Office) -> None:
    before = json.loads((office.instance.data / "run" / "state").read_text())
    said = second_start(office.instance).communicate(timeout=AT_MOST)[0]
    assert said.strip() == f"Dotpha is already running: {office.instance.url}/"
    assert json.loads((office.instance.data / "run" / "state").read_text()) == before
    assert is_whole(office.instance)
