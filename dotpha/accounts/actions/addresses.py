"""A new e-mail address: in use once its link was opened; for privileged roles a second person agrees too (K1).

By the address a sign-in provider finds its person, so whoever sets it could let somebody else in.
"""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import demo, rights, rules, scopes
from dotpha.accounts.actions import locking
from dotpha.accounts.models import EmailChange, User
from dotpha.accounts.roles import SECOND_FACTOR
from dotpha.platform import advice, audit, days, jobs
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused

_SIGNER = signing.Signer(salt="dotpha.accounts.address")  # without a moment: the change knows when it was asked for


def link_of(change: EmailChange) -> str:
    """The address of the page that confirms a new one: signed, for one use."""
    token = _SIGNER.sign_object([change.pk, change.email])
    return settings.BASE_URL + reverse("accounts:confirm_address", args=[token])


def change_of(token: str) -> EmailChange:
    """The open change that a link names; refuses a link that is none, is used, or is too old."""
    try:
        key, email = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        key, email = 0, ""
    found = EmailChange.objects.select_related("user").filter(pk=key, email=email, ended_at=None).first()
    if found is None or found.proved_at is not None:
        raise Refused(
            "link_used", _("This link is not valid, or has been used already."), do=advice.NEW_LINK, status=410
        )
    rules.require_link_alive(found.asked_at, days.now())
    return found


def is_privileged(user: User) -> bool:
    """Whether the roles of the day ask for a second person's word."""
    return not rights.standings(user.actor()).roles.isdisjoint(SECOND_FACTOR)


def require_mail() -> None:
    """Refuse where no link can be sent. Demonstrations show the link instead."""
    if not settings.EMAIL and not demo.is_open():
        raise Refused(
            "mail_off",
            _("No mail server is set, so no address can be confirmed. Ask who runs this site to set one."),
            field="email",
            status=409,
        )


def waiting(user: User, reader: Actor) -> EmailChange | None:
    """The new address of a person that waits, with what this reader may do about it; none where its time is over."""
    change = _alive(user).first()
    if change is None:
        return None
    may = reader.user_id == user.pk or rights.may(reader, "person.change", [scopes.ALL])
    change.is_privileged = is_privileged(user)  # type: ignore[attr-defined]
    change.may_drop = may  # type: ignore[attr-defined]
    change.may_agree = may and reader.key != change.asked_by and not change.agreed_by  # type: ignore[attr-defined]
    change.link = link_of(change) if demo.is_open() and not change.proved_at else ""  # type: ignore[attr-defined]
    return change


def is_asked(user: User, email: str) -> bool:
    """Whether this very address waits for its confirmation already."""
    return _alive(user).filter(email=email).exists()


def _alive(user: User) -> QuerySet[EmailChange]:
    return EmailChange.objects.filter(user=user, ended_at=None, asked_at__gte=days.now() - rules.LINK_WAITS)


def end_waiting(user: User) -> None:
    """What waits is over, and its address forgotten. Call under the person's lock."""
    EmailChange.objects.filter(user=user, ended_at=None).update(ended_at=days.now(), email="")


def ask(user: User, email: str, asker: Actor) -> None:
    """Let a new address wait for its confirmation; what waited before is over.

    Call under the person's lock. A program, or taking the address away, needs no link.
    """
    end_waiting(user)
    if not email or asker.user_id is None:
        _take(user, email)
        return
    require_mail()
    agreed = user.username if asker.user_id == user.pk else ""
    change = EmailChange.objects.create(
        user=user, email=email, asked_by=asker.key, asked_at=days.now(), agreed_by=agreed
    )
    audit.record("person.address_asked", user, asker)
    jobs.defer("accounts.send_link", change=change.pk)


@action
def prove_address(*, token: str, by: Actor) -> EmailChange:
    """Confirm, through the link sent there, that the new address is read. Whoever holds the link may do so.

    The person, signed in, agrees by it too.
    """
    found = change_of(token)
    change = _locked(found)
    change_of(token)  # again, under the lock
    change.proved_at = days.now()
    if by.user_id == change.user_id:
        change.agreed_by = by.key
    change.save(update_fields=["proved_at", "agreed_by"])
    audit.record("person.address_proved", change.user, by)
    return _settle(change, by)


@action
def agree_address(*, change: EmailChange, by: Actor) -> EmailChange:
    """Agree to a new address, as the person or as an administrator who did not ask for it."""
    change = _locked(change)
    if by.user_id != change.user_id:
        by = rights.require(by, "person.change", [scopes.ALL])
    if by.key == change.asked_by:
        raise Refused(
            "own_address_change",
            _("Another administrator, or the person, agrees to this."),
            do=advice.OTHER_ADMIN,
            status=403,
        )
    rules.require_link_alive(change.asked_at, days.now())
    change.agreed_by = by.key
    change.save(update_fields=["agreed_by"])
    audit.record("person.address_agreed", change.user, by, after={"asked_by": change.asked_by})
    return _settle(change, by)


@action
def drop_address(*, change: EmailChange, by: Actor) -> EmailChange:
    """Refuse a new address, or take back what one asked for: the old one stays."""
    change = _locked(change)
    if by.user_id != change.user_id:
        by = rights.require(by, "person.change", [scopes.ALL])
    _end(change)
    audit.record("person.address_refused", change.user, by)
    return change


def _locked(change: EmailChange) -> EmailChange:
    change = locking.with_person(change)
    locking.require_waiting(change.ended_at is None)
    locking.require_active(change.user)
    return change


def _settle(change: EmailChange, who: Actor) -> EmailChange:
    may = rules.may_take_address(
        is_proved=change.proved_at is not None,
        is_privileged=is_privileged(change.user),
        agreed_by=change.agreed_by,
    )
    if may:
        _take(change.user, change.email)
        _end(change)
        audit.record("person.address_changed", change.user, who)
    return change


def _take(user: User, email: str) -> None:
    """Set the address. A link to a sign-in provider was made by the old one, and goes."""
    user.email = email
    user.save(update_fields=["email"])
    SocialAccount.objects.filter(user=user).delete()


def _end(change: EmailChange) -> None:
    change.ended_at, change.email = days.now(), ""
    change.save(update_fields=["ended_at", "email"])
