"""Who am I, for programs; requests about one's own data, made and answered as on the pages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator

from dotpha.accounts import personal, queries, rights, scopes
from dotpha.accounts.actions import data_requests as acts
from dotpha.accounts.models import DataRequest, User
from dotpha.platform import advice, days
from dotpha.platform.api import ApiRequest, Clean, In, Page, Paging, Times, paged
from dotpha.platform.refusals import Refused

router = Router(tags=["people"])


class StandingOut(Schema):
    role: str
    scope: str
    programme: str
    holder: str


class MeOut(Schema):
    username: str
    name: str
    roles: list[StandingOut]


class DataRequestOut(Schema):
    """A request about own data, how far it is, and what was answered."""

    id: int
    username: str
    kind: str = Field(examples=["correction"])
    text: str
    made_on: date
    state: str = Field(description="new until the first reply, in_hand until the end, then completed or refused")
    due_on: date | None
    complete_by: date
    late: bool
    replied_on: date | None
    reply: str
    extended_by: int
    extension_reason: str
    ended_on: date | None
    answer: str
    kept: str


class DataRequestIn(In):
    """A request about one's own data."""

    kind: str = Field(description="access, correction, withdrawal, restriction, objection or erasure")
    text: Clean = ""


class PaperRequestIn(DataRequestIn):
    """A request that came on paper."""

    username: str
    made_on: Annotated[date, AfterValidator(days.of_calendar)] | None = None


class ReplyIn(In):
    """The first reply."""

    reply: Clean


class RequestExtensionIn(In):
    """More days, once."""

    days: int = Field(ge=1, le=15)
    reason: Clean


class RequestRefusalIn(In):
    """Why a request is refused."""

    answer: Clean


class RequestAnswerIn(In):
    """What was done."""

    answer: Clean
    kept: Clean = ""


@router.get("/me", response=MeOut, summary="The person behind this token, and the roles held today")
def me(request: ApiRequest) -> dict[str, Any]:
    """`holder` names for whom a role is held while it is lent."""
    person = _person(request)
    held = rights.standings(request.actor).held
    roles = [{"role": e.role, "scope": e.scope, "programme": e.programme, "holder": e.holder} for e in held]
    return {"username": person.username, "name": request.actor.name, "roles": roles}


@router.get("/me/data", response=dict[str, Any], summary="Take a copy of everything held of oneself")
def own_copy(request: ApiRequest, times: Query[Times]) -> dict[str, Any]:
    """The same as the copy of the page *My data*; of secrets only that they are there. It holds what is kept now: a
    day or moment in the past is refused."""
    if times.as_of or times.known_at:
        field = "as_of" if times.as_of else "known_at"
        raise Refused("copy_of_now", _("This copy holds what is kept of you now."), do=advice.NO_PAST, field=field)
    return personal.copy_of(_person(request))


@router.get("/me/data-requests", response=Page[DataRequestOut], summary="List one's own requests about own data")
def own_requests(request: ApiRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The newest first."""
    rows = _person(request).data_requests.select_related("user").order_by("-made_on", "-pk")
    return paged(rows, paging, lambda row: request_out(row, request.today))


@router.post("/me/data-requests", response={201: DataRequestOut}, summary="Ask about one's own data")
def ask(request: ApiRequest, body: DataRequestIn) -> tuple[int, dict[str, Any]]:
    """One open request of each kind at a time."""
    made = acts.make_request(user=_person(request), kind=body.kind, text=body.text, by=request.actor, on=request.today)
    return 201, request_out(made, request.today)


@router.get("/data-requests", response=Page[DataRequestOut], summary="List requests about own data of everybody")
def list_requests(
    request: ApiRequest,
    paging: Query[Paging],
    state: Literal["open", "late", "completed", "refused"] = "open",
    kind: Literal["access", "correction", "withdrawal", "restriction", "objection", "erasure"] | None = None,
) -> dict[str, Any]:
    """For administrators. Of those that wait, what is due first; of those that have ended, the newest."""
    rights.require(request.actor, "person.change", [scopes.ALL])
    found = list(queries.data_requests(state, kind or "", request.today))
    begin = (paging.page - 1) * paging.page_size
    items = [request_out(row, request.today) for row in found[begin : begin + paging.page_size]]
    return {"items": items, "count": len(found), "page": paging.page, "page_size": paging.page_size}


@router.post("/data-requests", response={201: DataRequestOut}, summary="Record a request that came on paper")
def record_paper(request: ApiRequest, body: PaperRequestIn) -> tuple[int, dict[str, Any]]:
    """`made_on`: the day on which it was received, today unless told."""
    rights.require(request.actor, "person.change", [scopes.ALL])
    user = queries.by_name(body.username, "username")
    made = acts.make_request(
        user=user, kind=body.kind, text=body.text, made_on=body.made_on, by=request.actor, on=request.today
    )
    return 201, request_out(made, request.today)


@router.get("/data-requests/{id}", response=DataRequestOut, summary="Read a request about own data")
def read_request(request: ApiRequest, id: int) -> dict[str, Any]:
    """For administrators."""
    return request_out(_one(request, id), request.today)


@router.post("/data-requests/{id}/reply", response=DataRequestOut, summary="Give the first reply")
def reply(request: ApiRequest, id: int, body: ReplyIn) -> dict[str, Any]:
    """Due within two working days."""
    done = acts.reply_to_request(request=_one(request, id), reply=body.reply, by=request.actor, on=request.today)
    return request_out(done, request.today)


@router.post("/data-requests/{id}/extend", response=DataRequestOut, summary="Take more days, once")
def extend(request: ApiRequest, id: int, body: RequestExtensionIn) -> dict[str, Any]:
    """At most 15 days, with the reason that the person reads."""
    done = acts.extend_request(
        request=_one(request, id), days=body.days, reason=body.reason, by=request.actor, on=request.today
    )
    return request_out(done, request.today)


@router.post("/data-requests/{id}/complete", response=DataRequestOut, summary="Complete a request")
def complete(request: ApiRequest, id: int, body: RequestAnswerIn) -> dict[str, Any]:
    """An erasure is carried out by this, and cannot be undone."""
    done = acts.complete_request(
        request=_one(request, id), answer=body.answer, kept=body.kept, by=request.actor, on=request.today
    )
    return request_out(done, request.today)


@router.post("/data-requests/{id}/refuse", response=DataRequestOut, summary="Refuse a request, with the reason")
def refuse(request: ApiRequest, id: int, body: RequestRefusalIn) -> dict[str, Any]:
    """Nothing is done of what it asks for."""
    done = acts.refuse_request(request=_one(request, id), answer=body.answer, by=request.actor, on=request.today)
    return request_out(done, request.today)


def request_out(row: DataRequest, on: date) -> dict[str, Any]:
    """A request as the API shows it on a day."""
    clock = row.clock
    told = {
        name: getattr(row, name)
        for name in ("id", "kind", "text", "made_on", "replied_on", "reply", "extended_by", "extension_reason",
                     "ended_on", "answer", "kept")
    }  # fmt: skip
    derived = {
        "state": clock.state,
        "due_on": clock.due_on,
        "complete_by": clock.complete_by,
        "late": clock.is_late(on),
    }
    return {**told, **derived, "username": row.user.username}


def _person(request: ApiRequest) -> User:
    """Who asks, as a person; refuses everybody else."""
    if request.actor.user_id is None:
        raise Refused("sign_in", _("Sign in, or send a valid token."), status=401)
    return User.objects.get(pk=request.actor.user_id)


def _one(request: ApiRequest, number: int) -> DataRequest:
    """A request, for whoever may answer it; nobody else learns whether it is there."""
    rights.require(request.actor, "person.change", [scopes.ALL])
    return get_object_or_404(DataRequest.objects.select_related("user"), pk=number)
