"""What speaks against a row of a register, column by column; `register.refusals_of` asks for all of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from dotpha.platform.refusals import Refused
from dotpha.programmes.actions.row_deadlines import deadline_of, require_reading
from dotpha.programmes.models import Extension
from dotpha.programmes.register_cells import titles_said
from dotpha.programmes.rows import LONGEST_TITLE, TaskRow
from dotpha.programmes.rules import extensions
from dotpha.programmes.rules.deadlines import words

if TYPE_CHECKING:
    from dotpha.programmes.actions.register import Register

_LONGEST = {"lead_text": 500, "cooperating_text": 1000, "deadline_text": 300, "source": 300, "ordinal": 20}
_COLUMN = {"lead_text": "lead", "cooperating_text": "cooperating", "deadline_text": "deadline"}
_LONGEST_PRODUCT, _LONGEST_TAG, _LONGEST_DOCUMENT = 1000, 40, 200
_EVERY = tuple(dict.fromkeys(filter(None, words.SERIES.values())))


def require_lengths(row: TaskRow, register: Register, on: date) -> None:
    texts = [(name, getattr(row, name), most) for name, most in _LONGEST.items()]
    texts += [("tags", tag, _LONGEST_TAG) for tag in row.tags]
    texts += [("ledger", change.document, _LONGEST_DOCUMENT) for change in row.extensions]
    texts += [
        (f"title_{code}", title, LONGEST_TITLE)
        for code, (title, _state) in titles_said(row.title).items()
        if code != "vi"
    ]
    texts += [("product", product, _LONGEST_PRODUCT) for product in row.products]
    for name, said, most in texts:
        if len(said) > most:
            raise Refused(
                "too_long",
                _("This text has %(length)s characters; at most %(most)s are possible."),
                field=_COLUMN.get(name, name),
                length=len(said),
                most=most,
            )


def require_dates(row: TaskRow, register: Register, on: date) -> None:
    if row.percent is not None and not 0 <= row.percent <= 100:
        raise Refused("percent_out_of_range", _("Give a percent from 0 to 100."), field="percent")
    if row.completed_on and row.completed_on > on:
        raise Refused(
            "completed_in_future",
            _("The completion date %(day)s has not come yet."),
            field="completed_on",
            day=row.completed_on,
        )
    if row.cancelled_on and row.cancelled_on > on:
        raise Refused(
            "cancelled_in_future",
            _("The day of cancelling, %(day)s, has not come yet."),
            field="cancelled_on",
            day=row.cancelled_on,
        )
    if row.completed_on and row.started_on and row.completed_on < row.started_on:
        raise Refused(
            "completed_before_start",
            _("The completion date cannot be before the start on %(day)s."),
            field="completed_on",
            day=row.started_on,
        )
    printed = deadline_of(row, register.assigned_on(row)).due_on
    due_on = max(filter(None, (printed, *(each.new_due_on for each in row.extensions))), default=None)
    if due_on and row.started_on and due_on < row.started_on:
        raise Refused(
            "due_before_start",
            _("The due date %(due_on)s lies before the start on %(started_on)s."),
            field="deadline",
            due_on=due_on,
            started_on=row.started_on,
        )


def require_reading_of(row: TaskRow, register: Register, on: date) -> None:
    """Refuse a deadline whose kind and days a register tells wrongly."""
    every = row.recurs_every
    if every and every not in _EVERY:
        raise Refused(
            "recurs_unknown",
            _("“%(text)s” is no frequency. Write one of: %(words)s."),
            field="recurs_every",
            text=every[:40],
            words=", ".join(_EVERY),
        )
    if row.deadline_kind:
        require_reading(row.deadline_kind, row.deadline_start_on, row.due_on, "deadline_kind")
    elif row.given & {"due_on", "deadline_from"}:
        raise Refused("deadline_kind", _("Choose the kind of deadline."), field="deadline_kind")


def require_parent(row: TaskRow, register: Register, on: date) -> None:
    """Refuse a task above that nobody knows, or one that stands under this task itself."""
    if not row.parent:
        return
    is_known = row.parent in register.coming or row.parent in register.tasks
    if not is_known or row.parent in register.unseen:
        raise Refused(
            "unknown_parent",
            _("There is no task “%(text)s” that this one could implement."),
            field="parent",
            text=row.parent[:100],
        )
    above, passed = row.parent, set()
    while above and above not in passed:
        passed.add(above)
        above = register.above.get(above, "")
    if row.key in passed:
        raise Refused(
            "parent_circle", _("A task does not stand under itself: choose another task above."), field="parent"
        )


def require_post(row: TaskRow, register: Register, on: date, *, column: str) -> None:
    """Refuse a post that the directory does not have, or has twice under one name."""
    said = getattr(row, column)
    if said and not register.posts.get(said):
        sentence = (
            _("Two posts are called “%(text)s”. Rename one in the directory.")
            if said in register.posts
            else _(
                "“%(text)s” is no post of the lead agency. Add it in the directory, "
                "or write a post of another agency as agency/title, for example most/Bộ trưởng."
            )
        )
        raise Refused("unknown_post", sentence, field=column, text=said[:80])


def require_told(row: TaskRow, register: Register, on: date) -> None:
    """Refuse a line of the ledger of a kind or reason that is none, or whose date does not go with its kind."""
    for change in row.extensions:
        if not change.kind:
            continue
        suspends = change.kind == Extension.Kind.SUSPENSION
        known = change.kind in Extension.Kind.values and change.reason_kind in Extension.ReasonKind.values
        if not known or suspends is not (change.new_due_on is None) or change.requested_on is None:
            raise Refused(
                "ledger_wrong",
                _("The line of %(day)s in “ledger” needs a kind and reason that exist, its day, and a date that fits."),
                field="ledger",
                day=change.granted_on,
            )


def require_ledger_kept(row: TaskRow, held: TaskRow | None) -> None:
    """Refuse to tell a recorded line of the ledger in other words: it is never rewritten."""
    if held is not None and row.extensions[: len(held.extensions)] != held.extensions:
        raise Refused(
            "ledger_kept",
            _("What the ledger records is never rewritten. Leave “ledger” as it was exported."),
            field="extensions",
            status=409,
        )


def require_changes(row: TaskRow, register: Register, on: date) -> None:
    """Refuse changes of the due date in an impossible order."""
    try:
        extensions.require_order([(each.granted_on, each.new_due_on) for each in row.extensions])
    except Refused as refusal:
        refusal.field = "extensions"
        raise
