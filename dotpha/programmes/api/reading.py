"""Reading programmes, tasks, counts and histories over the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Schema

from dotpha.platform import days
from dotpha.platform.api import ApiRequest, Page, Paging, Times, paged
from dotpha.platform.refusals import Refused
from dotpha.programmes.api import schemas, shapes
from dotpha.programmes.api.programme_schemas import ProgrammeDetailOut, ProgrammeOut
from dotpha.programmes.api.routing import router
from dotpha.programmes.queries import history, lists, programmes, summary, tasks, told


class TasksAsked(Schema):
    """What a list of tasks may be asked for. Days are included."""

    programme: str = Field("", description="Key of a programme", examples=["resolution57"])
    group: str = Field("", description="Key of a task group")
    lead: str = Field("", description="Key of the organisation that leads")
    cooperating: str = Field("", description="Key of a co-operating organisation")
    place: str = Field("", description="Key of a place")
    state: str = Field("", description="One state or several, separated by commas")
    deadline_kind: str = ""
    due_after: str = Field("", description="Due on this day or later")
    due_before: str = Field("", description="Due on this day or earlier")
    q: str = Field("", max_length=300, description="Words of the title or a key; marks and case do not matter")
    parent: str = Field("", description="Key of the task that they implement")
    parts: bool = Field(False, description="Also the parts of collective tasks")
    original: bool = Field(False, description="Judge against the original due dates, as if none had been extended")

    def asked(self) -> lists.Asked:
        return lists.Asked(
            programme=self.programme,
            group=self.group,
            lead=self.lead,
            cooperating=self.cooperating,
            place=self.place,
            states=lists.read_states(self.state),
            deadline_kind=self.deadline_kind,
            due_after=days.read_day(self.due_after, "due_after"),
            due_before=days.read_day(self.due_before, "due_before"),
            q=self.q,
            parent=self.parent,
            parts=self.parts,
            original=self.original,
        )


@router.get("/programmes", response=Page[ProgrammeOut], summary="List programmes", tags=["programmes"])
def list_programmes(request: ApiRequest, paging: Query[Paging], times: Query[Times]) -> dict[str, Any]:
    """Programmes and plans, published ones for everybody."""
    with times.reading() as on:
        rows = programmes.with_counts(programmes.visible_programmes(request.actor), on).order_by("key")
        documents = told.documents_of(request.actor, rows)
        return paged(rows, paging, lambda row: shapes.programme(row, documents.get(row.pk)))


@router.get("/programmes/{key}", response=ProgrammeDetailOut, summary="Read a programme", tags=["programmes"])
def read_programme(request: ApiRequest, key: str, times: Query[Times]) -> dict[str, Any]:
    """A programme with its task groups, targets and the plans under it."""
    with times.reading() as on:
        programmes.one_programme(request.actor, key)
        row = programmes.with_counts(programmes.visible_programmes(request.actor), on).get(key=key)
        return shapes.programme_detail(row, request.actor, on)


@router.get("/tasks", response=Page[schemas.TaskOut], summary="List tasks")
def list_tasks(
    request: ApiRequest,
    asked: Query[TasksAsked],
    paging: Query[Paging],
    times: Query[Times],
    order: str = Query("due_on", description="A field name, `-` before it for the reverse"),
) -> dict[str, Any]:
    """Tasks as issued, with the state of the day asked about. Parts of collective tasks only with `parts`."""
    conditions = asked.asked()
    with times.reading() as on:
        rows = lists.ordered(lists.readable(request.actor, conditions, on), order)
        inside: set[int] = set()

        def fill(keys: list[int]) -> Any:
            inside.update(told.inside(request.actor, keys))
            held = tasks.detailed(on, original=conditions.original).filter(pk__in=keys)
            return lists.with_relations(held, request.actor, "parent")

        return paged(rows, paging, lambda row: shapes.task(row, on, public=row.pk not in inside), fill)


@router.get("/tasks/{key}", response=schemas.TaskDetailOut, summary="Read a task")
def read_task(request: ApiRequest, key: str, times: Query[Times]) -> dict[str, Any]:
    """One task at the end of a day, as it was known at a moment."""
    with times.reading() as on:
        row = lists.one(request.actor, key, on)
        return shapes.task_detail(row, on, public=not told.inside(request.actor, [row.pk]))


@router.get("/tasks/{key}/history", response=schemas.HistoryOut, summary="Every event of a task")
def read_history(request: ApiRequest, key: str, times: Query[Times]) -> dict[str, Any]:
    """Everything that happened to a task, oldest first. For those who may see its names: not in public."""
    if not request.actor.key:
        raise Refused("sign_in", _("Sign in, or send a valid token."), status=401)
    with times.reading() as on:
        return {"items": history.of_task(request.actor, tasks.one_to_act_on(request.actor, key, on), on)}


@router.get("/summary/tasks", response=schemas.SummaryOut, summary="Counts of tasks")
def read_summary(
    request: ApiRequest,
    asked: Query[TasksAsked],
    times: Query[Times],
    by: str = Query("lead", description="lead, group, place or state"),
) -> dict[str, Any]:
    """Counts that lose nothing: assigned = done_on_time + done_late + in_time + overdue. Zero rows are left out."""
    conditions = asked.asked()
    with times.reading() as on:
        rows, total = summary.summary(request.actor, conditions, by, on)
        return {"items": [row.flat() for row in rows], "total": summary.flat(total)}
