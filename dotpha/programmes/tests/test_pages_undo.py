"""What was done to a task is taken back by one button of the next page, and both stay in its history."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from dotpha.platform.models import AuditEvent
from dotpha.programmes.models import Task
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_pages_task import of, page, sent
from dotpha.programmes.views.acts import ACTS, Act

pytestmark = pytest.mark.django_db
UNDOES = {"unsettle", "resume", "reopen"}
"""Acts that are there to take another one back."""
WORD_GIVEN = {
    "accept", "dispute", "decide_dispute", "event", "acknowledge", "contest", "decide_contest", "occurrences",
    "break_down", "spread", "copy", "merge",
}  # fmt: skip
"""What somebody said or decided, and what others build upon: a later act says something else, nothing unsays it."""


@pytest.fixture
def task() -> Task:
    return make.task(key="u-1", deadline_text="31/12/2030", assigned_on=date(2025, 3, 1), cooperating=("mof",))


def undone(client: Client, task: Task) -> None:
    """Press the button of the next page: what it sends."""
    undo = client.session["undo"]
    assert "This can be taken back." in page(client, f"/desk/tasks/{task.key}/")
    assert "undo" not in client.session, "offered on the next page alone"
    name = "edit" if undo["act"] == "edit" else f"acts/{undo['act']}"
    sent(client, f"/desk/tasks/{task.key}/{name}/", {**undo["fields"], "undoing": "1", "version": undo["version"]})
    assert "undo" not in client.session, "what takes back is not taken back"


def kinds(task: Task) -> list[str]:
    """The events of a task, the latest first."""
    return list(AuditEvent.objects.filter(subject=task.subject).order_by("-pk").values_list("kind", flat=True))


def current(task: Task) -> dict[str, Any]:
    """The parts that agencies hold in the task."""
    held = task.assignments.filter(until_on=None).values_list("organisation__key", "part", "duty")
    return {key: said for key, *said in held}


def test_every_act_is_taken_back_or_says_why_not() -> None:
    """15. Undo: every reversible act shows Undo."""
    nothing = Act.__dataclass_fields__["undo"].default
    assert {name for name, act in ACTS.items() if act.undo is nothing} == UNDOES | WORD_GIVEN


def test_a_changed_card_is_taken_back(task: Task) -> None:
    make.organisation("moh")
    client = of("office")
    before = Task.objects.get(pk=task.pk)
    said = {
        "title": "Another wording",
        "deadline": "31/12/2030",
        "cooperating": "Bộ moh",
        "tags": "a, b",
        "product": "",
    }
    sent(
        client,
        f"/desk/tasks/{task.key}/edit/",
        {**said, "version": before.version, "reason": "slip", "document": "12/NQ-CP"},
    )
    changed = Task.objects.get(pk=task.pk)
    assert (changed.tags, changed.title["vi"]) != (before.tags, before.title["vi"])
    undone(client, task)
    after = Task.objects.get(pk=task.pk)
    assert (after.tags, after.title, after.deadline_text) == (before.tags, before.title, before.deadline_text)
    assert set(current(task)) == {"most", "mof"}
    assert kinds(task)[:2] == ["task.changed", "task.changed"]


def test_a_card_that_somebody_changed_since_is_not_taken_back(task: Task) -> None:
    client = of("office")
    address = f"/desk/tasks/{task.key}/edit/"
    sent(client, address, {"title": task.title["vi"], "deadline": "31/12/2030", "tags": "a", "version": task.version})
    undo = client.session["undo"]
    Task.objects.filter(pk=task.pk).update(version=undo["version"] + 1)
    answer = sent(client, address, {**undo["fields"], "undoing": "1", "version": undo["version"]}, 409)
    assert "What you typed" in answer.content.decode()
    assert Task.objects.get(pk=task.pk).tags == ["a"]


def test_a_dependency_is_taken_back(task: Task) -> None:
    other = make.task(key="u-2", deadline_text="31/12/2030")
    client = of("office")
    sent(client, f"/desk/tasks/{task.key}/acts/needs/", {"needs": other.key, "kind": "finish"})
    assert task.dependencies.count() == 1
    undone(client, task)
    assert task.dependencies.count() == 0
    assert kinds(task)[:2] == ["task.dependency_ended", "task.dependency_added"]


def test_the_end_of_a_part_is_taken_back(task: Task) -> None:
    client = of("office")
    sent(client, f"/desk/tasks/{task.key}/acts/part/", {"organisation": "mof", "part": "cooperating", "duty": "Money"})
    before = current(task)
    sent(client, f"/desk/tasks/{task.key}/acts/end_part/", {"organisation": "mof", "reason": "slip"})
    assert set(current(task)) == {"most"}
    undone(client, task)
    assert current(task) == before
