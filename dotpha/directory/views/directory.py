"""Organisations and places: lists and pages that gather everything."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.directory import columns, kinds, queries
from dotpha.directory.models import Organisation, Succession
from dotpha.directory.queries.posts import posts
from dotpha.directory.queries.then import lay_before, sorted_by_parent
from dotpha.directory.tables import OrganisationTable, PlaceTable
from dotpha.platform import exports
from dotpha.platform.late import arrange
from dotpha.platform.pages import desk_page, past_of, render
from dotpha.platform.registry import registry

PAGE = 50
LONGEST = 200


@desk_page("GET")
def organisations(request: Any) -> HttpResponseBase:
    """Organisations of a day: filter by kind, search without case or marks, export what is shown."""
    words, kind = request.GET.get("q", "")[:LONGEST], request.GET.get("kind", "")
    rows = queries.organisations(request.on, kind, request.GET.get("parent", ""), request.GET.get("place", ""), words)
    past = past_of(request)
    table = OrganisationTable(sorted_by_parent(rows, request.on), past=past)
    if request.GET.get("export"):
        return exports.of_table(
            request,
            table,
            "organisations",
            str(_("Organisations")),
            columns.exported(columns.ORGANISATIONS, _then(request)),
        )
    arrange(request, table, PAGE)
    page = {
        "table": table,
        "total": table.page.paginator.count,
        "kinds": kinds.ORGANISATION_KINDS,
        "q": words,
        "kind": kind,
        "past": past,
    }
    return render(request, "directory/organisations.html", page)


def _then(request: Any) -> str:
    """The times that a list shows, as its export tells them in each row; nothing where it shows now."""
    times = (request.on, request.known_at) if request.in_past else ()
    return " / ".join(each.isoformat() for each in times if each)


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
        "former_parents": lay_before(found, request.on),
        "successors": pairs.filter(old_organisation=found),
        "predecessors": pairs.filter(new_organisation=found),
        "posts": posts(found, request.on),
        "panels": registry.filled(request, "organisation", found),
        "events": queries.history(found, request.on),
        "may_change": rights.may(request.actor, "directory.change", [found.scope]) and not request.in_past,
    }


@desk_page("GET")
def places(request: Any) -> HttpResponseBase:
    """Places of a day: provinces unless another level is asked for."""
    words, level = request.GET.get("q", "")[:LONGEST], request.GET.get("level", "")
    parent = request.GET.get("parent", "")
    level = level or ("" if words or parent else "province")
    past = past_of(request)
    table = PlaceTable(sorted_by_parent(queries.places(request.on, level, parent, words), request.on), past=past)
    if request.GET.get("export"):
        return exports.of_table(
            request, table, "places", str(_("Places")), columns.exported(columns.PLACES, _then(request))
        )
    arrange(request, table, PAGE)
    page = {"table": table, "total": table.page.paginator.count, "q": words, "level": level, "parent": parent}
    page["past"] = past
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
        "former_parents": lay_before(found, request.on),
        "children": queries.places(request.on, parent=key)[: PAGE * 4],
        "successors": pairs.filter(old_place=found),
        "predecessors": pairs.filter(new_place=found),
        "bodies": queries.organisations(request.on, place=key),
        "panels": registry.filled(request, "place", found),
        "events": queries.history(found, request.on),
    }
    return render(request, "directory/place.html", page)
