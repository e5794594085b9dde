"""Personal data past its time is erased by itself, is foreseen on a page, and leaves the record whole (K5)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dotpha.__main__ import main
from dotpha.accounts import jobs, personal_fields, retention, rules
from dotpha.accounts.actions import data_requests, people
from dotpha.accounts.actions import retention as acts
from dotpha.accounts.models import DataRequest, Delegation, EmailChange, Recovery, User
from dotpha.platform import days, seal
from dotpha.platform.models import AuditEvent
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused
from tests.actions.test_data_requests import client_of

pytestmark = pytest.mark.django_db
ONE = timedelta(days=1)


def closed(username: str, ago: timedelta) -> User:
    """An account with a role and an address, closed so long ago."""
    user = make.person("owner", username=username, email=f"{username}@example.vn")
    EmailAddress.objects.create(user=user, email=user.email)
    User.objects.filter(pk=user.pk).update(is_active=False)
    told = {"kind": "person.ended", "subject": user.subject, "actor": "x", "actor_name": "x"}
    AuditEvent.objects.create(at=days.now() - ago, **told)  # the record is append-only, so it is written late
    return user


@given(st.integers(-400, 400))
def test_an_account_is_kept_for_its_time_and_no_longer(later: int) -> None:
    today = days.today()
    closed_on = today - rules.CLOSED_KEPT + later * ONE
    if later <= 0:
        rules.require_time_over(closed_on, today)
    else:
        assert refused(lambda: rules.require_time_over(closed_on, today))[0] == "kept_still"
    assert refused(lambda: rules.require_time_over(None, today))[0] == "kept_still"


def test_only_a_closed_account_whose_time_is_over_is_made_nameless_with_its_roles() -> None:
    old, fresh, open_one = (
        closed("old", rules.CLOSED_KEPT),
        closed("fresh", rules.CLOSED_KEPT - ONE),
        make.person("owner"),
    )
    lender = make.person("approver")
    Delegation.objects.create(
        grant=lender.grants.get(), to_user=old, rights=["report.approve"], from_on=days.today(),
        until_on=days.today() + 9 * ONE,
    )  # fmt: skip
    for each in (fresh, open_one):
        code, _field, status = refused(lambda each=each: acts.erase_closed(user=each, by=make.TEST, on=days.today()))
        assert (code, status) == ("kept_still", 409)
    assert refused(lambda: acts.erase_closed(user=old, by=make.stranger(), on=days.today()))[2] == 403
    jobs.keep_retention()
    jobs.keep_retention()
    old.refresh_from_db(), fresh.refresh_from_db()
    assert (old.username, old.name, old.email) == (f"erased-{old.pk}", "", "")
    assert (fresh.username, fresh.email) == ("fresh", "fresh@example.vn")
    assert not EmailAddress.objects.filter(user=old).exists()
    assert not old.grants.filter(until_on=None).exists()
    assert not Delegation.objects.filter(to_user=old, ended_at=None).exists()
    event = AuditEvent.objects.get(kind="person.erased")
    assert (event.subject, event.actor, event.after) == ("person:old", "program:retention", {"why": "retention"})


def test_what_hangs_on_no_account_is_erased_once_and_counted_in_the_record() -> None:
    lan, admin, now, on = make.person("owner", username="lan"), make.person("admin").actor(), days.now(), days.today()
    ended = data_requests.make_request(user=lan, kind="objection", text="lời riêng", by=lan.actor(), on=on)
    data_requests.extend_request(request=ended, days=3, reason="lời riêng", by=admin, on=on)
    data_requests.complete_request(request=ended, answer="lời riêng", kept="lời riêng", by=admin, on=on)
    DataRequest.objects.update(made_on=on - rules.ANSWERED_KEPT - 9 * ONE, ended_on=on - rules.ANSWERED_KEPT)
    EmailChange.objects.create(
        user=lan, email="riêng@example.vn", asked_by="lan", asked_at=now - rules.LINK_WAITS - ONE
    )
    Recovery.objects.create(user=lan, what="password", password="riêng", asked_by="x", asked_at=now - 4 * ONE)
    client_of(lan)
    old = UserSession.objects.create(user=lan, ip="203.0.113.57", session_key="old", user_agent="x")
    Session.objects.create(session_key="old", session_data="x", expire_date=now - ONE)
    AccessAttempt.objects.create(username="lan", ip_address="203.0.113.57", failures_since_start=1)
    AccessAttempt.objects.update(attempt_time=now - rules.TRIES_KEPT - ONE)
    foreseen = retention.counts(on, now)
    assert foreseen == {"request": 1, "waiting": 2, "session": 2, "tries": 1}
    assert acts.sweep(by=make.TEST, on=on, now=now) == foreseen
    assert not any(acts.sweep(by=make.TEST, on=on, now=now).values())
    ended.refresh_from_db()
    assert [ended.text, ended.reply, ended.answer, ended.kept, ended.extension_reason] == ["", "", "–", "", "–"]
    assert not EmailChange.objects.exclude(email="").exists()
    assert not Recovery.objects.exclude(password="").exists()
    assert not UserSession.objects.filter(pk=old.pk).exists()
    assert not AccessAttempt.objects.exists()
    events = AuditEvent.objects.filter(kind="personal.erased")
    assert {each.subject: each.after for each in events} == {
        f"retention:{key}": {"rows": number} for key, number in foreseen.items()
    }


def test_nothing_is_erased_before_its_time() -> None:
    lan, now, on = make.person("owner", username="lan"), days.now(), days.today()
    request = data_requests.make_request(user=lan, kind="objection", text="lời", by=lan.actor(), on=on)
    data_requests.refuse_request(request=request, answer="x", by=make.person("admin").actor(), on=on)
    DataRequest.objects.update(ended_on=on - rules.ANSWERED_KEPT + ONE)
    EmailChange.objects.create(user=lan, email="lan@example.vn", asked_by="lan", asked_at=now - 2 * ONE)
    client_of(lan)
    AccessAttempt.objects.create(username="lan", ip_address="203.0.113.57", failures_since_start=1)
    assert not any(acts.keep(keeper=make.TEST, on=on, now=now).values())
    assert Session.objects.exists()


def test_the_record_holds_after_an_erasure_by_time() -> None:
    closed("old", rules.CLOSED_KEPT)
    jobs.keep_retention()
    seal.seal_new()
    assert seal.verify() is None
    assert refused(lambda: people.add_person(username="old", name="x", password="bốn-con-ngựa-đỏ-29", by=make.TEST))[
        0
    ] == "username_erased"  # fmt: skip


def test_the_command_tells_first_and_erases_then(capsys: pytest.CaptureFixture[str]) -> None:
    old = closed("old", rules.CLOSED_KEPT + ONE)
    closed("fresh", ONE)

    def said(*more: str) -> Any:
        assert main(["personal", "retention", *more]) == 0
        return capsys.readouterr().out

    told = json.loads(said("--dry-run", "--json"))
    assert (told["dry_run"], told["accounts"], told["rows"]["account"]) == (True, ["old"], 1)
    assert User.objects.get(pk=old.pk).username == "old"
    assert "account: 1" in said()
    assert User.objects.get(pk=old.pk).username == f"erased-{old.pk}"
    assert json.loads(said("--dry-run", "--json"))["accounts"] == []


def test_the_page_says_what_is_erased_when(django_assert_max_num_queries: Any) -> None:
    closed("old", rules.CLOSED_KEPT + ONE), closed("fresh", ONE)
    for name in map("more-{}".format, range(3)):
        closed(name, 2 * ONE)
    inspector = client_of(make.person("inspector"))
    with django_assert_max_num_queries(22):
        page = inspector.get("/desk/people/retention/").content.decode()
    assert "1 record is past its time" in page
    assert page.index("old</td>") < page.index("more-0</td>") < page.index("fresh</td>")
    assert "tonight" in page
    assert (days.today() - ONE + rules.CLOSED_KEPT).isoformat() in page
    for each in personal_fields.RETENTIONS:
        assert each.kept in page
    assert client_of(make.person("owner")).get("/desk/people/retention/").status_code == 403
    assert Client().get("/desk/people/retention/").status_code == 302


def test_nothing_past_its_time_is_said_so() -> None:
    page = client_of(make.person("admin")).get("/desk/people/retention/").content.decode()
    assert "Nothing is kept past its time" in page


def test_a_loan_that_has_ended_hinders_nothing() -> None:
    """The loans of an account end with its roles, so the erasure is never refused for them."""
    user = closed("old", rules.CLOSED_KEPT)
    helper = make.person("approver", username="helper")
    Delegation.objects.create(
        grant=user.grants.get(), to_user=helper, rights=["report.write"], from_on=days.today() - 9 * ONE,
        until_on=days.today() + 9 * ONE,
    )  # fmt: skip
    acts.erase_closed(user=user, by=make.TEST, on=days.today())
    assert Delegation.objects.get(to_user=helper).ended_at is not None
