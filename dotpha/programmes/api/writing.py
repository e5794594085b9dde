"""Changing tasks, reports and extensions over the API: one action each."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Path
from ninja.responses import Status

from dotpha.accounts import rights
from dotpha.platform.actors import Actor
from dotpha.platform.api import ApiRequest
from dotpha.platform.refusals import Refused
from dotpha.programmes import actions
from dotpha.programmes.api import schemas, shapes
from dotpha.programmes.api.cells import row_of
from dotpha.programmes.api.routing import router
from dotpha.programmes.queries import lists, programmes, records, tasks
from dotpha.programmes.rows import read_date

Number = Path(..., ge=1, le=2**62)


def require_somebody(request: ApiRequest) -> Actor:
    """Who asks for a change; a stranger is asked to sign in."""
    if not request.actor.key:
        raise Refused("sign_in", _("Sign in, or send a valid token."), status=401)
    return request.actor


def _shown(request: ApiRequest, key: str) -> dict[str, Any]:
    on = request.today
    with rights.asked_once():  # after the change: whoever reads what it led to asks anew, once
        return shapes.task_detail(lists.one(request.actor, key, on), on)


def day_said(said: str | None, field: str) -> date | None:
    """The day that a body gives in a field; None for none."""
    return read_date(said, field) if said else None


def due_said(said: str) -> date:
    """The new due date that a body asks for, which it must name."""
    day = read_date(said, "new_due_on")
    if day is None:
        raise Refused("due_missing", _("Give the due date."), field="new_due_on")
    return day


@router.post("/programmes/{key}/tasks", response={201: schemas.TaskDetailOut}, summary="Add a task")
def add_task(request: ApiRequest, key: str, body: schemas.TaskIn) -> Status[dict[str, Any]]:
    """Add a task to a programme. The body has the columns of a task register."""
    by, on = require_somebody(request), request.today
    programme = programmes.one_programme(by, key)
    task = actions.add_task(programme=programme, row=row_of(body, body.key), by=by, on=on)
    return Status(201, _shown(request, task.key))


@router.patch("/tasks/{key}", response=schemas.TaskDetailOut, summary="Change a task")
def change_task(request: ApiRequest, key: str, body: schemas.TaskPatchIn) -> dict[str, Any]:
    """Change the columns that the body names. With `version`, what somebody else changed meanwhile is refused.

    The wording, the lead and the products of a published task change only with `reason` and `document`, the document
    that permits it. Without both, only whoever entered the task corrects the entry, on the day of the entry and
    before anybody has accepted, disputed or reported. Other columns need neither.
    """
    by, on = require_somebody(request), request.today
    task = tasks.one_to_act_on(by, key, on)
    actions.change_task(
        task=task,
        row=row_of(body, key),
        version=body.version,
        reason=body.reason,
        document=body.document,
        by=by,
        on=on,
    )
    return _shown(request, key)


@router.get("/tasks/{key}/reports", response=list[schemas.ReportOut], summary="Reports of a task", tags=["reports"])
def list_reports(request: ApiRequest, key: str) -> list[dict[str, Any]]:
    """Every report of a task, oldest first."""
    by, on = require_somebody(request), request.today
    task = tasks.one_to_act_on(by, key, on)
    return [shapes.report(each) for each in records.visible_reports(by, on).filter(task=task)]


@router.post(
    "/tasks/{key}/reports", response={201: schemas.ReportOut}, summary="Draft a progress report", tags=["reports"]
)
def draft_report(request: ApiRequest, key: str, body: schemas.ReportIn) -> Status[dict[str, Any]]:
    """A draft of the lead agency. A completion names its day and evidence for each promised product."""
    by, on = require_somebody(request), request.today
    task = tasks.one_to_act_on(by, key, on)
    evidence = tuple(actions.EvidenceRow(**each.dict()) for each in body.evidence)
    completed_on = day_said(body.completed_on, "completed_on")
    said = body.dict(exclude={"evidence", "completed_on"})
    row = actions.ReportRow(**said, completed_on=completed_on, evidence=evidence)
    report = actions.draft_report(task=task, row=row, by=by, on=on)
    return Status(201, shapes.report(records.one_report(by, report.pk, on)))


@router.get("/reports/{id}", response=schemas.ReportOut, summary="Read a report", tags=["reports"])
def read_report(request: ApiRequest, id: int = Number) -> dict[str, Any]:
    """A report with its evidence."""
    return shapes.report(records.one_report(require_somebody(request), id, request.today))


@router.post("/reports/{id}/submit", response=schemas.ReportOut, summary="Submit a report", tags=["reports"])
def submit_report(request: ApiRequest, body: schemas.ReasonIn | None = None, id: int = Number) -> dict[str, Any]:
    """Hand a draft or a returned report to the approver."""
    by, on = require_somebody(request), request.today
    actions.submit_report(report=records.one_report(by, id, on), by=by, on=on)
    return shapes.report(records.one_report(by, id, on))


@router.post("/reports/{id}/approve", response=schemas.ReportOut, summary="Approve a report", tags=["reports"])
def approve_report(request: ApiRequest, body: schemas.ApproveIn | None = None, id: int = Number) -> dict[str, Any]:
    """Approve a report of somebody else. All products are confirmed unless `products` says otherwise."""
    by, on = require_somebody(request), request.today
    body = body or schemas.ApproveIn()
    confirmed = {each.id: each.confirmed for each in body.products}
    report = records.one_report(by, id, on)
    actions.approve_report(report=report, confirmed=confirmed, reason=body.reason, by=by, on=on)
    return shapes.report(records.one_report(by, id, on))


@router.post("/reports/{id}/return", response=schemas.ReportOut, summary="Return a report", tags=["reports"])
def return_report(request: ApiRequest, body: schemas.ReasonIn | None = None, id: int = Number) -> dict[str, Any]:
    """Send a report back with a reason."""
    by, on = require_somebody(request), request.today
    reason = body.reason if body else ""
    actions.return_report(report=records.one_report(by, id, on), reason=reason, by=by, on=on)
    return shapes.report(records.one_report(by, id, on))


@router.post(
    "/tasks/{key}/extensions", response={201: schemas.ExtensionOut}, summary="Ask for an extension", tags=["extensions"]
)
def request_extension(request: ApiRequest, key: str, body: schemas.ExtensionIn) -> Status[dict[str, Any]]:
    """Ask for a later due date. The old one holds until the request is granted."""
    by, on = require_somebody(request), request.today
    extension = actions.request_extension(
        task=tasks.one_to_act_on(by, key, on),
        new_due_on=due_said(body.new_due_on),
        reason=body.reason,
        reason_kind=body.reason_kind,
        document=body.document,
        by=by,
        on=on,
    )
    return Status(201, shapes.extension(extension, on))


@router.post("/extensions/{id}/grant", response=schemas.ExtensionOut, summary="Grant an extension", tags=["extensions"])
def grant_extension(request: ApiRequest, body: schemas.GrantIn | None = None, id: int = Number) -> dict[str, Any]:
    """Grant a request of somebody else, from today on; with `new_due_on` another day than the one asked for."""
    by, on = require_somebody(request), request.today
    body = body or schemas.GrantIn()
    extension = actions.grant_extension(
        extension=records.one_extension(by, id, on),
        answer=body.reason,
        new_due_on=day_said(body.new_due_on, "new_due_on"),
        by=by,
        on=on,
    )
    return shapes.extension(extension, on)


@router.post(
    "/extensions/{id}/refuse", response=schemas.ExtensionOut, summary="Refuse an extension", tags=["extensions"]
)
def refuse_extension(request: ApiRequest, body: schemas.ReasonIn | None = None, id: int = Number) -> dict[str, Any]:
    """Leave the due date where it is, with a reason."""
    by, on = require_somebody(request), request.today
    extension = records.one_extension(by, id, on)
    answer = body.reason if body else ""
    return shapes.extension(actions.refuse_extension(extension=extension, answer=answer, by=by, on=on), on)


@router.post(
    "/extensions/{id}/withdraw", response=schemas.ExtensionOut, summary="Withdraw a request", tags=["extensions"]
)
def withdraw_extension(request: ApiRequest, body: schemas.ReasonIn | None = None, id: int = Number) -> dict[str, Any]:
    """Take a request back before it is decided."""
    by, on = require_somebody(request), request.today
    extension = records.one_extension(by, id, on)
    reason = body.reason if body else ""
    return shapes.extension(actions.withdraw_extension(extension=extension, reason=reason, by=by, on=on), on)
