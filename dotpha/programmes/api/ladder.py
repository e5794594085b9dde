"""The overdue ladder and one's notices over the API: the same queries, rules and actions as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Query
from ninja.responses import Status

from dotpha.accounts import rights
from dotpha.platform.api import ApiRequest, Out, Page, Paging, Times, paged
from dotpha.programmes import actions
from dotpha.programmes.api.routing import router
from dotpha.programmes.api.schemas import ReasonIn
from dotpha.programmes.api.writing import Number, require_somebody
from dotpha.programmes.models import LadderAnswer, Notice
from dotpha.programmes.queries import ladder as queries
from dotpha.programmes.queries import lists, tasks
from dotpha.programmes.rules import ladder as rules


class StepOut(Out):
    step: str
    begins_on: date


class AnswerOut(Out):
    step: str
    kind: str = Field(description="acknowledged, contested, upheld or not_upheld")
    reason: str
    on: date


class DecisionIn(ReasonIn):
    upheld: bool


class LadderOut(Out):
    """Where a task stands: `step` and `since` are null when it stands nowhere. Days are product defaults."""

    step: str | None
    since: date | None
    due_on: date | None
    steps: list[StepOut]
    answers: list[AnswerOut]


class ClimbingOut(Out):
    task: str
    title: str
    lead: str | None
    due_on: date
    days_overdue: int
    step: str
    since: date
    acknowledged: bool
    contested: bool


class NoticeOut(Out):
    id: int
    task: str
    step: str
    due_on: date
    made_on: date
    seen_at: datetime | None


def _answer(row: LadderAnswer) -> dict[str, Any]:
    return {"step": row.step, "kind": row.kind, "reason": row.reason, "on": row.on}


def _ladder(task: Any, on: date) -> dict[str, Any]:
    found = rules.standing(tasks.task_dates(task), on)
    steps = [{"step": step, "begins_on": rules.begins(step, found.due_on)} for step in rules.Step] if found else []
    return {
        "step": found.step if found else None,
        "since": found.since if found else None,
        "due_on": found.due_on if found else None,
        "steps": steps,
        "answers": [_answer(each) for each in queries.answers(task, on)],
    }


def _climbing(row: Any, on: date) -> dict[str, Any]:
    return {
        "task": row.key,
        "title": row.heading.text,
        "lead": row.lead.organisation.key if row.lead_id else None,
        "due_on": row.due_on,
        "days_overdue": (on - row.due_on).days,
        "step": row.ladder_step,
        "since": rules.since(rules.Step(row.ladder_step), row.due_on, row.moved_on),
        "acknowledged": row.is_acknowledged,
        "contested": row.is_contested,
    }


def _notice(row: Notice) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in ("step", "due_on", "made_on", "seen_at")}
    return {"id": row.pk, "task": row.task.key, **said}


@router.get("/ladder", response=Page[ClimbingOut], summary="Overdue tasks by step", tags=["ladder"])
def list_ladder(
    request: ApiRequest,
    paging: Query[Paging],
    times: Query[Times],
    step: str = Query("", description="owner, head, office or meeting"),
    programme: str = "",
    lead: str = "",
) -> dict[str, Any]:
    """Overdue tasks with the step of the ladder on which they stand, the longest overdue first."""
    by = require_somebody(request)
    with times.reading() as on:
        rows = lists.fitting(queries.climbing(by, on, step), lists.Asked(programme=programme, lead=lead), by, on)
        return paged(tasks.named(rows).order_by("due_on", "key"), paging, lambda row: _climbing(row, on))


@router.get("/tasks/{key}/ladder", response=LadderOut, summary="Where a task stands on the ladder", tags=["ladder"])
def read_ladder(request: ApiRequest, key: str, times: Query[Times]) -> dict[str, Any]:
    """The step of a task on a day, since when, and what was answered to its steps."""
    by = require_somebody(request)
    with times.reading() as on:
        return _ladder(tasks.one_to_act_on(by, key, on), on)


@router.post(
    "/tasks/{key}/ladder/acknowledge", response={201: AnswerOut}, summary="Acknowledge a step", tags=["ladder"]
)
def acknowledge(request: ApiRequest, key: str, body: ReasonIn | None = None) -> Status[dict[str, Any]]:
    """Say that the step on which a task stands has been taken note of. It stops nothing."""
    by, on = require_somebody(request), request.today
    reason = body.reason if body else ""
    task = tasks.one_to_act_on(by, key, on)
    return Status(201, _answer(actions.acknowledge_step(task=task, reason=reason, by=by, on=on)))


@router.post("/tasks/{key}/ladder/contest", response={201: AnswerOut}, summary="Contest a step", tags=["ladder"])
def contest(request: ApiRequest, key: str, body: ReasonIn) -> Status[dict[str, Any]]:
    """Say why the step on which a task stands is not right. It stops nothing."""
    by, on = require_somebody(request), request.today
    task = tasks.one_to_act_on(by, key, on)
    return Status(201, _answer(actions.contest_step(task=task, reason=body.reason, by=by, on=on)))


@router.post("/tasks/{key}/ladder/decide", response={201: AnswerOut}, summary="Decide on an objection", tags=["ladder"])
def decide(request: ApiRequest, key: str, body: DecisionIn) -> Status[dict[str, Any]]:
    """Say whether the oldest objection that waits is right, and why. It moves nothing."""
    by, on = require_somebody(request), request.today
    task = tasks.one_to_act_on(by, key, on)
    rights.require(by, "ladder.decide", tasks.assigner_scopes(task))  # before it is told whether anything waits
    contest = queries.open_contests(on).filter(task=task).first()
    decided = actions.decide_contest(contest=contest, upheld=body.upheld, reason=body.reason, by=by, on=on)
    return Status(201, _answer(decided))


@router.get("/notices", response=Page[NoticeOut], summary="Own notices", tags=["ladder"])
def list_notices(request: ApiRequest, paging: Query[Paging], unseen: bool = False) -> dict[str, Any]:
    """What the person who asks was told of due dates, the newest first."""
    return paged(queries.notices(require_somebody(request), unseen=unseen), paging, _notice)


@router.post("/notices/{id}/seen", response=NoticeOut, summary="Mark a notice as seen", tags=["ladder"])
def see_notice(request: ApiRequest, id: int = Number) -> dict[str, Any]:
    """Mark one of one's own notices as seen; a seen one stays as it is."""
    by = require_somebody(request)
    actions.see_notices(numbers=[id], by=by)
    return _notice(queries.notices(by).get(pk=id))
