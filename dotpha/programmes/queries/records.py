"""Reports, extensions, blockers: one of them, as far as its task may be seen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes.models import Blocker, Extension, PartExtension, Report
from dotpha.programmes.queries import reach
from dotpha.programmes.queries.tasks import assigned, within

if TYPE_CHECKING:
    from django.db.models import QuerySet

Row = TypeVar("Row", bound=Model)


def _seen(rows: QuerySet[Row], by: Actor, on: date) -> QuerySet[Row]:
    return rows.filter(task__in=within(assigned(on), by).values("pk"))


def _one(rows: QuerySet[Row], number: int) -> Row:
    found = rows.filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Refused("not_found", _("There is nothing here under this number."), do=advice.FIND, status=404)
    return found


def visible_reports(by: Actor, on: date) -> QuerySet[Report]:
    """Reports on tasks that this person may see, with what they are shown with. Not for the public.

    A draft is a word that nobody has given yet: its writers and their approver see it, nobody else.
    """
    rows = Report.objects.select_related("task", "drafted_by", "submitted_by", "approved_by", "returned_by")
    rows = rows.prefetch_related("evidence__file", "issues__product")
    given = Q(submitted_at__isnull=False)
    for right in ("report.write", "report.approve"):
        given |= Q(task__in=reach.led(by, right, on).values("task"))
    return _seen(rows.filter(given), by, on) if by.key else rows.none()


def one_report(by: Actor, number: int, on: date) -> Report:
    """The report of this number, or a refusal that does not tell whether it exists."""
    return _one(visible_reports(by, on), number)


def one_extension(by: Actor, number: int, on: date) -> Extension:
    """The ledger line of this number, or a refusal that does not tell whether it exists."""
    return _one(_seen(Extension.objects.select_related("task__parent", "task__place"), by, on), number)


def one_part_extension(by: Actor, number: int, on: date) -> PartExtension:
    """The later day asked for a part, of this number, or a refusal that does not tell whether it exists."""
    rows = PartExtension.objects.select_related("task__parent", "task__place", "organisation__place")
    return _one(_seen(rows, by, on), number)


def visible_blockers(by: Actor, on: date) -> QuerySet[Blocker]:
    """Blockers of tasks that this person may see, and those asked of bodies within their reach."""
    rows: QuerySet[Blocker] = Blocker.objects.select_related("task__parent", "task__place", "asks_of__place")
    if not by.key:
        return rows.none()
    seen = _seen(rows, by, on)
    asked = rows.filter(reach.inside(by, "blocker.answer", "asks_of", task="task"))
    return (seen | asked).distinct()


def one_blocker(by: Actor, number: int, on: date) -> Blocker:
    """The blocker of this number, or a refusal that does not tell whether it exists."""
    return _one(visible_blockers(by, on), number)
