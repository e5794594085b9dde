"""Importing a register or an annex over the API: as on the command line, with the document and day of an annex."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

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


def bring(data: bytes, name: str = "r.csv", status: int = 200, role: str = "office", **said: Any) -> Any:
    headers = Api(make.person(role)).headers
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
