"""Search over everything, and the command palette."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from dotpha.accounts import rights
from dotpha.platform import finding
from dotpha.platform import text as words
from dotpha.platform.pages import desk_page, render, url
from dotpha.platform.registry import registry
from dotpha.programmes.queries.programmes import may_add

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
    """What the command palette offers: pages and acts this person may open whose name fits, then things by name."""
    asked = request.GET.get("q", "")[:LONGEST]
    held = rights.standings(request.actor)
    lines = [(_("Page"), str(item.label), item.url_name) for item in registry.menu if held.may(item.right)]
    lines += [(_("Act"), label, name) for label, name, right in acts() if held.may(right) and is_open(right, request)]
    fitting = [(at, line) for line in lines if (at := found_at(line[1], asked)) is not None]
    items = [
        {"kind": kind, "title": title, "url": url(name)}
        for _at, (kind, title, name) in sorted(fitting, key=lambda each: each[0])
    ]
    labels = {source.kind: str(source.label) for source in registry.search}
    items += [
        {
            "kind": " · ".join(filter(None, (labels[hit.kind], hit.excerpt[:EXCERPT]))),
            "title": hit.title,
            "url": hit.url,
        }
        for hit in finding.flat(request.actor, asked, request.on, limit=OFFERED)
    ]
    return JsonResponse({"items": items})


def is_open(right: str, request: Any) -> bool:
    """Whether there is anything to do it to: a body without a programme of its own adds no task."""
    return right != "task.add" or may_add(request.actor)


def found_at(title: str, asked: str) -> int | None:
    """Where in the title the words typed begin its words, in their order; None where they do not.

    Marks and case do not matter. "add task" is found in "Add a task", at 0.
    """
    wanted = r".*\b".join(re.escape(word) for word in words.fold(asked).split())
    found = re.search(rf"\b{wanted}", words.fold(title))
    return found.start() if found else None


def acts() -> list[tuple[str, str, str]]:
    """Acts of the palette: label, page, right."""
    return [
        (_("Show the tour"), "cockpit:tour", "desk.open"),
        (_("Add a task"), "programmes:task_add", "task.add"),
        (_("Import tasks from a DOCX, XLSX or CSV file"), "programmes:task_import", "task.add"),
        (_("Add a programme"), "programmes:programme_add", "programme.add"),
        (_("Add an organisation"), "directory:organisation_add", "directory.change"),
        (_("Import organisations"), "directory:organisations_import", "directory.change"),
        (_("Import places"), "directory:places_import", "directory.change"),
        (_("Add a person"), "accounts:person_add", "person.change"),
        (_("Import people"), "accounts:people_import", "person.change"),
        (_("Add a document"), "documents:document_add", "document.change"),
    ]
