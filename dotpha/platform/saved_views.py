"""Lists as people like them: an address under a name, private or shared within a scope."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice, audit, days, text
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.models import SavedView
from dotpha.platform.refusals import Refused
from dotpha.platform.registry import registry

LONGEST = 4000
_PAGE_ONLY = {"page", "as_of", "known_at", "export", "view", "tour"}


def views_of(by: Actor, list_name: str, held_scopes: list[str]) -> QuerySet[SavedView]:
    """The person's own views of a list and those shared in a scope that the person holds a role in."""
    return SavedView.objects.filter(
        Q(owner=by.key) | (~Q(shared_scope="") & Q(shared_scope__in=[*held_scopes, "all"])),
        list_name=list_name,
    )


def normal(query: str) -> str:
    """An address's query without page and past, in a fixed order: to tell whether a view was changed.

    Control characters go: an address with one is refused, so a view of it would never open.
    """
    return urlencode(sorted((key, text.nfc(value)) for key, value in parse_qsl(query) if key not in _PAGE_ONLY))


@action
def save_view(
    *, by: Actor, list_name: str, name: str, query: str, shared_scope: str = "", is_default: bool = False
) -> SavedView:
    """Keep a list's address under a name; saving again under the same name replaces it.

    It is shared only where its owner holds a role: with everybody by those whose role is over everything.
    """
    if by.user_id is None:
        raise Refused("sign_in", _("Sign in to save a view."), status=401)
    name, list_name = text.clean(name, 80, "name"), text.clean(list_name, 60, "list_name")
    if not name:
        raise Refused("name_missing", _("Give the view a name."), field="name")
    if not list_name:
        raise Refused(
            "unreadable", _("This request cannot be read."), do=advice.SEND_ANEW, field="list_name", status=400
        )
    if shared_scope and shared_scope not in registry.scopes_held(by):
        sentence = _("A view is shared where you hold a role yourself.")
        raise Refused("not_held", sentence, do=advice.LIST, field="shared_scope", status=403)
    if len(query) > LONGEST:
        raise Refused("too_big", _("This address is too long to be saved."), do=advice.FEWER, field="query")
    if is_default:
        SavedView.objects.filter(owner=by.key, list_name=list_name, is_default=True).update(is_default=False)
    view, _made = SavedView.objects.update_or_create(
        owner=by.key,
        list_name=list_name,
        name=name,
        defaults={
            "query": normal(query),
            "shared_scope": shared_scope,
            "is_default": is_default,
            "added_at": days.now(),
        },
    )
    audit.record("view.saved", f"view:{view.pk}", by, after={"name": name, "query": view.query})
    return view


@action
def remove_view(*, by: Actor, pk: int) -> None:
    """Take one's own view away. Who used a shared one keeps the address in the browser's history."""
    view = SavedView.objects.select_for_update(of=("self",)).filter(pk=pk, owner=by.key).first()
    if view is None:
        raise Refused("not_found", _("You have no such view."), do=advice.LIST, status=404)
    audit.record("view.removed", f"view:{view.pk}", by, before={"name": view.name, "query": view.query})
    view.delete()
