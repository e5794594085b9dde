"""No action on tasks keeps a text with a mark of State secrecy (K3), whatever field bears it."""

from __future__ import annotations

import inspect
from datetime import date
from typing import Any, get_type_hints

import pytest

from dotpha.platform.action import registered
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.programmes import actions
from dotpha.programmes.models import Task
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_matrix import ACTS, ON, P, call, rows_of_everything, told_part

pytestmark = pytest.mark.django_db
MARKED = "Trình lãnh đạo\nTỐI MẬT"
WORDS = {"reason", "document", "note", "answer", "text", "resolution", "decision", "duty"}


def told() -> list[tuple[str, str]]:
    """Each action of the matrix with each of its arguments that holds people's words."""
    hints = {name: get_type_hints(inspect.unwrap(registered[P + name])) for name in sorted(ACTS)}
    return [(name, each) for name, taken in hints.items() for each in taken if each in WORDS and taken[each] is str]


def test_the_list_holds_the_reasons_of_every_day() -> None:
    assert {
        ("parts.end_part", "reason"), ("extensions.withdraw_extension", "reason"), ("reports.approve_report", "reason"),
        ("ladder.acknowledge_step", "reason"), ("reports.verify_report", "note"), ("course.cancel_task", "document"),
        ("personal.adopt_personal_programme", "document"),
    } <= set(told())  # fmt: skip
    assert len(told()) > 45


@pytest.mark.parametrize(("name", "field"), told())
def test_a_mark_in_any_words_is_refused_and_nothing_is_kept(name: str, field: str) -> None:
    given, by = ACTS[name].given(), ACTS[name].who()
    before = rows_of_everything(), AuditEvent.objects.count()
    with pytest.raises(Refused) as found:
        call(name, by, {**given, field: MARKED})
    assert (found.value.code, found.value.field in (field, "reason")) == ("state_secret", True)
    assert (rows_of_everything(), AuditEvent.objects.count()) == before


@pytest.mark.parametrize(
    "facts", [{"products": ("Đề án (Mật)",)}, {"tags": ("MẬT",)}, {"quoted_text": MARKED}, {"lead_text": MARKED}]
)
def test_a_mark_in_any_field_of_a_task_is_refused(facts: dict[str, Any]) -> None:
    """Added, changed and in bulk."""
    task = make.task(key="nq-1", on=ON, tags=("gấp",))
    programme, [field] = make.programme(), facts
    rows = {"add": make.row(key="nq-2", **facts), "change": make.row(key="nq-1", **facts)}
    for change in (
        lambda: actions.add_tasks(programme=programme, rows=[rows["add"]], by=make.TEST, on=ON),
        lambda: actions.change_task(task=task, row=rows["change"], programme=programme, by=make.TEST, on=ON),
    ):
        with pytest.raises(Refused) as found:
            change()
        assert (found.value.code, found.value.field) == ("state_secret", field)
    assert Task.objects.get().tags == ["gấp"]


def test_whoever_has_no_right_hears_that_first() -> None:
    with pytest.raises(Refused) as found:
        actions.end_part(
            task=told_part(), organisation=make.organisation("mof"), reason=MARKED, by=make.stranger(),
            on=date(2026, 6, 2),
        )  # fmt: skip
    assert found.value.code == "forbidden"
