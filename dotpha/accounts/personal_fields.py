"""What is held about people, and what they may ask for about it: plain tables, without the database (K5).

Grounds and times are defaults of the product, for the body that runs it to confirm. `docs/personal-data.md` is
written from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class RequestKind(models.TextChoices):
    """What a person may ask for about the own data. `rules.COMPLETION_DAYS` says how long each takes at most."""

    ACCESS = "access", _("Access or a copy")
    CORRECTION = "correction", _("Correction")
    WITHDRAWAL = "withdrawal", _("Withdrawal of consent")
    RESTRICTION = "restriction", _("Restriction of processing")
    OBJECTION = "objection", _("Objection to processing")
    ERASURE = "erasure", _("Erasure, account closed")


@dataclass(frozen=True)
class PersonalField:
    """A field that tells of a person: the column, what it is for, on what ground, until when, and who sees it."""

    column: str
    purpose: StrPromise | str
    ground: StrPromise | str
    kept: StrPromise | str
    seen_by: StrPromise | str


_DUTY = _("work of a State body (Law 91/2025/QH15)")
_SAFE = _("safety of the system (Law 91/2025/QH15)")
_ACCOUNT = _("while there is an account")
_RECORD = _("as long as the record of changes")
_ADMINS = _("the person, administrators, inspectors")
_NOBODY = _("nobody: a digest or a secret")
_ASKED = _("rights of the person (Law 91/2025/QH15, Decree 356/2025/NĐ-CP)")
_ASKER = _("the person, administrators")
_STAFF = _("who may see the thing it stands on")

FIELDS = (
    PersonalField("accounts.User.username", _("tell people apart; sign in"), _DUTY, _RECORD, _STAFF),
    PersonalField("accounts.User.name", _("show who did what"), _DUTY, _ACCOUNT, _STAFF),
    PersonalField("accounts.User.email", _("write to the person; find who signs in"), _DUTY, _ACCOUNT, _ADMINS),
    PersonalField("accounts.User.phone", _("reach the person"), _DUTY, _ACCOUNT, _ADMINS),
    PersonalField("accounts.User.locale", _("show pages in the chosen language"), _DUTY, _ACCOUNT, _ADMINS),
    PersonalField("accounts.User.password", _("sign in"), _SAFE, _ACCOUNT, _NOBODY),
    PersonalField("accounts.User.last_login", _("find accounts nobody uses"), _SAFE, _ACCOUNT, _ADMINS),
    PersonalField("accounts.EmailChange.email", _("confirm a new address"), _SAFE, _("at most until decided"), _ADMINS),
    PersonalField("accounts.DataRequest.text", _("know what the person asks for about the own data"), _ASKED, _RECORD,
                  _ASKER),
    PersonalField("accounts.DataRequest.answer", _("answer what was asked"), _ASKED, _RECORD, _ASKER),
    PersonalField("accounts.Recovery.password", _("sign in"), _SAFE, _("at most until decided"), _NOBODY),
    PersonalField("accounts.Token.digest", _("let programs act for the person"), _SAFE, _RECORD, _NOBODY),
    PersonalField("mfa.Authenticator.data", _("sign in"), _SAFE, _ACCOUNT, _NOBODY),
    PersonalField("socialaccount.SocialAccount.uid", _("find who signs in"), _SAFE, _ACCOUNT, _NOBODY),
    PersonalField("usersessions.UserSession.ip", _("show where one is signed in"), _SAFE, _("until signed out"),
                  _("the person alone")),
    PersonalField("axes.AccessAttempt.ip_address", _("stop guessing of passwords"), _SAFE,
                  _("until signed in"), _NOBODY),
    PersonalField("platform.AuditEvent.actor_name", _("show who did what"), _DUTY, _RECORD,
                  _("office, inspectors, administrators")),
)  # fmt: skip
