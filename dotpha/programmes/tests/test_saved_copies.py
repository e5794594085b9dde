"""A link given as evidence has its saved copy: a file of the same piece of evidence, given by a person (C14)."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dotpha.platform import days, files
from dotpha.platform.tests.refusals import refused
from dotpha.programmes import actions
from dotpha.programmes.models import Evidence, Report, Task
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_api import Api
from dotpha.programmes.tests.test_pages_task import of, page, sent

pytestmark = pytest.mark.django_db
LINK = "https://dotpha.example/tin-1"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def task(settings: Any, tmp_path: Path) -> Task:
    settings.DATA_DIR = settings.MEDIA_ROOT = tmp_path
    return make.task(key="nq-1", deadline_text="31/12/2035", cooperating=("mof",), assigned_on=date(2025, 3, 1))


def copy() -> SimpleUploadedFile:
    return SimpleUploadedFile("tin-1.pdf", PDF, "application/pdf")


def test_a_link_typed_with_a_file_is_one_piece_of_evidence_with_its_copy(task: Task) -> None:
    owner = of("owner", make.organisation("most").scope)
    typed = {"percent": "40", "summary": "Đã đăng tin", "free-url": LINK, "free-file": copy(), "send": "1"}
    sent(owner, "/desk/tasks/nq-1/report/", typed)
    proof = Evidence.objects.get()
    assert (proof.kind, proof.url, proof.lacks_copy, proof.file and proof.file.name) == (
        "link", LINK, False, "tin-1.pdf",
    )  # fmt: skip
    html = page(of("approver", make.organisation("most").scope), f"/desk/reports/{proof.report_id}/")
    assert ("Open the saved copy" in html, "Open the link" in html, "no saved copy" in html) == (True, True, False)
    (told,) = Api(make.person("office")).get("/tasks/nq-1/reports")[0]["evidence"]
    assert (told["url"], told["sha256"]) == (LINK, hashlib.sha256(PDF).hexdigest())


def test_a_link_without_a_copy_says_so_until_a_draft_is_given_one(task: Task) -> None:
    owner, approver = (of(role, make.organisation("most").scope) for role in ("owner", "approver"))
    sent(owner, "/desk/tasks/nq-1/report/", {"percent": "40", "summary": "x", "free-url": LINK, "send": "1"})
    report = Report.objects.get()
    assert "no saved copy" in page(approver, f"/desk/reports/{report.pk}/")
    assert Api(make.person("office")).get("/tasks/nq-1/reports")[0]["evidence"][0]["sha256"] is None
    sent(approver, f"/desk/reports/{report.pk}/", {"act": "return", "reason": "Lưu bản sao của trang"})
    form = page(owner, f"/desk/reports/{report.pk}/")
    assert f"Saved copy of {LINK}" in form
    held = Evidence.objects.get()
    fields: dict[str, Any] = dict(re.findall(r'name="(version)"[^>]*value="([^"]*)"', form))
    fields |= {"percent": "40", "summary": "x", f"keep{held.pk}": "on", f"copy{held.pk}-file": copy(), "send": "1"}
    sent(owner, f"/desk/reports/{report.pk}/", fields)
    kept = Evidence.objects.get()
    assert (kept.kind, kept.url, kept.lacks_copy) == ("link", LINK, False)


def test_the_copy_of_a_link_on_a_part_is_of_the_same_evidence(task: Task) -> None:
    own = of("focal_point", make.organisation("mof").scope)
    sent(own, "/desk/tasks/nq-1/parts/mof/", {"act": "report", "text": "Xong", "url": LINK, "file": copy()})
    proof = Evidence.objects.get()
    assert (proof.kind, proof.url, proof.lacks_copy) == ("link", LINK, False)
    assert "Open the saved copy" in page(own, "/desk/tasks/nq-1/parts/mof/")


def test_a_file_of_another_task_is_no_saved_copy(task: Task) -> None:
    owner = make.owner()
    kept = files.store(data=b"x", name="x.txt", media_type="text/plain", subject="task:other", by=owner)
    row = actions.ReportRow("x", 40, evidence=(actions.EvidenceRow(kind="link", url=LINK, file=kept.pk),))
    assert refused(lambda: actions.draft_report(task=task, row=row, by=owner, on=days.today()))[0] == "unknown_file"
