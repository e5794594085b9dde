"""Long imports of whoever began them, done by a worker under their rights of that moment (`platform/courses.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dotpha.accounts.models import User
from dotpha.platform import courses, parking
from dotpha.platform.actors import Actor

Import = Callable[[bytes, str, Actor, Mapping[str, Any]], dict[str, int]]
"""Imports a file by its name for somebody, with what was asked; answers the counts."""


def import_long(user: int, key: str, page: str, work: Import) -> None:
    """Do the long import of a parked file that somebody began, on a page of the desk unless it says otherwise; begun
    again, it finds its rows."""
    found = User.objects.filter(pk=user).first()
    if found is None:
        return
    by = found.actor(origin=courses.asked(key, found.actor()).get(courses.ORIGIN, f"desk {page}"))

    def worked(asked: Mapping[str, Any]) -> dict[str, int]:
        data, name = parking.parked(key, by)
        return work(data, name, by, asked)

    courses.run(key, by, worked)
