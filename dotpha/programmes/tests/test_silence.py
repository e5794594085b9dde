"""Silence: it accepts a task after three working days, it sends a request up after five."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dotpha.accounts.models import User
from dotpha.platform import days as clock
from dotpha.platform.actors import Actor
from dotpha.platform.zone import ZONE
from dotpha.programmes import actions, inbox
from dotpha.programmes.models import Task
from dotpha.programmes.queries import one, overview, tasks
from dotpha.programmes.rules import silence
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.histories import days
from dotpha.programmes.tests.test_pages_task import page, signed_in

ONE = timedelta(days=1)
FRIDAY = date(2026, 6, 5)


def test_working_days_are_counted_from_the_day_after() -> None:
    assert silence.accepted_by_default_on(FRIDAY) == date(2026, 6, 11)  # Monday, Tuesday, Wednesday pass
    assert silence.goes_up_on(FRIDAY) == date(2026, 6, 13)
    assert silence.accepted_by_default_on(date(2025, 8, 29)) == date(2025, 9, 6)  # the National Day holidays between


@settings(max_examples=200, deadline=None)
@given(days(), days(), st.integers(1, 8))
def test_the_twin_for_lists_draws_the_same_line(since: date, on: date, working_days: int) -> None:
    assert (silence.ends(since, working_days) <= on) is (since <= silence.latest(on, working_days))


def at_nine(on: date) -> datetime:
    return datetime.combine(on, time(9), ZONE)


@pytest.fixture
def task(db: None, monkeypatch: pytest.MonkeyPatch) -> Task:
    """Entered on a Friday, long after its document."""
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: at_nine(FRIDAY))
        return entered("t", make.office())


def entered(key: str, by: Actor) -> Task:
    make.organisation("most")
    row = make.row(key=key, deadline_text="31/12/2026", assigned_on=date(2026, 1, 5))
    return actions.add_task(programme=make.programme(), row=row, by=by, on=FRIDAY)


def seen(on: date) -> tuple[bool, bool, date | None]:
    """Whether the task is to be taken on, is listed as accepted by default, and since when its page says so."""
    owner = User.objects.filter(username="o").first() or make.person("owner", make.organisation("most").scope, "o")
    rows = tasks.visible(make.TEST, on).filter(overview.condition("silent", on))
    card = one.card(make.TEST, "t", on)
    return inbox.to_take_on(owner.actor(), on).exists(), rows.exists(), card.accepted_by_default_on


def test_page_inbox_and_list_turn_on_the_same_day(task: Task) -> None:
    accepted_on = date(2026, 6, 11)
    assert seen(accepted_on - ONE) == (True, False, None)
    assert seen(accepted_on) == (False, True, accepted_on)
    assert seen(accepted_on + 90 * ONE) == (False, True, accepted_on)


def test_what_a_program_loaded_was_given_on_its_own_day(db: None) -> None:
    """A data pack is the record of what was assigned long ago."""
    entered("t", make.TEST)
    assert seen(clock.today()) == (False, True, silence.accepted_by_default_on(date(2026, 1, 5)))


@pytest.mark.parametrize("answer", ["accept", "dispute", "report"])
def test_who_answered_is_not_taken_for_silent(task: Task, answer: str) -> None:
    owner, on = make.owner(), FRIDAY + 3 * ONE
    if answer == "accept":
        actions.accept_task(task=task, by=owner, on=on)
    elif answer == "dispute":
        actions.dispute_task(task=task, reason="không thuộc thẩm quyền", by=owner, on=on)
    else:
        row = actions.ReportRow(summary="Đã trình", percent=10)
        actions.draft_report(task=task, row=row, by=owner, on=on)
    assert seen(date(2026, 7, 1)) == (False, False, None)


def test_the_task_page_and_the_list_say_so(task: Task) -> None:
    client = signed_in(make.person("owner", make.organisation("most").scope, locale="en"))
    shown = page(client, "/desk/tasks/t/")
    assert "Accepted by default" in shown
    assert "The task is new to your agency." not in shown
    assert "/desk/tasks/t/" in page(client, "/desk/tasks/?only=silent&view=all")


def test_a_request_goes_up_to_the_leader_after_five_working_days(db: None) -> None:
    task = make.task(key="t", deadline_text="31/12/2026", on=FRIDAY, assigned_on=FRIDAY)
    asked = actions.request_extension(
        task=task, new_due_on=date(2027, 3, 1), reason="chờ vốn", by=make.owner(), on=FRIDAY
    )
    office, leader = make.office(), make.actor("leader")
    up_on = date(2026, 6, 13)
    assert [inbox.to_decide(each, FRIDAY).count() for each in (office, leader)] == [1, 0]
    assert [inbox.gone_up(leader, day).count() for day in (up_on - ONE, up_on)] == [0, 1]
    assert inbox.gone_up(office, up_on).count() == 0
    assert inbox.to_decide(office, up_on).count() == 1  # the first level may still decide
    duty = next(each for each in inbox.LISTS if each.key == "gone_up").duties(leader, up_on, 10)[0]
    assert (duty.subject, duty.waits) == (asked.subject, True)
    actions.grant_extension(extension=asked, by=leader, on=up_on)
    assert inbox.gone_up(leader, up_on).count() == inbox.to_decide(office, up_on).count() == 0


def test_an_answer_of_a_later_day_is_not_known_before(task: Task) -> None:
    """The list of a past day says what its page says: an acceptance of today did not end the silence of then."""
    owner = make.person("owner", make.organisation("most").scope, "o")
    was = silence.accepted_by_default_on(FRIDAY)
    later = was + 30 * ONE
    actions.accept_task(task=task, by=owner.actor(), on=later)
    assert seen(was) == (False, True, was)
    assert seen(later) == (False, False, None)
