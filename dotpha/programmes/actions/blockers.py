"""Blockers: raise, take up, answer, redirect, escalate, resolve, reopen (C11). Each has its own clock."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.directory.models import Organisation
from dotpha.platform import advice, audit, days
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.classification import require_open_texts
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions.bodies import require_there
from dotpha.programmes.actions.steps import accept_silently, locked_open, require_reason
from dotpha.programmes.models import Blocker, BlockerStep, Task
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.rules import blockers as rules
from dotpha.programmes.rules.extensions import require_takes_blockers


@action
def raise_blocker(*, task: Task, kind: str, text: str, asks_of: Organisation | None, by: Actor, on: date) -> Blocker:
    """Say what holds a task up and who can remove it. The body asked has ten working days to answer."""
    by = rights.require(by, "blocker.raise", queries.lead_scopes(task))
    task = locked_open(task, require_takes_blockers)
    rules.require_raisable(kind, text, asks_of.key if asks_of else None)
    require_open_texts(text=text)
    assert asks_of is not None  # require_raisable refuses a blocker that asks nobody
    _require_another(task, asks_of, on, "asks_of")
    blocker = Blocker.objects.create(
        task=task,
        kind=kind,
        text=text.strip(),
        asks_of=asks_of,
        raised_on=on,
        respond_by=rules.respond_by(on),
        raised_at=days.now(),
        raised_by_id=by.user_id,
    )
    accept_silently(task, by, on)
    after = {"blocker": blocker.pk, "kind": kind, "asks_of": blocker.asks_of.key, "respond_by": blocker.respond_by}
    audit.record("blocker.raised", task, by, after=after, reason=text)
    return blocker


def _require_another(task: Task, asked: Organisation, on: date, field: str) -> None:
    """Refuse to ask a body that has ended, or the agency that leads: what it can remove itself is no blocker."""
    require_there(asked, on, field)
    if task.assignments.filter(part="lead", until_on=None, organisation=asked).exists():
        raise Refused(
            "asks_itself",
            _("%(name)s leads this task itself. Name another body that can remove the blocker."),
            field=field,
            name=asked.title.text,
        )


def _asked_scopes(blocker: Blocker) -> list[str]:
    """The scopes of the body asked now, read anew: the one that this blocker was read with may have sent it on."""
    asked = Organisation.objects.select_related("place").get(blockers=blocker.pk)
    return queries.asked_scopes(asked, queries.programmes_of(blocker.task))


def _locked_open(blocker: Blocker) -> Blocker:
    queries.locked(blocker.task)
    found = Blocker.objects.select_for_update(of=("self",)).select_related("task", "asks_of__place").get(pk=blocker.pk)
    if not found.is_open:
        raise Refused("already_resolved", _("This blocker has already been removed."), do=advice.LOOK, status=409)
    return found


def _record_step(
    blocker: Blocker,
    kind: str,
    by: Actor,
    reason: str = "",
    to: Organisation | None = None,
    until_on: date | None = None,
) -> None:
    BlockerStep.objects.create(
        blocker=blocker, kind=kind, at=days.now(), by_id=by.user_id, reason=reason, to=to, until_on=until_on
    )


@action
def take_up_blocker(*, blocker: Blocker, note: str = "", until_on: date | None = None, by: Actor, on: date) -> Blocker:
    """The body asked, or a leader, is at work on it, and may name the day by which it is to be removed (E10)."""
    by = _requirer(by, blocker)
    blocker = _locked_open(blocker)
    rules.require_promise(until_on, on)
    require_open_texts(note=note)
    _record_step(blocker, "taken_up", by, note, until_on=until_on)
    after = {"blocker": blocker.pk, "until_on": until_on}
    audit.record("blocker.taken_up", blocker.task, by, after=after, reason=note)
    return blocker


@action
def answer_blocker(*, blocker: Blocker, answer: str, by: Actor, on: date) -> Blocker:
    """The body asked says what it did, or that it cannot. The requester then closes the blocker, or not."""
    by = rights.require(by, "blocker.answer", _asked_scopes(blocker))
    blocker = _locked_open(blocker)
    blocker.answer = require_reason(answer, "answer")
    blocker.answered_at, blocker.answered_by_id = days.now(), by.user_id
    blocker.save(update_fields=["answer", "answered_at", "answered_by"])
    _record_step(blocker, "answered", by, answer)
    audit.record("blocker.answered", blocker.task, by, after={"blocker": blocker.pk}, reason=answer)
    return blocker


@action
def redirect_blocker(*, blocker: Blocker, to: Organisation, reason: str, by: Actor, on: date) -> Blocker:
    """Send a blocker on to the body that can remove it; that one's clock begins anew."""
    by = _requirer(by, blocker)
    blocker = _locked_open(blocker)
    if to.pk == blocker.asks_of_id:
        raise Refused("same_body", _("This body is asked already."), do=advice.ANOTHER, field="to", status=409)
    _require_another(blocker.task, to, on, "to")
    before = blocker.asks_of.key
    blocker.asks_of, blocker.respond_by = to, rules.respond_by(on)
    blocker.save(update_fields=["asks_of", "respond_by"])
    _record_step(blocker, "redirected", by, require_reason(reason), to)
    after = {"blocker": blocker.pk, "asks_of": to.key, "respond_by": blocker.respond_by}
    audit.record("blocker.redirected", blocker.task, by, before={"asks_of": before}, after=after, reason=reason)
    return blocker


def _requirer(by: Actor, blocker: Blocker) -> Actor:
    """Who may take a blocker up or send it on: the body asked, or those who decide on blockers."""
    if rights.may(by, "blocker.decide", queries.assigner_scopes(blocker.task)):
        return rights.require(by, "blocker.decide", queries.assigner_scopes(blocker.task))
    return rights.require(by, "blocker.answer", _asked_scopes(blocker))


@action
def escalate_blocker(*, blocker: Blocker, reason: str, to: Organisation | None = None, by: Actor, on: date) -> Blocker:
    """Put a blocker before those above: the requester after the day of the answer, the office at any time."""
    task = blocker.task
    decides = rights.may(by, "blocker.decide", queries.assigner_scopes(task))
    right, things = (
        ("blocker.decide", queries.assigner_scopes(task)) if decides else ("blocker.raise", queries.lead_scopes(task))
    )
    by = rights.require(by, right, things)
    blocker = _locked_open(blocker)
    if not decides and on <= blocker.respond_by:
        raise Refused(
            "still_time",
            _("The body asked has until %(day)s to answer."),
            do=advice.WAIT_UNTIL,
            status=409,
            day=blocker.respond_by,
        )
    if to is not None:
        require_there(to, on, "to")
    _record_step(blocker, "escalated", by, require_reason(reason), to)
    after = {"blocker": blocker.pk, "to": to.key if to else ""}
    audit.record("blocker.escalated", blocker.task, by, after=after, reason=reason)
    return blocker


@action
def resolve_blocker(*, blocker: Blocker, resolution: str, decision: str = "", by: Actor, on: date) -> Blocker:
    """Close a blocker: the requester's side agrees, or those who decide name their decision."""
    task = blocker.task
    consents = rights.may(by, "blocker.raise", queries.lead_scopes(task))
    right, things = (
        ("blocker.raise", queries.lead_scopes(task)) if consents else ("blocker.decide", queries.assigner_scopes(task))
    )
    by = rights.require(by, right, things)
    blocker = _locked_open(blocker)
    rules.require_resolvable(resolution, is_resolved=False, requester_consents=consents, decision=decision)
    require_open_texts(resolution=resolution, decision=decision)
    blocker.resolution, blocker.resolved_on, blocker.resolved_by_id = resolution.strip(), on, by.user_id
    blocker.decision = decision.strip()
    blocker.save(update_fields=["resolution", "resolved_on", "resolved_by", "decision"])
    after = {"blocker": blocker.pk, "consent": consents, "decision": decision}
    audit.record("blocker.resolved", blocker.task, by, after=after, reason=resolution)
    return blocker


@action
def reopen_blocker(*, blocker: Blocker, reason: str, by: Actor, on: date) -> Blocker:
    """What was said to be removed is in the way again: the clock of the body asked begins anew."""
    by = rights.require(by, "blocker.raise", queries.lead_scopes(blocker.task))
    locked_open(blocker.task, require_takes_blockers)
    blocker = Blocker.objects.select_for_update(of=("self",)).select_related("task").get(pk=blocker.pk)
    if blocker.is_open:
        raise Refused("still_open", _("This blocker is still open."), do=advice.LOOK, status=409)
    before = {"resolved_on": blocker.resolved_on, "resolution": blocker.resolution, "decision": blocker.decision}
    blocker.resolved_on, blocker.resolved_by_id, blocker.resolution, blocker.decision = None, None, "", ""
    blocker.respond_by = rules.respond_by(on)
    blocker.save(update_fields=["resolved_on", "resolved_by", "resolution", "decision", "respond_by"])
    _record_step(blocker, "reopened", by, require_reason(reason))
    audit.record("blocker.reopened", blocker.task, by, before=before, after={"blocker": blocker.pk}, reason=reason)
    return blocker
