"""Reading people: lists for the administrator, what a person will see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, rules, scopes
from dotpha.accounts.models import DataRequest, Delegation, Grant, Recovery, User
from dotpha.accounts.roles import RIGHTS, right_name
from dotpha.platform import advice, text
from dotpha.platform.actors import Actor, shown
from dotpha.platform.refusals import Refused
from dotpha.platform.registry import registry
from dotpha.platform.spans import valid_on


def people(words: str = "", role: str = "", on: date | None = None) -> QuerySet[User]:
    """People by user name, with the rights they hold; `words` ignores case."""
    held = Grant.objects.order_by("role", "scope")
    if on:
        held = held.filter(valid_on(on))
    rows = User.objects.prefetch_related(Prefetch("grants", held, to_attr="held")).order_by("username")
    if words:
        plain = text.clean(words)
        rows = rows.filter(Q(username__icontains=plain) | Q(name__icontains=plain))
    return rows.filter(pk__in=held.filter(role=role).order_by().values("user")) if role else rows


def by_name(username: str, field: str = "to_user") -> User:
    """Somebody by user name, of a closed account too; refused at the field when nobody bears it."""
    found = User.objects.filter(username=username.strip().lower()).first()
    if found is None:
        raise Refused(
            "unknown_person", _("Nobody has the user name “%(text)s”."), do=advice.FIND, field=field, text=username
        )
    return found


def working(on: date) -> QuerySet[User]:
    """People with an open account who hold a role on a day, their own or a lent one, by number."""
    own, lent = rights.held_on(on).values("user"), rights.lent_on(on).values("to_user")
    return User.objects.filter(Q(pk__in=own) | Q(pk__in=lent)).order_by("pk")


def delegations_of(user: User) -> QuerySet[Delegation]:
    """Given and received, the newest first."""
    return Delegation.objects.filter(Q(grant__user=user) | Q(to_user=user)).select_related("grant__user", "to_user")


def is_linked(user: User) -> bool:
    """Whether a provider of sign-ins knows this person."""
    return bool(SocialAccount.objects.filter(user=user).exists())


def recoveries(user: User | None, now: datetime) -> QuerySet[Recovery]:
    """Ways back in that wait for the second administrator: of a person, or all."""
    rows = Recovery.objects.filter(decided_at=None, asked_at__gte=now - rules.RECOVERY_WAITS).select_related("user")
    return rows.filter(user=user) if user else rows


def preview(user: User) -> list[dict[str, Any]]:
    """What this person may do today: each right with the scopes it reaches; and the menu."""
    held = rights.standings(user.actor())
    reached = {
        right: [(scope, "") for scope in held.reach(right)]
        + [(scope, programme) for programme, inside in held.reach_within(right).items() for scope in inside]
        for right in RIGHTS
    }
    named = [*(scope for each in reached.values() for scope, _programme in each)]
    named += [scopes.of_programme(programme) for each in reached.values() for _scope, programme in each if programme]
    names = scopes.names(named)
    return [
        {"right": right_name(right), "reach": [_said(scope, programme, names) for scope, programme in reach]}
        for right, reach in reached.items()
        if reach
    ]


def _said(scope: str, programme: str, names: Mapping[str, str]) -> str:
    where = names.get(scope, scope)
    if not programme:
        return where
    return gettext("%(where)s, in “%(programme)s”") % {
        "where": where, "programme": names.get(scopes.of_programme(programme), programme),
    }  # fmt: skip


def named(grants: Iterable[Grant]) -> list[Grant]:
    """Roles held, each with its scope (`where`) and who gave it (`giver`) in words."""
    held = list(grants)
    programmes = {scopes.of_programme(each.programme) for each in held if each.programme}
    names = scopes.names({each.scope for each in held} | programmes)
    for each in held:
        each.where = _said(each.scope, each.programme, names)  # type: ignore[attr-defined]
        each.giver = shown(each.granted_by, "")  # type: ignore[attr-defined]
    return held


def menu_of(user: User) -> list[str]:
    """The lines of the menu this person sees."""
    held = rights.standings(user.actor())
    return [str(item.label) for item in registry.menu if held.may(item.right)]


def to_answer(by: Actor, on: date) -> QuerySet[DataRequest]:
    """Requests about own data that wait on a day for an administrator; never one's own."""
    waiting = DataRequest.objects.filter(Q(ended_on=None) | Q(ended_on__gt=on), made_on__lte=on)
    return waiting.exclude(user_id=by.user_id or 0).select_related("user")


def by_urgency(rows: QuerySet[DataRequest]) -> list[DataRequest]:
    """Open requests, what is due first on top. Sorted here: working days are counted by the rule alone."""
    return sorted(rows, key=lambda each: (each.clock.due_on or date.max, each.pk))


def data_requests(state: str, kind: str, on: date) -> Sequence[DataRequest] | QuerySet[DataRequest]:
    """Requests about own data by state ("open", "late", "completed", "refused") and kind, if one is given.

    The open ones late first, those that have ended newest first.
    """
    rows = DataRequest.objects.select_related("user")
    rows = rows.filter(kind=kind) if kind else rows
    if state in ("completed", "refused"):
        return rows.filter(ended_on__isnull=False, is_refused=state == "refused").order_by("-ended_on", "-pk")
    waiting = by_urgency(rows.filter(ended_on=None))
    return [each for each in waiting if each.clock.is_late(on)] if state == "late" else waiting


def names_of(by: Actor, keys: list[str]) -> dict[str, str]:
    """The names of people by user name, for those who may read the list of people."""
    may = rights.standings(by).may("person.view")
    return dict(User.objects.filter(username__in=keys).values_list("username", "name")) if may else {}


def names_shown(keys: Iterable[str]) -> dict[str, str]:
    """What people are called, by user name: for a page that tells who did something on it. One query."""
    return {each.username: str(each) for each in User.objects.filter(username__in=keys)}
