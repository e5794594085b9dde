"""Locks of what waits about a person: always the person first, so that no two actions wait for each other."""

from __future__ import annotations

from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from dotpha.accounts.models import DataRequest, EmailChange, Recovery, User
from dotpha.platform import advice
from dotpha.platform.refusals import Refused

Waiting = TypeVar("Waiting", DataRequest, EmailChange, Recovery)


def with_person(row: Waiting) -> Waiting:
    """The row read again under its lock, with its person, locked before it, as `user`."""
    user = User.objects.select_for_update(of=("self",)).get(pk=row.user_id)
    row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    row.user = user
    return row


def require_waiting(is_waiting: bool) -> None:
    """Refuse what was decided meanwhile."""
    if not is_waiting:
        raise Refused("already_decided", _("This has been decided already."), do=advice.LOOK, status=409)


def require_active(user: User) -> None:
    """Refuse to change anything of a closed account."""
    if not user.is_active:
        raise Refused("account_closed", _("This account is closed."), do=advice.ADMIN, status=409)
