"""Rows of an annex as printed -> proposals: who leads, who co-operates, when it is due, and what is in doubt."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.directory.matching import Matcher, Remark
from dotpha.programmes.annexes.read import AnnexRow
from dotpha.programmes.rows import read_list
from dotpha.programmes.rules.breakdown import choose_lead
from dotpha.programmes.rules.deadlines import Deadline, parse
from dotpha.programmes.task_row import TaskRow

DOUBTS = {
    "joined": _("This row was cut by a page break and is joined from two."),
    "same_as_nothing": _("A cell of this row says “as above”, and the cell above it is empty."),
    "no_lead": _("No lead agency was found in “%(text)s”."),
    "lead_unsure": _("The lead agency is not certain: “%(text)s”."),
    "cooperating_unsure": _("A co-operating agency is not certain: “%(text)s”."),
    "deadline_unknown": _("The deadline “%(text)s” names no day. A person settles it."),
    "no_task": _("This row has no wording of a task."),
}


@dataclass(frozen=True)
class Doubt:
    """Something that a person should look at, in which column, and the nearest organisations where that helps.

    `nearest` are keys; an import puts the names of the bodies in their place before it shows them.
    """

    code: str
    column: str
    text: str = ""
    nearest: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(DOUBTS[self.code]) % {"text": self.text[:120]}

    @property
    def with_nearest(self) -> str:
        """The sentence with the nearest organisations behind it, for those who see no page."""
        return f"{self} {_('Nearest:')} {'; '.join(self.nearest)}" if self.nearest else str(self)


@dataclass(frozen=True)
class Proposal:
    """A row of the annex as it would be imported."""

    key: str
    printed: AnnexRow
    leads: tuple[str, ...]
    cooperating: tuple[str, ...]
    deadline: Deadline
    doubts: tuple[Doubt, ...]

    @property
    def is_certain_of_lead(self) -> bool:
        """Whether the row may be imported without a person looking at it (contracts, section 5)."""
        return bool(self.leads) and not any(each.code in ("no_lead", "lead_unsure", "no_task") for each in self.doubts)


def propose(
    rows: Sequence[AnnexRow], data: bytes, programme: str, matcher: Matcher, reference: date, on: date
) -> list[Proposal]:
    """Settle every row as far as it can be; what is in doubt is said."""
    digest = hashlib.sha256(data).hexdigest()[:8]
    return [
        _proposal(row, f"{programme}-{digest}-{number:03d}", matcher, reference, on)
        for number, row in enumerate(rows, 1)
    ]


def _proposal(row: AnnexRow, key: str, matcher: Matcher, reference: date, on: date) -> Proposal:
    lead, cooperating = matcher.find(row.lead, on), matcher.find(row.cooperating, on)
    deadline = parse(row.deadline, reference)
    doubts = [Doubt(code, column or "task") for code, _at, column in (each.partition("@") for each in row.doubts)]
    if not row.task:
        doubts.append(Doubt("no_task", "task"))
    if not lead.keys:
        doubts.append(Doubt("no_lead", "lead", row.lead, lead.nearest))
    elif not lead.certain:
        doubts.append(Doubt("lead_unsure", "lead", _said(lead.doubts, row.lead), lead.nearest))
    if not cooperating.certain:
        doubts.append(Doubt("cooperating_unsure", "cooperating", _said(cooperating.doubts, ""), cooperating.nearest))
    if str(deadline.kind) == "unknown":
        doubts.append(Doubt("deadline_unknown", "deadline", row.deadline))
    return Proposal(key, row, lead.keys, cooperating.keys, deadline, tuple(doubts))


def _said(remarks: Sequence[Remark], otherwise: str) -> str:
    return "; ".join(each.text for each in remarks) or otherwise


def corrected(proposal: Proposal, given: Mapping[str, str], reference: date) -> Proposal:
    """A proposal with what a person put right: `lead`, `cooperating` (keys separated by ;), `deadline`, `task`.

    The deadline is how a person reads the printed words: these stay as they stand in the document (C7).
    """
    changed = proposal
    if "lead" in given:
        changed = replace(changed, leads=read_list(given["lead"]), doubts=_without(changed, "lead"))
    if "cooperating" in given:
        changed = replace(changed, cooperating=read_list(given["cooperating"]), doubts=_without(changed, "cooperating"))
    if given.get("deadline"):
        deadline = parse(given["deadline"], reference)
        printed = replace(changed.printed, deadline=changed.printed.deadline or given["deadline"])
        still = () if str(deadline.kind) != "unknown" else (Doubt("deadline_unknown", "deadline", given["deadline"]),)
        changed = replace(changed, printed=printed, deadline=deadline, doubts=(*_without(changed, "deadline"), *still))
    if given.get("task"):
        printed = replace(changed.printed, task=given["task"])
        changed = replace(changed, printed=printed, doubts=_without(changed, "task"))
    return changed


def keyed(said: str, matcher: Matcher, on: date) -> str:
    """Organisations as a person types them, by key, name or abbreviation, as keys; what nobody knows stays as typed.

    `;` and a new line always separate two of them. A comma does where it stands in none of the names: between
    "Bộ Công an, Bộ Tài chính", not within "Bộ Văn hóa, Thể thao và Du lịch".
    """
    found: list[str] = []
    for each in read_list(";".join(said.splitlines())):
        found += _read(each, matcher, on)
    return ";".join(found)


MOST_PARTS = 8
"""Parts between commas that are tried together as one name; the longest in the directory has five."""


def _read(said: str, matcher: Matcher, on: date) -> list[str]:
    """The keys that a text without `;` names, taking at each place as much of it as is known together."""
    parts = [each.strip() for each in said.split(",") if each.strip()]
    found: list[str] = []
    unknown: list[str] = []
    while parts:
        taken, keys = _longest(parts, matcher, on)
        if not keys:
            unknown.append(parts.pop(0))
            continue
        found += [", ".join(unknown), *keys] if unknown else keys
        parts, unknown = parts[taken:], []
    return [*found, ", ".join(unknown)] if unknown else found


def _longest(parts: Sequence[str], matcher: Matcher, on: date) -> tuple[int, list[str]]:
    """How many of the first parts are certain to name organisations, and their keys; none when not even one is."""
    for taken in range(min(len(parts), MOST_PARTS), 0, -1):
        together = ", ".join(parts[:taken])
        if together in matcher:
            return taken, [together]
        known = matcher.find(together, on, near=False)
        if known.certain and known.keys:
            return taken, list(known.keys)
    return 0, []


def _without(proposal: Proposal, column: str) -> tuple[Doubt, ...]:
    return tuple(each for each in proposal.doubts if each.column != column)


def task_row(proposal: Proposal, group: str, source: str) -> TaskRow:
    """A settled row as a task row; the printed words of agencies and deadline are kept."""
    printed, deadline = proposal.printed, proposal.deadline
    lead, co_leads = choose_lead(proposal.leads) if proposal.leads else ("", [])
    return TaskRow(
        key=proposal.key,
        title={"vi": printed.task},
        lead=lead,
        co_leads=tuple(co_leads),
        lead_text=printed.lead.replace("\n", "; "),
        cooperating=tuple(key for key in proposal.cooperating if key not in proposal.leads),
        cooperating_text=printed.cooperating.replace("\n", "; "),
        products=tuple(filter(None, (line.strip(" -•+;") for line in printed.product.split("\n")))),
        deadline_text=printed.deadline or "–",
        deadline_kind=str(deadline.kind),
        deadline_start_on=deadline.start,
        due_on=deadline.due,
        group=group,
        ordinal=printed.ordinal[:20],
        source=source,
        given=frozenset({"title", "lead", "cooperating", "product", "deadline"}),
    )
