"""Blockers: what stands in the way of a task, who can remove it, and until when they answer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dotpha.directory.models import Organisation
from dotpha.platform.subjects import subject
from dotpha.programmes.models.tasks import Task


class Blocker(models.Model):
    """Something asked of an organisation so that a task can go on. It has its own clock and never
    hides the task's lateness."""

    class Kind(models.TextChoices):
        LAW = "law", _("institution or law")
        FUNDING = "funding", _("funding")
        STAFF = "staff", _("staff")
        DATA = "data", _("data")
        INFRASTRUCTURE = "infrastructure", _("infrastructure")
        PROCUREMENT = "procurement", _("procurement")
        LAND = "land", _("land")
        PROCEDURE = "procedure", _("procedure")
        COORDINATION = "coordination", _("coordination")
        OTHER = "other", _("other")

    task = models.ForeignKey(Task, models.PROTECT, related_name="blockers", verbose_name=_("task"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    text = models.TextField(_("what is in the way, and what is asked"))
    asks_of = models.ForeignKey(Organisation, models.PROTECT, related_name="blockers", verbose_name=_("asked of"))
    raised_on = models.DateField(_("raised on"))
    respond_by = models.DateField(_("answer by"))
    raised_at = models.DateTimeField(_("raised at"))
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("raised by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answer = models.TextField(_("what was done"), blank=True)
    resolved_on = models.DateField(_("resolved on"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    resolution = models.TextField(_("how it was resolved"), blank=True)
    decision = models.CharField(_("decision that closes it"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("blocker")
        indexes = [
            models.Index(
                fields=["asks_of", "respond_by", "id"], name="blocker_open_by_body", condition=Q(resolved_on=None)
            ),
            models.Index(fields=["task", "resolved_on"], name="blocker_by_task"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_on=None) | ~Q(resolution=""),
                name="blocker_resolved_with_words",
                violation_error_message=_("Say what was done to remove the blocker."),
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(answer=""),
                name="blocker_answered_with_words",
                violation_error_message=_("Say what was done."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.task_id}"

    @property
    def is_open(self) -> bool:
        return self.resolved_on is None

    @property
    def subject(self) -> str:
        return subject("blocker", self.pk)


class BlockerStep(models.Model):
    """A recorded step of a blocker: redirected, escalated, answered, reopened. Rows are only added."""

    class Kind(models.TextChoices):
        REDIRECTED = "redirected", _("redirected")
        ESCALATED = "escalated", _("escalated")
        TAKEN_UP = "taken_up", _("taken up")
        ANSWERED = "answered", _("answered")
        REOPENED = "reopened", _("reopened")

    blocker = models.ForeignKey(Blocker, models.PROTECT, related_name="steps", verbose_name=_("blocker"))
    kind = models.CharField(_("step"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    to = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to"))
    reason = models.TextField(_("reason"), blank=True)
    until_on = models.DateField(_("to be removed by"), null=True, blank=True)

    class Meta:
        ordering = ["blocker", "pk"]
        verbose_name = _("blocker step")

    def __str__(self) -> str:
        return f"{self.blocker_id} {self.kind}"
