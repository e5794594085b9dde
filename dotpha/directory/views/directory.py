"""Organisations and places: lists, pages that gather everything, and the steward's changes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.directory import actions, columns, kinds, queries
from dotpha.directory.forms import EndForm, OrganisationForm, RenameForm, ReplaceForm
from dotpha.directory.models import Organisation, Succession
from dotpha.directory.queries.posts import posts
from dotpha.directory.queries.then import sorted_by_parent
from dotpha.directory.rows import OrganisationRow
from dotpha.directory.tables import OrganisationTable, PlaceTable
from dotpha.platform import advice, exports
from dotpha.platform.late import arrange
from dotpha.platform.pages import desk_page, past_of, render, status_of
from dotpha.platform.refusals import Refused, refusals_on
from dotpha.platform.registry import registry

PAGE = 50
LONGEST = 200


@desk_page("GET")
def organisations(request: Any) -> HttpResponseBase:
    """Organisations of a day: filter by kind, search without case or marks, export what is shown."""
    words, kind = request.GET.get("q", "")[:LONGEST], request.GET.get("kind", "")
    rows = queries.organisations(request.on, kind, request.GET.get("parent", ""), request.GET.get("place", ""), words)
    table = OrganisationTable(rows)
    if request.GET.get("export"):
        return exports.of_table(
            request, table, "organisations", str(_("Organisations")), columns.exported(columns.ORGANISATIONS)
        )
    arrange(request, table, PAGE)
    page = {
        "table": table,
        "total": table.page.paginator.count,
        "kinds": kinds.ORGANISATION_KINDS,
        "q": words,
        "kind": kind,
    }
    return render(request, "directory/organisations.html", page)


@desk_page("GET")
def organisation(request: Any, key: str) -> HttpResponse:
    """All that the platform knows of an organisation."""
    found = queries.one_organisation(key, request.on)
    return render(request, "directory/organisation.html", organisation_page(request, found))


def organisation_page(request: Any, found: Organisation) -> dict[str, Any]:
    """What an organisation's page shows; other apps add panels through the registry."""
    pairs = Succession.objects.select_related("old_organisation", "new_organisation")
    return {
        "organisation": found,
        "past": past_of(request),
        "kind": kinds.organisation_kind(found.kind),
        "children": queries.members(found, request.on)[: PAGE * 2],
        "former_names": found.former_names.filter(until_on__lt=request.on).order_by("-until_on"),
        "successors": pairs.filter(old_organisation=found),
        "predecessors": pairs.filter(new_organisation=found),
        "posts": posts(found, request.on),
        "panels": registry.filled(request, "organisation", found),
        "events": queries.history(found, request.on),
        "may_change": rights.may(request.actor, "directory.change", [found.scope]) and not request.in_past,
    }


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


def keys_of(text: str) -> tuple[str, ...]:
    """Keys separated by semicolons."""
    return tuple(filter(None, (each.strip() for each in text.split(";"))))


@desk_page("GET", "POST")
def organisation_change(request: Any, key: str) -> HttpResponse:
    """What happens to an organisation: a new name, something takes its place, or it ends."""
    found = queries.one_organisation(key)
    rights.require(request.actor, "directory.change", [found.scope])
    post = request.POST if request.method == "POST" else None
    rename = RenameForm(post if post and "rename" in post else None)
    replace = ReplaceForm(post if post and "replace" in post else None)
    end = EndForm(post if post and "end" in post else None)
    if rename.is_bound and rename.is_valid():
        with refusals_on(rename):
            given = rename.cleaned_data
            actions.rename_organisation(
                organisation=found, name={**found.name, "vi": given["name_vi"]}, from_on=given["from_on"],
                document=given["document"], by=request.actor,
            )  # fmt: skip
            return redirect("directory:organisation", key)
    if replace.is_bound and replace.is_valid():
        with refusals_on(replace):
            given = replace.cleaned_data
            successors = [queries.one_organisation(each) for each in keys_of(given["successors"])]
            actions.replace_organisations(
                former=[found], successors=successors, on=given["replaced_on"], document=given["replaced_by_document"],
                units_too=given["replaced_units_too"], by=request.actor,
            )  # fmt: skip
            return redirect("directory:organisation", key)
    if end.is_bound and end.is_valid():
        with refusals_on(end):
            actions.end_organisation(organisation=found, by=request.actor, **end.cleaned_data)
            return redirect("directory:organisation", key)
    page = {"organisation": found, "rename": rename, "replace": replace, "end": end}
    status = max(status_of(form) for form in (rename, replace, end))
    return render(request, "directory/organisation_change.html", page, status=status)


@desk_page("GET")
def places(request: Any) -> HttpResponseBase:
    """Places of a day: provinces unless another level is asked for."""
    words, level = request.GET.get("q", "")[:LONGEST], request.GET.get("level", "")
    parent = request.GET.get("parent", "")
    level = level or ("" if words or parent else "province")
    table = PlaceTable(
        sorted_by_parent(queries.places(request.on, level, parent, words), request.on), past=past_of(request)
    )
    if request.GET.get("export"):
        return exports.of_table(request, table, "places", str(_("Places")), columns.exported(columns.PLACES))
    arrange(request, table, PAGE)
    page = {"table": table, "total": table.page.paginator.count, "q": words, "level": level, "parent": parent}
    return render(request, "directory/places.html", page)


@desk_page("GET")
def place(request: Any, key: str) -> HttpResponse:
    """All that the platform knows of a place."""
    found = queries.one_place(key, request.on)
    pairs = Succession.objects.select_related("old_place", "new_place")
    page = {
        "place": found,
        "past": past_of(request),
        "kind": kinds.place_kind(found.kind_shown),
        "may_change": rights.may(request.actor, "directory.change", [scopes.ALL]) and not request.in_past,
        "former_names": found.former_names.filter(until_on__lt=request.on).order_by("-until_on"),
        "former_parents": found.former_parents.filter(until_on__lt=request.on)
        .select_related("parent")
        .order_by("-until_on"),
        "children": queries.places(request.on, parent=key)[: PAGE * 4],
        "successors": pairs.filter(old_place=found),
        "predecessors": pairs.filter(new_place=found),
        "bodies": queries.organisations(request.on, place=key),
        "panels": registry.filled(request, "place", found),
        "events": queries.history(found, request.on),
    }
    return render(request, "directory/place.html", page)
