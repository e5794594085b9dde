"""Programmes and plans, their targets, task groups, and which tasks they hold."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import scopes
from dotpha.directory.models import Organisation, Place
from dotpha.documents.models import Document, Provision
from dotpha.platform.subjects import subject
from dotpha.platform.texts import Text, read


class Programme(models.Model):
    """What carries out a directing document: a programme, a plan or a personal action programme
    under it. A province's plan has the national programme as its parent."""

    class Kind(models.TextChoices):
        PROGRAMME = "programme", _("Programme")
        PLAN = "plan", _("Plan")
        PERSONAL = "personal", _("Personal action programme")

    class Every(models.TextChoices):
        NONE = "", _("No fixed period")
        MONTH = "month", _("Every month")
        QUARTER = "quarter", _("Every quarter")
        HALF = "half", _("Every half-year")
        YEAR = "year", _("Every year")

    key = models.SlugField(_("key"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PROGRAMME)
    title = models.JSONField(_("title"), default=dict)
    document = models.ForeignKey(Document, models.PROTECT, related_name="programmes", verbose_name=_("root document"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="layers", verbose_name=_("under the programme")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="programmes", verbose_name=_("of the body")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="programmes", verbose_name=_("of the place")
    )
    report_every = models.CharField(_("reports"), max_length=8, choices=Every, default=Every.NONE, blank=True)
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.CharField(_("published by"), max_length=150, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        ordering = ["from_on", "key"]
        verbose_name = _("programme")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(from_on=None) | Q(until_on__gte=F("from_on")),
                name="programme_period",
                violation_error_message=_("The end must come after the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by="") | Q(published_at__isnull=False) & ~Q(published_by=""),
                name="programme_published_by_someone",
                violation_error_message=_("A programme is published by somebody."),
            ),
        ]

    def __str__(self) -> str:
        return self.heading.text

    @property
    def heading(self) -> Text:
        return read(self.title)

    @property
    def subject(self) -> str:
        return subject("programme", self.key)

    def runs_on(self, day: date) -> bool:
        """Whether a day lies in its period; one without an end goes on."""
        return (self.from_on or day) <= day <= (self.until_on or day)

    @property
    def scopes(self) -> list[str]:
        """The scopes in which a right over this programme may be held."""
        held = [scopes.of_programme(self.key)]
        if self.organisation:
            held.append(self.organisation.scope)
        if self.place:
            held.append(self.place.scope)
        return held


class TaskGroup(models.Model):
    """A numbered group of tasks and solutions of a programme."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="groups", verbose_name=_("programme"))
    key = models.SlugField(_("key"), max_length=80)
    title = models.JSONField(_("title"), default=dict)
    short = models.JSONField(_("short title"), default=dict)
    order = models.PositiveIntegerField(_("order"))

    class Meta:
        ordering = ["programme", "order", "pk"]
        verbose_name = _("task group")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="one_group_a_key",
                violation_error_message=_("This programme has a group of this key already."),
            )
        ]

    def __str__(self) -> str:
        return self.heading.text

    @property
    def heading(self) -> Text:
        return read(self.title)

    @property
    def label(self) -> Text:
        """The short title where there is one, else the whole."""
        return read(self.short or self.title)


class Target(models.Model):
    """A dated target of a programme, measurable or qualitative, as the document writes it."""

    class Comparison(models.TextChoices):
        AT_LEAST = ">=", _("at least")
        MORE_THAN = ">", _("more than")
        AT_MOST = "<=", _("at most")
        EQUAL = "=", _("exactly")
        BETWEEN = "between", _("between")
        RANK_TOP = "rank_top", _("in the first")
        COMPOSITE = "composite", _("by its parts")
        QUALITATIVE = "qualitative", _("in words")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="targets", verbose_name=_("programme"))
    key = models.SlugField(_("key"), max_length=80, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    ordinal = models.CharField(_("number in the document"), max_length=12, blank=True)
    order = models.PositiveIntegerField(_("order"))
    year = models.PositiveSmallIntegerField(_("by the year"))
    title = models.JSONField(_("target"), default=dict)
    result_text = models.TextField(_("result as written"), blank=True)
    unit = models.CharField(_("unit"), max_length=120, blank=True)
    comparison = models.CharField(_("comparison"), max_length=12, blank=True)
    number = models.DecimalField(_("number"), max_digits=20, decimal_places=6, null=True, blank=True)
    number_high = models.DecimalField(_("up to"), max_digits=20, decimal_places=6, null=True, blank=True)
    indicator = models.SlugField(_("indicator"), max_length=80, blank=True)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("in charge")
    )
    owner_text = models.CharField(_("in charge, as written"), max_length=300, blank=True)
    verbatim = models.BooleanField(_("word for word"), default=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        ordering = ["programme", "year", "order", "pk"]
        verbose_name = _("target")

    def __str__(self) -> str:
        return self.heading.text

    @property
    def heading(self) -> Text:
        return read(self.title)

    @property
    def subject(self) -> str:
        return subject("target", self.key)


class Membership(models.Model):
    """A programme holds a task. A task may serve several programmes and is one task in all of them.

    `is_part` marks one organisation's part of a collective task: it is rolled up in its parent and
    not counted beside it.
    """

    task = models.ForeignKey("Task", models.PROTECT, related_name="memberships", verbose_name=_("task"))
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="memberships", verbose_name=_("programme"))
    group = models.ForeignKey(
        TaskGroup, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("task group")
    )
    provision = models.ForeignKey(
        Provision, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("provision")
    )
    ordinal = models.CharField(_("number in the document"), max_length=20, blank=True)
    is_part = models.BooleanField(_("part of a collective task"), default=False)

    class Meta:
        ordering = ["programme", "pk"]
        verbose_name = _("membership")
        indexes = [models.Index(fields=["programme", "is_part", "task"], name="membership_by_programme")]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "programme"],
                name="once_in_a_programme",
                violation_error_message=_("This programme holds the task already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.task_id} in {self.programme_id}"
