"""One-time codes: ten wrong tries, then a wait, whichever process is asked (K1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from dotpha.accounts import codes
from dotpha.accounts.models import User
from dotpha.accounts.roles import RIGHT_NAMES, RIGHTS
from dotpha.platform.models import RateCount
from dotpha.platform.refusals import Refused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 3, 14, tzinfo=UTC)
PASSWORD = "bốn-con-ngựa-đỏ-29"


def tried(user: User, at: datetime, times: int) -> list[str]:
    outcomes = []
    for _each in range(times):
        try:
            codes.count_try(user, at)
            outcomes.append("looked at")
        except Refused as refusal:
            outcomes.append(refusal.code)
    return outcomes


def test_ten_tries_are_looked_at_and_no_more_across_the_edge_of_a_window() -> None:
    user, other = (User.objects.create(username=name) for name in ("lan", "minh"))
    assert tried(user, NOW, 6) == ["looked at"] * 6
    assert tried(user, NOW + timedelta(minutes=5), 5) == ["looked at"] * 4 + ["too_many_codes"]
    assert tried(other, NOW, 1) == ["looked at"]
    assert tried(user, NOW + timedelta(minutes=40), 1) == ["looked at"]
    assert RateCount.objects.filter(key=f"code:{user.pk}").count() == 1  # old windows go


def test_a_right_code_ends_the_count() -> None:
    user = User.objects.create(username="lan")
    tried(user, NOW, 10)
    codes.forget_tries(user)
    assert tried(user, NOW, 1) == ["looked at"]


def test_guessing_codes_after_the_password_ends_with_a_sentence() -> None:
    user = User(username="lan")
    user.set_password(PASSWORD)
    user.save()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    assert Authenticator.objects.filter(user=user).exists()
    client = Client(headers={"accept-language": "en"})
    client.post("/account/login/", {"login": "lan", "password": PASSWORD})
    answers = [client.post("/account/two-factor/authenticate/", {"code": "000000"}) for _each in range(11)]
    assert [each.status_code for each in answers] == [200] * 10 + [429]
    assert "Too many wrong codes" in answers[-1].content.decode()


def test_every_right_has_words() -> None:
    assert set(RIGHT_NAMES) == set(RIGHTS)
