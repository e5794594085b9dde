"""What pages and actions say of tasks that have ended, of overdue days that stay, of a blocker asked of oneself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dotpha.platform import days
from dotpha.programmes import actions
from dotpha.programmes.models import Blocker, Task
from dotpha.programmes.queries import tasks
from dotpha.programmes.rules import lateness
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused
from dotpha.programmes.tests.test_pages_task import of, owner_client, page, sent
from dotpha.programmes.views.task import consequences

pytestmark = pytest.mark.django_db
SENTENCES = {
    "report": "This task is closed; it takes no more reports.",
    "blocker": "This task is closed; nothing holds it up any more.",
    "extension": "This task is closed; its due date no longer moves.",
}


@pytest.fixture
def closed() -> Task:
    task = make.task(key="nq-1")
    actions.cancel_task(task=task, reason="hết", by=make.office(), on=days.today())
    return task


@pytest.mark.parametrize("form", SENTENCES)
def test_a_form_of_a_closed_task_is_not_opened(closed: Task, form: str) -> None:
    said = page(owner_client(), f"/desk/tasks/{closed.key}/{form}/", 409)
    assert SENTENCES[form] in said
    assert "<textarea" not in said
    assert f'href="/desk/tasks/{closed.key}/">Back to the task' in said


def test_the_sentence_speaks_of_what_was_tried(closed: Task) -> None:
    body = make.organisation("finance")
    client = owner_client()
    said = sent(client, "/desk/tasks/nq-1/blocker/", {"kind": "law", "text": "x", "asks_of": body.key}, 409)
    assert SENTENCES["blocker"] in said.content.decode()
    said = sent(client, "/desk/tasks/nq-1/report/", {"percent": "5", "summary": "x"}, 409)
    assert SENTENCES["report"] in said.content.decode()
    assert SENTENCES["extension"] not in said.content.decode()


def test_overdue_days_promised_at_the_decision_are_those_that_stay() -> None:
    on, due = days.today(), days.today() - timedelta(days=10)
    task = make.task(key="nq-1", deadline_text=due.isoformat(), assigned_on=date(2025, 1, 1))
    later = on + timedelta(days=30)
    line = actions.request_extension(task=task, new_due_on=later, reason="x", by=make.owner(), on=on)
    promised = consequences(tasks.task_dates(task), later, on)
    actions.grant_extension(extension=line, by=make.office(), on=on)
    kept = lateness.days_overdue_total(tasks.task_dates(Task.objects.get()), on)
    assert kept == 9
    assert any("(9)" in each for each in promised)


def test_nobody_asks_the_lead_itself_to_remove_a_blocker() -> None:
    task, most, finance = make.task(key="nq-1"), make.organisation("most"), make.organisation("finance")
    facts = {"kind": "law", "text": "x"}
    raise_ = lambda body: actions.raise_blocker(task=task, asks_of=body, by=make.owner(), on=days.today(), **facts)  # noqa: E731
    assert refused(lambda: raise_(most)) == ("asks_itself", "asks_of", 422)
    assert not Blocker.objects.exists()
    blocker = raise_(finance)
    answer = refused(
        lambda: actions.redirect_blocker(blocker=blocker, to=most, reason="x", by=make.office(), on=days.today())
    )
    assert answer == ("asks_itself", "to", 422)


def test_the_office_is_offered_no_second_form_of_a_closed_task(closed: Task) -> None:
    said = page(of("office"), f"/desk/tasks/{closed.key}/")
    assert '/blocker/"' not in said
    assert '/extension/"' not in said
