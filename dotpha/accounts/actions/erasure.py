"""An account made nameless: its person asked for it, or its time is over (K5). The record stays verifiable."""

from __future__ import annotations

from datetime import date

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from axes.models import AccessAttempt
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dotpha.accounts.actions import addresses, recovery
from dotpha.accounts.models import DataRequest, Delegation, Recovery, User
from dotpha.accounts.rules import PSEUDONYM
from dotpha.platform import audit, days
from dotpha.platform.actors import Actor
from dotpha.platform.models import AuditEvent, SavedView
from dotpha.platform.refusals import Refused
from dotpha.platform.subjects import subject


def forget(user: User, eraser: Actor, on: date, why: str) -> None:
    """Take name, addresses, ways in, tokens and sessions away, close the account, and give it a pseudonym.

    Call under the person's lock. What stands in the record keeps the old user name: nobody else gets it again
    (`require_unerased`). `why`: "request" or "retention". Refuses while the person holds a role, or will hold one.
    """
    _require_no_role(user, on)
    audit.record("person.erased", user, eraser, after={"why": why})
    recovery.end_sessions(user)
    _forget_ways_in(user, eraser)
    pseudonym = f"{PSEUDONYM}{user.pk}"
    SavedView.objects.filter(owner=user.username).update(owner=pseudonym)
    DataRequest.objects.filter(user=user, made_by=user.username).update(made_by=pseudonym)
    DataRequest.objects.filter(user=user).update(text="")
    user.username, user.name, user.email, user.phone, user.locale = pseudonym, "", "", "", ""
    user.last_login, user.is_active = None, False
    user.set_unusable_password()
    user.save()


def require_unerased(usernames: list[str], field: str) -> None:
    """Refuse user names of erased accounts: what the record tells of them would be taken for somebody else's."""
    subjects = [subject("person", each) for each in usernames]
    is_kept = any(each.startswith(PSEUDONYM) for each in usernames)  # for those who will be erased
    if is_kept or AuditEvent.objects.filter(kind="person.erased", subject__in=subjects).exists():
        raise Refused(
            "username_erased", _("This user name belonged to an erased account. Choose another."), field=field,
            status=409,
        )  # fmt: skip


def _require_no_role(user: User, on: date) -> None:
    lasting = Q(until_on=None) | Q(until_on__gte=on)
    lent = Delegation.objects.filter(to_user=user, until_on__gte=on, ended_at=None)
    if user.grants.filter(lasting).exists() or lent.exists():
        raise Refused(
            "holds_a_role", _("This person holds a role still. End the roles first, then erase the account."),
            status=409,
        )  # fmt: skip


def _forget_ways_in(user: User, eraser: Actor) -> None:
    user.tokens.all().delete()
    for model in (EmailAddress, Authenticator, SocialAccount):
        model.objects.filter(user=user).delete()
    AccessAttempt.objects.filter(username=user.username).delete()
    addresses.end_waiting(user)
    open_ways = Recovery.objects.filter(user=user, decided_at=None)
    open_ways.update(decided_at=days.now(), decided_by=eraser.key, password="")
