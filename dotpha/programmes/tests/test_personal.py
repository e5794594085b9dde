"""Personal action programmes: state from steps, who may see and decide, what is missing, pages and API (C4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dotpha.directory.models import Post, PostHolder
from dotpha.platform import days, past
from dotpha.programmes import actions
from dotpha.programmes.models import PersonalLine, PersonalProgramme, Task
from dotpha.programmes.queries import personal as queries
from dotpha.programmes.rules import personal as rules
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused
from dotpha.programmes.tests.test_api import Api
from dotpha.programmes.tests.test_pages_lists import enter, read

ON = date(2026, 6, 1)
ONE = timedelta(1)
KINDS = st.sampled_from(["submitted", "returned", "adopted"])
DAYS = st.dates(ON, ON + 9 * ONE)


@given(st.lists(st.tuples(KINDS, DAYS)), st.lists(DAYS), DAYS)
def test_what_has_not_happened_yet_changes_no_state(steps: Any, later: Any, on: date) -> None:
    known = [step for step in steps if step[1] <= on], [day for day in later if day <= on]
    assert rules.state(steps, later, on) == rules.state(*known, on)


@pytest.mark.parametrize(
    ("steps", "later", "found"),
    [
        ([], [], "draft"),
        ([("submitted", ON)], [], "submitted"),
        ([("submitted", ON), ("returned", ON)], [], "draft"),
        ([("submitted", ON), ("adopted", ON)], [], "adopted"),
        ([("submitted", ON), ("adopted", ON)], [ON + ONE], "adopted"),
        ([("submitted", ON), ("adopted", ON)], [ON], "replaced"),
        ([("submitted", ON)], [ON], "submitted"),
        ([("submitted", ON + ONE)], [], "draft"),
    ],
)
def test_the_state_follows_from_steps(steps: Any, later: Any, found: str) -> None:
    assert rules.state(steps, later, ON) == found


def post(key: str = "most") -> Post:
    return Post.objects.get_or_create(organisation=make.organisation(key), title={"vi": "Bộ trưởng"})[0]


def member_task(key: str, whose: Post | None = None) -> Task:
    task = make.task(key=key, assigned_on=date(2025, 3, 1))
    Task.objects.filter(pk=task.pk).update(accountable_post=whose or post())
    task.refresh_from_db()
    return task


def drafted(*keys: str, whose: Post | None = None) -> PersonalProgramme:
    tasks = [member_task(key, whose) for key in keys]
    return actions.add_personal_programme(
        programme=make.programme(), post=whose or post(), from_on=ON, tasks=tasks, by=make.TEST, on=days.today()
    )


def adopted(*keys: str, on: date | None = None) -> PersonalProgramme:
    made, day = drafted(*keys), on or days.today()
    actions.submit_personal_programme(personal=made, by=make.office(), on=day)
    return actions.adopt_personal_programme(personal=made, document="1/QĐ-BCĐ", by=make.office(), on=day)


def state(made: PersonalProgramme, on: date | None = None) -> str:
    return queries.states([made], on or days.today())[made.pk]


@pytest.mark.django_db
def test_a_later_adopted_one_replaces_the_earlier_from_its_day() -> None:
    yesterday = days.today() - ONE
    first, second = adopted("a", on=yesterday), drafted("b")
    other = adopted_of_another()
    actions.submit_personal_programme(personal=second, by=make.office(), on=days.today())
    assert (state(first), state(second)) == ("adopted", "submitted")
    actions.adopt_personal_programme(personal=second, document="2/QĐ-BCĐ", by=make.office(), on=days.today())
    assert (state(first), state(second), state(other)) == ("replaced", "adopted", "adopted")
    assert (state(first, yesterday), state(second, yesterday)) == ("adopted", "draft")


def adopted_of_another() -> PersonalProgramme:
    made = drafted("other", whose=post("mof"))
    actions.submit_personal_programme(personal=made, by=make.office(), on=days.today())
    return actions.adopt_personal_programme(personal=made, document="3/QĐ", by=make.office(), on=days.today())


@pytest.mark.django_db
def test_only_tasks_that_the_post_answers_for_stand_in_it() -> None:
    made, foreign = drafted("a"), make.task(key="foreign")
    chosen = [Task.objects.get(key="a"), foreign]
    assert refused(lambda: actions.choose_personal_tasks(personal=made, tasks=chosen, by=make.TEST, on=ON)) == (
        "personal_task", "tasks", 422,
    )  # fmt: skip
    outside = make.task(key="outside", within=make.programme("other"))
    Task.objects.filter(pk=outside.pk).update(accountable_post=post())
    outside.refresh_from_db()
    assert refused(lambda: actions.choose_personal_tasks(personal=made, tasks=[outside], by=make.TEST, on=ON))[0] == (
        "personal_task"
    )


@pytest.mark.django_db
def test_what_is_submitted_stands_still_until_it_is_returned() -> None:
    made, office, today = drafted("a"), make.office(), days.today()
    task = Task.objects.get(key="a")

    def change() -> Any:
        return actions.choose_personal_tasks(personal=made, tasks=[task], by=office, on=today)

    assert refused(lambda: actions.adopt_personal_programme(personal=made, document="x", by=office, on=today)) == (
        "personal_not_submitted", None, 409,
    )  # fmt: skip
    actions.submit_personal_programme(personal=made, by=office, on=today)
    assert refused(change) == ("personal_submitted", None, 409)
    assert refused(lambda: actions.adopt_personal_programme(personal=made, document="x", by=office, on=today)) == (
        "personal_own", None, 403,
    )  # fmt: skip
    leader = make.actor("leader")
    assert refused(lambda: actions.return_personal_programme(personal=made, reason=" ", by=leader, on=today))[0] == (
        "reason_missing"
    )
    assert refused(lambda: actions.adopt_personal_programme(personal=made, document=" ", by=leader, on=today)) == (
        "document_missing", "document", 422,
    )  # fmt: skip
    actions.return_personal_programme(personal=made, reason="Thiếu nhiệm vụ", by=leader, on=today)
    change()
    actions.submit_personal_programme(personal=made, by=office, on=today)
    actions.adopt_personal_programme(personal=made, document="1/QĐ", by=leader, on=today)
    assert refused(change) == ("personal_adopted", None, 409)


@pytest.mark.django_db
def test_an_empty_or_changed_one_is_refused() -> None:
    made = drafted()
    assert refused(lambda: actions.submit_personal_programme(personal=made, by=make.TEST, on=ON))[0] == "personal_empty"
    actions.choose_personal_tasks(personal=made, tasks=[member_task("a")], version=1, by=make.TEST, on=ON)
    assert refused(lambda: actions.choose_personal_tasks(personal=made, tasks=[], version=1, by=make.TEST, on=ON))[
        0
    ] == ("changed_meanwhile")


@pytest.mark.django_db
def test_it_is_seen_within_rights_and_by_whoever_holds_the_post() -> None:
    made, holder = drafted("a"), make.person("citizen")
    PostHolder.objects.create(post=made.post, user=holder, from_on=days.today())
    seen = {
        "office": make.office(),
        "focal point of the body": make.actor("focal_point", made.post.organisation.scope),
        "holder": holder.actor(),
    }
    for name, by in seen.items():
        assert [each.pk for each in queries.visible(by)] == [made.pk], name
    for by in (
        make.actor("focal_point", make.organisation("moh").scope),
        make.stranger(),
        make.actor("commune_officer"),
    ):
        assert not queries.visible(by).exists()
    assert enter(make.person("commune_officer")).get(f"/desk/personal/{made.pk}/").status_code == 404


@pytest.mark.django_db
def test_the_page_tells_what_is_missing_and_hidden() -> None:
    made = drafted("a")
    member_task("left")
    office = enter(make.person("office"))
    html = read(office, f"personal/{made.pk}/")
    assert "1 of 2 tasks this post is accountable for" in html
    assert "Left out, though the post is accountable" in html
    elsewhere = make.person("citizen")
    PostHolder.objects.create(post=made.post, user=elsewhere, from_on=days.today())
    assert "1 task lies outside your rights." in read(enter(elsewhere), f"personal/{made.pk}/")


@pytest.mark.django_db
def test_it_goes_its_way_through_the_pages() -> None:
    member_task("a")
    member_task("b")
    office, leader = enter(make.person("office")), enter(make.person("leader"))
    said = {"post": post().pk, "programme": "resolution57", "from_on": ON.isoformat()}
    assert office.post("/desk/personal/add/", {**said, "until_on": "2020-01-01"}).status_code == 422
    address = office.post("/desk/personal/add/", said)["Location"]
    assert office.post(address, {"act": "choose", "task": [], "version": "1"}).status_code == 302
    html = office.get(address).content.decode()
    assert "Tick those below that belong to it" in html
    assert 'value="submit"' not in html, "an empty programme is not submitted"
    assert office.post(address, {"act": "choose", "task": ["b"], "version": "2"}).status_code == 302
    assert 'value="submit"' in office.get(address).content.decode()
    assert office.post(address, {"act": "submit"}).status_code == 302
    assert office.post(address, {"act": "adopt", "document": "1/QĐ"}).status_code == 403
    assert leader.post(address, {"act": "adopt", "document": ""}).status_code == 422
    assert leader.post(address, {"act": "adopt", "document": "1/QĐ-BCĐ"}).status_code == 302
    html = leader.get(address).content.decode()
    assert "1/QĐ-BCĐ" in html
    assert "1 of 2 tasks" in html
    listed = read(leader, "personal/?state=adopted")
    assert address in listed
    assert "No personal action programme fits these conditions." in read(leader, "personal/?state=draft")


@pytest.mark.django_db
def test_the_list_is_empty_with_a_sentence_and_constant_in_queries() -> None:
    client = enter(make.person("office"))
    assert 'class="card-b empty"' in read(client, "personal/")
    assert "No post is recorded yet" in read(client, "personal/add/")
    drafted("a")
    with CaptureQueriesContext(connection) as few:
        read(client, "personal/")
    for at in range(8):
        drafted(f"m{at}", whose=post(f"body{at}"))
    with CaptureQueriesContext(connection) as many:
        read(client, "personal/")
    assert len(many) == len(few)


@pytest.mark.django_db
def test_what_was_known_before_holds_the_tasks_of_then() -> None:
    made = drafted("a")
    moment = days.now()
    actions.choose_personal_tasks(personal=made, tasks=[], by=make.TEST, on=days.today())
    with past.known_at(moment):
        assert [each.key for each in queries.content(make.TEST, days.today(), made).lines] == ["a"]
    assert queries.content(make.TEST, days.today(), made).lines == []


@pytest.mark.django_db
def test_the_api_does_the_same() -> None:
    member_task("a")
    office, leader = Api(make.person("office")), Api(make.person("leader"))
    body = {"programme": "resolution57", "post": post().pk, "from_on": "2026-06-01"}
    assert office.post("/personal-programmes", {**body, "post": 999_999}, 404)["code"] == "not_found"
    made = office.post("/personal-programmes", body)
    assert (made["state"], [each["key"] for each in made["tasks"]], made["left_out"]) == ("draft", ["a"], [])
    path = f"/personal-programmes/{made['id']}"
    assert office.post(f"{path}/submit", {}, 200)["state"] == "submitted"
    assert leader.post(f"{path}/return", {"reason": "Bổ sung"}, 200)["state"] == "draft"
    office.post(f"{path}/submit", {}, 200)
    assert leader.post(f"{path}/adopt", {"document": "1/QĐ"}, 200)["steps"][-1]["document"] == "1/QĐ"
    assert [each["state"] for each in leader.get("/personal-programmes")["items"]] == ["adopted"]
    assert Api(make.person("commune_officer")).get("/personal-programmes")["count"] == 0
    Api().get("/personal-programmes", 401)
    assert office.get("/personal-programmes?as_of=2020-01-01")["count"] == 0


@pytest.mark.django_db
def test_what_the_writer_may_not_see_stays_whatever_they_choose() -> None:
    """A choice is kept over the tasks that were shown; the others stand after them, in their order."""
    held = drafted("a", "b")
    hidden = member_task("hidden")
    PersonalLine.objects.create(personal=held, task=hidden, order=3)
    Task.objects.filter(pk=hidden.pk).update(assigned_on=days.today() + ONE)  # not known today
    page = f"/desk/personal/{held.pk}/"
    assert enter(make.person("office")).post(page, {"act": "choose", "task": ["b"], "version": "1"}).status_code == 302
    assert list(held.lines.order_by("order").values_list("task__key", flat=True)) == ["b", "hidden"]
    actions.choose_personal_tasks(personal=held, tasks=[], by=make.office(), on=days.today())
    assert [each.task.key for each in held.lines.all()] == ["hidden"]
