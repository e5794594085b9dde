"""What the fault tests share: the processes of an instance, and writers who keep a journal.

The journal is the truth that the site is compared with: a file of the client's own, in which every request stands
before it is sent and every answer before the next request.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from dotpha.platform import processes
from tests.instance import Instance

TASKS = "/api/v1/programmes/resolution57/tasks"
OURS = re.compile(r"(base|w\w*)-\d+")
BASES = 20  # tasks that blockers are raised on, so that not all writers wait for one lock


def until(is_so: Callable[[], object], seconds: float, look_every: float = 0.02) -> float:
    """Wait until something is so; answers how long it took. Raises when it never was."""
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        if is_so():
            return time.monotonic() - begin
        time.sleep(look_every)
    raise AssertionError(f"not so within {seconds} s")


# --- processes ------------------------------------------------------------------------------------


def parents() -> dict[int, int]:
    """The parent of every process of this machine."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            found[int(place.name)] = int((place / "stat").read_text().rpartition(") ")[2].split()[1])
        except (OSError, IndexError):  # ended meanwhile
            continue
    return found


def with_descendants(pid: int) -> list[int]:
    """A process and all that it started, directly or not."""
    found, known = [pid], parents()
    for each in found:  # grows while it is walked
        found += [child for child, parent in known.items() if parent == each]
    return found


def server_of(instance: Instance) -> int:
    """The first process of the embedded database."""
    return int((instance.data / "pg" / "data" / "postmaster.pid").read_text().split()[0])


def kill(pids: Iterable[int]) -> None:
    """kill -9; what has ended meanwhile needs none."""
    for pid in pids:
        processes.send(pid, signal.SIGKILL)


def is_dead(pids: Iterable[int]) -> bool:
    """Whether none of them runs any more."""
    return not any(processes.is_running(pid) for pid in pids)


def database(instance: Instance) -> psycopg.Connection[tuple[object, ...]]:
    """A connection to the embedded database, past the product."""
    home = instance.data / "pg"
    port, password = (home / "port").read_text(), (home / "password").read_text()
    return psycopg.connect(f"postgresql://dotpha:{password}@127.0.0.1:{port}/dotpha", autocommit=True)


# --- writers --------------------------------------------------------------------------------------


@dataclass
class Journal:
    """Every request that was sent and every answer that came; `answers` is what the file says, read back."""

    path: Path
    sent: set[str] = field(default_factory=set)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, key: str, status: int | None = None, said: bytes = b"") -> None:
        """A request without a status, an answer with one: on the disk before anything else happens."""
        with self.lock, open(self.path, "ab") as file:
            file.write(json.dumps([key, status, said.decode("utf-8", "replace")]).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
            if status is None:
                self.sent.add(key)
            else:
                self.answers[key] = (status, said)

    @property
    def unanswered(self) -> list[str]:
        """What was sent and neither made nor refused."""
        return sorted(self.sent - set(self.answers))


@dataclass
class Office:
    """Writers at one instance. Even numbers add a task, odd ones raise a blocker, which no unique key would refuse."""

    instance: Instance
    journal: Journal
    stopping: threading.Event = field(default_factory=threading.Event)
    refused: Counter[int] = field(default_factory=Counter)

    @classmethod
    def opened(cls, instance: Instance) -> Office:
        """With the tasks that blockers are raised on."""
        office = cls(instance, Journal(instance.data / "journal"))
        instance.token("agency.most")
        for number in range(BASES):
            assert office.send(f"base-{number}", {}) is not None, f"base-{number}"
        return office

    def send(self, key: str, headers: dict[str, str] | None = None, timeout: float = 30) -> tuple[int, bytes] | None:
        """One write under its own Idempotency-Key; None when no answer came or it says that the site is not there."""
        number = int(key.rpartition("-")[2])
        is_task = key.startswith("base-") or number % 2 == 0
        user, path = ("office", TASKS) if is_task else ("agency.most", f"/api/v1/tasks/base-{number % BASES}/blockers")
        task = {"key": key, "title": f"Việc {key}", "lead": "most", "deadline": "Quý IV/2027"}
        body = task if is_task else {"kind": "funding", "text": key, "asks_of": "mof"}
        given = {"Authorization": f"Bearer {self.instance.token(user)}", "Idempotency-Key": key, **(headers or {})}
        self.journal.note(key)
        try:
            status, _headers, said = self.instance.request("POST", path, body, given, timeout)
        except (OSError, http.client.HTTPException):
            return None
        if status >= 500:
            self.refused[status] += 1
            return None
        self.journal.note(key, status, said)
        return status, said

    @contextmanager
    def at_work(self, writers: int, prefix: str) -> Iterator[None]:
        """Let so many write one thing after the other, until the end of the block."""
        self.stopping.clear()
        threads = [threading.Thread(target=self._write, args=[prefix, each, writers]) for each in range(writers)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopping.set()
            for thread in threads:
                thread.join()

    def _write(self, prefix: str, first: int, step: int) -> None:
        number = first
        while not self.stopping.is_set():
            if self.send(f"{prefix}-{number}") is None:
                time.sleep(0.1)  # whoever got no answer does not storm the door
            number += step

    def settle(self) -> None:
        """Send again whatever got no answer, until all of it has one."""
        for _try in range(3):
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(self.send, self.journal.unanswered))
        assert self.journal.unanswered == []

    def assert_nothing_lost_or_doubled(self) -> None:
        """Everything sent is answered by now: each is there, once, with one event; and answers once more as it did."""
        assert {status for status, _said in self.journal.answers.values()} == {201}
        for key in sorted(self.journal.answers)[::50]:
            before = self.journal.answers[key]
            assert self.send(key) == before, key
        assert self.held() == Counter(set(self.journal.answers)), "lost, doubled, or there without having been sent"

    def held(self) -> Counter[str]:
        """Whatever is in the database by our keys, and how often; of tasks and of the events that tell of both."""
        with database(self.instance) as connection:
            found = connection.execute(
                "SELECT 'task', key FROM programmes_task UNION ALL SELECT 'blocker', text FROM programmes_blocker"
            ).fetchall()
            told = connection.execute(
                "SELECT 'task', split_part(subject, ':', 2) FROM platform_auditevent WHERE kind = 'task.added'"
                " UNION ALL SELECT 'blocker', reason FROM platform_auditevent WHERE kind = 'blocker.raised'"
            ).fetchall()
        ours = [Counter(str(key) for _kind, key in rows if OURS.fullmatch(str(key))) for rows in (found, told)]
        assert ours[0] == ours[1], "what is there and what the record tells"
        return ours[0]
