"""Sign-in with a password and a second factor, on django-allauth and django-axes."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import demo
from dotpha.accounts.models import User
from dotpha.platform import errors
from dotpha.platform.refusals import Refused


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are added by an administrator; nobody signs up alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """User name and password, in the product's words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


def demo_groups() -> list[tuple[Any, list[tuple[Any, list[User]]]]]:
    """Demonstration accounts by kind of role and by what they do; none where they are closed."""
    if not demo.is_open():
        return []
    people = list(User.objects.filter(is_demo=True, is_active=True).order_by("username"))
    groups = []
    for title, begins in demo.GROUPS:
        duties: dict[Any, list[User]] = {}
        for begin in begins:
            for person in (each for each in people if each.username.startswith(begin)):
                duties.setdefault(demo.duty_of(person.username), []).append(person)
        groups.append((title, list(duties.items())))
    return groups


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """After too many wrong tries: when to come back."""
    return errors.refused(
        request,
        Refused(
            "too_many",
            _("Too many wrong passwords. Wait 15 minutes, or ask the administrator."),
            status=429,
        ),
    )
