"""Rules of people and rights: plain values in, a refusal out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.refusals import Refused
from dotpha.platform.working_days import add_working_days

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


CLOSED_KEPT = timedelta(days=365)
"""How long a closed account keeps the name of its person."""
ANSWERED_KEPT = timedelta(days=1825)
"""How long the words of a request about own data are kept after its end."""
TRIES_KEPT = timedelta(days=30)
"""How long a wrong try to sign in is kept. Product defaults (K5); the body in charge confirms them."""
PSEUDONYM = "erased-"
"""How the user name of an erased account begins."""
NO_LONGER = "–"
"""Stands where words were whose time is over."""


def require_time_over(closed_on: date | None, on: date) -> None:
    """Refuse to make an account nameless that is open, or was closed less than a year ago."""
    if closed_on is None or closed_on + CLOSED_KEPT > on:
        raise Refused(
            "kept_still",
            _("The time for which this account is kept is not over. Nothing was erased."),
            do=advice.WAIT_UNTIL,
            status=409,
        )


def require_period(from_on: date, until_on: date | None) -> None:
    """Refuse a period that ends before it begins."""
    if until_on is not None and until_on < from_on:
        raise Refused("period", _("The last day must not be before the first."), do=advice.ONE_DAY, field="until_on")


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
        raise Refused("to_oneself", _("A right is lent to somebody else."), do=advice.ANOTHER, field="to_user")
    if not rights:
        raise Refused("rights_missing", _("Choose what the other person may do."), field="lent")
    if rights & NEVER_LENT:
        raise Refused(
            "never_lent",
            _("Rights over people and their rights are given by an administrator, not lent."),
            do=advice.ADMIN,
            field="lent",
        )
    if rights - of_role:
        raise Refused("not_held", _("Only rights that you hold yourself can be lent."), do=advice.LIST, field="lent")
    require_period(from_on, until_on)
    if until_on - from_on >= LONGEST_DELEGATION:
        raise Refused("too_long", _("A delegation lasts at most 90 days."), do=advice.SHORTER_TIME, field="until_on")
    if from_on < grant_from or (grant_until is not None and until_on > grant_until):
        raise Refused(
            "outside_the_grant",
            _("The delegation must lie within the period of your own right."),
            do=advice.OTHER_DAYS,
            field="until_on",
        )


def needs_second_person(roles: Iterable[str], privileged: Iterable[str], *, has_been_in: bool) -> bool:
    """Whether a way back in needs two administrators (K1): privileged roles, once the person could sign in."""
    return has_been_in and not set(roles).isdisjoint(privileged)


def require_confirmable(*, asked_by: str, asked_at: datetime, about: str, by: str, now: datetime) -> None:
    """Refuse a confirmation by who asked, by the person it is about, or too late."""
    if by in (asked_by, about):
        raise Refused(
            "own_recovery",
            _("Another administrator confirms this: neither who asked, nor the person."),
            do=advice.OTHER_ADMIN,
            status=403,
        )
    if now - asked_at > RECOVERY_WAITS:
        raise Refused("recovery_expired", _("This waited for more than three days. Ask for it anew."), status=409)


FIRST_REPLY_WORKING_DAYS = 2
COMPLETION_DAYS = {
    "access": 10, "correction": 10, "withdrawal": 15, "restriction": 15, "objection": 15, "erasure": 20,
}  # fmt: skip
"""By kind of request about one's own data (`personal_fields.RequestKind`), civil days from its receipt."""
LONGEST_EXTENSION_DAYS = 15
"""Product defaults after Decree 356/2025/NĐ-CP as public pages tell it (K5); the body in charge confirms them."""


@dataclass(frozen=True)
class RequestClock:
    """The days of a request about one's own data. What they tell, state and lateness, is derived and never stored.

    `made_on`: the day of receipt, which does not count itself. `extended_by`: civil days, 0 for none.
    """

    kind: str
    made_on: date
    replied_on: date | None = None
    extended_by: int = 0
    ended_on: date | None = None
    is_refused: bool = False

    @property
    def complete_by(self) -> date:
        """The last day on which it ends in time."""
        return self.made_on + timedelta(days=COMPLETION_DAYS[self.kind] + self.extended_by)

    @property
    def reply_by(self) -> date:
        """The last day of a first reply in time: over long holidays not later than the end itself."""
        return min(add_working_days(self.made_on, FIRST_REPLY_WORKING_DAYS), self.complete_by)

    @property
    def due_on(self) -> date | None:
        """Until when the next step is due: the first reply, then the end; None once it has ended."""
        if self.ended_on is not None:
            return None
        return self.reply_by if self.replied_on is None else self.complete_by

    @property
    def state(self) -> str:
        """ "new" until the first reply, "in_hand" until the end, then "completed" or "refused"."""
        if self.ended_on is not None:
            return "refused" if self.is_refused else "completed"
        return "new" if self.replied_on is None else "in_hand"

    def is_late(self, on: date) -> bool:
        """Whether the next step is overdue on a day; of one that has ended, whether it ended late."""
        if self.ended_on is not None:
            return self.ended_on > self.complete_by
        return self.due_on is not None and on > self.due_on


def require_extensible(clock: RequestClock, days: int, on: date) -> None:
    """Refuse to extend twice, by more than 15 days, or after the time is over."""
    if clock.extended_by:
        raise Refused(
            "extended_already",
            _("This request was extended once already."),
            do=advice.ANSWER_REQUEST,
            field="days",
            status=409,
        )
    if not 1 <= days <= LONGEST_EXTENSION_DAYS:
        raise Refused("extension_too_long", _("Extend by 1 to 15 days."), field="days")
    if on > clock.complete_by:
        raise Refused(
            "time_is_over", _("The time is over already. Complete the request, or refuse it."), field="days", status=409
        )
