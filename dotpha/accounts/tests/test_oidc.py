"""Signing in through an outside provider: only whom an administrator added, only with an answer that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from dotpha.accounts.actions.links import link_provider, unlink_provider
from dotpha.accounts.models import Grant, User
from dotpha.accounts.tests.provider import CLIENT, SECRET, STRANGE_KEY, FakeProvider
from dotpha.platform import days, doctor
from dotpha.platform.actors import program
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused

pytestmark = pytest.mark.django_db
BEGIN = "/account/login/provider/"
BACK = "/account/login/provider/callback/"
LAN = {"email": "Lan@example.vn", "email_verified": True}


@pytest.fixture
def provider(settings: Any) -> Iterator[FakeProvider]:
    fake = FakeProvider()
    settings.OIDC_ISSUER, settings.OIDC_NAME = fake.issuer, "VNeID"
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SECRET
    fake.claims = dict(LAN)
    yield fake
    fake.stop()


@pytest.fixture
def lan() -> User:
    return User.objects.create(username="lan", name="Lan", email="lan@example.vn")


def come_back(provider: FakeProvider, client: Any = None, begin: str = BEGIN, **instead: str) -> Any:
    """Go to the provider and come back; `instead` replaces what the provider sends along."""
    client = client or Client(headers={"Accept-Language": "en"})
    asked = client.get(begin)
    assert asked.status_code == 302, asked.content
    assert asked.headers["Location"].startswith(f"{provider.issuer}/authorize?")
    return client.get(BACK, provider.authorize(asked.headers["Location"]) | instead)


def is_in(client: Any) -> bool:
    return bool(client.get("/desk/me/").status_code == 200)


def refused(answer: Any, status: int, words: str) -> None:
    assert answer.status_code == status, answer.content
    assert words in answer.content.decode()
    assert not is_in(answer.client)


# --- who comes in ---------------------------------------------------------------------------------


def test_a_person_with_the_checked_address_comes_in_and_the_record_says_how(provider: FakeProvider, lan: User) -> None:
    client = Client()
    answer = come_back(provider, client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
    assert is_in(client)
    events = [(each.kind, each.actor, each.after) for each in AuditEvent.objects.order_by("pk")]
    assert events == [("person.linked", "program:sign-in", {}), ("session.began", "lan", {"way": "provider"})]
    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.extra_data) == (lan, "42", {}), "nothing else of the person is kept"


def test_the_question_holds_state_nonce_and_a_challenge_and_leads_back_to_the_set_address(
    provider: FakeProvider, lan: User, settings: Any
) -> None:
    settings.BASE_URL = "https://dotpha.example"
    come_back(provider)
    assert {"state", "nonce", "code_challenge"} <= set(provider.asked)
    assert provider.asked["code_challenge_method"] == "S256"
    assert provider.asked["redirect_uri"] == f"https://dotpha.example{BACK}"


def test_who_is_linked_is_known_by_the_key_even_with_another_address(provider: FakeProvider, lan: User) -> None:
    come_back(provider)
    provider.claims = {"email": "elsewhere@example.vn", "email_verified": False}
    client = Client()
    come_back(provider, client)
    assert is_in(client)
    assert SocialAccount.objects.count() == 1


def test_the_address_may_come_from_userinfo_of_the_same_person_only(provider: FakeProvider, lan: User) -> None:
    provider.claims, provider.userinfo = {}, {"sub": "43", **LAN}
    refused(come_back(provider), 403, "cannot be taken")
    provider.userinfo = {"sub": "42", **LAN}
    client = Client()
    come_back(provider, client)
    assert is_in(client)


def test_it_opens_the_page_that_was_wanted_and_none_of_another_site(provider: FakeProvider, lan: User) -> None:
    assert come_back(provider, begin=f"{BEGIN}?next=/desk/me/").headers["Location"] == "/desk/me/"
    assert come_back(provider, begin=f"{BEGIN}?next=https://evil.example/").headers["Location"] == "/desk/"


def test_an_unknown_person_is_told_whom_to_ask(provider: FakeProvider, lan: User) -> None:
    provider.claims = {"email": "nobody@example.vn", "email_verified": True}
    refused(come_back(provider), 403, "Ask the administrator")
    assert User.objects.count() == 1, "nobody signs up alone"


@pytest.mark.parametrize("said", [False, None, "true", 1])
def test_an_address_that_the_provider_has_not_checked_is_refused(
    provider: FakeProvider, lan: User, said: object
) -> None:
    provider.claims["email_verified"] = said
    refused(come_back(provider), 403, "has not confirmed")


def test_an_address_that_two_people_have_opens_neither(provider: FakeProvider, lan: User) -> None:
    User.objects.create(username="lan2", email="LAN@example.vn")
    refused(come_back(provider), 403, "Ask the administrator")


def test_a_closed_account_is_refused_linked_or_not(provider: FakeProvider, lan: User) -> None:
    User.objects.update(is_active=False)
    refused(come_back(provider), 403, "This account is closed")
    SocialAccount.objects.all().delete()
    User.objects.update(is_active=True)
    come_back(provider)
    User.objects.update(is_active=False)
    refused(come_back(provider), 403, "This account is closed")
    assert AuditEvent.objects.filter(kind="session.began").count() == 1


def test_another_key_at_the_provider_does_not_take_over_a_linked_account(provider: FakeProvider, lan: User) -> None:
    come_back(provider)
    provider.claims["sub"] = "43"
    refused(come_back(provider), 409, "linked to another sign-in")


# --- the second factor ----------------------------------------------------------------------------


def test_the_second_factor_is_asked_for_whatever_the_provider_says_of_its_own(
    provider: FakeProvider, lan: User, settings: Any
) -> None:
    settings.MFA_REQUIRED = True
    provider.claims |= {"acr": "high", "amr": ["mfa", "otp"]}
    Grant.objects.create(user=lan, role="approver", scope="all", from_on=days.today(), granted_by="test")
    client = Client()
    come_back(provider, client)
    assert client.get("/desk/me/").headers["Location"] == "/account/two-factor/totp/activate/"
    TOTP.activate(lan, "JBSWY3DPEHPK3PXP")
    assert Authenticator.objects.count() == 1
    answer = come_back(provider)
    assert answer.headers["Location"] == "/account/two-factor/authenticate/"
    assert not is_in(answer.client)


# --- answers that were not asked for --------------------------------------------------------------


def test_a_wrong_state_is_refused(provider: FakeProvider, lan: User) -> None:
    refused(come_back(provider, state="another"), 403, "cannot be taken")


def test_an_answer_is_taken_once(provider: FakeProvider, lan: User) -> None:
    client = Client(headers={"Accept-Language": "en"})
    back = provider.authorize(client.get(BEGIN).headers["Location"])
    assert client.get(BACK, back).status_code == 302
    assert client.get(BACK, back).status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1},
        {"azp": "another"},
    ],
    ids=lambda claims: next(iter(claims)),
)  # fmt: skip
def test_a_token_for_another_question_is_refused(provider: FakeProvider, lan: User, claims: dict[str, object]) -> None:
    provider.claims |= claims
    refused(come_back(provider), 403, "cannot be taken")


def test_a_token_signed_by_somebody_else_is_refused(provider: FakeProvider, lan: User) -> None:
    provider.key = STRANGE_KEY
    refused(come_back(provider), 403, "cannot be taken")


def test_who_stops_at_the_provider_is_told_so(provider: FakeProvider, lan: User) -> None:
    client = Client(headers={"Accept-Language": "en"})
    asked = provider.authorize(client.get(BEGIN).headers["Location"])
    refused(client.get(BACK, {"state": asked["state"], "error": "access_denied"}), 403, "You have not signed in")


# --- a provider that fails ------------------------------------------------------------------------


def test_a_provider_that_is_down_gets_a_sentence(provider: FakeProvider, lan: User) -> None:
    client = Client(headers={"Accept-Language": "en"})
    back = provider.authorize(client.get(BEGIN).headers["Location"])
    provider.is_broken = True
    refused(client.get(BACK, back), 503, "VNeID does not answer")
    refused(client.get(BEGIN), 503, "VNeID does not answer")
    provider.stop()
    refused(client.get(BEGIN), 503, "VNeID does not answer")


@pytest.mark.parametrize(
    "discovery",
    [{"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/"}, {"jwks_uri": None}],
    ids=str,
)
def test_a_discovery_that_names_something_else_is_not_followed(
    provider: FakeProvider, discovery: dict[str, object]
) -> None:
    provider.discovery = discovery
    refused(Client(headers={"Accept-Language": "en"}).get(BEGIN), 503, "VNeID does not answer")


def test_the_doctor_says_whether_the_provider_answers(provider: FakeProvider, settings: Any) -> None:
    assert doctor.examine()["sign_in_provider"] is True
    provider.is_broken = True
    found = doctor.examine()
    assert found["sign_in_provider"] is False
    assert any("openid-configuration" in each["mend"] for each in found["problems"])
    settings.OIDC_CLIENT_SECRET = ""
    assert any("DOTPHA_OIDC_CLIENT_SECRET" in each["mend"] for each in doctor.examine()["problems"])
    settings.OIDC_ISSUER = ""
    assert "sign_in_provider" not in doctor.examine()


# --- where none is named --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "missing", [{"OIDC_ISSUER": ""}, {"OIDC_CLIENT_ID": ""}, {"OIDC_CLIENT_SECRET": ""}, {"OIDC_ISSUER": "http://a.vn"}]
)
def test_without_a_whole_setting_there_is_no_trace(
    provider: FakeProvider, settings: Any, missing: dict[str, str]
) -> None:
    assert BEGIN in Client().get("/account/login/").content.decode()
    for name, value in missing.items():
        setattr(settings, name, value)
    assert BEGIN not in Client().get("/account/login/").content.decode()
    assert [Client().get(address).status_code for address in (BEGIN, BACK)] == [404, 404]


# --- the actions ----------------------------------------------------------------------------------


def test_only_an_administrator_links_and_takes_a_link_away(lan: User) -> None:
    stranger = User.objects.create(username="stranger").actor()
    for act in (
        lambda: link_provider(user=lan, provider="oidc-x", uid="1", by=stranger),
        lambda: unlink_provider(user=lan, by=stranger),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "forbidden"
    link_provider(user=lan, provider="oidc-x", uid="1", by=program("test"))
    unlink_provider(user=lan, by=program("test"))
    assert not SocialAccount.objects.exists()
    with pytest.raises(Refused) as refusal:
        unlink_provider(user=lan, by=program("test"))
    assert refusal.value.code == "not_linked"


def test_the_page_of_a_person_takes_the_link_away(provider: FakeProvider, lan: User) -> None:
    come_back(provider)
    chief = User.objects.create(username="chief")
    Grant.objects.create(user=chief, role="admin", scope="all", from_on=days.today(), granted_by="test")
    client, page = Client(), "/desk/people/lan/"
    client.force_login(chief)
    assert 'name="unlink"' in client.get(page).content.decode()
    assert client.post(page, {"unlink": "1"}).status_code == 302
    assert 'name="unlink"' not in client.get(page).content.decode()
    assert AuditEvent.objects.filter(kind="person.unlinked", actor="chief").exists()
