"""Scopes are paths: when a body or a place moves in its tree, roles and shared views go with it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from dotpha.accounts.models import Grant
from dotpha.platform import audit
from dotpha.platform.actors import Actor
from dotpha.platform.models import SavedView

BATCH = 500
_LOCK = 0x5C0


def hold_still() -> None:
    """Let no body move before this transaction ends: a role is not given in a scope that is just being left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])


def follow(*, moved: Mapping[str, str], by: Actor, reason: str = "") -> None:
    """Rewrite the scopes of roles, and those in which views are shared, from the old scope to the new one.

    Within the transaction of the move; an event for each person's role and each view. What was lent hangs on the role.
    The record of what was done before keeps the scope under which it was done.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    grants = Grant.objects.select_for_update(of=("self",)).select_related("user").order_by("pk")
    held = list(grants.filter(scope__in=moved))
    views = list(SavedView.objects.select_for_update(of=("self",)).filter(shared_scope__in=moved).order_by("pk"))
    told = [
        (each.user, {"role": each.role, "scope": each.scope}, {"role": each.role, "scope": moved[each.scope]})
        for each in held
    ]
    shared = [
        (f"view:{each.pk}", {"shared_scope": each.shared_scope}, {"shared_scope": moved[each.shared_scope]})
        for each in views
    ]
    for grant in held:
        grant.scope = moved[grant.scope]
    for view in views:
        view.shared_scope = moved[view.shared_scope]
    Grant.objects.bulk_update(held, ["scope"], batch_size=BATCH)
    SavedView.objects.bulk_update(views, ["shared_scope"], batch_size=BATCH)
    audit.record_changes("grant.moved", told, by, reason)
    audit.record_changes("view.moved", shared, by, reason)
