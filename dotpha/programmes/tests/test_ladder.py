"""The overdue ladder: derived from dates, the same in SQL; notices given once; steps answered; letters of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dotpha.accounts.models import User
from dotpha.platform import days as clock
from dotpha.platform import numbers
from dotpha.platform.tests.refusals import code as refused
from dotpha.programmes import actions, jobs
from dotpha.programmes.actions.adding import changes_of
from dotpha.programmes.models import Extension, LadderAnswer, Notice, Task
from dotpha.programmes.queries import ladder as queries
from dotpha.programmes.queries import tasks
from dotpha.programmes.rules import ladder, lateness
from dotpha.programmes.rules.ladder import Step
from dotpha.programmes.rules.lateness import Change, TaskDates
from dotpha.programmes.task_row import Change as Granted
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.histories import days, histories
from dotpha.programmes.tests.test_api import Api
from dotpha.programmes.tests.test_pages_task import page, sent, signed_in

DUE = date(2026, 6, 30)
ONE = timedelta(days=1)
QUICK = settings(max_examples=200, deadline=None)


@pytest.mark.parametrize(
    ("after", "step", "begun"),
    [
        (-16, None, 0), (-15, "before_15", -15), (-8, "before_15", -15), (-7, "before_7", -7), (-1, "before_1", -1),
        (0, "before_1", -1), (1, "owner", 1), (4, "owner", 1), (5, "head", 5), (15, "office", 15),
        (30, "meeting", 30), (400, "meeting", 30),
    ],
)  # fmt: skip
def test_steps_begin_on_the_days_of_the_requirement(after: int, step: str | None, begun: int) -> None:
    found = ladder.standing(TaskDates(original_due_on=DUE), DUE + after * ONE)
    assert (found and found.step) == step
    assert found is None or found.since == DUE + begun * ONE


def test_a_late_grant_begins_its_steps_on_its_own_day() -> None:
    granted_on = DUE + 40 * ONE
    dates = TaskDates(original_due_on=DUE, changes=(Change(granted_on, granted_on + 3 * ONE),))
    assert ladder.standing(dates, granted_on) == ladder.Standing(Step.BEFORE_7, granted_on, granted_on + 3 * ONE)


@QUICK
@given(histories(), days())
def test_it_stands_exactly_while_the_task_is_open_and_due_or_soon(dates: TaskDates, on: date) -> None:
    found, state, due_on = ladder.standing(dates, on), lateness.state(dates, on), dates.due_on(on)
    assert (found is not None) is (state not in lateness.ENDED and due_on is not None and (due_on - on).days <= 15)
    assert (found is not None and found.step in ladder.OVERDUE) is (state is lateness.State.OVERDUE)
    if found:
        assert found.since <= on
        assert found.due_on == due_on


@QUICK
@given(histories(), days(), st.integers(1, 60))
def test_without_a_change_it_only_climbs_and_every_end_stops_it(dates: TaskDates, on: date, later: int) -> None:
    still = replace(dates, changes=(), completed_on=None, cancelled_on=None)
    order = list(Step)
    now, then = ladder.standing(still, on), ladder.standing(still, on + later * ONE)
    assert now is None or (then is not None and order.index(now.step) <= order.index(then.step))
    day = on + later * ONE
    assert ladder.standing(replace(still, completed_on=on), day) is None
    assert ladder.standing(replace(still, cancelled_on=on), day) is None
    assert ladder.standing(replace(still, changes=(Change(on, None),)), day) is None
    extended = ladder.standing(replace(still, changes=(Change(on, day + 16 * ONE),)), day)
    assert extended is None


def keep(task: Task, dates: TaskDates) -> None:
    """Give a task this history."""
    Extension.objects.filter(task=task).delete()
    facts = {name: getattr(dates, name) for name in ("original_due_on", "started_on", "completed_on", "cancelled_on")}
    Task.objects.filter(pk=task.pk).update(assigned_on=date(2024, 1, 1), **facts)
    task.refresh_from_db()
    rows = [Granted(each.granted_on, each.new_due_on, "x") for each in dates.changes]
    Extension.objects.bulk_create(changes_of(rows, task))


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dates=histories(), on=days())
def test_the_twin_in_sql_tells_the_same_step_since_the_same_day(dates: TaskDates, on: date) -> None:
    """Of any history: what the list and the API say of a task is what its page says."""
    make.organisation("most")
    task = Task.objects.filter(key="twin").first() or make.task(key="twin", on=date(2024, 1, 1))
    keep(task, dates)
    row = queries.with_step(tasks.with_state(tasks.assigned(on), on), on).get(key="twin")
    told = (row.ladder_step, ladder.since(Step(row.ladder_step), row.due_on, row.moved_on)) if row.ladder_step else None
    found = ladder.standing(dates, on)
    assert told == ((found.step, found.since) if found else None)


@pytest.fixture
def late(db: None) -> Task:
    """Overdue for twenty days today."""
    today = clock.today()
    made = make.task(key="late", deadline_text=(today - 20 * ONE).isoformat(), assigned_on=today - 100 * ONE)
    return made


def due_in(number: int, key: str) -> Task:
    today = clock.today()
    return make.task(key=key, deadline_text=(today + number * ONE).isoformat(), assigned_on=today - 100 * ONE)


def told(user: User) -> list[tuple[str, str]]:
    return sorted(Notice.objects.filter(user=user).values_list("task__key", "step"))


def test_each_step_is_told_to_whom_it_concerns(late: Task) -> None:
    scope = make.organisation("most").scope
    owner, head, office = make.person("owner", scope), make.person("approver", scope), make.person("office")
    other, everywhere = make.person("owner", make.organisation("moh").scope), make.person("leader")
    for number, key in ((14, "soon"), (30, "far"), (-2, "two"), (-6, "six"), (-31, "month")):
        due_in(number, key)
    jobs.give_notices()
    assert told(owner) == [("soon", "before_15"), ("two", "owner")]
    assert told(head) == [("six", "head")]
    assert told(office) == [("late", "office"), ("month", "meeting")]
    assert told(other) == told(everywhere) == []


def test_the_office_is_told_of_a_collective_task_once_not_of_each_part(late: Task) -> None:
    part = due_in(-20, "part")
    Task.objects.filter(pk=part.pk).update(is_part=True, parent=late)
    office = make.person("office")
    jobs.give_notices()
    assert told(office) == [("late", "office")]


def test_told_twice_a_day_nothing_is_told_twice_and_missed_days_bring_one_step(db: None) -> None:
    owner, today = make.person("owner", make.organisation("most").scope), clock.today()
    due_in(15, "t")
    for on in (today, today, today + 13 * ONE, today + 30 * ONE):  # a gap: the steps passed over are not told
        actions.give_notices(user=owner, by=make.TEST, on=on)
    assert told(owner) == [("t", "before_15"), ("t", "before_7")]  # then it was the office's


def test_a_new_due_date_is_told_anew(db: None) -> None:
    owner, today = make.person("owner", make.organisation("most").scope), clock.today()
    task = due_in(5, "t")
    actions.give_notices(user=owner, by=make.TEST, on=today)
    asked = actions.request_extension(task=task, new_due_on=today + 6 * ONE, reason="x", by=owner.actor(), on=today)
    actions.grant_extension(extension=asked, by=make.office(), on=today)
    actions.give_notices(user=owner, by=make.TEST, on=today)
    assert list(Notice.objects.values_list("step", "due_on").order_by("pk")) == [
        ("before_7", today + 5 * ONE), ("before_7", today + 6 * ONE),
    ]  # fmt: skip


@pytest.fixture
def letters(settings: Any) -> list[Any]:
    settings.EMAIL = "smtp"
    return mail.outbox


def test_one_letter_a_day_in_the_readers_language(late: Task, letters: list[Any]) -> None:
    office = make.person("office", email="office@example.vn", locale="en")
    today = clock.today()
    actions.give_notices(user=office, by=make.TEST, on=today)
    assert [actions.mail_notices(user=office, by=make.TEST, on=today) for _again in range(2)] == [1, 0]
    assert [(each.to, each.subject) for each in letters] == [(["office@example.vn"], "1 task needs your attention")]
    assert late.heading.text in letters[0].body
    assert "/desk/tasks/late/" in letters[0].body
    due_in(-40, "more")
    actions.give_notices(user=office, by=make.TEST, on=today)
    assert actions.mail_notices(user=office, by=make.TEST, on=today) == 0  # the second of the day waits
    assert actions.mail_notices(user=office, by=make.TEST, on=today + ONE) == 1


def test_no_letter_where_e_mail_is_off_or_the_notice_was_seen(late: Task, settings: Any) -> None:
    office, today = make.person("office", email="office@example.vn"), clock.today()
    actions.give_notices(user=office, by=make.TEST, on=today)
    settings.EMAIL = ""
    jobs.mail_notices(office.pk)
    settings.EMAIL = "smtp"
    actions.see_notices(by=office.actor())
    assert actions.mail_notices(user=office, by=make.TEST, on=today) == 0
    assert mail.outbox == []


def test_a_letter_that_is_not_sent_is_not_marked_as_sent(late: Task, letters: list[Any], settings: Any) -> None:
    office, today = make.person("office", email="office@example.vn"), clock.today()
    actions.give_notices(user=office, by=make.TEST, on=today)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1,
    )  # fmt: skip
    with pytest.raises(ConnectionRefusedError):
        actions.mail_notices(user=office, by=make.TEST, on=today)
    assert Notice.objects.get().mailed_at is None


def test_a_step_is_answered_once_by_each_and_only_while_overdue(late: Task) -> None:
    owner, on = make.owner(), clock.today()
    contest = lambda: actions.contest_step(task=late, reason="đã nộp báo cáo", by=owner, on=on)  # noqa: E731
    assert refused(lambda: actions.contest_step(task=late, reason=" ", by=owner, on=on)) == "reason_missing"
    answer = contest()
    assert (answer.step, answer.due_on, answer.kind) == ("office", on - 20 * ONE, "contested")
    assert refused(contest) == "step_answered"
    actions.acknowledge_step(task=late, by=owner, on=on)
    assert refused(lambda: actions.acknowledge_step(task=due_in(3, "soon"), by=owner, on=on)) == "no_step"
    assert refused(lambda: actions.contest_step(task=late, reason="x", by=make.office(), on=on)) == "forbidden"
    assert ladder.standing(tasks.task_dates(late), on) is not None  # neither stops it


def test_the_page_of_the_ladder_counts_filters_and_exports(late: Task) -> None:
    client, owner = signed_in(make.person("office", locale="en")), make.owner()
    due_in(-2, "two")
    actions.contest_step(task=late, reason="đã nộp", by=owner, on=clock.today())
    shown = page(client, "/desk/ladder/")
    assert "2 overdue tasks stand on the ladder" in shown
    assert "product default" in shown
    assert "/desk/tasks/two/" not in page(client, "/desk/ladder/?step=office")
    assert "/desk/tasks/two/" not in page(client, "/desk/ladder/?only=contested")
    assert "No overdue task fits" in page(client, "/desk/ladder/?programme=none")
    rows = b"".join(client.get("/desk/ladder/?export=csv").streaming_content).decode()
    assert [line.split(",")[0] for line in rows.splitlines()[1:]] == ["late", "two"]
    assert "No overdue task fits" in page(signed_in(make.person("owner", make.organisation("moh").scope, locale="en")),
                                          "/desk/ladder/")  # fmt: skip


def test_the_pages_ask_as_many_queries_for_many_as_for_few(late: Task) -> None:
    office = make.person("office", locale="en")
    client = signed_in(office)

    def asked(address: str) -> int:
        actions.give_notices(user=office, by=make.TEST, on=clock.today())
        page(client, address)
        with CaptureQueriesContext(connection) as found:
            page(client, address)
        return len(found)

    few = [asked(address) for address in ("/desk/ladder/", "/desk/notices/")]
    for number in range(6):
        due_in(-40 - number, f"more-{number}")
    assert [asked(address) for address in ("/desk/ladder/", "/desk/notices/")] == few


@pytest.mark.parametrize("address", ["/desk/notices/", "/desk/notices/?all=true"])
def test_the_bell_and_the_page_of_notices_count_the_new_ones_once(late: Task, address: str) -> None:
    office = make.person("office", locale="en")
    client = signed_in(office)
    actions.give_notices(user=office, by=make.TEST, on=clock.today())
    with CaptureQueriesContext(connection) as found:
        html = page(client, address)
    assert '<span class="c hot">1</span>' in html
    counts = [
        each for each in found.captured_queries if "COUNT(*)" in each["sql"] and '"seen_at" IS NULL' in each["sql"]
    ]
    assert len(counts) == 1


def test_notices_are_counted_and_seen(late: Task) -> None:
    office, other = make.person("office", locale="en"), make.person("office", locale="en")
    due_in(-40, "month")
    jobs.give_notices()
    client = signed_in(office)
    assert "2 notices are new" in page(client, "/desk/notices/")
    first = Notice.objects.filter(user=office).first()
    assert first is not None
    sent(client, "/desk/notices/", {"number": first.pk})
    assert "1 notice is new" in page(client, "/desk/notices/")
    strange = Notice.objects.filter(user=other).first()
    assert strange is not None
    sent(client, "/desk/notices/", {"number": strange.pk}, 404)
    sent(client, "/desk/notices/", {})
    assert "Nothing new." in page(client, "/desk/notices/")
    assert "/desk/tasks/late/" in page(client, "/desk/notices/?all=true")
    assert (queries.unseen(office.actor()), queries.unseen(other.actor())) == (0, 2)


def test_the_task_page_shows_the_ladder_and_takes_the_answers(late: Task) -> None:
    client = signed_in(make.person("owner", make.organisation("most").scope, locale="en"))
    shown = page(client, "/desk/tasks/late/")
    assert "Due date: told to the standing office" in shown
    assert "Contest the step" in shown
    assert (
        'aria-invalid="true"' in sent(client, "/desk/tasks/late/acts/contest/", {"reason": " "}, 422).content.decode()
    )
    sent(client, "/desk/tasks/late/acts/contest/", {"reason": "đã trình tháng trước"})
    sent(client, "/desk/tasks/late/acts/acknowledge/", {})
    assert "đã trình tháng trước" in page(client, "/desk/tasks/late/")
    assert set(LadderAnswer.objects.values_list("kind", flat=True)) == {"contested", "acknowledged"}
    past = page(client, f"/desk/tasks/late/?as_of={clock.today() - 3 * ONE}")
    assert "đã trình tháng trước" not in past
    assert "Contest the step" not in past


def test_the_api_tells_the_ladder_and_the_notices(late: Task) -> None:
    client: Client = signed_in(make.person("owner", make.organisation("most").scope, locale="en"))
    due_in(7, "soon")
    jobs.give_notices()
    found = client.get("/api/v1/ladder").json()
    assert [(each["task"], each["step"], each["days_overdue"]) for each in found["items"]] == [("late", "office", 20)]
    answer = client.post("/api/v1/tasks/late/ladder/contest", {"reason": "x"}, content_type="application/json")
    assert (answer.status_code, answer.json()["step"]) == (201, "office")
    again = client.post("/api/v1/tasks/late/ladder/contest", {"reason": "x"}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "step_answered")
    one = client.get("/api/v1/tasks/late/ladder").json()
    assert (one["step"], [each["kind"] for each in one["answers"]], len(one["steps"])) == ("office", ["contested"], 7)
    notice = client.get("/api/v1/notices?unseen=true").json()["items"][0]
    assert (notice["task"], notice["step"]) == ("soon", "before_7")
    assert client.post(f"/api/v1/notices/{notice['id']}/seen").json()["seen_at"]
    assert client.get("/api/v1/notices?unseen=true").json()["count"] == 0
    assert Client().get("/api/v1/ladder").status_code == Client().get("/api/v1/notices").status_code == 401


def test_notices_of_an_agency_are_gone_with_the_right_to_read_its_tasks(late: Task, letters: list[Any]) -> None:
    """A notice shows the task as it is now: the page, the number in the menu and the letter ask the right again."""
    office, today = make.person("office", email="office@example.vn"), clock.today()
    actions.give_notices(user=office, by=make.TEST, on=today)
    assert (queries.unseen(office.actor()), queries.notices(office.actor()).count()) == (1, 1)
    office.grants.update(until_on=today - ONE)
    assert (queries.unseen(office.actor()), queries.notices(office.actor()).count()) == (0, 0)
    assert actions.mail_notices(user=office, by=make.TEST, on=today) == 0
    assert letters == []


@pytest.mark.django_db
def test_the_list_and_the_api_say_since_when_as_the_page_of_the_task_does() -> None:
    today = clock.today()
    task = make.task(key="moved", deadline_text=(today - 40 * ONE).isoformat(), assigned_on=today - 100 * ONE)
    Extension.objects.create(
        task=task, new_due_on=today - ONE, reason="x", requested_on=today - ONE, granted_on=today - ONE
    )
    person = make.person("office")
    listed = Api(person).get("/ladder")["items"][0]["since"]
    assert listed == Api(person).get("/tasks/moved/ladder")["since"] == str(today)
    assert f"since {numbers.day(today, 'en')}" in page(signed_in(person), "/desk/ladder/")
