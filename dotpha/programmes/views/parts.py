"""An agency's own part of a task: what it is, what was reported, and what the two sides say to each other."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dotpha.accounts import rights
from dotpha.platform.pages import desk_page, render, status_of
from dotpha.platform.refusals import Refused, refusals_on
from dotpha.programmes import actions
from dotpha.programmes.actions.keeping import Upload
from dotpha.programmes.forms.parts import AnswerForm, PartReportForm
from dotpha.programmes.queries import one
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.queries.parts import Part
from dotpha.programmes.rules.parts import PartState, Side
from dotpha.programmes.views.tasks import past_of
from dotpha.programmes.views.uploads import checked


@desk_page("GET", "POST")
def part(request: Any, key: str, organisation: str) -> HttpResponse:
    """One agency's part: it reports, the lead agency confirms; the lead sets it, the agency confirms that."""
    card = one.card(request.actor, key, request.on, request.known_at)
    found = next((each for each in card.parts if each.organisation.key == organisation), None)
    if found is None:
        raise Refused("not_found", _("This agency has no part in the task."), status=404)
    asked = request.POST.get("act", "")
    report = PartReportForm(*((request.POST, request.FILES) if asked == "report" else ()))
    answer = AnswerForm(request.POST if asked in ("confirm", "return") else None)
    form: Any = report if asked == "report" else answer
    if form.is_valid():
        with refusals_on(form):
            messages.success(request, done(request, card, found, form, asked))
            return redirect("programmes:part", key, organisation)
    page = {
        "card": card,
        "task": card.task,
        "part": found,
        "past": past_of(request),
        "report": report,
        "answer": answer,
        **offered(request, card, found),
    }
    return render(request, "programmes/part.html", page, status=status_of(form))


def done(request: Any, card: one.Card, found: Part, form: Any, asked: str) -> str:
    """Report, confirm or return, as the button says; answers the sentence of success."""
    given = {"task": card.task, "organisation": found.organisation, "by": request.actor, "on": request.today}
    said = form.cleaned_data
    if asked == "report":
        uploads = [Upload(*checked(said["file"]))] if said["file"] else []
        actions.report_part(
            **given, text=said["text"], percent=said["percent"], evidence=form.evidence(), uploads=uploads
        )
        return _("The report was sent. It waits for the lead agency.")
    if asked == "return":
        actions.return_part(**given, reason=said["reason"])
        return _("It was returned with your reason.")
    actions.confirm_part(**given)
    return _("It was confirmed.")


def offered(request: Any, card: one.Card, found: Part) -> dict[str, Any]:
    """What this person may do with the part now: report, answer the other side, set it."""
    held, me = rights.standings(request.actor), request.actor.user_id
    own = queries.organisation_scopes(found.organisation)
    now = not request.in_past and found.is_held
    side = found.waits_for
    answers = side is not None and held.may("task.accept", card.lead_scopes if side is Side.LEAD else own)
    author = found.newest.reported_by_id if side is Side.LEAD and found.newest else found.assignment.set_by_id
    is_mine = me is not None and author == me
    is_open = found.state is PartState.OPEN
    return {
        "may_report": now and card.is_open and is_open and held.may("report.write", own),
        "may_answer": now and card.task.cancelled_on is None and answers and not is_mine,
        "may_return": card.is_open,
        "waits_for_other": now and answers and is_mine,
        "may_set": now and card.is_open and is_open and side is not Side.LEAD and held.may("task.change", card.scopes),
    }
