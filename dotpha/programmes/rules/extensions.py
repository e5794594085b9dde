"""Extensions: what may be asked for, who decides, how late it was asked (C12; contracts, rule 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.refusals import Refused
from dotpha.programmes.rules.lateness import TaskDates


@dataclass(frozen=True)
class LedgerLine:
    """One change of the due date, as the ledger prints it. `days_added` is None to or from no date."""

    number: int
    granted_on: date
    old_due_on: date | None
    new_due_on: date | None
    days_added: int | None


def require_open(dates: TaskDates) -> None:
    """Refuse a change of a task that has ended."""
    if dates.ended_on is not None:
        raise Refused("task_closed", _("This task is closed. Reopen it first, then change it."), status=409)


def require_due_date_moves(dates: TaskDates) -> None:
    """Refuse a change of the due date of a task that has ended."""
    if dates.ended_on is not None:
        raise Refused(
            "task_closed", _("This task is closed; its due date no longer moves."), do=advice.REOPEN, status=409
        )


def require_takes_reports(dates: TaskDates) -> None:
    """Refuse a report on a task that has ended."""
    if dates.ended_on is not None:
        raise Refused("task_closed", _("This task is closed; it takes no more reports."), do=advice.REOPEN, status=409)


def require_takes_blockers(dates: TaskDates) -> None:
    """Refuse a blocker of a task that has ended."""
    if dates.ended_on is not None:
        raise Refused(
            "task_closed", _("This task is closed; nothing holds it up any more."), do=advice.REOPEN, status=409
        )


def require_extendable(dates: TaskDates, new_due_on: date, on: date) -> None:
    """Refuse a request for a later due date: closed, without a due date, or not later than it and today."""
    require_due_date_moves(dates)
    due_on = dates.due_on(on)
    if due_on is None:
        raise Refused("task_has_no_due_date", _("This task has no due date to extend."), do=advice.SETTLE, status=409)
    require_later(new_due_on, due_on, on)


def require_later(new_due_on: date, due_on: date, on: date) -> None:
    """Refuse a request for a day that is not after the due date in force and today."""
    if new_due_on <= max(due_on, on):
        raise Refused(
            "not_later",
            _("The new due date must be after %(after)s."),
            do=advice.LATER,
            field="new_due_on",
            after=max(due_on, on),
        )


def require_grantable(new_due_on: date | None, granted_on: date, field: str = "new_due_on") -> None:
    """Refuse a new due date before the day of its grant.

    A grant may bring a date forward, give a first one, or empty it (None: a suspension).
    """
    if new_due_on is not None and new_due_on < granted_on:
        raise Refused(
            "due_before_grant",
            _("The new due date cannot be before %(granted_on)s, the day on which it is granted."),
            do=advice.THAT_OR_LATER,
            field=field,
            granted_on=granted_on,
        )


def require_suspendable(dates: TaskDates, on: date, document: str) -> None:
    """Refuse a suspension of a closed or suspended task, or one without the document that permits it."""
    require_due_date_moves(dates)
    if dates.is_suspended(on):
        raise Refused("already_suspended", _("This task is already suspended."), do=advice.LOOK, status=409)
    if not document.strip():
        raise Refused("document_missing", _("Name the document that permits the suspension."), field="document")


def require_reason(reason: str, field: str = "reason") -> None:
    """Refuse a request or a refusal without a reason."""
    if not reason.strip():
        raise Refused("reason_missing", _("Give the reason."), field=field)


def require_undecided(is_decided: bool) -> None:
    """Refuse a second decision, or taking back what was decided."""
    if is_decided:
        raise Refused("already_decided", _("This request has already been decided."), do=advice.LOOK, status=409)


def require_other_decider(requested_by: object, decided_by: object) -> None:
    """Refuse a decision on one's own request. Whatever identifies a person is given; None is nobody."""
    if requested_by is not None and requested_by == decided_by:
        raise Refused("own_request", _("Somebody else must decide your request."), do=advice.COLLEAGUE, status=403)


def require_decidable(
    dates: TaskDates,
    requested_by: object,
    decided_by: object,
    *,
    is_decided: bool,
    new_due_on: date | None,
    on: date,
) -> None:
    """Refuse to grant one's own request, one already decided, one of a closed task, or one granted too late."""
    require_undecided(is_decided)
    require_other_decider(requested_by, decided_by)
    require_due_date_moves(dates)
    require_grantable(new_due_on, on)


def is_late_request(dates: TaskDates, requested_on: date) -> bool:
    """Whether the extension was asked for after the due date then in force: marked "late request"."""
    due_on = dates.due_on(requested_on)
    return due_on is not None and requested_on > due_on


def days_added(old_due_on: date | None, new_due_on: date | None) -> int | None:
    """Calendar days between two due dates, negative when brought forward; None to or from no date."""
    if old_due_on is None or new_due_on is None:
        return None
    return (new_due_on - old_due_on).days


def ledger(dates: TaskDates) -> list[LedgerLine]:
    """Every change in the order of its grant, with the date that held before it."""
    lines: list[LedgerLine] = []
    old_due_on = dates.original_due_on
    for number, change in enumerate(sorted(dates.changes, key=lambda each: each.granted_on), start=1):
        added = days_added(old_due_on, change.new_due_on)
        lines.append(LedgerLine(number, change.granted_on, old_due_on, change.new_due_on, added))
        old_due_on = change.new_due_on
    return lines


def kinds(original_due_on: date | None, entries: Sequence[tuple[date, date | None]]) -> list[str]:
    """What each line of a ledger is that was brought along, in the order of the lines.

    A line without a date suspends, the one after it resumes, the first date of a deadline without one settles it.
    """
    found = [""] * len(entries)
    due_on, is_suspended = original_due_on, False
    # sorted() keeps the order of entry among lines granted on one day.
    for place in sorted(range(len(entries)), key=lambda each: entries[each][0]):
        new_due_on = entries[place][1]
        if new_due_on is None:
            found[place] = "suspension"
        elif is_suspended:
            found[place] = "resumption"
        else:
            found[place] = "extension" if due_on else "settled"
        due_on, is_suspended = new_due_on, new_due_on is None
    return found


def require_order(entries: Sequence[tuple[date, date | None]]) -> None:
    """Refuse a history brought along by an import with a due date before its grant."""
    for granted_on, new_due_on in entries:
        require_grantable(new_due_on, granted_on)
