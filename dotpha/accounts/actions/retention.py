"""What is held of people past its time is erased, and the record says so (K5)."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When

from dotpha.accounts import retention, rights, rules, scopes
from dotpha.accounts.actions import erasure, grants
from dotpha.accounts.models import DataRequest, Delegation, EmailChange, Recovery, User
from dotpha.accounts.personal_fields import ACCOUNT
from dotpha.platform import audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused

log = logging.getLogger(__name__)


def keep(*, keeper: Actor, on: date, now: datetime) -> dict[str, int]:
    """Erase everything past its time, each account by itself; how much of each retention. Repeating changes nothing."""
    done = 0
    for user in retention.closed_too_long(on):
        try:
            erase_closed(user=user, by=keeper, on=on)
            done += 1
        except Refused as refusal:
            if refusal.code != "kept_still":  # which means: opened again or erased this very moment
                log.warning("account %s past its time was not erased: %s", user.pk, refusal.code)
    return {ACCOUNT.key: done, **sweep(by=keeper, on=on, now=now)}


@action
def erase_closed(*, user: User, by: Actor, on: date) -> User:
    """Make an account nameless that was closed too long ago. Roles it bears still end with it."""
    by = rights.require(by, "person.change", [scopes.ALL])
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    found = retention.closed().filter(pk=user.pk).first()
    rules.require_time_over(retention.days_of(found)[0] if found else None, on)
    user = User.objects.get(pk=user.pk)
    for grant in user.grants.filter(Q(until_on=None) | Q(until_on__gte=on)):
        grants.end_grant(grant=grant, by=by, on=on)
    for lent in Delegation.objects.filter(to_user=user, until_on__gte=on, ended_at=None):
        grants.end_delegation(delegation=lent, by=by)
    erasure.forget(user, by, on, "retention")
    return user


@action
def sweep(*, by: Actor, on: date, now: datetime) -> dict[str, int]:
    """Erase what hangs on no closed account: words of old requests, what waited too long, sessions, wrong tries."""
    by = rights.require(by, "person.change", [scopes.ALL])
    done = {key: sum(_erase(rows, by, now) for rows in found) for key, found in retention.past_time(on, now).items()}
    for key, number in done.items():
        if number:
            audit.record("personal.erased", f"retention:{key}", by, after={"rows": number})
    return done


def _erase(rows: QuerySet[Any], eraser: Actor, now: datetime) -> int:
    """Empty rows that tell of an act, delete those that tell of nothing else; how many."""
    if rows.model is DataRequest:
        extended = When(extended_by__gt=0, then=Value(rules.NO_LONGER))
        reason = Case(extended, default=Value(""))
        return rows.update(text="", reply="", kept="", answer=rules.NO_LONGER, extension_reason=reason)
    if rows.model is EmailChange:
        return rows.update(ended_at=now, email="")
    if rows.model is Recovery:
        return rows.update(decided_at=now, decided_by=eraser.key, password="")
    return rows.delete()[0]
