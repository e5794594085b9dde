"""Until when what is held of people is kept, and which accounts are made nameless when (K5)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse

from dotpha.accounts import retention, rights, scopes
from dotpha.accounts.personal_fields import ACCOUNT, FIELDS, RETENTIONS
from dotpha.platform import days
from dotpha.platform.pages import desk_page, render

PAGE = 50


@desk_page("GET")
def overview(request: Any) -> HttpResponse:
    """Each kind of retention with what is past it now; closed accounts, what is erased first on top."""
    rights.require(request.actor, "person.view", [scopes.ALL])
    shown = Paginator(retention.closed(), PAGE).get_page(request.GET.get("page"))
    over = retention.closed_too_long(request.today).count()
    past = {**retention.counts(request.today, days.now()), ACCOUNT.key: over}
    kinds = [
        {"kept": kind.kept, "end": kind.end, "past": past.get(kind.key), "fields": held}
        for kind in RETENTIONS
        if (held := [each.label for each in FIELDS if each.retention is kind])
    ]
    page = {
        "kinds": kinds, "total": sum(past.values()), "rows": shown,
        "accounts": [(user, *retention.days_of(user)) for user in shown],
    }  # fmt: skip
    return render(request, "accounts/retention.html", page)
