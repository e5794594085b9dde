"""Changes of many tasks, what takes them back, splitting, and imports: nothing of somebody else's is lost."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from dotpha.accounts.models import User
from dotpha.documents import actions as documents
from dotpha.documents.rows import ProvisionRow
from dotpha.platform import days
from dotpha.platform.models import AuditEvent
from dotpha.platform.tests.refusals import refused
from dotpha.programmes import actions, imports
from dotpha.programmes.actions import BulkChange, register, undoing
from dotpha.programmes.models import Programme, Task
from dotpha.programmes.rows import TaskRow
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db


def today() -> Any:
    return days.today()


def undone(change: BulkChange, since: Callable[[Task], object], task: Task) -> str:
    """The refusal of the undo of a change after which something else happened."""
    [outcome] = actions.bulk_change(tasks=[task], change=change, by=make.office(), on=today())
    assert outcome.is_changed, outcome.refusal
    since(task)
    [outcome] = undoing.undo_bulk_change(change=change, was=undoing.changed([outcome]), by=make.office(), on=today())
    return outcome.refusal.code if outcome.refusal else ""


def lead_of(task: Task) -> str:
    return str(task.assignments.get(part="lead", until_on=None).organisation.key)


def test_the_undo_of_a_lead_leaves_alone_who_leads_since() -> None:
    task = make.task(lead="most")
    make.organisation("mof"), make.organisation("moh")

    def again(task: Task) -> None:
        actions.assign_task(task=task, lead=make.organisation("moh"), reason="x", document="y", by=make.office(),
                            on=today())  # fmt: skip

    told = undone(BulkChange("lead", lead="mof", reason="x", document="y"), again, task)
    assert (told, lead_of(task)) == ("changed_since", "moh")


def test_the_undo_of_tags_leaves_alone_the_tags_added_since() -> None:
    task = make.task(tags=("a",))

    def again(task: Task) -> None:
        row = TaskRow(task.key, task.title, "", task.deadline_text, tags=("a", "b", "of somebody else"),
                      given=frozenset({"tags"}))  # fmt: skip
        actions.change_task(task=task, row=row, by=make.office(), on=today())

    told = undone(BulkChange("tags", tags=("b",)), again, task)
    task.refresh_from_db()
    assert (told, task.tags) == ("changed_since", ["a", "b", "of somebody else"])


def test_the_undo_of_a_group_leaves_alone_who_moved_it_since() -> None:
    programme = make.programme()
    one, two = (
        actions.add_group(programme=programme, key=key, title={"vi": key}, order=number, by=make.TEST)
        for number, key in enumerate(("g1", "g2"), 1)
    )  # fmt: skip
    task = make.task()
    move = lambda task: actions.move_task(task=task, programme=programme, group=two, by=make.office(), on=today())  # noqa: E731
    told = undone(BulkChange("group", group=one), move, task)
    assert (told, task.memberships.get().group) == ("changed_since", two)


def test_the_undo_of_cancelling_leaves_alone_a_later_cancelling() -> None:
    task = make.task()

    def again(task: Task) -> None:
        actions.reopen_task(task=task, reason="x", by=make.office(), on=today())
        actions.cancel_task(task=Task.objects.get(pk=task.pk), reason="Của người khác", by=make.office(), on=today())

    told = undone(BulkChange("cancel", reason="x"), again, task)
    task.refresh_from_db()
    assert (told, task.cancel_reason) == ("changed_since", "Của người khác")


def test_tags_that_somebody_added_meanwhile_stay() -> None:
    """The tasks of a change of many were read before the lock."""
    task = make.task(tags=("a",))
    stale = Task.objects.get(pk=task.pk)
    row = TaskRow(task.key, task.title, "", task.deadline_text, tags=("a", "meanwhile"), given=frozenset({"tags"}))
    actions.change_task(task=task, row=row, by=make.office(), on=today())
    actions.bulk_change(tasks=[stale], change=BulkChange("tags", tags=("b",)), by=make.office(), on=today())
    task.refresh_from_db()
    assert set(task.tags) == {"a", "meanwhile", "b"}


def test_a_change_of_many_that_changes_nothing_of_a_task_says_so_and_is_not_undone() -> None:
    """Else the undo takes away a tag that the change did not give."""
    task = make.task(tags=("b",))
    outcomes = actions.bulk_change(tasks=[task], change=BulkChange("tags", tags=("b",)), by=make.office(), on=today())
    assert undoing.changed(outcomes) == {}


# --- import ---------------------------------------------------------------------------------------


def two_programmes() -> tuple[Any, Any, Task]:
    one, other = make.programme("one"), make.programme("other")
    for programme in (one, other):
        actions.add_group(programme=programme, key="g1", title={"vi": "Nhóm"}, order=1, by=make.TEST)
    return one, other, make.task(within=one, key="t-1")


def csv_of(task: Task, **more: str) -> bytes:
    cells = {"key": task.key, "title": task.title["vi"], "lead": "most", "deadline": task.deadline_text, **more}
    return (",".join(cells) + "\n" + ",".join(cells.values()) + "\n").encode()


def test_a_row_of_another_programmes_task_is_refused() -> None:
    """It was said to be changed, at every repetition anew, and nothing was."""
    _one, other, task = two_programmes()
    seen = imports.preview(csv_of(task, group="g1"), "r.csv", other, make.office(), today())
    assert [(each.column, each.code) for each in seen.problems] == [("key", "key_elsewhere")]
    imports.apply(seen, other, make.office(), today(), skip_bad_rows=True)
    assert not task.memberships.filter(programme=other).exists()
    assert not AuditEvent.objects.filter(kind="task.changed").exists()


def test_the_preview_of_a_file_tells_nothing_of_a_task_outside_the_scope() -> None:
    make.programme("mine", organisation=make.organisation("moh"))
    hidden = make.programme("hidden", published=False, organisation=make.organisation("mof"))
    task = make.task(within=hidden, key="s-1", title="Việc mật", lead="mof", percent=0)

    by = make.actor("focal_point", make.organisation("moh").scope)
    mine = Programme.objects.get(key="mine")
    same = imports.preview(csv_of(task, lead="mof"), "r.csv", mine, by, today())
    other = imports.preview(csv_of(task, lead="mof", title="Khác"), "r.csv", mine, by, today())
    assert [line.fate for line in same.lines] == [line.fate for line in other.lines] == ["refused"]
    assert same.problems == other.problems


# --- split ----------------------------------------------------------------------------------------


def test_a_split_task_stays_in_every_programme_that_held_it() -> None:
    _one, other, task = two_programmes()
    actions.move_task(task=task, programme=other, group=other.groups.get(), by=make.office(), on=today())
    held = task.memberships.get(programme=other)
    held.provision = with_clause().provision
    held.save()
    made = actions.split_task(task=task, rows=[make.row(), make.row()], reason="x", by=make.office(), on=today())
    assert [each.memberships.count() for each in made] == [2, 2]
    there = [each.memberships.get(programme=other) for each in made]
    assert [(each.group, each.provision) for each in there] == [(held.group, held.provision)] * 2


def test_splitting_into_a_task_with_children_leaves_them_a_parent_that_goes_on() -> None:
    task = make.task(key="t-1")
    children = actions.break_down_task(task=task, rows=[make.row(), make.row()], by=make.office(), on=today())
    actions.split_task(task=task, rows=[make.row(), make.row()], reason="x", by=make.office(), on=today())
    task.refresh_from_db()
    for each in children:
        each.refresh_from_db()
    assert [(each.parent, each.cancelled_on) for each in children] == [(None, None)] * 2


def test_splitting_a_published_task_asks_for_the_document_as_every_other_change_does() -> None:
    task, other = make.task(), make.organisation("moh")
    assign = lambda: actions.assign_task(task=task, lead=other, reason="x", by=make.office(), on=today())  # noqa: E731
    rows = [make.row(lead="moh"), make.row(lead="moh")]
    split = lambda: actions.split_task(task=task, rows=rows, reason="x", by=make.office(), on=today())  # noqa: E731
    assert refused(split)[0] == refused(assign)[0] == "document_missing"


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def test_every_task_that_fits_is_what_was_looked_at() -> None:
    """A task that came to fit between the look and the button is not cancelled unseen."""
    make.task(key="t-1", tags=("x",))
    client = signed_in(make.person("office"))
    page = "/desk/tasks/change/?every=1&view=all&verb=cancel"
    looked = client.post(page, {"verb": "cancel", "reason": "x"})
    assert looked.status_code == 200
    make.task(key="t-2")
    hidden = {name: value for name, value in fields_of(looked.content.decode())}
    answer = client.post(page, {**hidden, "verb": "cancel", "reason": "x", "do": "1"})
    assert "Other tasks fit now than those you looked at." in answer.content.decode()
    assert (answer.status_code, Task.objects.filter(cancelled_on=None).count()) == (409, 2)


def fields_of(page: str) -> list[tuple[str, str]]:

    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)


def test_the_undo_takes_a_task_out_of_a_programme_that_it_came_into_with_its_group() -> None:
    _one, other, task = two_programmes()
    change = BulkChange("group", group=other.groups.get())
    outcomes = actions.bulk_change(tasks=[task], change=change, by=make.office(), on=today())
    assert task.memberships.filter(programme=other).exists()
    undoing.undo_bulk_change(change=change, was=undoing.changed(outcomes), by=make.office(), on=today())
    assert not task.memberships.filter(programme=other).exists()


def test_putting_many_into_a_programme_leaves_those_already_there_in_their_group() -> None:
    one, _other, task = two_programmes()
    actions.move_task(task=task, programme=one, group=one.groups.get(), by=make.office(), on=today())
    actions.bulk_change(tasks=[task], change=BulkChange("move", programme=one), by=make.office(), on=today())
    assert task.memberships.get().group == one.groups.get()


def test_putting_many_into_the_group_that_they_stand_in_changes_nothing() -> None:
    one, _other, task = two_programmes()
    actions.move_task(task=task, programme=one, group=one.groups.get(), by=make.office(), on=today())
    change = BulkChange("group", group=one.groups.get())
    [outcome] = actions.bulk_change(tasks=[task], change=change, by=make.office(), on=today())
    assert outcome.refusal is not None
    assert (outcome.refusal.code, AuditEvent.objects.filter(kind="task.moved").count()) == ("nothing_different", 1)


def with_clause() -> Task:

    document = make.document()
    if not document.provisions.exists():
        documents.add_provisions(
            document=document, rows=[ProvisionRow("dieu-1", "article", text={"vi": "Một"})], by=make.office()
        )
    make.place("p-1")
    return make.task(provision="nq-57#dieu-1", place="p-1", co_leads=("moh",), cooperating=("mof",), tags=("a",))


def test_tasks_split_off_keep_the_clause_the_place_and_those_who_take_part() -> None:
    task = with_clause()
    assert task.provision
    assert task.place
    made = actions.split_task(task=task, rows=[make.row(), make.row()], reason="x", by=make.office(), on=today())
    assert [each.provision for each in made] == [task.provision] * 2
    assert [each.place for each in made] == [task.place] * 2


def test_a_copy_keeps_the_clause_and_the_agencies_that_lead_together() -> None:
    task = with_clause()
    made = actions.copy_task(task=task, key="t-copy", by=make.office(), on=today())
    parts = lambda of: sorted(of.assignments.values_list("part", "organisation__key"))  # noqa: E731
    assert parts(made) == parts(task)
    assert made.provision == task.provision


def test_the_import_of_a_register_keeps_those_who_lead_together() -> None:
    task = with_clause()
    before = sorted(task.assignments.filter(until_on=None).values_list("part", "organisation__key"))
    by, programme = make.office(), make.programme()
    seen = imports.preview(csv_of(task, cooperating="mof;moh"), "r.csv", programme, by, today())
    assert [line.fate for line in seen.lines] == ["unchanged"]
    changed = csv_of(task, cooperating="mof;moh", title="Tên khác")
    imports.apply(imports.preview(changed, "r.csv", programme, by, today()), programme, by, today())
    assert sorted(task.assignments.filter(until_on=None).values_list("part", "organisation__key")) == before


def test_two_rows_of_an_import_and_a_product_of_the_same_words() -> None:
    programme, by = make.programme(), make.office()
    make.organisation("most"), make.organisation("mof")
    head = "key,title,lead,cooperating,product,deadline,percent,extensions\n"
    row = 'x-1,Xây dựng cơ sở dữ liệu,most,mof;most,"Đề án\nĐề án",30/6/2026,50,2025-05-01>2026-09-30\n'
    data = (head + row).encode()
    imports.apply(imports.preview(data, "r.csv", programme, by, today()), programme, by, today())
    again = imports.preview(data, "r.csv", programme, by, today())
    assert [(line.fate, line.columns) for line in again.lines] == [("unchanged", ())]


def test_a_group_named_by_its_number_is_not_changed_again() -> None:
    one, _other, task = two_programmes()
    by = make.office()
    data = csv_of(task, group="1")
    imports.apply(imports.preview(data, "r.csv", one, by, today()), one, by, today())
    assert [line.fate for line in imports.preview(data, "r.csv", one, by, today()).lines] == ["unchanged"]


@pytest.mark.parametrize("page", ["leader", "map"])
def test_the_leaders_page_names_no_programme_that_its_reader_may_not_see(page: str) -> None:
    make.programme()
    make.programme("hidden", published=False, title={"vi": "Chương trình mật"}, organisation=make.organisation("mof"))
    make.task(lead="mof", within=make.programme("hidden"))
    client = signed_in(make.person("citizen"))
    assert client.get("/desk/programmes/hidden/").status_code == 404
    assert "Chương trình mật" not in client.get(f"/desk/{page}/").content.decode()
    answer = client.get(f"/desk/{page}/?programme=hidden")
    assert answer.status_code == 404
    assert "Chương trình mật" not in answer.content.decode()


def test_the_history_of_a_task_tells_what_was_recorded_by_then() -> None:

    task = make.task(key="t-1")
    time.sleep(0.02)
    known = days.now()
    time.sleep(0.02)
    actions.cancel_task(task=task, reason="x", by=make.office(), on=today())
    client = signed_in(make.person("office"))
    answer = client.get("/api/v1/tasks/t-1/history", {"known_at": known.isoformat()})
    assert "task.cancelled" not in answer.content.decode()
    page = client.get("/desk/tasks/t-1/", {"known_at": known.isoformat()}, headers={"accept-language": "en"})
    assert page.status_code == 200
    assert "cancelled the task" not in page.content.decode()


def test_the_history_of_a_day_tells_nothing_later() -> None:
    task = make.task(key="t-1", within=make.programme())
    actions.cancel_task(task=task, reason="x", by=make.office(), on=today())
    client = signed_in(make.person("office"))
    yesterday = {"as_of": (today() - timedelta(days=1)).isoformat()}
    told = client.get("/api/v1/tasks/t-1/history")
    assert "task.cancelled" in told.content.decode()
    assert client.get("/api/v1/tasks/t-1/history", yesterday).json() == {"items": []}
    programme = client.get("/desk/programmes/resolution57/").content.decode()
    before = client.get("/desk/programmes/resolution57/", yesterday).content.decode()
    assert ("published the programme" in programme, "published the programme" in before) == (True, False)


def test_the_nearest_names_are_looked_for_once_and_not_for_thousands(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    near = register.nearest_in

    def counted(labels: Any, said: str) -> str:
        looked.append(said)
        return near(labels, said)

    monkeypatch.setattr(register, "nearest_in", counted)
    programme = make.programme()
    make.organisation("mof", name={"vi": "Bộ Tài chính"})
    rows = "".join(f"k-{n},Xây dựng cơ sở dữ liệu,Bộ Tài chánh {n // 2},30/6/2026\n" for n in range(300))
    data = ("key,title,lead,deadline\n" + rows).encode()
    seen = imports.preview(data, "r.csv", programme, make.office(), today())
    assert (len(looked), len(set(looked)), len(seen.problems)) == (register.MOST_GUESSES, register.MOST_GUESSES, 300)
    assert "Bộ Tài chính (mof)" in seen.problems[0].detail
    assert {each.code for each in seen.problems} == {"unknown_organisation"}
    assert "–" not in seen.problems[-1].detail


@pytest.mark.parametrize("asked", ["no-such", "of-others"])
def test_a_file_for_a_programme_that_one_may_not_change_goes_into_no_other(asked: str) -> None:

    make.programme("mine", organisation=make.organisation("moh"))
    make.programme("of-others", organisation=make.organisation("mof"))
    client = signed_in(make.person("focal_point", make.organisation("moh").scope))
    data = "key,title,lead,deadline\nx-1,Xây dựng cơ sở dữ liệu,moh,30/6/2026\n".encode()
    moved = client.post("/desk/tasks/import/", {"programme": asked, "file": SimpleUploadedFile("r.csv", data)})
    key = moved.headers.get("Location", "").rpartition("file=")[2]
    client.post("/desk/tasks/import/", {"programme": asked, "parked": key, "keep": "1"})
    assert not Task.objects.filter(key="x-1").exists()


def test_the_undo_of_one_act_leaves_alone_what_somebody_did_since() -> None:
    task = make.task(key="t-1", lead="most")
    make.organisation("mof"), make.organisation("moh")
    client = signed_in(make.person("office"))
    act = {"lead": "mof", "reason": "x", "document": "y"}
    answer = client.post("/desk/tasks/t-1/acts/assign/", act)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    actions.assign_task(
        task=task, lead=make.organisation("moh"), reason="x", document="y", by=make.office(), on=today()
    )
    client.post("/desk/tasks/t-1/acts/assign/", {**act, "lead": "most", "reason": "Undone", "undoing": "1"})
    assert lead_of(task) == "moh"


def test_a_file_does_not_write_over_what_changed_after_it_was_looked_at() -> None:
    programme = make.programme()
    task = make.task(key="t-1")
    by = make.office()
    seen = imports.preview(csv_of(task, title="Theo tệp"), "r.csv", programme, by, today())
    row = TaskRow(task.key, {"vi": "Của người khác"}, "", "", given=frozenset({"title"}))
    actions.change_task(task=task, row=row, reason="x", document="y", by=make.office(), on=today())
    assert refused(lambda: imports.apply(seen, programme, by, today()))[0] == "file_outdated"


def test_the_page_imports_what_was_looked_at_and_nothing_else() -> None:
    make.programme()
    task = make.task(key="t-1")
    client = signed_in(make.person("office"))
    file = SimpleUploadedFile("r.csv", csv_of(task, title="Theo tệp"))
    moved = client.post("/desk/tasks/import/", {"programme": "resolution57", "file": file})
    looked = dict(fields_of(client.get(moved["Location"]).content.decode()))
    row = TaskRow(task.key, {"vi": "Của người khác"}, "", "", given=frozenset({"title"}))
    actions.change_task(task=task, row=row, reason="x", document="y", by=make.office(), on=today())
    answer = client.post("/desk/tasks/import/", {**looked, "keep": "1"})
    task.refresh_from_db()
    assert (answer.status_code, task.title["vi"]) == (409, "Của người khác")
    again = dict(fields_of(answer.content.decode()))
    assert client.post("/desk/tasks/import/", {**again, "keep": "1"}).status_code == 302
    task.refresh_from_db()
    assert task.title["vi"] == "Theo tệp"


@pytest.mark.django_db(transaction=True)
def test_an_import_that_met_a_deadlock_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files may name the same tasks in another order than a change of many or a split locks them."""
    programme, by = make.programme(), make.office()
    task = make.task(key="t-1")
    change, tries = imports.actions.change_tasks, []

    def met(**given: Any) -> Any:
        tries.append(given)
        with connection.cursor() as cursor:
            if len(tries) == 1:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$")
        return change(**given)

    monkeypatch.setattr(imports.actions, "change_tasks", met)
    imports.apply(
        imports.preview(csv_of(task, title="Theo tệp"), "r.csv", programme, by, today()), programme, by, today()
    )
    task.refresh_from_db()
    assert (len(tries), task.title["vi"]) == (2, "Theo tệp")


@pytest.mark.parametrize("name", ["r1.csv", "r1.xlsx"])
def test_what_the_list_of_tasks_exports_can_be_imported_again(name: str) -> None:
    task = with_clause()
    client = signed_in(make.person("office"))
    kind = name.rpartition(".")[2]
    columns = "key,title,lead,deadline_text,cooperating"
    answer = client.get(f"/desk/tasks/?view=all&export={kind}&columns={columns}", headers={"accept-language": "vi"})
    data = b"".join(answer.streaming_content)  # the Vietnamese headers that the program itself exports (section 5)
    seen = imports.preview(data, name, make.programme(), make.office(), today())
    assert [line.fate for line in seen.lines] == ["unchanged"], (task, seen.problems)
