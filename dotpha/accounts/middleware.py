"""Sign-in is asked for everything below /desk/; the API answers for itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from dotpha.accounts import rights
from dotpha.accounts.roles import SECOND_FACTOR

WOUND = "wound_at"
UNATTENDED = {"/desk/presence/"}
"""Asked by an open page itself, with nobody there: it keeps no sign-in alive."""
WIND_EVERY = 60
"""Seconds. A sign-in ends at most this much before its full idle time."""


def idle_clock(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Let an idle sign-in end (K1): its time begins anew with a request, written at most once a minute.

    To write the session with every page would cost each reader a commit.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        now = int(time.time())
        if (
            request.path_info not in UNATTENDED
            and request.session.get(SESSION_KEY)
            and now - request.session.get(WOUND, 0) >= WIND_EVERY
        ):
            request.session[WOUND] = now
        return response

    return answer


class SignInRequired(LoginRequiredMiddleware):
    """Everything below /desk/ and /files/ needs a session; the rest says so itself."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not request.path_info.startswith(("/desk/", "/files/", "/account/")) or request.path_info.startswith(
            ("/account/login/", "/account/demo/", "/account/email/")
        ):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


def lacks_second_factor(user: Any) -> bool:
    """Whether a person's roles ask for a second factor that is not set up yet: pages and API refuse the same."""
    return bool(
        settings.MFA_REQUIRED
        and user.is_authenticated
        and not user.is_demo
        and not SECOND_FACTOR.isdisjoint(rights.standings(user.actor()).roles)
        and not is_mfa_enabled(user)
    )


class SecondFactorRequired:
    """Roles that approve, confirm, administer or inspect work only with a second factor (K1).

    Asked for where `DOTPHA_MFA_REQUIRED=1`; demonstration accounts have none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(("/desk/", "/files/")) and lacks_second_factor(request.user):
            return redirect("mfa_activate_totp")
        return self.get_response(request)


class RightsAskedOnce:
    """A page or an answer of the API reads a person's rights once, however often it asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with rights.asked_once():
            return self.get_response(request)
