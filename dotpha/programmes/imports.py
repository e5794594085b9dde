"""Files into tasks: a register (CSV, XLSX) or an annex (DOCX), looked at first, then imported whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.directory import queries as directory
from dotpha.documents import queries as documents
from dotpha.platform import classification, days, importing, inspection, sheets, text
from dotpha.platform.action import whole
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.sheets import Problem
from dotpha.platform.versions import mark_of
from dotpha.programmes import actions
from dotpha.programmes.actions import comparing, recorded
from dotpha.programmes.actions.register import Register, register_for, resolved_group
from dotpha.programmes.actions.row_checks import refusals_of
from dotpha.programmes.agencies_named import by_key
from dotpha.programmes.annexes import settle
from dotpha.programmes.annexes.groups import group_named
from dotpha.programmes.annexes.read import read_annex
from dotpha.programmes.models import Programme, Task
from dotpha.programmes.queries import register as queries
from dotpha.programmes.rows import REGISTER, read_row
from dotpha.programmes.task_row import TaskRow

LONGEST_SOURCE = 200
"""Of the document of an annex, as printed."""
REQUIRED = ("key", "title", "lead", "deadline")
VIETNAMESE = {
    "Mã nhiệm vụ": "key", "Mã": "key", "Nhóm": "group", "Nhóm nhiệm vụ": "group", "Nhiệm vụ": "title",
    "Cơ quan chủ trì": "lead", "Chủ trì": "lead", "Cơ quan phối hợp": "cooperating", "Phối hợp": "cooperating",
    "Sản phẩm": "product", "Thời hạn": "deadline", "Thời hạn hoàn thành như văn bản ghi": "deadline",
    "Ngày giao": "assigned_on", "Ngày bắt đầu": "started_on",
    "Ngày hoàn thành": "completed_on", "Ngày hủy": "cancelled_on", "Tỷ lệ (%)": "percent", "Gia hạn": "extensions",
    "Đồng chủ trì": "co_leads", "Nhiệm vụ cấp trên": "parent", "Chức danh chịu trách nhiệm": "accountable_post",
    "Chức danh phê duyệt": "approver_post",
}  # fmt: skip
HEADERS = {**{column: column for column in REGISTER}, **VIETNAMESE}
"""Header as written -> column of the register (contracts, section 5)."""


@dataclass(frozen=True)
class Line:
    """A row of the file as it would be imported. `fate`: added, changed, unchanged or refused."""

    number: int
    row: TaskRow
    fate: str
    columns: tuple[str, ...] = ()
    doubts: tuple[settle.Doubt, ...] = ()
    proposal: settle.Proposal | None = None
    version: int | None = None  # of the task, when the file was looked at

    @property
    def key(self) -> str:
        return self.row.key


@dataclass(frozen=True)
class Given:
    """What a person says of a whole annex: the document that it belongs to, as printed, and the day of assignment.

    Without a day, every task is assigned on that of the programme's document (contracts, section 5).
    """

    document: str = ""
    assigned_on: date | None = None

    @classmethod
    def typed(cls, by: Actor, document: str, assigned_on: str) -> Given:
        """As a person types it. The day of a document that is in the register need not be typed."""
        document = text.one_line(text.clean(document, LONGEST_SOURCE, "document"))
        classification.require_open_texts(document=document)
        day = days.read_day(assigned_on, "assigned_on")
        return cls(document, day or (documents.signed_on(by, document) if document else None))


@dataclass(frozen=True)
class Preview(importing.Preview[Line]):
    """What an import of tasks would do."""

    @property
    def digest(self) -> str:
        """Stands for the tasks that the rows meet, as they were when the file was looked at (`Line.version`).

        What a person corrects in an annex and imports with the same button does not change it.
        """
        return mark_of(*((line.key, line.version) for line in self.lines))


Result = importing.Result


def preview(
    data: bytes,
    name: str,
    programme: Programme,
    by: Actor,
    on: date,
    corrections: Mapping[str, str] | None = None,
    given: Given = Given(),
) -> Preview:
    """Read a file and say what would become of each row. Nothing is written.

    `corrections` are those of a person for an annex: "3-lead" -> keys, "3-deadline" -> phrase, by running number;
    `given` is what holds for all of its rows.
    """
    rights.require(by, "task.add", programme.scopes)
    kind = inspection.inspect(data, name, ("docx", "xlsx", "csv")).kind
    if kind == "docx":
        annex = _annex(data, name, programme, on, corrections or {}, given)
        return _weighed(kind, name, *annex, programme, by, on)
    table = sheets.read_table(data, kind, HEADERS, REQUIRED)
    lines, problems = [], list(table.problems)
    for each in table.rows:
        try:
            lines.append(Line(each.number, read_row(each.cells), "added"))
        except Refused as refusal:
            problems.append(importing.problem_of(each.number, refusal))
    rows = by_key([line.row for line in lines], on)
    lines = [replace(line, row=row) for line, row in zip(lines, rows, strict=True)]
    return _weighed(kind, name, lines, problems, programme, by, on)


def _annex(
    data: bytes, name: str, programme: Programme, on: date, corrections: Mapping[str, str], said: Given
) -> tuple[list[Line], list[Problem]]:
    reference = said.assigned_on or programme.document.signed_on or on
    source = said.document or inspection.safe_name(name)
    groups = list(programme.groups.all())
    lines: list[Line] = []
    matcher = directory.matcher()
    proposals = settle.propose(read_annex(data), data, programme.key, matcher, reference, on)
    for number, proposal in enumerate(proposals, 1):
        given = {
            key.partition("-")[2]: typed for key, typed in corrections.items() if key.partition("-")[0] == str(number)
        }
        for party in {"lead", "cooperating"} & given.keys():
            given[party] = settle.keyed(given[party], matcher, on)
        settled = settle.corrected(proposal, given, reference)
        group = group_named(settled.printed.group, groups)
        row = replace(settle.task_row(settled, group, source), assigned_on=said.assigned_on)
        lines.append(Line(number, row, "added", doubts=settled.doubts, proposal=settled))
    return _with_names(lines), [each for line in lines for each in _marked(line)]


def _marked(line: Line) -> Iterator[Problem]:
    """The cells of an annex that bear a mark of State secrecy (K3); the rules ask for its title."""
    for name, words in classification.texts_within("row", line.row):
        if name not in ("title", "wording", "source"):
            try:
                classification.require_open_words(words, name)
            except Refused as refusal:
                yield importing.problem_of(line.number, refusal)


def _with_names(lines: list[Line]) -> list[Line]:
    """The lines with the nearest organisations of each doubt by name and key, which a person can tell apart."""
    if not any(doubt.nearest for line in lines for doubt in line.doubts):
        return lines
    labels = directory.labels()
    return [
        replace(
            line,
            doubts=tuple(
                replace(each, nearest=tuple(labels.get(key, key) for key in each.nearest)) for each in line.doubts
            ),
        )
        for line in lines
    ]


def _weighed(
    kind: str, name: str, lines: list[Line], problems: list[Problem], programme: Programme, by: Actor, on: date
) -> Preview:
    """Every row against the register: refused, added, changed or unchanged."""
    groups = list(programme.groups.all())
    lines = [replace(line, row=resolved_group(line.row, groups)) for line in lines]
    held, elsewhere = _held(lines, programme)
    current = {key: recorded.row_of(task, programme.pk) for key, task in held.items()}
    asked = [comparing.overlaid(current[line.key], line.row) if line.key in held else line.row for line in lines]
    register = register_for(programme, asked, by, on)
    weighed: list[Line] = []
    problems = list(problems)
    seen: dict[str, int] = {}
    for line, row in zip(lines, map(register.with_posts, asked), strict=True):
        key = line.key
        found = [importing.key_twice(line.number, key, seen[key])] if key in seen else []
        seen.setdefault(key, line.number)
        refusals = refusals_of(row, register, on, held=current.get(key))
        if key in elsewhere:
            refusals = [key_elsewhere(key)]
        elif key in held:
            columns = comparing.differing(current[key], row)
            fate = "changed" if columns else "unchanged"
            line = replace(line, fate=fate, columns=tuple(columns), version=held[key].version)
            refusals = [each for each in refusals if comparing.concerns(each, columns)]
        found += [importing.problem_of(line.number, each) for each in refusals]
        problems += found
        weighed.append(replace(line, fate="refused") if found else line)
    weighed, orphaned = _without_children(weighed, register)
    return Preview(kind, weighed, importing.in_order([*problems, *orphaned]), inspection.safe_name(name))


def _held(lines: Sequence[Line], programme: Programme) -> tuple[dict[str, Task], set[str]]:
    """The tasks of this programme that the rows meet, by key, and the keys of those that stand elsewhere."""
    tasks = {task.key: task for task in queries.for_rows(line.key for line in lines)}
    here = {
        key: task
        for key, task in tasks.items()
        if programme.pk in {each.programme_id for each in task.memberships.all()}
    }
    return here, set(tasks) - set(here)


def _without_children(lines: list[Line], register: Register) -> tuple[list[Line], list[Problem]]:
    """The rows without those that would stand under a task which does not come, for its own row is refused; and what
    is wrong with these.

    Looked through until nothing changes: what stands under such a row does not come either.
    """
    found: list[Problem] = []
    while True:
        coming = {line.key for line in lines if line.fate != "refused"} | set(register.tasks)
        rows_of = {line.key: line.number for line in lines if line.key not in coming}
        orphans = {
            line.number: line.row.parent for line in lines if line.fate != "refused" and line.row.parent in rows_of
        }
        if not orphans:
            return lines, found
        found += [parent_refused(number, above, rows_of[above]) for number, above in orphans.items()]
        lines = [replace(line, fate="refused") if line.number in orphans else line for line in lines]


def parent_refused(number: int, parent: str, row: int) -> Problem:
    """What is wrong with a row whose task above does not come."""
    sentence = _("The task above it, “%(key)s” in row %(row)s, is refused. Mend that row first.")
    return importing.problem_of(number, Refused("parent_refused", sentence, field="parent", key=parent, row=row))


def key_elsewhere(key: str) -> Refused:
    """A register changes the tasks of its own programme alone; nothing is told of one that stands elsewhere."""
    return Refused(
        "key_elsewhere",
        _("The key “%(key)s” is that of a task of another programme. Choose another key, or put that task here first."),
        field="key",
        key=key,
        status=409,
    )


def apply(seen: Preview, programme: Programme, by: Actor, on: date, *, skip_bad_rows: bool = False) -> Result:
    """Import what was looked at, in one transaction: all rows, or with `skip_bad_rows` the good ones."""
    seen.require_whole(skip_bad_rows=skip_bad_rows)
    whole(lambda: _write(seen, programme, by, on))
    return seen.result()


def _write(seen: Preview, programme: Programme, by: Actor, on: date) -> None:
    added = [line.row for line in seen.good if line.fate == "added"]
    if added:
        actions.add_tasks(programme=programme, rows=added, by=by, on=on)
    _change([line for line in seen.good if line.fate == "changed"], seen.source, programme, by, on)


def _change(lines: Sequence[Line], source: str, programme: Programme, by: Actor, on: date) -> None:
    if lines:
        actions.change_tasks(
            programme=programme, rows=[line.row for line in lines], by=by, on=on,
            versions={line.key: line.version for line in lines}, reason=str(_("Import of a register")), document=source,
        )  # fmt: skip


def without_doubtful_leads(seen: Preview) -> Preview:
    """For an import that nobody looks at: an annex row is refused unless its lead is certain (contracts, section 5)."""
    doubtful = [line for line in seen.lines if line.proposal and not line.proposal.is_certain_of_lead]
    problems = [
        Problem(line.number, each.column, each.code, each.with_nearest)
        for line in doubtful
        for each in line.doubts
        if each.code in ("no_lead", "lead_unsure", "no_task")
    ]
    known = {(each.row, each.column) for each in problems}
    others = [each for each in seen.problems if (each.row, each.column) not in known]
    return replace(seen, problems=importing.in_order([*others, *problems]))
