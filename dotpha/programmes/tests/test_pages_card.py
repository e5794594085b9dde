"""The card of a task as it is typed: days that do not exist, provisions, keys and groups that are proposed."""

from __future__ import annotations

from typing import Any

import pytest

from dotpha.programmes.models import Task
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_pages_task import of, page, sent

pytestmark = pytest.mark.django_db
ADD = "/desk/tasks/add/"
TYPED = {"programme": "resolution57", "title": "Xây dựng đề án", "lead": "most", "key": "k-1", "deadline": "2030"}


@pytest.fixture(autouse=True)
def world() -> None:
    make.organisation("most")
    make.programme()


def add(status: int, **typed: Any) -> str:
    answer: str = sent(of("office"), ADD, {**TYPED, **typed}, status).content.decode()
    return answer


def test_a_day_that_does_not_exist_is_told_at_the_field_before_anything_is_kept() -> None:
    said = add(422, deadline="31/02/2027")
    assert "The day 31/02/2027 is in no calendar." in said
    assert 'type="checkbox" name="as_printed"' in said
    assert not Task.objects.exists()
    add(302, deadline="31/02/2027", as_printed="on")
    assert (Task.objects.get().deadline_text, Task.objects.get().deadline_kind) == ("31/02/2027", "unknown")


def test_words_that_nobody_can_read_are_still_taken() -> None:
    assert 'name="as_printed"' not in page(of("office"), f"{ADD}?programme=resolution57")
    add(302, deadline="sớm nhất có thể")
    assert Task.objects.get().deadline_kind == "unknown"


def test_a_child_and_a_changed_card_ask_the_same() -> None:
    task = make.task(key="t", deadline_text="31/02/2027")
    child = {"title": "Con", "lead": "most", "deadline": "30/2/2027", "key": "t-1"}
    client = of("office")
    assert "30/2/2027 is in no calendar" in sent(client, "/desk/tasks/t/acts/break_down/", child, 422).content.decode()
    edited = {"title": "Khác", "deadline": "31/02/2027", "version": task.version, "reason": "x", "document": "1/QĐ"}
    sent(client, "/desk/tasks/t/edit/", edited)  # what the card has already is not asked again
    task.refresh_from_db()
    assert task.heading.text == "Khác"
