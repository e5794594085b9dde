"""Accounts where they meet tasks: rights lent and given, separation of duties, the second factor, bad input."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from dotpha.accounts import imports, queries, rights
from dotpha.accounts.actions import grants, people, recovery, tokens
from dotpha.accounts.models import Delegation, Grant, User
from dotpha.accounts.roles import right_name
from dotpha.platform import days, past
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.platform.tests.refusals import refused
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail(settings: Any) -> None:
    settings.EMAIL = "smtp"


PASSWORD = "bốn-con-ngựa-đỏ-29"


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def lend(grant: Grant, to_user: User, *lent: str, **facts: Any) -> Delegation:
    today = days.today()
    return grants.delegate(
        grant=grant, to_user=to_user, lent=list(lent), from_on=today, until_on=today + timedelta(days=9),
        by=facts.pop("by", grant.user.actor()), **facts,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["end_delegation", "end_token"])
@pytest.mark.parametrize("value", ["abc", "\x00", "9" * 30])
def test_an_unreadable_number_on_ones_own_page_is_no_error_of_the_server(name: str, value: str) -> None:
    assert signed_in(make.person("owner")).post("/desk/me/", {name: value}).status_code < 500


@pytest.mark.parametrize("value", ["abc", "\x00"])
def test_an_unreadable_number_of_a_right_is_no_error_of_the_server(value: str) -> None:
    make.person("owner", username="lan")
    assert signed_in(make.person("admin")).post("/desk/people/lan/", {"end_grant": value}).status_code < 500


def test_somebody_elses_token_and_delegation_are_not_found() -> None:
    user = make.person("owner")
    tokens.issue_token(user=user, name="x", may=["read"], by=user.actor())
    lent = lend(user.grants.get(), make.person("inspector"), "task.view")
    stranger = signed_in(make.person("owner"))
    assert stranger.post("/desk/me/", {"end_token": user.tokens.get().pk}).status_code == 404
    assert stranger.post("/desk/me/", {"end_delegation": lent.pk}).status_code == 404


def test_a_right_is_lent_on_the_page() -> None:
    user = make.person("owner")
    make.person("inspector", username="lan")
    today = days.today()
    answer = signed_in(user).post("/desk/me/", {
        "lend": "1", "grant": user.grants.get().pk, "to_user": "lan", "lent": ["task.view"],
        "from_on": today.isoformat(), "until_on": today.isoformat(),
    })  # fmt: skip
    errors = answer.context["lend"].errors if answer.context else {}
    assert answer.status_code == 302, errors
    assert Delegation.objects.count() == 1


def test_two_delegations_do_not_join_what_is_kept_apart() -> None:
    one, other, third = make.person("owner"), make.person("approver"), make.person("inspector")
    lend(one.grants.get(), third, "report.write")
    assert refused(lambda: lend(other.grants.get(), third, "report.approve"))[0] == "submits_and_approves"


def test_a_role_and_a_delegation_that_came_before_do_not_join_what_is_kept_apart() -> None:
    third = make.person("inspector")
    lend(make.person("approver").grants.get(), third, "report.approve")
    give = lambda: grants.grant_role(user=third, role="owner", scope="all", from_on=days.today(), by=make.TEST)  # noqa: E731
    assert refused(give)[0] == "submits_and_approves"


def test_a_lent_right_over_rights_gives_nothing_lasting() -> None:
    """What is lent is not lent on (A7): somebody who holds grant.change for a week makes no administrators for ever."""
    admin, week = make.person("admin"), make.person("owner")
    for right in ("grant.change", "person.change"):
        assert refused(lambda: lend(admin.grants.get(), week, right)) == ("never_lent", "lent", 422)  # noqa: B023


def test_nothing_is_lent_to_a_closed_account() -> None:
    user, closed = make.person("owner"), make.person("owner", is_active=False)
    with pytest.raises(Refused):
        lend(user.grants.get(), closed, "task.view")


def test_the_api_asks_a_session_for_the_second_factor_too(settings: Any) -> None:
    settings.MFA_REQUIRED = True
    client = signed_in(make.person("office"))
    assert client.get("/desk/people/").status_code in (302, 403)
    make.programme()
    make.organisation("most")
    body = {"key": "t-9", "title": "Xây dựng cơ sở dữ liệu", "lead": "most", "deadline": "30/6/2026"}
    answer = client.post("/api/v1/programmes/resolution57/tasks", body, content_type="application/json")
    assert answer.status_code in (401, 403), (answer.status_code, answer.content.decode()[:300])


def test_an_address_longer_than_the_column_is_refused_in_a_file() -> None:
    mail = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.vn"
    assert 254 < len(mail) <= 320
    admin = make.actor("admin")
    seen = imports.preview(f"key,name,email\nlan,Lan,{mail}\n".encode(), "people.csv", admin)
    assert seen.problems, "else the database refuses it"


def test_an_address_longer_than_the_column_is_refused_on_the_page() -> None:
    mail = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.vn"
    make.person("owner", username="lan")
    client = signed_in(make.person("admin"))
    given = {"username": "binh", "name": "Bình", "email": mail, "password": PASSWORD}
    assert client.post("/desk/people/add/", given).status_code == 422
    change = {"change": "1", "person-name": "Lan", "person-email": mail}
    assert client.post("/desk/people/lan/", change).status_code == 422


def test_an_account_is_closed_once() -> None:
    user = make.person("owner")
    admin = make.actor("admin")
    people.end_person(user=user, reason="x", by=admin, on=days.today())
    assert refused(lambda: people.end_person(user=user, reason="y", by=admin, on=days.today()))[2] == 409
    assert AuditEvent.objects.filter(kind="person.ended").count() == 1


def test_two_administrators_do_not_write_over_each_other() -> None:
    """The page shown before another one's change writes the old e-mail back."""
    user = make.person("owner", username="lan")
    first, second = signed_in(make.person("admin")), signed_in(make.person("admin"))
    page = second.get("/desk/people/lan/").content.decode()
    first.post("/desk/people/lan/", {"change": "1", "person-name": "Lan", "person-email": "new@example.vn"})
    version = 'name="version"' in page or 'name="person-version"' in page
    second.post("/desk/people/lan/", {"change": "1", "person-name": "Lan Anh", "person-email": "",
                                      "version": "1", "person-version": "1"})  # fmt: skip
    user.refresh_from_db()
    assert version
    assert user.name == "Lan"


# --- the record that is open, lists that are kept ---------------------------------------------------------------------


def test_presence_of_unreadable_subjects() -> None:
    assert signed_in(make.person("owner")).post("/desk/presence/", {"subject": "task:\x00"}).status_code < 500


@pytest.mark.parametrize("facts", [{"list_name": "x" * 300}, {"list_name": "\x00"}, {"shared_scope": "x" * 400},
                                   {"query": "a=%00"}])  # fmt: skip
def test_views_of_bad_input(facts: dict[str, str]) -> None:
    values = {"list_name": "tasks", "name": "Của tôi", "query": "state=overdue", **facts}
    assert signed_in(make.person("owner")).post("/desk/views/save/", values).status_code < 500


def test_standing_office_of_a_programme_does_not_read_restricted_documents() -> None:
    """document.change and document.verify are asked over everything by every action: reading must ask the same."""
    make.document("mat-1", mark="restricted")
    by = make.actor("office", "programme/other/")
    assert not rights.may(by, "document.change", ["all"])
    assert signed_in(User.objects.get(pk=by.user_id)).get("/desk/documents/mat-1/").status_code == 404


def test_a_role_is_not_given_in_a_scope_that_nothing_has() -> None:
    """A mistyped path is refused: else somebody holds a role that reaches nothing, and nobody is told."""
    make.organisation("most")  # its scope is org/government/most/
    give = lambda: grants.grant_role(  # noqa: E731
        user=make.person("owner"), role="owner", scope="org/most/", from_on=days.today(), by=make.TEST
    )
    assert refused(give)[1] == "scope"


def test_a_role_within_a_programme_is_given_on_the_page() -> None:
    """Rights are role, scope, programme and period (A6)."""
    make.programme()
    make.organisation("most")
    user = make.person("inspector", username="lan")
    today = days.today().isoformat()
    given = {
        "grant": "1",
        "role": "owner",
        "scope": "org/government/most/",
        "programme": "resolution57",
        "from_on": today,
    }
    signed_in(make.person("admin")).post("/desk/people/lan/", given)
    assert user.grants.get(role="owner").programme == "resolution57"


def test_an_unreadable_job_is_no_error_of_the_server() -> None:
    assert signed_in(make.person("admin")).post("/desk/system/", {"job": "abc"}).status_code < 500


def test_a_token_ends_with_the_password_under_which_it_was_made() -> None:
    user = make.person("owner")
    tokens.issue_token(user=user, name="x", may=["write"], by=user.actor())
    recovery.give_password(user=user, password=PASSWORD, by=make.actor("admin"))
    assert user.tokens.get().ended_at is not None


def limited(role: str = "focal_point") -> User:
    """Somebody whose role holds for one body in one programme only (A6)."""
    make.programme("hidden", published=False)
    user = make.person("citizen")
    Grant.objects.create(
        user=user, role=role, scope=make.organisation("most").scope, programme="hidden", from_on=days.today(),
        granted_by="test",
    )  # fmt: skip
    return user


def test_a_role_within_a_programme_sees_that_programme() -> None:
    user = limited()
    task = make.task(within=make.programme("hidden"))
    client = signed_in(user)
    assert client.get(f"/desk/tasks/{task.key}/").status_code == 200
    assert client.get("/desk/programmes/hidden/").status_code == 200


def test_the_preview_of_a_person_tells_rights_held_within_a_programme() -> None:

    user = limited()
    assert right_name("task.view") in {each["right"] for each in queries.preview(user)}


def test_people_are_listed_by_a_role_that_they_hold_on_the_day() -> None:

    user = make.person("owner")
    user.grants.update(until_on=days.today() - timedelta(days=1))
    assert user not in queries.people(role="owner", on=days.today())


def test_what_was_lent_of_a_role_that_is_taken_away_leaves_an_event() -> None:
    user, other = make.person("inspector"), make.person("owner")
    grant = grants.grant_role(user=user, role="editor", scope="all", from_on=days.today(), by=make.TEST)
    lent = grants.delegate(
        grant=grant, to_user=other, lent=["directory.view"], from_on=days.today(), until_on=days.today(),
        by=user.actor(),
    )  # fmt: skip
    grants.end_grant(grant=grant, by=make.TEST, on=days.today())
    assert not Delegation.objects.filter(pk=lent.pk, ended_at=None).exists()
    assert AuditEvent.objects.filter(kind="delegation.ended").exists()


def test_a_mistyped_receiver_is_told_at_the_field_and_nothing_typed_is_lost() -> None:
    user = make.person("owner")
    today = days.today().isoformat()
    answer = signed_in(user).post("/desk/me/", {
        "lend": "1", "grant": user.grants.get().pk, "to_user": "nobody-here", "lent": ["task.view"],
        "from_on": today, "until_on": today, "reason": "Nghỉ phép",
    })  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nghỉ phép" in page
    assert "invalid_choice" not in page
    assert "Select a valid choice" not in page


# --- what ends with what ---------------------------------------------------------------------------


def test_what_is_lent_ends_with_the_role_and_then_keeps_nothing_apart() -> None:
    giver, third, today = make.person("approver"), make.person("inspector"), days.today()
    lent = lend(giver.grants.get(), third, "report.approve")
    grants.end_grant(grant=giver.grants.get(), by=make.TEST, on=today)
    lent.refresh_from_db()
    assert (lent.ended_at is None, lent.ended_by) == (False, make.TEST.key)
    assert AuditEvent.objects.get(kind="delegation.ended").before == {"to": third.username}
    assert grants.grant_role(user=third, role="owner", scope="all", from_on=today, by=make.TEST)


@pytest.mark.parametrize("ended", ["role", "account"])
def test_a_loan_of_somebody_who_is_gone_keeps_nothing_apart(ended: str) -> None:
    giver, third, today = make.person("approver"), make.person("inspector"), days.today()
    lend(giver.grants.get(), third, "report.approve")
    if ended == "role":
        giver.grants.update(until_on=today - timedelta(days=1))
    else:
        people.end_person(user=giver, reason="", by=make.TEST, on=today)
    assert grants.grant_role(user=third, role="owner", scope="all", from_on=today, by=make.TEST)


@pytest.mark.parametrize("over", ["nothing", "loan", "role", "lender", "holder"])
def test_whoever_is_told_of_work_is_whoever_has_a_right(over: str) -> None:
    """Holding only what is lent: until the loan, the role it is of, or one of the two accounts is over."""
    giver, holder, today = make.person("approver"), User.objects.create(username="stand-in"), days.today()
    loan = lend(giver.grants.get(), holder, "report.approve")
    yesterday = today - timedelta(days=1)
    if over == "loan":
        grants.end_delegation(delegation=loan, by=giver.actor())
    elif over == "role":
        giver.grants.update(until_on=yesterday)
    elif over in ("lender", "holder"):
        people.end_person(user=giver if over == "lender" else holder, reason="", by=make.TEST, on=today)
    is_working = holder in queries.working(today)
    assert is_working is (over == "nothing")
    assert is_working is bool(rights.standings(holder.actor()).held)
    assert (giver in queries.working(today)) is bool(rights.standings(giver.actor()).held)


def test_a_right_that_is_never_lent_is_not_held_by_an_older_loan_either() -> None:
    admin, week, today = make.person("admin"), make.person("owner"), days.today()
    Delegation.objects.create(
        grant=admin.grants.get(), to_user=week, rights=["grant.change", "audit.view"], from_on=today, until_on=today
    )
    assert (rights.may(week.actor(), "grant.change"), rights.may(week.actor(), "audit.view")) == (False, True)


# --- the second factor over the API ----------------------------------------------------------------


def test_the_api_asks_a_token_for_the_second_factor_too(settings: Any) -> None:
    office, owner = make.person("office"), make.person("owner")
    keys = [tokens.issue_token(user=user, name="x", may=["read"], by=user.actor()) for user in (office, owner)]

    def status(key: str) -> tuple[int, str]:
        answer = Client().get("/api/v1/me", headers={"authorization": f"Bearer {key}"})
        return answer.status_code, answer.headers["Content-Type"].partition(";")[0]

    assert [status(key)[0] for key in keys] == [200, 200]
    settings.MFA_REQUIRED = True
    assert [status(key) for key in keys] == [(403, "application/problem+json"), (200, "application/json")]
    User.objects.filter(pk=office.pk).update(is_demo=True)
    assert status(keys[0])[0] == 200


# --- pages of people -------------------------------------------------------------------------------


def test_whoever_was_too_late_is_told_what_it_says_now_and_may_save_again() -> None:
    user = make.person("owner", username="lan")
    first, second = signed_in(make.person("admin")), signed_in(make.person("admin"))
    page, seen = "/desk/people/lan/", people.seen_of(user)
    given = {"change": "1", "person-name": "Lan", "person-email": "new@example.vn", "person-version": seen}
    assert first.post(page, given).status_code == 302
    late = second.post(page, {**given, "person-name": "Lan Anh", "person-email": "second@example.vn"})
    shown, now = late.content.decode(), people.seen_of(User.objects.get(pk=user.pk))
    assert late.status_code == 409
    assert "now it says “Lan”" in shown
    assert 'value="Lan Anh"' in shown
    assert f'value="{now}"' in shown
    again = {**given, "person-name": "Lan Anh", "person-email": "new@example.vn", "person-version": now}
    assert second.post(page, again).status_code == 302
    user.refresh_from_db()
    assert user.name == "Lan Anh"


def test_the_list_of_people_names_their_scopes_in_a_fixed_number_of_queries(django_assert_max_num_queries: Any) -> None:
    client = signed_in(make.person("admin"))
    for key in ("most", "mof", "moh", "moit"):
        make.person("owner", make.organisation(key).scope)
    with django_assert_max_num_queries(16):
        page = client.get("/desk/people/").content.decode()
    assert "Bộ moit" in page
    assert "org/government/moit/" not in page


def test_the_rights_of_a_reader_are_those_of_today_whatever_moment_is_asked_for() -> None:
    """Else a role that was taken away would go on reading, by asking what was known before."""
    make.task(key="t-1")
    former = make.person("office")
    moment = days.now()
    Grant.objects.filter(user=former).delete()
    later = make.person("office")
    address = f"/desk/tasks/t-1/?known_at={moment.isoformat().replace('+', '%2B')}"
    assert signed_in(later).get(address).status_code == 200
    assert signed_in(former).get(address).status_code != 200
    with past.known_at(moment):
        assert not rights.may(former.actor(), "task.view")
        assert rights.may(later.actor(), "task.view")


def test_the_page_of_a_person_speaks_in_words() -> None:
    """Neither the path of a scope nor the key of a program is one."""
    user = make.person("owner", make.organisation("most").scope)
    user.grants.update(granted_by="program:datapack")
    page = signed_in(make.person("admin")).get(f"/desk/people/{user.username}/").content.decode()
    assert "given by the data pack" in page
    for raw in ("org/government/most/", "program:datapack"):
        assert raw not in page
