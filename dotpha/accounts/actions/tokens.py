"""Tokens for programs, and sessions on other devices."""

from __future__ import annotations

import secrets

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.accounts.models import Token, User
from dotpha.accounts.tokens import PREFIX, digest
from dotpha.platform import advice, audit, days, text
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused

MAY = ("read", "write")


@action
def issue_token(*, user: User, name: str, may: list[str], by: Actor) -> str:
    """Make a token and answer it: this is the only time that it is seen. Own ones, or by an administrator."""
    if by.user_id != user.pk:
        by = rights.require(by, "grant.change", [scopes.ALL])
    if not may or set(may) - set(MAY):
        raise Refused("unknown_scope", _("A token may read, or read and write."), field="scopes")
    if not user.is_active:
        raise Refused("account_closed", _("This account is closed."), do=advice.ADMIN, status=409)
    token = PREFIX + secrets.token_urlsafe(32)
    made = Token.objects.create(
        user=user,
        name=text.clean(name, 80) or "token",
        digest=digest(token),
        scopes=sorted(set(may)),
        added_at=days.now(),
    )
    audit.record("token.added", user, by, after={"token": made.pk, "name": made.name, "may": made.scopes})
    return token


@action
def end_token(*, token: Token, by: Actor) -> None:
    """A token stops working at once."""
    token = Token.objects.select_for_update(of=("self",)).select_related("user").get(pk=token.pk)
    if by.user_id != token.user_id:
        by = rights.require(by, "grant.change", [scopes.ALL])
    if token.ended_at is not None:
        raise Refused("already_ended", _("This token has ended already."), do=advice.LOOK, status=409)
    token.ended_at = days.now()
    token.save(update_fields=["ended_at"])
    audit.record("token.ended", token.user, by, before={"token": token.pk, "name": token.name})
