"""People: added, changed, ended by an administrator."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.accounts.actions import addresses, erasure, locking, recovery
from dotpha.accounts.models import User
from dotpha.platform import advice, audit, courses, text
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.changes import set_changed
from dotpha.platform.importing import Difference, outdated
from dotpha.platform.refusals import Refused
from dotpha.platform.versions import mark_of

_UNTOLD = "…"  # stands in the record for what is personal and not kept there
_TAKEN = {"add", "import", "requests", "retention"}  # pages beside those of people
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,149}")


@dataclass(frozen=True)
class PersonRow:
    """A person of a file: user name, name or post, e-mail if any."""

    username: str
    name: str
    email: str = ""


def require_username(said: str, field: str = "username") -> str:
    """The user name as it is kept; refuses one that cannot stand in an address."""
    username = text.clean(said).lower()
    if not _USERNAME.fullmatch(username) or username in _TAKEN:
        raise Refused(
            "username_unreadable",
            _("A user name has small letters without marks, digits, points and hyphens."),
            do=advice.SIGNS,
            field=field,
        )
    return username


LONGEST_EMAIL = 254
"""Signs of an address (RFC 5321, 4.5.3.1.3), and of the column."""


def require_email(said: str, field: str = "email") -> str:
    """The address as it is kept, if any; refuses one that cannot be written to."""
    email = text.clean(said)
    try:
        if email:
            validate_email(email)
    except ValidationError:
        email = ""
    if said.strip() and (not email or len(email) > LONGEST_EMAIL):
        raise Refused(
            "email_unreadable", _("“%(text)s” is not an e-mail address."), do=advice.FIND, field=field, text=said[:80]
        )
    return email


def seen_of(user: User) -> str:
    """Names what a person's card says, so that a change is made to what was read."""
    return mark_of(user.name, user.email)


@action
def add_person(*, username: str, name: str, email: str = "", password: str, by: Actor) -> User:
    """Add a person who signs in with a first password and changes it."""
    by = rights.require(by, "person.change", [scopes.ALL])
    username = require_username(username)
    if User.objects.filter(username=username).exists():
        raise Refused(
            "username_taken", _("Somebody has this user name already."), do=advice.ANOTHER, field="username", status=409
        )
    erasure.require_unerased([username], "username")
    user = User(username=username, name=text.clean(name, 200), email=require_email(email))
    if not user.name:
        raise Refused("name_missing", _("Give the person's name or post."), field="name")
    recovery.require_password(password, user)
    user.set_password(password)
    user.save()
    audit.record("person.added", user, by, after={"name": user.name})
    return user


@action
def change_person(*, user: User, name: str, email: str, seen: str | None = None, by: Actor) -> User:
    """Change how a person is shown, and ask for another address: one's own card, or as an administrator.

    The address takes effect once it is confirmed (`addresses`); the record never holds it.

    `seen`: what the writer had before them (`seen_of`); what somebody else changed meanwhile is not written over.
    """
    if by.user_id != user.pk:
        by = rights.require(by, "person.change", [scopes.ALL])
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    locking.require_active(user)
    if seen is not None and seen != seen_of(user):
        raise Refused(
            "person_changed",
            _(
                "Somebody changed this meanwhile: now it says “%(name)s”, “%(email)s”."
                " What you typed is kept; save again to write it over that."
            ),
            status=409,
            name=user.name,
            email=user.email,
        )
    wanted = {"name": text.clean(name, 200, "name"), "email": require_email(email)}
    if not wanted["name"]:
        raise Refused("name_missing", _("Give the person's name or post."), field="name")
    before, after = _changed(user, wanted, by)
    if after:
        user.save(update_fields=["name"])
        audit.record("person.changed", user, by, before=before, after=after)
    return user


def _changed(user: User, wanted: Mapping[str, str], changer: Actor) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set the name and ask for the address; before and after as the record may hold them. Call under the lock."""
    locking.require_active(user)
    before, after = set_changed(user, wanted, ("name",))
    email = wanted.get("email", user.email)
    if email != user.email and not addresses.is_asked(user, email):
        addresses.ask(user, email, changer)
        before, after = {**before, "email": _UNTOLD}, {**after, "email": _UNTOLD}
    return before, after


@action
def load_people(
    *, added: Sequence[PersonRow], changed: Mapping[str, Sequence[Difference]], reason: str = "", by: Actor
) -> None:
    """Add people without a password, change names and ask for addresses, by user name: one file, whole or not at all.

    A value that is no longer what was looked at is refused. Rights are given on each person's page.
    """
    by = rights.require(by, "person.change", [scopes.ALL])
    taken = User.objects.filter(username__in=[row.username for row in added]).first()
    if taken:
        raise Refused(
            "username_taken", _("Somebody has this user name already."), do=advice.ANOTHER, field="key", status=409
        )
    erasure.require_unerased([row.username for row in added], "key")
    new = [User(username=row.username, name=row.name, email=row.email) for row in added]
    for user in new:
        user.set_unusable_password()
    for part in courses.in_parts(new, 500):
        User.objects.bulk_create(part)
    audit.record_many("person.added", [(user, {"name": user.name}) for user in new], by, reason)
    held = User.objects.select_for_update(of=("self",)).filter(username__in=changed).order_by("pk")
    events: list[tuple[Any, dict[str, Any], dict[str, Any]]] = []
    for user in held:
        for each in changed[user.username]:
            if getattr(user, each.column) != each.before:
                raise outdated()
        before, after = _changed(user, {each.column: each.after for each in changed[user.username]}, by)
        if after:
            events.append((user, before, after))
        courses.step(1)
    User.objects.bulk_update([user for user, _before, _after in events], ["name"], batch_size=500)
    audit.record_changes("person.changed", events, by, reason)


@action
def end_person(*, user: User, reason: str, by: Actor, on: date) -> User:
    """Close an account at once: no sign-in, no session, no token, no right from today on."""
    by = rights.require(by, "person.change", [scopes.ALL])
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.pk == by.user_id:
        raise Refused("own_account", _("Nobody closes their own account."), do=advice.OTHER_ADMIN, status=403)
    locking.require_active(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    recovery.end_sessions(user)
    addresses.end_waiting(user)
    audit.record("person.ended", user, by, reason=text.clean(reason, 500))
    return user
