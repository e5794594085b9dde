"""Targets of programmes over the API: the same queries, rules and actions as the pages."""

from __future__ import annotations

from typing import Any

from ninja import Query
from ninja.responses import Status

from dotpha.platform.api import ApiRequest, Page, Paging, Times, paged
from dotpha.programmes import actions
from dotpha.programmes.api import shapes
from dotpha.programmes.api.programme_schemas import TargetFactsIn, TargetIn, TargetOut, TargetPatchIn
from dotpha.programmes.api.routing import router
from dotpha.programmes.api.schemas import ReasonIn
from dotpha.programmes.api.writing import require_somebody
from dotpha.programmes.queries import programmes, targets


def _shown(request: ApiRequest, key: str) -> dict[str, Any]:
    row = targets.one_target(request.actor, key)
    return shapes.target(row, row.programme.key, request.today)


def _facts(body: TargetFactsIn) -> dict[str, Any]:
    """The facts that a body names, as actions take them: titles by language, empty texts for none."""
    said = body.model_dump(exclude_unset=True, include=set(TargetFactsIn.model_fields))
    title = {"vi": said.pop("title", None), "en": said.pop("title_en", None)}
    facts = {name: "" if value is None and name in _TEXTS else value for name, value in said.items()}
    named = {code: text.strip() for code, text in title.items() if text is not None}
    return {**facts, "title": named} if named else facts


_TEXTS = ("ordinal", "result_text", "unit", "comparison")


@router.get(
    "/programmes/{key}/targets", response=Page[TargetOut], summary="Targets of a programme", tags=["programmes"]
)
def list_targets(
    request: ApiRequest,
    key: str,
    paging: Query[Paging],
    times: Query[Times],
    year: int | None = Query(None, description="Those of one year", ge=1, le=9999),
    withdrawn: bool = Query(False, description="Those withdrawn by the day, instead of those in force"),
) -> dict[str, Any]:
    """Dated targets with their parts, by year and in the order of the document."""
    with times.reading() as on:
        programme = programmes.one_programme(request.actor, key)
        rows = targets.of_programme(programme, on, year=year, withdrawn=withdrawn)
        return paged(rows, paging, lambda row: shapes.target(row, programme.key, on))


@router.get("/targets/{key}", response=TargetOut, summary="Read a target", tags=["programmes"])
def read_target(request: ApiRequest, key: str, times: Query[Times]) -> dict[str, Any]:
    """One target, in force or withdrawn."""
    with times.reading() as on:
        row = targets.one_target(request.actor, key)
        return shapes.target(row, row.programme.key, on)


@router.post("/programmes/{key}/targets", response={201: TargetOut}, summary="Add a target", tags=["programmes"])
def add_target(request: ApiRequest, key: str, body: TargetIn) -> Status[dict[str, Any]]:
    """Add a dated target. One without a year is refused, and a measurable one without its number."""
    by = require_somebody(request)
    programme = programmes.one_programme(by, key)
    facts = {"title": {}, **_facts(body)}
    row = actions.TargetRow(
        **{**facts, "year": body.year or 0, "owner": body.owner or ""},
        key=body.key,
        parent=body.parent,
        order=targets.next_order(programme),
        verbatim=False,
    )
    actions.add_targets(programme=programme, rows=[row], by=by)
    return Status(201, _shown(request, body.key))


@router.patch("/targets/{key}", response=TargetOut, summary="Change a target", tags=["programmes"])
def change_target(request: ApiRequest, key: str, body: TargetPatchIn) -> dict[str, Any]:
    """Change what the body names. In a published programme this takes a reason."""
    by = require_somebody(request)
    row = targets.one_target(by, key)
    facts = _facts(body)
    if "title" in facts:
        facts["title"] = {**row.title, **facts["title"]}
    if "owner" in facts:
        facts["owner"] = actions.organisation_of(facts["owner"], "owner") if facts["owner"] else None
    actions.change_target(target=row, changes=facts, version=body.version, reason=body.reason, by=by)
    return _shown(request, key)


@router.post("/targets/{key}/withdraw", response=TargetOut, summary="Withdraw a target", tags=["programmes"])
def withdraw_target(request: ApiRequest, key: str, body: ReasonIn) -> dict[str, Any]:
    """End a target with its parts from today, with a reason. It is kept."""
    by = require_somebody(request)
    target = targets.one_target(by, key)
    actions.withdraw_target(target=target, reason=body.reason, by=by, on=request.today)
    return _shown(request, key)


@router.post("/targets/{key}/restore", response=TargetOut, summary="Put a target in force again", tags=["programmes"])
def restore_target(request: ApiRequest, key: str, body: ReasonIn) -> dict[str, Any]:
    """Take a withdrawal back, with a reason."""
    by = require_somebody(request)
    actions.restore_target(target=targets.one_target(by, key), reason=body.reason, by=by)
    return _shown(request, key)
