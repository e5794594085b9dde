"""Sign-ins in the record: begun, ended, failed. Never a password, never a network address."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction

from dotpha.accounts.models import User
from dotpha.platform import audit
from dotpha.platform.actors import Actor


def connect() -> None:
    """Listen to Django's signals of sign-in."""
    user_logged_in.connect(_began, dispatch_uid="dotpha.began")
    user_logged_out.connect(_ended, dispatch_uid="dotpha.ended")
    user_login_failed.connect(_failed, dispatch_uid="dotpha.failed")


def _record(kind: str, user: User) -> None:
    with transaction.atomic():
        audit.record(kind, user, user.actor(origin="sign-in"))


def _began(sender: Any, user: User, **_rest: Any) -> None:
    _record("session.began", user)


def _ended(sender: Any, user: User | None, **_rest: Any) -> None:
    if user is not None:
        _record("session.ended", user)


def _failed(sender: Any, credentials: dict[str, Any], **_rest: Any) -> None:
    name = str(credentials.get("username") or credentials.get("login") or "")[:150]
    if User.objects.filter(username=name).exists():  # what a stranger types is kept nowhere
        with transaction.atomic():
            audit.record("session.failed", f"person:{name}", Actor(key="", name="", origin="sign-in"))
