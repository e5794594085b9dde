"""Files as evidence over the API: given for a task, checked as on the page, then named by a report."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import File, Form
from ninja.files import UploadedFile
from ninja.responses import Status

from dotpha.platform.api import ApiRequest, Out
from dotpha.platform.models import StoredFile
from dotpha.platform.refusals import Refused
from dotpha.platform.uploads import checked
from dotpha.programmes.actions import keeping
from dotpha.programmes.api.routing import router
from dotpha.programmes.api.writing import require_somebody
from dotpha.programmes.queries import tasks

Given = File(None, description="The file: PDF, DOCX, XLSX, CSV, PNG, JPEG or WebP, at most 50 MB")
Declared = Form(False, description="You looked at a file that cannot be read: it bears no mark of State secrecy")


class GivenFileOut(Out):
    """A file that was given for a task. `id` is what the evidence of a report names as its `file`."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    declared: bool


def _shown(kept: StoredFile) -> dict[str, Any]:
    said = {name: getattr(kept, name) for name in ("name", "media_type", "size", "sha256")}
    return {"id": kept.pk, **said, "declared": kept.is_declared}


@router.post(
    "/tasks/{key}/files", response={201: GivenFileOut}, summary="Give a file as evidence for a report", tags=["reports"]
)
def give_file(
    request: ApiRequest,
    key: str,
    file: UploadedFile | None = Given,
    declared: bool = Declared,
) -> Status[dict[str, Any]]:
    """As `multipart/form-data`. A report then names it: `{"kind": "file", "file": id}`."""
    by, on = require_somebody(request), request.today
    task = tasks.one_to_act_on(by, key, on)
    keeping.require_may_give(task, by)
    if file is None:  # said after the right is asked, which a required field would come before
        raise Refused("file_missing", _("Choose a file."), field="file")
    return Status(201, _shown(keeping.give_file(task=task, upload=checked(file, declared=declared), by=by, on=on)))
