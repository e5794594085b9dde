"""A long import: its bar, leaving it, the notice at its end, stopping it (expectation 24)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dotpha.platform import courses, jobs
from dotpha.programmes import jobs as work
from dotpha.programmes.actions import adding
from dotpha.programmes.models import Task
from dotpha.programmes.tests import annex_fixtures
from dotpha.programmes.tests import factories as make
from tests.expectations.people import body, enter

pytestmark = pytest.mark.django_db
ROWS = 2_000
"""Enough to be counted; the long test has as many as a file may have."""
IMPORT = "/desk/tasks/import/"


def table(rows: int) -> bytes:
    lines = (f"big-{n:05},Xây dựng cơ sở dữ liệu số {n},most,30/6/2030" for n in range(rows))
    return "\n".join(["key,title,lead,deadline", *lines]).encode()


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the page asks of the worker, which here begins when the test says so."""
    asked: list[dict[str, Any]] = []

    def defer(name: str, *, one_at_a_time: str, **arguments: Any) -> None:
        asked.append({"name": name, **arguments})

    monkeypatch.setattr(jobs, "defer", defer)
    monkeypatch.setattr(jobs, "is_asked", lambda name, **arguments: {"name": name, **arguments} in asked)
    return asked


def keeps(client: Client, rows: int | SimpleUploadedFile, **typed: str) -> str:
    """Look at a file and press the button that imports it; answers the address that follows."""
    file = SimpleUploadedFile("register.csv", table(rows)) if isinstance(rows, int) else rows
    looked = client.post(IMPORT, {"programme": "resolution57", "file": file})["Location"]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', body(client, looked))
    return str(client.post(IMPORT, {**dict(hidden), **typed, "keep": "1"})["Location"])


def bar(page: str) -> tuple[int, int]:
    found = re.search(r'<progress aria-labelledby="course-said" max="(\d+)" value="(\d+)">', page)
    assert found, page
    return int(found[1]), int(found[2])


@pytest.fixture
def office() -> Client:
    make.programme()
    make.organisation("most")
    return enter("office")


def works(begun: list[dict[str, Any]]) -> None:
    [asked] = begun
    assert asked["name"] == "programmes.import_file"
    work.import_file(user=asked["user"], key=asked["key"])


@pytest.mark.parametrize("rows", [ROWS, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_long_import_shows_its_bar_can_be_left_and_tells_its_end(
    rows: int, office: Client, begun: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """24. Progress for anything over 1 s: import of 10,000 rows: bar with counts, page can be left, notice at the
    end."""
    at = keeps(office, rows)
    assert bar(body(office, at)) == (rows, 0)
    assert not Task.objects.exists()
    seen: list[tuple[int, int]] = []
    step = courses.step

    def looked_at_meanwhile(more: int = 0) -> None:
        step(more)
        if more:
            seen.append(bar(body(office, at)))

    monkeypatch.setattr(adding.courses, "step", looked_at_meanwhile)
    works([dict(each) for each in begun])
    assert seen == [(rows, done) for done in range(adding.BATCH, rows + 1, adding.BATCH)]
    assert Task.objects.count() == rows
    elsewhere = body(office, "/desk/programmes/")
    assert f"Imported: {rows:,} new, 0 changed, 0 unchanged." in elsewhere
    assert "Imported:" not in body(office, "/desk/programmes/"), "told of once"
    works(begun)  # a job may run twice
    assert Task.objects.count() == rows


def test_a_page_that_is_still_open_is_told_of_the_end(office: Client, begun: list[dict[str, Any]]) -> None:
    """24. Progress for anything over 1 s: whoever stayed is led to what was imported."""
    at = keeps(office, courses.AT_ONCE + 1)
    assert bar(body(office, at)) == (courses.AT_ONCE + 1, 0)
    works(begun)
    assert office.get(at, headers={"hx-request": "true"})["HX-Refresh"] == "true"
    landed = office.get(at, follow=True)
    assert landed.request["PATH_INFO"] == "/desk/tasks/"
    assert "Imported: 501 new" in landed.content.decode()


def test_an_import_that_is_stopped_leaves_nothing_half_done(
    office: Client, begun: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """24. Progress for anything over 1 s: cancel leaves nothing half done."""
    monkeypatch.setattr(adding, "BATCH", 200)
    at = keeps(office, courses.AT_ONCE + 1)
    key = at.rpartition("file=")[2]
    step = courses.step

    def stopped_in_its_midst(rows: int = 0) -> None:
        if rows:
            assert Task.objects.count() == 200
            assert office.post(IMPORT, {"parked": key, "programme": "resolution57", "stop": "1"}).status_code == 302
        step(rows)

    monkeypatch.setattr(adding.courses, "step", stopped_in_its_midst)
    works(begun)
    assert not Task.objects.exists()
    assert "The import was stopped. Nothing was imported." in office.get(at, follow=True).content.decode()
    assert 'name="keep"' in body(office, at), "it can be imported after all"


def test_a_long_import_that_is_refused_says_why(office: Client, begun: list[dict[str, Any]]) -> None:
    """24. Progress for anything over 1 s: what came in between is told at the end, and nothing is half done."""
    keeps(office, courses.AT_ONCE + 1)
    make.task(key="big-00007", title="Của người khác")
    works(begun)
    assert Task.objects.count() == 1
    told = body(office, "/desk/programmes/")
    assert "The import was refused: Somebody changed these records meanwhile." in told


def test_what_was_typed_of_a_whole_annex_comes_back_when_the_worker_refuses_it(
    office: Client, begun: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courses, "AT_ONCE", 0)
    annex = annex_fixtures.annex([("1", "Xây dựng đề án", "most", "", "30/6/2030", "Đề án")])
    at = keeps(office, SimpleUploadedFile("annex.docx", annex), assigned_on="31/02/2027")
    works(begun)
    told = office.get(at).content.decode()
    assert re.findall('name="assigned_on" value="([^"]*)"', told) == ["31/02/2027"]


def test_an_import_that_was_given_up_is_stopped_at_once_and_begun_anew(
    office: Client, begun: list[dict[str, Any]]
) -> None:
    """A worker that ended each time leaves a course behind that no job does any more."""
    at = keeps(office, 600)
    begun.clear()
    assert bar(body(office, at)) == (600, 0)
    key = at.partition("file=")[2]
    office.post(IMPORT, {"programme": "resolution57", "parked": key, "stop": "1"})
    assert "The import was stopped" in body(office, "/desk/programmes/")
    assert keeps(office, 600) == at
    assert len(begun) == 1


def test_nobody_else_sees_or_stops_it(office: Client, begun: list[dict[str, Any]]) -> None:
    """24. Progress for anything over 1 s: a course is that of the person who began it."""
    at = keeps(office, courses.AT_ONCE + 1)
    other = enter("office")
    assert other.get(at).status_code == 404
    other.post(IMPORT, {"parked": at.rpartition("file=")[2], "programme": "resolution57", "stop": "1"})
    works(begun)
    assert Task.objects.count() == courses.AT_ONCE + 1


def test_a_short_file_is_imported_at_once(office: Client, begun: list[dict[str, Any]]) -> None:
    assert keeps(office, 3).startswith("/desk/tasks/?")
    assert (Task.objects.count(), begun) == (3, [])
