"""The files of a document: the original with its SHA-256, annexes, where and when they were obtained (B7)."""

from __future__ import annotations

from datetime import date

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.documents import rules
from dotpha.documents.actions import checking
from dotpha.documents.extraction import Reading
from dotpha.documents.models import Attachment, Document, FileText, Passage
from dotpha.platform import advice, audit, days, files, jobs, text
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.subjects import subject
from dotpha.platform.uploads import Upload

LONGEST_SOURCE = 300


@action
def attach_file(
    *, document: Document, upload: Upload, source: str = "", obtained_on: date | None = None, by: Actor, on: date
) -> Attachment:
    """Keep a file with a document, under the next number. The document has to be checked again.

    Refused: a file that is attached already, by content, and a day of obtaining after `on`.
    """
    by = rights.require(by, "document.change", [scopes.ALL])
    document = checking.locked(document)
    source = text.clean(source, LONGEST_SOURCE, "source")
    rules.require_obtained(obtained_on, on)
    number = (document.attachments.aggregate(last=Max("number"))["last"] or 0) + 1
    stored = files.keep(upload, subject("document_file", f"{document.key}#{number}"), by)
    same = document.attachments.filter(file__sha256=stored.sha256, detached_at=None).first()
    if same is not None:
        raise Refused(
            "file_attached",
            _("This very file is attached already, as number %(number)s."),
            do=advice.OPEN_THAT,
            field="file",
            status=409,
            number=same.number,
        )
    made = Attachment.objects.create(
        document=document, number=number, file=stored, source=source, obtained_on=obtained_on
    )
    checking.changed(document, by)
    audit.record(
        "document.filed", document, by,
        after={"file": number, "name": stored.name, "sha256": stored.sha256, "obtained_on": obtained_on},
    )  # fmt: skip
    jobs.defer("documents.read_file", attachment=made.pk)
    return made


@action
def keep_text(*, attachment: Attachment, reading: Reading, by: Actor) -> FileText:
    """Keep what was read of an attached file, so that the register finds it. A file is read once.

    Of one that bears a mark of State secrecy after all nothing is kept, and that it does is told (K3). It changes
    nothing of what was checked against the original.
    """
    by = rights.require(by, "document.change", [scopes.ALL])
    attachment = Attachment.objects.select_for_update(of=("self",)).select_related("document").get(pk=attachment.pk)
    held = FileText.objects.filter(attachment=attachment).first()
    if held is not None:
        return held
    made = FileText.objects.create(
        attachment=attachment, outcome=reading.outcome, is_cut=reading.is_cut, read_at=days.now()
    )
    is_marked = made.outcome == FileText.Outcome.MARKED
    passages = () if is_marked else reading.passages
    Passage.objects.bulk_create(
        (
            Passage(attachment=attachment, number=number, page=page, text=words)
            for number, (page, words) in enumerate(passages, 1)
        ),
        batch_size=100,
    )
    audit.record(
        "document.file_read", attachment.document, by,
        after={"file": attachment.number, "outcome": reading.outcome, "passages": len(passages)},
    )  # fmt: skip
    if is_marked:
        audit.record("document.file_marked", attachment.document, by, after={"file": attachment.number})
    return made


@action
def detach_file(*, attachment: Attachment, reason: str, by: Actor) -> Attachment:
    """Take a file away from a document, with the reason. It stays kept, for those who may change the document.

    Taking away what was taken away already changes nothing.
    """
    by = rights.require(by, "document.change", [scopes.ALL])
    document = checking.locked(attachment.document)
    attachment = document.attachments.select_for_update(of=("self",)).select_related("file").get(pk=attachment.pk)
    reason = text.one_line(text.clean(reason, checking.LONGEST_REASON, "reason"))
    if not reason:
        raise Refused("reason_missing", _("Give the reason."), field="reason")
    if attachment.detached_at is not None:
        return attachment
    attachment.detached_at, attachment.detached_by, attachment.detach_reason = days.now(), by.key, reason
    attachment.save()
    checking.changed(document, by)
    audit.record(
        "document.unfiled", document, by, before={"file": attachment.number, "name": attachment.file.name},
        reason=reason,
    )  # fmt: skip
    return attachment
