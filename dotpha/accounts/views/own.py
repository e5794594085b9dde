"""My data: what is held about people, a copy of it, a correction of one's own card (K5)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect

from dotpha.accounts import personal, personal_fields
from dotpha.accounts.actions import addresses
from dotpha.accounts.forms import PersonChangeForm
from dotpha.accounts.views.people import card_of, change_person, decide_address, renew
from dotpha.platform.pages import desk_page, render, status_of
from dotpha.platform.refusals import refusals_on


@desk_page("GET", "POST")
def data(request: Any) -> HttpResponse:
    """The table of personal fields, one's own name and address to correct, and the copy to take."""
    user, post = request.user, request.POST if request.method == "POST" else None
    if post and ("agree_address" in post or "drop_address" in post):
        decide_address(request, user, post)
        return redirect("accounts:own_data")
    form = PersonChangeForm(post, initial=card_of(user))
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            change_person(user=user, **form.cleaned_data, by=request.actor)
            return redirect("accounts:own_data")
    renew(form, user)
    page = {"form": form, "fields": personal_fields.FIELDS, "address": addresses.waiting(user, request.actor)}
    return render(request, "accounts/own_data.html", page, status=status_of(form))


@desk_page("GET")
def copy(request: Any) -> HttpResponse:
    """Everything held of the person who asks, as JSON."""
    answer = JsonResponse(personal.copy_of(request.user), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="dotpha-{request.user.username}.json"'
    return answer
