"""People, roles, delegations and tokens: what an administrator may change, and what nobody may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from dotpha.accounts import rights, rules
from dotpha.accounts.actions import grants, people, recovery, tokens
from dotpha.accounts.models import Delegation, Grant, Token, User
from dotpha.accounts.tokens import PREFIX
from dotpha.platform import days
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.programmes.queries import tasks
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail(settings: Any) -> None:
    settings.EMAIL = "smtp"


PASSWORD = "bốn-con-ngựa-đỏ-29"  # strong enough for the rules of passwords


def admin() -> Any:
    return make.actor("admin")


def added(**facts: Any) -> User:
    values = {"username": "lan", "name": "Nguyễn Thị Lan", "password": PASSWORD, "by": make.TEST, **facts}
    return people.add_person(**values)


def grant(user: User, role: str = "owner", scope: str = "all", **facts: Any) -> Grant:
    return grants.grant_role(
        **{"user": user, "role": role, "scope": scope, "from_on": days.today(), "by": make.TEST, **facts}
    )


def test_a_person_is_added_and_signs_in() -> None:
    user = added(username=" LAN ", by=admin())
    assert (user.username, user.check_password(PASSWORD)) == ("lan", True)
    event = AuditEvent.objects.latest("pk")
    assert (event.kind, PASSWORD in str(event.after)) == ("person.added", False)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"username": "Lan Anh"}, ("username_unreadable", "username", 422)),
        ({"username": "taken"}, ("username_taken", "username", 409)),
        ({"name": " "}, ("name_missing", "name", 422)),
        ({"password": "123"}, ("password_weak", "password", 422)),
    ],
)
def test_people_that_are_refused(facts: dict[str, Any], expected: tuple[str, str, int]) -> None:
    make.person("owner", username="taken")
    before = User.objects.count()
    assert refused(lambda: added(**facts)) == expected
    assert User.objects.count() == before


def test_a_weak_password_bids_to_choose_another_one() -> None:
    with translation.override("en"):
        with pytest.raises(Refused) as refusal:
            added(password="mùa-thu")
        assert str(refusal.value).endswith("at least 12 characters. Choose another one.")


def test_only_an_administrator_changes_people_and_rights() -> None:
    user, by = make.person("owner"), make.office()
    held = user.grants.get()
    for act in (
        lambda: added(by=by),
        lambda: people.change_person(user=user, name="x", email="", by=by),
        lambda: people.end_person(user=user, reason="", by=by, on=days.today()),
        lambda: recovery.give_password(user=user, password=PASSWORD, by=by),
        lambda: people.load_people(added=[], changed={}, by=by),
        lambda: grant(user, by=by),
        lambda: grants.end_grant(grant=held, by=by, on=days.today()),
        lambda: tokens.issue_token(user=user, name="x", may=["read"], by=by),
    ):
        assert refused(act)[2] == 403
    assert User.objects.get(pk=user.pk).is_active


def test_a_person_is_shown_by_the_new_name() -> None:
    user = make.person("owner")
    assert people.change_person(user=user, name="Trần Văn An", email="a@example.vn", by=admin()).name == "Trần Văn An"
    unnamed = refused(lambda: people.change_person(user=user, name="", email="", by=admin()))
    assert unnamed == ("name_missing", "name", 422)
    event = AuditEvent.objects.get(kind="person.changed")
    assert (event.after["name"], "example.vn" in str(event.after)) == ("Trần Văn An", False)
    people.change_person(user=user, name="Trần Văn An", email="a@example.vn", by=admin())
    assert AuditEvent.objects.filter(kind="person.changed").count() == 1, "what changes nothing is no event"


def test_an_administrator_changes_name_and_e_mail_on_the_page() -> None:
    user = make.person("owner", username="lan")
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.person("admin"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    page = "/desk/people/lan/"
    assert 'name="person-email"' in client.get(page).content.decode()
    wrong = client.post(page, {"change": "1", "person-name": "Trần Thị Lan", "person-email": "lan at home"})
    assert (wrong.status_code, 'value="lan at home"' in wrong.content.decode()) == (422, True)
    assert client.post(page, {"change": "1", "person-name": "  ", "person-email": ""}).status_code == 422
    given = {"change": "1", "person-name": "Trần Thị Lan", "person-email": "lan@example.vn"}
    assert client.post(page, given).status_code == 302
    user.refresh_from_db()
    assert (user.name, user.email) == ("Trần Thị Lan", "")  # it waits for its link: `test_addresses`
    assert "New e-mail address: lan@example.vn" in client.get(page).content.decode()
    client.force_login(make.person("inspector"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert 'name="person-email"' not in client.get(page).content.decode()
    assert client.post(page, {**given, "person-name": "X"}).status_code == 403
    user.refresh_from_db()
    assert user.name == "Trần Thị Lan"


@pytest.mark.parametrize("language", ["vi", "en", "ru", "fr", "th", "ms"])
def test_a_day_that_is_proposed_is_shown_in_every_language(language: str) -> None:
    """A browser's calendar reads ISO days alone; one in the reader's form comes up empty."""
    added()
    client = Client(headers={"accept-language": language})
    client.force_login(make.person("admin"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    shown = client.get("/desk/people/lan/").content.decode()
    assert f'value="{days.today().isoformat()}"' in shown.partition('name="from_on"')[2][:60]


def test_a_new_first_password_ends_the_sessions_under_the_old_one() -> None:
    user = make.person("owner", username="lan")
    theirs = Client()
    theirs.force_login(user)
    assert theirs.get("/desk/inbox/").status_code == 200
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.person("admin", username="chief"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    page = "/desk/people/lan/"
    assert client.post(page, {"give_password": "1", "secret-password": "123"}).status_code == 422
    assert client.post(page, {"give_password": "1", "secret-password": PASSWORD}).status_code == 302
    user.refresh_from_db()
    assert (user.check_password(PASSWORD), theirs.get("/desk/inbox/").status_code) == (True, 302)
    event = AuditEvent.objects.get(kind="person.password_given")
    assert (event.actor, PASSWORD in f"{event.before}{event.after}{event.reason}") == ("chief", False)
    assert 'name="secret-password"' not in client.get("/desk/people/chief/").content.decode()
    chief = User.objects.get(username="chief")
    own = refused(lambda: recovery.give_password(user=chief, password=PASSWORD, by=chief.actor()))
    assert own == ("own_password", None, 403)


def test_a_closed_account_has_no_session_token_or_right() -> None:
    user = make.person("office")
    token = tokens.issue_token(user=user, name="máy", may=["read", "write"], by=user.actor())
    client = Client()
    client.force_login(user)
    assert client.get("/desk/inbox/").status_code == 200
    people.end_person(user=user, reason="chuyển công tác", by=admin(), on=days.today())
    assert client.get("/desk/inbox/").status_code in (302, 403)
    assert client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"}).status_code == 401
    closed = refused(lambda: tokens.issue_token(user=User.objects.get(pk=user.pk), name="x", may=["read"], by=admin()))
    assert closed == ("account_closed", None, 409)
    myself = make.person("admin")
    own = refused(lambda: people.end_person(user=myself, reason="", by=myself.actor(), on=days.today()))
    assert own == ("own_account", None, 403)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"role": "king"}, ("unknown_role", "role", 422)),
        ({"scope": "nowhere"}, ("unknown_scope", "scope", 422)),
        ({"until_on": date(2000, 1, 1)}, ("period", "until_on", 422)),
        ({"role": "approver"}, ("submits_and_approves", "exception_reason", 422)),
    ],
)
def test_roles_that_are_refused(facts: dict[str, Any], expected: tuple[str, str, int]) -> None:
    user = make.person("owner")
    assert refused(lambda: grant(user, **facts)) == expected
    assert user.grants.count() == 1


def test_an_exception_is_on_record_and_nobody_raises_themselves() -> None:
    user = make.person("owner")
    assert grant(user, role="approver", exception_reason="xã chỉ có một cán bộ").exception_reason != ""
    assert AuditEvent.objects.latest("pk").reason == "xã chỉ có một cán bộ"
    boss = make.person("admin")
    assert refused(lambda: grant(boss, by=boss.actor())) == ("own_rights", None, 403)
    own = refused(lambda: grants.end_grant(grant=boss.grants.get(), by=boss.actor(), on=days.today()))
    assert own == ("own_rights", None, 403)


def test_roles_of_different_periods_or_places_do_not_meet() -> None:
    user = make.stranger()
    person = User.objects.get(pk=user.user_id)
    most, mof = make.organisation("most").scope, make.organisation("mof").scope
    grant(person, scope=most, from_on=date(2024, 1, 1), until_on=date(2024, 12, 31))
    grant(person, role="approver", scope=most, from_on=date(2025, 1, 1))
    grant(person, role="owner", scope=mof)
    assert person.grants.count() == 3


def test_a_role_ends_yesterday_and_one_not_begun_goes() -> None:
    today = days.today()
    held = make.person("owner").grants.get()
    assert grants.end_grant(grant=held, by=make.TEST, on=today).until_on == today - timedelta(days=1)
    assert refused(lambda: grants.end_grant(grant=held, by=make.TEST, on=today)) == ("already_ended", None, 409)
    future = grant(make.person("owner"), role="focal_point", from_on=today + timedelta(days=9))
    grants.end_grant(grant=future, by=make.TEST, on=today)
    assert not Grant.objects.filter(role="focal_point").exists()


def lend(**facts: Any) -> Delegation:
    giver = User.objects.filter(username="giver").first() or make.person("owner", username="giver")
    today = days.today()
    values = {
        "grant": giver.grants.get(), "to_user": User.objects.filter(username="stand-in").first()
        or make.person("focal_point", username="stand-in"),
        "lent": ["report.write"], "from_on": today, "until_on": today + timedelta(days=10), "by": giver.actor(),
    }  # fmt: skip
    return grants.delegate(**{**values, **facts})


def test_only_roles_in_force_keep_submitting_and_approving_apart() -> None:
    """Whoever approved until last month, or will from next year, may stand in as a writer now."""
    today, most = days.today(), make.organisation("most").scope
    stand_in = User.objects.get(pk=make.stranger().user_id)
    grant(stand_in, role="approver", scope=most, from_on=date(2024, 1, 1), until_on=today - timedelta(days=1))
    grant(stand_in, role="approver", scope=most, from_on=today + timedelta(days=11))
    assert lend(to_user=stand_in).to_user == stand_in
    answer = refused(lambda: lend(to_user=stand_in, until_on=today + timedelta(days=11)))
    assert answer == ("submits_and_approves", "exception_reason", 422)


def test_a_lent_right_works_until_it_is_ended() -> None:
    lent = lend(to_user=(user := User.objects.get(pk=make.stranger().user_id)))
    assert rights.may(user.actor(), "report.write", ["all"])
    assert not rights.may(user.actor(), "task.accept", ["all"])
    stranger = make.stranger()
    assert refused(lambda: grants.end_delegation(delegation=lent, by=stranger))[2] == 403
    grants.end_delegation(delegation=lent, by=user.actor())
    assert not rights.may(User.objects.get(pk=user.pk).actor(), "report.write", ["all"])
    assert refused(lambda: grants.end_delegation(delegation=lent, by=user.actor())) == ("already_ended", None, 409)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"lent": []}, ("rights_missing", "lent", 422)),
        ({"lent": ["report.approve"]}, ("not_held", "lent", 422)),
        ({"until_on": date(2099, 1, 1)}, ("too_long", "until_on", 422)),
        ({"from_on": date(2019, 12, 1), "until_on": date(2019, 12, 2)}, ("outside_the_grant", "until_on", 422)),
    ],
)
def test_what_is_not_lent(facts: dict[str, Any], expected: tuple[str, str, int]) -> None:
    assert refused(lambda: lend(**facts)) == expected
    assert not Delegation.objects.exists()


def test_only_the_holder_lends_and_to_somebody_else() -> None:
    lent = lend()
    assert refused(lambda: lend(to_user=User.objects.get(username="giver"))) == ("to_oneself", "to_user", 422)
    assert refused(lambda: lend(by=make.actor("owner"))) == ("not_own_right", None, 403)
    approver = make.person("approver")
    both = refused(lambda: lend(to_user=approver))
    assert both[0] == "submits_and_approves"
    assert Delegation.objects.get() == lent


def test_a_token_is_for_oneself_or_by_an_administrator_and_ends() -> None:
    user = make.person("owner")
    for may in ([], ["rule"]):
        wrong = refused(lambda may=may: tokens.issue_token(user=user, name="x", may=may, by=user.actor()))
        assert wrong == ("unknown_scope", "scopes", 422)
    assert tokens.issue_token(user=user, name="", may=["read"], by=admin()).startswith(PREFIX)
    token = Token.objects.get()
    assert token.name == "token"
    assert refused(lambda: tokens.end_token(token=token, by=make.office()))[2] == 403
    tokens.end_token(token=token, by=user.actor())
    assert refused(lambda: tokens.end_token(token=token, by=user.actor())) == ("already_ended", None, 409)


def test_scopes_meet_where_one_covers_the_other() -> None:
    pairs = [("report.write", "report.approve")]
    with pytest.raises(Refused):
        rules.require_apart([("org:a/", {"report.write"})], ("org:a/b/", {"report.approve"}), pairs)
    rules.require_apart([("org:a/", {"report.write"})], ("org:c/", {"report.approve"}), pairs)
    rules.require_apart([("all", {"report.write", "report.approve"})], ("all", {"task.view"}), pairs)


def test_a_role_for_one_body_in_one_programme_lists_only_its_tasks_there() -> None:
    here, other = make.programme(), make.programme("resolution59")
    make.task(key="mine", lead="most", within=here)
    make.task(key="elsewhere", lead="most", within=other)
    make.task(key="others", lead="mof", within=here)
    person = User.objects.get(pk=make.stranger().user_id)
    grant(person, scope=make.organisation("most").scope, programme="resolution57")
    seen = tasks.visible(person.actor(), days.today())
    assert list(seen.values_list("key", flat=True)) == ["mine"]
