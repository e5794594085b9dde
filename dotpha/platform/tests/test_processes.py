"""A server asks to end with the one that started it, and ends when that one has ended already."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from dotpha.platform import processes


@pytest.mark.parametrize(
    ("starter", "parents", "ends"),
    [
        (SimpleNamespace(pid=5), [5], False),
        (SimpleNamespace(pid=5), [1], True),
        (None, [5, 5], False),
        (None, [5, 1], True),
    ],
)
def test_a_server_whose_parent_has_ended_ends(
    monkeypatch: pytest.MonkeyPatch, starter: SimpleNamespace | None, parents: list[int], ends: bool
) -> None:
    asked: list[int] = []
    ended: list[int] = []
    monkeypatch.setenv(processes.MARK, "data")
    monkeypatch.setattr(processes, "_LIBC", SimpleNamespace(prctl=lambda *given: asked.extend(given)))
    monkeypatch.setattr("multiprocessing.process._parent_process", starter)
    monkeypatch.setattr(os, "getppid", lambda: parents.pop(0))
    monkeypatch.setattr(os, "_exit", ended.append)
    processes.end_with_parent()
    assert (asked, bool(ended)) == ([1, 9], ends)
