"""A later day of an agency's own part: asked for by it, decided by those who set the part, never overwritten (C6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dotpha.platform import days
from dotpha.platform.actors import Actor
from dotpha.platform.tests.refusals import refused
from dotpha.programmes import actions
from dotpha.programmes.models import Assignment, PartExtension, Task
from dotpha.programmes.queries import one
from dotpha.programmes.queries.parts import Part
from dotpha.programmes.task_row import TaskRow
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_api import Api
from dotpha.programmes.tests.test_pages_task import of, page, sent

pytestmark = pytest.mark.django_db
ONE = timedelta(days=1)
ON, DUE, ASKED = date(2026, 6, 1), date(2026, 6, 15), date(2026, 6, 25)
LATER = ON + 3 * ONE


def focal(key: str) -> Actor:
    return make.actor("focal_point", make.organisation(key).scope)


@pytest.fixture
def task() -> Task:
    """A task with a part of the Ministry of Finance, due before the task."""
    made = make.task(key="nq-1", deadline_text="30/6/2026", cooperating=("mof",), on=ON)
    set_part(made)
    return made


def set_part(task: Task, due_on: date | None = DUE, on: date = ON, **facts: Any) -> None:
    body = make.organisation("mof")
    actions.set_part(
        task=task, organisation=body, duty="Bố trí vốn", part_due_on=due_on, by=focal("most"), on=on, **facts
    )


def ask(task: Task, new_due_on: date = ASKED, by: Actor | None = None, on: date = LATER) -> PartExtension:
    return actions.request_part_extension(
        task=task, organisation=make.organisation("mof"), new_due_on=new_due_on, reason="chờ số liệu",
        reason_kind="data", by=by or focal("mof"), on=on,
    )  # fmt: skip


def part(task: Task, on: date) -> Part:
    return one.card(make.office(), task.key, on).parts[0]


def test_a_granted_day_holds_from_its_grant_and_the_words_stay(task: Task) -> None:
    asked = ask(task)
    assert (part(task, LATER).assignment.part_due_on, asked.was_due_on, asked.is_late_request) == (DUE, DUE, False)
    actions.grant_part_extension(extension=asked, answer="đồng ý", by=focal("most"), on=LATER + ONE)
    before, after = part(task, LATER), part(task, LATER + ONE)
    assert (before.assignment.part_due_on, after.assignment.part_due_on) == (DUE, ASKED)
    assert (after.assignment.duty, after.assignment.confirmed_on, after.assignment.until_on) == (
        "Bố trí vốn",
        LATER,
        None,
    )  # fmt: skip  -- asking took the part on
    assert (asked.days_added, Assignment.objects.filter(until_on=LATER).count()) == (10, 1)


def test_a_part_set_and_moved_on_one_day_keeps_its_former_day_in_the_ledger(task: Task) -> None:
    actions.grant_part_extension(extension=ask(task, on=ON), by=focal("most"), on=ON)
    line = PartExtension.objects.get()
    assert (part(task, ON).assignment.part_due_on, line.was_due_on, line.new_due_on) == (ASKED, DUE, ASKED)


def test_a_late_part_stays_late_for_the_days_before_the_grant(task: Task) -> None:
    asked = ask(task, on=DUE + 2 * ONE)
    assert asked.is_late_request
    actions.grant_part_extension(extension=asked, by=focal("most"), on=DUE + 3 * ONE)
    assert [part(task, DUE + n * ONE).is_late for n in (2, 3)] == [True, False]


def test_another_day_than_the_one_asked_for_and_none_after_the_task_unless_that_is_said(task: Task) -> None:
    asked = ask(task, date(2026, 7, 31))
    lead = focal("most")
    grant: Any = lambda **said: actions.grant_part_extension(extension=asked, by=lead, on=LATER, **said)  # noqa: E731
    assert refused(lambda: grant())[0] == "part_due_after_task"
    assert refused(lambda: grant(new_due_on=LATER - ONE))[0] == "due_before_grant"
    grant(may_end_later=True)
    assert part(task, LATER).assignment.part_due_on == date(2026, 7, 31)
    assert refused(lambda: grant())[0] == "already_decided"


def test_what_is_refused_to_ask_for(task: Task) -> None:
    assert refused(lambda: ask(task, DUE))[0] == "not_later"
    assert refused(lambda: ask(task, by=focal("moj")))[0] == "forbidden"
    ask(task)
    assert refused(lambda: ask(task, ASKED + ONE))[0] == "extension_open"


def test_a_part_without_a_day_or_one_that_is_done_or_ended_moves_no_more(task: Task) -> None:
    mof, lead = make.organisation("mof"), focal("most")
    asked = ask(task)
    actions.report_part(task=task, organisation=mof, text="xong", by=focal("mof"), on=LATER)
    assert refused(lambda: actions.grant_part_extension(extension=asked, by=lead, on=LATER))[0] == "part_done"
    actions.return_part(task=task, organisation=mof, reason="thiếu", by=lead, on=LATER)
    actions.refuse_part_extension(extension=asked, answer="không", by=lead, on=LATER)
    set_part(task, None, LATER)
    assert refused(lambda: ask(task))[0] == "part_has_no_due_date"
    actions.end_part(task=task, organisation=mof, by=lead, on=LATER)
    assert refused(lambda: ask(task, on=LATER + ONE))[0] == "part_ended"


def test_a_part_that_ends_takes_its_request_along(task: Task) -> None:
    asked = ask(task)
    actions.end_part(task=task, organisation=make.organisation("mof"), by=focal("most"), on=LATER + ONE)
    asked.refresh_from_db()
    assert asked.withdrawn_on == LATER + ONE
    assert make.duties(focal("most"), "part_days", LATER + ONE) == []
    set_part(task, on=LATER + 2 * ONE)
    assert ask(task, on=LATER + 3 * ONE).is_open


def test_an_agency_that_no_longer_co_operates_asks_for_nothing(task: Task) -> None:
    asked = ask(task)
    office = make.office()
    row = TaskRow(key=task.key, title={}, lead="", deadline_text="", given=frozenset({"cooperating"}))
    actions.change_task(task=task, row=row, reason="x", document="1 NQ", by=office, on=LATER + ONE)
    asked.refresh_from_db()
    assert not asked.is_open


def test_nobody_decides_on_their_own_request_and_a_refusal_has_its_reason(task: Task) -> None:
    both = make.office()
    asked = ask(task)
    PartExtension.objects.update(requested_by=both.user_id)
    asked.refresh_from_db()
    assert refused(lambda: actions.grant_part_extension(extension=asked, by=both, on=LATER))[0] == "own_request"
    assert refused(
        lambda: actions.refuse_part_extension(extension=asked, answer=" ", by=focal("most"), on=LATER)
    )[0] == "reason_missing"  # fmt: skip
    actions.withdraw_part_extension(extension=asked, by=focal("mof"), on=LATER)
    assert refused(
        lambda: actions.refuse_part_extension(extension=asked, answer="x", by=focal("most"), on=LATER)
    )[0] == "already_decided"  # fmt: skip
    assert part(task, LATER).assignment.part_due_on == DUE


def test_the_lead_finds_the_request_in_the_inbox_and_the_agency_does_not(task: Task) -> None:
    ask(task)
    told = make.duties(focal("most"), "part_days", LATER)
    assert [(each.url, "chờ số liệu" in each.why) for each in told] == [("/desk/tasks/nq-1/parts/mof/", True)]
    assert len(make.duties(make.office(), "part_days", LATER)) == 1
    assert make.duties(focal("mof"), "part_days", LATER) == []
    actions.grant_part_extension(extension=PartExtension.objects.get(), by=focal("most"), on=LATER)
    assert make.duties(focal("most"), "part_days", LATER) == []


PART = "/desk/tasks/nq-1/parts/mof/"


def test_the_page_asks_decides_and_keeps_the_ledger() -> None:
    today = days.today()
    task = make.task(key="nq-1", deadline_text="31/12/2035", cooperating=("mof",), assigned_on=date(2025, 3, 1))
    set_part(task, today + 5 * ONE, today)
    own, lead = of("focal_point", make.organisation("mof").scope), of("focal_point", make.organisation("most").scope)
    asked = {"later-new_due_on": str(today + 9 * ONE), "later-reason_kind": "data", "later-reason": "chờ số liệu"}
    sent(own, PART, {**asked, "act": "later", "later-reason": " "}, 422)
    sent(own, PART, {**asked, "act": "later"})
    assert ["Grant the later day" in page(each, PART) for each in (own, lead)] == [False, True]
    assert ["Withdraw the request" in page(each, PART) for each in (own, lead)] == [True, False]
    assert "Give the reason" in sent(lead, PART, {"act": "refuse"}, 422).content.decode()
    sent(lead, PART, {"act": "grant", "decide-new_due_on": str(today + 8 * ONE), "decide-answer": "sớm hơn một ngày"})
    for client in (own, lead):
        html = page(client, PART)
        assert ("3 days added" in html, "sớm hơn một ngày" in html) == (True, True)
    assert Assignment.objects.get(part="cooperating", until_on=None).part_due_on == today + 8 * ONE
    sent(lead, PART, {"act": "grant"}, 404)


def test_the_ledger_of_a_part_takes_one_query_however_long_it_is() -> None:
    today = days.today()
    task = make.task(key="nq-1", deadline_text="31/12/2035", cooperating=("mof",), assigned_on=date(2025, 3, 1))
    set_part(task, today + 5 * ONE, today)
    client = of("focal_point", make.organisation("most").scope)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, PART)
        return len(queries)

    def refuse_one() -> None:
        line = ask(task, today + 9 * ONE, on=today)
        actions.refuse_part_extension(extension=line, answer="chưa", by=focal("most"), on=today)

    refuse_one()
    page(client, PART)
    few = asked()
    for _turn in range(4):
        refuse_one()
    assert asked() == few


def test_the_api_asks_decides_and_shows_the_ledger() -> None:
    today = days.today()
    task = make.task(key="nq-1", deadline_text="31/12/2035", cooperating=("mof",), assigned_on=date(2025, 3, 1))
    set_part(task, today + 5 * ONE, today)
    own, lead = (Api(make.person("focal_point", make.organisation(key).scope)) for key in ("mof", "most"))
    body = {"new_due_on": str(today + 9 * ONE), "reason": "chờ số liệu"}
    (line,) = own.post("/tasks/nq-1/parts/mof/extensions", body, 201)["extensions"]
    assert (line["state"], line["was_due_on"], line["days_added"]) == ("open", str(today + 5 * ONE), 4)
    assert own.post("/tasks/nq-1/parts/mof/extensions", {**body, "new_due_on": " "}, 422)["code"] == "due_missing"
    own.post(f"/part-extensions/{line['id']}/grant", {}, 403)
    shown = lead.post(f"/part-extensions/{line['id']}/grant", {"reason": "đồng ý"}, 200)
    assert (shown["part_due_on"], shown["extensions"][0]["state"]) == (str(today + 9 * ONE), "granted")
    second = own.post("/tasks/nq-1/parts/mof/extensions", {**body, "new_due_on": str(today + 12 * ONE)}, 201)
    number = second["extensions"][1]["id"]
    assert own.post(f"/part-extensions/{number}/withdraw", {}, 200)["extensions"][1]["state"] == "withdrawn"
    lead.post(f"/part-extensions/{number}/refuse", {"reason": "x"}, 409)


def test_a_request_is_needed_no_more_once_the_part_is_done_and_again_when_that_is_returned() -> None:
    today = days.today()
    task = make.task(key="nq-1", deadline_text="31/12/2035", cooperating=("mof",), assigned_on=date(2025, 3, 1))
    set_part(task, today + 5 * ONE, today)
    ask(task, today + 9 * ONE, on=today)
    lead, body = focal("most"), make.organisation("mof")
    assert len(make.duties(lead, "part_days", today)) == 1
    actions.report_part(task=task, organisation=body, text="đã cấp vốn", by=focal("mof"), on=today)
    assert make.duties(lead, "part_days", today) == []
    for key in ("mof", "most"):
        html = page(of("focal_point", make.organisation(key).scope), PART)
        assert ("the part was reported as done" in html, "May this part be done by" in html) == (True, False)
    shown = Api(make.person("focal_point", body.scope)).get("/tasks/nq-1/parts", status=200)
    assert shown[0]["extensions"][0]["state"] == "not_needed"
    actions.return_part(task=task, organisation=body, reason="thiếu số liệu", by=lead, on=today)
    assert len(make.duties(lead, "part_days", today)) == 1
    assert "May this part be done by" in page(of("focal_point", make.organisation("most").scope), PART)
