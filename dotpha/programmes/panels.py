"""What programmes add to the pages of organisations, places, documents and provisions: their tasks."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from dotpha.accounts import rights, scopes
from dotpha.directory.models import Organisation, Place
from dotpha.documents.models import Document, Provision
from dotpha.platform.pages import past_of, url
from dotpha.platform.registry import Notes, Panel
from dotpha.programmes.models import Programme
from dotpha.programmes.queries import boards, clauses, ladder, overview, parts, tasks
from dotpha.programmes.queries.programmes import addable, visible_programmes
from dotpha.programmes.rules import ladder as ladder_rules
from dotpha.programmes.rules.breakdown import Counts

TEMPLATE = "programmes/panel.html"
SHOWN = 6


def _panel(request: Any, rows: Any, title: str, **query: str) -> dict[str, Any] | None:
    """Counts by state, the longest overdue and the next due tasks, with the way to the whole list."""
    counts = boards.counts(rows)
    past = past_of(request)
    late = list(boards.longest_overdue(rows, SHOWN)) if counts.overdue else []
    coming = list(overview.next_due(rows, request.on, SHOWN - len(late))) if len(late) < SHOWN else []
    return {
        "title": title, "counts": counts, "tasks": [*late, *coming], "past": past,
        "url": url("programmes:tasks", view="all", **query, **past), "query": query, "on": request.on,
    }  # fmt: skip


def of_organisation(request: HttpRequest, thing: Organisation) -> dict[str, Any] | None:
    """The tasks that an organisation leads on the day, parts of collective ones included."""
    asked: Any = request
    rows = tasks.visible(asked.actor, asked.on).filter(lead__organisation=thing)
    return _panel(request, rows, _("Tasks it leads"), lead=thing.key, parts="true")


def taking_part(request: HttpRequest, thing: Organisation) -> dict[str, Any] | None:
    """The tasks in which an organisation co-operates; stays away where there is none."""
    asked: Any = request
    held = Q(assignments__organisation=thing, assignments__part__in=parts.COOPERATING)
    rows = tasks.visible(asked.actor, asked.on).filter(pk__in=tasks.assigned(asked.on).filter(held).values("pk"))
    found = _panel(request, rows, _("Tasks in which it co-operates"), cooperating=thing.key)
    if found is None or not (found["counts"].assigned or found["counts"].cancelled):
        return None
    return {**found, "credit": parts.credit(thing, rows.values("pk"), asked.on)}


def of_place(request: HttpRequest, thing: Place) -> dict[str, Any] | None:
    """The tasks of a place and those that its own bodies lead."""
    asked: Any = request
    rows = tasks.visible(asked.actor, asked.on).filter(Q(place=thing) | Q(lead__organisation__place=thing))
    return _panel(request, rows, _("Tasks here"), place=thing.key, parts="true")


def of_communes(request: HttpRequest, thing: Place) -> dict[str, Any] | None:
    """The tasks of a province's communes, commune by commune; of the programme that the address names, where it names
    one, so that whoever comes from a figure of that programme goes on in it."""
    asked: Any = request
    if thing.level != Place.Level.PROVINCE:
        return None
    key = request.GET.get("programme", "")
    programme = visible_programmes(asked.actor).filter(key=key).first() if key else None
    pairs = boards.by_commune(asked.actor, asked.on, programme, thing)
    if not pairs:
        return None
    whole = sum((counts for _place, counts in pairs), Counts())
    return {"pairs": pairs, "whole": whole, "programme": programme, "past": past_of(request)}


def of_document(request: HttpRequest, thing: Document) -> dict[str, Any] | None:
    """The programmes that carry out a document, each with its counts; stays away where there is none."""
    asked: Any = request
    carried = list(visible_programmes(asked.actor).filter(document=thing))
    rows = boards.of_programme(asked.actor, asked.on, None)
    rows = rows.filter(pk__in=tasks.assigned(asked.on).filter(_of_document(thing, carried)).values("pk"))
    counts = boards.counts(rows)
    if not carried and not counts.assigned:
        return None
    found = _panel(request, rows, _("What carries it out"), programme=carried[0].key if len(carried) == 1 else "")
    return {**found, "programmes": carried} if found else None


def _of_document(thing: Document, carried: list[Programme]) -> Q:
    return (
        Q(provision__document=thing) | Q(memberships__programme__in=carried) | Q(memberships__provision__document=thing)
    )


def of_provision(request: HttpRequest, thing: Provision) -> dict[str, Any] | None:
    """The tasks that follow from a provision."""
    asked: Any = request
    held = Q(provision=thing) | Q(memberships__provision=thing)
    rows = tasks.visible(asked.actor, asked.on).filter(pk__in=tasks.assigned(asked.on).filter(held).values("pk"))
    found = _panel(request, rows, _("Tasks that follow from it"))
    return {**found, "url": "", "add_url": _add_under(asked, thing)} if found else None


def _add_under(request: Any, thing: Provision) -> str:
    """Where this person adds a task under a provision, in a programme of its document if there is one; else nothing."""
    mine = [] if request.in_past else addable(request.actor)
    of_it = next((each.key for each in mine if each.document_id == thing.document_id), "")
    return url("programmes:task_add", programme=of_it, provision=clauses.written(thing)) if mine else ""


def clauses_without_task(request: HttpRequest, thing: Document) -> dict[str, Any] | None:
    """The clauses of a document from which no task follows; only for those who see every task."""
    asked: Any = request
    if scopes.ALL not in rights.reach(asked.actor, "task.view"):
        return None
    left = clauses.without_task(asked.actor, asked.on, thing)
    return {"document": thing, "clauses": left} if left else None


def outcomes(request: HttpRequest, thing: Document) -> dict[int, Any]:
    """What each clause of a document led to, beside its wording."""
    asked: Any = request
    found = clauses.outcomes(asked.actor, asked.on, thing)
    return {pk: {"document": thing, "outcome": each} for pk, each in found.items()}


def of_task(request: HttpRequest, thing: Any) -> dict[str, Any] | None:
    """Where a task stands on the overdue ladder, since when, what was answered; stays away where it stands nowhere."""
    asked: Any = request
    found = ladder_rules.standing(tasks.task_dates(thing), asked.on)
    told = ladder.answers(thing, asked.on)
    if found is None and not told:
        return None
    now = not asked.in_past
    overdue = found is not None and found.step in ladder_rules.OVERDUE
    return {
        "task": thing, "standing": found, "answers": told, "names": ladder_rules.NAMES,
        "steps": [(step, ladder_rules.begins(step, found.due_on)) for step in ladder_rules.Step] if found else [],
        "may_acknowledge": overdue and now and rights.may(asked.actor, "ladder.acknowledge", tasks.scopes_of(thing)),
        "may_contest": overdue and now and rights.may(asked.actor, "ladder.contest", tasks.lead_scopes(thing)),
        "decided": {each.decides_id for each in told},
        "may_decide": overdue and now and rights.may(asked.actor, "ladder.decide", tasks.assigner_scopes(thing)),
        "on": asked.on,
    }  # fmt: skip


PANELS = (
    Panel("task", "task.ladder", "programmes/ladder_panel.html", of_task, 5),
    Panel("organisation", "organisation.tasks", TEMPLATE, of_organisation, 10),
    Panel("organisation", "organisation.cooperation", TEMPLATE, taking_part, 20),
    Panel("place", "place.tasks", TEMPLATE, of_place, 10),
    Panel("place", "place.communes", "programmes/communes.html", of_communes, 20),
    Panel("document", "document.tasks", TEMPLATE, of_document, 10),
    Panel("document", "document.clauses", "programmes/clauses.html", clauses_without_task, 20),
    Notes("document", "document.outcomes", "programmes/outcome.html", outcomes),
    Panel("provision", "provision.tasks", TEMPLATE, of_provision, 10),
)
