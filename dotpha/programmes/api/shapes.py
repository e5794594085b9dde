"""Rows of the database as the API shows them, cut to the day asked about."""

from __future__ import annotations

from datetime import date
from typing import Any

from dotpha.documents.models import Document
from dotpha.platform.actors import Actor
from dotpha.programmes.actions.register import post_name
from dotpha.programmes.models import Blocker, Evidence, Extension, PartExtension, Programme, Report, Target, Task
from dotpha.programmes.queries import silence, targets, told
from dotpha.programmes.queries.programmes import visible_programmes
from dotpha.programmes.rules.blockers import promised


def by_then(day: date | None, on: date) -> date | None:
    """A day as it was known on another one: None while it was still to come."""
    """A day that had come by `on`; a later one was not known then."""
    return day if day and day <= on else None


def task(row: Task, on: date, *, public: bool = False) -> dict[str, Any]:
    """A task of `queries.lists.with_relations` at the end of a day; `public`: what everybody may read of it."""
    rows: Any = row
    parts = [
        each for each in row.assignments.all() if each.from_on <= on and (each.until_on is None or each.until_on >= on)
    ]
    lead = next((each.organisation for each in parts if each.part == "lead"), None)
    memberships = list(row.memberships.all())
    first = memberships[0] if memberships else None
    completed_on, cancelled_on = by_then(row.completed_on, on), by_then(row.cancelled_on, on)
    ended = completed_on or cancelled_on
    return {
        "key": row.key,
        "programme": first.programme.key if first else None,
        "programmes": [each.programme.key for each in memberships],
        "group": first.group.key if first and first.group else None,
        "title": row.heading.text,
        "lead": lead.key if lead else None,
        "lead_name": lead.title.text if lead else None,
        "co_leads": [each.organisation.key for each in parts if each.part == "co_lead"],
        "cooperating": [each.organisation.key for each in parts if each.part == "cooperating"],
        "deadline_text": row.deadline_text,
        "deadline_kind": row.deadline_kind,
        "original_due_on": row.original_due_on,
        "due_on": rows.due_on,
        "state": rows.state,
        "days_left": (rows.due_on - on).days if rows.due_on and not ended else None,
        "percent": rows.percent,
        "assigned_on": row.assigned_on,
        "started_on": by_then(row.started_on, on),
        "completed_on": completed_on,
        "cancelled_on": cancelled_on,
        "suspended": _is_suspended(row, rows.due_on, on) and not ended,
        "extensions": ledger(row, on, public=public),
        "blockers_open": rows.blockers_open,
        "parent": row.parent.key if row.parent else None,
        "is_part": row.is_part,
        "version": row.version,
    }


def _is_suspended(row: Task, due_on: date | None, on: date) -> bool:
    granted = [each for each in row.extensions.all() if each.granted_on and each.granted_on <= on]
    in_force = [each for each in granted if each.superseded_on is None or each.superseded_on > on]
    return due_on is None and any(each.kind == "suspension" for each in in_force)


def ledger(row: Task, on: date, *, public: bool) -> list[dict[str, Any]]:
    """The lines of a task's ledger that had been asked for by a day; the public reads those that were granted, without
    what an agency wrote."""
    lines = [extension(each, on) for each in row.extensions.all() if each.requested_on <= on]
    return [{**each, "reason": "", "answer": ""} for each in lines if each["granted_on"]] if public else lines


def task_detail(row: Task, on: date, *, public: bool = False) -> dict[str, Any]:
    """A task with its products and its source."""
    rows: Any = row
    return {
        **task(row, on, public=public),
        "products": [
            {"id": each.pk, "number": each.order, "text": each.text, "measure": each.measure}
            for each in row.products.all()
            if each.withdrawn_on is None or each.withdrawn_on > on
        ],
        "accountable_post": post_name(row.accountable_post) or None,
        "approver_post": post_name(row.approver_post) or None,
        "provision": f"{row.provision.document.key}#{row.provision.address}" if row.provision else None,
        "lead_text": row.lead_text,
        "cooperating_text": row.cooperating_text,
        "waiting_since": None if public else rows.waiting_since,
        "accepted_by_default_on": silence.accepted_on(row, on),
        "source": row.source,
    }


def extension(row: Extension, on: date) -> dict[str, Any]:
    """A ledger line as it was on a day."""
    return {**requested(row, on), "kind": row.kind, "superseded_on": by_then(row.superseded_on, on)}


def requested(row: Extension | PartExtension, on: date) -> dict[str, Any]:
    """A later day asked for, and what was decided by a day."""
    granted_on, refused_on = by_then(row.granted_on, on), by_then(row.refused_on, on)
    withdrawn_on = by_then(row.withdrawn_on, on)
    decided = [("granted", granted_on), ("refused", refused_on), ("withdrawn", withdrawn_on)]
    return {
        "id": row.pk,
        "state": next((name for name, day in decided if day), "open"),
        "new_due_on": row.new_due_on if granted_on else row.asked_due_on or row.new_due_on,
        "asked_due_on": row.asked_due_on,
        "reason_kind": row.reason_kind,
        "reason": row.reason,
        "requested_on": row.requested_on,
        "granted_on": granted_on,
        "refused_on": refused_on,
        "withdrawn_on": withdrawn_on,
        "answer": row.answer if granted_on or refused_on else "",
    }


def programme(row: Programme, document: Document | None) -> dict[str, Any]:
    """A programme of `queries.programmes.with_counts`, with its document where the reader may know of it."""
    rows: Any = row
    return {
        "key": row.key,
        "kind": row.kind,
        "title": row.heading.text,
        "document": document.key if document else None,
        "parent": row.parent.key if row.parent else None,
        "organisation": row.organisation.key if row.organisation else None,
        "place": row.place.key if row.place else None,
        "from_on": row.from_on,
        "until_on": row.until_on,
        "published": row.published_at is not None,
        "tasks": rows.tasks_count,
        "groups": rows.groups_count,
        "targets": rows.targets_count,
        "version": row.version,
    }


def programme_detail(row: Programme, by: Actor, on: date) -> dict[str, Any]:
    """A programme with its groups, its targets in force on a day, and the plans under it that its reader may see."""
    return {
        **programme(row, told.documents_of(by, [row]).get(row.pk)),
        "task_groups": [
            {"key": each.key, "title": each.heading.text, "order": each.order} for each in row.groups.all()
        ],
        "target_list": [target(each, row.key, on) for each in targets.of_programme(row, on)],
        "targets_by_year": [{"year": year, "targets": n} for year, n in targets.by_year(row, on)],
        "layers": list(visible_programmes(by).filter(parent=row).values_list("key", flat=True)),
    }


def target(row: Target, programme: str, on: date) -> dict[str, Any]:
    """A dated target of the programme of this key."""
    return {
        "key": row.key,
        "programme": programme,
        "ordinal": row.ordinal,
        "year": row.year,
        "title": row.heading.text,
        "result_text": row.result_text,
        "unit": row.unit,
        "comparison": row.comparison,
        "number": row.number,
        "number_high": row.number_high,
        "indicator": row.indicator,
        "owner": row.owner.key if row.owner else None,
        "parent": row.parent.key if row.parent else None,
        "withdrawn_on": by_then(row.withdrawn_on, on),
        "version": row.version or 1,  # rows kept before targets changed know none
    }


def evidence(row: Evidence) -> dict[str, Any]:
    """A piece of evidence; its file, or the saved copy of its link, is read on the pages."""
    return {
        "id": row.pk,
        "kind": row.kind,
        "text": row.text,
        "number": row.number,
        "issued_on": row.issued_on,
        "url": row.url,
        "sha256": row.file.sha256 if row.file else None,
    }


def report(row: Report) -> dict[str, Any]:
    """A report with its evidence and, for each product, what it says."""
    return {
        "id": row.pk,
        "task": row.task.key,
        "state": row.state,
        "percent": row.percent,
        "summary": row.summary,
        "next_step": row.next_step,
        "risk": row.risk,
        "completed_on": row.completed_on,
        "reported_on": row.reported_on,
        "submitted_at": row.submitted_at,
        "approved_at": row.approved_at,
        "returned_at": row.returned_at,
        "return_reason": row.return_reason,
        "evidence": [evidence(each) for each in row.evidence.all()],
        "products": [
            {
                "id": each.pk,
                "product": each.product_id,
                "evidence": each.evidence_id,
                "waiver": each.waiver_reason,
                "confirmed": each.confirmed_at is not None,
                "rejected_reason": each.rejected_reason,
            }
            for each in row.issues.all()
        ],
        "version": row.version,
    }


def blocker(row: Blocker) -> dict[str, Any]:
    """A blocker with its clock."""
    return {
        "id": row.pk,
        "task": row.task.key,
        "kind": row.kind,
        "text": row.text,
        "asks_of": row.asks_of.key,
        "raised_on": row.raised_on,
        "respond_by": row.respond_by,
        "answer": row.answer,
        "answered_at": row.answered_at,
        "resolved_on": row.resolved_on,
        "resolution": row.resolution,
        "decision": row.decision or "",  # rows kept before decisions had a column know none
        "until_on": promised((each.kind, each.until_on) for each in row.steps.all()),
    }
