"""Search over everything, and the command palette."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from dotpha.accounts import rights
from dotpha.platform import finding
from dotpha.platform.pages import desk_page, render, url
from dotpha.platform.registry import registry

LONGEST = 200
OFFERED = 8
"""Things by name that the palette offers beside pages and acts."""
EXCERPT = 80


@desk_page("GET")
def search(request: Any) -> HttpResponse:
    """Hits of every kind, within the reader's rights."""
    text = request.GET.get("q", "")[:LONGEST]
    kind = request.GET.get("kind", "")
    found = finding.search(request.actor, text, request.on, kind, limit=50 if kind else 8)
    return render(request, "cockpit/search.html", {"q": text, "kind": kind, "found": found})


@desk_page("GET")
def palette(request: Any) -> HttpResponse:
    """What the command palette offers: pages and acts this person may open, then things by name."""
    text = request.GET.get("q", "")[:LONGEST]
    held = rights.standings(request.actor)
    items: list[dict[str, object]] = [
        {
            "kind": _("Page"),
            "title": str(item.label),
            "url": url(item.url_name),
            "keys": f"g {item.letter}".strip(),
        }
        for item in registry.menu
        if held.may(item.right)
    ]
    items += [
        {"kind": _("Act"), "title": str(label), "url": url(name), "keys": ""}
        for label, name, right in acts()
        if held.may(right)
    ]
    labels = {source.kind: str(source.label) for source in registry.search}
    items += [
        {
            "kind": " · ".join(filter(None, (labels[hit.kind], hit.excerpt[:EXCERPT]))),
            "title": hit.title,
            "url": hit.url,
            "keys": hit.key,
            "found": True,
        }
        for hit in finding.flat(request.actor, text, request.on, limit=OFFERED)
    ]
    return JsonResponse({"items": items})


def acts() -> list[tuple[str, str, str]]:
    """Acts of the palette: label, page, right."""
    return [
        (_("Show the tour"), "cockpit:tour", "desk.open"),
        (_("Add a task"), "programmes:task_add", "task.add"),
        (_("Import tasks from a DOCX, XLSX or CSV file"), "programmes:task_import", "task.add"),
        (_("Import organisations"), "directory:organisations_import", "directory.change"),
        (_("Import places"), "directory:places_import", "directory.change"),
        (_("Add a person"), "accounts:person_add", "person.change"),
        (_("Import people"), "accounts:people_import", "person.change"),
        (_("Add a document"), "documents:document_add", "document.change"),
    ]
