"""Blockers over the API: the bottleneck board, those of a task, and what is done about them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from ninja import Field, Query, Schema
from ninja.responses import Status

from dotpha.platform.api import ApiRequest, Clean, In, Out, Page, Paging, Times, paged
from dotpha.platform.refusals import Refused
from dotpha.programmes import actions
from dotpha.programmes.api import schemas, shapes
from dotpha.programmes.api.routing import router
from dotpha.programmes.api.writing import Number, day_said, require_somebody
from dotpha.programmes.queries import holdups, records, tasks
from dotpha.programmes.rules import holdups as rules


class TakeUpIn(In):
    until_on: str | None = Field(None, description="The day by which it is to be removed")
    note: Clean = Field("", max_length=4000, description="What is being done about it")


class BottleneckOut(Out):
    key: str = Field(description="What the filter of the list takes; `-` for no clause, or the whole country")
    name: str = Field(description="Its name in the reader's language; empty for the total and for groups of nothing")
    blockers: int = Field(description="How many blockers")
    late: int = Field(description="Of them without the answer that was due")
    tasks: int = Field(description="How many tasks they hold up, each once")
    places: int = Field(description="Provinces and communes held up")
    days: int = Field(description="Days held up, each blocker for itself")


class BottlenecksOut(Out):
    """Groups, the one that holds up the most tasks first. Money held up is not known: tasks carry no amounts."""

    items: list[BottleneckOut]
    total: BottleneckOut


class BlockersAsked(Schema):
    """What the board and the list of blockers may be asked for."""

    programme: str = Field("", max_length=200, description="Key of a programme")
    kind: str = Field("", max_length=200, description="Kind of blocker", examples=["law"])
    clause: str = Field("", max_length=200, description="Number or key of a document, #, address; `-` for none")
    body: str = Field("", max_length=200, description="Key of the organisation that can remove it")
    place: str = Field("", max_length=200, description="Key of a place, with all under it; `-` for the whole country")
    commune: str = Field("", max_length=200, description="Key of a place, without what lies under it")
    task: str = Field("", max_length=200, description="Key of a task")
    late: bool = Field(False, description="Only those without the answer that was due")
    closed: bool = Field(False, description="Those removed by that day, instead of the open ones")


@router.get("/blockers", response=Page[schemas.BlockerOut], summary="List blockers", tags=["blockers"])
def list_all_blockers(
    request: ApiRequest, asked: Query[BlockersAsked], paging: Query[Paging], times: Query[Times]
) -> dict[str, Any]:
    """Blockers of everything that the reader may see, open on a day or removed by it."""
    by = require_somebody(request)
    with times.reading() as on:
        rows = holdups.blockers(by, on, holdups.Asked(**asked.dict())).prefetch_related("steps")
        return paged(holdups.in_order(rows, asked.closed), paging, shapes.blocker)


@router.get("/summary/blockers", response=BottlenecksOut, summary="Bottleneck board", tags=["blockers"])
def read_bottlenecks(
    request: ApiRequest,
    asked: Query[BlockersAsked],
    times: Query[Times],
    by: str = Query("kind", description="kind, clause, body, place, commune or task"),
) -> dict[str, Any]:
    """What blockers hold up, by group. Every group adds up to the total; tasks and places count once in each."""
    reader = require_somebody(request)
    if by not in rules.GROUPINGS:
        raise Refused(
            "grouping_unknown",
            _("Blockers are not grouped by this. Choose from: %(groupings)s."),
            field="by",
            groupings=", ".join(rules.GROUPINGS),
        )
    with times.reading() as on:
        conditions = holdups.Asked(**asked.dict())
        rows = holdups.hold_ups(holdups.blockers(reader, on, conditions), on, conditions)
        nothing = holdups.Name("", holdups.NONE)
        items = [_flat(name or nothing, held) for name, held in holdups.groups(rows, by, conditions, on)]
        return {"items": items, "total": _flat(holdups.Name("", ""), rules.summed(rows))}


def _flat(name: holdups.Name, held: rules.Sum) -> dict[str, Any]:
    return {
        "key": name.said,
        "name": name.label,
        "blockers": held.blockers,
        "late": held.late,
        "tasks": held.tasks,
        "places": held.places,
        "days": held.days,
    }


@router.get("/tasks/{key}/blockers", response=list[schemas.BlockerOut], summary="Blockers of a task", tags=["blockers"])
def list_blockers(request: ApiRequest, key: str) -> list[dict[str, Any]]:
    """Every blocker of a task, oldest first."""
    by, on = require_somebody(request), request.today
    task = tasks.one_to_act_on(by, key, on)
    rows = records.visible_blockers(by, on).filter(task=task)
    return [shapes.blocker(each) for each in rows.prefetch_related("steps").order_by("pk")]


@router.post("/tasks/{key}/blockers", response={201: schemas.BlockerOut}, summary="Raise a blocker", tags=["blockers"])
def raise_blocker(request: ApiRequest, key: str, body: schemas.BlockerIn) -> Status[dict[str, Any]]:
    """Say what holds a task up and which body can remove it."""
    by, on = require_somebody(request), request.today
    task = tasks.one_to_act_on(by, key, on)
    asked = actions.organisation_of(body.asks_of, "asks_of") if body.asks_of else None
    blocker = actions.raise_blocker(task=task, kind=body.kind, text=body.text, asks_of=asked, by=by, on=on)
    return Status(201, shapes.blocker(blocker))


@router.post("/blockers/{id}/resolve", response=schemas.BlockerOut, summary="Close a blocker", tags=["blockers"])
def resolve_blocker(request: ApiRequest, body: schemas.ResolveIn | None = None, id: int = Number) -> dict[str, Any]:
    """Say how a blocker was removed. Those who decide name their decision when the requester does not agree."""
    by, on = require_somebody(request), request.today
    body = body or schemas.ResolveIn()
    blocker = actions.resolve_blocker(
        blocker=records.one_blocker(by, id, on),
        resolution=body.resolution or body.reason,
        decision=body.decision,
        by=by,
        on=on,
    )
    return shapes.blocker(blocker)


@router.post("/blockers/{id}/take-up", response=schemas.BlockerOut, summary="Take a blocker up", tags=["blockers"])
def take_up_blocker(request: ApiRequest, body: TakeUpIn | None = None, id: int = Number) -> dict[str, Any]:
    """The body asked, or a leader, is at work on it, and may name the day by which it is to be removed."""
    by, on = require_somebody(request), request.today
    body = body or TakeUpIn()
    blocker = actions.take_up_blocker(
        blocker=records.one_blocker(by, id, on),
        note=body.note,
        until_on=day_said(body.until_on, "until_on"),
        by=by,
        on=on,
    )
    return shapes.blocker(blocker)
