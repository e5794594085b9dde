"""Signing in: wrong passwords lock out, sessions are on record and end, demonstration stays on this machine."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from dotpha.accounts import demo, middleware
from dotpha.accounts.models import Grant, Token, User
from dotpha.accounts.tokens import digest
from dotpha.platform import days
from dotpha.platform.models import AuditEvent

pytestmark = pytest.mark.django_db
PASSWORD = "bốn-con-ngựa-đỏ-29"
LIMIT = 10


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """The product's own hashing is slow on purpose; nothing here depends on which one it is."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def lan(quick_passwords: None) -> User:
    user = User.objects.create(username="lan", name="Lan")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(password: str = PASSWORD, username: str = "lan", address: str = "192.0.2.1", client: Any = None) -> Any:
    said = {"login": username, "password": password}
    return (client or Client()).post("/account/login/", said, REMOTE_ADDR=address)


def kinds() -> list[str]:
    return list(AuditEvent.objects.values_list("kind", flat=True))


# --- the password ---------------------------------------------------------------------------------


def test_the_right_password_opens_the_desk(lan: User) -> None:
    client = Client()
    assert client.get("/desk/me/").status_code == 302
    answer = sign_in(client=client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
    assert client.get("/desk/me/").status_code == 200
    assert kinds() == ["session.began"]
    assert AuditEvent.objects.get().after == {"way": "password"}


def test_a_wrong_one_is_on_record_without_password_or_address(lan: User) -> None:
    assert sign_in("wrong-password").status_code == 200
    event = AuditEvent.objects.get()
    assert (event.kind, event.subject, event.actor) == ("session.failed", "person:lan", "")
    said = [str(value) for value in vars(event).values()]
    assert not any("wrong-password" in each or "192.0.2.1" in each for each in said)


def test_what_a_stranger_types_is_kept_nowhere(lan: User) -> None:
    answer, known = sign_in("x", username="nobody-here"), sign_in("x")
    assert answer.status_code == known.status_code == 200, "the answer does not tell whether the name exists"
    assert list(AuditEvent.objects.values_list("subject", flat=True)) == ["person:lan"]


def test_ten_wrong_ones_lock_out_even_the_right_one(lan: User) -> None:
    answers = [sign_in("wrong").status_code for _n in range(LIMIT)]
    assert answers == [200] * (LIMIT - 1) + [429]
    locked = sign_in()
    assert locked.status_code == 429
    assert "session.began" not in kinds()


def test_the_lock_holds_for_that_name_from_that_address(lan: User) -> None:
    for _n in range(LIMIT):
        sign_in("wrong")
    assert sign_in(address="192.0.2.99").status_code == 302


def test_the_lock_opens_after_a_quarter_of_an_hour(lan: User) -> None:
    for _n in range(LIMIT):
        sign_in("wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    assert sign_in().status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert sign_in().status_code == 302


def test_a_success_begins_the_count_anew(lan: User) -> None:
    for _n in range(LIMIT - 1):
        sign_in("wrong")
    assert sign_in().status_code == 302
    assert [sign_in("wrong").status_code for _n in range(LIMIT - 1)] == [200] * (LIMIT - 1)


def test_a_closed_account_does_not_open(lan: User) -> None:
    User.objects.update(is_active=False)
    client = Client()
    sign_in(client=client)
    assert client.get("/desk/me/").status_code == 302
    assert "session.began" not in kinds()


def test_nobody_signs_up_alone() -> None:
    said = {"username": "me", "password1": PASSWORD, "password2": PASSWORD}
    Client().post("/account/signup/", said)
    assert not User.objects.exists()


def test_a_sign_in_does_not_lead_to_another_site(lan: User) -> None:
    answer = Client().post("/account/login/?next=https://evil.example/", {"login": "lan", "password": PASSWORD})
    assert answer.headers["Location"] == "/desk/"


# --- sessions -------------------------------------------------------------------------------------


def test_a_session_ends_with_signing_out(lan: User) -> None:
    client = Client()
    sign_in(client=client)
    client.post("/account/logout/")
    assert client.get("/desk/me/").status_code == 302
    assert kinds() == ["session.began", "session.ended"]


def test_signing_in_changes_the_key_of_the_session(lan: User) -> None:
    """Else a key set by somebody else beforehand would be signed in, too."""
    client = Client()
    session = client.session
    session["before"] = 1
    session.save()
    sign_in(client=client)
    assert client.session.session_key != session.session_key


def test_an_idle_sign_in_ends_and_a_page_a_minute_keeps_it(lan: User, monkeypatch: Any) -> None:
    """K1: 30 minutes. The clock is wound with a request, written once a minute and not with each."""
    client = Client()
    sign_in(client=client)

    def ends_at() -> Any:
        return Session.objects.get(session_key=client.session.session_key).expire_date

    began = time.time()
    monkeypatch.setattr(middleware.time, "time", lambda: began + 61)
    client.get("/desk/me/")
    wound = ends_at()
    assert timedelta(minutes=29) < wound - timezone.now() <= timedelta(minutes=30)
    client.get("/desk/me/")
    assert ends_at() == wound, "within the same minute"
    monkeypatch.setattr(middleware.time, "time", lambda: began + 122)
    client.get("/desk/me/")
    assert ends_at() > wound
    Session.objects.update(expire_date=timezone.now())
    assert client.get("/desk/me/").status_code == 302


def test_a_cookie_is_kept_from_scripts_and_other_sites(lan: User) -> None:
    client = Client()
    sign_in(client=client)
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")


@pytest.mark.parametrize("address", ["/desk/", "/desk/me/", "/desk/people/", "/account/sessions/", "/files/1/"])
def test_everything_of_the_desk_leads_a_stranger_to_sign_in(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/")


def test_a_second_factor_is_asked_for_where_it_is_required(lan: User, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    client = Client()
    sign_in(client=client)
    assert client.get("/desk/me/").status_code == 200, "no deciding role yet"
    Grant.objects.create(user=lan, role="approver", scope="all", from_on=days.today(), granted_by="test")
    answer = client.get("/desk/me/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/two-factor/totp/activate/")
    User.objects.update(is_demo=True)
    assert client.get("/desk/me/").status_code == 200


# --- tokens over HTTP -----------------------------------------------------------------------------


def me(given: str) -> int:
    return Client().get("/api/v1/me", headers={"Authorization": given}).status_code


def test_only_a_whole_living_token_of_the_right_kind_opens(lan: User) -> None:
    token = Token.objects.create(user=lan, name="x", digest=digest("dtp_abc"), scopes=["read"], added_at=days.now())
    given = (
        "Bearer dtp_abc",
        "bearer dtp_abc",
        "Bearer dtp_ab",
        "Bearer ",
        "Basic dtp_abc",
        "dtp_abc",
        "Bearer dtp_abc x",
    )
    assert [me(each) for each in given] == [200, 200, 401, 401, 401, 401, 401]
    token.refresh_from_db()
    assert token.last_used_at is not None
    Token.objects.update(ended_at=days.now())
    assert me("Bearer dtp_abc") == 401


def test_the_use_of_a_token_is_noted_every_five_minutes_not_each_time(lan: User) -> None:
    long_ago = days.now() - timedelta(minutes=6)
    Token.objects.create(
        user=lan, name="x", digest=digest("dtp_abc"), scopes=["read"], added_at=long_ago, last_used_at=long_ago
    )
    me("Bearer dtp_abc")
    noted = Token.objects.get().last_used_at
    assert noted > long_ago
    me("Bearer dtp_abc")
    assert Token.objects.get().last_used_at == noted


# --- demonstration --------------------------------------------------------------------------------

ORGANISATIONS = {"most": ("Bộ Khoa học và Công nghệ", "government/most/")}
PLACES = {"01": ("Hà Nội", "province-01/", "province"), "00004": ("Ba Đình", "province-01/commune-00004/", "commune")}


@pytest.fixture
def demonstration(quick_passwords: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DOTPHA_DEMO_PASSWORD", PASSWORD)
    settings.DEMO, settings.HOST = True, "127.0.0.1"
    demo.ensure(ORGANISATIONS, PLACES)
    return settings


def test_there_is_one_account_a_role_and_asking_again_adds_none(demonstration: Any) -> None:
    names = demo.names()
    assert names == sorted(
        [
            *(name for name, _role, _title in demo.NATIONAL), "citizen", "agency.most", "approver.most",
            "province.01", "approver.province.01", "commune.00004",
        ]
    )  # fmt: skip
    assert set(Grant.objects.values_list("role", flat=True)) == {role for role in demo.Role}
    before = Grant.objects.count(), AuditEvent.objects.count()
    demo.ensure(ORGANISATIONS, PLACES)
    assert (demo.names(), (Grant.objects.count(), AuditEvent.objects.count())) == (names, before)


def test_each_holds_its_role_in_its_own_scope(demonstration: Any) -> None:
    held = {(each.user.username, each.role, each.scope) for each in Grant.objects.select_related("user")}
    assert {each for each in held if "." in each[0]} == {
        ("agency.most", "focal_point", "org/government/most/"),
        ("agency.most", "owner", "org/government/most/"),
        ("approver.most", "approver", "org/government/most/"),
        ("province.01", "focal_point", "place/province-01/"),
        ("province.01", "owner", "place/province-01/"),
        ("approver.province.01", "approver", "place/province-01/"),
        ("commune.00004", "commune_officer", "place/province-01/commune-00004/"),
    }


def one_click(username: str, method: str = "post") -> int:
    return getattr(Client(), method)(f"/account/demo/{username}/").status_code


def test_one_click_signs_in_and_only_by_sending_a_form(demonstration: Any) -> None:
    client = Client()
    assert client.post("/account/demo/office/").status_code == 302
    assert client.get("/desk/me/").status_code == 200
    assert one_click("office", "get") == 405
    assert sign_in(username="office").status_code == 302, "the password works, too"


def test_one_click_is_for_demonstration_accounts_alone(demonstration: Any, lan: User) -> None:
    User.objects.filter(username="leader").update(is_active=False)
    assert [one_click(name) for name in ("lan", "leader", "nobody")] == [404, 404, 404]


@pytest.mark.parametrize(
    ("asked", "host", "is_open"),
    [
        (True, "127.0.0.1", True),
        (True, "localhost", True),
        (True, "::1", True),
        (True, "0.0.0.0", False),
        (True, "192.0.2.1", False),
        (False, "127.0.0.1", False),
    ],
)
def test_the_demonstration_is_open_on_this_machine_alone(
    demonstration: Any, asked: bool, host: str, is_open: bool
) -> None:
    demonstration.DEMO, demonstration.HOST = asked, host
    assert demo.is_open() is is_open
    assert one_click("office") == (302 if is_open else 404)
    shown = b"/account/demo/office/" in Client().get("/account/login/").content
    assert shown is is_open


def test_the_password_is_the_one_given(demonstration: Any) -> None:
    assert demo.password() == PASSWORD
    assert User.objects.get(username="admin").check_password(PASSWORD)
