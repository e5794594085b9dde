"""A new e-mail address: its link, and for privileged roles a second person (K1)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as site
from django.core import mail
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dotpha.accounts import jobs, rules
from dotpha.accounts.actions import addresses, people
from dotpha.accounts.models import EmailChange, User
from dotpha.platform import days
from dotpha.platform.actors import NOBODY
from dotpha.platform.importing import Difference
from dotpha.platform.models import AuditEvent
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused

pytestmark = pytest.mark.django_db
NEW = "new@example.vn"


@pytest.fixture(autouse=True)
def mail_server(settings: Any) -> None:
    settings.EMAIL = "smtp"


def in_service(role: str, username: str = "lan") -> User:
    user = make.person(role, username=username, email="old@example.vn")
    SocialAccount.objects.create(user=user, provider="oidc", uid="42", extra_data={})
    return user


def asked(user: User, by: Any) -> EmailChange:
    people.change_person(user=user, name=user.name, email=NEW, by=by)
    return EmailChange.objects.get(user=user, ended_at=None)


def token_of(change: EmailChange) -> str:
    return addresses.link_of(change).rstrip("/").rpartition("/")[2]


def state_of(user: User) -> tuple[str, bool]:
    return User.objects.get(pk=user.pk).email, SocialAccount.objects.filter(user=user).exists()


OLD_KEPT, NEW_TAKEN = ("old@example.vn", True), (NEW, False)


@given(st.booleans(), st.booleans(), st.sampled_from(["", "deputy"]))
def test_an_address_is_in_use_only_once_proved_and_for_privileged_roles_agreed(
    is_proved: bool, is_privileged: bool, agreed_by: str
) -> None:
    may = rules.may_take_address(is_proved=is_proved, is_privileged=is_privileged, agreed_by=agreed_by)
    assert may is (is_proved and (agreed_by == "deputy" or not is_privileged))


def test_the_link_is_sent_to_the_new_address_and_works_once() -> None:
    lan, chief = in_service("owner"), make.person("admin").actor()
    change = asked(lan, chief)
    assert state_of(lan) == OLD_KEPT
    jobs.send_link(change.pk)
    [letter] = mail.outbox
    assert letter.to == [NEW]
    token = token_of(change)
    assert token in letter.body
    addresses.prove_address(token=token, by=NOBODY)
    assert state_of(lan) == NEW_TAKEN
    assert refused(lambda: addresses.prove_address(token=token, by=NOBODY)) == ("link_used", None, 410)
    assert "example.vn" not in str(list(AuditEvent.objects.values("before", "after", "reason")))
    assert not EmailChange.objects.exclude(email="").exists()


def test_one_administrator_cannot_set_the_address_of_a_privileged_person() -> None:
    lan, chief, deputy = in_service("office"), make.person("admin").actor(), make.person("admin").actor()
    change = asked(lan, chief)
    addresses.prove_address(token=token_of(change), by=chief)
    assert state_of(lan) == OLD_KEPT
    own = refused(lambda: addresses.agree_address(change=change, by=chief))
    assert own == ("own_address_change", None, 403)
    assert refused(lambda: addresses.agree_address(change=change, by=make.stranger()))[2] == 403
    assert state_of(lan) == OLD_KEPT
    addresses.agree_address(change=change, by=deputy)
    assert state_of(lan) == NEW_TAKEN


@pytest.mark.parametrize("first", ["link", "word"])
def test_the_person_agrees_on_the_own_page_or_by_opening_the_link_signed_in(first: str) -> None:
    lan = in_service("approver")
    change = asked(lan, make.person("admin").actor())
    if first == "link":
        addresses.prove_address(token=token_of(change), by=lan.actor())
    else:
        addresses.agree_address(change=change, by=lan.actor())
        assert state_of(lan) == OLD_KEPT
        addresses.prove_address(token=token_of(change), by=NOBODY)
    assert state_of(lan) == NEW_TAKEN


def test_one_asks_for_an_own_address_and_the_link_alone_proves_it() -> None:
    lan = in_service("office")
    change = asked(lan, lan.actor())
    addresses.prove_address(token=token_of(change), by=NOBODY)
    assert state_of(lan) == NEW_TAKEN


def test_links_that_are_no_longer_good() -> None:
    lan, chief = in_service("owner"), make.person("admin").actor()
    first = token_of(asked(lan, chief))
    people.change_person(user=lan, name=lan.name, email="other@example.vn", by=chief)
    change = EmailChange.objects.get(user=lan, ended_at=None)
    for token in (first, "nonsense", token_of(change) + "x"):
        assert refused(lambda token=token: addresses.prove_address(token=token, by=NOBODY))[0] == "link_used"
    EmailChange.objects.filter(pk=change.pk).update(asked_at=days.now() - timedelta(days=3, minutes=1))
    assert refused(lambda: addresses.prove_address(token=token_of(change), by=NOBODY)) == ("link_expired", None, 410)
    assert refused(lambda: addresses.agree_address(change=change, by=lan.actor()))[0] == "link_expired"
    assert state_of(lan) == OLD_KEPT


def test_without_a_mail_server_nothing_waits_for_a_link_that_cannot_come(settings: Any) -> None:
    settings.EMAIL = ""
    lan = in_service("owner")
    with_server = refused(lambda: asked(lan, make.person("admin").actor()))
    assert with_server == ("mail_off", "email", 409)
    people.change_person(user=lan, name=lan.name, email=NEW, by=make.TEST)  # a command of who runs the machine
    assert state_of(lan) == NEW_TAKEN


def test_the_pages_show_what_waits_and_the_link_asks_before_it_confirms() -> None:
    lan, admin = in_service("office"), make.person("admin")
    change = asked(lan, make.person("admin").actor())
    client = Client(headers={"accept-language": "en"})
    client.force_login(admin, backend=site.AUTHENTICATION_BACKENDS[-1])
    address = f"/account/email/{token_of(change)}/"
    stranger = Client(headers={"accept-language": "en"})
    assert NEW in stranger.get(address).content.decode()
    assert EmailChange.objects.get(pk=change.pk).proved_at is None
    assert "once you agree" in stranger.post(address).content.decode()
    assert stranger.get(address).status_code == 410
    assert f"New e-mail address: {NEW}" in client.get("/desk/people/lan/").content.decode()
    assert client.post("/desk/people/lan/", {"agree_address": change.pk}).status_code == 302
    assert state_of(lan) == NEW_TAKEN


def test_the_old_address_is_kept_when_somebody_refuses() -> None:
    lan = in_service("owner")
    change = asked(lan, make.person("admin").actor())
    assert refused(lambda: addresses.drop_address(change=change, by=make.stranger()))[2] == 403
    addresses.drop_address(change=change, by=lan.actor())
    assert refused(lambda: addresses.agree_address(change=change, by=lan.actor()))[0] == "already_decided"
    assert state_of(lan) == OLD_KEPT


def test_links_and_notices_leave_by_the_same_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set for the one is set for the other: a link that is promised and never sent locks somebody out."""
    environment = {**os.environ, "DOTPHA_EMAIL": "smtp", "DOTPHA_EMAIL_HOST": "mail.test"}
    told = "from config import settings as s; print(s.EMAIL, s.EMAIL_HOST, s.EMAIL_BACKEND, hasattr(s, 'MAIL_HOST'))"
    said = subprocess.check_output([sys.executable, "-c", told], env=environment, text=True)
    assert said.split() == ["smtp", "mail.test", "django.core.mail.backends.smtp.EmailBackend", "False"]


def test_the_address_of_a_closed_account_is_forgotten_and_no_file_opens_it_again() -> None:
    lan, admin = in_service("owner"), make.person("admin").actor()
    asked(lan, admin)
    people.end_person(user=lan, reason="x", by=admin, on=days.today())
    assert list(EmailChange.objects.filter(ended_at__isnull=False).values_list("email", flat=True)) == [""]
    renamed = {"lan": [Difference("name", lan.name, "Lan Anh"), Difference("email", "old@example.vn", NEW)]}
    assert refused(lambda: people.load_people(added=[], changed=renamed, by=admin))[0] == "account_closed"


def test_a_file_that_comes_again_sends_no_second_link() -> None:
    in_service("owner")
    wanted = {"lan": [Difference("email", "old@example.vn", NEW)]}
    for _time in range(2):
        people.load_people(added=[], changed=wanted, by=make.person("admin").actor())
    assert EmailChange.objects.count() == 1


def test_whoever_was_too_late_on_the_own_page_saves_again() -> None:
    lan = in_service("owner")
    client = Client(headers={"accept-language": "en"})
    client.force_login(lan, backend=site.AUTHENTICATION_BACKENDS[-1])
    typed = {"name": "Lan Anh", "email": "old@example.vn", "version": "of yesterday"}
    answer = client.post("/desk/me/data/", typed)
    assert answer.status_code == 409
    shown = re.search(r'name="version" value="([0-9a-f]+)"', answer.content.decode())
    assert shown
    assert client.post("/desk/me/data/", {**typed, "version": shown[1]}).status_code == 302
    assert User.objects.get(pk=lan.pk).name == "Lan Anh"
