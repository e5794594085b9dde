"""Posts of an organisation: pages, API, who took one up and who left it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dotpha.accounts.models import User
from dotpha.directory import actions
from dotpha.directory.models import Organisation, Post, PostHolder
from dotpha.platform.models import AuditEvent
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused

pytestmark = pytest.mark.django_db
FIRST, LAST, NEXT = date(2025, 1, 1), date(2025, 6, 30), date(2025, 7, 1)
PAGE = "/desk/organisations/most/posts/"


def signed_in(role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.person(role), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


@pytest.fixture
def most() -> Organisation:
    return make.organisation("most", name={"vi": "Bộ Một"})


def post_of(organisation: Organisation, **facts: Any) -> Post:
    return actions.add_post(organisation=organisation, title={"vi": "Bộ trưởng"}, by=make.TEST, **facts)


def holding(post: Post, **facts: Any) -> PostHolder:
    return actions.fill_post(post=post, user=make.person("leader"), by=make.TEST, **{"from_on": FIRST, **facts})


def test_a_post_is_left_on_a_day_and_taken_up_by_another(most: Organisation) -> None:
    post = post_of(most)
    first = holding(post)
    early = refused(lambda: actions.leave_post(holder=first, until_on=date(2024, 12, 31), by=make.TEST))
    assert early == ("days_out_of_order", "until_on", 422)
    stranger = make.stranger()
    assert refused(lambda: actions.leave_post(holder=first, until_on=LAST, by=stranger))[2] == 403
    actions.leave_post(holder=first, until_on=LAST, by=make.TEST)
    late = refused(lambda: actions.leave_post(holder=first, until_on=NEXT, by=make.TEST))
    assert late == ("left_already", "until_on", 409)
    holding(post, from_on=NEXT)
    assert list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))[-2:] == ["post.left", "post.filled"]


def test_the_steward_adds_a_post_fills_it_and_records_who_left(most: Organisation) -> None:
    steward, held, next_one = signed_in("steward"), make.person("leader"), make.person("leader")
    assert "No post of this organisation is recorded." in steward.get(PAGE).content.decode()
    assert steward.post(PAGE, {"title_vi": " "}).status_code == 422
    answer = steward.post(PAGE, {"title_vi": "Bộ trưởng", "title_en": "Minister", "single": "on"})
    post = Post.objects.get()
    assert (answer.status_code, post.title, post.single) == (302, {"vi": "Bộ trưởng", "en": "Minister"}, True)
    page = f"{PAGE}{post.pk}/"
    assert steward.post(page, {"fill": "1", "user": held.username, "from_on": "2025-01-01"}).status_code == 302
    given = {"fill": "1", "user": next_one.username, "from_on": "2025-06-30"}
    taken = steward.post(page, given)
    assert (taken.status_code, "holds this post on one of these days" in taken.content.decode()) == (409, True)
    unknown = steward.post(page, {**given, "user": "nobody"})
    assert (unknown.status_code, "There is no person with this user name" in unknown.content.decode()) == (422, True)
    assert steward.post(page, {"leave": "999", "until_on": "2025-06-29"}).status_code == 404
    assert steward.post(page, {"leave": str(post.holders.get().pk), "until_on": "2025-06-29"}).status_code == 302
    assert steward.post(page, given).status_code == 302
    shown = steward.get(page).content.decode()
    assert shown.index(str(next_one)) <= shown.index(str(held))
    then = steward.get(f"{page}?as_of=2025-03-01").content.decode()
    assert then.count("<li><span></span>") == 1
    assert "Somebody takes it up" not in then


def test_readers_see_posts_and_change_nothing(most: Organisation) -> None:
    post = post_of(most)
    office = signed_in("office")
    assert "Bộ trưởng" in office.get(PAGE).content.decode()
    assert "Add this post" not in office.get(PAGE).content.decode()
    assert office.post(PAGE, {"title_vi": "Thứ trưởng"}).status_code == 403
    person = User.objects.first()
    given = {"fill": "1", "user": person.username, "from_on": "2025-01-01"}
    assert office.post(f"{PAGE}{post.pk}/", given).status_code == 403
    assert (Post.objects.count(), PostHolder.objects.count()) == (1, 0)
    assert office.get("/desk/organisations/most/posts/99999/").status_code == 404


def test_the_list_costs_the_same_for_many_posts(most: Organisation) -> None:
    office = signed_in("office")

    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert office.get(PAGE).status_code == 200
        return len(counted)

    holding(post_of(most))
    cost()  # the first look of a session reads more
    few = cost()
    for _number in range(5):
        holding(post_of(most))
    assert cost() == few


def test_the_api_tells_the_holders_of_a_day_to_staff(most: Organisation) -> None:
    post = post_of(most)
    first = holding(post, until_on=LAST)
    holding(post, from_on=NEXT)
    assert Client().get("/api/v1/organisations/most/posts").status_code in (401, 403)
    office = signed_in("office")
    (then,) = office.get("/api/v1/organisations/most/posts?as_of=2025-06-30").json()
    assert [(each["name"], each["until_on"]) for each in then["holders"]] == [(str(first.user), "2025-06-30")]
    (now,) = office.get("/api/v1/organisations/most/posts").json()
    assert [each["from_on"] for each in now["holders"]] == ["2025-07-01", "2025-01-01"]
