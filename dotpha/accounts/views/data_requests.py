"""Requests about one's own data: made and followed by the person, answered by an administrator (K5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.accounts import queries, rights, scopes
from dotpha.accounts.actions import data_requests as acts
from dotpha.accounts.forms import (
    DataRequestForm,
    FirstReplyForm,
    PaperRequestForm,
    RequestAnswerForm,
    RequestExtensionForm,
)
from dotpha.accounts.models import DataRequest
from dotpha.accounts.personal_fields import RequestKind
from dotpha.accounts.rules import COMPLETION_DAYS
from dotpha.platform.pages import desk_page, render, status_of
from dotpha.platform.refusals import refusals_on

PAGE = 50
STATES = {
    "new": gettext_lazy("waits for the first reply"),
    "in_hand": gettext_lazy("in hand"),
    "completed": gettext_lazy("completed"),
    "refused": gettext_lazy("refused"),
}
"""What the clock says, in words."""
FILTERS = {
    "open": gettext_lazy("Open"),
    "late": gettext_lazy("Late"),
    "completed": gettext_lazy("Completed"),
    "refused": gettext_lazy("Refused"),
}


@desk_page("GET", "POST")
def own(request: Any) -> HttpResponse:
    """What I asked for about my data, how far it is, and a new request."""
    form = DataRequestForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            acts.make_request(user=request.user, **form.cleaned_data, by=request.actor, on=request.today)
            return redirect("accounts:own_requests")
    page = {
        "form": form, "rows": request.user.data_requests.order_by("-made_on", "-pk"), "states": STATES,
        "times": [(kind.label, COMPLETION_DAYS[kind]) for kind in RequestKind],
    }  # fmt: skip
    return render(request, "accounts/own_requests.html", page, status=status_of(form))


@desk_page("GET", "POST")
def listing(request: Any) -> HttpResponse:
    """Requests of everybody, late first, and one that came on paper."""
    rights.require(request.actor, "person.change", [scopes.ALL])
    form = PaperRequestForm(request.POST if request.method == "POST" else None, initial={"made_on": request.today})
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            given = form.cleaned_data
            user = queries.by_name(given.pop("username"), "username")
            made = acts.make_request(user=user, **given, by=request.actor, on=request.today)
            return redirect("accounts:data_request", made.pk)
    state = request.GET.get("state") if request.GET.get("state") in FILTERS else "open"
    kind = request.GET.get("kind") if request.GET.get("kind") in RequestKind.values else ""
    found = Paginator(queries.data_requests(state, kind, request.on), PAGE)
    page = {
        "form": form, "rows": found.get_page(request.GET.get("page")), "states": STATES,
        "filters": FILTERS, "state": state, "kind": kind, "kinds": RequestKind.choices,
    }  # fmt: skip
    return render(request, "accounts/data_requests.html", page, status=status_of(form))


@desk_page("GET", "POST")
def one(request: Any, pk: int) -> HttpResponse:
    """One request: what was asked, its clock, and the next step."""
    rights.require(request.actor, "person.change", [scopes.ALL])
    line = get_object_or_404(DataRequest.objects.select_related("user"), pk=pk)
    reply, more, answer = _forms(request, line)
    ending = _refuse if request.POST.get("act") == "refuse" else acts.complete_request
    steps: list[tuple[Form, Callable[..., object]]] = [
        (reply, acts.reply_to_request), (more, acts.extend_request), (answer, ending),
    ]  # fmt: skip
    for form, act in steps:
        if form.is_bound and form.is_valid():
            with refusals_on(form):
                act(request=line, **form.cleaned_data, by=request.actor, on=request.today)
                return redirect("accounts:data_request", pk)
    page = {
        "line": line, "clock": line.clock, "states": STATES, "reply": reply, "more": more, "answer": answer,
        "is_own": line.user_id == request.user.pk, "is_told": acts.may_be_told(line.user),
    }  # fmt: skip
    return render(request, "accounts/data_request.html", page, status=max(status_of(form) for form, _act in steps))


def _forms(request: Any, line: DataRequest) -> tuple[Form, Form, Form]:
    """First reply, extension and end; that of the pressed button is bound."""
    post = request.POST if request.method == "POST" else None
    asked = post.get("act") if post else None
    kept = _(
        "The record of changes keeps the user name and the name under which this person acted: what a State body"
        " did must stay open to checks."
    )
    return (
        FirstReplyForm(post if asked == "reply" else None),
        RequestExtensionForm(post if asked == "extend" else None),
        RequestAnswerForm(
            post if asked in ("complete", "refuse") else None,
            initial={"kept": kept if line.kind == RequestKind.ERASURE else ""},
        ),
    )


def _refuse(*, kept: str, **given: Any) -> object:
    """Refuse a request: nothing was done, so nothing is said of what is kept."""
    return acts.refuse_request(**given)
