"""What waits for the office and for inspectors: to check what was closed against its evidence (requirement E13)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.platform import days, numbers
from dotpha.platform.actors import Actor
from dotpha.platform.pages import language, url
from dotpha.platform.registry import Duty
from dotpha.programmes.inbox import Kind, inbox_list
from dotpha.programmes.models import Report
from dotpha.programmes.queries import reach


def to_verify(by: Actor, on: date) -> QuerySet[Any]:
    """Completions that an approver confirmed and nobody else has checked against their evidence.

    Never one that this person wrote or approved. What a register brought along was settled elsewhere, and a
    completion that an approved correction has replaced is checked there.
    """
    end = days.end_of(on)
    closed = Report.objects.filter(
        Q(verified_at=None) | Q(verified_at__gte=end), approved_at__lt=end, submitted_by__isnull=False,
        completed_on__isnull=False, task__completed_on__isnull=False, task__cancelled_on=None,
    )  # fmt: skip
    me = by.user_id or 0
    closed = closed.exclude(submitted_by_id=me).exclude(approved_by_id=me)
    closed = closed.exclude(corrections__approved_at__lt=end)
    led = Q(task__in=reach.led(by, "report.verify", on).values("task"))
    given = Q(task__in=reach.tasks_given(by, "report.verify"))
    return closed.filter(led | given).select_related("task")


def _verify(report: Report, on: date) -> Duty:
    day = numbers.day(report.completed_on or report.reported_on, language())
    why = _("Completed on %(day)s and approved. Check the evidence.") % {"day": day}
    since = days.day_of(report.approved_at) if report.approved_at else None
    link = url("programmes:report", report.pk)
    return Duty("report", report.task.heading.text, why, link, _("Verify"), since=since, subject=report.subject)


_KINDS: tuple[Kind, ...] = (
    ("to_verify", gettext_lazy("To verify"), "report.verify", to_verify, _verify, ("approved_at", "pk")),
)

LISTS = [inbox_list(each, 58 + place) for place, each in enumerate(_KINDS)]
