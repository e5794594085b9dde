"""Steps of documents that are to be drafted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dotpha.documents import rules
from dotpha.documents.models.documents import Document


class DraftingStep(models.Model):
    """A step of a document that is to be drafted (B5): planned, drafting, consultation, appraisal,
    submitted, issued, with the day it was planned for and the day it came. The day of issue is the document's
    own `signed_on`, and stands there alone."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="drafting_steps", verbose_name=_("document"))
    kind = models.CharField(
        _("step"), max_length=12, choices=[(each.value, name) for each, name in rules.STEP_NAMES.items()]
    )
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    came_on = models.DateField(_("came on"), null=True, blank=True)

    class Meta:
        ordering = ["document", "pk"]
        verbose_name = _("drafting step")
        constraints = [
            models.UniqueConstraint(fields=["document", "kind"], name="one_drafting_step_each"),
            models.CheckConstraint(
                condition=~Q(kind="issued") | Q(came_on=None),
                name="issue_stands_on_the_card",
                violation_error_message=_("The day of issue is the day of signing. Record it on the card."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.kind}"
