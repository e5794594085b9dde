"""What is held about people: one table of personal fields, and everything held of one person (K5).

Grounds and times are defaults of the product, for the body that runs it to confirm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dotpha.accounts.models import Delegation, EmailChange, User
from dotpha.platform.models import AuditEvent

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class PersonalField:
    """A field that tells of a person: the column, what it is for, on what ground, until when, and who sees it."""

    column: str
    purpose: StrPromise | str
    ground: StrPromise | str
    kept: StrPromise | str
    seen_by: StrPromise | str


_DUTY = _("work of a State body (Law 91/2025/QH15)")
_SAFE = _("safety of the system (Law 91/2025/QH15)")
_ACCOUNT = _("while there is an account")
_RECORD = _("as long as the record of changes")
_ADMINS = _("the person, administrators, inspectors")
_NOBODY = _("nobody: a digest or a secret")
_STAFF = _("who may see the thing it stands on")

FIELDS = (
    PersonalField("accounts.User.username", _("tell people apart; sign in"), _DUTY, _RECORD, _STAFF),
    PersonalField("accounts.User.name", _("show who did what"), _DUTY, _ACCOUNT, _STAFF),
    PersonalField("accounts.User.email", _("write to the person; find who signs in"), _DUTY, _ACCOUNT, _ADMINS),
    PersonalField("accounts.User.phone", _("reach the person"), _DUTY, _ACCOUNT, _ADMINS),
    PersonalField("accounts.User.locale", _("show pages in the chosen language"), _DUTY, _ACCOUNT, _ADMINS),
    PersonalField("accounts.User.password", _("sign in"), _SAFE, _ACCOUNT, _NOBODY),
    PersonalField("accounts.User.last_login", _("find accounts nobody uses"), _SAFE, _ACCOUNT, _ADMINS),
    PersonalField("accounts.EmailChange.email", _("confirm a new address"), _SAFE, _("at most until decided"), _ADMINS),
    PersonalField("accounts.Recovery.password", _("sign in"), _SAFE, _("at most until decided"), _NOBODY),
    PersonalField("accounts.Token.digest", _("let programs act for the person"), _SAFE, _RECORD, _NOBODY),
    PersonalField("mfa.Authenticator.data", _("sign in"), _SAFE, _ACCOUNT, _NOBODY),
    PersonalField("socialaccount.SocialAccount.uid", _("find who signs in"), _SAFE, _ACCOUNT, _NOBODY),
    PersonalField("usersessions.UserSession.ip", _("show where one is signed in"), _SAFE, _("until signed out"),
                  _("the person alone")),
    PersonalField("axes.AccessAttempt.ip_address", _("stop guessing of passwords"), _SAFE,
                  _("until signed in"), _NOBODY),
    PersonalField("platform.AuditEvent.actor_name", _("show who did what"), _DUTY, _RECORD,
                  _("office, inspectors, administrators")),
)  # fmt: skip


def copy_of(user: User) -> dict[str, Any]:
    """Everything held of one person as plain values; of secrets only that they are there. A fixed number of queries."""
    sessions = UserSession.objects.filter(user=user).values("ip", "user_agent", "created_at", "last_seen_at")
    lent = Delegation.objects.filter(Q(grant__user=user) | Q(to_user=user))
    events = AuditEvent.objects.filter(Q(actor=user.username) | Q(subject=user.subject)).order_by("pk")
    return {
        "person": {
            "username": user.username, "name": user.name, "email": user.email, "phone": user.phone,
            "locale": user.locale, "last_login": user.last_login, "date_joined": user.date_joined,
            "is_active": user.is_active, "has_password": user.has_usable_password(),
        },
        "addresses_that_wait": list(EmailChange.objects.filter(user=user, ended_at=None).values("email", "asked_at")),
        "roles": list(user.grants.values("role", "scope", "programme", "from_on", "until_on", "granted_by")),
        "lent": list(lent.values("grant__user__username", "to_user__username", "rights", "from_on", "until_on")),
        "tokens": list(user.tokens.values("name", "scopes", "added_at", "last_used_at", "ended_at")),
        "second_factors": list(Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")),
        "linked_sign_ins": list(SocialAccount.objects.filter(user=user).values("provider", "date_joined")),
        "sessions": list(sessions),
        "events": list(events.values("at", "kind", "subject", "actor", "role", "scope", "reason", "before", "after")),
    }  # fmt: skip
