"""A body moves in the tree: the roles of its people and what they share go with it, in the same transaction."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from dotpha.accounts import rights, scopes
from dotpha.accounts.actions import grants
from dotpha.accounts.models import Grant, User
from dotpha.directory import actions
from dotpha.directory.models import Organisation, Place
from dotpha.directory.rows import Change, OrganisationRow, PlaceRow
from dotpha.platform import days, past, saved_views
from dotpha.platform.models import AuditEvent, SavedView
from dotpha.platform.tests.at_once import at_once
from dotpha.platform.tests.refusals import refused
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies() -> None:
    rows = [
        OrganisationRow("a", "ministry", {"vi": "A"}), OrganisationRow("b", "ministry", {"vi": "B"}),
        OrganisationRow("x", "agency", {"vi": "X"}, parent="a"),
        OrganisationRow("x-unit", "agency", {"vi": "Đơn vị X"}, parent="x"),
        OrganisationRow("xx", "agency", {"vi": "XX"}, parent="a"),
    ]  # fmt: skip
    actions.add_organisations(rows=rows, by=make.TEST)


def body(key: str) -> Organisation:
    return Organisation.objects.get(key=key)


def move(key: str, to: str, **facts: Any) -> Organisation:
    return actions.move_organisation(organisation=body(key), into=body(to), from_on=days.today(), by=make.TEST, **facts)


def test_whoever_held_a_role_in_a_body_or_under_it_holds_it_still(bodies: None) -> None:
    by, unit, beside = (make.actor("focal_point", body(key).scope) for key in ("x", "x-unit", "xx"))
    above = make.actor("focal_point", body("a").scope)
    assert move("x", "b", reason="Nghị định mới").scope == "org/b/x/"
    assert rights.reach(by, "task.view") == ["org/b/x/"]
    assert rights.reach(unit, "task.view") == ["org/b/x/x-unit/"]
    assert rights.reach(beside, "task.view") == ["org/a/xx/"], "a path that only begins alike stays"
    assert rights.reach(above, "task.view") == ["org/a/"], "whoever held it by the body above holds it no longer"
    events = AuditEvent.objects.filter(kind="grant.moved").order_by("pk")
    assert [(each.subject, each.before["scope"], each.after["scope"], each.reason) for each in events] == [
        (f"person:{by.key}", "org/a/x/", "org/b/x/", "Nghị định mới"),
        (f"person:{unit.key}", "org/a/x/x-unit/", "org/b/x/x-unit/", "Nghị định mới"),
    ]


def test_a_role_that_ended_and_one_that_is_lent_go_with_it_too(bodies: None) -> None:
    giver, receiver, today = make.person("owner", body("x").scope), make.person("inspector"), days.today()
    make.person("owner", body("x").scope).grants.update(until_on=today - timedelta(days=1))
    grants.delegate(
        grant=giver.grants.get(), to_user=receiver, lent=["report.write"], from_on=today, until_on=today,
        by=giver.actor(),
    )  # fmt: skip
    move("x", "b")
    assert set(Grant.objects.exclude(user=receiver).values_list("scope", flat=True)) == {"org/b/x/"}
    assert rights.may(receiver.actor(), "report.write", [body("x").scope])


def test_a_view_shared_in_it_is_shared_in_it_still(bodies: None) -> None:
    by = make.actor("owner", body("x").scope)
    view = saved_views.save_view(by=by, list_name="tasks", name="Quá hạn", query="a=b", shared_scope=body("x").scope)
    move("x", "b")
    assert SavedView.objects.get().shared_scope == "org/b/x/"
    event = AuditEvent.objects.get(kind="view.moved")
    assert (event.subject, event.after) == (f"view:{view.pk}", {"shared_scope": "org/b/x/"})


def test_places_and_files_move_roles_as_bodies_and_pages_do(bodies: None) -> None:
    rows = [PlaceRow(key, key[-1], "province", "province", {"vi": key}, key) for key in ("p-1", "p-2")]
    rows.append(PlaceRow("c-1", "00001", "commune", "commune", {"vi": "Xã"}, "Xã", parent="p-1"))
    actions.add_places(rows=rows, by=make.TEST)
    by, other = make.actor("commune_officer", "place/p-1/c-1/"), make.actor("owner", body("x-unit").scope)
    actions.load_places(added=[], changed={"c-1": Change({"parent": "p-2"})}, by=make.TEST)
    assert rights.reach(by, "task.view") == [Place.objects.get(key="c-1").scope] == ["place/p-2/c-1/"]
    # Two moves at once, one within the other.
    moves = {"x": Change({"parent": "b"}), "x-unit": Change({"parent": "xx"})}
    actions.load_organisations(added=[], changed=moves, by=make.TEST)
    assert rights.reach(other, "task.view") == [body("x-unit").scope] == ["org/a/xx/x-unit/"]


def test_a_move_that_is_refused_moves_no_role(bodies: None) -> None:
    by = make.actor("owner", body("x").scope)
    assert refused(lambda: move("x", "x-unit"))[2] == 422
    assert rights.reach(by, "task.view") == ["org/a/x/"]
    assert not AuditEvent.objects.filter(kind="grant.moved").exists()


def test_what_is_moved_costs_no_more_with_more_people(bodies: None, django_assert_max_num_queries: Any) -> None:
    for _n in range(40):
        make.person("owner", body("x").scope)
    with django_assert_max_num_queries(29):
        move("x", "b")


@pytest.mark.django_db(transaction=True)
def test_no_role_is_given_in_a_scope_that_is_just_being_left(bodies: None, monkeypatch: pytest.MonkeyPatch) -> None:
    user, names = User.objects.get(pk=make.stranger().user_id), scopes.names

    def slow(held: Iterable[str]) -> dict[str, str]:
        found = names(held)
        time.sleep(0.5)  # the body would move here
        return found

    monkeypatch.setattr(grants.scopes, "names", slow)
    give = partial(grants.grant_role, user=user, role="owner", scope="org/a/x/", from_on=days.today(), by=make.TEST)

    def moves() -> None:
        time.sleep(0.2)
        move("x", "b")

    assert at_once(give, moves) == ["", ""]
    assert user.grants.get().scope == body("x").scope == "org/b/x/"


@pytest.mark.django_db(transaction=True)
def test_the_past_of_a_role_keeps_the_path_of_then() -> None:
    for key in ("a", "b"):
        actions.add_organisations(rows=[OrganisationRow(key, "ministry", {"vi": key})], by=make.TEST)
    actions.add_organisations(rows=[OrganisationRow("x", "agency", {"vi": "X"}, parent="a")], by=make.TEST)
    user = make.person("owner", body("x").scope)
    before = days.now()
    move("x", "b")
    with transaction.atomic(), past.known_at(before):
        assert Grant.objects.get(user=user).scope == "org/a/x/"
    assert Grant.objects.get(user=user).scope == "org/b/x/"
    assert connection.in_atomic_block is False
