"""Parts of co-operating agencies over the API: the same queries and actions as the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Field, Query
from ninja.responses import Status

from dotpha.platform import advice
from dotpha.platform.actors import Actor
from dotpha.platform.api import ApiRequest, Clean, In, Out, Times
from dotpha.platform.refusals import Refused
from dotpha.programmes import actions
from dotpha.programmes.api import shapes
from dotpha.programmes.api.routing import router
from dotpha.programmes.api.schemas import EvidenceIn
from dotpha.programmes.api.writing import require_somebody
from dotpha.programmes.models import PartExtension, PartReport
from dotpha.programmes.queries import parts, tasks
from dotpha.programmes.queries.overview import state_of
from dotpha.programmes.queries.parts import Part
from dotpha.programmes.rows import read_date
from dotpha.programmes.rules.parts import PartState


class PartIn(In):
    organisation: str = Field(max_length=100, description="Key of the co-operating organisation")
    part: str = Field("cooperating", description="cooperating or co_lead")
    duty: Clean = Field("", max_length=4000, description="Its own part of the work")
    part_due_on: str | None = Field(None, description="Its own due date")
    part_due_text: Clean = Field(
        "", max_length=300, description="That date as a document writes it; read without a day"
    )
    may_end_later: bool = Field(False, description="It may be due after the task")
    seen: str | None = Field(None, max_length=100, description="`words` as they were read; other words are refused")


class SeenIn(In):
    seen: str | None = Field(None, max_length=100, description="`waiting` as it was read; anything else is refused")


class PartReturnIn(SeenIn):
    reason: Clean = Field("", max_length=4000, description="Why it is returned")


class PartReportIn(In):
    text: Clean = Field(max_length=10_000, description="What was done")
    percent: int | None = Field(None, ge=0, le=100, description="Without it, or with 100, the part is done")
    evidence: list[EvidenceIn] = Field(default_factory=list, max_length=100)


class PartReportOut(Out):
    id: int
    state: str = Field(description="waiting, replaced by a later one, confirmed or returned")
    text: str
    percent: int | None
    reported_on: date
    confirmed_on: date | None
    returned_on: date | None
    return_reason: str
    evidence: list[dict[str, Any]]


class PartExtensionOut(Out):
    """A later day asked for a part. `state`: open, granted, refused, withdrawn, or not_needed
    while the part stands reported as done."""

    id: int
    state: str
    was_due_on: date
    new_due_on: date | None
    asked_due_on: date | None
    days_added: int | None
    late_request: bool
    reason_kind: str
    reason: str
    requested_on: date
    granted_on: date | None
    refused_on: date | None
    withdrawn_on: date | None
    answer: str


class PartOut(Out):
    organisation: str
    organisation_name: str
    part: str
    duty: str
    part_due_on: date | None
    part_due_text: str
    from_on: date
    until_on: date | None
    set_on: date | None
    confirmed_on: date | None
    returned_on: date | None
    return_reason: str
    state: str = Field(description="open, reported or confirmed")
    late: bool = Field(description="By its own due date; the task's state knows nothing of it")
    waits_for: str | None = Field(description="lead, cooperating or null: whose turn it is")
    words: str = Field(description="Names the words of the part; to be given when they are changed")
    waiting: str = Field(description="Names what waits for an answer; to be given with the answer; empty for nothing")
    extensions: list[PartExtensionOut]
    reports: list[PartReportOut]


def _report(row: PartReport, outcome: str, on: date) -> dict[str, Any]:
    returned_on = shapes.by_then(row.returned_on, on)
    return {
        "id": row.pk,
        "state": outcome,
        "text": row.text,
        "percent": row.percent,
        "reported_on": row.reported_on,
        "confirmed_on": shapes.by_then(row.confirmed_on, on),
        "returned_on": returned_on,
        "return_reason": row.return_reason if returned_on else "",
        "evidence": [shapes.evidence(each) for each in row.evidence.all()],
    }


def _extension(row: PartExtension, found: Part) -> dict[str, Any]:
    said = shapes.requested(row, found.on)
    said["state"] = state_of(row, found.on, is_done=found.state is not PartState.OPEN)
    added = (said["new_due_on"] - row.was_due_on).days if said["new_due_on"] else None
    return {**said, "was_due_on": row.was_due_on, "days_added": added, "late_request": row.is_late_request}


def _part(found: Part, extensions: Sequence[PartExtension]) -> dict[str, Any]:
    row, on = found.assignment, found.on
    returned_on = shapes.by_then(row.returned_on, on)
    return {
        "organisation": found.organisation.key,
        "organisation_name": found.organisation.title.text,
        "part": row.part,
        "duty": row.duty,
        "part_due_on": row.part_due_on,
        "part_due_text": row.part_due_text or "",  # rows kept before parts had words know none
        "from_on": row.from_on,
        "until_on": shapes.by_then(row.until_on, on),
        "set_on": shapes.by_then(row.set_on, on),
        "confirmed_on": shapes.by_then(row.confirmed_on, on),
        "returned_on": returned_on,
        "return_reason": row.return_reason if returned_on else "",
        "state": found.state,
        "late": found.is_late,
        "waits_for": found.waits_for,
        "words": parts.words_mark(row),
        "waiting": found.mark,
        "extensions": [_extension(each, found) for each in extensions],
        "reports": [_report(each, outcome, on) for each, outcome in reversed(found.told)],
    }


def _parts(by: Actor, key: str, on: date) -> list[dict[str, Any]]:
    task = tasks.one_to_act_on(by, key, on)
    assignments = task.assignments.select_related("organisation").order_by("pk")
    extensions = parts.extensions(task, on)
    found = parts.of_task(task, assignments, on, tasks.task_dates(task).ended_on)
    return [_part(each, extensions.get(each.organisation.pk, [])) for each in found]


def one_part(request: ApiRequest, key: str, organisation: str) -> dict[str, Any]:
    """An agency's part of a task as it is now."""
    found = _parts(request.actor, key, request.today)
    return next(each for each in found if each["organisation"] == organisation)


def given_of(request: ApiRequest, key: str, organisation: str) -> dict[str, Any]:
    """What every change of a part is called with; an organisation that nobody knows is not found."""
    by, on = require_somebody(request), request.today
    task = tasks.one_to_act_on(by, key, on)
    held = task.assignments.filter(organisation__key=organisation).select_related("organisation__place").first()
    if held is None:
        raise Refused("not_found", _("This agency has no part in the task."), do=advice.LIST, status=404)
    return {"task": task, "organisation": held.organisation, "by": by, "on": on}


@router.get("/tasks/{key}/parts", response=list[PartOut], summary="Parts of co-operating agencies", tags=["parts"])
def list_parts(request: ApiRequest, key: str, times: Query[Times]) -> list[dict[str, Any]]:
    """Each co-operating agency's own part with its reports, as they stood at the end of a day."""
    by = require_somebody(request)
    with times.reading() as on:
        return _parts(by, key, on)


@router.post("/tasks/{key}/parts", response={201: PartOut}, summary="Set an agency's part", tags=["parts"])
def set_part(request: ApiRequest, key: str, body: PartIn) -> Status[dict[str, Any]]:
    """Name a co-operating agency with its own part of the work and due date, or change them. It confirms them."""
    by, on = require_somebody(request), request.today
    actions.set_part(
        task=tasks.one_to_act_on(by, key, on),
        organisation=actions.organisation_of(body.organisation, "organisation"),
        part=body.part,
        duty=body.duty,
        part_due_on=read_date(body.part_due_on, "part_due_on") if body.part_due_on else None,
        part_due_text=body.part_due_text,
        may_end_later=body.may_end_later,
        seen=body.seen,
        by=by,
        on=on,
    )
    return Status(201, one_part(request, key, body.organisation))


@router.post(
    "/tasks/{key}/parts/{organisation}/report", response={201: PartOut}, summary="Report on a part", tags=["parts"]
)
def report_part(request: ApiRequest, key: str, organisation: str, body: PartReportIn) -> Status[dict[str, Any]]:
    """What the agency did of its own part. Its day counts, however late it is confirmed."""
    evidence = tuple(actions.EvidenceRow(**each.dict()) for each in body.evidence)
    given = given_of(request, key, organisation)
    actions.report_part(**given, text=body.text, percent=body.percent, evidence=evidence)
    return Status(201, one_part(request, key, organisation))


@router.post("/tasks/{key}/parts/{organisation}/confirm", response=PartOut, summary="Confirm a part", tags=["parts"])
def confirm_part(request: ApiRequest, key: str, organisation: str, body: SeenIn | None = None) -> dict[str, Any]:
    """Confirm what waits: the lead agency a report, the agency itself the part set for it."""
    actions.confirm_part(**given_of(request, key, organisation), seen=body.seen if body else None)
    return one_part(request, key, organisation)


@router.post("/tasks/{key}/parts/{organisation}/return", response=PartOut, summary="Return a part", tags=["parts"])
def return_part(request: ApiRequest, key: str, organisation: str, body: PartReturnIn | None = None) -> dict[str, Any]:
    """Send back what waits, with a reason."""
    said = body or PartReturnIn()
    actions.return_part(**given_of(request, key, organisation), reason=said.reason, seen=said.seen)
    return one_part(request, key, organisation)
