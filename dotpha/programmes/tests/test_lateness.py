"""Lateness by its rules, for any history; and the twin in SQL answers the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dotpha.platform import days as clock
from dotpha.platform import past
from dotpha.programmes import actions
from dotpha.programmes.actions.adding import changes_of
from dotpha.programmes.models import Assignment, Extension, Membership, Task
from dotpha.programmes.queries import lists, overview, summary, tasks
from dotpha.programmes.rows import Change as Granted
from dotpha.programmes.rules import lateness
from dotpha.programmes.rules.breakdown import Counts, count_states
from dotpha.programmes.rules.lateness import Change, State, TaskDates
from dotpha.programmes.tests import factories
from dotpha.programmes.tests.histories import EDGES, days, histories

DUE = date(2025, 6, 30)
ONE = timedelta(days=1)
QUICK = settings(max_examples=200, deadline=None)


def state(on: date, **facts: object) -> str:
    return lateness.state(TaskDates(original_due_on=DUE, **facts), on).value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("left", "expected"),
    [(8, "not_started"), (7, "due_soon"), (1, "due_soon"), (0, "due_soon"), (-1, "overdue"), (-400, "overdue")],
)
def test_the_state_turns_on_the_days_that_the_contract_names(left: int, expected: str) -> None:
    assert state(DUE - timedelta(days=left)) == expected


def test_a_start_shows_only_from_its_day() -> None:
    started_on = date(2025, 3, 1)
    assert [state(day, started_on=started_on) for day in (started_on - ONE, started_on)] == [
        "not_started",
        "in_progress",
    ]


@pytest.mark.parametrize(("late", "expected"), [(-1, "done_on_time"), (0, "done_on_time"), (1, "done_late")])
def test_done_is_judged_by_the_due_date_of_that_day(late: int, expected: str) -> None:
    completed_on = DUE + timedelta(days=late)
    assert state(date(2026, 1, 1), completed_on=completed_on) == expected


def test_a_change_granted_after_completion_alters_nothing() -> None:
    facts = {"completed_on": DUE + ONE, "changes": (Change(DUE + 2 * ONE, date(2026, 1, 1)),)}
    assert state(date(2026, 2, 1), **facts) == "done_late"


def test_an_extension_granted_late_leaves_the_days_before_it_overdue() -> None:
    granted = (Change(DUE + 10 * ONE, date(2025, 12, 31)),)
    seen = [state(DUE + n * ONE, changes=granted) for n in (1, 9, 10)]
    assert seen == ["overdue", "overdue", "not_started"]
    dates = TaskDates(original_due_on=DUE, changes=granted)
    assert lateness.days_overdue_total(dates, date(2025, 12, 1)) == 9


def test_of_two_changes_on_one_day_the_later_entry_holds() -> None:
    granted = (Change(DUE, date(2025, 9, 30)), Change(DUE, date(2025, 7, 31)))
    assert TaskDates(original_due_on=DUE, changes=granted).due_on(DUE) == date(2025, 7, 31)


def test_a_suspension_empties_the_due_date_and_ends_with_the_task() -> None:
    dates = TaskDates(original_due_on=DUE, changes=(Change(DUE - ONE, None),))
    ended = replace(dates, cancelled_on=DUE + ONE)
    assert (lateness.state(dates, DUE + 99 * ONE), dates.is_suspended(DUE)) == (State.NOT_STARTED, True)
    assert (ended.is_suspended(DUE), ended.is_suspended(DUE + ONE)) == (True, False)


def test_on_one_day_completion_comes_before_cancellation() -> None:
    assert state(DUE, completed_on=DUE, cancelled_on=DUE) == "done_on_time"
    assert state(DUE, completed_on=DUE, cancelled_on=DUE - ONE) == "cancelled"


def test_a_cancelled_task_was_overdue_until_the_day_before() -> None:
    dates = TaskDates(original_due_on=DUE, cancelled_on=DUE + 5 * ONE)
    assert lateness.days_overdue_total(dates, date(2026, 1, 1)) == 4
    done = TaskDates(original_due_on=DUE, completed_on=DUE + 5 * ONE)
    assert lateness.days_overdue_total(done, date(2026, 1, 1)) == 5


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2025, 6, 30, 16, 59, 59, tzinfo=UTC), date(2025, 6, 30)),
        (datetime(2025, 6, 30, 17, 0, tzinfo=UTC), date(2025, 7, 1)),
        (datetime(2025, 12, 31, 17, 0, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2024, 2, 29, 16, 59, tzinfo=UTC), date(2024, 2, 29)),
        (datetime.fromisoformat("2025-06-30T23:59:59-10:00"), date(2025, 7, 1)),
        (datetime.fromisoformat("2025-07-01T06:59:59+14:00"), date(2025, 6, 30)),
    ],
)
def test_near_midnight_the_day_is_that_of_viet_nam(moment: datetime, day: date) -> None:
    assert clock.day_of(moment) == day


@QUICK
@given(histories(), days())
def test_the_future_is_not_known(dates: TaskDates, on: date) -> None:
    """Cutting away all that is dated later changes nothing on the day."""

    def by(day: date | None) -> date | None:
        return day if day and day <= on else None

    cut = replace(
        dates,
        started_on=by(dates.started_on),
        completed_on=by(dates.completed_on),
        cancelled_on=by(dates.cancelled_on),
        changes=tuple(each for each in dates.changes if each.granted_on <= on),
    )
    assert lateness.state(cut, on) == lateness.state(dates, on)
    assert (cut.due_on(on), cut.is_suspended(on)) == (dates.due_on(on), dates.is_suspended(on))
    assert lateness.days_left(cut, on) == lateness.days_left(dates, on)
    assert lateness.days_overdue_total(cut, on) == lateness.days_overdue_total(dates, on)


@QUICK
@given(histories(), days())
def test_an_ended_task_keeps_its_state_for_ever(dates: TaskDates, on: date) -> None:
    ended = dates.ended_on and dates.ended_on <= on
    if ended:
        assert {lateness.state(dates, on + n * ONE) for n in (0, 1, 400)} == {lateness.state(dates, dates.ended_on)}
    assert (lateness.state(dates, on) in lateness.ENDED) is bool(ended)


@QUICK
@given(histories(), days())
def test_days_overdue_are_those_on_which_the_state_says_so(dates: TaskDates, on: date) -> None:
    """The sum equals a count of the days, one by one; a late completion's own day belongs to it."""
    begin = min([day for day in (dates.original_due_on, dates.completed_on, FIRST) if day])
    span = [begin + n * ONE for n in range((on - begin).days + 1)]
    counted = sum(lateness.state(dates, day) is State.OVERDUE for day in span)
    late = lateness.state(dates, on) is State.DONE_LATE
    assert lateness.days_overdue_total(dates, on) == counted + late


FIRST = date(2024, 2, 1)


@QUICK
@given(histories(), days())
def test_days_left_and_state_agree(dates: TaskDates, on: date) -> None:
    left, now = lateness.days_left(dates, on), lateness.state(dates, on)
    assert (left is not None and left < 0) is (now is State.OVERDUE)
    assert (left is not None and 0 <= left <= 7) is (now is State.DUE_SOON)


@QUICK
@given(histories(), days())
def test_against_the_original_no_change_counts(dates: TaskDates, on: date) -> None:
    bare = replace(dates, changes=())
    assert lateness.state_against_original(dates, on) == lateness.state(bare, on)


# --- the twin in SQL ------------------------------------------------------------------------------


@pytest.fixture
def programme(db: None) -> object:
    for key in ("most", "mof", "mps"):
        factories.organisation(key)
    made = factories.programme()
    actions.add_groups(
        programme=made, by=factories.TEST, rows=[actions.GroupRow(f"g{n}", {"vi": f"Nhóm {n}"}, n) for n in (1, 2)]
    )
    return made


def write(programme: object, many: list[TaskDates]) -> list[Task]:
    """Tasks with these histories, spread over leads, groups and places, all assigned early."""
    Extension.objects.all().delete()
    Assignment.objects.all().delete()
    Membership.objects.all().delete()
    Task.objects.all().delete()
    leads = [factories.organisation(key) for key in ("most", "mof", "mps")]
    groups = [*programme.groups.all(), None]  # type: ignore[attr-defined]
    places = [factories.place("province-a"), factories.place("province-b"), None]
    made = Task.objects.bulk_create(
        Task(
            key=f"h-{n}", title={"vi": "Việc"}, assigned_on=FIRST, deadline_kind="date",
            original_due_on=dates.original_due_on, started_on=dates.started_on, completed_on=dates.completed_on,
            cancelled_on=dates.cancelled_on, place=places[n % 3],
        )
        for n, dates in enumerate(many)
    )  # fmt: skip
    for n, (task, dates) in enumerate(zip(made, many, strict=True)):
        Assignment.objects.create(task=task, organisation=leads[n % 3], part="lead", from_on=FIRST)
        Membership.objects.create(task=task, programme=programme, group=groups[(n // 2) % 3])
        rows = [Granted(each.granted_on, each.new_due_on, "x") for each in dates.changes]
        Extension.objects.bulk_create(changes_of(rows, task))
    return made


TWIN = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@TWIN
@given(many=st.lists(histories(), min_size=1, max_size=12), more=st.lists(days(), max_size=3))
def test_sql_and_python_say_the_same(programme: object, many: list[TaskDates], more: list[date]) -> None:
    made = write(programme, many)
    for on in {*more, *EDGES[:4], many[0].original_due_on or EDGES[5]}:
        rows = tasks.with_state(Task.objects.all(), on).values_list("key", "state", "due_on")
        asked = {key: (state, due_on) for key, state, due_on in rows}
        for task, dates in zip(made, many, strict=True):
            judged_on = min(filter(None, (on, dates.ended_on)))
            assert asked[task.key] == (lateness.state(dates, on).value, dates.due_on(judged_on)), (dates, on)
            assert tasks.task_dates(task).due_on(on) == dates.due_on(on)
        still = set(Task.objects.filter(tasks.is_open(on)).values_list("key", flat=True))
        assert still == {key for key, (state, _due_on) in asked.items() if state in overview.OPEN}


@TWIN
@given(many=st.lists(histories(), min_size=1, max_size=12), on=days())
def test_against_the_original_dates_sql_and_python_say_the_same(
    programme: object, many: list[TaskDates], on: date
) -> None:
    made = write(programme, many)
    asked = dict(tasks.with_state(Task.objects.all(), on, original=True).values_list("key", "state"))
    assert asked == {
        task.key: lateness.state_against_original(dates, on).value for task, dates in zip(made, many, strict=True)
    }
    expected = count_states(lateness.state_against_original(each, on) for each in many)
    assert summary.summary(factories.TEST, lists.Asked(original=True), "lead", on)[1] == expected


@TWIN
@given(many=st.lists(histories(), min_size=1, max_size=12), on=days())
def test_counts_lose_nothing_by_whatever_they_are_grouped(programme: object, many: list[TaskDates], on: date) -> None:
    write(programme, many)
    expected = count_states(lateness.state(each, on) for each in many)
    for by in summary.BY:
        rows, total = summary.summary(factories.TEST, lists.Asked(programme="resolution57"), by, on)
        assert (sum((row.counts for row in rows), Counts()), total) == (expected, expected), by
        assert total.assigned == total.done_on_time + total.done_late + total.in_time + total.overdue
        assert total.assigned + total.cancelled == len(many)
        assert all(row.counts != Counts() for row in rows), "rows without any task are left out"


@TWIN
@given(many=st.lists(histories(), min_size=1, max_size=12), on=days())
def test_a_list_of_each_state_holds_as_many_as_the_summary_says(
    programme: object, many: list[TaskDates], on: date
) -> None:
    write(programme, many)
    rows, _total = summary.summary(factories.TEST, lists.Asked(), "state", on)
    counted = {row.key: row.counts.assigned + row.counts.cancelled for row in rows}
    assert counted == Counter(lateness.state(each, on).value for each in many)
    for each in counted:
        listed = lists.listed(factories.TEST, lists.Asked(states=(each,)), on)
        assert listed.count() == counted[each]


@pytest.mark.django_db
def test_what_was_known_then_is_answered_as_it_was_known() -> None:
    """A grant recorded later is not seen at an earlier moment, though it holds for an earlier day."""
    task = factories.task(deadline_text="30/6/2025", on=DUE)
    before = clock.now()
    line = Granted(DUE - 30 * ONE, date(2025, 12, 31), "x")
    row = factories.row(extensions=(line,), given=frozenset({"extensions"}), key=task.key)
    actions.change_task(task=task, row=row, by=factories.TEST, on=DUE)
    on = DUE + ONE
    with past.known_at(before):
        then = tasks.with_state(Task.objects.all(), on).values_list("state", "due_on").get()
    now = tasks.with_state(Task.objects.all(), on).values_list("state", "due_on").get()
    assert (then, now) == (("overdue", DUE), ("not_started", date(2025, 12, 31)))
