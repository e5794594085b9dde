"""What accounts adds to every page of the desk: who is signed in, the menu of that person."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from dotpha.accounts import demo, oidc, rights, signin
from dotpha.accounts.roles import Role
from dotpha.platform import courses
from dotpha.platform.pages import actor_of
from dotpha.platform.registry import registry

_PAST = ("as_of", "known_at")


def fill(request: HttpRequest) -> dict[str, Any]:
    """The person, the roles, the menu, and `may(right)`; one look at the rights for each request."""
    if not request.user.is_authenticated:
        groups = signin.demo_groups() if request.path == reverse("account_login") else []
        return {
            "demo_groups": groups,
            "demo_title": demo.title_of,
            "provider_name": settings.OIDC_NAME if oidc.is_on() else "",
            "menu": [],
            "person_name": "",
            "person_roles": [],
            "may": lambda right, things=None: False,
            "messages_shown": [],
        }
    held = rights.standings(actor_of(request))
    past = "&".join(f"{key}={request.GET[key]}" for key in _PAST if request.GET.get(key))
    return {
        "menu": [line for item in registry.menu if held.may(item.right) and (line := _line(item, request, past))],
        "person_name": str(request.user),
        "person_roles": [Role(role).label for role in sorted(held.roles)],
        "may": held.may,
        "messages_shown": [*get_messages(request), *_ended(request)] if request.path_info.startswith("/desk/") else [],
    }


def _ended(request: HttpRequest) -> list[courses.Course]:
    """Long imports that came to their end; a page that only asks how far one is tells of none."""
    return [] if getattr(request, "htmx", False) else courses.ended(actor_of(request))


def _line(item: Any, request: HttpRequest, past: str) -> dict[str, Any] | None:
    try:
        address = reverse(item.url_name)
    except NoReverseMatch:
        return None
    active = request.path == address or (len(address) > len("/desk/") and request.path.startswith(address))
    return {
        "key": item.key,
        "label": item.label,
        "url": f"{address}?{past}" if past else address,
        "icon": item.icon,
        "count": partial(item.count, actor_of(request)) if item.count else None,
        "active": active,
        "letter": item.letter,
        "group": item.group,
    }
