"""Bodies that have ended take no new task, part or blocker: the refusal names what stands in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.utils import translation

from dotpha.directory.models import Organisation, Succession
from dotpha.platform.refusals import Refused
from dotpha.programmes import actions, imports
from dotpha.programmes.models import Assignment, Task
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_pages_task import of, page, sent

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)
SENTENCE = "Bộ Thông tin ended on 28 Feb 2025; its successor is Bộ Khoa học (most). Name the successor."
OFFICE = {"reason": "chuyển", "document": "12/QĐ"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def former() -> Organisation:
    ended = make.organisation("mic", name={"vi": "Bộ Thông tin"}, valid_to=date(2025, 2, 28))
    heir = make.organisation("most", name={"vi": "Bộ Khoa học"})
    Succession.objects.create(old_organisation=ended, new_organisation=heir, on=date(2025, 3, 1))
    return ended


def add(**values: object) -> Callable[[Task, Organisation], object]:
    return lambda task, body: actions.add_task(programme=make.programme(), row=make.row(**values), by=make.TEST, on=ON)


WAYS: dict[str, Callable[[Task, Organisation], object]] = {
    "add": add(lead="mic"),
    "co-operating": add(cooperating=("mic",), assigned_on=ON),
    "assign": lambda task, body: actions.assign_task(task=task, lead=body, by=make.office(), on=ON, **OFFICE),
    "part": lambda task, body: actions.set_part(task=task, organisation=body, by=make.office(), on=ON),
    "blocker": lambda task, body: actions.raise_blocker(
        task=task, kind="law", text="x", asks_of=body, by=make.owner("lead"), on=ON
    ),
    "child": lambda task, body: actions.break_down_task(
        task=task, rows=[make.row(lead="mic")], by=make.office(), on=ON
    ),
    "dispute": lambda task, body: actions.dispute_task(
        task=task, reason="x", proposed_lead=body, by=make.owner("lead"), on=ON
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_ended_body_is_given_nothing(former: Organisation, way: str) -> None:
    task = make.task(key="t", lead="lead", on=ON)
    with pytest.raises(Refused) as refusal:
        WAYS[way](task, former)
    assert (refusal.value.code, str(refusal.value)) == ("organisation_ended", SENTENCE)
    assert not Assignment.objects.filter(organisation=former).exists()


def test_a_change_of_many_refuses_each(former: Organisation) -> None:
    task = make.task(key="t", lead="lead", on=ON)
    change = actions.BulkChange("lead", lead="mic", **OFFICE)  # type: ignore[arg-type]
    (outcome,) = actions.bulk_change(tasks=[task], change=change, by=make.office(), on=ON)
    assert str(outcome.refusal) == SENTENCE


def test_a_change_of_many_offers_the_bodies_of_today(former: Organisation) -> None:
    task = make.task(key="t", lead="lead", on=ON)
    said = page(of("office"), f"/desk/tasks/change/?picked={task.key}&verb=lead")
    assert '<option value="most">' in said
    assert '<option value="mic">' not in said


def test_the_page_says_it_at_the_field(former: Organisation) -> None:
    make.task(key="t", lead="lead")
    said = sent(of("office"), "/desk/tasks/t/acts/assign/", {"lead": "mic", **OFFICE}, 422).content.decode()
    assert "its successor is Bộ Khoa học (most). Name the successor." in said
    typed = {"programme": "resolution57", "title": "x", "lead": "lead", "deadline": "2030", "key": "n"}
    said = sent(of("office"), "/desk/tasks/add/", {**typed, "cooperating": "mic"}, 422).content.decode()
    assert "its successor is Bộ Khoa học (most). Name the successor." in said


def test_a_register_names_the_successor_and_history_stays(former: Organisation) -> None:
    lines = "a,Một,mic,2027,,\nb,Hai,mic,31/1/2025,2025-01-15,2025-02-01\n"
    data = f"key,title,lead,deadline,assigned_on,completed_on\n{lines}".encode()
    seen = imports.preview(data, "r.csv", make.programme(), make.TEST, ON)
    assert [(each.row, each.column, each.detail) for each in seen.problems] == [(2, "lead", SENTENCE)]


def test_who_has_the_task_already_keeps_it(former: Organisation) -> None:
    task = make.task(key="t", lead="lead", cooperating=("mpi",), on=ON)
    Organisation.objects.filter(key="mpi").update(valid_to=date(2026, 6, 1))
    later = date(2026, 7, 1)
    make.organisation("mof")
    row = make.row(key="t", lead="lead", cooperating=("mpi", "mof"), given=frozenset({"cooperating"}))
    assert actions.change_task(task=task, row=row, by=make.office(), on=later) == ["cooperating"]
