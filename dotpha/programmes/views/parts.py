"""An agency's own part of a task: what it is, what was reported, and what the two sides say to each other."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dotpha.accounts import rights
from dotpha.accounts.rights import Standings
from dotpha.platform import advice
from dotpha.platform.pages import desk_page, past_of, render, status_of, url
from dotpha.platform.refusals import Refused, refusals_on
from dotpha.platform.uploads import checked
from dotpha.programmes import actions
from dotpha.programmes.forms.parts import AnswerForm, PartReportForm
from dotpha.programmes.queries import one
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.queries.parts import Part
from dotpha.programmes.rules.lateness import State
from dotpha.programmes.rules.parts import PartState, Side
from dotpha.programmes.views import part_days


@desk_page("GET", "POST")
def part(request: Any, key: str, organisation: str) -> HttpResponse:
    """One agency's part: it reports, the lead agency confirms; the lead sets it, the agency confirms that."""
    card = one.card(request.actor, key, request.on)
    found = next((each for each in card.parts if each.organisation.key == organisation), None)
    if found is None:
        raise Refused("not_found", _("This agency has no part in the task."), do=advice.LIST, status=404)
    asked = request.POST.get("act", "")
    report = PartReportForm(*((request.POST, request.FILES) if asked == "report" else ()))
    answer = AnswerForm(request.POST if asked in ("confirm", "return") else None)
    moved, of_days = part_days.days_of(card, found), part_days.forms_of(request, asked)
    form: Any = report if asked == "report" else answer
    if asked in part_days.ACTS:
        form = of_days[part_days.ACTS[asked]]
    if form.is_valid():
        with refusals_on(form):
            act = part_days.done if asked in part_days.ACTS else done
            messages.success(request, act(request, card, found, form, asked))
            return redirect("programmes:part", key, organisation)
    held, me = rights.standings(request.actor), request.actor.user_id
    may = offered(card, found, held, me) | part_days.offered(card, found, moved.waiting, held, me)
    page = {
        "card": card,
        "task": card.task,
        "part": found,
        "past": past_of(request),
        "report": report,
        "answer": answer,
        "moved": moved,
        **of_days,
        **({name: False for name in may} if request.in_past else may),
    }
    return render(request, "programmes/part.html", page, status=status_of(form))


def done(request: Any, card: one.Card, found: Part, form: Any, asked: str) -> str:
    """Report, confirm or return, as the button says; answers the sentence of success."""
    given = {"task": card.task, "organisation": found.organisation, "by": request.actor, "on": request.today}
    said = form.cleaned_data
    seen = request.POST.get("seen")
    if asked == "report":
        file = checked(said["file"], declared=said["declared"]) if said["file"] else None
        copy, uploads = (file, []) if said["url"] else (None, [file] if file else [])
        actions.report_part(
            **given, text=said["text"], percent=said["percent"], evidence=form.evidence(), uploads=uploads,
            saved_copy=copy,
        )  # fmt: skip
        return _("The report was sent. It waits for the lead agency.")
    if asked == "return":
        actions.return_part(**given, reason=said["reason"], seen=seen)
        return _("It was returned with your reason.")
    actions.confirm_part(**given, seen=seen)
    return _("It was confirmed.")


def offered(card: one.Card, found: Part, held: Standings, me: int | None) -> dict[str, bool]:
    """What a person may do with the part now: report, answer the other side, set it."""
    programmes = [each.programme.key for each in card.memberships]
    own, side = queries.asked_scopes(found.organisation, programmes), found.waits_for
    answers = side is not None and held.may("task.accept", card.lead_scopes if side is Side.LEAD else own)
    author = found.newest.reported_by_id if side is Side.LEAD and found.newest else found.assignment.set_by_id
    is_mine = me is not None and author == me
    is_open = not found.is_over and card.is_open and found.state is PartState.OPEN
    answers = answers and card.task.cancelled_on is None
    return {
        "may_report": is_open and held.may("report.write", own),
        "may_answer": answers and not is_mine,
        "may_return": card.is_open,
        "waits_for_other": answers and is_mine,
        "may_set": is_open and side is not Side.LEAD and held.may("task.change", card.scopes),
    }


def turn(card: one.Card, held: Standings, me: int | None) -> tuple[str, str, str] | None:
    """Why, the words and the address of the act on a part that is this person's turn; None where there is none.

    A report of one's own part is called for when it was sent back, or when it is late or due within a week.
    """
    for found in card.parts:
        link, may = url("programmes:part", card.task.key, found.organisation.key), offered(card, found, held, me)
        if may["may_answer"] and found.waits_for is Side.LEAD:
            name = found.organisation.title.text
            return _("%(name)s reported on its part.") % {"name": name}, _("Check the report"), link
        if may["may_answer"]:
            return _("A part of this task was set for your agency."), _("Confirm or return"), link
        if may["may_report"] and (found.is_returned or found.timing in (State.OVERDUE, State.DUE_SOON)):
            return _("Your part of this task is to be reported."), _("Report on the part"), link
    return None
