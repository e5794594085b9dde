"""Rules of people and rights: plain values in, a refusal out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from dotpha.platform.refusals import Refused

LONGEST_DELEGATION = timedelta(days=90)  # product default (A7)
RECOVERY_WAITS = timedelta(days=3)
"""How long a way back in waits for the second administrator; then it is asked for anew. Product default (K1)."""


LINK_WAITS = timedelta(days=3)
"""How long the link to a new address holds. Product default (K1)."""


def may_take_address(*, is_proved: bool, is_privileged: bool, agreed_by: str) -> bool:
    """Whether a new address takes effect: its link was opened and, for privileged roles, a second person agreed.

    That person is another administrator or the one whom the address belongs to (K1).
    """
    return is_proved and (not is_privileged or bool(agreed_by))


def require_link_alive(asked_at: datetime, now: datetime) -> None:
    """Refuse a link that is older than three days."""
    if now - asked_at > LINK_WAITS:
        raise Refused("link_expired", _("This link is older than three days. Ask for a new one."), status=410)


def require_period(from_on: date, until_on: date | None) -> None:
    """Refuse a period that ends before it begins."""
    if until_on is not None and until_on < from_on:
        raise Refused("period", _("The last day must not be before the first."), field="until_on")


def require_apart(
    held: Iterable[tuple[str, set[str]]], wanted: tuple[str, set[str]], pairs: Iterable[tuple[str, str]]
) -> None:
    """Refuse a role that would let one person both submit and approve over the same things (A6).

    `held` and `wanted` are (scope, rights); two scopes meet when one covers the other.
    """
    scope, rights = wanted
    for other_scope, other_rights in held:
        if not _meet(scope, other_scope):
            continue
        for submit, decide in pairs:
            both = rights | other_rights
            if submit in both and decide in both and not (submit in other_rights and decide in other_rights):
                raise Refused(
                    "submits_and_approves",
                    _(
                        "This person would both submit and decide in the same scope."
                        " Give the role to somebody else, or record the reason for an exception."
                    ),
                    field="exception_reason",
                )


def _meet(one: str, other: str) -> bool:
    return "all" in (one, other) or one.startswith(other) or other.startswith(one)


NEVER_LENT = {"grant.change", "person.change", "delegation.add"}
"""Whoever holds one of these for a week could give lasting rights (A7: what is lent is not lent on)."""


def require_delegable(
    *, rights: set[str], of_role: set[str], from_on: date, until_on: date, grant_from: date, grant_until: date | None,
    giver: int, receiver: int,
) -> None:  # fmt: skip
    """Refuse a delegation that is too long, outside the grant, to oneself, or of what one does not hold (A7)."""
    if giver == receiver:
        raise Refused("to_oneself", _("A right is lent to somebody else."), field="to_user")
    if not rights:
        raise Refused("rights_missing", _("Choose what the other person may do."), field="lent")
    if rights & NEVER_LENT:
        raise Refused(
            "never_lent",
            _("Rights over people and their rights are given by an administrator, not lent."),
            field="lent",
        )
    if rights - of_role:
        raise Refused("not_held", _("Only rights that you hold yourself can be lent."), field="lent")
    require_period(from_on, until_on)
    if until_on - from_on >= LONGEST_DELEGATION:
        raise Refused("too_long", _("A delegation lasts at most 90 days."), field="until_on")
    if from_on < grant_from or (grant_until is not None and until_on > grant_until):
        raise Refused(
            "outside_the_grant",
            _("The delegation must lie within the period of your own right."),
            field="until_on",
        )


def needs_second_person(roles: Iterable[str], privileged: Iterable[str], *, has_been_in: bool) -> bool:
    """Whether a way back in needs two administrators (K1): privileged roles, once the person could sign in."""
    return has_been_in and not set(roles).isdisjoint(privileged)


def require_confirmable(*, asked_by: str, asked_at: datetime, about: str, by: str, now: datetime) -> None:
    """Refuse a confirmation by who asked, by the person it is about, or too late."""
    if by in (asked_by, about):
        raise Refused(
            "own_recovery", _("Another administrator confirms this: neither who asked, nor the person."), status=403
        )
    if now - asked_at > RECOVERY_WAITS:
        raise Refused("recovery_expired", _("This waited for more than three days. Ask for it anew."), status=409)
