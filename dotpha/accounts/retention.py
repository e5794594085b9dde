"""What is held of people past its time: read here, erased by `actions.retention` (K5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from dotpha.accounts import rules
from dotpha.accounts.models import DataRequest, EmailChange, Recovery, User
from dotpha.accounts.personal_fields import ANSWERED, SESSION, TRIES, WAITING
from dotpha.platform import days
from dotpha.platform.models import AuditEvent


def closed() -> QuerySet[User]:
    """Closed accounts that bear a name still, each with `closed_at`, the first closed first.

    The record tells when; of an account that was never open here, the day it was added stands for it.
    """
    told = AuditEvent.objects.filter(kind="person.ended", subject=Concat(Value("person:"), OuterRef("username")))
    moment = Subquery(told.order_by("-pk").values("at")[:1])
    nameless = User.objects.filter(is_active=False).exclude(username__startswith=rules.PSEUDONYM)
    return nameless.annotate(closed_at=Coalesce(moment, "date_joined")).order_by("closed_at", "pk")


def days_of(user: User) -> tuple[date, date]:
    """Of an account of `closed`: the day of its closing, and that from which it may be made nameless."""
    closed_on = days.day_of(user.closed_at)  # type: ignore[attr-defined]
    return closed_on, closed_on + rules.CLOSED_KEPT


def closed_too_long(on: date) -> QuerySet[User]:
    """Closed accounts whose time is over on a day."""
    before = days.end_of(on - rules.CLOSED_KEPT)
    return closed().filter(closed_at__lt=before)  # type: ignore[misc]


def past_time(on: date, now: datetime) -> Mapping[str, list[QuerySet[Any]]]:
    """Rows that hold something past its time, by retention; those of accounts apart (`closed_too_long`)."""
    ended = DataRequest.objects.filter(ended_on__lte=on - rules.ANSWERED_KEPT).exclude(answer=rules.NO_LONGER)
    open_session = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gte=now)
    return {
        ANSWERED.key: [ended],
        WAITING.key: [
            EmailChange.objects.filter(ended_at=None, asked_at__lt=now - rules.LINK_WAITS),
            Recovery.objects.filter(decided_at=None, asked_at__lt=now - rules.RECOVERY_WAITS),
        ],
        SESSION.key: [
            UserSession.objects.filter(~Exists(open_session)),
            Session.objects.filter(expire_date__lt=now),
        ],
        TRIES.key: [
            AccessAttempt.objects.filter(attempt_time__lt=now - rules.TRIES_KEPT),
            AccessLog.objects.filter(attempt_time__lt=now - rules.TRIES_KEPT),
        ],
    }


def counts(on: date, now: datetime) -> dict[str, int]:
    """How many rows of each retention are past their time: one query a table."""
    return {key: sum(rows.count() for rows in found) for key, found in past_time(on, now).items()}
