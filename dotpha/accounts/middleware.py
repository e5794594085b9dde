"""Sign-in is asked for everything below /desk/; the API answers for itself."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase


class SignInRequired(LoginRequiredMiddleware):
    """Everything below /desk/ and /files/ needs a session; the rest says so itself."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not request.path_info.startswith(("/desk/", "/files/", "/account/")) or request.path_info.startswith(
            ("/account/login/", "/account/demo/")
        ):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
