"""Posts of an organisation, and who held each over time (A5)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.accounts.models import User
from dotpha.directory import actions, queries
from dotpha.directory.forms import HolderForm, LeaveForm, PostForm
from dotpha.directory.models import Organisation
from dotpha.directory.queries.posts import holders, one_holder, one_post, posts_over_time
from dotpha.platform.pages import desk_page, render, status_of
from dotpha.platform.refusals import Refused, refusals_on


@desk_page("GET", "POST")
def posts(request: Any, key: str) -> HttpResponse:
    """All posts of an organisation with their holders; whoever may change it adds one."""
    found = queries.one_organisation(key, request.on)
    _require_right_to_post(request, found)
    form = PostForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            title = {code: form.cleaned_data[f"title_{code}"] for code in ("vi", "en")}
            made = actions.add_post(
                organisation=found,
                title={code: said for code, said in title.items() if said},
                single=form.cleaned_data["single"],
                by=request.actor,
            )
            return redirect("directory:post", key, made.pk)
    page = {
        "organisation": found,
        "posts": posts_over_time(found, request.on),
        "form": form,
        "may_change": rights.may(request.actor, "directory.change", [found.scope]) and not request.in_past,
    }
    return render(request, "directory/posts.html", page, status=status_of(form))


@desk_page("GET", "POST")
def post(request: Any, key: str, pk: int) -> HttpResponse:
    """One post: who held it when; whoever may change it records who takes it up and who leaves it."""
    organisation = queries.one_organisation(key, request.on)
    found = one_post(organisation, pk)
    _require_right_to_post(request, organisation)
    data = request.POST if request.method == "POST" else None
    fill = HolderForm(data if data and "fill" in data else None)
    leave = LeaveForm(data if data and "leave" in data else None)
    if fill.is_valid():
        with refusals_on(fill):
            given = fill.cleaned_data
            user = _person(given["user"])
            actions.fill_post(
                post=found, user=user, from_on=given["from_on"], until_on=given["until_on"], by=request.actor
            )
            return redirect("directory:post", key, pk)
    if leave.is_valid():
        with refusals_on(leave):
            actions.leave_post(holder=one_holder(found, request.POST["leave"]), by=request.actor, **leave.cleaned_data)
            return redirect("directory:post", key, pk)
    page = {
        "organisation": organisation,
        "post": found,
        "holders": holders(found, request.on),
        "fill": fill,
        "leave": leave,
        "leaving": request.POST.get("leave", ""),
        "may_change": rights.may(request.actor, "directory.change", [organisation.scope]) and not request.in_past,
    }
    return render(request, "directory/post.html", page, status=max(status_of(fill), status_of(leave)))


def _require_right_to_post(request: Any, organisation: Organisation) -> None:
    """The action asks too; asked before the form is read, nobody learns from its errors who is there."""
    if request.method == "POST":
        rights.require(request.actor, "directory.change", [organisation.scope])


def _person(name: str) -> User:
    person = User.objects.filter(username=name.strip()).first()
    if person is None:
        sentence = _("There is no person with this user name. Look for it in the list of people.")
        raise Refused("unknown_person", sentence, field="user")
    return person
