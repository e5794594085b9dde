"""Personal action programmes over the API: the same queries and actions as the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Field, Query
from ninja.responses import Status

from dotpha.platform import advice
from dotpha.platform.actors import Actor
from dotpha.platform.api import ApiRequest, Clean, In, Out, Page, Paging, Times, paged
from dotpha.platform.refusals import Refused
from dotpha.programmes import actions
from dotpha.programmes.api.routing import router
from dotpha.programmes.api.writing import Number, day_said, require_somebody
from dotpha.programmes.models import PersonalProgramme
from dotpha.programmes.queries import personal as queries
from dotpha.programmes.queries import programmes, tasks

TAGS = ["personal"]


class PersonalIn(In):
    programme: str = Field(max_length=80, description="Key of the programme it stands under")
    post: int = Field(ge=1, le=2**31, description="Number of the member's post")
    from_on: str = Field(max_length=10, description="The first day")
    until_on: str | None = Field(None, max_length=10, description="The last day")
    tasks: list[str] | None = Field(None, max_length=500, description="Keys; without them all the post answers for")


class PersonalDecisionIn(In):
    document: Clean = Field("", max_length=200, description="The document that adopts it")
    reason: Clean = Field("", max_length=4000, description="Why it is returned")


class PersonalOut(Out):
    id: int
    programme: str
    post: int = Field(description="Number of the member's post")
    post_name: str = Field(description="The post in the reader's language")
    organisation: str = Field(description="Key of the organisation that the post belongs to")
    from_on: date
    until_on: date | None
    state: str = Field(description="draft, submitted, adopted or replaced, on the day asked about")
    version: int


class PersonalDetailOut(PersonalOut):
    tasks: list[dict[str, Any]] = Field(description="Key, state and due date of each task that the reader may see")
    left_out: list[str] = Field(description="Keys of tasks the post is accountable for that do not stand in it")
    hidden: int = Field(description="How many of its tasks the reader may not see")
    steps: list[dict[str, Any]] = Field(description="Submitted, returned, adopted: kind, day, reason, document")


def _row(found: PersonalProgramme, state: str) -> dict[str, Any]:
    return {
        "id": found.pk,
        "programme": found.programme.key,
        "post": found.post_id,
        "post_name": str(found.post),
        "organisation": found.post.organisation.key,
        "from_on": found.from_on,
        "until_on": found.until_on,
        "state": state,
        "version": found.version,
    }


def _detail(by: Actor, number: int, on: date) -> dict[str, Any]:
    found = queries.one(by, number)
    content = queries.content(by, on, found)
    return {
        **_row(found, queries.states([found], on)[found.pk]),
        "tasks": [{"key": each.key, "state": each.state, "due_on": each.due_on} for each in content.lines],
        "left_out": [each.key for each in content.left_out],
        "hidden": content.hidden,
        "steps": [
            {"kind": each.kind, "on": each.on, "reason": each.reason, "document": each.document}
            for each in found.steps.filter(on__lte=on).order_by("pk")
        ],
    }


@router.get("/personal-programmes", response=Page[PersonalOut], summary="List personal programmes", tags=TAGS)
def list_personal(request: ApiRequest, paging: Query[Paging], times: Query[Times]) -> dict[str, Any]:
    """The personal action programmes that the reader may see, the latest first."""
    by = require_somebody(request)
    with times.reading() as on:
        page = paged(queries.listed(by, on), paging)
        states = queries.states(page["items"], on)
        return {**page, "items": [_row(each, states[each.pk]) for each in page["items"]]}


@router.get("/personal-programmes/{id}", response=PersonalDetailOut, summary="Read a personal programme", tags=TAGS)
def read_personal(request: ApiRequest, times: Query[Times], id: int = Number) -> dict[str, Any]:
    """One personal action programme with its tasks and steps."""
    by = require_somebody(request)
    with times.reading() as on:
        return _detail(by, id, on)


@router.post("/personal-programmes", response={201: PersonalDetailOut}, summary="Add a personal programme", tags=TAGS)
def add_personal(request: ApiRequest, body: PersonalIn) -> Status[dict[str, Any]]:
    """A draft for a post under a programme, with the tasks named, or all that the post is accountable for."""
    by, on = require_somebody(request), request.today
    programme = programmes.one_programme(by, body.programme)
    post = queries.posts_to_write_for(by).filter(pk=body.post).first()
    if post is None:
        raise Refused(
            "not_found", _("There is nothing here under this number."), do=advice.FIND, field="post", status=404
        )
    first = day_said(body.from_on, "from_on")
    if first is None:
        raise Refused("day_missing", _("Give the first day."), field="from_on")
    chosen = (
        list(queries.candidates(by, on, programme, post))
        if body.tasks is None
        else [tasks.one_to_act_on(by, key, on) for key in body.tasks]
    )
    made = actions.add_personal_programme(
        programme=programme, post=post, from_on=first, until_on=day_said(body.until_on, "until_on"),
        tasks=chosen, by=by, on=on,
    )  # fmt: skip
    return Status(201, _detail(by, made.pk, on))


@router.post("/personal-programmes/{id}/submit", response=PersonalDetailOut, summary="Submit it", tags=TAGS)
def submit_personal(request: ApiRequest, id: int = Number) -> dict[str, Any]:
    """Put a draft before those who adopt it."""
    by, on = require_somebody(request), request.today
    actions.submit_personal_programme(personal=queries.one(by, id), by=by, on=on)
    return _detail(by, id, on)


@router.post("/personal-programmes/{id}/adopt", response=PersonalDetailOut, summary="Adopt it", tags=TAGS)
def adopt_personal(request: ApiRequest, body: PersonalDecisionIn, id: int = Number) -> dict[str, Any]:
    """Adopt what was submitted, by a document. It replaces the one adopted before."""
    by, on = require_somebody(request), request.today
    actions.adopt_personal_programme(personal=queries.one(by, id), document=body.document, by=by, on=on)
    return _detail(by, id, on)


@router.post("/personal-programmes/{id}/return", response=PersonalDetailOut, summary="Return it", tags=TAGS)
def return_personal(request: ApiRequest, body: PersonalDecisionIn, id: int = Number) -> dict[str, Any]:
    """Send what was submitted back, with a reason."""
    by, on = require_somebody(request), request.today
    actions.return_personal_programme(personal=queries.one(by, id), reason=body.reason, by=by, on=on)
    return _detail(by, id, on)
