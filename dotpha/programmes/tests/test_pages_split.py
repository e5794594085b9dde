"""The page on which a task is split: rows, refusals at their row, nothing typed is lost."""

from __future__ import annotations

from datetime import date

import pytest

from dotpha.platform import days
from dotpha.programmes.models import Step, Task
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_pages_parts import focal
from dotpha.programmes.tests.test_pages_task import of, page, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def task() -> Task:
    make.organisation("mof")
    return make.task(key="nq-1", deadline_text="31/12/2035", assigned_on=date(2025, 3, 1))


SPLIT = "/desk/tasks/nq-1/split/"


def rows(**values: str) -> dict[str, str]:
    typed = {"rows": "3", "reason": "quá rộng", "document": "12/QĐ", "r0-title": "Việc một", "r2-title": "Việc hai"}
    return {**typed, **values}


def test_a_task_is_split_and_empty_cells_are_as_before(task: Task) -> None:
    make.task(key="nq-1-1")
    client = of("office")
    assert SPLIT in page(client, "/desk/tasks/nq-1/")
    sent(client, SPLIT, rows(**{"r2-lead": "mof", "r2-deadline": "Quý II/2030", "r2-products": "Đề án\nTờ trình"}))
    one, other = Task.objects.filter(title__vi__startswith="Việc").order_by("pk")
    assert [(each.key, each.original_due_on, each.assigned_on) for each in (one, other)] == [
        ("nq-1-2", date(2035, 12, 31), days.today()),
        ("nq-1-3", date(2030, 6, 30), days.today()),
    ]
    assert [each.assignments.get(part="lead").organisation.key for each in (one, other)] == ["most", "mof"]
    assert [each.text for each in other.products.all()] == ["Đề án", "Tờ trình"]
    assert set(Step.objects.filter(task=task).values_list("kind", "reason", "document")) == {
        ("split", "quá rộng", "12/QĐ")
    }
    shown = page(client, "/desk/tasks/nq-1/")
    assert "/desk/tasks/nq-1-3/" in shown
    assert SPLIT not in shown
    assert client.get(SPLIT).status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence", "field"),
    [
        ({"r2-key": "nq-1"}, "There is a task of the key", "r2-key"),
        ({"r2-lead": "không có"}, "is not in the directory", "r2-lead"),
        ({"r2-products": "x" * 1001}, "characters; at most", "r2-products"),
        ({"r2-title": "", "r2-deadline": "30/6/2030"}, "Say what is to be done, or empty the whole row.", "r2-title"),
        ({"r2-title": ""}, "Name at least two tasks to split this one into.", ""),
        ({"reason": " "}, "This field is required.", "reason"),
    ],
)
def test_a_refusal_stands_at_its_row_and_nothing_typed_is_lost(
    task: Task, typed: dict[str, str], sentence: str, field: str
) -> None:
    before = Task.objects.count()
    answer = of("office").post(SPLIT, rows(**typed))
    shown = answer.content.decode()
    assert answer.status_code in (409, 422)
    assert sentence in shown
    assert (f'id="id_{field}_error"' in shown) is bool(field)
    assert "Việc một" in shown
    assert "12/QĐ" in shown
    assert Task.objects.count() == before


def test_more_rows_come_by_a_button_and_keep_what_was_typed(task: Task) -> None:
    client = of("office")
    assert page(client, SPLIT).count("<fieldset") == 3
    assert page(client, f"{SPLIT}?rows=5").count("<fieldset") == 5
    more = sent(client, SPLIT, {**rows(reason=""), "more": "1"}, 200).content.decode()
    assert (more.count("<fieldset"), "Việc hai" in more, 'role="alert"' in more) == (5, True, False)
    assert page(client, f"{SPLIT}?rows=999").count("<fieldset") == 20


def test_only_those_who_may_cancel_a_task_split_it(task: Task) -> None:
    client = focal()
    assert SPLIT not in page(client, "/desk/tasks/nq-1/")
    page(client, SPLIT, 403)
    sent(client, SPLIT, rows(), 403)
