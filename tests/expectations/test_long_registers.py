"""Long files of organisations, places and people are imported by a worker as those of tasks are (expectation 24)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dotpha.accounts import jobs as of_accounts
from dotpha.accounts.models import User
from dotpha.directory import actions as directory
from dotpha.directory import jobs as of_directory
from dotpha.directory.actions import tree
from dotpha.directory.models import Organisation, Place
from dotpha.directory.rows import Change, OrganisationRow
from dotpha.platform import courses, jobs
from dotpha.programmes import jobs as of_programmes
from dotpha.programmes.models import Task
from dotpha.programmes.tests import factories as make
from tests.expectations.people import body, enter
from tests.expectations.test_long_import import bar

pytestmark = pytest.mark.django_db
ROWS = 1_200
WORKS: dict[str, Callable[..., None]] = {
    "accounts.import_file": of_accounts.import_file,
    "directory.import_file": of_directory.import_file,
    "programmes.import_file": of_programmes.import_file,
}
FILES: dict[str, tuple[str, str, Any]] = {
    "organisations": ("key,name_vi,kind", "long-{n:05},Cơ quan {n},agency", Organisation),
    "places": ("key,name_vi,short_vi,kind,code", "long-{n:05},Xã {n},{n},commune,{n}", Place),
    "people": ("key,name", "long-{n:05},Người {n}", User),
}


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the pages ask of the worker, which here begins when the test says so."""
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(jobs, "defer", lambda name, one_at_a_time, **more: asked.append({"name": name, **more}))
    monkeypatch.setattr(jobs, "is_asked", lambda name, **more: {"name": name, **more} in asked)
    return asked


def works(begun: list[dict[str, Any]]) -> None:
    [asked] = begun
    WORKS[asked["name"]](user=asked["user"], key=asked["key"])


def looked_at(client: Client, page: str, head: str, *rows: str, **more: str) -> tuple[str, dict[str, str]]:
    """Put a file aside; answers its page and what the button that keeps it sends along."""
    file = SimpleUploadedFile("register.csv", "\n".join([head, *rows]).encode())
    at = client.post(page, {**more, "file": file})["Location"]
    return at, dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', body(client, at)))


@pytest.mark.parametrize("name", FILES)
def test_a_long_file_is_imported_by_the_worker_with_bar_and_notice(
    name: str, begun: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """24. Progress for anything over 1 s: bar with counts, page can be left, notice at the end."""
    head, line, model = FILES[name]
    client = enter("admin" if name == "people" else "steward")
    at, hidden = looked_at(client, f"/desk/{name}/import/", head, *(line.format(n=n) for n in range(ROWS)))
    ours = {"people": "username"}.get(name, "key") + "__startswith"
    assert client.post(at, {**hidden, "keep": "1"})["Location"] == at
    assert (bar(body(client, at)), model.objects.filter(**{ours: "long-"}).count()) == ((ROWS, 0), 0)
    seen: list[int] = []
    step = courses.step

    def looked_at_meanwhile(rows: int = 0) -> None:
        step(rows)
        if rows:
            seen.append(bar(body(client, at))[1])

    monkeypatch.setattr(courses, "step", looked_at_meanwhile)
    works(begun)
    assert seen == [500, 1_000, 1_200]
    assert model.objects.filter(**{ours: "long-"}).count() == ROWS
    assert "Imported: 1,200 new, 0 changed, 0 unchanged." in body(client, "/desk/inbox/")


@pytest.mark.parametrize("name", FILES)
def test_a_long_import_that_is_stopped_leaves_nothing(
    name: str, begun: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    head, line, model = FILES[name]
    client = enter("admin" if name == "people" else "steward")
    page, before = f"/desk/{name}/import/", model.objects.count()
    at, hidden = looked_at(client, page, head, *(line.format(n=n) for n in range(ROWS)))
    client.post(at, {**hidden, "keep": "1"})
    step = courses.step

    def stopped_in_its_midst(rows: int = 0) -> None:
        if rows and model.objects.count() > before:
            client.post(page, {"parked": hidden["parked"], "stop": "1"})
        step(rows)

    monkeypatch.setattr(courses, "step", stopped_in_its_midst)
    works(begun)
    assert model.objects.count() == before
    assert "The import was stopped. Nothing was imported." in client.get(at, follow=True).content.decode()


def test_rows_that_are_refused_or_stay_as_they_are_count_for_the_bar_too(
    begun: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bar comes to its end where bad rows are left out, and a row is not counted twice."""
    rows = [OrganisationRow(f"held-{n}", "agency", {"vi": f"Cơ quan {n}"}) for n in range(300)]
    directory.add_organisations(rows=rows, by=make.TEST)
    client = enter("steward")
    lines = [f"held-{n},Cơ quan {n},{'enterprise' if n < 100 else 'agency'}" for n in range(300)]
    lines += [f"new-{n},Mới {n},{'nothing' if n < 50 else 'agency'}" for n in range(300)]
    at, hidden = looked_at(client, "/desk/organisations/import/", "key,name_vi,kind", *lines)
    client.post(at, {**hidden, "keep": "1", "skip": "on"})
    seen: list[int] = []
    write = courses._write
    monkeypatch.setattr(courses, "_write", lambda course, by: (seen.append(course.done), write(course, by)))
    works(begun)
    assert seen == [250, 500, 600, 600]  # refused and unchanged, added, changed, over
    assert "Imported: 250 new, 100 changed, 200 unchanged." in body(client, "/desk/inbox/")


def test_a_file_that_was_changed_meanwhile_is_refused_and_can_be_looked_at_again(begun: list[dict[str, Any]]) -> None:
    directory.add_organisations(rows=[OrganisationRow("held", "agency", {"vi": "Cũ"})], by=make.TEST)
    client = enter("steward")
    lines = ["held,,enterprise", *(f"new-{n},Mới {n},agency" for n in range(600))]
    at, hidden = looked_at(client, "/desk/organisations/import/", "key,name_vi,kind", *lines)
    client.post(at, {**hidden, "keep": "1"})
    tree.change(Organisation, {"held": Change({"kind": "media"})}, ("kind",), make.TEST)
    works(begun)
    told = client.get(at, follow=True).content.decode()
    assert "The import was refused: Somebody changed these records meanwhile." in told
    assert ('name="keep"' in told, Organisation.objects.count()) == (True, 1)


def test_a_person_without_the_right_has_no_long_import(begun: list[dict[str, Any]]) -> None:
    head, line, _model = FILES["people"]
    client = enter("admin")
    at, hidden = looked_at(client, "/desk/people/import/", head, *(line.format(n=n) for n in range(600)))
    client.post(at, {**hidden, "keep": "1"})
    User.objects.get(pk=begun[0]["user"]).grants.all().delete()
    works(begun)
    assert not User.objects.filter(username__startswith="long-").exists()
    [course] = courses.ended(User.objects.get(pk=begun[0]["user"]).actor())
    assert course.state == courses.REFUSED


def test_what_was_corrected_comes_back_when_a_long_import_of_tasks_is_refused(begun: list[dict[str, Any]]) -> None:
    make.programme()
    make.organisation("most")
    client = enter("office")
    lines = [f"big-{n:05},Xây dựng cơ sở dữ liệu số {n},most,30/6/2030" for n in range(600)]
    page, typed = "/desk/tasks/import/", {"8-lead": "most", "document": "03/NQ-CP"}
    at, hidden = looked_at(client, page, "key,title,lead,deadline", *lines, programme="resolution57")
    assert client.post(page, {**hidden, **typed, "keep": "1"})["Location"] == at
    make.task(key="big-00009", title="Của người khác")
    works(begun)
    told = client.get(at, follow=True).content.decode()
    assert "The import was refused" in told
    field = '<input type="hidden" name="8-lead" value="most">'
    assert field in told, "what was typed is there"
    assert field in body(client, at), "also when the page is opened once more"
    make.programme("resolution68")
    other = at.replace("resolution57", "resolution68")
    assert field not in body(client, other), "it was typed for another programme"
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', told))
    begun.clear()
    assert client.post(page, {**hidden, "keep": "1"})["Location"] == at
    works(begun)
    assert Task.objects.count() == 600
    assert courses.asked(hidden["parked"], User.objects.get(pk=begun[0]["user"]).actor()) == {}
