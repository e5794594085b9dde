"""Role x right x scope: the one table, asked as actions and lists ask it; periods, loans, several grants."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from dotpha.accounts import rights, scopes
from dotpha.accounts.actions.grants import end_grant
from dotpha.accounts.actions.people import add_person
from dotpha.accounts.models import Delegation, Grant, User
from dotpha.accounts.roles import APART, RIGHTS, SECOND_FACTOR, Role, rights_of
from dotpha.platform import days
from dotpha.platform.actors import NOBODY, Actor, program
from dotpha.platform.refusals import Refused

pytestmark = pytest.mark.django_db
ONE = timedelta(days=1)
LONG_AGO = date(2020, 1, 1)

SCOPES = {
    "all": ("org/government/most/", "place/province-a/commune-1/", "programme/resolution57/"),
    "org/government/most/": ("org/government/most/", "org/government/most/department/"),
    "place/province-a/": ("place/province-a/", "place/province-a/commune-1/"),
    "programme/resolution57/": ("programme/resolution57/",),
}
"""A scope, and what lies inside it."""
OUTSIDE = {
    "org/government/most/": ("org/government/", "org/government/mostly/", "org/government/mof/", "place/province-a/"),
    "place/province-a/": ("place/province-b/", "place/province-ab/", "org/province-a/"),
    "programme/resolution57/": ("programme/resolution5/", "programme/resolution570/", "org/government/most/"),
}
"""A scope, and what lies above it, beside it, or only begins alike."""


def person(username: str = "lan", **facts: Any) -> User:
    return User.objects.create(username=username, name=username, **facts)


def grant(user: User, role: str, scope: str = "all", **facts: Any) -> Grant:
    values = {"from_on": LONG_AGO, "granted_by": "test", **facts}
    return Grant.objects.create(user=user, role=role, scope=scope, **values)


def holder(role: str, scope: str = "all", **facts: Any) -> Actor:
    user = person()
    grant(user, role, scope, **facts)
    return user.actor()


# --- the table ------------------------------------------------------------------------------------


def test_the_table_names_only_roles_and_each_role_has_something() -> None:
    assert {type(role) for held in RIGHTS.values() for role in held} == {Role}
    assert [role for role in Role if not rights_of(role)] == []
    assert [right for right, held in RIGHTS.items() if not held] == []
    assert {right for pair in APART for right in pair} - set(RIGHTS) == set()


def test_no_single_role_both_writes_and_decides() -> None:
    both = [(role, pair) for role in Role for pair in APART if set(pair) <= rights_of(role)]
    assert both == []


def test_whoever_decides_or_administers_signs_in_with_a_second_factor() -> None:
    deciding = {"report.approve", "extension.decide", "grant.change", "person.change", "report.verify"}
    assert {role for right in deciding for role in RIGHTS[right]} - SECOND_FACTOR == set()


@pytest.mark.parametrize("scope", sorted(SCOPES))
@pytest.mark.parametrize("role", sorted(Role.values))
def test_a_role_may_what_the_table_says_inside_its_scope_alone(role: str, scope: str) -> None:
    by = holder(role, scope)
    held = rights.standings(by)
    for right, roles in RIGHTS.items():
        expected = Role(role) in roles
        assert [held.may(right, [thing]) for thing in SCOPES[scope]] == [expected] * len(SCOPES[scope]), right
        assert not any(held.may(right, [thing]) for thing in OUTSIDE.get(scope, ())), right
        assert held.may(right) is expected, right
        assert held.reach(right) == ([scope] if expected else []), right


@pytest.mark.parametrize("role", sorted(Role.values))
def test_require_answers_with_role_and_scope_or_refuses(role: str) -> None:
    scope = "org/government/most/"
    by = holder(role, scope)
    for right, roles in RIGHTS.items():
        if Role(role) in roles:
            allowed = rights.require(by, right, ["place/x/", scope])
            assert (allowed.key, allowed.role, allowed.scope, allowed.holder) == ("lan", role, scope, "")
        else:
            assert refusal(by, right, scope) == ("forbidden", 403)
        assert refusal(by, right, "org/government/mof/") == ("forbidden", 403)


def refusal(by: Actor, right: str, thing: str, **facts: Any) -> tuple[str, int]:
    with pytest.raises(Refused) as found:
        rights.require(by, right, [thing], **facts)
    return found.value.code, found.value.status


def test_what_is_hidden_is_refused_as_if_it_were_not_there() -> None:
    by = holder("owner", "org/government/most/")
    assert refusal(by, "task.view", "org/government/mof/", hidden=True) == ("not_found", 404)
    assert refusal(NOBODY, "task.view", "org/government/mof/", hidden=True) == ("sign_in", 401)


def test_a_thing_of_no_scope_is_only_for_those_who_hold_all() -> None:
    assert rights.may(holder("office"), "task.view", [])
    other = person("other")
    grant(other, "owner", "org/government/most/")
    assert not rights.may(other.actor(), "task.view", [])


# --- who holds nothing, and who holds everything --------------------------------------------------


@pytest.mark.parametrize("right", sorted(RIGHTS))
def test_strangers_hold_nothing_and_programs_everything(right: str) -> None:
    for by in (NOBODY, person().actor()):
        assert (rights.may(by, right), rights.may(by, right, ["org/x/"]), rights.reach(by, right)) == (False, False, [])
    machine = program("datapack")
    assert (rights.may(machine, right, ["org/x/"]), rights.reach(machine, right)) == (True, ["all"])
    assert rights.require(machine, right, ["org/x/"]).role == "program"


def test_a_user_name_that_looks_like_a_program_is_none() -> None:
    """The user names that the actions allow have no colon; a program is known by it."""
    with pytest.raises(Refused) as found:
        add_person(username="program:x", name="x", password="bốn-con-ngựa-đỏ-29", by=program("test"))
    assert found.value.code == "username_unreadable"


def test_a_closed_account_holds_nothing() -> None:
    by = holder("office")
    User.objects.update(is_active=False)
    assert (rights.may(by, "task.view"), rights.reach(by, "task.view")) == (False, [])


# --- periods --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("from_in", "until_in", "held"),
    [
        (0, None, True),
        (0, 0, True),
        (-9, 0, True),
        (-9, 1, True),
        (-9, -1, False),
        (1, None, False),
        (1, 9, False),
    ],
)
def test_a_grant_holds_from_its_first_day_through_its_last(from_in: int, until_in: int | None, held: bool) -> None:
    today = days.today()
    until_on = None if until_in is None else today + until_in * ONE
    by = holder("office", from_on=today + from_in * ONE, until_on=until_on)
    assert (rights.may(by, "task.view"), rights.reach(by, "task.view")) == (held, ["all"] if held else [])


def test_a_period_and_a_scope_are_held_by_the_database_too() -> None:
    user = person()
    for wrong in ({"until_on": LONG_AGO - ONE}, {"scope": "org/government"}, {"scope": "org/../"}, {"scope": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            grant(user, "office", **wrong)
    assert not Grant.objects.exists()


# --- several grants -------------------------------------------------------------------------------


def test_several_grants_add_up_and_none_lends_its_scope_to_another() -> None:
    user = person()
    grant(user, "owner", "org/government/most/")
    grant(user, "inspector", "place/province-a/")
    by = user.actor()
    assert rights.reach(by, "task.view") == ["org/government/most/", "place/province-a/"]
    assert rights.reach(by, "report.write") == ["org/government/most/"]
    asked = [rights.may(by, "report.write", [each]) for each in ("org/government/most/", "place/province-a/")]
    assert asked == [True, False]
    assert rights.require(by, "report.verify", ["place/province-a/commune-1/"]).role == "inspector"


def test_everything_swallows_its_parts_in_a_reach() -> None:
    user = person()
    grant(user, "owner", "org/government/most/")
    grant(user, "office")
    assert rights.reach(user.actor(), "task.view") == ["all"]
    assert rights.reach(user.actor(), "report.write") == ["org/government/most/"]


def test_a_grant_for_one_programme_reaches_nothing_else() -> None:
    by = holder("office", programme="resolution57")
    inside, outside = ["programme/resolution57/", "org/government/most/"], ["programme/other/", "org/government/most/"]
    assert (rights.may(by, "task.view", inside), rights.may(by, "task.view", outside)) == (True, False)
    assert rights.reach(by, "task.view") == ["programme/resolution57/"]


# --- lent rights ----------------------------------------------------------------------------------


def lend(role: str = "owner", scope: str = "org/government/most/", **facts: Any) -> tuple[User, Delegation]:
    """A stand-in who holds nothing of their own, and the loan."""
    giver, receiver, today = person("giver"), person("stand-in"), days.today()
    period = {"from_on": facts.pop("grant_from", LONG_AGO), "until_on": facts.pop("grant_until", None)}
    values = {"rights": ["report.write"], "from_on": today - ONE, "until_on": today + ONE, **facts}
    return receiver, Delegation.objects.create(grant=grant(giver, role, scope, **period), to_user=receiver, **values)


def test_only_what_is_lent_is_held_and_the_holder_stays_named() -> None:
    receiver, _loan = lend()
    by, scope = receiver.actor(), "org/government/most/"
    may = {right for right in RIGHTS if rights.may(by, right, [scope])}
    assert may == {"report.write"}
    allowed = rights.require(by, "report.write", [scope])
    assert (allowed.key, allowed.role, allowed.scope, allowed.holder) == ("stand-in", "owner", scope, "giver")
    assert refusal(by, "report.write", "org/government/mof/") == ("forbidden", 403)


@pytest.mark.parametrize(
    ("from_in", "until_in", "grant_until_in", "ended", "held"),
    [
        (0, 0, None, False, True),
        (-1, 1, 0, False, True),
        (-1, -1, None, False, False),
        (1, 2, None, False, False),
        (-9, 9, -1, False, False),
        (-1, 1, None, True, False),
    ],
)
def test_a_loan_ends_with_its_period_its_grant_or_at_once(
    from_in: int, until_in: int, grant_until_in: int | None, ended: bool, held: bool
) -> None:
    today = days.today()
    facts = {"ended_at": days.now(), "ended_by": "giver"} if ended else {}
    receiver, _loan = lend(
        from_on=today + from_in * ONE,
        until_on=today + until_in * ONE,
        grant_until=None if grant_until_in is None else today + grant_until_in * ONE,
        **facts,
    )
    assert rights.may(receiver.actor(), "report.write", ["org/government/most/"]) is held


def test_one_s_own_role_is_named_before_a_lent_one() -> None:
    receiver, _loan = lend()
    grant(receiver, "focal_point", "org/government/most/")
    allowed = rights.require(receiver.actor(), "report.write", ["org/government/most/"])
    assert (allowed.role, allowed.holder) == ("focal_point", "")


def test_a_closed_receiver_holds_nothing_lent() -> None:
    receiver, _loan = lend()
    User.objects.filter(pk=receiver.pk).update(is_active=False)
    assert not rights.may(receiver.actor(), "report.write")


# --- asked once a request -------------------------------------------------------------------------


def test_within_one_reading_rights_are_read_once_for_each_person(django_assert_num_queries: Any) -> None:
    one, other = holder("office"), person("other").actor()
    with rights.asked_once(), django_assert_num_queries(4):
        for _n in range(3):
            assert (rights.may(one, "task.view"), rights.may(other, "task.view")) == (True, False)
    Grant.objects.all().delete()
    assert not rights.may(one, "task.view"), "outside of it every question reads anew"


# --- scopes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("all", True),
        ("org/government/most/", True),
        ("place/province-ha-noi/commune-00004/", True),
        ("programme/resolution57/", True),
        ("programme/a/b/", False),
        ("org/", False),
        ("org/government", False),
        ("org/../", False),
        ("org/Government/", False),
        ("org/a//", False),
        ("all/", False),
        ("all\n", False),
        ("", False),
    ],
)
def test_which_text_is_a_scope(text: str, is_one: bool) -> None:
    assert scopes.is_scope(text) is is_one


def test_scopes_are_taken_apart_by_kind() -> None:
    held = ["all", "org/a/b/", "place/c/", "programme/d/"]
    assert [scopes.prefixes(held, kind) for kind in ("org", "place", "programme")] == [["a/b/"], ["c/"], ["d/"]]
    made = scopes.of_organisation("a/b/"), scopes.of_place("c/"), scopes.of_programme("d")
    assert list(made) == held[1:]
    assert scopes.covers("org/a/", "org/a/b/")
    assert not scopes.covers("org/a/b/", "org/a/")


# --- what a right reaches, and when it ends -------------------------------------------------------


def test_a_list_shows_no_more_than_may_be_opened() -> None:
    """A task of another agency in the programme: not to be opened, so not to be listed."""
    by = holder("owner", "org/government/most/", programme="resolution57")
    others = ["org/government/mof/", "programme/resolution57/"]
    listed = any(scopes.covers_any(each, others) for each in rights.reach(by, "task.view"))
    assert listed is rights.may(by, "task.view", others)
    assert rights.reach_within(by, "task.view") == {"resolution57": ["org/government/most/"]}


def test_a_closed_account_lends_nothing_any_more() -> None:
    receiver, loan = lend()
    User.objects.filter(pk=loan.grant.user_id).update(is_active=False)
    assert not rights.may(receiver.actor(), "report.write")


def test_a_role_taken_away_on_its_first_day_is_gone() -> None:
    today = days.today()
    _receiver, loan = lend(grant_from=today, from_on=today)
    end_grant(grant=loan.grant, by=program("test"), on=today)
    assert not rights.may(loan.grant.user.actor(), "report.write")
