"""Sign-ins in the record: begun, ended, failed. Never a password, never a network address."""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.http import HttpRequest

from dotpha.accounts.models import User
from dotpha.platform import audit
from dotpha.platform.actors import Actor

_WAYS = {"password": "password", "socialaccount": "provider", "mfa": "second factor"}
"""How one came in: allauth's word for it, and the record's."""


def connect() -> None:
    """Listen to Django's signals of sign-in."""
    user_logged_in.connect(_began, dispatch_uid="dotpha.began")
    user_logged_out.connect(_ended, dispatch_uid="dotpha.ended")
    user_login_failed.connect(_failed, dispatch_uid="dotpha.failed")


def _record(kind: str, user: User, **told: str) -> None:
    with transaction.atomic():
        audit.record(kind, user, user.actor(origin="sign-in"), after=told)


def _began(sender: Any, request: HttpRequest, user: User, **_rest: Any) -> None:
    """The way: what allauth noted on the way in; the one click of the demonstration notes nothing."""
    noted = {each["method"] for each in get_authentication_records(request, user)}
    ways = [way for method, way in _WAYS.items() if method in noted]
    _record("session.began", user, way="+".join(ways) or "one-click")


def _ended(sender: Any, user: User | None, **_rest: Any) -> None:
    if user is not None:
        _record("session.ended", user)


def _failed(sender: Any, credentials: dict[str, Any], **_rest: Any) -> None:
    name = str(credentials.get("username") or credentials.get("login") or "")[:150]
    if User.objects.filter(username=name).exists():  # what a stranger types is kept nowhere
        with transaction.atomic():
            audit.record("session.failed", f"person:{name}", Actor(key="", name="", origin="sign-in"))
