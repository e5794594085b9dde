"""People: added, changed, ended by an administrator."""

from __future__ import annotations

import re
from datetime import date

from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.accounts.models import Token, User
from dotpha.platform import audit, days, text
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.changes import set_changed
from dotpha.platform.refusals import Refused

_UNTOLD = "…"  # stands in the record for what is personal and not kept there
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,149}")


def _require_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("password_weak", " ".join(error.messages).replace("%", "%%"), field="password") from None


@action
def add_person(*, username: str, name: str, email: str = "", password: str, by: Actor) -> User:
    """Add a person who signs in with a first password and changes it."""
    by = rights.require(by, "person.change", [scopes.ALL])
    username = text.clean(username).lower()
    if not _USERNAME.fullmatch(username):
        raise Refused(
            "username_unreadable",
            _("A user name has small letters without marks, digits, points and hyphens."),
            field="username",
        )
    if User.objects.filter(username=username).exists():
        raise Refused("username_taken", _("Somebody has this user name already."), field="username", status=409)
    user = User(username=username, name=text.clean(name, 200), email=email)
    if not user.name:
        raise Refused("name_missing", _("Give the person's name or post."), field="name")
    _require_password(password, user)
    user.set_password(password)
    user.save()
    audit.record("person.added", user, by, after={"name": user.name})
    return user


@action
def change_person(*, user: User, name: str, email: str, by: Actor) -> User:
    """Change how a person is shown and reached. The record tells that an address changed, never the address itself."""
    by = rights.require(by, "person.change", [scopes.ALL])
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    wanted = {"name": text.clean(name, 200, "name"), "email": text.clean(email)}
    if not wanted["name"]:
        raise Refused("name_missing", _("Give the person's name or post."), field="name")
    before, after = set_changed(user, wanted, ("name", "email"))
    if not after:
        return user
    user.save(update_fields=["name", "email"])
    if "email" in after:
        before["email"], after["email"] = _UNTOLD, _UNTOLD
    audit.record("person.changed", user, by, before=before, after=after)
    return user


@action
def end_person(*, user: User, reason: str, by: Actor, on: date) -> User:
    """Close an account at once: no sign-in, no session, no token, no right from today on."""
    by = rights.require(by, "person.change", [scopes.ALL])
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.pk == by.user_id:
        raise Refused("own_account", _("Nobody closes their own account."), status=403)
    user.is_active = False
    user.save(update_fields=["is_active"])
    Token.objects.filter(user=user, ended_at=None).update(ended_at=days.now())
    for session in UserSession.objects.filter(user=user):
        session.end()
    audit.record("person.ended", user, by, reason=text.clean(reason, 500))
    return user
