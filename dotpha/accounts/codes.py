"""One-time codes: wrong tries are counted for each person, in the database, whichever process answers (K1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from dotpha.accounts.models import User
from dotpha.platform import days
from dotpha.platform.models import RateCount
from dotpha.platform.refusals import Refused

MOST_TRIES = 10
WINDOW = timedelta(minutes=15)
"""Product default (K1), as for passwords. Counted in this window of the clock and the one before: the lock ends 15 to
30 minutes after the last try."""


def _window(now: datetime) -> datetime:
    return datetime.fromtimestamp(now.timestamp() // WINDOW.total_seconds() * WINDOW.total_seconds(), now.tzinfo)


def count_try(user: User, now: datetime) -> None:
    """Count a try before its code is looked at, so that many at once gain nothing; refuse the one too many."""
    key, window = f"code:{user.pk}", _window(now)
    RateCount.objects.filter(key=key, window__lt=window - WINDOW).delete()
    RateCount.objects.get_or_create(key=key, window=window)
    RateCount.objects.filter(key=key, window=window).update(count=F("count") + 1)
    tried = RateCount.objects.filter(key=key, window__gte=window - WINDOW).aggregate(sum=Sum("count"))["sum"]
    if tried > MOST_TRIES:
        raise Refused(
            "too_many_codes",
            _("Too many wrong codes. Wait half an hour, or ask the administrator."),
            status=429,
        )


def forget_tries(user: User) -> None:
    """A right code ends the count."""
    RateCount.objects.filter(key=f"code:{user.pk}").delete()


class _Counted:
    """Counts the tries of allauth's form."""

    user: User

    def clean_code(self) -> Any:
        count_try(self.user, days.now())
        code = super().clean_code()  # type: ignore[misc]
        forget_tries(self.user)
        return code


class AuthenticateForm(_Counted, AllauthAuthenticateForm):  # type: ignore[misc]
    """The code after the password."""


class ReauthenticateForm(_Counted, AllauthReauthenticateForm):  # type: ignore[misc]
    """The code before a change of one's own ways in."""
