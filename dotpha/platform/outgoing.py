"""Every connection that the product opens by itself, and the only modules that may open one (K7).

`tests/house_rules/test_outgoing.py` holds that nothing else does. `docs/operations.md`, `dotpha doctor` and the page
*System* show this list: what a firewall must let out; everything else can be closed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Way:
    """A kind of connection: what for, which settings open it (empty: always), which modules use it, and where it leads
    now. `to` answers host and port, never a secret; nothing while it is closed."""

    key: str
    label: StrPromise
    purpose: StrPromise
    settings: str
    modules: tuple[str, ...]
    to: Callable[[], str]


def _database() -> str:
    at = settings.DATABASES["default"]
    return f"{at['HOST']}:{at['PORT']}" if at["PORT"] else str(at["HOST"])


def _own_processes() -> str:
    return ", ".join(each for each in (settings.BASE_URL, settings.LIVE_URL) if each)


def _mail() -> str:
    return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}" if settings.EMAIL == "smtp" else ""


def _provider() -> str:
    return str(settings.OIDC_ISSUER)


WAYS = (
    Way(
        "database", _("Database"), _("everything that is kept"), "DOTPHA_DATABASE_URL",
        ("config/live.py", "dotpha/platform/database.py", "dotpha/platform/prepared.py", "dotpha/platform/worker.py"),
        _database,
    ),
    Way(
        "own", _("Own processes"), _("whether site and event process answer, and which ports are free"), "",
        ("dotpha/platform/data_dir.py", "dotpha/platform/supervisor.py"), _own_processes,
    ),
    Way(
        "mail", _("Mail server"), _("notices, answers, and links that confirm an address"),
        "DOTPHA_EMAIL=smtp, DOTPHA_EMAIL_HOST, DOTPHA_EMAIL_PORT",
        ("dotpha/accounts/actions/data_requests.py", "dotpha/accounts/jobs.py", "dotpha/programmes/actions/ladder.py"),
        _mail,
    ),
    Way(
        "sign_in", _("Sign-in provider"),
        _("signing in with an account of another system, at the addresses that it names itself"), "DOTPHA_OIDC_ISSUER",
        ("dotpha/accounts/oidc.py",), _provider,
    ),
)  # fmt: skip


def open_now() -> dict[str, str]:
    """Where connections may lead as the settings stand, by kind; closed kinds are left out."""
    return {way.key: to for way in WAYS if (to := way.to())}
