"""A row of a register as it is written and read: the columns of the contract, and those of our own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.platform import days, text
from dotpha.platform.refusals import Refused
from dotpha.programmes import register_cells
from dotpha.programmes.task_row import Change, TaskRow

LONGEST_TITLE = 2000
COLUMNS = (
    "key", "group", "title", "lead", "cooperating", "product", "deadline", "assigned_on", "started_on",
    "completed_on", "cancelled_on", "percent", "extensions",
)  # fmt: skip
"""The columns of a task register (contracts, section 5)."""

REGISTER = (*COLUMNS, *register_cells.MORE)
"""The columns of a register that the program writes and reads: those of the contract, then its own."""

NO_DATE = "-"
"""Stands for the new due date of a ledger line that has none: a suspension."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_date(cell: str, column: str) -> date | None:
    """The business day of a cell: an ISO date, or a time with an offset. Empty: None."""
    cell = cell.strip()
    if not cell:
        return None
    try:
        if _DATE.fullmatch(cell):
            return days.of_calendar(date.fromisoformat(cell))
        moment = datetime.fromisoformat(cell)
        if "T" not in cell and " " not in cell:
            raise ValueError
        return days.of_calendar(days.day_of(moment))
    except (ValueError, OverflowError):
        raise Refused(
            "date_unreadable",
            _("“%(text)s” is not a date. Give it as 2025-07-31, or a time as 2025-07-31T16:00:00+07:00."),
            field=column,
            text=cell[:60],
        ) from None


def read_percent(cell: str) -> int | None:
    """A whole number from 0 to 100, with or without a percent sign. Empty: None."""
    figures = cell.strip().removesuffix("%").strip()
    if not figures:
        return None
    whole = figures.partition(".")[0] if re.fullmatch(r"\d{1,6}\.0+", figures) else figures
    if not re.fullmatch(r"[0-9]{1,6}", whole) or int(whole) > 100:
        raise Refused("percent_out_of_range", _("Give a percent from 0 to 100."), field="percent")
    return int(whole)


def read_changes(cell: str) -> tuple[Change, ...]:
    """The granted changes of a cell: `granted_on>new_due_on` separated by `;`, in the order of entry.

    A suspension has no new due date and says so: `2025-05-01>-`. Nothing at all is a day that was forgotten.
    """
    found = []
    for part in filter(None, (each.strip() for each in cell.split(";"))):
        granted, sign, due = part.partition(">")
        suspended = due.strip() in (NO_DATE, "–")
        granted_on = read_date(granted, "extensions")
        due_on = None if suspended else read_date(due, "extensions")
        if not sign or granted_on is None or (due_on is None and not suspended):
            raise Refused(
                "extension_unreadable",
                _(
                    "“%(text)s” is not a change of the due date. "
                    "Write 2025-05-01>2025-09-30, or 2025-05-01>- to suspend."
                ),
                field="extensions",
                text=part[:60],
            )
        found.append(Change(granted_on, due_on))
    return tuple(found)


def write_change(change: Change) -> str:
    """A granted change as `read_changes` reads it."""
    return f"{change.granted_on}>{change.new_due_on or NO_DATE}"


def read_list(cell: str) -> tuple[str, ...]:
    """Keys separated by `;`, each once, in their order."""
    return tuple(dict.fromkeys(filter(None, (each.strip() for each in cell.split(";")))))


def read_row(cells: Mapping[str, str], title: Mapping[str, Any] | None = None) -> TaskRow:
    """A row of a register as a task row. Refuses, by column, what cannot be read.

    `title` keeps other languages beside the Vietnamese text of the cell.
    """
    said = {column: text.clean(cells.get(column) or "") for column in REGISTER}
    wording = text.one_line(said["title"])
    return TaskRow(
        key=said["key"],
        title={**(title or {}), **register_cells.read_titles(said), "vi": wording},
        lead=said["lead"],
        deadline_text=text.one_line(said["deadline"]),
        group=said["group"],
        cooperating=read_list(said["cooperating"]),
        products=tuple(filter(None, (line.strip(" -•+") for line in said["product"].split("\n")))),
        assigned_on=read_date(said["assigned_on"], "assigned_on"),
        started_on=read_date(said["started_on"], "started_on"),
        completed_on=read_date(said["completed_on"], "completed_on"),
        cancelled_on=read_date(said["cancelled_on"], "cancelled_on"),
        percent=read_percent(said["percent"]),
        extensions=register_cells.read_ledger(said["ledger"], read_changes(said["extensions"]), read_date),
        given=register_cells.given_of(said),
        **register_cells.read_more(said, read_date, read_list),
    )


def write_row(row: TaskRow) -> list[str]:
    """A row as the cells of a register, in the order of `REGISTER`: what `read_row` reads back."""
    days_of = {name: getattr(row, name) for name in ("assigned_on", "started_on", "completed_on", "cancelled_on")}
    said = {
        "key": row.key,
        "group": row.group,
        "title": row.wording,
        "lead": row.lead,
        "cooperating": ";".join(row.cooperating),
        "product": "\n".join(row.products),
        "deadline": row.deadline_text,
        **{name: day.isoformat() if day else "" for name, day in days_of.items()},
        "percent": "" if row.percent is None else str(row.percent),
        "extensions": ";".join(map(write_change, row.extensions)),
        **register_cells.write_more(row),
    }
    return [said.get(column, "") for column in REGISTER]
