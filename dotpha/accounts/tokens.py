"""Tokens of the API: opaque, kept as digests, checked on every request."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dotpha.accounts.models import Token
from dotpha.platform import advice, days
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused

PREFIX = "dtp_"
_USED_EVERY = timedelta(minutes=5)  # how exact "last used" is: not a write for each request


def digest(token: str) -> str:
    """What is kept of a token: it has 256 random bits, so a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(given: str) -> Token | None:
    """The token of an Authorization header, while it and its person are valid."""
    kind, _space, token = given.partition(" ")
    if kind.lower() != "bearer" or not token:
        return None
    return (
        Token.objects.select_related("user")
        .filter(digest=digest(token.strip()), ended_at=None, user__is_active=True)
        .first()
    )


def actor_of(given: str, request: HttpRequest, *, unsafe: bool) -> Actor:
    """The person behind a token; refuses one that is not valid, or may not write."""
    token = find(given)
    if token is None:
        raise Refused("sign_in", _("This token is not valid. Make a new one."), status=401)
    if unsafe and "write" not in token.scopes:
        raise Refused("forbidden", _("This token may only read."), do=advice.TOKEN, status=403)
    moment = days.now()
    if token.last_used_at is None or moment - token.last_used_at > _USED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=moment)
    return token.user.actor(origin=f"api token {token.pk}", request_id=getattr(request, "id", ""))


def name_of(request: HttpRequest) -> str:
    """The user name behind a request, by token or session; nothing for a stranger."""
    given = request.headers.get("Authorization", "")
    if given:
        token = find(given)
        return token.user.username if token else ""
    return request.user.username if request.user.is_authenticated else ""
