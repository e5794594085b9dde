"""What waits for a person in programmes: to report, approve, answer, decide, settle, take on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.platform import days, numbers
from dotpha.platform.actors import Actor
from dotpha.platform.pages import language, url
from dotpha.platform.registry import Duty, InboxList
from dotpha.platform.working_days import ONE_DAY
from dotpha.programmes.models import Blocker, Extension, Report, Step
from dotpha.programmes.queries import overview, reach, silence, tasks
from dotpha.programmes.rules import silence as rules

_FIRST = "extension.decide_first"
EACH = 200


def _day(value: date) -> str:
    return numbers.day(value, language())


PRESSING = ("overdue", "due_soon")
"""States of tasks whose lead has more to do than to take them on: they stand under "overdue" and "to report"."""


def led(by: Actor, right: str, on: date) -> QuerySet[Any]:
    """Open tasks in whose lead agency this person holds a right."""
    rows = tasks.with_state(tasks.assigned(on), on).filter(state__in=overview.OPEN)
    return rows.filter(reach.inside(by, right, "lead__organisation", "place"))


def to_report(by: Actor, on: date) -> QuerySet[Any]:
    """Tasks due within a week without a report that waits."""
    return led(by, "report.write", on).filter(state="due_soon").exclude(overview.condition("waiting", on))


def overdue(by: Actor, on: date) -> QuerySet[Any]:
    """Overdue tasks without a report that waits."""
    return led(by, "report.write", on).filter(state="overdue").exclude(overview.condition("waiting", on))


def to_take_on(by: Actor, on: date) -> QuerySet[Any]:
    """Tasks that came to a body of this person, neither started nor accepted nor disputed, while there is time.

    New is what was given to the lead within the acceptance clock (`silence.given_since`); after it silence has
    accepted the task. One that stands under "overdue" or "to report" already does not stand here again.
    """
    first = rules.latest(on, rules.ACCEPT_WORKING_DAYS) + ONE_DAY
    rows: QuerySet[Any] = led(by, "task.accept", on).filter(started_on=None).exclude(silence.answered(on))
    rows = rows.annotate(announced_at=Subquery(silence.entered(on).order_by("-pk").values("at")[:1]))
    pressing = Q(state__in=PRESSING) & reach.inside(by, "report.write", "lead__organisation", "place")
    return rows.filter(silence.given_since(on, first)).exclude(pressing)


def to_approve(by: Actor, on: date) -> QuerySet[Any]:
    """Reports that wait for this approver; never one's own."""
    waiting = Report.objects.filter(Report.WAITS, submitted_at__lt=days.end_of(on))
    waiting = waiting.exclude(submitted_by_id=by.user_id or 0)
    return waiting.filter(task__in=reach.led(by, "report.approve", on).values("task")).select_related("task")


def returned(by: Actor, on: date) -> QuerySet[Any]:
    """Reports sent back, to be mended."""
    back = Report.objects.filter(approved_at=None, returned_at__gte=F("submitted_at"))
    return back.filter(task__in=reach.led(by, "report.write", on).values("task")).select_related("task")


def to_answer(by: Actor, on: date) -> QuerySet[Any]:
    """Blockers asked of a body of this person, not answered yet."""
    asked = Blocker.objects.filter(resolved_on=None, answered_at=None, raised_on__lte=on)
    return asked.filter(reach.inside(by, "blocker.answer", "asks_of", task="task")).select_related("task", "asks_of")


def to_close(by: Actor, on: date) -> QuerySet[Any]:
    """Blockers raised by a body of this person that have been answered: is the way free?"""
    answered = Blocker.objects.filter(resolved_on=None, answered_at__isnull=False)
    return answered.filter(task__in=reach.led(by, "blocker.raise", on).values("task")).select_related("task", "asks_of")


def _undecided(by: Actor, right: str) -> QuerySet[Any]:
    """Extensions asked for of tasks in whose giver this person holds a right, never one's own."""
    asked = Extension.objects.filter(granted_on=None, refused_on=None, withdrawn_on=None, kind="extension")
    asked = asked.exclude(requested_by_id=by.user_id or 0).select_related("task")
    return asked.filter(task__in=reach.tasks_given(by, right))


def to_decide(by: Actor, on: date) -> QuerySet[Any]:
    """Extensions asked for that this person decides at the first level."""
    return _undecided(by, _FIRST)


def gone_up(by: Actor, on: date) -> QuerySet[Any]:
    """Extensions that nobody at the first level decided in time: they went up to this person."""
    return silence.gone_up(_undecided(by, "extension.oversee"), on)


def to_settle(by: Actor, on: date) -> QuerySet[Any]:
    """Deadlines that nobody could read, in the tasks this person gave: settling one is part of giving it."""
    return overview.to_settle(by, on).filter(reach.given(by, "task.assign"))


def disputed(by: Actor, on: date) -> QuerySet[Any]:
    """Tasks whose lead agency says that they are not its own, still to be decided."""
    last = Step.objects.filter(task=OuterRef("pk"), kind__in=["disputed", "decided"]).order_by("-pk")
    rows = tasks.assigned(on).filter(reach.given(by, "task.assign"))
    rows = rows.alias(last_step=Subquery(last.values("kind")[:1]))
    rows = rows.annotate(disputed_on=Subquery(last.values("on")[:1]))
    return tasks.with_state(rows, on).filter(last_step="disputed", state__in=overview.OPEN)


def _of_task(act: Any, why: Callable[[Any, date], str], anchor: str = "") -> Callable[[Any, date], Duty]:
    def duty(task: Any, on: date) -> Duty:
        return Duty(
            "task", task.heading.text, why(task, on), url("programmes:task", task.key) + anchor, str(act),
            due_on=task.due_on, since=task.assigned_on, state=task.state, subject=task.subject,
        )  # fmt: skip

    return duty


def _report(task: Any, on: date) -> Duty:
    why = _("Due in %(n)s days. Nothing waits for approval.") % {"n": (task.due_on - on).days}
    link = url("programmes:report_add", task.key)
    return Duty("task", task.heading.text, why, link, _("Report"), task.due_on, state=task.state, subject=task.subject)


def _approve(report: Report, on: date) -> Duty:
    why = _("Reported %(percent)s on %(day)s") % {
        "percent": numbers.percent(report.percent, 0, language()),
        "day": _day(report.reported_on),
    }
    since = days.day_of(report.submitted_at) if report.submitted_at else None
    link = url("programmes:report", report.pk)
    return Duty(
        "report",
        report.task.heading.text,
        why,
        link,
        _("Read and approve"),
        since=since,
        waits=True,
        subject=report.subject,
    )


def _mend(report: Report, on: date) -> Duty:
    why = _("Returned: %(reason)s") % {"reason": report.return_reason[:160]}
    link = url("programmes:report", report.pk)
    return Duty("report", report.task.heading.text, why, link, _("Mend the report"), subject=report.subject)


def _answer(blocker: Blocker, on: date) -> Duty:
    why = f"{blocker.get_kind_display()}: {blocker.task.heading.text[:120]}"
    link = url("programmes:blocker", blocker.pk)
    return Duty(
        "blocker",
        blocker.text[:200],
        why,
        link,
        _("Answer"),
        blocker.respond_by,
        blocker.raised_on,
        subject=blocker.subject,
    )


def _close(blocker: Blocker, on: date) -> Duty:
    why = _("%(name)s answered: %(answer)s") % {
        "name": blocker.asks_of.title.text,
        "answer": blocker.answer[:140],
    }
    link = url("programmes:blocker", blocker.pk)
    return Duty(
        "blocker",
        blocker.text[:200],
        why,
        link,
        _("Close or send back"),
        since=days.day_of(blocker.answered_at) if blocker.answered_at else blocker.raised_on,
        waits=True,
        subject=blocker.subject,
    )


def _decide(line: Extension, on: date) -> Duty:
    new = _day(line.new_due_on) if line.new_due_on else "–"
    why = _("Asks for %(day)s: %(reason)s") % {"day": new, "reason": line.reason[:140]}
    link = url("programmes:extension", line.pk)
    return Duty(
        "extension",
        line.task.heading.text,
        why,
        link,
        _("Decide"),
        since=line.requested_on,
        waits=True,
        subject=line.subject,
    )


def _went_up(line: Extension, on: date) -> Duty:
    said = {"asked": _day(line.requested_on), "day": _day(rules.goes_up_on(line.requested_on))}
    why = _("Asked on %(asked)s and not decided: with you since %(day)s (5 working days, product default).") % said
    return replace(_decide(line, on), why=why)


def _late(task: Any, on: date) -> str:
    return _("Overdue for %(n)s days. Report, or ask for a later date.") % {"n": (on - task.due_on).days}


def _words(task: Any, on: date) -> str:
    words = task.deadline_words
    said = _("The document says “%(words)s”.") % {"words": words} if words else _("The document gives no deadline.")
    return f"{tasks.lead_of(task)} · {said}"


Kind = tuple[str, Any, str, Callable[[Actor, date], QuerySet[Any]], Callable[[Any, date], Duty], tuple[str, ...]]


def inbox_list(kind: Kind, order: int) -> InboxList:
    key, label, right, rows, duty, by_order = kind

    def duties(by: Actor, on: date, limit: int) -> list[Duty]:
        return [duty(each, on) for each in rows(by, on).order_by(*by_order)[: min(limit, EACH)]]

    return InboxList(key, label, right, lambda by, on: rows(by, on).count(), duties, order)


def _assigned(task: Any, on: date) -> str:
    entered_on = days.day_of(task.announced_at)
    if entered_on == task.assigned_on:
        return _("Assigned on %(day)s") % {"day": _day(task.assigned_on)}
    said = {"day": _day(task.assigned_on), "entered": _day(entered_on)}
    return _("Assigned on %(day)s, entered here on %(entered)s") % said


def _dispute(task: Any, on: date) -> Duty:
    why = _("The lead agency says that the task is not its own.")
    return Duty(
        "task", task.heading.text, why, url("programmes:task", task.key), _("Decide"), due_on=task.due_on,
        since=task.disputed_on, state=task.state, subject=task.subject, waits=True,
    )  # fmt: skip


_OPEN = _of_task(gettext_lazy("Open the task"), _late)
_TAKE_ON = _of_task(gettext_lazy("Take on or dispute"), _assigned)
_SETTLE = _of_task(gettext_lazy("Settle"), _words, "#ledger")

_KINDS: tuple[Kind, ...] = (
    ("overdue", gettext_lazy("Overdue"), "report.write", overdue, _OPEN, ("due_on", "key")),
    ("returned", gettext_lazy("Returned reports"), "report.write", returned, _mend, ("returned_at", "pk")),
    ("to_report", gettext_lazy("To report"), "report.write", to_report, _report, ("due_on", "key")),
    ("to_approve", gettext_lazy("To approve"), "report.approve", to_approve, _approve, ("submitted_at", "pk")),
    ("to_decide", gettext_lazy("Extensions to decide"), _FIRST, to_decide, _decide, ("requested_on", "pk")),
    ("gone_up", gettext_lazy("Requests gone up"), "extension.oversee", gone_up, _went_up, ("requested_on", "pk")),
    ("to_answer", gettext_lazy("Blockers to answer"), "blocker.answer", to_answer, _answer, ("respond_by", "pk")),
    ("to_close", gettext_lazy("Answered blockers"), "blocker.raise", to_close, _close, ("answered_at", "pk")),
    ("to_take_on", gettext_lazy("New tasks"), "task.accept", to_take_on, _TAKE_ON, ("-announced_at", "key")),
    ("disputed", gettext_lazy("Disputes to decide"), "task.assign", disputed, _dispute, ("disputed_on", "key")),
    ("to_settle", gettext_lazy("Deadlines to settle"), "task.assign", to_settle, _SETTLE, ("assigned_on", "key")),
)
"""Kinds of duty in the order of the inbox: key, label, right, rows, how a row becomes a duty, order."""

LISTS = [inbox_list(each, 10 + 5 * place) for place, each in enumerate(_KINDS)]
