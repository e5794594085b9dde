"""While the database is away pages and API say so, with 503; any other fault of ours stays a 500."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.test import Client

client = Client(raise_request_exception=False, headers={"accept-language": "en"})


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fails(*_given: Any, **_more: Any) -> None:
        raise error

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fails)


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
@pytest.mark.parametrize("path", ["/vi/", "/desk/inbox/", "/api/v1/me"])
def test_a_lost_database_is_told_as_one(monkeypatch: pytest.MonkeyPatch, error: Exception, path: str) -> None:
    failing(monkeypatch, error)
    client.cookies["sessionid"] = "x" * 32
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    if path.startswith("/api/"):
        assert (answer.json()["code"], answer.json()["status"]) == ("database_silent", 503)


def test_another_fault_stays_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, DatabaseError("a mistake in a statement"))
    client.cookies["sessionid"] = "x" * 32
    answer = client.get("/vi/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert '<h1 class="p">Có lỗi xảy ra</h1>' in text
    assert "Đăng nhập vào bàn làm việc" not in text  # only the database knows who is signed in
