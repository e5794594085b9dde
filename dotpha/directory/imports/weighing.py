"""One row of a file against what is recorded: added, changed, unchanged or refused. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.directory import columns, rules
from dotpha.directory.actions.tree import row_refusals
from dotpha.directory.imports.shapes import Shape, Thing
from dotpha.directory.rows import Change, Moving, OrganisationRow, PlaceRow, Renaming, SuccessionRow
from dotpha.platform import advice, days
from dotpha.platform.importing import Difference, cell_missing, problem_of
from dotpha.platform.refusals import Refused
from dotpha.platform.sheets import Problem

LONGEST_DOCUMENT = 100


@dataclass(frozen=True)
class Line:
    """A row of a file and what would become of it. `row` of an added one, `change` of one that is there.

    `links` are the keys of what it replaces or is replaced by, as far as they are not on record.
    """

    number: int
    key: str
    title: str
    fate: str
    node: rules.Node
    row: OrganisationRow | PlaceRow | None = None
    change: Change | None = None
    renaming: Renaming | None = None
    moving: Moving | None = None
    differences: tuple[Difference, ...] = ()
    links: tuple[str, ...] = ()
    successions: tuple[SuccessionRow, ...] = ()
    notes: tuple[str, ...] = ()
    source: str = ""

    @property
    def moves(self) -> bool:
        """Whether the tree has to be asked about it."""
        return self.row is not None or bool(
            {"parent", "province", "valid_from", "valid_to"} & {each.column for each in self.differences}
        )


@dataclass(frozen=True)
class Recorded:
    """What the directory holds of what a file names."""

    held: Mapping[str, Thing] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    renamed_on: Mapping[str, date] = field(default_factory=dict)
    """By key, the first day of the present name of those that bore another one before."""
    moved_on: Mapping[str, date] = field(default_factory=dict)
    """By key, the first day under the present parent of those that belonged to another one before."""


def weigh(number: int, values: dict[str, Any], shape: Shape, recorded: Recorded) -> tuple[Line, list[Problem]]:
    """A row with all that speaks against it by itself; its place in the tree is judged with all the others."""
    key = values.get("key", "")
    held = recorded.held.get(key)
    found = [] if key else [problem_of(number, Refused("key_missing", gettext_lazy("Write the key."), field="key"))]
    notes: list[str] = []
    try:
        notes = shape.settle(values, held)
    except Refused as refusal:
        found.append(problem_of(number, refusal))
        values = {name: value for name, value in values.items() if held is None or name != refusal.field}
    if values.get("place") and values["place"] not in recorded.places:
        unknown = gettext_lazy("“%(text)s” is not a place in the directory.")
        missing = Refused("unknown_place", unknown, do=advice.FIND, field="place", text=values["place"])
        found.append(problem_of(number, missing))
    name_from, parent_from = values.pop("name_from", None), values.pop("parent_from", None)
    line, wrong = _changed(number, key, values, shape, held) if held else _added(number, key, values, shape)
    if held and name_from and any(each.column == "name_vi" for each in line.differences):
        line, refused = _renamed(line, name_from, values.get("source", ""), held, recorded)
        wrong += refused
    if held and any(each.column == "parent" for each in line.differences) and shape.renames:
        if parent_from:
            line, refused = _moved(line, parent_from, values.get("source", ""), held, recorded)
            wrong += refused
        else:
            notes.append(_("Without “parent_from” what it belongs to is corrected, also for days before."))
    links = values.get(shape.link, ())
    return replace(line, notes=tuple(notes), links=(links,) if isinstance(links, str) else tuple(links)), found + wrong


def _added(number: int, key: str, values: Mapping[str, Any], shape: Shape) -> tuple[Line, list[Problem]]:
    found = [cell_missing(number, name) for name in shape.required if name not in values]
    fields = columns.fields_of({name: said for name, said in values.items() if name != shape.link}, {})
    row = shape.row(**{**shape.blank, **fields, "key": key})
    told = {each.column for each in found}
    for refusal in row_refusals(row):
        column = shape.column_of(refusal.field or "")
        if column not in told and not (column == "key" and not key):
            found.append(Problem(number, column, refusal.code, str(refusal)))
    node = rules.Node(row.parent, rules.Days(row.valid_from, row.valid_to))
    title = columns.said(row.name.get("vi")) or key
    return Line(number, key, title, "added", node, row=row, source=row.source), found


def _changed(number: int, key: str, values: Mapping[str, Any], shape: Shape, held: Thing) -> tuple[Line, list[Problem]]:
    cells = columns.cells_of(held, shape.columns)
    told = {name: said for name, said in values.items() if name != shape.link}
    differences = tuple(Difference(name, cells[name], said) for name, said in told.items() if cells[name] != said)
    wanted = columns.fields_of({each.column: each.after for each in differences}, held.name)
    valid = rules.Days(wanted.get("valid_from", held.valid_from), wanted.get("valid_to", held.valid_to))
    found = []
    try:
        rules.require_days(valid)
    except Refused as refusal:
        found.append(problem_of(number, refusal))
    node = rules.Node(wanted.get("parent", held.parent.key if held.parent else ""), valid)
    change = Change(wanted, held.version) if differences else None
    fate = "changed" if differences else "unchanged"
    title = columns.said(held.name.get("vi")) or key
    line = Line(number, key, title, fate, node, change=change, differences=differences, source=held.source)
    return line, found


def _renamed(line: Line, from_on: date, source: str, held: Thing, recorded: Recorded) -> tuple[Line, list[Problem]]:
    """A row with a new name, which is recorded from its day beside the other changes."""
    change, rest, document = _beside(line, "name", source)
    found = []
    try:
        rules.require_rename(recorded.renamed_on.get(line.key, held.valid_from), from_on, "name_from")
    except Refused as refusal:
        found.append(problem_of(line.number, refusal))
    renaming = Renaming(change.values["name"], from_on, document)
    differences = (*line.differences, Difference("name_from", None, from_on))
    return replace(line, change=rest, renaming=renaming, differences=differences), found


def _moved(line: Line, from_on: date, source: str, held: Thing, recorded: Recorded) -> tuple[Line, list[Problem]]:
    """A row with another parent, to which it belongs from a day: recorded beside the other changes."""
    change, rest, document = _beside(line, "parent", source)
    found = []
    try:
        rules.require_move(recorded.moved_on.get(line.key, held.valid_from), from_on, days.today(), "parent_from")
    except Refused as refusal:
        found.append(problem_of(line.number, refusal))
    moving = Moving(change.values["parent"], from_on, document)
    differences = (*line.differences, Difference("parent_from", None, from_on))
    node = replace(line.node, lies_from=from_on)
    return replace(line, change=rest, moving=moving, node=node, differences=differences), found


def _beside(line: Line, field_name: str, source: str) -> tuple[Change, Change, str]:
    """What changes of a row, what of it is left without a field that holds from a day, and the document of that."""
    change = line.change or Change({})
    rest = {name: value for name, value in change.values.items() if name != field_name}
    return change, replace(change, values=rest), source if len(source) <= LONGEST_DOCUMENT else ""
