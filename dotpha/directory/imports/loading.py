"""A whole file: read, weighed row by row, judged as one tree, then loaded by one action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.accounts import rights, scopes
from dotpha.directory import columns, queries, rules
from dotpha.directory.actions.tree import longest_path
from dotpha.directory.imports.shapes import Shape
from dotpha.directory.imports.succeeding import with_successions
from dotpha.directory.imports.weighing import Difference, Line, Recorded, weigh
from dotpha.directory.models import Place
from dotpha.platform import importing, inspection, sheets, text
from dotpha.platform.actors import Actor
from dotpha.platform.importing import Preview, Result
from dotpha.platform.refusals import Refused
from dotpha.platform.sheets import Problem

MOST_GUESSES = 20
"""Unknown keys of a file for which the nearest names are looked for; each takes some hundredths of a second."""


def preview(data: bytes, name: str, shape: Shape, by: Actor) -> Preview[Line]:
    """Read a file and say what would become of each row. Nothing is written; a fixed number of queries."""
    rights.require(by, "directory.change", [scopes.ALL])
    kind = inspection.inspect(data, name, ("xlsx", "csv")).kind
    table = sheets.read_table(data, kind, columns.headers(shape.columns), ("key",))
    problems = list(table.problems)
    read: list[tuple[int, dict[str, Any]]] = []
    for each in table.rows:
        values, wrong = columns.read_cells(each.number, each.cells, shape.columns)
        problems += wrong
        read.append((each.number, values))
    unreadable = {(each.row, each.column) for each in problems}
    recorded = _recorded(shape, [values for _number, values in read])
    lines: list[Line] = []
    first: dict[str, int] = {}
    for number, values in read:
        line, wrong = weigh(number, values, shape, recorded)
        if line.key and first.setdefault(line.key, number) != number:
            wrong.append(importing.key_twice(number, line.key, first[line.key]))
        lines.append(line)
        problems += [each for each in wrong if (each.row, each.column) not in unreadable]
    return _judged(kind, lines, problems, shape)


def _recorded(shape: Shape, rows: list[dict[str, Any]]) -> Recorded:
    links = [each.name for each in shape.model._meta.fields if each.name in ("parent", "place")]
    held = shape.model._default_manager.filter(key__in={row["key"] for row in rows if "key" in row})
    places = {row["place"] for row in rows if row.get("place")}
    known = Place.objects.filter(key__in=places).values_list("key", flat=True) if places else ()
    return Recorded({each.key: each for each in held.select_related(*links)}, frozenset(known))


def _judged(kind: str, lines: list[Line], problems: list[Problem], shape: Shape) -> Preview[Line]:
    """The rows together: the tree as it would be, successions; a row that leans on a refused one is refused too."""
    at = queries.tree(shape.model)
    guess = _guesser(shape)
    refused = {each.row for each in problems}
    while True:
        good = [line for line in lines if line.number not in refused]
        nodes = {**{key: each.node for key, each in at.items()}, **{line.key: line.node for line in good}}
        good, found = with_successions(good, nodes, shape)
        number = {line.key: line.number for line in good}
        moving = [line.key for line in good if line.moves]
        for key, refusal in rules.tree_refusals(nodes, moving, longest_path(shape.model)).items():
            found.append(_in_words(number[key], refusal, shape, {line.key for line in lines}, guess))
        if not found:
            break
        problems = problems + found
        refused |= {each.row for each in found}
    whole = {line.number: line for line in good}
    settled = [whole.get(line.number) or replace(line, fate="refused") for line in lines]
    return Preview(kind, settled, importing.in_order(problems))


def _guesser(shape: Shape) -> Callable[[str], str]:
    names: dict[str, str] = {}
    known: dict[str, str] = {}

    def guess(said: str) -> str:
        """The names most like what was written, each with its key."""
        if said not in known and len(known) < MOST_GUESSES:
            if not names:
                names.update(queries.names(shape.model))
            alike = text.nearest(said.replace("-", " "), names)
            known[said] = ", ".join(f"{name} ({names[name]})" for name in alike)
        return known.get(said, "")

    return guess


def _in_words(number: int, refusal: Refused, shape: Shape, in_file: set[str], guess: Callable[[str], str]) -> Problem:
    column = shape.column_of(refusal.field or "")
    if refusal.code != "unknown_parent":
        return Problem(number, column, refusal.code, str(refusal))
    said = str(refusal.facts["text"])
    if said in in_file:
        sentence = gettext_lazy("The row of “%(key)s” above it is refused.")
        return importing.problem_of(number, Refused("parent_refused", sentence, field=column, key=said))
    nearest = guess(said)
    hint = _("Nearest: %(names)s.") % {"names": nearest} if nearest else ""
    return Problem(number, column, refusal.code, f"{refusal} {hint}".strip())


def apply(seen: Preview[Line], shape: Shape, by: Actor, *, skip_bad_rows: bool = False) -> Result:
    """Load what was looked at in one transaction: all rows, or with `skip_bad_rows` the good ones."""
    seen.require_whole(skip_bad_rows=skip_bad_rows)
    good = seen.good
    shape.load(
        added=[line.row for line in good if line.row],
        changed={line.key: line.change for line in good if line.change},
        successions=[each for line in good for each in line.successions],
        reason=_("Import of a file"),
        by=by,
    )
    return foreseen(seen)


def foreseen(seen: Preview[Line]) -> Result:
    """What an import does, with each change of a value."""
    return seen.result([_flat(line, each) for line in seen.good for each in line.differences])


def _flat(line: Line, change: Difference) -> dict[str, Any]:
    before, after = (str(columns.worded("", each) or "") for each in (change.before, change.after))
    return {"row": line.number, "key": line.key, "column": change.column, "before": before, "after": after}
