"""Evidence over the API: a file is given for a task, checked as on the page, and named by a report."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.client import encode_multipart
from django.test.utils import CaptureQueriesContext

from dotpha.platform import days
from dotpha.platform.models import AuditEvent, StoredFile
from dotpha.platform.refusals import Refused
from dotpha.platform.uploads import Upload
from dotpha.programmes.actions import keeping
from dotpha.programmes.actions.keeping import keep_report
from dotpha.programmes.actions.reports import ReportRow
from dotpha.programmes.models import Evidence, Task
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_api import Api

pytestmark = pytest.mark.django_db
BETWEEN = itertools.count()
PICTURE = b"\x89PNG\r\n\x1a\n"
CSV = b"so,ngay\n12/TTr,2026-05-01\n"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def task() -> Task:
    return make.task(key="nq-1", deadline_text="31/12/2035", cooperating=("mof",))


def api(role: str = "owner", key: str = "most") -> Api:
    return Api(make.person(role, make.organisation(key).scope))


def give(by: Api, data: bytes = CSV, name: str = "bang.csv", status: int = 201, **more: Any) -> Any:
    headers = {**by.headers, **more.pop("headers", {})}
    between = f"between-{next(BETWEEN)}"  # programs choose another line between the parts each time
    body = encode_multipart(between, {"file": SimpleUploadedFile(name, data), **more})
    form = f"multipart/form-data; boundary={between}"
    answer = Client().post("/api/v1/tasks/nq-1/files", body, form, headers=headers)
    assert answer.status_code == status, answer.content.decode()[:800]
    return answer.json()


def test_a_file_is_given_and_named_by_a_report(task: Task) -> None:
    own = api()
    given = give(own)
    assert (given["name"], given["media_type"], given["size"], given["declared"]) == ("bang.csv", "text/csv", 26, False)
    told = {"summary": "Đã trình", "percent": 40, "evidence": [{"kind": "file", "file": given["id"]}]}
    own.post("/tasks/nq-1/reports", told)
    assert Evidence.objects.get().file_id == given["id"]
    event = AuditEvent.objects.get(kind="file.added")
    assert (event.subject, event.after["sha256"]) == (task.subject, given["sha256"])


def test_what_the_page_refuses_the_api_refuses(task: Task) -> None:
    own = api()
    assert give(own, b"MZ\x00", "a.csv", 415)["code"] == "file_not_what_it_says"
    assert give(own, "Tờ trình\nTUYỆT MẬT\n".encode(), status=422)["code"] == "state_secret"
    assert give(own, PICTURE, "anh.png", 422)["code"] == "file_unread"
    assert Client().post("/api/v1/tasks/nq-1/files", {}, headers=own.headers).json()["errors"][0]["field"] == "file"
    assert not StoredFile.objects.exists()
    assert give(own, PICTURE, "anh.png", declared="true")["declared"] is True
    assert AuditEvent.objects.filter(kind="file.declared").count() == 1


@pytest.mark.parametrize("name", ["12-KH (Mật).png", "TUYỆT MẬT.png"])
def test_a_file_named_as_a_state_secret_leaves_nothing_on_the_disk(task: Task, tmp_path: Path, name: str) -> None:
    assert give(api(), PICTURE, name, 422, declared="true")["code"] == "state_secret"
    assert (StoredFile.objects.count(), list(tmp_path.rglob("*"))) == (0, [])


def test_a_report_marked_as_a_state_secret_leaves_its_file_off_the_disk(task: Task, tmp_path: Path) -> None:
    given, row = Upload(PICTURE, "anh.png", "image/png", is_declared=True), ReportRow("Kế hoạch (Mật)", 10)
    with pytest.raises(Refused) as refusal:
        keep_report(task=task, told=lambda _numbers: row, uploads={"free": given}, by=make.owner(), on=days.today())
    assert (refusal.value.code, refusal.value.field, list(tmp_path.rglob("*"))) == ("state_secret", "summary", [])


def test_a_file_of_another_task_proves_nothing(task: Task) -> None:
    own, given = api(), give(api())
    make.task(key="nq-2", deadline_text="31/12/2035")
    told = {"summary": "Đã trình", "percent": 40, "evidence": [{"kind": "file", "file": given["id"]}]}
    assert own.post("/tasks/nq-2/reports", told, 422)["code"] == "unknown_file"


def test_who_reports_may_give_and_nobody_else(task: Task) -> None:
    give(api("focal_point", "mof"))
    give(api("approver"), PICTURE, "anh.png", 403)  # before the file is looked at
    assert Client().post("/api/v1/tasks/nq-1/files", {}).status_code == 401


def test_the_same_key_gives_the_same_file_once(task: Task) -> None:
    """The lines between the parts of a form differ each time, its parts do not."""
    own, key = api(), {"Idempotency-Key": "k1"}
    assert give(own, headers=key) == give(own, headers=key)
    assert StoredFile.objects.count() == 1
    assert give(own, b"so\n13\n", headers=key, status=422)["code"] == "key_used"


def test_a_large_file_comes_with_a_key(task: Task) -> None:
    data = b"so\n" + b"12/TTr\n" * 1_000_000
    assert give(api(), data, headers={"Idempotency-Key": "k2"})["size"] == len(data)


def test_who_may_give_a_file_is_asked_in_as_many_queries_however_many_agencies_have_a_part() -> None:
    """The programmes of the task are read once, not for each agency."""
    asked = []
    for key, agencies in (("nq-2", ("mof",)), ("nq-3", ("mof", "moha", "moh"))):
        task = make.task(key=key, deadline_text="31/12/2035", cooperating=agencies)
        by = make.owner("mof")
        with CaptureQueriesContext(connection) as queries:
            keeping.require_may_give(task, by)
        asked.append(len(queries))
    assert asked[0] == asked[1]
