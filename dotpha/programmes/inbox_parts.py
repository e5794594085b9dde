"""What waits for a person over parts of tasks: to report on one's own, to confirm the other side's, to set again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.platform.actors import Actor
from dotpha.platform.pages import url
from dotpha.platform.registry import Duty
from dotpha.programmes.inbox import Kind, inbox_list
from dotpha.programmes.queries import parts, reach
from dotpha.programmes.rules.lateness import DUE_SOON_DAYS


def _own(by: Actor, right: str) -> Q:
    """Parts of organisations in which this person holds a right."""
    return reach.inside(by, right, "organisation", task="task")


def _led(by: Actor, right: str, on: date) -> Q:
    """Parts of tasks whose lead agency, or whose place, lies where this person holds a right."""
    return Q(task__in=reach.led(by, right, on).values("task"))


def _ended(on: date) -> Q:
    return Q(task__completed_on__lte=on) | Q(task__cancelled_on__lte=on)


def _open(on: date) -> QuerySet[Any]:
    return parts.told(on).filter(parts.going(on)).exclude(_ended(on)).select_related("task", "organisation")


def to_report(by: Actor, on: date) -> QuerySet[Any]:
    """Own parts due within a week or late that nobody reported as done, and those whose report was sent back."""
    soon = Q(part_due_on__lte=on + timedelta(days=DUE_SOON_DAYS))
    return _open(on).filter(_own(by, "report.write"), soon | Q(waits=False, sent_back__gt=""), is_done=False)


def to_confirm(by: Actor, on: date) -> QuerySet[Any]:
    """Reports of others on parts of led tasks, and parts that were set for the own agency; never one's own words.

    A report is answered even after its part or the task has ended; words are not.
    """
    me = by.user_id or 0
    rows = parts.told(on).exclude(task__cancelled_on__lte=on).select_related("task", "organisation")
    reports = Q(_led(by, "task.accept", on), waits=True) & (Q(told_by=None) | ~Q(told_by=me))
    given = Q(set_on__lte=on, confirmed_on=None, returned_on=None) & (Q(set_by=None) | ~Q(set_by=me))
    given &= parts.going(on) & ~_ended(on)
    silent = Q(waits=None) | Q(waits=False)
    return rows.filter(reports | (_own(by, "task.accept") & given & silent))


def returned(by: Actor, on: date) -> QuerySet[Any]:
    """Parts of led tasks that the co-operating agency sent back, to be set again."""
    unheeded = Q(told_on=None) | Q(told_on__lt=F("returned_on"))
    return _open(on).filter(_led(by, "task.change", on), unheeded, returned_on__lte=on)


def to_decide(by: Actor, on: date) -> QuerySet[Any]:
    """Later days asked for parts of tasks that this person sets parts of; never one's own request."""
    rows = parts.waiting_extensions(on).exclude(_ended(on))
    given = Q(task__in=reach.tasks_given(by, "task.change"))
    rows = rows.filter(_led(by, "task.change", on) | given)
    rows = rows.filter(Q(requested_by=None) | ~Q(requested_by=by.user_id or 0))
    return rows.select_related("task", "organisation")


def _duty(row: Any, why: str, act: str, since: date | None = None) -> Duty:
    link = url("programmes:part", row.task.key, row.organisation.key)
    return Duty("report", row.task.heading.text, why, link, act, row.part_due_on, since, subject=row.task.subject)


def _report(row: Any, on: date) -> Duty:
    if row.waits is False and row.sent_back:
        return _duty(row, _("Returned: %(reason)s") % {"reason": row.sent_back[:160]}, _("Report on the part"))
    if row.part_due_on < on:
        late = (on - row.part_due_on).days
        return _duty(row, _("Your part is late by %(n)s days.") % {"n": late}, _("Report on the part"))
    left = (row.part_due_on - on).days
    return _duty(row, _("Your part is due in %(n)s days.") % {"n": left}, _("Report on the part"))


def _confirm(row: Any, on: date) -> Duty:
    name = row.organisation.title.text
    if row.waits:
        why = _("%(name)s reported on its part.") % {"name": name}
        return _duty(row, why, _("Confirm or return"), row.told_on)
    why = _("A part was set for %(name)s: %(text)s") % {"name": name, "text": row.duty[:140] or "–"}
    return _duty(row, why, _("Confirm or return"), row.set_on)


def _set_again(row: Any, on: date) -> Duty:
    said = {"name": row.organisation.title.text, "reason": row.return_reason[:140]}
    return _duty(row, _("%(name)s returned its part: %(reason)s") % said, _("Set the part again"), row.returned_on)


def _decide(row: Any, on: date) -> Duty:
    said = {"name": row.organisation.title.text, "reason": row.reason[:140]}
    why = _("%(name)s asks for a later day of its part: %(reason)s") % said
    link = url("programmes:part", row.task.key, row.organisation.key)
    return Duty(
        "report", row.task.heading.text, why, link, _("Decide"), row.was_due_on, row.requested_on,
        subject=row.task.subject,
    )  # fmt: skip


_KINDS: tuple[Kind, ...] = (
    ("parts_to_report", gettext_lazy("Own parts to report"), "report.write", to_report, _report, ("part_due_on", "pk")),
    ("parts_to_confirm", gettext_lazy("Parts to confirm"), "task.accept", to_confirm, _confirm, ("part_due_on", "pk")),
    ("parts_returned", gettext_lazy("Returned parts"), "task.change", returned, _set_again, ("returned_on", "pk")),
    ("part_days", gettext_lazy("Later days of parts"), "task.change", to_decide, _decide, ("requested_on", "pk")),
)

LISTS = [inbox_list(each, 26 + 2 * place) for place, each in enumerate(_KINDS)]
