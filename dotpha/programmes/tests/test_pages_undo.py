"""What was done to a task is taken back by one button of the next page, and both stay in its history."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from dotpha.accounts.models import User
from dotpha.documents.models import Provision
from dotpha.platform import days
from dotpha.platform.models import AuditEvent
from dotpha.programmes import actions
from dotpha.programmes.models import Product, Task
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
CARD = {"title": "Xây dựng cơ sở dữ liệu quốc gia", "deadline": "31/12/2030", "cooperating": "mof", "product": ""}
"""The card of `task`, as its form sends it."""


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
    client = of("office")
    before = Task.objects.get(pk=task.pk)
    held = CARD | {"title": "Another wording", "tags": "a, b"}
    grounds = {"version": before.version, "reason": "slip", "document": "12/NQ-CP"}
    sent(client, f"/desk/tasks/{task.key}/edit/", held | grounds)
    changed = Task.objects.get(pk=task.pk)
    assert (changed.tags, changed.title["vi"]) != (before.tags, before.title["vi"])
    undone(client, task)
    after = Task.objects.get(pk=task.pk)
    assert (after.tags, after.title, after.deadline_text) == (before.tags, before.title, before.deadline_text)
    assert set(current(task)) == {"most", "mof"}
    assert kinds(task)[:2] == ["task.changed", "task.changed"]


def test_a_correction_of_an_own_entry_is_taken_back_without_grounds() -> None:
    client, programme, _lead = of("office"), make.programme(), make.organisation("most")
    by = User.objects.get(pk=client.session["_auth_user_id"]).actor()
    actions.publish_programme(programme=programme, by=make.office())
    task = actions.add_task(programme=programme, row=make.row(key="u-9"), by=by, on=days.today())
    said = {"title": "Slip", "deadline": task.deadline_text, "version": task.version}
    sent(client, f"/desk/tasks/{task.key}/edit/", said)
    undone(client, task)
    assert Task.objects.get(pk=task.pk).title == task.title


def test_an_added_task_is_taken_back_by_who_may_cancel_it() -> None:
    typed = {
        "programme": make.programme("p", organisation=make.organisation("most")).key,
        "title": "Slip",
        "lead": "most",
    }
    for n, role in enumerate(("office", "focal_point")):
        client = of(role, "all" if role == "office" else make.organisation("most").scope)
        sent(client, "/desk/tasks/add/", {**typed, "key": f"a-{n}", "deadline": "2030"})
        task = Task.objects.get(key=f"a-{n}")
        assert ("undo" in client.session) == (role == "office")
        if role == "office":
            undone(client, task)
            assert Task.objects.get(pk=task.pk).cancelled_on == days.today()


def test_what_hangs_on_a_card_comes_back_with_it(task: Task) -> None:
    """A deadline as it was settled, a product with its proof, a part with its duty, the clause; no day counts what was
    named and taken back."""
    make.organisation("moh")
    clauses = [
        Provision.objects.create(document=make.document("nq-57"), address=each, kind="item", order=at)
        for at, each in enumerate(("I", "II"))
    ]
    settled = {"deadline_text": "sớm", "deadline_kind": "date", "original_due_on": date(2030, 6, 30)}
    Task.objects.filter(pk=task.pk).update(provision=clauses[0], **settled)
    product = Product.objects.create(task=task, text="Đề án", order=1)
    task.assignments.filter(part="cooperating").update(duty="Kinh phí")
    client = of("office")
    before = facts(task)
    other = {
        "title": task.heading.text, "deadline": "30/6/2031", "cooperating": "Bộ moh", "product": "Báo cáo",
        "provision": "nq-57#II", "version": task.version, "reason": "slip", "document": "12/NQ-CP",
    }  # fmt: skip
    sent(client, f"/desk/tasks/{task.key}/edit/", other)
    assert all(old != new for old, new in zip(before, facts(task), strict=True))
    undone(client, task)
    assert facts(task) == before
    assert task.products.get(withdrawn_on=None) == product
    assert set(task.assignments.values_list("organisation__key", flat=True)) == {"most", "mof"}


def facts(task: Task) -> list[Any]:
    """What hangs on a card."""
    after = Task.objects.get(pk=task.pk)
    deadline = (after.deadline_text, after.deadline_kind, after.original_due_on)
    products = [*after.products.filter(withdrawn_on=None).values_list("pk", "text")]
    return [deadline, products, current(after), after.provision_id]


def test_a_card_that_somebody_changed_since_is_not_taken_back(task: Task) -> None:
    client = of("office")
    address = f"/desk/tasks/{task.key}/edit/"
    sent(client, address, CARD | {"tags": "a", "version": task.version})
    undo = client.session["undo"]
    back = {**undo["fields"], "undoing": "1", "version": undo["version"]}
    Task.objects.filter(pk=task.pk).update(version=undo["version"] + 1)
    assert "Somebody has changed this task since" in sent(client, address, back, 409).content.decode()
    sent(client, address, {**back, "was": "forged"}, 409)
    assert Task.objects.get(pk=task.pk).tags == ["a"]


def test_a_part_of_which_its_agency_has_said_something_stays_on_record(task: Task) -> None:
    client, address = of("office"), f"/desk/tasks/{task.key}/acts"
    make.organisation("moh")
    for acted in (False, True):
        sent(client, f"{address}/part/", {"organisation": "moh", "part": "cooperating", "duty": "Money"})
        task.assignments.filter(organisation__key="moh").update(confirmed_on=days.today() if acted else None)
        sent(client, f"{address}/end_part/", {"organisation": "moh", "reason": "slip"})
        assert task.assignments.filter(organisation__key="moh").exists() == acted


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
