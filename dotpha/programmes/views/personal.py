"""Personal action programmes: the list, one with its tasks and steps, adding (C4)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dotpha.accounts import rights
from dotpha.platform.pages import desk_page, past_of, render, status_of, whole
from dotpha.platform.refusals import refusals_on
from dotpha.programmes import actions
from dotpha.programmes.forms import personal as shapes
from dotpha.programmes.models import PersonalProgramme
from dotpha.programmes.queries import boards, overview, tasks
from dotpha.programmes.queries import personal as queries
from dotpha.programmes.queries.programmes import visible_programmes
from dotpha.programmes.rules import personal as rules
from dotpha.programmes.rules.breakdown import Counts, count_states
from dotpha.programmes.rules.clarity import NAMES as CLARITIES
from dotpha.programmes.rules.lateness import State

PAGE = 50


@desk_page("GET")
def personal(request: Any) -> HttpResponse:
    """The personal action programmes that this person may see, each with its state and how its tasks stand."""
    by, on = request.actor, request.on
    rows = queries.listed(by, on)
    if request.GET.get("programme"):
        rows = rows.filter(programme__key=request.GET["programme"])
    every = list(rows)
    states = queries.states(every, on)
    asked = request.GET.get("state", "")
    shown = [each for each in every if asked in ("", states[each.pk])]
    listed = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    held = tasks.visible(by, on).filter(personal_lines__personal__in=[each.pk for each in listed])
    counts = boards.counts_by(held, "personal_lines__personal_id")
    holders = queries.holders(list(listed), on)
    page = {
        "rows": [(each, states[each.pk], counts.get(each.pk, Counts()), holders.get(each.post_id)) for each in listed],
        "listed": listed,
        "names": rules.NAMES,
        "asked": asked,
        "programmes": list(visible_programmes(by)),
        "may_add": rights.may(by, "personal.write") and not request.in_past,
        "past": past_of(request),
    }
    return render(request, "programmes/personal.html", page)


@desk_page("GET", "POST")
def personal_add(request: Any) -> HttpResponse:
    """Begin one for a post. It holds at once every task of the programme that the post is accountable for."""
    by = request.actor
    if not rights.may(by, "personal.write"):
        rights.require(by, "personal.write", [])
    posts, programmes = list(queries.posts_to_write_for(by)), list(visible_programmes(by))
    form = shapes.AddForm(
        request.POST if request.method == "POST" else None,
        posts=posts,
        programmes=programmes,
        initial={"from_on": request.today, "programme": request.GET.get("programme")},
    )
    if form.is_valid():
        said = form.cleaned_data
        post = next(each for each in posts if each.pk == said["post"])
        programme = next(each for each in programmes if each.key == said["programme"])
        with refusals_on(form):
            made = actions.add_personal_programme(
                programme=programme,
                post=post,
                from_on=said["from_on"],
                until_on=said["until_on"],
                tasks=list(queries.candidates(by, request.today, programme, post)),
                by=by,
                on=request.today,
            )
            messages.success(request, _("The draft was added, with every task the post is accountable for."))
            return redirect("programmes:personal_one", made.pk)
    return render(request, "programmes/personal_add.html", {"form": form, "posts": posts}, status=status_of(form))


@desk_page("GET", "POST")
def personal_one(request: Any, pk: int) -> HttpResponse:
    """One personal action programme: its tasks and how they stand, what is missing, its steps and what may be done."""
    by, on = request.actor, request.on
    found = queries.one(by, pk)
    content = queries.content(by, on, found)
    asked = request.POST.get("act", "") if request.method == "POST" else ""
    if request.method == "POST" and not rights.may(
        by, "personal.decide", queries.scopes_of(found.programme, found.post)
    ):
        rights.require(by, "personal.write", queries.scopes_of(found.programme, found.post))
    bound: dict[str, forms.Form] = {
        "choose": forms.Form(request.POST if asked == "choose" else None),
        "submit": forms.Form(request.POST if asked == "submit" else None),
        "return": shapes.ReturnForm(request.POST if asked == "return" else None, auto_id="return_%s"),
        "adopt": shapes.AdoptForm(request.POST if asked == "adopt" else None, auto_id="adopt_%s"),
    }
    form = bound.get(asked)
    if form is not None and form.is_valid():
        with refusals_on(form):
            messages.success(request, act(request, asked, found, content, form.cleaned_data))
            return redirect("programmes:personal_one", pk)
    page = context(request, found, content) | {"forms": bound, "refused": form, "asked": asked}
    return render(request, "programmes/personal_one.html", page, status=status_of(form) if form is not None else 200)


def act(request: Any, asked: str, found: PersonalProgramme, content: queries.Content, said: dict[str, Any]) -> str:
    """Do what the button says; answers the sentence of success."""
    given: dict[str, Any] = {"personal": found, "by": request.actor, "on": request.today}
    if asked == "choose":
        chosen = set(request.POST.getlist("task"))
        kept = [each for each in [*content.lines, *content.left_out] if each.key in chosen]
        actions.choose_personal_tasks(**given, tasks=kept, version=whole(request.POST.get("version")))
        return _("The choice of tasks was kept.")
    if asked == "submit":
        actions.submit_personal_programme(**given)
        return _("The programme was submitted.")
    if asked == "return":
        actions.return_personal_programme(**given, reason=said["reason"])
        return _("The programme was returned.")
    actions.adopt_personal_programme(**given, document=said["document"])
    return _("The programme was adopted. An earlier one of this post is replaced.")


def context(request: Any, found: PersonalProgramme, content: queries.Content) -> dict[str, Any]:
    """What the page of one shows."""
    by, on = request.actor, request.on
    held, things = rights.standings(by), queries.scopes_of(found.programme, found.post)
    state = queries.states([found], on)[found.pk]
    now = not request.in_past
    clear, number = overview.clarity(tasks.visible(by, on).filter(personal_lines__personal=found))
    return {
        "personal": found,
        "content": content,
        "state": state,
        "names": rules.NAMES,
        "holder": queries.holders([found], on).get(found.post_id),
        "counts": count_states(State(each.state) for each in content.lines),
        "clarities": [(CLARITIES[each], have, number) for each, have in clear.items()] if number else [],
        "steps": list(found.steps.filter(on__lte=on).select_related("by").order_by("pk")),
        "may_write": now and state == rules.State.DRAFT and held.may("personal.write", things),
        "may_decide": now and state == rules.State.SUBMITTED and held.may("personal.decide", things),
        "past": past_of(request),
    }
