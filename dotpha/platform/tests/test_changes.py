"""What a change changes: only what is wanted otherwise."""

from __future__ import annotations

from types import SimpleNamespace

from dotpha.platform.changes import set_changed


def test_only_what_is_wanted_otherwise_is_set_and_told() -> None:
    thing = SimpleNamespace(kind="ministry", source="", name="MOST")
    wanted = {"kind": "agency", "source": "", "pk": 7}
    assert set_changed(thing, wanted, ("kind", "source", "name")) == ({"kind": "ministry"}, {"kind": "agency"})
    assert vars(thing) == {"kind": "agency", "source": "", "name": "MOST"}
    assert set_changed(thing, wanted, ("kind", "source", "name")) == ({}, {})
