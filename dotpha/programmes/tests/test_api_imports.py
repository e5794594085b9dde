"""Importing a register or an annex over the API: as on the command line, with the document and day of an annex."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dotpha.accounts.models import Token
from dotpha.platform import courses, jobs
from dotpha.platform.models import AuditEvent
from dotpha.programmes import jobs as work
from dotpha.programmes.models import Programme, Task
from dotpha.programmes.tests import annex_fixtures
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_api import Api

pytestmark = pytest.mark.django_db
GOOD, BAD = "a,Một,most,2027", "b,Hai,nobody,2027"


@pytest.fixture(autouse=True)
def programme() -> Programme:
    make.organisation("most", name={"vi": "Bộ Khoa học và Công nghệ"}, abbreviations=["BKHCN"])
    return make.programme()


def bring(
    data: bytes, name: str = "r.csv", status: int = 200, role: str = "office", api: Api | None = None, **said: Any
) -> Any:
    headers = (api or Api(make.person(role))).headers
    body = {"file": SimpleUploadedFile(name, data), **said}
    answer = Client().post("/api/v1/programmes/resolution57/import", body, headers=headers)
    assert answer.status_code == status, answer.content.decode()[:800]
    return answer.json()


def register(*rows: str) -> bytes:
    return "\n".join(["key,title,lead,deadline", *rows]).encode()


def test_a_register_is_imported_once_however_often_it_comes() -> None:
    assert bring(register(GOOD), dry_run="true")["accepted"] == 1
    assert not Task.objects.exists()
    told = [bring(register(GOOD)) for _turn in range(2)]
    assert [(each["accepted"], each["unchanged"]) for each in told] == [(1, 0), (0, 1)]


def test_a_bad_row_stops_the_file_and_is_named() -> None:
    told = bring(register(GOOD, BAD), status=422)
    assert (told["code"], told["errors"][0]["field"], Task.objects.count()) == ("rows_refused", "3.lead", 0)
    done = bring(register(GOOD, BAD), skip_bad_rows="true")
    assert (done["accepted"], done["refused"], done["rows"][0]["row"]) == (1, 1, 3)


def test_the_document_and_the_day_of_an_annex() -> None:
    data = annex_fixtures.annex([("1", "Việc một", "BKHCN", "", "tháng 2", "Báo cáo")])
    assert bring(data, "pl.docx", 422, assigned_on="hôm qua")["code"] == "date_unreadable"
    bring(data, "pl.docx", document="03/NQ-CP", assigned_on="2025-03-10", skip_bad_rows="true")
    task = Task.objects.get()
    assert (task.source, task.assigned_on, task.original_due_on) == ("03/NQ-CP", date(2025, 3, 10), date(2026, 2, 28))


def test_who_may_not_add_tasks_is_told_so_before_the_file_is_looked_at() -> None:
    assert bring(b"MZ\x00", status=403, role="approver")["code"] == "forbidden"
    headers = Api(make.person("office")).headers
    answer = Client().post("/api/v1/programmes/resolution57/import", {}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "file_missing")


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is asked of the worker, which begins when the test says so; five rows are a long file."""
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(courses, "AT_ONCE", 5)
    monkeypatch.setattr(jobs, "defer", lambda name, one_at_a_time, **more: asked.append(more))
    monkeypatch.setattr(jobs, "is_asked", lambda name, **more: more in asked)
    return asked


LONG = register(*(f"big-{n},Việc {n},most,2027" for n in range(6)))


def test_a_long_register_is_handed_to_the_worker_and_its_course_is_told(begun: list[dict[str, Any]]) -> None:
    person = make.person("office")
    api = Api(person)
    assert (bring(LONG, api=api, dry_run="true")["accepted"], begun) == (6, [])
    told = bring(LONG, status=202, api=api)
    at = f"/imports/{told['key']}"
    assert told == {"key": told["key"], "state": "runs", "rows": 6, "done": 0, "counts": None, "detail": ""}
    assert (api.get(at), Task.objects.count()) == (told, 0)
    assert bring(LONG, status=202, api=api) == told, "sent again, it goes on"
    work.import_file(**begun[0])
    assert courses.ended(person.actor()) == [], "it was not begun on a page, and is told of on none"
    counts = {"accepted": 6, "changed": 0, "unchanged": 0}
    assert api.get(at) == {**told, "state": "done", "done": 6, "counts": counts}
    assert set(AuditEvent.objects.filter(kind="task.added").values_list("origin", flat=True)) == {
        f"api token {Token.objects.get(user=person).pk}"
    }
    other = Api(make.person("office"))
    assert other.get(at, 404)["code"] == "not_found"
    assert api.get("/imports/nothing", 404)["code"] == "not_found"


def test_a_long_register_with_a_bad_row_is_refused_at_once_and_one_that_changed_meanwhile_later(
    begun: list[dict[str, Any]],
) -> None:
    api = Api(make.person("office"))
    assert bring(LONG + b"\n" + BAD.encode(), status=422, api=api)["errors"][0]["field"] == "8.lead"
    told = bring(LONG, status=202, api=api)
    make.task(key="big-3", title="Của người khác")
    work.import_file(**begun[0])
    found = api.get(f"/imports/{told['key']}")
    assert (found["state"], Task.objects.count()) == ("refused", 1)
    assert "changed these records meanwhile" in found["detail"]
    begun.clear()
    assert bring(LONG + b"\n", status=202, api=api)["state"] == "runs"
    begun.clear()
    key = hashlib.sha256(LONG + b"\n").hexdigest()
    assert api.get(f"/imports/{key}")["state"] == "lost", "no job does it any more"
