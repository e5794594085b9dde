"""Parts of co-operating agencies: set, reported on, confirmed or returned by the other side, ended (C6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.directory.models import Organisation
from dotpha.platform import advice, audit, files
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.classification import require_open_texts
from dotpha.platform.refusals import Refused
from dotpha.platform.uploads import Upload
from dotpha.programmes.actions.bodies import require_there
from dotpha.programmes.actions.changing import ONE_DAY, end
from dotpha.programmes.actions.evidence import EvidenceRow, add_evidence
from dotpha.programmes.actions.steps import bump, locked_open, require_reason
from dotpha.programmes.models import Assignment, Evidence, PartReport, Task
from dotpha.programmes.queries import parts
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.rules import parts as rules
from dotpha.programmes.rules.deadlines import parse
from dotpha.programmes.rules.extensions import require_open


def _last(task: Task, organisation: Organisation) -> Assignment | None:
    """The agency's part as it was set last, be it ended."""
    rows = task.assignments.filter(part__in=parts.COOPERATING, organisation=organisation)
    return rows.select_related("organisation").order_by("pk").last()


def part_of(task: Task, organisation: Organisation) -> tuple[Assignment, list[PartReport]]:
    """The agency's part, be it ended, with its reports, oldest first; refused when it never had one."""
    row = _last(task, organisation)
    if row is None:
        raise Refused("not_found", _("This agency has no part in the task."), do=advice.LIST, status=404)
    return row, _reports(task, organisation)


def _reports(task: Task, organisation: Organisation) -> list[PartReport]:
    return list(task.part_reports.filter(organisation=organisation).order_by("pk"))


@action
def set_part(
    *,
    task: Task,
    organisation: Organisation,
    part: str = "cooperating",
    duty: str = "",
    part_due_on: date | None = None,
    part_due_text: str = "",
    may_end_later: bool = False,
    seen: str | None = None,
    by: Actor,
    on: date,
) -> Task:
    """Name a co-operating or co-leading agency with its own part of the work and its own due date (C6).

    The agency then confirms or returns it. A due date written in words is read as deadlines are. It lies within the
    task's own unless `may_end_later`. Set again later, the former words hold for the days before; the same words
    alter nothing, but that words which the agency returned are put to it anew. `seen` is the mark of the words seen.
    """
    by = rights.require(by, "task.change", queries.lead_scopes(task) + queries.assigner_scopes(task))
    task = locked_open(task)
    _require_beside_the_lead(task, organisation, part)
    due_on = part_due_on or (parse(part_due_text, on).due if part_due_text else None)
    rules.require_due(due_on, task.assigned_on, queries.task_dates(task).due_on(on), may_end_later=may_end_later)
    last = _last(task, organisation)
    held = last if last and last.until_on is None else None
    if held is None:
        require_there(organisation, on, "organisation")
    rules.require_seen(seen, parts.words_mark(held))
    rules.require_settable(parts.dates_of(last or Assignment(), _reports(task, organisation)), on)
    before = parts.said(held) if held else {}
    require_open_texts(duty=duty, part_due_text=part_due_text)
    words = {"part": part, "duty": duty.strip(), "part_due_on": due_on, "part_due_text": part_due_text.strip()}
    if held and not held.returned_on and before == {**before, **words}:
        return task
    row = row_from(last, on) or Assignment(task=task, organisation=organisation, from_on=on)
    _put(row, words, by, on)
    bump(task)
    audit.record("task.cooperation_changed", task, by, before=before, after=parts.said(row))
    return task


def _require_beside_the_lead(task: Task, organisation: Organisation, part: str) -> None:
    if part not in parts.COOPERATING:
        raise Refused("part_unknown", _("Choose co-lead or co-operating agency."), field="part")
    if task.assignments.filter(organisation=organisation, part="lead", until_on=None).exists():
        raise Refused(
            "same_lead", _("This agency leads the task already."), do=advice.ANOTHER, field="organisation", status=409
        )


def row_from(last: Assignment | None, on: date) -> Assignment | None:
    """The row that takes new words: one that began today itself; one of an earlier day ends, and None is answered."""
    if last is None:
        return None
    if last.from_on >= on:
        last.until_on = None
        return last
    if last.until_on is None or last.until_on >= on:
        last.until_on = on - ONE_DAY
        last.save(update_fields=["until_on"])
    return None


def _put(row: Assignment, words: dict[str, Any], by: Actor, on: date) -> None:
    for name, value in words.items():
        setattr(row, name, value)
    _ask(row, by, on)
    row.save()


def _ask(row: Assignment, by: Actor, on: date) -> None:
    """The words of a part are new: the agency has neither confirmed nor returned them."""
    row.set_on, row.set_by_id = on, by.user_id
    row.confirmed_on = row.confirmed_by_id = row.returned_on = row.returned_by_id = None
    row.return_reason = ""


@action
def end_part(*, task: Task, organisation: Organisation, reason: str = "", by: Actor, on: date) -> Task:
    """End the part of a co-operating agency. What it reported stays; a report that waits is answered first."""
    by = rights.require(by, "task.change", queries.lead_scopes(task) + queries.assigner_scopes(task))
    task = locked_open(task)
    held = _last(task, organisation)
    if held is None or held.until_on is not None:
        raise Refused("not_found", _("This agency has no part in the task."), do=advice.LIST, status=404)
    rules.require_answered(parts.dates_of(held, _reports(task, organisation)), on)
    require_open_texts(reason=reason)
    before = parts.said(held)
    end(held, on)
    bump(task)
    audit.record("task.cooperation_changed", task, by, before=before, after={}, reason=reason)
    return task


@action
def report_part(
    *,
    task: Task,
    organisation: Organisation,
    text: str,
    percent: int | None = None,
    evidence: Sequence[EvidenceRow] = (),
    uploads: Sequence[Upload] = (),
    saved_copy: Upload | None = None,
    by: Actor,
    on: date,
) -> PartReport:
    """A co-operating agency says what it did of its own part; without a percent, or with 100, that it is done.

    Its day counts, however late the lead agency confirms it. A report takes on what was set for the agency.
    One that was not answered yet is replaced by the next: nobody is late because another did not look.
    `saved_copy` is that of the link in `evidence`.
    """
    by = rights.require(by, "report.write", own_scopes(task, organisation))
    task = locked_open(task)
    row, told = part_of(task, organisation)
    rules.require_reportable(parts.dates_of(row, told), text, percent, on)
    require_open_texts(text=text)
    report = PartReport.objects.create(
        task=task, organisation=organisation, text=text.strip(), percent=percent, reported_on=on,
        reported_by_id=by.user_id,
    )  # fmt: skip
    for given in uploads:
        kept = files.keep(given, task.subject, by).pk
        add_evidence(EvidenceRow(kind=Evidence.Kind.FILE, text=given.name, file=kept), task, part_report=report)
    copy = files.keep(saved_copy, task.subject, by).pk if saved_copy else None
    for each in evidence:
        add_evidence(replace(each, file=each.file or copy), task, part_report=report)
    take_on(row, by, on)
    said = {"organisation": organisation.key, "report": report.pk, "percent": percent}
    audit.record("part.reported", task, by, after=said)
    return report


def take_on(row: Assignment, by: Actor, on: date) -> None:
    """Confirm the words of a part by reporting on it, unless they were returned or are one's own."""
    is_open = row.set_on and not row.confirmed_on and not row.returned_on
    if is_open and (row.set_by_id is None or row.set_by_id != by.user_id):
        row.confirmed_on, row.confirmed_by_id = on, by.user_id
        row.save(update_fields=["confirmed_on", "confirmed_by"])


@action
def confirm_part(*, task: Task, organisation: Organisation, seen: str | None = None, by: Actor, on: date) -> Task:
    """Confirm what waits: the lead agency a report on the part, the agency itself the part set for it.

    Nobody confirms what they wrote. A report may also be confirmed after the part ended or the task was completed.
    `seen` is the mark of what the reader had before them (`parts.mark`); other words are not confirmed by it.
    """
    task, waiting, by = _what_waits("task.accept", task, organisation, seen, by, on)
    if task.cancelled_on:
        require_open(queries.task_dates(task))
    waiting.confirmed_on, waiting.confirmed_by_id = on, by.user_id
    waiting.save(update_fields=["confirmed_on", "confirmed_by"])
    audit.record("part.confirmed", task, by, after=_answered(waiting))
    return task


@action
def return_part(
    *, task: Task, organisation: Organisation, reason: str, seen: str | None = None, by: Actor, on: date
) -> Task:
    """Send back what waits, with a reason: a report then is to be made again, a part to be set again.

    `seen` as in `confirm_part`.
    """
    task, waiting, by = _what_waits("task.accept", task, organisation, seen, by, on)
    require_open(queries.task_dates(task))
    waiting.return_reason = require_reason(reason)
    waiting.returned_on, waiting.returned_by_id = on, by.user_id
    waiting.save(update_fields=["returned_on", "returned_by", "return_reason"])
    audit.record("part.returned", task, by, after=_answered(waiting), reason=reason)
    return task


def _answered(waiting: Assignment | PartReport) -> dict[str, Any]:
    """What an answer was given to, as its event keeps it: the number of a report, or the words of a part."""
    if isinstance(waiting, Assignment):
        return {**parts.said(waiting), "by_side": rules.Side.COOPERATING.value}
    return {"organisation": waiting.organisation.key, "report": waiting.pk, "by_side": rules.Side.LEAD.value}


def own_scopes(task: Task, organisation: Organisation) -> list[str]:
    """The scopes in which an agency's people act on its part of a task."""
    return queries.asked_scopes(organisation, queries.programmes_of(task))


def _what_waits(
    right: str, task: Task, organisation: Organisation, seen: str | None, by: Actor, on: date
) -> tuple[Task, Assignment | PartReport, Actor]:
    """Ask a right of the side whose turn it is, lock, and read again what waits for it."""
    side = _turn(task, *part_of(task, organisation), on)
    lead, own = queries.lead_scopes(task), own_scopes(task, organisation)
    scopes = {None: lead + own, rules.Side.LEAD: lead, rules.Side.COOPERATING: own}[side]
    by = rights.require(by, right, scopes)
    task = queries.locked(task)
    row, told = part_of(task, organisation)
    if side is None or _turn(task, row, told, on) is not side:
        raise Refused(
            "nothing_to_confirm", _("Nothing of this part waits to be confirmed."), do=advice.LOOK, status=409
        )
    rules.require_seen(seen, parts.mark(side, row, told))
    waiting: Assignment | PartReport = told[-1] if side is rules.Side.LEAD else row
    author = told[-1].reported_by_id if side is rules.Side.LEAD else row.set_by_id
    rules.require_other_person(author, by.user_id)
    return task, waiting, by


def _turn(task: Task, row: Assignment, told: list[PartReport], on: date) -> rules.Side | None:
    return rules.waits_for(parts.dates_of(row, told, queries.task_dates(task).ended_on), on)


def copy_parts(task: Task, copy: Task, by: Actor, on: date) -> None:
    """Give a copy the parts of the agencies: words and due dates that fit it, nothing that happened.

    The agencies confirm them anew. A due date outside the copy's own time stays behind with the former task.
    """
    named = {each.organisation_id: each for each in copy.assignments.all()}
    for row in task.assignments.filter(part__in=parts.COOPERATING, until_on=None).order_by("pk"):
        held = named.get(row.organisation_id)
        if held and held.part == "lead":
            continue
        held = held or Assignment(task=copy, organisation_id=row.organisation_id, from_on=copy.assigned_on)
        held.part, held.duty = row.part, row.duty
        if row.part_due_on is None or _fits(row.part_due_on, copy):
            held.part_due_on, held.part_due_text = row.part_due_on, row.part_due_text
        if held.duty or held.part_due_on or held.part_due_text:
            _ask(held, by, on)
        held.save()


def _fits(due_on: date, task: Task) -> bool:
    return task.assigned_on <= due_on <= (task.original_due_on or due_on)
