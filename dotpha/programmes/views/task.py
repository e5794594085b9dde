"""The page of one task: what is known of it on a day, and what this person can do now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dotpha.accounts import rights
from dotpha.accounts.rights import Standings
from dotpha.platform import days, numbers
from dotpha.platform.pages import desk_page, language, past_of, render, url
from dotpha.platform.refusals import Refused
from dotpha.platform.registry import registry
from dotpha.programmes.models import Extension
from dotpha.programmes.queries import one, overview
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.queries.one import Card
from dotpha.programmes.queries.summary import NAMES
from dotpha.programmes.rules import clarity, lateness
from dotpha.programmes.rules import extensions as rules
from dotpha.programmes.tables import SOURCE_UNVERIFIED
from dotpha.programmes.views import acts, parts

UNDO = "undo"


@dataclass(frozen=True)
class Now:
    """What a person can do now: a sentence that says why, one button. `post`: the button acts at once."""

    why: str
    label: str
    url: str
    post: bool = False


@desk_page("GET")
def task(request: Any, key: str) -> HttpResponse:
    """One task on a day: facts, progress, ledger, blockers, what is above and below it, history.

    Whoever may not see all that is sent to the public page, where there is one.
    """
    try:
        card = one.card(request.actor, key, request.on, every_event="history" in request.GET)
    except Refused:
        queries.only(queries.readable(request.actor, request.on), key)
        return redirect(f"/{language()}/tasks/{key}/")
    held = rights.standings(request.actor)
    may_act = not request.in_past
    undo = request.session.pop(UNDO) if request.session.get(UNDO, {}).get("key") == key else None
    page = {
        "card": card,
        "task": card.task,
        "past": past_of(request),
        "now": next_act(card, held, request.actor.user_id) if may_act else None,
        "beside": beside(card, held) if may_act else [],
        "menu_of_acts": acts.offered(card, held) if may_act else [],
        "undo": undo if may_act else None,
        "lines": [ledger_line(each, card) for each in card.extensions],
        "decision": decision(card, held, request.actor.user_id) if may_act else None,
        "missing": [clarity.NAMES[each] for each, there in card.clarities.items() if not there],
        "products": products_of(card),
        "source_unverified": SOURCE_UNVERIFIED,
        "events": history_of(card),
        "overdue_days": lateness.days_overdue_total(card.dates, request.on),
        "panels": registry.filled(request, "task", card.task),
        "late_parts": sum(each.is_late for each in card.parts if each.is_held),
        "may_set_parts": may_act and card.is_open and held.may("task.change", card.scopes),
        "may_split": may_act and card.is_open and held.may("task.cancel", card.assigner_scopes),
        "may_edit": may_act and card.is_open and held.may("task.change", card.assigner_scopes),
    }
    return render(request, "programmes/task.html", page)


def history_of(card: Card) -> list[dict[str, Any]]:
    """The events, the newest first, and among them the day from which silence accepted the task: derived, no event."""
    told: list[dict[str, Any]] = [{"event": each, "facts": facts_of(each)} for each in card.events]
    day = card.accepted_by_default_on
    if day is not None:
        later = sum(days.day_of(each.at) >= day for each in card.events)
        told.insert(later, {"event": None, "silent_on": day})
    return told


def facts_of(event: Any) -> list[str]:
    """What an event changed, in words: the facts that matter most."""
    after = event.after
    said = []
    if after.get("percent") is not None:
        said.append(_("progress %(percent)s") % {"percent": numbers.percent(after["percent"], 0, language())})
    for name, words in (
        ("new_due_on", _("new due date %(day)s")),
        ("due_on", _("due date %(day)s")),
        ("completed_on", _("completed on %(day)s")),
    ):
        if after.get(name):
            said.append(words % {"day": _day(date.fromisoformat(after[name]))})
    if after.get("document"):
        said.append(_("by %(document)s") % {"document": after["document"]})
    return said


def next_act(card: Card, held: Standings, me: int | None) -> Now | None:
    """The one act that this person's role and the task's state call for, the most urgent first."""
    for ask in (_to_approve, _to_decide, _to_answer, _to_part, _to_report, _to_settle):
        found = ask(card, held, me)
        if found:
            return found
    return None


def _day(value: date) -> str:
    return numbers.day(value, language())


def _to_approve(card: Card, held: Standings, me: int | None) -> Now | None:
    report = card.waiting_report
    if (
        report is None
        or me in (report.submitted_by_id, report.drafted_by_id)
        or not held.may("report.approve", card.scopes)
    ):
        return None
    why = _("A report of %(percent)s%% waits for you.") % {"percent": report.percent}
    return Now(why, _("Check the report"), url("programmes:report", report.pk))


def _to_decide(card: Card, held: Standings, me: int | None) -> Now | None:
    if card.dispute and held.may("task.assign", card.assigner_scopes):
        why = _("The lead agency says that the task is not its own.")
        return Now(why, _("Decide the dispute"), url("programmes:act", card.task.key, "decide_dispute"))
    line = card.open_extension
    if line is None or line.requested_by_id == me or not held.may("extension.decide", card.assigner_scopes):
        return None
    asked = {"day": _day(line.new_due_on)} if line.new_due_on else {"day": "–"}
    return Now(
        _("An extension to %(day)s is asked for.") % asked,
        _("Decide on the extension"),
        url("programmes:extension", line.pk),
    )


def _to_answer(card: Card, held: Standings, me: int | None) -> Now | None:
    programmes = [each.programme.key for each in card.memberships]
    for each in card.open_blockers:
        if each.answered_at is None and held.may("blocker.answer", queries.asked_scopes(each.asks_of, programmes)):
            why = _("You are asked to remove a blocker by %(day)s.") % {"day": _day(each.respond_by)}
            return Now(why, _("Answer the blocker"), url("programmes:blocker", each.pk))
    return None


def _to_part(card: Card, held: Standings, me: int | None) -> Now | None:
    found = parts.turn(card, held, me)
    return Now(*found) if found else None


def _to_report(card: Card, held: Standings, me: int | None) -> Now | None:
    if not card.is_open or not held.may("report.write", card.lead_scopes):
        return None
    report = card.unfinished_report
    if report and report.state == "returned":
        why = _("Your report was returned: “%(reason)s”") % {"reason": report.return_reason[:160]}
        return Now(why, _("Mend the report"), url("programmes:report", report.pk))
    if report:
        return Now(_("A draft report is not sent yet."), _("Finish the report"), url("programmes:report", report.pk))
    if card.waiting_report:
        return None
    if not card.is_accepted and card.task.started_on is None and not card.dispute:
        return Now(
            _("The task is new to your agency."),
            _("Take the task on"),
            url("programmes:act", card.task.key, "accept"),
            post=True,
        )
    return Now("", _("Report progress"), url("programmes:report_add", card.task.key))


def _to_settle(card: Card, held: Standings, me: int | None) -> Now | None:
    unread = (
        card.is_open and card.task.deadline_kind == "unknown" and card.task.due_on is None and not card.is_suspended
    )
    if not unread or not held.may("task.assign", card.assigner_scopes):
        return None
    return Now(
        _("Nobody has settled the deadline yet."),
        _("Settle the deadline"),
        url("programmes:act", card.task.key, "settle"),
    )


def beside(card: Card, held: Standings) -> list[dict[str, str]]:
    """Second buttons of those who do the work: what they need most often."""
    if not card.is_open:
        return []
    found = []
    if held.may("blocker.raise", card.lead_scopes):
        found.append(
            {
                "label": _("Raise a blocker"),
                "url": url("programmes:blocker_add", card.task.key),
                "icon": "barrier-block",
            }
        )
    if held.may("extension.request", card.lead_scopes) and card.task.due_on and card.open_extension is None:
        found.append(
            {
                "label": _("Ask for an extension"),
                "url": url("programmes:extension_add", card.task.key),
                "icon": "calendar-plus",
            }
        )
    return found


def ledger_line(line: Extension, card: Card) -> dict[str, Any]:
    """A line of the ledger with the date before it, the days it added and whether it was asked for late."""
    before = card.ledger.get(line.pk, {})
    due_then = card.dates.due_on(line.requested_on)
    return {
        "line": line,
        "state": overview.state_of(line, card.on),
        "before": before.get("before"),
        "days": before.get("days"),
        "late": line.kind == "extension" and due_then is not None and line.requested_on > due_then,
    }


def decision(card: Card, held: Standings, me: int | None) -> dict[str, Any] | None:
    """The open request of an extension with its consequence, and whether this person decides it."""
    line = card.open_extension
    if line is None or not card.is_open:
        return None
    own = line.requested_by_id is not None and line.requested_by_id == me
    may = not own and held.may("extension.decide", card.assigner_scopes)
    return {"line": line, "sentences": consequences(card.dates, line.new_due_on, card.on), "may": may, "own": own}


def consequences(dates: lateness.TaskDates, new_due_on: date | None, on: date) -> list[str]:
    """What a grant on this day would change, and what it would leave as it is."""
    added = rules.days_added(dates.due_on(on), new_due_on)
    granted = replace(dates, changes=[*dates.changes, lateness.Change(on, new_due_on)])
    said = []
    if added is not None:
        said.append(
            _("%(days)s more days than the due date in force.") % {"days": numbers.number(added, 0, language())}
        )
    state = NAMES[lateness.state(granted, on)]
    said.append(_("If granted today, the state becomes “%(state)s”.") % {"state": state})
    late = lateness.days_overdue_total(granted, on)
    if late:
        said.append(
            _("The days overdue before today (%(days)s) stay on record; today no longer counts.")
            % {"days": numbers.number(late, 0, language())}
        )
    return said


def products_of(card: Card) -> list[dict[str, Any]]:
    """Each promised product: whether a report names it as done, and whether an approver confirmed its issue."""
    found = []
    for product in card.products:
        issues = [issue for report in card.reports for issue in report.issues.all() if issue.product_id == product.pk]
        named = [issue for issue in issues if issue.report.submitted_at]
        confirmed = next((issue for issue in named if issue.confirmed_at), None)
        found.append({"product": product, "named": named[0] if named else None, "confirmed": confirmed})
    return found
