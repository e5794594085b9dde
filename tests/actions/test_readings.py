"""Readings in the record (K4): lists taken away as files, files and documents that not everybody may read."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from dotpha.accounts.models import User
from dotpha.documents.models import Document, Provision
from dotpha.platform import files, readings
from dotpha.platform.actors import NOBODY, Actor
from dotpha.platform.models import AuditEvent, StoredFile
from dotpha.platform.registry import registry
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db
LAN = Actor("lan", "Lan", 7)


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def told(kind: str) -> list[tuple[str, str, dict[str, Any]]]:
    rows = AuditEvent.objects.filter(kind=kind).order_by("pk")
    return [(each.actor, each.subject, each.after) for each in rows]


@pytest.mark.parametrize("file_kind", ["csv", "xlsx"])
def test_an_export_is_recorded_with_its_filter_and_rows_and_without_what_stood_in_them(file_kind: str) -> None:
    lan = make.person("office", username="lan")
    make.task(title="Xây dựng Nghị định", deadline_text="30/6/2025")
    answer = client_of(lan).get("/desk/tasks/", {"export": file_kind, "state": "overdue", "q": "nghị định"})
    assert answer.status_code == 200
    assert told("export.made") == []  # nothing has left yet
    assert len(b"".join(answer.streaming_content)) > 50  # type: ignore[attr-defined]
    [(actor, subject, after)] = told("export.made")
    assert (actor, subject, after["format"], after["rows"], after["whole"]) == ("lan", "list:tasks", file_kind, 1, True)
    assert after["filter"] == "state=overdue&q=*"


def test_an_export_that_the_reader_breaks_off_tells_how_far_it_came() -> None:
    rows = readings.Counted(range(3))
    pieces = readings.recorded((b"x" for _row in rows), LAN, "tasks", {}, rows)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert told("export.made") == [("lan", "list:tasks", {"rows": 1, "whole": False})]


def test_what_nobody_signed_in_takes_away_is_public_and_not_recorded() -> None:
    rows = readings.Counted([1])
    assert list(readings.recorded((b"x" for _row in rows), NOBODY, "tasks", {}, rows)) == [b"x"]
    assert told("export.made") == []


def test_a_file_that_everybody_may_open_is_not_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.file_readers, "open_thing", lambda by, key: True)
    monkeypatch.setitem(registry.file_readers, "closed_thing", lambda by, key: by.user_id is not None)
    for subject in ("open_thing:1", "closed_thing:1"):
        readings.note_file(LAN, subject, {"file": 1})
        readings.note_file(NOBODY, subject, {"file": 1})
    assert told("file.read") == [("lan", "closed_thing:1", {"file": 1})]


def test_a_download_is_recorded_by_the_page_that_gives_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    monkeypatch.setitem(registry.file_readers, "closed_thing", lambda by, key: by.user_id is not None)
    lan = make.person("office", username="lan")

    stored: StoredFile = files.store(data=b"abc", name="a.pdf", media_type="application/pdf", subject="closed_thing:1",
                                     by=lan.actor())  # fmt: skip
    assert client_of(lan).get(f"/files/{stored.pk}/").status_code == 200
    assert told("file.read") == [("lan", "closed_thing:1", {"file": stored.pk, "sha256": stored.sha256})]


def test_reading_a_restricted_document_is_recorded_and_a_public_one_is_not() -> None:
    office, document = make.person("office", username="lan"), make.document()
    Provision.objects.create(document=document, address="II.1", kind="clause", order=1)
    client, address = client_of(office), f"/desk/documents/{document.key}/"
    assert client.get(address).status_code == 200
    assert told("record.read") == []
    Document.objects.filter(pk=document.pk).update(mark="restricted")
    assert client.get(address).status_code == 200
    assert told("record.read") == [("lan", document.subject, {})]
    for more in ("II.1/", "II.1/wording/", "change/", "steps/"):  # each shows something of it
        assert client.get(address + more).status_code == 200
    assert len(told("record.read")) == 5


def test_reading_a_restricted_document_over_the_api_is_recorded_as_well() -> None:
    office, document = make.person("office", username="lan"), make.document()
    client, address = client_of(office), f"/api/v1/documents/{document.key}"
    assert client.get(address).status_code == 200
    assert told("record.read") == []
    Document.objects.filter(pk=document.pk).update(mark="restricted")
    assert client.get(address).status_code == 200
    assert told("record.read") == [("lan", document.subject, {})]
    assert client_of(make.person("leader", username="vu")).get(address).status_code == 404
    assert len(told("record.read")) == 1  # who may not know of it has read nothing
