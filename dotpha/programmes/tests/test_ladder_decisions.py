"""Objections to steps of the ladder decided on; silence told in API and history; blockers that go up by silence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dotpha.platform import days as clock
from dotpha.platform.tests.refusals import code as refused
from dotpha.programmes import actions
from dotpha.programmes.models import Blocker, LadderAnswer, Task
from dotpha.programmes.queries import ladder as queries
from dotpha.programmes.queries import silence
from dotpha.programmes.rules import silence as rules
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_pages_task import of, owner_client, page, sent

pytestmark = pytest.mark.django_db
ONE = timedelta(days=1)
TODAY = clock.today()


@pytest.fixture
def late() -> Task:
    """Overdue for twenty days today."""
    due_on = TODAY - 20 * ONE
    return make.task(key="late", deadline_text=due_on.isoformat(), assigned_on=TODAY - 100 * ONE)


@pytest.fixture
def contest(late: Task) -> LadderAnswer:
    return actions.contest_step(task=late, reason="đã nộp tháng trước", by=make.owner(), on=TODAY)


def duties(key: str, by: Any) -> list[Any]:
    return make.duties(by, key, TODAY)


def test_an_objection_is_decided_once_with_a_sentence_by_somebody_else(contest: LadderAnswer) -> None:
    office = make.office()
    decide = lambda by, **said: actions.decide_contest(  # noqa: E731
        **{"contest": contest, "upheld": True, "reason": "hạn ghi sai", "on": TODAY, "by": by, **said}
    )
    assert refused(lambda: decide(office, reason=" ")) == "reason_missing"
    assert refused(lambda: decide(office, contest=None)) == "nothing_contested"
    assert refused(lambda: decide(make.actor("leader"))) == "forbidden"
    both = make.person("office")
    LadderAnswer.objects.filter(pk=contest.pk).update(by=both)
    contest.refresh_from_db()
    assert refused(lambda: decide(both.actor())) == "own_contest"
    found = decide(office)
    assert (found.kind, found.step, found.due_on, found.decides) == ("upheld", "office", contest.due_on, contest)
    assert refused(lambda: decide(office)) == "nothing_contested"


def test_one_office_decides_on_the_objections_of_two(contest: LadderAnswer, late: Task) -> None:
    office = make.office()
    actions.contest_step(task=late, reason="chờ ý kiến", by=make.owner(), on=TODAY)
    for each in queries.open_contests(TODAY):
        actions.decide_contest(contest=each, upheld=False, reason="hạn vẫn đúng", by=office, on=TODAY)
    assert LadderAnswer.objects.filter(kind="not_upheld").count() == 2
    assert [each.is_contested for each in queries.climbing(office, TODAY)] == [False]


def test_a_later_due_date_or_completion_leaves_nothing_to_decide(contest: LadderAnswer, late: Task) -> None:
    asked = actions.request_extension(
        task=late, new_due_on=TODAY + 5 * ONE, reason="x", by=make.owner(), on=TODAY
    )  # fmt: skip
    actions.grant_extension(extension=asked, by=make.office(), on=TODAY)
    assert not queries.open_contests(TODAY).exists()
    assert duties("contested", make.office()) == []


def test_the_inbox_of_the_office_leads_to_the_decision(contest: LadderAnswer) -> None:
    assert [each.url for each in duties("contested", make.office())] == ["/desk/tasks/late/acts/decide_contest/"]
    assert duties("contested", make.owner()) == duties("contested", make.actor("leader")) == []
    client = of("office")
    assert "waits for a decision" in page(client, "/desk/tasks/late/")
    address = "/desk/tasks/late/acts/decide_contest/"
    assert 'aria-invalid="true"' in sent(client, address, {"reason": "x"}, 422).content.decode()
    sent(client, address, {"upheld": "no", "reason": "hạn vẫn đúng"})
    shown = page(owner_client(), "/desk/tasks/late/")
    assert "objection not upheld" in shown
    assert "hạn vẫn đúng" in shown
    assert "waits for a decision" not in shown
    assert duties("contested", make.office()) == []


def test_the_api_decides_and_tells_it(contest: LadderAnswer) -> None:
    client, body = of("office"), {"upheld": True, "reason": "hạn ghi sai"}
    address = "/api/v1/tasks/late/ladder/decide"
    assert owner_client().post(address, body, content_type="application/json").status_code == 403
    answer = client.post(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()["kind"]) == (201, "upheld")
    again = client.post(address, body, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "nothing_contested")
    kinds = [each["kind"] for each in client.get("/api/v1/tasks/late/ladder").json()["answers"]]
    assert kinds == ["contested", "upheld"]


def test_the_ladder_stands_before_the_history(late: Task) -> None:
    shown = page(of("office"), "/desk/tasks/late/")
    assert 0 < shown.index('id="ladder"') < shown.index('id="history"')


def test_the_list_is_paged_with_as_many_queries_for_many_as_for_few(late: Task) -> None:
    client = of("office")

    def asked(address: str) -> int:
        page(client, address)
        with CaptureQueriesContext(connection) as found:
            page(client, address)
        return len(found)

    few = asked("/desk/ladder/")
    for number in range(55):
        make.task(key=f"more-{number}", deadline_text="1/1/2026", assigned_on=date(2025, 10, 1))
    assert asked("/desk/ladder/") == few
    assert "/desk/tasks/late/" not in page(client, "/desk/ladder/")  # the longest overdue first: it is the last
    assert "/desk/tasks/late/" in page(client, "/desk/ladder/?page=2")


def test_silence_is_told_by_the_api_and_in_the_history() -> None:
    task = make.task(key="quiet", deadline_text="31/12/2035", assigned_on=TODAY - 30 * ONE)
    day = rules.accepted_by_default_on(task.assigned_on)
    assert silence.accepted_on(task, day - ONE) is None
    assert silence.accepted_on(task, TODAY) == day
    client = of("office")
    assert client.get("/api/v1/tasks/quiet").json()["accepted_by_default_on"] == day.isoformat()
    history = page(client, "/desk/tasks/quiet/").split('id="history"')[1]
    assert f'<time datetime="{day}">' in history
    actions.accept_task(task=task, by=make.owner(), on=TODAY)
    assert client.get("/api/v1/tasks/quiet").json()["accepted_by_default_on"] is None
    assert "Accepted by default" not in page(client, "/desk/tasks/quiet/")


def test_a_blocker_left_unanswered_goes_up_to_those_who_gave_the_task(late: Task) -> None:
    asked = make.organisation("moh")
    blocker = actions.raise_blocker(
        task=late, kind="law", text="Thiếu thông tư", asks_of=asked, by=make.owner(), on=TODAY
    )
    office, address = make.office(), f"/desk/blockers/{blocker.pk}/"
    Blocker.objects.update(respond_by=TODAY)
    assert duties("blockers_gone_up", office) == []
    assert "with those who gave the task" not in page(of("office"), address)
    Blocker.objects.update(respond_by=TODAY - ONE)
    assert [each.url for each in duties("blockers_gone_up", office)] == [address]
    assert duties("blockers_gone_up", make.owner()) == []
    assert "with those who gave the task" in page(of("office"), address)
    actions.answer_blocker(blocker=blocker, answer="Đã ban hành", by=make.actor("focal_point", asked.scope), on=TODAY)
    assert duties("blockers_gone_up", office) == []
