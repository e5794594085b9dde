"""What the steward records of an organisation: a new one, a new name, another one above it, successors, its end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.directory import actions, queries
from dotpha.directory.actions.tree import unknown_parent
from dotpha.directory.forms import BelongingForm, EndForm, OrganisationForm, RenameForm, ReplaceForm, TakeBackForm
from dotpha.directory.models import Organisation
from dotpha.directory.rows import OrganisationRow
from dotpha.directory.views.place_events import keys_of, undoable_move
from dotpha.platform import advice
from dotpha.platform.pages import desk_page, render, status_of
from dotpha.platform.refusals import Refused, refusals_on


@desk_page("GET", "POST")
def organisation_add(request: Any) -> HttpResponse:
    """Add an organisation; its key never changes."""
    rights.require(request.actor, "directory.change", [scopes.ALL])
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            given = form.cleaned_data
            row = OrganisationRow(
                key=given["key"],
                kind=given["kind"],
                name={code: given[f"name_{code}"] for code in ("vi", "en") if given[f"name_{code}"]},
                abbreviations=keys_of(given["abbreviations"]),
                parent=given["parent"],
                place=given["place"],
                valid_from=given["valid_from"],
                source=given["source"],
            )
            if not actions.add_organisations(rows=[row], by=request.actor):
                raise Refused(
                    "key_taken",
                    _("There is an organisation of this key already."),
                    do=advice.ANOTHER_KEY,
                    field="key",
                    status=409,
                )
            return redirect("directory:organisation", row.key)
    return render(request, "directory/organisation_add.html", {"form": form}, status=status_of(form))


@desk_page("GET", "POST")
def organisation_change(request: Any, key: str) -> HttpResponse:
    """What happens to an organisation: a new name, another one above it, something takes its place, or it ends."""
    found = queries.one_organisation(key)
    rights.require(request.actor, "directory.change", [found.scope])
    post = request.POST if request.method == "POST" else None
    last = undoable_move(found)
    first = {"parent": found.parent.key if found.parent else "", "from_on": request.today}
    page: dict[str, Any] = {
        name: form(
            post if post and name in post else None, initial=first if name == "move" else None, auto_id=f"{name}_%s"
        )
        for name, (form, _act) in ACTS.items()
        if name != "unmove" or last
    }
    for name, form in page.items():
        if form.is_bound and form.is_valid():
            with refusals_on(form):
                ACTS[name][1](found, form.cleaned_data, request.actor)
                return redirect("directory:organisation", key)
    status = max(status_of(form) for form in page.values())
    told = {"organisation": found, "last_move": last, "unmove": None, **page}
    return render(request, "directory/organisation_change.html", told, status=status)


def _renamed(found: Organisation, given: dict[str, Any], by: Any) -> None:
    actions.rename_organisation(
        organisation=found, name={**found.name, "vi": given["name_vi"]}, from_on=given["from_on"],
        document=given["document"], by=by,
    )  # fmt: skip


def _moved(found: Organisation, given: dict[str, Any], by: Any) -> None:
    into = Organisation.objects.filter(key=given["parent"]).first()
    if given["parent"] and into is None:
        raise unknown_parent(given["parent"])
    actions.move_organisation(
        organisation=found, into=into, from_on=given["from_on"], document=given["document"], by=by
    )


def _taken_back(found: Organisation, given: dict[str, Any], by: Any) -> None:
    actions.take_back_organisation_move(organisation=found, reason=given["reason"], by=by)


def _replaced(found: Organisation, given: dict[str, Any], by: Any) -> None:
    successors = [queries.one_organisation(each) for each in keys_of(given["successors"])]
    actions.replace_organisations(
        former=[found], successors=successors, on=given["replaced_on"], document=given["replaced_by_document"],
        units_too=given["replaced_units_too"], by=by,
    )  # fmt: skip


def _ended(found: Organisation, given: dict[str, Any], by: Any) -> None:
    actions.end_organisation(organisation=found, by=by, **given)


ACTS: dict[str, tuple[type[forms.Form], Any]] = {
    "rename": (RenameForm, _renamed),
    "move": (BelongingForm, _moved),
    "unmove": (TakeBackForm, _taken_back),
    "replace": (ReplaceForm, _replaced),
    "end": (EndForm, _ended),
}
"""What the page records, by the name of its button."""
