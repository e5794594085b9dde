"""Links between a person and an outside provider of sign-ins."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.accounts.models import User
from dotpha.platform import advice, audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused


def person_of(email: str) -> User:
    """The one person whom an administrator gave this address; `email` is one that the provider has checked.

    Refuses an address that nobody here has, or two people: nobody is signed in as somebody else by chance.
    """
    if not email:
        raise Refused(
            "email_unchecked",
            _("The provider has not confirmed your e-mail address. Confirm it there, then sign in again."),
            status=403,
        )
    people = list(User.objects.filter(email__iexact=email, is_demo=False)[:2])
    if len(people) != 1:
        raise Refused(
            "person_unknown",
            _("Nobody with your e-mail address has an account here. Ask the administrator of your body to add you."),
            status=403,
        )
    return people[0]


@action
def link_provider(*, user: User, provider: str, uid: str, by: Actor) -> SocialAccount:
    """Recognise a person by the provider's key from now on. Of a provider, a person has one key."""
    by = rights.require(by, "person.change", [scopes.ALL])
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not user.is_active:
        raise Refused("account_closed", _("This account is closed."), do=advice.ADMIN, status=403)
    if SocialAccount.objects.filter(user=user, provider=provider).exists():
        raise Refused(
            "linked_otherwise",
            _("This account is linked to another sign-in at the same provider. Ask the administrator."),
            status=409,
        )
    account = SocialAccount.objects.create(user=user, provider=provider, uid=uid, extra_data={})
    audit.record("person.linked", user, by)
    return account


@action
def unlink_provider(*, user: User, by: Actor) -> User:
    """Forget every link of a person to a provider: the next sign-in goes by the e-mail address again."""
    by = rights.require(by, "person.change", [scopes.ALL])
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    gone, _each = SocialAccount.objects.filter(user=user).delete()
    if not gone:
        raise Refused("not_linked", _("This account is not linked to a provider."), do=advice.LOOK, status=409)
    audit.record("person.unlinked", user, by)
    return user
