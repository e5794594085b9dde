"""Everything held of one person, as the person takes it away (K5). `personal_fields` says what it is for."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Q

from dotpha.accounts.models import Delegation, EmailChange, User
from dotpha.platform.models import AuditEvent


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
        "requests": list(user.data_requests.values(
            "kind", "text", "made_on", "replied_on", "reply", "extended_by", "extension_reason", "ended_on",
            "is_refused", "answer", "kept",
        )),
        "tokens": list(user.tokens.values("name", "scopes", "added_at", "last_used_at", "ended_at")),
        "second_factors": list(Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")),
        "linked_sign_ins": list(SocialAccount.objects.filter(user=user).values("provider", "date_joined")),
        "sessions": list(sessions),
        "events": list(events.values("at", "kind", "subject", "actor", "role", "scope", "reason", "before", "after")),
    }  # fmt: skip
