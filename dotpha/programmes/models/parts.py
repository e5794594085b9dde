"""Who leads a task and who co-operates; what a co-operating agency reports on its own part (C6)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from dotpha.directory.models import Organisation
from dotpha.programmes.models.tasks import Task


class Answered(models.Model):
    """What the other side says to one side's words: it confirms them on a day, or returns them with its reason."""

    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    returned_on = models.DateField(_("returned on"), null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("returned by")
    )
    return_reason = models.TextField(_("reason for returning"), blank=True)

    class Meta:
        abstract = True


class Assignment(Answered):
    """An organisation's part in a task from a day until a day: exactly one leads at any time.

    A co-operating agency's part has its own words and due date. Changed on a later day it is a new row, so
    that an earlier day keeps what held then. `set_on` and `set_by` tell who gave it these words;
    the agency itself confirms or returns them. What it reports on its part is a `PartReport`.
    """

    class Part(models.TextChoices):
        LEAD = "lead", _("lead agency")
        CO_LEAD = "co_lead", _("co-lead agency")
        COOPERATING = "cooperating", _("co-operating agency")

    task = models.ForeignKey(Task, models.PROTECT, related_name="assignments", verbose_name=_("task"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="assignments", verbose_name=_("organisation")
    )
    part = models.CharField(_("part"), max_length=12, choices=Part)
    duty = models.TextField(_("own part of the work"), blank=True)
    part_due_on = models.DateField(_("own due date"), null=True, blank=True)
    part_due_text = models.CharField(_("own due date, as written"), max_length=300, blank=True)
    set_on = models.DateField(_("set on"), null=True, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("set by")
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["task", "pk"]
        verbose_name = _("assignment")
        indexes = [
            models.Index(fields=["organisation", "part", "task"], name="assignment_by_organisation"),
            models.Index(
                fields=["task"],
                name="assignment_lead",
                condition=Q(part="lead"),
                include=["organisation", "from_on", "until_on"],
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="assignment_period",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on=None) | Q(returned_on=None),
                name="assignment_confirmed_or_returned",
                violation_error_message=_("A part is confirmed or returned, not both."),
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None) | ~Q(return_reason=""),
                name="assignment_returned_with_a_reason",
                violation_error_message=_("Say why the part is returned."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(set_by=None) | ~Q(confirmed_by=F("set_by")),
                name="assignment_confirmed_by_another",
                violation_error_message=_("Nobody confirms a part that they set."),
            ),
            ExclusionConstraint(
                name="one_lead_at_a_time",
                index_type="GIST",
                expressions=[
                    (Func(F("task_id"), F("task_id"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func(F("from_on"), F("until_on"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(part="lead"),
                violation_error_message=_("A task has exactly one lead agency at a time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.part} {self.task_id}"


class PartReport(Answered):
    """A report of an agency on its own part. Without a percent, or with 100, it says that the part is done.

    The day of the report counts, however long its confirmation takes. A returned report stays; the agency
    makes another one. The part itself, its words and due date, is an `Assignment`.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="part_reports", verbose_name=_("task"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="part_reports", verbose_name=_("organisation")
    )
    text = models.TextField(_("what was done"))
    percent = models.PositiveSmallIntegerField(_("percent done"), null=True, blank=True)
    reported_on = models.DateField(_("reported on"))
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reported by")
    )

    class Meta:
        ordering = ["task", "pk"]
        verbose_name = _("report on a part")
        indexes = [
            models.Index(fields=["task", "organisation", "id"], name="part_report_by_part"),
            models.Index(
                fields=["reported_on", "id"],
                name="part_report_waiting",
                condition=Q(confirmed_on=None, returned_on=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gte=0, percent__lte=100),
                name="part_report_percent",
                violation_error_message=_("The percent lies between 0 and 100."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on=None) | Q(returned_on=None),
                name="part_report_confirmed_or_returned",
                violation_error_message=_("A report is confirmed or returned, not both."),
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None) | ~Q(return_reason=""),
                name="part_report_returned_with_a_reason",
                violation_error_message=_("Say why the report is returned."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(reported_by=None) | ~Q(confirmed_by=F("reported_by")),
                name="part_report_confirmed_by_another",
                violation_error_message=_("Nobody confirms their own report."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} on {self.task_id}"

    @property
    def state(self) -> str:
        """waiting, returned or confirmed."""
        if self.confirmed_on:
            return "confirmed"
        return "returned" if self.returned_on else "waiting"
