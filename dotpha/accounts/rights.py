"""Who may do what, where, today. Every action asks here, once, before anything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import scopes
from dotpha.accounts.models import Delegation, Grant
from dotpha.accounts.roles import RIGHTS, Role
from dotpha.accounts.rules import NEVER_LENT
from dotpha.platform import advice, days, past
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.spans import valid_on


def held_on(on: date) -> QuerySet[Grant]:
    """Roles that people with an open account hold themselves on a day."""
    return Grant.objects.filter(valid_on(on), user__is_active=True)


def lent_on(on: date) -> QuerySet[Delegation]:
    """What is lent on a day: the role of the lender holds too, and the accounts of both are open."""
    return Delegation.objects.filter(
        valid_on(on), valid_on(on, "grant__"), ended_at=None, to_user__is_active=True, grant__user__is_active=True
    )


@dataclass(frozen=True)
class Standing:
    """A role held in a scope today; `holder` names for whom, when it is lent; `only` limits a lent one."""

    role: Role
    scope: str
    programme: str = ""
    holder: str = ""
    only: frozenset[str] | None = None

    def allows(self, right: str) -> bool:
        return self.role in RIGHTS[right] and (self.only is None or right in self.only)

    def covers(self, things: Sequence[str]) -> bool:
        """Whether the thing lies in this role's scope and, where the role has one, in its programme too.

        A role over everything in a programme is a role over the programme, as in `Standings.reach`.
        """
        if not self.programme:
            return scopes.covers_any(self.scope, things)
        inside = {scopes.of_programme(self.programme)}
        if self.scope != scopes.ALL:
            inside.add(scopes.limit_of(self.programme))
        return not inside.isdisjoint(things) and scopes.covers_any(self.scope, things)


@dataclass(frozen=True)
class Standings:
    """Everything that a person holds on a day: asked once a request, answered without queries."""

    by: Actor
    held: tuple[Standing, ...]
    everything: bool = False

    def of(self, right: str, things: Iterable[str]) -> Standing | None:
        """The standing that allows a right over a thing with these scopes."""
        things = tuple(things)
        return next((each for each in self.held if each.allows(right) and each.covers(things)), None)

    def may(self, right: str, things: Iterable[str] | None = None) -> bool:
        """Whether the right is held over a thing; with no thing named, anywhere at all."""
        if self.everything:
            return True
        if things is None:
            return any(each.allows(right) for each in self.held)
        return self.of(right, things) is not None

    def reach(self, right: str) -> list[str]:
        """The scopes in which the right is held: what a list is limited to. ["all"] is everything.

        A role limited to a body *and* a programme is not among them: `reach_within` tells it.
        """
        if self.everything or any(e.scope == scopes.ALL and not e.programme and e.allows(right) for e in self.held):
            return [scopes.ALL]
        found = set()
        for each in self.held:
            if each.allows(right) and not each.programme:
                found.add(each.scope)
            elif each.allows(right) and each.scope == scopes.ALL:
                found.add(scopes.of_programme(each.programme))
        return sorted(found)

    def reach_within(self, right: str) -> dict[str, list[str]]:
        """By programme, the scopes in which the right is held in that programme only (A6)."""
        found: dict[str, list[str]] = {}
        for each in self.held:
            if each.programme and each.scope != scopes.ALL and each.allows(right):
                found.setdefault(each.programme, []).append(each.scope)
        return found

    @property
    def roles(self) -> set[Role]:
        return {each.role for each in self.held}


_known: ContextVar[dict[tuple[int, date], Standings] | None] = ContextVar("standings_known", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Within one reading request, or one change of many things, rights are read once; every other change asks anew."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def standings(by: Actor, on: date | None = None) -> Standings:
    """What a person holds on a day (today unless told), own and lent."""
    known = _known.get()
    if known is None or by.user_id is None:
        return _standings(by, on)
    asked = (by.user_id, on or days.today())
    if asked not in known:
        known[asked] = _standings(by, on)
    return replace(known[asked], by=by)


@past.present()
def _standings(by: Actor, on: date | None) -> Standings:
    if by.key.startswith("program:"):
        return Standings(by, (), everything=True)
    if by.user_id is None:
        return Standings(by, ())
    on = on or days.today()
    own = held_on(on).filter(user_id=by.user_id).values_list("role", "scope", "programme")
    held = [Standing(Role(role), scope, programme) for role, scope, programme in own]
    lent = (
        lent_on(on)
        .filter(to_user_id=by.user_id)
        .values_list("grant__role", "grant__scope", "grant__programme", "grant__user__username", "rights")
    )
    for role, scope, programme, holder, only in lent:
        held.append(Standing(Role(role), scope, programme, holder, frozenset(only) - NEVER_LENT))
    return Standings(by, tuple(held))


def may(by: Actor, right: str, things: Iterable[str] | None = None) -> bool:
    """Whether this person has the right over a thing with these scopes. Pages ask this to hide a button."""
    return standings(by).may(right, things)


def reach(by: Actor, right: str) -> list[str]:
    """The scopes that limit a list for this person."""
    return standings(by).reach(right)


def reach_within(by: Actor, right: str) -> dict[str, list[str]]:
    """By programme, the scopes that limit a list of that programme for this person."""
    return standings(by).reach_within(right)


def scopes_held(by: Actor) -> set[str]:
    """The scopes in which a person works today: where a view may be shared.

    A role over everything in a programme is one over the programme. A citizen works for nobody.
    """
    held = [each for each in standings(by).held if each.role != Role.CITIZEN]
    limited = {scopes.of_programme(each.programme) for each in held if each.programme and each.scope == scopes.ALL}
    return limited | {each.scope for each in held if not (each.programme and each.scope == scopes.ALL)}


def require(by: Actor, right: str, things: Iterable[str], *, hidden: bool = False) -> Actor:
    """The actor with the role and scope under which this is allowed, for the record.

    Refuses with 403, or with 404 when `hidden`: then nobody learns that the thing exists.
    """
    held = standings(by)
    if held.everything:
        return replace(by, role="program", scope=scopes.ALL)
    found = held.of(right, things)
    if found is None and by.user_id is None:
        raise Refused("sign_in", _("Sign in, or send a valid token."), status=401)
    if found is None:
        if hidden:
            raise Refused("not_found", _("There is nothing here under this name."), do=advice.FIND, status=404)
        raise Refused(
            "forbidden",
            _("You do not have this right here. Ask the administrator, or the unit in charge."),
            status=403,
        )
    return replace(by, role=found.role, scope=found.scope, holder=found.holder)
