"""Personal action programmes: what one member of a Steering Committee answers for, and the recorded steps (C4)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dotpha.directory.models import Post
from dotpha.platform.subjects import subject
from dotpha.programmes.models.programmes import Programme
from dotpha.programmes.models.tasks import Task


class PersonalProgramme(models.Model):
    """The dated action programme of whoever holds a post, under a programme. Draft, submitted, adopted or replaced
    is told by its steps and those of the later ones of the same post (`rules.personal`)."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="personal_programmes", verbose_name=_("under the programme")
    )
    post = models.ForeignKey(Post, models.PROTECT, related_name="personal_programmes", verbose_name=_("post"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("added by")
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        ordering = ["-from_on", "-pk"]
        verbose_name = _("personal action programme")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="personal_programme_period",
                violation_error_message=_("The end must come after the beginning."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.from_on}"

    @property
    def subject(self) -> str:
        return subject("personal", self.pk)


class PersonalLine(models.Model):
    """A task in a personal action programme, in its order."""

    personal = models.ForeignKey(
        PersonalProgramme, models.PROTECT, related_name="lines", verbose_name=_("personal action programme")
    )
    task = models.ForeignKey(Task, models.PROTECT, related_name="personal_lines", verbose_name=_("task"))
    order = models.PositiveIntegerField(_("order"))

    class Meta:
        ordering = ["personal", "order", "pk"]
        verbose_name = _("line of a personal action programme")
        constraints = [
            models.UniqueConstraint(
                fields=["personal", "task"],
                name="once_in_a_personal_programme",
                violation_error_message=_("This task stands in it already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.task_id} in {self.personal_id}"


class PersonalStep(models.Model):
    """A recorded step of a personal action programme. Rows are only added."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        RETURNED = "returned", _("returned")
        ADOPTED = "adopted", _("adopted")

    personal = models.ForeignKey(
        PersonalProgramme, models.PROTECT, related_name="steps", verbose_name=_("personal action programme")
    )
    kind = models.CharField(_("step"), max_length=12, choices=Kind)
    on = models.DateField(_("on"))
    at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    reason = models.TextField(_("reason"), blank=True)
    document = models.CharField(_("document"), max_length=200, blank=True)

    class Meta:
        ordering = ["personal", "pk"]
        verbose_name = _("step of a personal action programme")

    def __str__(self) -> str:
        return f"{self.personal_id} {self.kind}"
