"""Registers and annexes over the API: what `dotpha tasks import` does, for a program that is not on this machine."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import File, Form
from ninja.files import UploadedFile

from dotpha.accounts import rights
from dotpha.platform import errors
from dotpha.platform.api import ApiRequest, In, Out
from dotpha.platform.importing import Result
from dotpha.platform.refusals import Refused
from dotpha.platform.uploads import checked
from dotpha.programmes import imports
from dotpha.programmes.api.routing import router
from dotpha.programmes.api.writing import require_somebody
from dotpha.programmes.queries import programmes

KINDS = ("docx", "xlsx", "csv")
Given = File(None, description="A register (CSV, XLSX) or an annex (DOCX)")


class TaskImportIn(In):
    """How a file is imported. `document` and `assigned_on` hold for the whole of an annex."""

    document: str = ""
    assigned_on: str = ""
    dry_run: bool = False
    skip_bad_rows: bool = False


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


@router.post(
    "/programmes/{key}/import", response=TaskImportOut, summary="Import tasks from a file", tags=["programmes"]
)
def import_tasks(
    request: ApiRequest, key: str, said: Form[TaskImportIn], file: UploadedFile | None = Given
) -> dict[str, Any] | HttpResponse:
    """As `multipart/form-data`; all rows or none, unless bad rows are skipped. A repeated file doubles nothing."""
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
        return imports.apply(seen, programme, by, on, skip_bad_rows=said.skip_bad_rows).flat()
    except Refused as refusal:
        if refusal.code != "rows_refused":
            raise
        return errors.problem(refusal, _rows(seen.result()))


def _rows(result: Result) -> list[dict[str, str]]:
    """The refused rows as the fields of a problem: `3.lead` is the column of row 3."""
    return [{"field": f"{each.row}.{each.column}", "code": each.code, "detail": each.detail} for each in result.rows]
