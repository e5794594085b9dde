"""Work of the register of documents that nobody waits for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dotpha.documents import actions, extraction
from dotpha.documents.models import Attachment
from dotpha.platform.actors import program
from dotpha.platform.jobs import job


@job("documents.read_file", _("Reading the text of a file"))
def read_file(attachment: int) -> None:
    """Read the text of an attached file, so that the register finds it. Reading again changes nothing."""
    row = Attachment.objects.select_related("file").filter(pk=attachment, reading=None).first()
    if row is not None:
        actions.keep_text(attachment=row, reading=extraction.read(row.file), by=program("reader of files"))
