"""Which row of a file replaces which: dated successions from the columns `replaces` and `successor`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.directory import queries, rules
from dotpha.directory.imports.shapes import Shape
from dotpha.directory.imports.weighing import LONGEST_DOCUMENT, Line
from dotpha.directory.rows import SuccessionRow
from dotpha.directory.rules import successions
from dotpha.platform import advice
from dotpha.platform.importing import Difference, problem_of
from dotpha.platform.refusals import Refused
from dotpha.platform.sheets import Problem


def with_successions(
    lines: Sequence[Line], nodes: Mapping[str, rules.Node], shape: Shape
) -> tuple[list[Line], list[Problem]]:
    """The rows with the successions that are not on record yet, and what speaks against them.

    A succession whose day nobody knows cannot be recorded: the row keeps a remark instead.
    """
    if not any(line.links for line in lines):
        return list(lines), []
    held = queries.links(shape.model._meta.model_name or "")
    known = {(link.old, link.new) for link in held}
    told, problems = [], []
    for line in lines:
        unknown = next((key for key in line.links if key not in nodes), None)
        if unknown is not None:
            sentence = gettext_lazy("“%(text)s” is not in the directory.")
            refusal = Refused("unknown_key", sentence, do=advice.FIND, field=shape.link, text=unknown)
            problems.append(problem_of(line.number, refusal))
        elif line.links:
            line = _with_new(line, nodes, known, shape)
        told.append(line)
    return told, problems + _against(held, told, shape)


def _with_new(line: Line, nodes: Mapping[str, rules.Node], known: set[tuple[str, str]], shape: Shape) -> Line:
    new, undated = [], []
    for key in line.links:
        old, heir = (line.key, key) if shape.link == "successor" else (key, line.key)
        if (old, heir) in known:
            continue
        on = successions.replaced_on(nodes[heir].days.first if shape.link == "replaces" else None, nodes[old].days.last)
        if on is None:
            undated.append(key)
            continue
        share = Decimal(1) if shape.link == "successor" else None
        document = line.source if len(line.source) <= LONGEST_DOCUMENT else ""
        new.append(SuccessionRow(old, heir, on, share, document))
    notes = [
        *line.notes,
        *([_("Not recorded, for no day is known: %(keys)s.") % {"keys": ", ".join(undated)}] * bool(undated)),
    ]
    if not new:
        return replace(line, notes=tuple(notes))
    before = [key for key in line.links if (line.key, key) in known or (key, line.key) in known]
    difference = Difference(shape.link, before, list(line.links))
    return replace(
        line,
        fate="added" if line.row else "changed",
        differences=line.differences if line.row else (*line.differences, difference),
        successions=tuple(new),
        notes=tuple(notes),
    )


def _against(held: Sequence[successions.Link], lines: Iterable[Line], shape: Shape) -> list[Problem]:
    """Circles and shares above the whole, at the row that first makes them. Asked once; row by row only when needed."""
    new = [line for line in lines if line.successions]
    every = [*held, *(link for line in new for link in _links(line))]
    last = queries.last_days(shape.model._meta.model_name or "", every)
    last |= {line.key: line.node.days.last for line in lines if line.key in last}
    if _refusal(every, last) is None:
        return []
    links, problems = list(held), []
    for line in new:
        refusal = _refusal([*links, *_links(line)], last)
        if refusal is None:
            links += _links(line)
        else:
            problems.append(Problem(line.number, shape.link, refusal.code, str(refusal)))
    return problems


def _links(line: Line) -> list[successions.Link]:
    return [successions.Link(each.old, each.new, each.on, each.share) for each in line.successions]


def _refusal(links: Sequence[successions.Link], last_days: Mapping[str, date | None]) -> Refused | None:
    try:
        successions.require_shares(links)
        successions.require_no_succession_cycle(links, last_days)
    except Refused as refusal:
        return refusal
    return None
