"""Programmes: the list, the page of one, publishing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dotpha.accounts import rights
from dotpha.documents.models import Document
from dotpha.platform import exports
from dotpha.platform.pages import desk_page, past_of, render
from dotpha.programmes import actions
from dotpha.programmes.models import Programme
from dotpha.programmes.queries import boards, overview, targets, told
from dotpha.programmes.queries.programmes import history, one_programme, visible_programmes, with_counts
from dotpha.programmes.rules.breakdown import Counts
from dotpha.programmes.rules.clarity import NAMES as CLARITIES
from dotpha.programmes.views.boards import board

SHOWN = 8


@desk_page("GET")
def programmes(request: Any) -> HttpResponseBase:
    """Programmes and plans this person may see, each with its counts; plans under their programme."""
    rows = list(with_counts(visible_programmes(request.actor), request.on).order_by("from_on", "key"))
    counted = boards.counts_by(boards.of_programme(request.actor, request.on, None), "memberships__programme_id")
    seen = {each.pk for each in rows}
    upper = [each for each in rows if each.parent_id not in seen]
    under: dict[int | None, list[Programme]] = {}
    for each in rows:
        if each.parent_id in seen:
            under.setdefault(each.parent_id, []).append(each)
    lines = [
        (each, depth) for top in upper for each, depth in [(top, 0), *((child, 1) for child in under.get(top.pk, []))]
    ]
    deeper = [(each, 1) for each in rows if each not in [line for line, _depth in lines]]
    shown = [(each, depth, counted.get(each.pk, Counts())) for each, depth in [*lines, *deeper]]
    documents = told.documents_of(request.actor, rows)
    if request.GET.get("export"):
        return programmes_export(request, [(each, count) for each, _depth, count in shown], documents)
    page = {"lines": shown, "documents": documents, "past": past_of(request)}
    return render(request, "programmes/programmes.html", page)


def programmes_export(
    request: Any, rows: list[tuple[Programme, Counts]], documents: dict[int, Document]
) -> HttpResponseBase:
    """The list of programmes, one a row, with the counts of their tasks."""
    columns = {
        "key": _("Key"), "title": _("Programme"), "kind": _("Kind"), "document": _("Root document"),
        "from_on": _("From"), "until_on": _("Until"), "targets": _("Targets"), "assigned": _("Tasks"),
        "done_on_time": _("done on time"), "done_late": _("done late"), "in_time": _("in time"),
        "overdue": _("overdue"), "cancelled": _("cancelled"), "published": _("Public"),
    }  # fmt: skip
    found = [
        [
            each.key, each.heading.text, each.get_kind_display(), named(documents.get(each.pk)),
            each.from_on, each.until_on, each.whole_targets, count.assigned,  # type: ignore[attr-defined]
            count.done_on_time, count.done_late, count.in_time, count.overdue, count.cancelled,
            _("published") if each.published_at else _("not yet"),
        ]
        for each, count in rows
    ]  # fmt: skip
    return exports.answer(request, "programmes", _("Programmes"), columns, found)


def named(document: Document | None) -> str:
    """The number of a document, else its key; empty for one that the reader may not know of."""
    return (document.number or document.key) if document else ""


@desk_page("GET", "POST")
def programme(request: Any, key: str) -> HttpResponse:
    """A programme at a glance: who is late, what comes next, what is not clear. The office publishes it."""
    found = one_programme(request.actor, key)
    if request.method == "POST":
        actions.publish_programme(programme=found, by=request.actor)
        messages.success(request, _("The programme is published: everybody can read it and its tasks."))
        return redirect("programmes:programme", key)
    return render(request, "programmes/programme.html", programme_page(request, found))


def programme_page(request: Any, found: Programme) -> dict[str, Any]:
    """What the page of a programme shows, in a constant number of queries."""
    by, on = request.actor, request.on
    rows, shown = board(request, found)
    issued = boards.of_programme(by, on, found)
    clear, number = overview.clarity(issued)
    layers = list(with_counts(visible_programmes(by).filter(parent=found), on))
    held = rights.standings(by)
    return {
        "programme": found,
        "document": told.documents_of(by, [found]).get(found.pk),
        **shown,
        "longest": list(boards.longest_overdue(rows, SHOWN)),
        "coming": list(overview.next_due(rows, on, SHOWN)),
        "tabs": overview.views(overview.flagged(issued, on, overview.COUNTED)),
        "clarities": [(CLARITIES[each], have, number) for each, have in clear.items()],
        "clarity_share": 100 * sum(clear.values()) / (len(clear) * number) if number else None,
        "collective": overview.collective(by, on, found),
        "layers": layers,
        "target_years": targets.by_year(found, on),
        "extended": overview.by_agency(overview.ledger(by, on).filter(task__memberships__programme=found), on)[:SHOWN],
        "blockers": list(overview.blockers(by, on, found)[:SHOWN]),
        "events": history(found, on),
        "may_publish": held.may("programme.publish", found.scopes) and not found.published_at and not request.in_past,
        "may_add": held.may("task.add", found.scopes) and not request.in_past,
        "may_change": held.may("programme.change", found.scopes) and not request.in_past,
    }
