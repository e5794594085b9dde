"""The deadline ledger: asked for, decided by others, suspended, settled; two at once leave one line in force."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dotpha.platform.models import AuditEvent
from dotpha.programmes import actions
from dotpha.programmes.models import Extension, Step, Task
from dotpha.programmes.queries import tasks
from dotpha.programmes.task_row import Change
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)
DUE = date(2026, 6, 30)
ONE = timedelta(days=1)


def the_task(**values: Any) -> Task:
    return make.task(on=ON, **{"key": "nq-1", **values})


def ask(task: Task, new_due_on: date = date(2026, 9, 30), on: date = ON, **facts: Any) -> Extension:
    facts = {"reason": "chờ vốn", "by": make.owner(), **facts}
    return actions.request_extension(task=task, new_due_on=new_due_on, on=on, **facts)


def grant(extension: Extension, on: date = ON, **facts: Any) -> Extension:
    return actions.grant_extension(extension=extension, by=make.office(), on=on, **facts)


def in_force(on: date) -> date | None:
    """By SQL and by Python: they must agree."""
    row = tasks.with_state(Task.objects.filter(key="nq-1"), on).get()
    assert tasks.task_dates(row).due_on(on) == row.due_on
    return row.due_on  # type: ignore[no-any-return]


def test_the_old_date_holds_until_the_day_of_the_grant() -> None:
    extension = ask(the_task())
    assert in_force(ON) == DUE
    grant(extension, ON + 3 * ONE)
    assert [in_force(ON + n * ONE) for n in (2, 3)] == [DUE, date(2026, 9, 30)]


def test_partly_granted_keeps_what_was_asked() -> None:
    extension = grant(ask(the_task()), new_due_on=date(2026, 8, 31), answer=" đủ ")
    assert (extension.asked_due_on, extension.new_due_on, extension.answer) == (
        date(2026, 9, 30), date(2026, 8, 31), "đủ",
    )  # fmt: skip
    assert AuditEvent.objects.filter(kind="extension.granted").get().after["partly"] is True


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"reason": "  "}, ("reason_missing", "reason", 422)),
        ({"reason_kind": "weather"}, ("reason_kind", "reason_kind", 422)),
        ({"new_due_on": DUE}, ("not_later", "new_due_on", 422)),
        ({"on": date(2026, 7, 5), "new_due_on": date(2026, 7, 5)}, ("not_later", "new_due_on", 422)),
    ],
)
def test_what_may_not_be_asked(facts: dict[str, Any], expected: tuple[str, str, int]) -> None:
    task = the_task()
    assert refused(lambda: ask(task, **facts)) == expected
    assert not Extension.objects.exists()


def test_an_undated_task_has_nothing_to_extend() -> None:
    task = the_task(deadline_text="thường xuyên")
    assert refused(lambda: ask(task)) == ("task_has_no_due_date", None, 409)


def test_one_request_waits_at_a_time() -> None:
    task = the_task()
    ask(task)
    assert refused(lambda: ask(task))[0] == "extension_open"


def test_a_request_after_the_due_date_is_marked_and_the_days_stay() -> None:
    task = the_task()
    ask(task, on=DUE + ONE)
    assert AuditEvent.objects.get(kind="extension.requested").after["late_request"] is True


def test_a_request_accepts_the_task_once() -> None:
    task = the_task()
    actions.withdraw_extension(extension=ask(task), by=make.owner(), on=ON)
    ask(task)
    assert list(Step.objects.values_list("kind", flat=True)) == ["accepted"]


def both_roles() -> Any:
    """Somebody who may ask and decide: the exception that an administrator may record."""
    user = make.person("owner", make.organisation("most").scope)
    user.grants.create(role="office", scope="all", from_on=date(2020, 1, 1), granted_by="test", exception_reason="x")
    return user.actor()


def test_nobody_decides_on_their_own_request_whatever_they_hold() -> None:
    me = both_roles()
    extension = ask(the_task(), by=me)
    own = ("own_request", None, 403)
    assert refused(lambda: actions.grant_extension(extension=extension, by=me, on=ON)) == own
    assert refused(lambda: actions.refuse_extension(extension=extension, answer="x", by=me, on=ON)) == own
    assert in_force(ON) == DUE


def test_a_lead_does_not_decide_on_its_own_tasks() -> None:
    """An approver of the agency that leads does not stand above the task; the programme's own does."""
    extension = ask(the_task())
    assert refused(lambda: actions.grant_extension(extension=extension, by=make.approver(), on=ON))[2] == 403
    decider = make.actor("approver", "programme/resolution57/")
    assert actions.grant_extension(extension=extension, by=decider, on=ON).state == "granted"


def test_a_request_is_decided_once() -> None:
    extension = grant(ask(the_task()))
    decided = ("already_decided", None, 409)
    assert refused(lambda: grant(extension)) == decided
    assert (
        refused(lambda: actions.refuse_extension(extension=extension, answer="x", by=make.office(), on=ON)) == decided
    )
    assert refused(lambda: actions.withdraw_extension(extension=extension, by=make.owner(), on=ON)) == decided


def test_a_date_before_the_day_of_the_grant_is_refused() -> None:
    extension = ask(the_task())
    answer = refused(lambda: grant(extension, on=date(2026, 10, 1)))
    assert answer == ("due_before_grant", "new_due_on", 422)


def test_nothing_is_granted_to_a_closed_task() -> None:
    extension = ask(the_task())
    actions.cancel_task(task=extension.task, reason="x", by=make.office(), on=ON)
    assert refused(lambda: grant(extension)) == ("task_closed", None, 409)
    assert actions.refuse_extension(extension=extension, answer="đóng", by=make.office(), on=ON).state == "refused"


def test_a_refusal_needs_its_reason() -> None:
    extension = ask(the_task())
    office = make.office()
    assert (
        refused(lambda: actions.refuse_extension(extension=extension, answer=" ", by=office, on=ON))[0]
        == "reason_missing"
    )


def test_of_two_granted_on_one_day_the_later_entry_holds() -> None:
    """The request was asked first and granted last: its number is the smaller one, yet it holds."""
    task = the_task()
    extension = ask(task)
    line = make.row(key="nq-1", extensions=(Change(ON, date(2026, 7, 31)),), given=frozenset({"extensions"}))
    actions.change_task(task=task, row=line, by=make.office(), on=ON)
    assert in_force(ON) == date(2026, 7, 31)
    grant(extension)
    assert (in_force(ON), in_force(ON + 99 * ONE)) == (date(2026, 9, 30), date(2026, 9, 30))
    assert Extension.objects.filter(superseded_on=None, granted_on__isnull=False).get() == extension


def test_of_three_granted_on_one_day_the_last_entry_holds() -> None:
    task = the_task()
    extension = ask(task)
    actions.suspend_task(task=task, document="57-NQ/TW", reason="x", by=make.office(), on=ON)
    assert in_force(ON) is None
    grant(extension)
    assert in_force(ON) == date(2026, 9, 30)
    actions.suspend_task(task=task, document="57-NQ/TW", reason="x", by=make.office(), on=ON)
    assert in_force(ON) is None


def test_a_line_brought_along_takes_its_place_by_its_day() -> None:
    task = the_task()
    grant(ask(task))
    earlier = make.row(
        key="nq-1", extensions=(Change(date(2026, 2, 1), date(2026, 5, 31)),), given=frozenset({"extensions"})
    )
    actions.change_task(task=task, row=earlier, by=make.office(), on=ON)
    asked = [in_force(day) for day in (date(2026, 1, 31), date(2026, 2, 1), ON - ONE, ON)]
    assert asked == [DUE, date(2026, 5, 31), date(2026, 5, 31), date(2026, 9, 30)]


def test_a_suspension_ends_with_a_new_date() -> None:
    task = the_task()
    office = make.office()
    resume = lambda day: actions.resume_task(task=task, new_due_on=day, by=office, on=ON + ONE)  # noqa: E731
    assert refused(lambda: resume(DUE))[0] == "not_suspended"
    actions.suspend_task(task=task, document="57-NQ/TW", reason="chờ luật", by=office, on=ON)
    again = lambda: actions.suspend_task(task=task, document="x", reason="x", by=office, on=ON)  # noqa: E731
    assert refused(again)[0] == "already_suspended"
    assert refused(lambda: resume(ON))[0] == "due_before_grant"
    resume(date(2026, 12, 31))
    assert [in_force(ON + n * ONE) for n in (-1, 0, 1)] == [DUE, None, date(2026, 12, 31)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"document": " ", "reason": "x"}, ("document_missing", "document", 422)),
        ({"document": "57", "reason": " "}, ("reason_missing", "reason", 422)),
    ],
)
def test_a_suspension_needs_document_and_reason(facts: dict[str, str], expected: tuple[str, str, int]) -> None:
    task = the_task()
    assert refused(lambda: actions.suspend_task(task=task, by=make.office(), on=ON, **facts)) == expected
    assert not Extension.objects.exists()


def settle(task: Task, **facts: Any) -> Task:
    return actions.settle_deadline(task=task, by=make.office(), on=ON, **{"reason": "đọc công văn", **facts})


def test_an_unread_deadline_is_settled_as_if_it_had_been_read() -> None:
    task = settle(the_task(deadline_text="kịp thời"), kind="quarter", start_on=date(2026, 4, 1), due_on=DUE)
    assert (task.deadline_kind, task.original_due_on, task.deadline_text) == ("quarter", DUE, "kịp thời")
    assert not Extension.objects.exists()
    assert refused(lambda: settle(task, due_on=DUE))[0] == "deadline_settled"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"kind": "unknown"}, ("deadline_kind", "kind", 422)),
        ({"kind": "week"}, ("deadline_kind", "kind", 422)),
        ({"kind": "date"}, ("due_missing", "due_on", 422)),
        ({"kind": "continuous", "due_on": DUE}, ("due_not_wanted", "due_on", 422)),
        ({"kind": "range", "start_on": DUE + ONE, "due_on": DUE}, ("due_before_start", "due_on", 422)),
        ({"kind": "date", "due_on": date(2025, 2, 28)}, ("due_before_assignment", "due_on", 422)),
        ({"kind": "date", "due_on": DUE, "reason": " "}, ("reason_missing", "reason", 422)),
    ],
)
def test_which_reading_is_refused(facts: dict[str, Any], expected: tuple[str, str, int]) -> None:
    task = the_task(deadline_text="kịp thời")
    assert refused(lambda: settle(task, **facts)) == expected


def test_a_continuous_task_gets_its_first_date_through_the_ledger() -> None:
    task = the_task(deadline_text="thường xuyên")
    assert refused(lambda: settle(task)) == ("due_missing", "due_on", 422)
    assert refused(lambda: settle(task, due_on=ON - ONE)) == ("due_before_grant", "due_on", 422)
    settle(task, due_on=DUE)
    assert (in_force(ON - ONE), in_force(ON), Task.objects.get().original_due_on) == (None, DUE, None)


def test_a_date_in_the_ledger_is_settled_again_while_nobody_has_built_on_it() -> None:
    task = the_task(deadline_text="thường xuyên")
    settle(task, due_on=DUE)
    settle(task, due_on=DUE + ONE)
    assert (in_force(ON), Extension.objects.count()) == (DUE + ONE, 2)
    answer = refused(lambda: actions.unsettle_deadline(task=task, reason="nhầm", by=make.office(), on=ON))
    assert answer == ("settled_in_ledger", None, 409)
    actions.accept_task(task=task, by=make.owner(), on=ON)
    assert refused(lambda: settle(task, due_on=DUE))[0] == "deadline_settled"


def test_a_reading_is_taken_back_while_nothing_has_happened_since() -> None:
    task = settle(the_task(deadline_text="kịp thời"), kind="date", due_on=DUE)
    unsettle = lambda reason="nhầm": actions.unsettle_deadline(task=task, reason=reason, by=make.office(), on=ON)  # noqa: E731
    assert refused(lambda: unsettle(" ")) == ("reason_missing", "reason", 422)
    unsettle()
    held = Task.objects.get()
    assert (held.deadline_kind, held.original_due_on, held.deadline_text) == ("unknown", None, "kịp thời")
    assert refused(unsettle)[0] == "changed_since"
    settle(task, kind="date", due_on=DUE)
    actions.accept_task(task=task, by=make.owner(), on=ON)
    assert refused(unsettle) == ("changed_since", None, 409)


def test_an_event_gives_a_conditional_deadline_its_date() -> None:
    task = the_task(deadline_text="sau khi Luật được ban hành")
    event = lambda day, **facts: actions.event_took_place(  # noqa: E731
        task=task, happened_on=day, by=make.office(), on=ON, **facts
    )
    assert refused(lambda: event(ON + ONE)) == ("day_not_come", "happened_on", 422)
    event(ON - ONE)
    assert in_force(ON) is None
    event(ON - ONE, new_due_on=DUE)
    assert in_force(ON) == DUE
    dated = make.task(key="nq-2", on=ON)
    answer = refused(lambda: actions.event_took_place(task=dated, happened_on=ON, by=make.office(), on=ON))
    assert answer == ("not_conditional", None, 409)
