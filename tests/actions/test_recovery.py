"""Ways back in: a second administrator for privileged roles, at once for everybody else (K1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dotpha.accounts import queries, rules
from dotpha.accounts.actions import people, recovery
from dotpha.accounts.models import Recovery, User
from dotpha.accounts.roles import SECOND_FACTOR, Role
from dotpha.platform import days
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused

PASSWORD = "bốn-con-ngựa-đỏ-29"
OLD = "ba-con-trâu-xanh-31"
NOW = datetime(2026, 5, 4, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def in_service(role: str, username: str = "lan") -> User:
    user = make.person(role, username=username)
    user.set_password(OLD)
    user.save()
    return user


def admin(username: str) -> Any:
    return make.person("admin", username=username).actor()


def password_is(user: User, password: str) -> bool:
    return User.objects.get(pk=user.pk).check_password(password)


# --- the rule -------------------------------------------------------------------------------------


@given(st.sets(st.sampled_from(list(Role))), st.booleans())
def test_a_second_person_is_needed_exactly_for_privileged_roles_in_service(roles: set[Role], has_been_in: bool) -> None:
    needed = rules.needs_second_person(roles, SECOND_FACTOR, has_been_in=has_been_in)
    assert needed is (has_been_in and bool(roles & SECOND_FACTOR))


@given(st.sampled_from(["chief", "deputy", "lan"]), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_another_one_confirms_within_three_days(by: str, waited: timedelta) -> None:
    said = {"asked_by": "chief", "asked_at": NOW, "about": "lan", "by": by, "now": NOW + waited}
    if by == "deputy" and waited <= timedelta(days=3):
        rules.require_confirmable(**said)
        return
    with pytest.raises(Refused) as refusal:
        rules.require_confirmable(**said)
    assert refusal.value.code == ("recovery_expired" if by == "deputy" else "own_recovery")


# --- the actions ----------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", sorted(SECOND_FACTOR))
def test_a_password_of_a_privileged_person_waits_for_another_administrator(role: str) -> None:
    user, chief, deputy = in_service(role), admin("chief"), admin("deputy")
    recovery.give_password(user=user, password=PASSWORD, by=chief)
    assert password_is(user, OLD), "nothing has changed yet"
    asked = Recovery.objects.get()
    assert PASSWORD not in asked.password
    for by in (chief, user.actor()):
        assert refused(lambda by=by: recovery.confirm_recovery(recovery=asked, by=by))[2] == 403
    assert password_is(user, OLD)
    recovery.confirm_recovery(recovery=asked, by=deputy)
    assert password_is(user, PASSWORD)
    asked.refresh_from_db()
    assert (asked.decided_by, asked.is_confirmed, asked.password) == ("deputy", True, "")
    event = AuditEvent.objects.get(kind="person.password_given")
    assert (event.actor, event.after) == ("deputy", {"asked_by": "chief"})
    assert PASSWORD not in str(list(AuditEvent.objects.values_list("before", "after")))
    again = refused(lambda: recovery.confirm_recovery(recovery=asked, by=deputy))
    assert again == ("already_decided", None, 409)


def test_others_and_who_never_could_sign_in_get_a_password_at_once() -> None:
    owner = in_service("owner")
    recovery.give_password(user=owner, password=PASSWORD, by=admin("chief"))
    assert password_is(owner, PASSWORD)
    people.load_people(added=[people.PersonRow("new", "New")], changed={}, by=make.TEST)
    new = User.objects.get(username="new")
    make.actor("admin")
    new.grants.create(role="office", scope="all", from_on=days.today(), granted_by="test")
    recovery.give_password(user=new, password=PASSWORD, by=admin("deputy"))
    assert password_is(new, PASSWORD)
    assert not Recovery.objects.exists()


def test_a_lost_second_factor_goes_the_same_way_and_ends_the_sessions() -> None:
    user, chief, deputy = in_service("approver"), admin("chief"), admin("deputy")
    none = refused(lambda: recovery.remove_second_factor(user=user, by=chief))
    assert none == ("no_second_factor", None, 409)
    theirs = Client()
    theirs.post("/account/login/", {"login": "lan", "password": OLD})
    assert theirs.get("/desk/me/").status_code == 200
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    own = refused(lambda: recovery.remove_second_factor(user=User.objects.get(username="chief"), by=chief))
    assert own == ("own_second_factor", None, 403)
    recovery.remove_second_factor(user=user, by=chief)
    assert (Authenticator.objects.count(), theirs.get("/desk/me/").status_code) == (1, 200)
    recovery.confirm_recovery(recovery=Recovery.objects.get(), by=deputy)
    assert (Authenticator.objects.count(), theirs.get("/desk/me/").status_code) == (0, 302)
    owner = in_service("owner", "an")
    TOTP.activate(owner, "JBSWY3DPEHPK3PXP")
    recovery.remove_second_factor(user=owner, by=chief)
    assert not Authenticator.objects.exists()


def test_what_is_asked_anew_replaces_what_waits_and_what_is_refused_changes_nothing() -> None:
    user, chief, deputy = in_service("office"), admin("chief"), admin("deputy")
    recovery.give_password(user=user, password="hai-con-voi-trắng-17", by=chief)
    first = Recovery.objects.get()
    recovery.give_password(user=user, password=PASSWORD, by=chief)
    assert refused(lambda: recovery.confirm_recovery(recovery=first, by=deputy))[0] == "already_decided"
    second = queries.recoveries(user, days.now()).get()
    recovery.refuse_recovery(recovery=second, by=deputy)
    assert password_is(user, OLD)
    assert not queries.recoveries(None, days.now()).exists()
    assert AuditEvent.objects.filter(kind="person.recovery_refused", actor="deputy").count() == 1


def test_it_waits_three_days_and_not_for_a_closed_account() -> None:
    user, chief, deputy = in_service("office"), admin("chief"), admin("deputy")
    recovery.give_password(user=user, password=PASSWORD, by=chief)
    asked = Recovery.objects.get()
    Recovery.objects.update(asked_at=days.now() - timedelta(days=3, minutes=1))
    assert refused(lambda: recovery.confirm_recovery(recovery=asked, by=deputy))[0] == "recovery_expired"
    assert not queries.recoveries(None, days.now()).exists()
    Recovery.objects.update(asked_at=days.now())
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert refused(lambda: recovery.confirm_recovery(recovery=asked, by=deputy))[0] == "account_closed"


def test_only_administrators_do_any_of_it() -> None:
    user, office = in_service("office"), make.office()
    recovery.give_password(user=user, password=PASSWORD, by=admin("chief"))
    asked = Recovery.objects.get()
    for act in (
        lambda: recovery.give_password(user=user, password=PASSWORD, by=office),
        lambda: recovery.remove_second_factor(user=user, by=office),
        lambda: recovery.confirm_recovery(recovery=asked, by=office),
        lambda: recovery.refuse_recovery(recovery=asked, by=office),
    ):
        assert refused(act)[2] == 403


def test_the_database_itself_holds_that_two_decide() -> None:
    user = in_service("office")
    with pytest.raises(IntegrityError, match="recovery_confirmed_by_another"), transaction.atomic():
        Recovery.objects.create(
            user=user, what="password", asked_by="chief", asked_at=NOW, decided_by="chief", decided_at=NOW,
            is_confirmed=True,
        )  # fmt: skip


# --- the pages ------------------------------------------------------------------------------------


def test_two_administrators_do_it_on_the_pages() -> None:
    user = in_service("inspector")
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    clients = []
    for name in ("chief", "deputy"):
        admin(name)
        client = Client(headers={"accept-language": "en"})
        client.force_login(User.objects.get(username=name), backend=settings.AUTHENTICATION_BACKENDS[-1])
        clients.append(client)
    chief, deputy = clients
    page = "/desk/people/lan/"
    assert chief.post(page, {"give_password": "1", "secret-password": PASSWORD}).status_code == 302
    assert chief.post(page, {"remove_second_factor": "1"}).status_code == 302
    assert "confirm_recovery" not in chief.get(page).content.decode()
    assert deputy.get(page).content.decode().count('name="confirm_recovery"') == 2
    assert deputy.get("/desk/people/").content.decode().count("waits for another administrator") == 2
    waiting = list(Recovery.objects.all())
    assert chief.post(page, {"confirm_recovery": waiting[0].pk}).status_code == 403
    assert deputy.post(page, {"confirm_recovery": waiting[0].pk}).status_code == 302
    assert deputy.post(page, {"refuse_recovery": waiting[1].pk}).status_code == 302
    assert (password_is(user, PASSWORD), Authenticator.objects.count()) == (True, 1)
    assert "confirm_recovery" not in deputy.get(page).content.decode()
