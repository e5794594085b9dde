"""Tasks: wording, who leads and co-operates, dates, products, links, recorded steps."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dotpha.directory.models import Place, Post
from dotpha.documents.models import Provision
from dotpha.platform.fields import WordsField
from dotpha.platform.subjects import subject
from dotpha.platform.texts import Text, every, read


class DeadlineKind(models.TextChoices):
    """How a deadline is written (contracts, "Deadline phrases")."""

    DATE = "date", _("day")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    HALF = "half", _("half-year")
    YEAR = "year", _("year")
    RANGE = "range", _("from … to")
    RECURRING = "recurring", _("recurring")
    CONTINUOUS = "continuous", _("continuous")
    CONDITIONAL = "conditional", _("conditional")
    UNKNOWN = "unknown", _("not determined")


TIMING = (
    "key", "is_part", "deadline_kind", "assigned_on", "started_on", "original_due_on", "completed_on", "cancelled_on",
)  # fmt: skip


class Task(models.Model):
    """A task as issued. The due date in force, the state and the percent of a day are derived
    (`rules.lateness`, `queries.tasks`); what the document printed is kept as written."""

    key = models.SlugField(_("key"), max_length=100, unique=True)
    title = models.JSONField(_("task"), default=dict)
    provision = models.ForeignKey(
        Provision, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("provision")
    )
    quoted_text = models.TextField(_("wording of the provision"), blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("implements the task")
    )
    is_part = models.BooleanField(_("part of a collective task"), default=False)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("place")
    )
    accountable_post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("accountable post")
    )
    approver_post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="approved_tasks", verbose_name=_("approving post")
    )
    lead_text = models.CharField(_("lead, as written"), max_length=500, blank=True)
    cooperating_text = models.CharField(_("co-operating, as written"), max_length=1000, blank=True)
    deadline_text = models.CharField(_("deadline, as written"), max_length=300, blank=True)
    deadline_kind = models.CharField(
        _("kind of deadline"), max_length=12, choices=DeadlineKind, default=DeadlineKind.UNKNOWN
    )
    deadline_start_on = models.DateField(_("period of the deadline from"), null=True, blank=True)
    recurs_every = models.CharField(_("recurs every"), max_length=8, blank=True)
    assigned_on = models.DateField(_("assigned on"))
    started_on = models.DateField(_("started on"), null=True, blank=True)
    original_due_on = models.DateField(_("original due date"), null=True, blank=True)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    cancelled_on = models.DateField(_("cancelled on"), null=True, blank=True)
    cancel_reason = models.TextField(_("reason for cancelling"), blank=True)
    tags = ArrayField(models.CharField(max_length=40), verbose_name=_("tags"), default=list, blank=True)
    verbatim = models.BooleanField(_("word for word"), default=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False)
    words = WordsField(_("words"))
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        ordering = ["key"]
        verbose_name = _("task")
        indexes = [
            GinIndex(fields=["words"], name="task_words"),
            models.Index(fields=["original_due_on", "key"], name="task_by_due_date"),
            # All that the state of a task is read from: counts walk this alone, not the rows with their texts.
            models.Index(fields=["id"], include=TIMING, name="task_timing"),
            models.Index(fields=["parent", "key"], name="task_by_parent"),
            GinIndex(fields=["tags"], name="task_tags"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(completed_on=None) | Q(started_on=None) | Q(completed_on__gte=F("started_on")),
                name="task_completed_after_start",
                violation_error_message=_("A task is not completed before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(original_due_on=None)
                | ~Q(deadline_kind__in=["recurring", "continuous", "conditional", "unknown"]),
                name="task_undated_kinds_have_no_date",
                violation_error_message=_("A deadline of this kind has no day of its own."),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                name="task_not_its_own_parent",
                violation_error_message=_("A task does not implement itself."),
            ),
            models.CheckConstraint(
                condition=~Q(is_part=True) | Q(parent__isnull=False),
                name="task_part_has_a_parent",
                violation_error_message=_("A part belongs to a collective task."),
            ),
        ]

    def __str__(self) -> str:
        return self.heading.text

    @property
    def heading(self) -> Text:
        return read(self.title)

    @property
    def deadline_words(self) -> str:
        """What the document says of the deadline; empty where it has a dash or nothing."""
        return "" if self.deadline_text in ("-", "–") else self.deadline_text

    @property
    def search_text(self) -> str:
        return f"{self.key} {every(self.title)} {self.lead_text} {' '.join(self.tags)}"

    @property
    def subject(self) -> str:
        return subject("task", self.key)


class Dependency(models.Model):
    """A task needs another one: finished before it starts, or a document or figure from it."""

    class Kind(models.TextChoices):
        FINISH = "finish", _("finished before this one starts")
        NEEDS = "needs", _("needs its document or figure")

    task = models.ForeignKey(Task, models.PROTECT, related_name="dependencies", verbose_name=_("task"))
    needs = models.ForeignKey(Task, models.PROTECT, related_name="needed_by", verbose_name=_("needs the task"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.FINISH)

    class Meta:
        ordering = ["task", "pk"]
        verbose_name = _("dependency")
        constraints = [
            models.UniqueConstraint(fields=["task", "needs"], name="one_dependency_each"),
            models.CheckConstraint(
                condition=~Q(task=F("needs")),
                name="no_dependency_on_itself",
                violation_error_message=_("A task does not depend on itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} needs {self.needs_id}"


class Occurrence(models.Model):
    """One dated round of a recurring task, reported and judged on its own."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="occurrences", verbose_name=_("task"))
    period = models.CharField(_("period"), max_length=10)
    due_on = models.DateField(_("due on"))
    completed_on = models.DateField(_("completed on"), null=True, blank=True)

    class Meta:
        ordering = ["task", "due_on", "pk"]
        verbose_name = _("occurrence")
        indexes = [models.Index(fields=["due_on", "task"], name="occurrence_by_due_date")]
        constraints = [models.UniqueConstraint(fields=["task", "period"], name="one_occurrence_a_period")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.period}"


class Step(models.Model):
    """A recorded step of a task: assigned, accepted, disputed, decided, closed, reopened, suspended …
    Rows are only added."""

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", _("assigned")
        ACCEPTED = "accepted", _("accepted")
        DISPUTED = "disputed", _("disputed")
        DECIDED = "decided", _("dispute decided")
        CLOSED = "closed", _("closed")
        VERIFIED = "verified", _("verified")
        REOPENED = "reopened", _("reopened")
        CANCELLED = "cancelled", _("cancelled")
        MERGED = "merged", _("merged")
        SPLIT = "split", _("split")
        EVENT = "event", _("the event took place")

    task = models.ForeignKey(Task, models.PROTECT, related_name="steps", verbose_name=_("task"))
    kind = models.CharField(_("step"), max_length=12, choices=Kind)
    on = models.DateField(_("on"))
    at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    reason = models.TextField(_("reason"), blank=True)
    document = models.CharField(_("document"), max_length=200, blank=True)
    other = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("other task")
    )

    class Meta:
        ordering = ["task", "pk"]
        verbose_name = _("step")
        indexes = [models.Index(fields=["task", "kind", "id"], name="step_by_kind")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind}"
