"""What is held about people, and what they may ask for about it: plain tables, without the database (K5).

Grounds and times are defaults of the product, for the body that runs it to confirm. `docs/personal-data.md` is
written from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rules

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
class Retention:
    """Until when something is kept, in words with the place %(days)s, and what then happens to it.

    `days` is counted from what the words name; None where nothing is ever due.
    """

    key: str
    words: StrPromise
    end: StrPromise
    days: int | None = None

    @property
    def kept(self) -> str:
        """Until when, in the reader's language."""
        return str(self.words) % {"days": self.days}


RECORD = Retention("record", _("as long as the record of changes"), _("nothing: its events are chained"))
ACCOUNT = Retention(
    "account", _("while there is an account, and %(days)s days after it was closed"),
    _("erased: the account gets a pseudonym"), rules.CLOSED_KEPT.days,
)  # fmt: skip
ANSWERED = Retention(
    "request", _("until the request has ended, and %(days)s days after that"), _("its words are erased"),
    rules.ANSWERED_KEPT.days,
)  # fmt: skip
WAITING = Retention(
    "waiting", _("until decided, at most %(days)s days"), _("emptied; what waited has lapsed"), rules.LINK_WAITS.days
)
SESSION = Retention("session", _("until signed out, or idle for 30 minutes"), _("erased in the next night"), 0)
TRIES = Retention("tries", _("until signed in, at most %(days)s days"), _("erased"), rules.TRIES_KEPT.days)
RETENTIONS = (ACCOUNT, ANSWERED, WAITING, SESSION, TRIES, RECORD)


@dataclass(frozen=True)
class PersonalField:
    """A field that tells of a person: the column, its name in words, what it is for, on what ground, until when it is
    kept, and who sees it."""

    column: str
    label: StrPromise
    purpose: StrPromise
    ground: StrPromise
    retention: Retention
    seen_by: StrPromise


_DUTY = _("work of a State body (Law 91/2025/QH15)")
_SAFE = _("safety of the system (Law 91/2025/QH15)")
_ADMINS = _("the person, administrators, inspectors")
_NOBODY = _("nobody: a digest or a secret")
_ASKED = _("rights of the person (Law 91/2025/QH15, Decree 356/2025/NĐ-CP)")
_ASKER = _("the person, administrators")
_STAFF = _("who may see the thing it stands on")
_SELF = _("the person alone")
_OVERSEERS = _("office, inspectors, administrators")
_TELL, _SIGN_IN, _FIND = _("show who did what"), _("sign in"), _("find who signs in")
_ANSWER = _("answer what was asked")

FIELDS = tuple(
    PersonalField(*row)
    for row in (
        ("accounts.User.username", _("User name"), _("tell people apart; sign in"), _DUTY, RECORD, _STAFF),
        ("accounts.User.name", _("Name or post"), _TELL, _DUTY, ACCOUNT, _STAFF),
        ("accounts.User.email", _("E-mail"), _("write to the person; find who signs in"), _DUTY, ACCOUNT, _ADMINS),
        ("accounts.User.phone", _("Telephone"), _("reach the person"), _DUTY, ACCOUNT, _ADMINS),
        ("accounts.User.locale", _("Language of the pages"), _("show pages in the chosen language"), _DUTY, ACCOUNT,
         _ADMINS),
        ("accounts.User.password", _("Password (digest)"), _SIGN_IN, _SAFE, ACCOUNT, _NOBODY),
        ("accounts.User.last_login", _("Last sign-in"), _("find accounts nobody uses"), _SAFE, ACCOUNT, _ADMINS),
        ("accounts.EmailChange.email", _("New e-mail address that waits"), _("confirm a new address"), _SAFE, WAITING,
         _ADMINS),
        ("accounts.DataRequest.text", _("Request about own data: what was asked"),
         _("know what the person asks for about the own data"), _ASKED, ANSWERED, _ASKER),
        ("accounts.DataRequest.reply", _("Request about own data: first reply"), _ANSWER, _ASKED, ANSWERED, _ASKER),
        ("accounts.DataRequest.extension_reason", _("Request about own data: why it took longer"), _ANSWER, _ASKED,
         ANSWERED, _ASKER),
        ("accounts.DataRequest.answer", _("Request about own data: answer"), _ANSWER, _ASKED, ANSWERED, _ASKER),
        ("accounts.DataRequest.kept", _("Request about own data: what is kept"), _ANSWER, _ASKED, ANSWERED, _ASKER),
        ("accounts.Recovery.password", _("New password that waits (digest)"), _SIGN_IN, _SAFE, WAITING, _NOBODY),
        ("accounts.Token.digest", _("Token for programs (digest)"), _("let programs act for the person"), _SAFE,
         ACCOUNT, _NOBODY),
        ("mfa.Authenticator.data", _("Second factor (secret)"), _SIGN_IN, _SAFE, ACCOUNT, _NOBODY),
        ("socialaccount.SocialAccount.uid", _("Number at the sign-in provider"), _FIND, _SAFE, ACCOUNT, _NOBODY),
        ("usersessions.UserSession.ip", _("Network address and browser of a session"),
         _("show where one is signed in"), _SAFE, SESSION, _SELF),
        ("axes.AccessAttempt.ip_address", _("Network address of a wrong try to sign in"),
         _("stop guessing of passwords"), _SAFE, TRIES, _NOBODY),
        ("platform.AuditEvent.actor_name", _("Name in the record of changes"), _TELL, _DUTY, RECORD, _OVERSEERS),
    )
)  # fmt: skip
