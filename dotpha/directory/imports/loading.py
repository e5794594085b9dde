"""A whole file: read, weighed row by row, judged as one tree, then loaded by one action."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.accounts import rights, scopes
from dotpha.directory import columns, queries, rules
from dotpha.directory.actions.tree import longest_path
from dotpha.directory.imports.shapes import Shape
from dotpha.directory.imports.succeeding import with_successions
from dotpha.directory.imports.weighing import Line, Recorded, weigh
from dotpha.directory.models import OrganisationName, OrganisationParent, Place
from dotpha.directory.queries.inside import since
from dotpha.directory.rows import PlaceRow
from dotpha.platform import advice, importing, text
from dotpha.platform.actors import Actor
from dotpha.platform.columns import Given, read_file
from dotpha.platform.importing import Preview, Result
from dotpha.platform.refusals import Refused
from dotpha.platform.sheets import Problem

MOST_GUESSES = 20
"""Unknown keys of a file for which the nearest names are looked for; each takes some hundredths of a second."""


def preview(data: bytes, name: str, shape: Shape, by: Actor) -> Preview[Line]:
    """Read a file and say what would become of each row. Nothing is written; a fixed number of queries."""
    rights.require(by, "directory.change", [scopes.ALL])
    given = read_file(data, name, shape.columns)
    _require_of_today(given)
    lines, problems = importing.weighed(given, partial(weigh, shape=shape, recorded=_recorded(shape, given)))
    return _judged(given.kind, lines, problems, shape)


def _require_of_today(given: Given) -> None:
    """Refuse an export of an earlier day: it would correct names and parents of today to those of then."""
    then = next(iter(sorted(given.values_of(columns.AS_OF.name))), None)
    if then is not None:
        sentence = gettext_lazy("This file shows the facts of %(day)s, not those of today. Export the list of today.")
        raise Refused("file_of_past", sentence, field="file", day=then)


def _recorded(shape: Shape, given: Given) -> Recorded:
    links = [each.name for each in shape.model._meta.fields if each.name in ("parent", "place")]
    held = shape.model._default_manager.filter(key__in=given.values_of("key")).select_related(*links)
    places = given.values_of("place")
    known = Place.objects.filter(key__in=places).values_list("key", flat=True) if places else ()
    renamed, moved = (
        _since(shape, given, column, model)
        for column, model in (("name_from", OrganisationName), ("parent_from", OrganisationParent))
    )
    return Recorded({each.key: each for each in held}, frozenset(known), renamed, moved)


def _since(
    shape: Shape, given: Given, column: str, model: type[OrganisationName] | type[OrganisationParent]
) -> dict[str, date]:
    """From which day those of a file that dates changes bear the present name or have the present parent, where they
    had another one before."""
    if not shape.renames or not given.values_of(column):
        return {}
    former = model._default_manager.filter(organisation__key__in=given.values_of("key")).order_by()
    last = former.values_list("organisation__key").annotate(Max("until_on"))
    return {key: until + rules.ONE_DAY for key, until in last}


def _judged(kind: str, lines: list[Line], problems: list[Problem], shape: Shape) -> Preview[Line]:
    """The rows together: the tree as it would be, successions; a row that leans on a refused one is refused too."""
    at = queries.tree(shape.model)
    begun = since(shape.model, at)
    guess = _guesser(shape)
    codes = queries.province_codes() if shape.model is Place else {}
    refused = {each.row for each in problems}
    while True:
        good = [line for line in lines if line.number not in refused]
        nodes = {key: each.node for key, each in at.items()}
        nodes |= {each.key: _lying(each, nodes.get(each.key, each.node)) for each in good}
        good, found = with_successions(good, nodes, shape)
        number = {line.key: line.number for line in good}
        moving = [line.key for line in good if line.moves]
        for key, refusal in rules.tree_refusals(nodes, moving, longest_path(shape.model), begun).items():
            found.append(_in_words(number[key], refusal, shape, {line.key for line in lines}, guess))
        for key, refusal in rules.code_refusals(_codes(codes, good), number).items():
            found.append(importing.problem_of(number[key], refusal))
        if not found:
            break
        problems = problems + found
        refused |= {each.row for each in found}
    whole = {line.number: line for line in good}
    return importing.refused_told(kind, [whole.get(line.number, line) for line in lines], problems)


def _lying(line: Line, held: rules.Node) -> rules.Node:
    """Where a row would stand, with its first day in its parent: of a move its own, else the one on record."""
    return line.node if line.moving else replace(line.node, lies_from=held.lies_from)


def _codes(held: Mapping[str, tuple[str, rules.Days]], lines: Iterable[Line]) -> Mapping[str, tuple[str, rules.Days]]:
    """The codes and days of the provinces as they would be after these rows; `held` as they are."""
    would = dict(held)
    for line in lines:
        values = {"code": line.row.code, "level": line.row.level} if isinstance(line.row, PlaceRow) else {}
        values |= line.change.values if line.change else {}
        if "level" in values and values["level"] != Place.Level.PROVINCE:
            would.pop(line.key, None)
        elif line.key in held or "level" in values:
            would[line.key] = (values.get("code", held.get(line.key, ("",))[0]), line.node.days)
    return would


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
        return importing.problem_of(
            number, Refused("parent_refused", sentence, do=advice.CORRECT, field=column, key=said)
        )
    nearest = guess(said)
    hint = _("Nearest: %(names)s.") % {"names": nearest} if nearest else ""
    return Problem(number, column, refusal.code, f"{refusal} {hint}".strip())


def apply(seen: Preview[Line], shape: Shape, by: Actor, *, skip_bad_rows: bool = False) -> Result:
    """Load what was looked at in one transaction: all rows, or with `skip_bad_rows` the good ones."""
    seen.require_whole(skip_bad_rows=skip_bad_rows)
    good = seen.good
    dated = {
        "renamed": {line.key: line.renaming for line in good if line.renaming},
        "moved": {line.key: line.moving for line in good if line.moving},
    }
    shape.load(
        added=[line.row for line in good if line.row],
        changed={line.key: line.change for line in good if line.change},
        **(dated if shape.renames else {}),
        successions=[each for line in good for each in line.successions],
        reason=_("Import of a file"),
        by=by,
    )
    return foreseen(seen)


def foreseen(seen: Preview[Line]) -> Result:
    """What an import does, with each change of a value."""
    return importing.with_changes(seen, lambda value: str(columns.worded("", value) or ""))
