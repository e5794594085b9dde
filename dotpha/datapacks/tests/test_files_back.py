"""The files of the data pack, imported into the directory that the pack filled, change nothing."""

from __future__ import annotations

import pytest

from dotpha.datapacks import reading
from dotpha.datapacks.pack import Pack
from dotpha.directory import actions, imports
from dotpha.directory.imports import ORGANISATIONS, PLACES
from dotpha.platform.actors import program

pytestmark = pytest.mark.django_db
TEST = program("test")


def test_the_files_of_a_loaded_pack_say_what_is_recorded() -> None:
    pack = Pack.named("resolution57")
    actions.add_places(rows=reading.places(pack), by=TEST)
    actions.add_successions(kind="place", rows=reading.place_successions(pack), by=TEST)
    actions.add_organisations(rows=reading.organisations(pack), by=TEST)
    actions.add_successions(kind="organisation", rows=reading.organisation_successions(pack), by=TEST)
    for name, shape in (
        ("provinces", PLACES), ("communes", PLACES), ("old_provinces", PLACES), ("organisations", ORGANISATIONS),
    ):  # fmt: skip
        seen = imports.preview((pack.folder / f"{name}.csv").read_bytes(), f"{name}.csv", shape, TEST)
        differing = [(line.key, line.differences) for line in seen.lines if line.fate != "unchanged"]
        assert (seen.problems, differing) == ([], []), name
