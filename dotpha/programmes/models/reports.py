"""Progress reports, promised products, the evidence that they were issued."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dotpha.platform.models import StoredFile
from dotpha.platform.subjects import subject
from dotpha.programmes.models.parts import PartReport
from dotpha.programmes.models.tasks import Occurrence, Task


class Product(models.Model):
    """A product that the document promises of a task."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="products", verbose_name=_("task"))
    text = models.CharField(_("product"), max_length=1000)
    measure = models.CharField(_("how it is measured"), max_length=300, blank=True)
    order = models.PositiveIntegerField(_("order"), default=1)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        ordering = ["task", "order", "pk"]
        verbose_name = _("product")

    def __str__(self) -> str:
        return self.text


class Report(models.Model):
    """A progress report: draft, submitted, returned or approved, as its moments tell.

    `reported_on` is the day whose state it tells. `completed_on` claims completion on a day; it
    becomes the task's fact only when an approver confirms it.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="reports", verbose_name=_("task"))
    occurrence = models.ForeignKey(
        Occurrence, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("occurrence")
    )
    period = models.CharField(_("period"), max_length=10, blank=True)
    percent = models.PositiveSmallIntegerField(_("percent done"))
    summary = models.TextField(_("what was done"))
    next_step = models.TextField(_("next step"), blank=True)
    risk = models.TextField(_("risk"), blank=True)
    lower_reason = models.TextField(_("why the percent is lower"), blank=True)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    reported_on = models.DateField(_("state of"))
    drafted_at = models.DateTimeField(_("drafted at"))
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("drafted by")
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    returned_at = models.DateTimeField(_("returned at"), null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("returned by")
    )
    return_reason = models.TextField(_("reason for returning"), blank=True)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("corrects")
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    WAITS = Q(approved_at=None, submitted_at__isnull=False) & (
        Q(returned_at=None) | Q(returned_at__lt=F("submitted_at"))
    )
    """The condition that `state` is submitted: somebody has to approve or return it."""

    class Meta:
        ordering = ["pk"]
        verbose_name = _("report")
        indexes = [
            models.Index(
                fields=["task", "-reported_on", "-id"], name="report_approved", condition=Q(approved_at__isnull=False)
            ),
            models.Index(
                fields=["submitted_at", "id"],
                name="report_waiting",
                condition=Q(approved_at=None, submitted_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100),
                name="report_percent",
                violation_error_message=_("The percent lies between 0 and 100."),
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(submitted_at__isnull=False),
                name="report_submitted_before_approved",
                violation_error_message=_("A report is submitted before it is approved."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(submitted_by=None) | ~Q(approved_by=F("submitted_by")),
                name="report_approved_by_another",
                violation_error_message=_("Nobody approves their own report."),
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None) | ~Q(return_reason=""),
                name="report_returned_with_a_reason",
                violation_error_message=_("Say why the report is returned."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.percent} %"

    @property
    def state(self) -> str:
        """draft, submitted, returned or approved."""
        if self.approved_at:
            return "approved"
        if self.submitted_at is None:
            return "draft"
        return "returned" if self.returned_at and self.returned_at >= self.submitted_at else "submitted"

    @property
    def subject(self) -> str:
        return subject("report", self.pk)


class Evidence(models.Model):
    """What shows that a report, of a task or on a part of it, is true: a file, a link or a document number.

    The file of a link is its saved copy: what the page said when it was given as evidence (C14). A person gives it;
    nothing here fetches an address.
    """

    class Kind(models.TextChoices):
        FILE = "file", _("file")
        LINK = "link", _("link")
        DOCUMENT = "document", _("document number")

    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("report")
    )
    part_report = models.ForeignKey(
        PartReport, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("report on a part")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    text = models.CharField(_("what it is"), max_length=500, blank=True)
    number = models.CharField(_("document number"), max_length=100, blank=True)
    issued_on = models.DateField(_("date of the document"), null=True, blank=True)
    url = models.URLField(_("link"), max_length=1000, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )

    class Meta:
        ordering = ["report", "pk"]
        verbose_name = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=Q(report__isnull=False, part_report=None) | Q(report=None, part_report__isnull=False),
                name="evidence_of_one_report",
                violation_error_message=_("Evidence belongs to one report."),
            ),
            models.CheckConstraint(
                condition=Q(kind="file", file__isnull=False, url="")
                | Q(kind="link") & ~Q(url="")
                | Q(kind="document", file=None, url="") & ~Q(number=""),
                name="evidence_of_one_kind",
                violation_error_message=_("Evidence is a file, a link or a document number."),
            ),
        ]

    def __str__(self) -> str:
        return self.text or self.number or self.url

    @property
    def lacks_copy(self) -> bool:
        """Whether it is a link of which nobody has given a saved copy."""
        return self.kind == self.Kind.LINK and self.file_id is None


class ProductIssue(models.Model):
    """A promised product as it was issued, named in a report and confirmed on its own, or waived
    with a reason."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="issues", verbose_name=_("report"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="issues", verbose_name=_("product"))
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="issues", verbose_name=_("evidence")
    )
    waiver_reason = models.TextField(_("why it is not needed"), blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    rejected_reason = models.TextField(_("why it is not confirmed"), blank=True)

    class Meta:
        ordering = ["report", "pk"]
        verbose_name = _("issued product")
        constraints = [
            models.UniqueConstraint(fields=["report", "product"], name="one_issue_a_product"),
            models.CheckConstraint(
                condition=Q(evidence__isnull=False) | ~Q(waiver_reason=""),
                name="issue_has_evidence_or_waiver",
                violation_error_message=_("Name the evidence of the product, or say why it is not needed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} by {self.report_id}"
