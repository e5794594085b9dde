"""The deadline ledger: every change of a due date, asked for and decided. Never overwritten."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from dotpha.directory.models import Organisation
from dotpha.platform.subjects import subject
from dotpha.programmes.models.tasks import Task


class Requested(models.Model):
    """A later day asked for and decided once, by somebody else: granted, refused or withdrawn."""

    class ReasonKind(models.TextChoices):
        LAW = "law", _("institution or law")
        FUNDING = "funding", _("funding")
        STAFF = "staff", _("staff")
        DATA = "data", _("data")
        PROCUREMENT = "procurement", _("procurement")
        COORDINATION = "coordination", _("waiting for another body")
        SCOPE = "scope", _("the task became larger")
        FORCE_MAJEURE = "force_majeure", _("natural disaster, epidemic")
        OTHER = "other", _("other")

    new_due_on = models.DateField(_("new due date"), null=True, blank=True)
    reason_kind = models.CharField(_("kind of reason"), max_length=16, choices=ReasonKind, default=ReasonKind.OTHER)
    reason = models.TextField(_("reason"))
    requested_on = models.DateField(_("requested on"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    granted_on = models.DateField(_("granted on"), null=True, blank=True)
    refused_on = models.DateField(_("refused on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    answer = models.TextField(_("answer"), blank=True)
    asked_due_on = models.DateField(_("date asked for"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.granted_on is None and self.refused_on is None and self.withdrawn_on is None

    @property
    def state(self) -> str:
        """open, granted, refused or withdrawn."""
        if self.granted_on:
            return "granted"
        if self.refused_on:
            return "refused"
        return "withdrawn" if self.withdrawn_on else "open"


class Extension(Requested):
    """A line of the ledger. A granted line is in force from `granted_on` until the day before
    `superseded_on`, when a later one was granted; the original due date holds before the first.

    Kinds: an extension asked for and granted; a suspension, which empties the due date; a
    resumption; a first date given to a deadline that had none ("settled").
    """

    class Kind(models.TextChoices):
        EXTENSION = "extension", _("extension")
        SUSPENSION = "suspension", _("suspension")
        RESUMPTION = "resumption", _("resumption")
        SETTLED = "settled", _("deadline settled")

    task = models.ForeignKey(Task, models.PROTECT, related_name="extensions", verbose_name=_("task"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.EXTENSION)
    document = models.CharField(_("document"), max_length=200, blank=True)
    superseded_on = models.DateField(_("in force until"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("extension")
        indexes = [
            models.Index(
                fields=["task", "granted_on"], name="extension_in_force", include=["superseded_on", "new_due_on"]
            ),
            models.Index(
                fields=["requested_on", "id"],
                name="extension_open",
                condition=Q(granted_on=None, refused_on=None, withdrawn_on=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(granted_on=None) | Q(refused_on=None, withdrawn_on=None))
                & (Q(refused_on=None) | Q(withdrawn_on=None)),
                name="extension_decided_once",
                violation_error_message=_("An extension is decided once."),
            ),
            models.CheckConstraint(
                condition=Q(granted_on=None) | Q(new_due_on=None) | Q(new_due_on__gte=F("granted_on")),
                name="extension_not_before_its_grant",
                violation_error_message=_("The new due date lies before the day on which it was granted."),
            ),
            models.CheckConstraint(
                condition=Q(kind="suspension") | Q(new_due_on__isnull=False),
                name="extension_has_a_date",
                violation_error_message=_("Give the new due date."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | Q(requested_by=None)
                | ~Q(decided_by=F("requested_by"))
                | ~Q(kind="extension"),
                name="extension_decided_by_another",
                violation_error_message=_("Nobody decides on their own request."),
            ),
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(granted_on=None, refused_on=None, withdrawn_on=None),
                name="one_open_extension_a_task",
                violation_error_message=_("An extension of this task already waits for an answer."),
            ),
            ExclusionConstraint(
                name="one_due_date_in_force",
                index_type="GIST",
                expressions=[
                    (Func(F("task_id"), F("task_id"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func(F("granted_on"), F("superseded_on"), Value("[)"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(granted_on__isnull=False),
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two due dates would be in force on the same day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} until {self.new_due_on}"

    @property
    def subject(self) -> str:
        return subject("extension", self.pk)


class PartExtension(Requested):
    """A line of the ledger of an agency's own part: a later day asked for by it, decided on the lead's side (C6).

    The day in force stands with the part, an `Assignment`, a row for each time; `was_due_on` keeps the one before
    this line, which a part set and moved on one day no longer tells.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="part_extensions", verbose_name=_("task"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="part_extensions", verbose_name=_("organisation")
    )
    was_due_on = models.DateField(_("due date before"))
    new_due_on = models.DateField(_("new due date"))

    class Meta:
        ordering = ["task", "pk"]
        verbose_name = _("extension of a part")
        indexes = [
            models.Index(
                fields=["requested_on", "id"],
                name="part_extension_open",
                condition=Q(granted_on=None, refused_on=None, withdrawn_on=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(granted_on=None) | Q(refused_on=None, withdrawn_on=None))
                & (Q(refused_on=None) | Q(withdrawn_on=None)),
                name="part_extension_decided_once",
                violation_error_message=_("An extension is decided once."),
            ),
            models.CheckConstraint(
                condition=Q(granted_on=None) | Q(new_due_on__gte=F("granted_on")),
                name="part_extension_not_before_its_grant",
                violation_error_message=_("The new due date lies before the day on which it was granted."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(requested_by=None) | ~Q(decided_by=F("requested_by")),
                name="part_extension_decided_by_another",
                violation_error_message=_("Nobody decides on their own request."),
            ),
            models.UniqueConstraint(
                fields=["task", "organisation"],
                condition=Q(granted_on=None, refused_on=None, withdrawn_on=None),
                name="one_open_extension_a_part",
                violation_error_message=_("A later day for this part already waits for an answer."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} on {self.task_id} until {self.new_due_on}"

    @property
    def days_added(self) -> int:
        """Days between the due date before and the one asked for or granted."""
        return (self.new_due_on - self.was_due_on).days

    @property
    def is_late_request(self) -> bool:
        """Whether it was asked for after the due date then in force."""
        return self.requested_on > self.was_due_on
