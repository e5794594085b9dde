"""Registers and annexes over the API: what `dotpha tasks import` does, for a program that is not on this machine."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Field, File, Form
from ninja.files import UploadedFile
from ninja.responses import Status

from dotpha.accounts import rights
from dotpha.platform import advice, courses, errors, parking
from dotpha.platform.actors import Actor
from dotpha.platform.api import ApiRequest, In, Out
from dotpha.platform.importing import Result
from dotpha.platform.refusals import Refused
from dotpha.platform.uploads import Upload, checked
from dotpha.programmes import imports
from dotpha.programmes.api.routing import router
from dotpha.programmes.api.writing import require_somebody
from dotpha.programmes.models import Programme
from dotpha.programmes.queries import programmes

KINDS = ("docx", "xlsx", "csv")
Given = File(None, description="A register (CSV, XLSX) or an annex (DOCX)")


class TaskImportIn(In):
    """How a file is imported. `document` and `assigned_on` hold for the whole of an annex."""

    document: str = ""
    assigned_on: str = ""
    dry_run: bool = False
    skip_bad_rows: bool = False


class ImportCourseOut(Out):
    """A long import, which the worker does: how far it is, and what came of it."""

    key: str
    state: str = Field(description="runs, done, refused, stopped, or lost: no worker does it, send the file again")
    rows: int = Field(description="Of the file")
    done: int = Field(description="Rows that are done with; nothing is kept before the last one is in")
    counts: dict[str, int] | None = Field(description="accepted, changed, unchanged; null before it is done")
    detail: str = Field(description="Why it was refused")


class RefusedRowOut(Out):
    """What is wrong with a row of the file; the header is row 1."""

    row: int
    column: str
    code: str
    detail: str


class TaskImportOut(Out):
    """What an import did, or would do."""

    accepted: int
    changed: int
    unchanged: int
    refused: int
    keys: list[str]
    rows: list[RefusedRowOut]


EXAMPLE = {
    "key": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "state": "runs", "rows": 10_000,
    "done": 2_500, "counts": None, "detail": "",
}  # fmt: skip
LONG: dict[str, Any] = {
    "responses": {
        202: {
            "description": "A file of more than 500 rows: the worker imports it. Its course is at `Location`.",
            "headers": {"Location": {"schema": {"type": "string"}, "description": "Where to ask how far it is"}},
            "content": {"application/json": {"example": EXAMPLE}},
        }
    }
}


@router.post(
    "/programmes/{key}/import", response={200: TaskImportOut, 202: ImportCourseOut},
    summary="Import tasks from a file", tags=["programmes"], openapi_extra=LONG,
)  # fmt: skip
def import_tasks(
    request: ApiRequest,
    response: HttpResponse,
    key: str,
    said: Form[TaskImportIn],
    file: UploadedFile | None = Given,
) -> Any:
    """As `multipart/form-data`; all rows or none, unless bad rows are skipped. A repeated file doubles nothing.

    A file of more than 500 rows is looked at, then imported by the worker (202).
    """
    by, on = require_somebody(request), request.today
    programme = programmes.one_programme(by, key)
    rights.require(by, "task.add", programme.scopes)
    if file is None:  # said after the right is asked, which a required field would come before
        raise Refused("file_missing", _("Choose a file."), field="file")
    upload = checked(file, KINDS, declared=True)  # its texts are asked row by row when it is read
    given = imports.Given.typed(by, said.document, said.assigned_on)
    seen = imports.preview(upload.data, upload.name, programme, by, on, given=given)
    seen = imports.without_doubtful_leads(seen)
    if said.dry_run:
        return seen.result().flat()
    try:
        if len(seen.lines) > courses.AT_ONCE:
            seen.require_whole(skip_bad_rows=said.skip_bad_rows)
            course = _begun(upload, seen, programme, said, by)
            response["Location"] = f"/api/v1/imports/{course.key}"
            return Status(202, _told(course))
        return imports.apply(seen, programme, by, on, skip_bad_rows=said.skip_bad_rows).flat()
    except Refused as refusal:
        if refusal.code != "rows_refused":
            raise
        return errors.problem(refusal, _rows(seen.result()))


def _begun(
    upload: Upload, seen: imports.Preview, programme: Programme, said: TaskImportIn, by: Actor
) -> courses.Course:
    """Hand a file that was looked at to the worker; one that is sent again while it is imported goes on."""
    key = parking.park(upload.data, upload.name, by)
    whole = {"document": said.document, "assigned_on": said.assigned_on}
    asked = {"programme": programme.key, "typed": {}, "whole": whole, "looked": seen.digest, "unseen": True}
    asked |= {"skip": said.skip_bad_rows, courses.ORIGIN: by.origin}
    courses.begin("programmes.import_file", key, by, rows=len(seen.lines), asked=asked)
    course = courses.looked_at(key, by)
    if course is None or course.asked["programme"] != programme.key:
        sentence = _("This file is being imported elsewhere already. Wait for the end of that import.")
        raise Refused("import_runs", sentence, field="file", status=409)
    return course


@router.get(
    "/imports/{key}", response=ImportCourseOut, summary="Ask how far a long import is", tags=["programmes"],
    openapi_extra={"responses": {200: {"content": {"application/json": {"example": EXAMPLE}}}}},
)  # fmt: skip
def read_import(request: ApiRequest, key: str) -> dict[str, Any]:
    """A long import that the same person began over the API, for a day after it."""
    course = courses.looked_at(key, require_somebody(request)) if parking.is_key(key) else None
    if course is None:
        raise Refused("not_found", _("There is nothing here under this name."), do=advice.FIND, status=404)
    return _told(course)


def _told(course: courses.Course) -> dict[str, Any]:
    return {
        "key": course.key, "state": course.state, "rows": course.rows, "done": course.done,
        "counts": course.counts or None, "detail": course.said,
    }  # fmt: skip


def _rows(result: Result) -> list[dict[str, str]]:
    """The refused rows as the fields of a problem: `3.lead` is the column of row 3."""
    return [{"field": f"{each.row}.{each.column}", "code": each.code, "detail": each.detail} for each in result.rows]
