"""The files of documents, and what was read of them."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dotpha.documents.models.documents import Document
from dotpha.platform.fields import WordsField
from dotpha.platform.models import StoredFile


class Attachment(models.Model):
    """A file of a document (B7): the original or an annex, where and when it was obtained. `number` counts
    within the document. A detached file stays here with who took it away, when and why."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="attachments", verbose_name=_("document"))
    number = models.PositiveIntegerField(_("number"))
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    source = models.CharField(_("where it was obtained"), max_length=300, blank=True)
    obtained_on = models.DateField(_("obtained on"), null=True, blank=True)
    detached_at = models.DateTimeField(_("detached at"), null=True, blank=True)
    detached_by = models.CharField(_("detached by"), max_length=150, blank=True)
    detach_reason = models.CharField(_("reason for detaching"), max_length=500, blank=True)

    class Meta:
        ordering = ["document", "number"]
        verbose_name = _("attached file")
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="one_attachment_a_number"),
            models.CheckConstraint(
                condition=Q(detached_at=None, detached_by="", detach_reason="")
                | (Q(detached_at__isnull=False) & ~Q(detached_by="") & ~Q(detach_reason="")),
                name="attachment_detached_with_reason",
                violation_error_message=_("A file is detached by somebody, for a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.number}"


class FileText(models.Model):
    """That the text of an attached file was read, for search (B6). Without a row it waits to be read."""

    class Outcome(models.TextChoices):
        READ = "read", _("Its text is searched.")
        EMPTY = "empty", _("No text was found in it: a picture of a text is not searched.")
        DAMAGED = "damaged", _("Its text could not be read: the file is damaged, or locked by a password.")
        MARKED = "marked", _("It bears a mark of State secrecy: its text is not searched. Take the file away.")
        TOO_LONG = "too_long", _("Its text could not be read within the time and memory that a file may take.")

    attachment = models.OneToOneField(
        Attachment, models.PROTECT, related_name="reading", verbose_name=_("attached file")
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    is_cut = models.BooleanField(_("only the beginning was read"), default=False)
    read_at = models.DateTimeField(_("read at"))

    class Meta:
        ordering = ["attachment"]
        verbose_name = _("reading of a file")

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.outcome}"


class Passage(models.Model):
    """A piece of the text of an attached file: a page of a PDF, or as much as one search vector takes."""

    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="passages", verbose_name=_("attached file"))
    number = models.PositiveIntegerField(_("number"))
    page = models.PositiveIntegerField(_("page"), null=True, blank=True)
    text = models.TextField(_("text"))
    words = WordsField(_("words"))

    class Meta:
        ordering = ["attachment", "number"]
        verbose_name = _("passage of a file")
        indexes = [GinIndex(fields=["words"], name="passage_words")]
        constraints = [models.UniqueConstraint(fields=["attachment", "number"], name="one_passage_a_number")]

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.number}"

    @property
    def search_text(self) -> str:
        return self.text
