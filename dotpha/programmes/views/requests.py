"""Requests that hang on a task: extensions asked for and decided, blockers raised, answered and closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.accounts import rights
from dotpha.accounts.rights import Standings
from dotpha.platform.pages import desk_page, past_of, render, status_of
from dotpha.platform.refusals import refusals_on
from dotpha.programmes import actions
from dotpha.programmes.forms import requests as shapes
from dotpha.programmes.forms.fields import organisation_names
from dotpha.programmes.models import Blocker, Extension
from dotpha.programmes.queries import one, records
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.rules import blockers as rules
from dotpha.programmes.rules import silence
from dotpha.programmes.rules.extensions import require_due_date_moves, require_takes_blockers
from dotpha.programmes.views.closed import closed_page
from dotpha.programmes.views.task import consequences

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@desk_page("GET", "POST")
def extension_add(request: Any, key: str) -> HttpResponse:
    """Ask for a later due date. The one in force holds until somebody else has granted it."""
    card = one.card(request.actor, key, request.today)
    rights.require(request.actor, "extension.request", card.lead_scopes)
    closed = closed_page(request, card, _("Ask for an extension"), require_due_date_moves)
    if closed is not None:
        return closed
    form = shapes.ExtensionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            actions.request_extension(task=card.task, by=request.actor, on=request.today, **form.cleaned_data)
            messages.success(
                request, _("The extension was asked for. The due date in force holds until it is granted.")
            )
            return redirect("programmes:task", key)
    page = {"task": card.task, "card": card, "form": form, "past": {}}
    return render(request, "programmes/extension_add.html", page, status=status_of(form))


@desk_page("GET", "POST")
def extension(request: Any, pk: int) -> HttpResponse:
    """A request of an extension: what it would change, and the decision by somebody else than its author."""
    line = records.one_extension(request.actor, pk, request.on)
    card = one.card(request.actor, line.task.key, request.on)
    form = shapes.DecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            messages.success(request, decide(request, line, form.cleaned_data))
            return redirect("programmes:task", card.task.key)
    held, me = rights.standings(request.actor), request.actor.user_id
    open_now = line.is_open and card.is_open and not request.in_past
    own = line.requested_by_id is not None and line.requested_by_id == me
    page = {
        "line": next((each for each in card.extensions if each.pk == line.pk), line),
        "task": card.task,
        "card": card,
        "form": form,
        "past": past_of(request),
        "sentences": consequences(card.dates, line.new_due_on, request.on) if line.is_open and card.is_open else [],
        "may_decide": open_now and not own and held.may("extension.decide", card.assigner_scopes),
        "own": open_now and own,
        "may_withdraw": open_now and held.may("extension.request", card.lead_scopes),
        "before": [each for each in card.extensions if each.kind == "extension" and each.pk != line.pk],
    }
    return render(request, "programmes/extension.html", page, status=status_of(form))


def decide(request: Any, line: Extension, said: dict[str, Any]) -> str:
    """Grant, refuse or withdraw, as the button says; answers the sentence of success."""
    asked = request.POST.get("act", "")
    by, on = request.actor, request.today
    if asked == "grant":
        actions.grant_extension(extension=line, new_due_on=said["new_due_on"], answer=said["answer"], by=by, on=on)
        return _("The extension was granted. It counts from today.")
    if asked == "withdraw":
        actions.withdraw_extension(extension=line, reason=said["answer"], by=by, on=on)
        return _("The request was withdrawn.")
    actions.refuse_extension(extension=line, answer=said["answer"], by=by, on=on)
    return _("The extension was refused. The due date stays.")


@desk_page("GET", "POST")
def blocker_add(request: Any, key: str) -> HttpResponse:
    """Say what holds a task up, and who can remove it."""
    card = one.card(request.actor, key, request.today)
    rights.require(request.actor, "blocker.raise", card.lead_scopes)
    closed = closed_page(request, card, _("Raise a blocker"), require_takes_blockers)
    if closed is not None:
        return closed
    form = shapes.BlockerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            actions.raise_blocker(task=card.task, by=request.actor, on=request.today, **form.cleaned_data)
            messages.success(request, _("The blocker was raised. The body asked sees it in its list of the day."))
            return redirect("programmes:task", key)
    page = {
        "task": card.task,
        "form": form,
        "names": organisation_names(),
        "respond_by": rules.respond_by(request.today),
        "past": {},
    }
    return render(request, "programmes/blocker_add.html", page, status=status_of(form))


@dataclass(frozen=True)
class Move:
    """One thing that can be done with a blocker. `when(blocker, held)`: whether it is offered to this person now."""

    name: str
    label: StrPromise
    done: StrPromise
    form: type[forms.Form]
    do: Callable[..., object]
    when: Callable[[Blocker, Standings], bool]


def _asked(blocker: Blocker, held: Standings) -> bool:
    return blocker.is_open and held.may(
        "blocker.answer", queries.asked_scopes(blocker.asks_of, queries.programmes_of(blocker.task))
    )


def _raises(blocker: Blocker, held: Standings) -> bool:
    return held.may("blocker.raise", queries.lead_scopes(blocker.task))


def _decides(blocker: Blocker, held: Standings) -> bool:
    return blocker.is_open and held.may("blocker.decide", queries.assigner_scopes(blocker.task))


def _may_take_up(blocker: Blocker, held: Standings) -> bool:
    """The body asked, until it has answered; a leader at any time, for a new day may have to be named."""
    return _decides(blocker, held) or (blocker.answered_at is None and _asked(blocker, held))


MOVES = (
    Move(
        "answer",
        gettext_lazy("Send the answer"),
        gettext_lazy("The answer was sent. Whoever raised the blocker closes it, or not."),
        shapes.AnswerForm,
        actions.answer_blocker,
        _asked,
    ),
    Move(
        "resolve",
        gettext_lazy("Close the blocker"),
        gettext_lazy("The blocker is closed."),
        shapes.ResolveForm,
        actions.resolve_blocker,
        lambda blocker, held: blocker.is_open and (_raises(blocker, held) or _decides(blocker, held)),
    ),
    Move(
        "take_up",
        gettext_lazy("Take it up"),
        gettext_lazy("It is recorded that you are at work on it."),
        shapes.TakeUpForm,
        actions.take_up_blocker,
        _may_take_up,
    ),
    Move(
        "redirect",
        gettext_lazy("Send it on to another body"),
        gettext_lazy("The blocker was sent on; its clock begins anew."),
        shapes.RedirectForm,
        actions.redirect_blocker,
        lambda blocker, held: _asked(blocker, held) or _decides(blocker, held),
    ),
    Move(
        "escalate",
        gettext_lazy("Put it before those above"),
        gettext_lazy("The blocker was put before those above."),
        shapes.EscalateForm,
        actions.escalate_blocker,
        lambda blocker, held: blocker.is_open and (_raises(blocker, held) or _decides(blocker, held)),
    ),
    Move(
        "reopen",
        gettext_lazy("Reopen the blocker"),
        gettext_lazy("The blocker is open again; its clock begins anew."),
        shapes.ReopenForm,
        actions.reopen_blocker,
        lambda blocker, held: not blocker.is_open and _raises(blocker, held),
    ),
)


@desk_page("GET", "POST")
def blocker(request: Any, pk: int) -> HttpResponse:
    """A blocker: what is asked, its steps, and what this person can do with it."""
    found = records.one_blocker(request.actor, pk, request.on)
    held = rights.standings(request.actor)
    asked = request.POST.get("act", "") if request.method == "POST" else ""
    offered = [move for move in MOVES if not request.in_past and (move.name == asked or move.when(found, held))]
    bound = {
        move.name: move.form(request.POST if move.name == asked else None, auto_id=f"{move.name}_%s")
        for move in offered
    }
    status = 200
    for move in offered:
        form = bound[move.name]
        if move.name == asked and form.is_valid():
            with refusals_on(form):
                move.do(blocker=found, by=request.actor, on=request.today, **form.cleaned_data)
                messages.success(request, str(move.done))
                return redirect("programmes:blocker", pk)
        status = max(status, status_of(form))
    steps = list(found.steps.select_related("by", "to").order_by("pk"))
    page = {
        "blocker": found,
        "task": found.task,
        "opens_task": queries.readable(request.actor, request.on).filter(pk=found.task_id).exists(),
        "moves": [
            {"move": move, "form": bound[move.name], "open": move.name == asked or place == 0}
            for place, move in enumerate(offered)
        ],
        "steps": steps,
        "promised": rules.promised((each.kind, each.until_on) for each in steps) if found.is_open else None,
        "names": organisation_names() if offered else [],
        "late": found.is_open and found.answered_at is None and found.respond_by < request.on,
        "went_up_on": silence.blocker_goes_up_on(found.respond_by),
        "step_reached": rules.escalation_step(found.respond_by, request.on)
        if found.is_open and found.answered_at is None
        else None,
        "past": past_of(request),
    }
    return render(request, "programmes/blocker.html", page, status=status)
