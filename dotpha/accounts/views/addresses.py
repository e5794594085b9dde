"""The page behind the link that confirms a new e-mail address."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from dotpha.accounts.actions import addresses
from dotpha.platform.pages import page, render


@page("GET", "POST")
def confirm(request: Any, token: str) -> HttpResponse:
    """Say which address is confirmed for which account. Looking alone confirms nothing; the button does."""
    if request.method == "POST":
        change = addresses.prove_address(token=token, by=request.actor)
    else:
        change = addresses.change_of(token)
    return render(request, "accounts/confirm_address.html", {"change": change, "is_done": request.method == "POST"})
