"""Requests of people about their own data: made, first answered, extended once, ended with what was done (K5).

The record says that it happened; what the person and the administrator wrote stays with the request.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, rules, scopes
from dotpha.accounts.actions import erasure, locking
from dotpha.accounts.models import DataRequest, User
from dotpha.accounts.personal_fields import RequestKind
from dotpha.platform import audit, text
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused

LONGEST = 4000
_SPEAK_FOR_THEMSELVES = {RequestKind.ACCESS, RequestKind.ERASURE}


@action
def make_request(
    *, user: User, kind: str, text: str = "", made_on: date | None = None, by: Actor, on: date
) -> DataRequest:
    """Ask about one's own data, or as an administrator record what came on paper, on the day it was received."""
    if by.user_id != user.pk:
        by = rights.require(by, "person.change", [scopes.ALL])
    if kind not in RequestKind.values:
        raise Refused("unknown_kind", _("Choose what is asked for."), field="kind")
    said = _words(text, "text")
    if not said and kind not in _SPEAK_FOR_THEMSELVES:
        raise Refused("text_missing", _("Say what it is about: which data, and what should be done."), field="text")
    if made_on is not None and made_on > on:
        raise Refused("day_not_come", _("That day has not come yet."), field="made_on")
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if DataRequest.objects.filter(user=user, kind=kind, ended_on=None).exists():
        raise Refused("asked_already", _("This is asked for already, and waits for its end."), field="kind", status=409)
    made = DataRequest.objects.create(user=user, kind=kind, text=said, made_on=made_on or on, made_by=by.key)
    audit.record("data_request.made", made, by, after={"request": made.pk, "kind": kind, "made_on": made.made_on})
    return made


@action
def reply_to_request(*, request: DataRequest, reply: str, by: Actor, on: date) -> DataRequest:
    """Give the first reply: that it was received, what follows and until when."""
    request, by = _open(request, by)
    if request.replied_on is not None:
        raise Refused("replied_already", _("The first reply was given already."), field="reply", status=409)
    request.reply = _required(reply, "reply")
    request.replied_on, request.replied_by = on, by.key
    request.save(update_fields=["reply", "replied_on", "replied_by"])
    audit.record("data_request.replied", request, by, after={"request": request.pk})
    return request


@action
def extend_request(*, request: DataRequest, days: int, reason: str, by: Actor, on: date) -> DataRequest:
    """Give oneself more days, once, at most 15, and tell the person why."""
    request, by = _open(request, by)
    rules.require_extensible(request.clock, days, on)
    request.extension_reason = _required(reason, "reason")
    request.extended_by = days
    request.save(update_fields=["extended_by", "extension_reason"])
    audit.record("data_request.extended", request, by, after={"request": request.pk, "days": days})
    return request


@action
def complete_request(*, request: DataRequest, answer: str, kept: str = "", by: Actor, on: date) -> DataRequest:
    """End a request with what was done, and what must be kept and why. An erasure is carried out by this."""
    request, by = _open(request, by)
    answer, kept = _required(answer, "answer"), _words(kept, "kept")
    if request.kind == RequestKind.ERASURE and not kept:
        raise Refused("kept_missing", _("Say what must be kept after the erasure, and why."), field="kept")
    request = _end(request, by, on, answer=answer, kept=kept)
    audit.record("data_request.completed", request, by, after={"request": request.pk})
    if request.kind == RequestKind.ERASURE:
        erasure.forget(request.user, by, on)
        request.refresh_from_db()
    return request


@action
def refuse_request(*, request: DataRequest, answer: str, by: Actor, on: date) -> DataRequest:
    """End a request without doing what it asks for, with the reason."""
    request, by = _open(request, by)
    request = _end(request, by, on, answer=_required(answer, "answer"), is_refused=True)
    audit.record("data_request.refused", request, by, after={"request": request.pk})
    return request


def _open(request: DataRequest, by: Actor) -> tuple[DataRequest, Actor]:
    """The request under its lock, and under which role `by` acts.

    Refuses what has ended, and a decision on one's own request.
    """
    by = rights.require(by, "person.change", [scopes.ALL])
    request = locking.with_person(request)
    if by.user_id == request.user_id:
        raise Refused("own_request", _("Another administrator answers your own request."), status=403)
    locking.require_waiting(request.ended_on is None)
    return request, by


def _end(
    request: DataRequest, ender: Actor, on: date, *, answer: str, kept: str = "", is_refused: bool = False
) -> DataRequest:
    request.ended_on, request.ended_by = on, ender.key
    request.answer, request.kept, request.is_refused = answer, kept, is_refused
    request.save(update_fields=["ended_on", "ended_by", "answer", "kept", "is_refused"])
    return request


def _words(said: str, field: str) -> str:
    return text.clean(said, LONGEST, field)


def _required(said: str, field: str) -> str:
    words = _words(said, field)
    if not words:
        raise Refused("answer_missing", _("Write here what the person should read."), field=field)
    return words
