"""What lies beside a parked file is written whole, and half of it stops nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dotpha.platform import courses, jobs, parking
from dotpha.platform.actors import Actor, program

TEST = program("test")


@pytest.fixture
def key(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(jobs, "defer", lambda *_names, **_more: None)
    monkeypatch.setattr(jobs, "is_asked", lambda *_names, **_more: False)
    return parking.park(b"key,title\n", "r.csv", TEST)


def begin(key: str, by: Actor = TEST, **asked: str) -> None:
    courses.begin("programmes.import", key, by, rows=1, asked=asked)


@pytest.mark.parametrize("left", ["", '{"deadl'])
def test_half_a_file_is_as_good_as_none(key: str, left: str) -> None:
    begin(key, deadline="2027")
    assert (courses.asked(key, TEST), courses.of(key, TEST) is None) == ({"deadline": "2027"}, False)
    for ending in (parking.ASKED, courses.ENDING):
        parking.beside(key, TEST, ending).write_text(left, "utf-8")
    assert (courses.asked(key, TEST), courses.of(key, TEST), courses.ended(TEST)) == ({}, None, [])


def test_a_machine_that_stops_while_it_writes_leaves_what_was_there(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(key, deadline="2027")

    def half(path: Path, said: str, encoding: str) -> None:
        path.write_bytes(said[:5].encode(encoding))
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(OSError, match="no space"):
        begin(key, deadline="2028")
    assert courses.asked(key, TEST) == {"deadline": "2027"}
