"""What happened on the overdue ladder: notices given, steps acknowledged or contested. Where a task stands is derived
(`rules.ladder`)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dotpha.programmes.models.tasks import Task
from dotpha.programmes.rules.ladder import NAMES

STEPS = [(step.value, name) for step, name in NAMES.items()]
"""The steps of `rules.ladder`, as a notice or an answer names them."""


class Notice(models.Model):
    """A person was told that a task stands on a step. Given once for each step and due date."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name=_("person told")
    )
    task = models.ForeignKey(Task, models.PROTECT, related_name="notices", verbose_name=_("task"))
    step = models.CharField(_("step"), max_length=10, choices=STEPS)
    due_on = models.DateField(_("due on"))
    made_on = models.DateField(_("given on"))
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("sent by e-mail at"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("notice")
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_by_person"),
            models.Index(fields=["user", "-id"], name="notice_unseen", condition=Q(seen_at=None)),
        ]
        constraints = [models.UniqueConstraint(fields=["user", "task", "step", "due_on"], name="one_notice_a_step")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.task_id} {self.step}"


class LadderAnswer(models.Model):
    """A step of the ladder was acknowledged, or contested with a reason; a contest is upheld or not by those who gave
    the task. Rows are only added: a decision is a row of its own, with the step and due date of what it decides."""

    class Kind(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        CONTESTED = "contested", _("contested")
        UPHELD = "upheld", _("objection upheld")
        NOT_UPHELD = "not_upheld", _("objection not upheld")

    task = models.ForeignKey(Task, models.PROTECT, related_name="ladder_answers", verbose_name=_("task"))
    step = models.CharField(_("step"), max_length=10, choices=STEPS)
    due_on = models.DateField(_("due on"))
    kind = models.CharField(_("answer"), max_length=12, choices=Kind)
    reason = models.TextField(_("reason"), blank=True)
    on = models.DateField(_("on"))
    at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    decides = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="decision", verbose_name=_("decides on")
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("answer to a step")
        constraints = [
            models.UniqueConstraint(
                fields=["task", "step", "due_on", "kind", "by"],
                condition=Q(decides=None),
                name="one_answer_each",
                violation_error_message=_("You have given this answer to this step already."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="contested") | ~Q(reason=""),
                name="contested_with_a_reason",
                violation_error_message=_("Give the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.step} {self.kind}"
