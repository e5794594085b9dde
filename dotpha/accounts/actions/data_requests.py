"""Requests of people about their own data: made, first answered, extended once, ended with what was done (K5).

The record says that it happened; what the person and the administrator wrote stays with the request.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, rules, scopes
from dotpha.accounts.actions import erasure, locking
from dotpha.accounts.models import DataRequest, User
from dotpha.accounts.personal_fields import RequestKind
from dotpha.platform import advice, audit, jobs, text
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.models import AuditEvent
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
        raise Refused("day_not_come", _("That day has not come yet."), do=advice.TODAY_OR_EARLIER, field="made_on")
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if DataRequest.objects.filter(user=user, kind=kind, ended_on=None).exists():
        raise Refused(
            "asked_already",
            _("This is asked for already, and waits for its end."),
            do=advice.WAIT,
            field="kind",
            status=409,
        )
    made = DataRequest.objects.create(user=user, kind=kind, text=said, made_on=made_on or on, made_by=by.key)
    audit.record("data_request.made", made, by, after={"request": made.pk, "kind": kind, "made_on": made.made_on})
    return made


@action
def reply_to_request(*, request: DataRequest, reply: str, by: Actor, on: date) -> DataRequest:
    """Give the first reply: that it was received, what follows and until when."""
    request, by = _open(request, by)
    if request.replied_on is not None:
        raise Refused(
            "replied_already", _("The first reply was given already."), do=advice.LOOK, field="reply", status=409
        )
    request.reply = _required(reply, "reply")
    request.replied_on, request.replied_by = on, by.key
    request.save(update_fields=["reply", "replied_on", "replied_by"])
    audit.record("data_request.replied", request, by, after={"request": request.pk})
    _tell(request, "replied")
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
    _tell(request, "extended")
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
        erasure.forget(request.user, by, on, "request")
        request.refresh_from_db()
    _tell(request, "ended")
    return request


@action
def refuse_request(*, request: DataRequest, answer: str, by: Actor, on: date) -> DataRequest:
    """End a request without doing what it asks for, with the reason."""
    request, by = _open(request, by)
    request = _end(request, by, on, answer=_required(answer, "answer"), is_refused=True)
    audit.record("data_request.refused", request, by, after={"request": request.pk})
    _tell(request, "ended")
    return request


@action
def mail_answer(*, request: DataRequest, step: str, by: Actor) -> bool:
    """Write to the person that there is an answer, once for each step ("replied", "extended", "ended"); nothing of what
    it says, or of what was asked. False where it was written already, or nobody can be written to.

    Sent inside the transaction: a letter that could not be sent is not noted, and the job tries again.
    """
    by = rights.require(by, "person.change", [scopes.ALL])
    request = locking.with_person(request)
    user, told = request.user, {"request": request.pk, "step": step}
    is_told = AuditEvent.objects.filter(kind="data_request.told", subject=request.subject, after=told).exists()
    if is_told or not may_be_told(user):
        return False
    audit.record("data_request.told", request, by, after=told)
    with translation.override(user.locale or settings.LANGUAGE_CODE):
        address = settings.BASE_URL + reverse("accounts:own_requests")
        letter = gettext("There is an answer to your request. Sign in to read it:\n\n%(link)s") % {"link": address}
        send_mail(gettext("An answer waits for you"), letter, settings.DEFAULT_FROM_EMAIL, [user.email])
    return True


def may_be_told(user: User) -> bool:
    """Whether the person can be told of an answer by e-mail."""
    return bool(settings.EMAIL and user.email and user.is_active)


def _tell(request: DataRequest, step: str) -> None:
    """Ask for the letter; whose account an erasure has closed has no address any more."""
    if may_be_told(request.user):
        jobs.defer("accounts.mail_answer", request=request.pk, step=step)


def _open(request: DataRequest, by: Actor) -> tuple[DataRequest, Actor]:
    """The request under its lock, and under which role `by` acts.

    Refuses what has ended, and a decision on one's own request.
    """
    by = rights.require(by, "person.change", [scopes.ALL])
    request = locking.with_person(request)
    if by.user_id == request.user_id:
        raise Refused(
            "own_request", _("Another administrator answers your own request."), do=advice.OTHER_ADMIN, status=403
        )
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
