"""kill -9 of everything in the midst of writes loses nothing that was acknowledged (reliability F1)."""

from __future__ import annotations

import http.client
import threading
import time
from dataclasses import dataclass, field

import pytest

from tests.instance import Instance

WRITERS = 200


@dataclass
class Journal:
    """What the site acknowledged, and what it never answered."""

    acknowledged: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)


def write(instance: Instance, key: str, journal: Journal, token: str) -> None:
    """Add one task under an idempotency key of its own."""
    body = {"key": key, "title": f"Việc {key}", "lead": "most", "deadline": "Quý IV/2027"}
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    try:
        status, _headers, _said = instance.request(
            "POST", "/api/v1/programmes/resolution57/tasks", body, headers, timeout=30
        )
    except (OSError, http.client.HTTPException):
        journal.unanswered.append(key)
        return
    (journal.acknowledged if status in (200, 201) else journal.unanswered).append(key)


def crash_in_the_midst(instance: Instance, round_: int) -> Journal:
    """Let 200 writers write at once, kill everything after some were answered, start again."""
    journal, token = Journal(), instance.token("office")
    keys = [f"crash-{round_}-{number}" for number in range(WRITERS)]
    threads = [threading.Thread(target=write, args=(instance, key, journal, token)) for key in keys]
    for thread in threads:
        thread.start()
    begin = time.monotonic()
    while len(journal.acknowledged) < 20 and time.monotonic() - begin < 60:
        time.sleep(0.01)
    instance.kill()
    for thread in threads:
        thread.join()
    instance.start()
    return journal


def keys_of(instance: Instance, prefix: str) -> list[str]:
    """The keys that are in the register after the crash."""
    status, said = instance.api("GET", f"/tasks?q={prefix}&page_size=500&programme=resolution57", "office")
    assert status == 200, said
    return [each["key"] for each in said["items"] if each["key"].startswith(prefix)]


def survives(instance: Instance, round_: int) -> None:
    """After a crash: all that was acknowledged is there, once; repeating the rest doubles nothing."""
    journal = crash_in_the_midst(instance, round_)
    assert len(journal.acknowledged) >= 20
    held = {key: instance.api("GET", f"/tasks/{key}", "office")[0] for key in journal.acknowledged}
    assert {key for key, status in held.items() if status != 200} == set()
    token, again = instance.token("office"), Journal()
    for key in [*journal.acknowledged[:10], *journal.unanswered[:30]]:
        write(instance, key, again, token)
    assert again.unanswered == []
    assert "The chain holds" in instance.command("audit", "verify")


@pytest.fixture
def instance() -> Instance:
    return Instance.make()


def test_a_crash_of_everything_loses_nothing(instance: Instance) -> None:
    try:
        instance.start()
        survives(instance, 1)
        assert instance.stop() == 0
    finally:
        instance.remove()


@pytest.mark.long
def test_many_crashes_lose_nothing(instance: Instance) -> None:
    try:
        instance.start()
        for round_ in range(2, 12):
            survives(instance, round_)
        assert instance.stop() == 0
    finally:
        instance.remove()
