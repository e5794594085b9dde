"""Work of the directory that nobody waits for: long imports."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.accounts.long_imports import import_long
from dotpha.directory import imports
from dotpha.platform import importing
from dotpha.platform.actors import Actor
from dotpha.platform.jobs import job


@job("directory.import_file", _("Importing a long file"))
def import_file(user: int, key: str) -> None:
    """Import a parked file of organisations or places that somebody looked at, while they do something else."""
    import_long(user, key, "/desk/places/import/", _import)


def _import(data: bytes, name: str, by: Actor, asked: Mapping[str, Any]) -> dict[str, int]:
    """What the page of the import does with a short file (`views/imports.py`); answers the counts."""
    shape = imports.SHAPES[asked["shape"]]
    seen = imports.preview(data, name, shape, by)
    return importing.kept(seen, asked["looked"], partial(imports.apply, seen, shape, by, skip_bad_rows=asked["skip"]))
