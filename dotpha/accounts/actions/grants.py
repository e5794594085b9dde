"""Rights: roles within scopes, and delegations during absence."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import moves, rights, rules, scopes
from dotpha.accounts.models import Delegation, Grant, User
from dotpha.accounts.roles import APART, Role, rights_of
from dotpha.platform import advice, audit, days, text
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused


@action
def grant_role(
    *, user: User, role: str, scope: str, from_on: date, until_on: date | None = None, programme: str = "",
    exception_reason: str = "", by: Actor,
) -> Grant:  # fmt: skip
    """Give a person a role within a scope for a period. Nobody gives themselves a role."""
    by = rights.require(by, "grant.change", [scopes.ALL])
    if user.pk == by.user_id:
        raise Refused("own_rights", _("Nobody changes their own rights."), do=advice.OTHER_ADMIN, status=403)
    if role not in Role.values:
        raise Refused("unknown_role", _("There is no such role."), do=advice.LIST, field="role")
    moves.hold_still()
    _require_scope(scope, programme)
    rules.require_period(from_on, until_on)
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not exception_reason.strip():
        rules.require_apart(_held_during(user, from_on, until_on), (scope, rights_of(Role(role))), APART)
    grant = Grant.objects.create(
        user=user, role=role, scope=scope, programme=programme, from_on=from_on, until_on=until_on,
        granted_by=by.key, exception_reason=text.clean(exception_reason, 500),
    )  # fmt: skip
    after = {"role": role, "scope": scope, "from_on": from_on, "until_on": until_on, "programme": programme}
    audit.record("grant.added", user, by, after=after, reason=grant.exception_reason)
    return grant


def _require_scope(scope: str, programme: str) -> None:
    """Refuse a scope of a wrong form, and one that names nothing: a role in it would silently reach nothing."""
    if not scopes.is_scope(scope) or scope not in scopes.names([scope]):
        raise Refused(
            "unknown_scope",
            _("“%(scope)s” is not a scope of this directory. Choose an organisation, a place or a programme."),
            field="scope",
            scope=scope[:100],
        )
    within = scopes.of_programme(programme)
    if programme and within not in scopes.names([within]):
        raise Refused("unknown_programme", _("There is no such programme."), do=advice.LIST, field="programme")


def _held_during(user: User, from_on: date, until_on: date | None) -> list[tuple[str, set[str]]]:
    """Scope and rights of all that a person holds or was lent on any day of a period: what has ended, or begins
    after it, meets nothing in it. What is lent ends at the latest with the role that it is of."""
    held: list[tuple[Grant | Delegation, str, set[str]]] = [
        (each, each.scope, rights_of(Role(each.role))) for each in user.grants.all()
    ]
    lasting = Q(grant__until_on=None) | Q(grant__until_on__gte=from_on)
    lent = Delegation.objects.filter(lasting, to_user=user, ended_at=None, grant__user__is_active=True)
    for each in lent.select_related("grant"):
        held.append((each, each.grant.scope, set(each.rights)))
    return [
        (scope, rights)
        for row, scope, rights in held
        if (row.until_on is None or row.until_on >= from_on) and (until_on is None or row.from_on <= until_on)
    ]


@action
def end_grant(*, grant: Grant, by: Actor, on: date) -> Grant:
    """Take a role away: yesterday was its last day, and what was lent of it ends now. One that began today or later
    goes, with what was lent of it; the record of events keeps both."""
    by = rights.require(by, "grant.change", [scopes.ALL])
    grant = Grant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant.pk)
    if grant.user_id == by.user_id:
        raise Refused("own_rights", _("Nobody changes their own rights."), do=advice.OTHER_ADMIN, status=403)
    if grant.until_on is not None and grant.until_on < on:
        raise Refused("already_ended", _("This right has ended already."), do=advice.LOOK, status=409)
    audit.record("grant.ended", grant.user, by, before={"role": grant.role, "scope": grant.scope})
    for each in grant.delegations.filter(ended_at=None, until_on__gte=on).select_related("to_user"):
        _end_lent(each, grant.user, by)
    if grant.from_on >= on:
        grant.delegations.all().delete()
        grant.delete()
        return grant
    grant.until_on = date.fromordinal(on.toordinal() - 1)
    grant.save(update_fields=["until_on"])
    return grant


@action
def delegate(
    *,
    grant: Grant,
    to_user: User,
    lent: list[str],
    from_on: date,
    until_on: date,
    reason: str = "",
    by: Actor,
) -> Delegation:
    """Lend named rights of one's own role to somebody for at most 90 days. What is lent is not lent on."""
    by = rights.require(by, "delegation.add", [grant.scope])
    grant = Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    if grant.user_id != by.user_id:
        raise Refused("not_own_right", _("Only the holder of a right lends it."), do=advice.HOLDER, status=403)
    rules.require_delegable(
        rights=set(lent), of_role=rights_of(Role(grant.role)), from_on=from_on, until_on=until_on,
        grant_from=grant.from_on, grant_until=grant.until_on, giver=grant.user_id, receiver=to_user.pk,
    )  # fmt: skip
    # What somebody is given and lent at one moment is weighed one after the other.
    to_user = User.objects.select_for_update(of=("self",)).get(pk=to_user.pk)
    if not to_user.is_active:
        raise Refused("account_closed", _("This account is closed."), do=advice.ADMIN, field="to_user", status=409)
    rules.require_apart(_held_during(to_user, from_on, until_on), (grant.scope, set(lent)), APART)
    made = Delegation.objects.create(
        grant=grant,
        to_user=to_user,
        rights=sorted(lent),
        from_on=from_on,
        until_on=until_on,
        reason=text.clean(reason, 300),
    )
    after = {"to": to_user.username, "rights": sorted(lent), "from_on": from_on, "until_on": until_on}
    audit.record("delegation.added", grant.user, by, after=after, reason=made.reason)
    return made


@action
def end_delegation(*, delegation: Delegation, by: Actor) -> Delegation:
    """End a delegation now: by its giver, its receiver or an administrator."""
    delegation = (
        Delegation.objects.select_for_update(of=("self",))
        .select_related("grant__user", "to_user")
        .get(pk=delegation.pk)
    )
    if by.user_id not in (delegation.grant.user_id, delegation.to_user_id):
        by = rights.require(by, "grant.change", [scopes.ALL])
    if delegation.ended_at is not None:
        raise Refused("already_ended", _("This delegation has ended already."), do=advice.LOOK, status=409)
    _end_lent(delegation, delegation.grant.user, by)
    return delegation


def _end_lent(delegation: Delegation, giver: User, ender: Actor) -> None:
    delegation.ended_at, delegation.ended_by = days.now(), ender.key
    delegation.save(update_fields=["ended_at", "ended_by"])
    audit.record("delegation.ended", giver, ender, before={"to": delegation.to_user.username})
