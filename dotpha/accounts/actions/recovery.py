"""Ways back in: a new password, a lost second factor. For privileged roles a second administrator confirms (K1)."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, rules, scopes
from dotpha.accounts.actions import locking
from dotpha.accounts.models import Recovery, Token, User
from dotpha.accounts.roles import SECOND_FACTOR
from dotpha.platform import advice, audit, days
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused

_KINDS = {
    Recovery.What.PASSWORD: "person.password_given",
    Recovery.What.SECOND_FACTOR: "person.second_factor_removed",
}


def require_password(password: str, user: User) -> None:
    """Refuse a weak password, in the words of Django's rules."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(
            "password_weak", " ".join(error.messages).replace("%", "%%"), do=advice.ANOTHER, field="password"
        ) from None


def end_sessions(user: User) -> None:
    """Sign a person out everywhere: sessions end, and tokens made under them."""
    Token.objects.filter(user=user, ended_at=None).update(ended_at=days.now())
    for session in UserSession.objects.filter(user=user):
        session.end()


@action
def give_password(*, user: User, password: str, by: Actor) -> User:
    """Give a person a new first password, and end every session under the old one. One's own is changed elsewhere.

    For a person with a privileged role it waits for another administrator.
    """
    by = rights.require(by, "person.change", [scopes.ALL])
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.pk == by.user_id:
        raise Refused("own_password", _("Change your own password on the page of your account."), status=403)
    require_password(password, user)
    return _do_or_ask(user, Recovery.What.PASSWORD, make_password(password), by)


@action
def remove_second_factor(*, user: User, by: Actor) -> User:
    """Take a lost second factor away, recovery codes included, and end every session. One's own is removed elsewhere.

    For a person with a privileged role it waits for another administrator.
    """
    by = rights.require(by, "person.change", [scopes.ALL])
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.pk == by.user_id:
        raise Refused("own_second_factor", _("Change your own second factor on the page of your account."), status=403)
    if not Authenticator.objects.filter(user=user).exists():
        raise Refused("no_second_factor", _("This person has no second factor."), do=advice.LOOK, status=409)
    return _do_or_ask(user, Recovery.What.SECOND_FACTOR, "", by)


@action
def confirm_recovery(*, recovery: Recovery, by: Actor) -> Recovery:
    """Let the person back in, as the second administrator."""
    by = rights.require(by, "person.change", [scopes.ALL])
    recovery = _locked(recovery)
    rules.require_confirmable(
        asked_by=recovery.asked_by, asked_at=recovery.asked_at, about=recovery.user.username, by=by.key, now=days.now()
    )
    _apply(recovery.user, Recovery.What(recovery.what), recovery.password)
    _decide(recovery, by, is_confirmed=True)
    audit.record(_KINDS[Recovery.What(recovery.what)], recovery.user, by, after={"asked_by": recovery.asked_by})
    return recovery


@action
def refuse_recovery(*, recovery: Recovery, by: Actor) -> Recovery:
    """Refuse what another administrator asked for, or take back what one asked for oneself."""
    by = rights.require(by, "person.change", [scopes.ALL])
    recovery = _locked(recovery)
    _decide(recovery, by, is_confirmed=False)
    audit.record("person.recovery_refused", recovery.user, by, after={"what": recovery.what})
    return recovery


def _do_or_ask(user: User, what: Recovery.What, password: str, asker: Actor) -> User:
    """At once, or after a second administrator; what was asked before and waits still is replaced."""
    roles = rights.standings(user.actor()).roles
    has_been_in = user.has_usable_password() or user.last_login is not None
    if not rules.needs_second_person(roles, SECOND_FACTOR, has_been_in=has_been_in) or asker.user_id is None:
        _apply(user, what, password)
        audit.record(_KINDS[what], user, asker)
        return user
    for earlier in Recovery.objects.select_for_update(of=("self",)).filter(user=user, what=what, decided_at=None):
        _decide(earlier, asker, is_confirmed=False)
    Recovery.objects.create(user=user, what=what, password=password, asked_by=asker.key, asked_at=days.now())
    audit.record("person.recovery_asked", user, asker, after={"what": str(what)})
    return user


def _apply(user: User, what: Recovery.What, password: str) -> None:
    if what == Recovery.What.PASSWORD:
        user.password = password
        user.save(update_fields=["password"])
    else:
        Authenticator.objects.filter(user=user).delete()
    end_sessions(user)


def _locked(recovery: Recovery) -> Recovery:
    recovery = locking.with_person(recovery)
    locking.require_waiting(recovery.decided_at is None)
    locking.require_active(recovery.user)
    return recovery


def _decide(recovery: Recovery, decider: Actor, *, is_confirmed: bool) -> None:
    recovery.decided_by, recovery.decided_at = decider.key, days.now()
    recovery.is_confirmed, recovery.password = is_confirmed, ""
    recovery.save(update_fields=["decided_by", "decided_at", "is_confirmed", "password"])
