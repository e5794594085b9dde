"""Later days of agencies' own parts over the API: asked for, decided, taken back."""

from __future__ import annotations

from typing import Any

from ninja import Field
from ninja.responses import Status

from dotpha.platform.api import ApiRequest, Clean, In
from dotpha.programmes import actions
from dotpha.programmes.api.parts import PartOut, given_of, one_part
from dotpha.programmes.api.routing import router
from dotpha.programmes.api.schemas import GrantIn, ReasonIn
from dotpha.programmes.api.writing import Number, day_said, due_said, require_somebody
from dotpha.programmes.models import PartExtension
from dotpha.programmes.queries import records


class PartExtensionIn(In):
    new_due_on: str
    reason: Clean = Field("", max_length=4000)
    reason_kind: str = "other"


class PartGrantIn(GrantIn):
    may_end_later: bool = Field(False, description="The part may be due after the task")


def _shown(request: ApiRequest, extension: PartExtension) -> dict[str, Any]:
    return one_part(request, extension.task.key, extension.organisation.key)


@router.post(
    "/tasks/{key}/parts/{organisation}/extensions",
    response={201: PartOut},
    summary="Ask for a later day of a part",
    tags=["parts"],
)
def request_part_extension(
    request: ApiRequest, key: str, organisation: str, body: PartExtensionIn
) -> Status[dict[str, Any]]:
    """The agency asks; those who set its part decide. The day in force holds until then."""
    given = given_of(request, key, organisation)
    new_due_on = due_said(body.new_due_on)
    actions.request_part_extension(**given, new_due_on=new_due_on, reason=body.reason, reason_kind=body.reason_kind)
    return Status(201, one_part(request, key, organisation))


@router.post("/part-extensions/{id}/grant", response=PartOut, summary="Grant a later day of a part", tags=["parts"])
def grant_part_extension(request: ApiRequest, body: PartGrantIn | None = None, id: int = Number) -> dict[str, Any]:
    """Grant a request of the other side, from today on; with `new_due_on` another day than the one asked for."""
    by, on = require_somebody(request), request.today
    said = body or PartGrantIn()
    extension = actions.grant_part_extension(
        extension=records.one_part_extension(by, id, on),
        answer=said.reason,
        new_due_on=day_said(said.new_due_on, "new_due_on"),
        may_end_later=said.may_end_later,
        by=by,
        on=on,
    )
    return _shown(request, extension)


@router.post("/part-extensions/{id}/refuse", response=PartOut, summary="Refuse a later day of a part", tags=["parts"])
def refuse_part_extension(request: ApiRequest, body: ReasonIn | None = None, id: int = Number) -> dict[str, Any]:
    """Leave the day of the part where it is, with a reason."""
    by, on = require_somebody(request), request.today
    extension = records.one_part_extension(by, id, on)
    answer = body.reason if body else ""
    return _shown(request, actions.refuse_part_extension(extension=extension, answer=answer, by=by, on=on))


@router.post(
    "/part-extensions/{id}/withdraw", response=PartOut, summary="Withdraw a request for a part", tags=["parts"]
)
def withdraw_part_extension(request: ApiRequest, id: int = Number) -> dict[str, Any]:
    """Take a request back before it is decided."""
    by, on = require_somebody(request), request.today
    extension = records.one_part_extension(by, id, on)
    return _shown(request, actions.withdraw_part_extension(extension=extension, by=by, on=on))
