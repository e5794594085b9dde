"""The columns of a register beyond those of the contract: what a task is besides, so that a register comes back whole.

All of them may be left out; an empty cell says nothing. `rows` reads and writes the columns of the contract.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice, text, texts
from dotpha.platform.refusals import Refused
from dotpha.programmes.task_row import Change, TaskRow

OTHER_LOCALES = tuple(code for code in texts.LOCALES if code != "vi")
TITLES = tuple(f"title_{code}" for code in OTHER_LOCALES)
LINES = ("ordinal", "lead_text", "cooperating_text", "source", "parent", "provision", "place", "recurs_every")
POSTS = ("accountable_post", "approver_post")
LISTS = ("co_leads", "tags")
TEXTS = ("quoted_text", "cancel_reason")
MORE = (
    *TITLES, "title_states", *LISTS, *POSTS, *LINES, *TEXTS, "deadline_kind", "deadline_from", "due_on", "ledger",
    "marks",
)  # fmt: skip
"""Column names beyond the contract's, in the order of an export."""

MARKS = {"part": "is_part", "sample": "is_sample", "free": "verbatim"}
"""Word of the column `marks` -> field: a part of a collective task, a sample, a wording that is not word for word."""

LEDGER = ("kind", "reason_kind", "requested_on", "asked_due_on", "document", "reason", "answer")
"""What the column `ledger` says of each change of `extensions`, one a line and in the same order."""

_MARK, _BETWEEN = re.compile(r"\\(.)"), " | "
_SIGNS = {"\\": "\\\\", "\n": "\\n", "|": "\\p"}
_READ = {"\\": "\\", "n": "\n", "p": "|"}


def _escaped(said: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in said)


def _unescaped(said: str) -> str:
    return _MARK.sub(lambda found: _READ.get(found[1], found[0]), said)


def write_ledger(changes: Sequence[Change]) -> str:
    """What each change of the due date was: its kind, why and by which document, one a line."""
    said = [[getattr(change, name) for name in LEDGER] for change in changes]
    return "\n".join(_BETWEEN.join(_escaped(str(value or "")) for value in line) for line in said)


def read_ledger(cell: str, changes: Sequence[Change], day: Any) -> tuple[Change, ...]:
    """The changes with what the column `ledger` says of them; `day(text, column)` reads a date. Empty: as they are."""
    lines = cell.split("\n") if cell else []
    if not lines:
        return tuple(changes)
    pieces = [[_unescaped(piece.strip()) for piece in line.split("|")] for line in lines]
    if len(lines) != len(changes) or any(len(each) != len(LEDGER) for each in pieces):
        raise Refused(
            "ledger_unreadable",
            _("“ledger” has one line for each change in “extensions”, of %(n)s parts with | between them."),
            do=advice.CORRECT,
            field="ledger",
            n=len(LEDGER),
        )
    told = [dict(zip(LEDGER, each, strict=True)) for each in pieces]
    return tuple(
        replace(change, **{**said, **{name: day(said[name], "ledger") for name in ("requested_on", "asked_due_on")}})
        for change, said in zip(changes, told, strict=True)
    )


def read_titles(said: Mapping[str, str]) -> dict[str, Any]:
    """The title in other languages, each with the state of its translation where that is not "checked"."""
    states = dict(each.split(":", 1) for each in said["title_states"].split(";") if ":" in each)
    found = {code: text.one_line(said[f"title_{code}"]) for code in OTHER_LOCALES}
    return {code: _stated(title, states.get(code, "").strip()) for code, title in found.items() if title}


def _stated(title: str, state: str) -> Any:
    return {"text": title, "state": state} if state else title


def titles_said(title: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Text and state of a title in each language, however it is kept."""
    said = {code: texts.read({code: title[code]}, code) for code in title}
    return {code: (each.text, each.state) for code, each in said.items() if each.text}


def write_more(row: TaskRow) -> dict[str, str]:
    """The cells beyond the contract's columns: what `read_more` reads back."""
    titles = titles_said(row.title)
    states = [f"{code}:{state}" for code, (_said, state) in titles.items() if state != "checked"]
    days_of = {"deadline_from": row.deadline_start_on, "due_on": row.due_on} if row.deadline_kind else {}
    marks = [word for word, name in MARKS.items() if getattr(row, name) is not (name == "verbatim")]
    return {
        **{f"title_{code}": titles[code][0] if code in titles else "" for code in OTHER_LOCALES},
        "title_states": ";".join(states),
        **{name: ";".join(getattr(row, name)) for name in LISTS},
        **{name: getattr(row, name) for name in (*LINES, *POSTS, *TEXTS, "deadline_kind")},
        **{name: day.isoformat() if day else "" for name, day in days_of.items()},
        "ledger": write_ledger(row.extensions) if any(change.kind for change in row.extensions) else "",
        "marks": ";".join(marks),
    }


def read_more(said: Mapping[str, str], day: Any, listed: Any) -> dict[str, Any]:
    """The fields of a task row that stand in these cells; `day` reads a date and `listed` a list of keys."""
    marks = listed(said["marks"])
    unknown = [each for each in marks if each not in MARKS]
    if unknown:
        raise Refused(
            "mark_unknown",
            _("“%(text)s” is no mark of a task. Write: %(words)s."),
            field="marks",
            text=unknown[0][:40],
            words=", ".join(MARKS),
        )
    days_of: dict[str, date | None] = {
        "deadline_start_on": day(said["deadline_from"], "deadline_from"), "due_on": day(said["due_on"], "due_on"),
    }  # fmt: skip
    return {
        **{name: listed(said[name]) for name in LISTS},
        **{name: text.one_line(said[name]) for name in (*LINES, *POSTS)},
        **{name: said[name] for name in (*TEXTS, "deadline_kind")},
        **days_of,
        **{name: (word in marks) is not (name == "verbatim") for word, name in MARKS.items()},
    }


def given_of(said: Mapping[str, str]) -> frozenset[str]:
    """The columns of a change that filled cells speak of: a title in any language is the title, a line the ledger."""
    spoken = {column for column, value in said.items() if value}
    if spoken & {*TITLES, "title_states"}:
        spoken.add("title")
    return frozenset(spoken - {*TITLES, "title_states"})
