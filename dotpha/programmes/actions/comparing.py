"""What a row asks of a task that is recorded: the row as it will be, and the columns in which the two differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dotpha.platform.refusals import Refused
from dotpha.programmes.actions.row_deadlines import deadline_cell
from dotpha.programmes.register_cells import TITLES, titles_said
from dotpha.programmes.task_row import Change, TaskRow

FIELDS = {
    "title": "title", "group": "group", "lead": "lead", "cooperating": "cooperating", "product": "products",
    "deadline": "deadline_text", "assigned_on": "assigned_on", "started_on": "started_on",
    "completed_on": "completed_on", "cancelled_on": "cancelled_on", "percent": "percent",
    "extensions": "extensions", "tags": "tags", "place": "place", "accountable_post": "accountable_post",
    "approver_post": "approver_post", "provision": "provision", "co_leads": "co_leads", "parent": "parent",
    "ordinal": "ordinal", "quoted_text": "quoted_text", "lead_text": "lead_text",
    "cooperating_text": "cooperating_text", "source": "source", "cancel_reason": "cancel_reason",
}  # fmt: skip
"""Column of a change -> field of a row."""

_WEIGHED_WITH: dict[str, set[str]] = {
    "deadline": {"deadline", "started_on", "assigned_on", "extensions"},
    "completed_on": {"completed_on", "started_on"},
    "ledger": {"extensions"},
    **{name: {"deadline"} for name in ("deadline_kind", "due_on", "recurs_every")},
    **{name: {"title"} for name in TITLES},
}


OF_DEADLINE = ("deadline_text", "deadline_kind", "deadline_start_on", "due_on", "recurs_every")


def overlaid(current: TaskRow, wanted: TaskRow) -> TaskRow:
    """The row as it will be: the columns that were given, over what is recorded. Ledger lines are only added."""
    values: dict[str, Any] = {FIELDS[each]: getattr(wanted, FIELDS[each]) for each in wanted.given if each in FIELDS}
    if "title" in wanted.given:
        values["title"] = {**current.title, **wanted.title}
    values |= _deadline_over(current, wanted)
    if "extensions" in wanted.given:
        values["extensions"] = _ledger_over(current.extensions, wanted.extensions)
    if current.completed_on:
        values.pop("percent", None)
    return replace(current, given=wanted.given, **values)


def _deadline_over(current: TaskRow, wanted: TaskRow) -> dict[str, Any]:
    """The deadline as it will be: read anew from new words, or as the row says that they are to be read."""
    said = "deadline_kind" in wanted.given or _tells_other_days(current, wanted)
    words = wanted.deadline_text if "deadline" in wanted.given else current.deadline_text
    if not said and words in (current.deadline_text, deadline_cell(current)):  # as a register says the same deadline
        return {"deadline_text": current.deadline_text}
    return {
        "deadline_text": words,
        "deadline_kind": wanted.deadline_kind,
        "deadline_start_on": wanted.deadline_start_on,
        "due_on": wanted.due_on,
        "recurs_every": wanted.recurs_every,
    }


def _tells_other_days(current: TaskRow, wanted: TaskRow) -> bool:
    """Whether a row gives a day of the deadline that is not the recorded one: without its kind it is refused."""
    days_of = {"deadline_from": "deadline_start_on", "due_on": "due_on"}
    return any(
        getattr(wanted, name) != getattr(current, name) for column, name in days_of.items() if column in wanted.given
    )


def _ledger_over(current: tuple[Change, ...], wanted: Iterable[Change]) -> tuple[Change, ...]:
    """The recorded lines and those that are new. A recorded one told otherwise stands as told, to be refused."""
    told = {(each.granted_on, each.new_due_on): each for each in wanted}
    kept = [told.pop((each.granted_on, each.new_due_on), each) for each in current]
    return (*(each if each.kind else held for each, held in zip(kept, current, strict=True)), *told.values())


def differing(current: TaskRow, after: TaskRow) -> list[str]:
    """The columns in which two rows differ. The order of co-operating agencies says nothing."""
    found = []
    for column, name in FIELDS.items():
        old, new = getattr(current, name), getattr(after, name)
        if column == "cooperating":
            old, new = set(old), set(new) - {after.lead, *after.co_leads}
        if column == "percent":
            old, new = old or 0, new or 0
        if column == "title":
            old, new = titles_said(old), titles_said(new)
        if column == "co_leads":
            old, new = set(old), set(new)
        if column == "deadline":
            old, new = [[getattr(each, field) for field in OF_DEADLINE] for each in (current, after)]
        if old != new:
            found.append(column)
    return found


def concerns(refusal: Refused, columns: Iterable[str]) -> bool:
    """Whether a refusal of a whole row has to do with the columns that change."""
    weighed = _WEIGHED_WITH.get(refusal.field or "", {refusal.field or ""})
    return bool(weighed & set(columns))
