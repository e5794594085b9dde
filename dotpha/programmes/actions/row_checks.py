"""What speaks against a row of a register, column by column; `refusals_of` asks for all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions.register import KEY, Register, unknown_organisation
from dotpha.programmes.actions.row_deadlines import deadline_of, require_reading
from dotpha.programmes.models import Extension
from dotpha.programmes.register_cells import titles_said
from dotpha.programmes.rows import LONGEST_TITLE
from dotpha.programmes.rules import clarity, extensions
from dotpha.programmes.rules.deadlines import words
from dotpha.programmes.task_row import TaskRow

_LONGEST = {"lead_text": 500, "cooperating_text": 1000, "deadline_text": 300, "source": 300, "ordinal": 20}
_COLUMN = {"lead_text": "lead", "cooperating_text": "cooperating", "deadline_text": "deadline"}
_LONGEST_PRODUCT, _LONGEST_TAG, _LONGEST_DOCUMENT = 1000, 40, 200
_EVERY = tuple(dict.fromkeys(filter(None, words.SERIES.values())))


def refusals_of(row: TaskRow, register: Register, on: date, held: TaskRow | None = None) -> list[Refused]:
    """Everything that speaks against a row, each refusal with its column. An empty list: it may stand.

    `held` is the task as it is recorded: the agencies that have it already are not asked whether they are there.
    """
    checks: tuple[Callable[[TaskRow, Register, date], None], ...] = (
        _require_key,
        _require_wording,
        require_lengths,
        _require_organisations,
        partial(_require_there, held=held),
        _require_references,
        require_parent,
        partial(require_post, column="accountable_post"),
        partial(require_post, column="approver_post"),
        require_reading_of,
        require_dates,
        require_changes,
        require_told,
        lambda row, _register, _on: require_ledger_kept(row, held),
    )
    found = []
    for check in checks:
        try:
            check(row, register, on)
        except Refused as refusal:
            found.append(refusal)
    return found


def require_row(row: TaskRow, register: Register, on: date) -> None:
    """Refuse a row with the first thing that speaks against it."""
    for refusal in refusals_of(row, register, on):
        raise refusal


def key_taken(key: str) -> Refused:
    """The refusal of a new task under a key that is used."""
    return Refused(
        "key_taken",
        _("There is a task of the key “%(key)s” already."),
        do=advice.ANOTHER_KEY,
        field="key",
        status=409,
        key=key,
    )


def _require_key(row: TaskRow, register: Register, on: date) -> None:
    if not KEY.fullmatch(row.key):
        raise Refused(
            "key_unreadable",
            _("A key has 1 to 100 letters without marks, digits, points, hyphens and underscores."),
            do=advice.SIGNS,
            field="key",
        )


def _require_wording(row: TaskRow, register: Register, on: date) -> None:
    clarity.require_assignable(
        clarity.Card(wording=row.wording, lead=row.lead or None, deadline_text=row.deadline_text)
    )
    if len(row.wording) > LONGEST_TITLE:
        raise Refused(
            "too_long",
            _("This text has %(length)s characters; at most %(most)s are possible."),
            do=advice.SHORTEN,
            field="title",
            length=len(row.wording),
            most=LONGEST_TITLE,
        )


def _require_organisations(row: TaskRow, register: Register, on: date) -> None:
    for column, keys in (("lead", (row.lead, *row.co_leads)), ("cooperating", row.cooperating)):
        for key in keys:
            if key and key not in register.organisations:
                raise unknown_organisation(key, column, register.nearest_to(key))


def _require_there(row: TaskRow, register: Register, on: date, held: TaskRow | None) -> None:
    """Refuse an agency that ended before the day from which it has the task.

    Who leads a task that is open has it today as well. One that co-operates is on record from the day of assignment:
    registers of older documents name those that have ended since; named anew, it must be there today.
    """
    assigned_on = register.assigned_on(row)
    today = assigned_on if row.completed_on or row.cancelled_on else max(assigned_on, on)
    kept = {held.lead, *held.co_leads, *held.cooperating} if held else set()
    named = (
        ("lead", (row.lead, *row.co_leads), today),
        ("cooperating", row.cooperating, today if held else assigned_on),
    )
    for column, keys, from_on in named:
        for key in keys:
            if key not in kept and register.last_days.get(key, from_on) < from_on:
                raise register.ended(key, from_on, column)


def _require_references(row: TaskRow, register: Register, on: date) -> None:
    named = (
        ("group", row.group, register.groups, _("“%(text)s” is not a task group of this programme.")),
        ("provision", row.provision, register.provisions, _("“%(text)s” is not a provision in the register.")),
        ("place", row.place, register.places, _("“%(text)s” is not a place in the directory.")),
    )
    for column, key, known, sentence in named:
        if key and key not in known:
            raise Refused(f"unknown_{column}", sentence, do=advice.FIND, field=column, text=key[:80])


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
                do=advice.SHORTEN,
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
            do=advice.TODAY_OR_EARLIER,
            field="completed_on",
            day=row.completed_on,
        )
    if row.cancelled_on and row.cancelled_on > on:
        raise Refused(
            "cancelled_in_future",
            _("The day of cancelling, %(day)s, has not come yet."),
            do=advice.TODAY_OR_EARLIER,
            field="cancelled_on",
            day=row.cancelled_on,
        )
    if row.completed_on and row.started_on and row.completed_on < row.started_on:
        raise Refused(
            "completed_before_start",
            _("The completion date cannot be before the start on %(day)s."),
            do=advice.THAT_OR_LATER,
            field="completed_on",
            day=row.started_on,
        )
    printed = deadline_of(row, register.assigned_on(row)).due_on
    due_on = max(filter(None, (printed, *(each.new_due_on for each in row.extensions))), default=None)
    if due_on and row.started_on and due_on < row.started_on:
        raise Refused(
            "due_before_start",
            _("The due date %(due_on)s lies before the start on %(started_on)s."),
            do=advice.ONE_DAY,
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
            do=advice.FIND,
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
                "“%(text)s” is no post of the lead agency. "
                "Add it in the directory, or write agency/title, for example most/Bộ trưởng."
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
                do=advice.CORRECT,
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
