"""Files of people: looked at first, loaded whole or not at all (A8). A file holds no passwords and gives no rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.accounts import rights, scopes
from dotpha.accounts.actions import people
from dotpha.accounts.actions.people import PersonRow, require_email, require_username
from dotpha.accounts.models import User
from dotpha.platform import importing
from dotpha.platform.actors import Actor
from dotpha.platform.columns import Column, read_file, text_of
from dotpha.platform.importing import Difference, Preview, Result
from dotpha.platform.sheets import Problem

COLUMNS = (
    Column("key", gettext_lazy("User name"), require_username, ("username", "Tài khoản", "Tên đăng nhập")),
    Column("name", gettext_lazy("Name or post"), text_of(200), ("Họ và tên", "Họ tên", "Tên")),
    Column("email", gettext_lazy("E-mail"), require_email, ("e-mail", "Thư điện tử", "Địa chỉ thư điện tử")),
)
REQUIRED = ("key", "name")


@dataclass(frozen=True)
class Line:
    """A row of a file and what would become of it."""

    number: int
    key: str
    title: str
    fate: str
    row: PersonRow
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()


def preview(data: bytes, name: str, by: Actor) -> Preview[Line]:
    """Read a file and say what would become of each row. Nothing is written; a fixed number of queries."""
    rights.require(by, "person.change", [scopes.ALL])
    given = read_file(data, name, COLUMNS)
    held = {each.username: each for each in User.objects.filter(username__in=given.values_of("key"))}
    lines, problems = importing.weighed(given, partial(_weighed, held=held))
    return importing.refused_told(given.kind, lines, problems)


def _weighed(number: int, values: Mapping[str, str], held: Mapping[str, User]) -> tuple[Line, list[Problem]]:
    key = values.get("key", "")
    row = PersonRow(key, values.get("name", ""), values.get("email", ""))
    user = held.get(key)
    if user is None:
        missing = [name for name in REQUIRED if name not in values]
        found = [importing.cell_missing(number, name) for name in missing]
        return Line(number, key, row.name or key, "added", row), found
    given = ((name, values[name]) for name in ("name", "email") if name in values)
    differences = tuple(
        Difference(name, getattr(user, name), said) for name, said in given if getattr(user, name) != said
    )
    return Line(number, key, user.name, "changed" if differences else "unchanged", row, differences), []


def apply(seen: Preview[Line], by: Actor, *, skip_bad_rows: bool = False) -> Result:
    """Load what was looked at in one transaction: all rows, or with `skip_bad_rows` the good ones."""
    seen.require_whole(skip_bad_rows=skip_bad_rows)
    good = seen.good
    people.load_people(
        added=[line.row for line in good if line.fate == "added"],
        changed={line.key: line.differences for line in good if line.differences},
        reason=_("Import of a file"),
        by=by,
    )
    return foreseen(seen)


def foreseen(seen: Preview[Line]) -> Result:
    """What an import does, with each change of a value."""
    return importing.with_changes(seen, str)
