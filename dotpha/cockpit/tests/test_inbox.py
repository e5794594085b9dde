"""The inbox: everything that waits, page by page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from dotpha.cockpit import queries
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db


def test_the_inbox_shows_everything_page_by_page(monkeypatch: Any) -> None:
    monkeypatch.setattr(queries, "INBOX_PAGE", 2)
    for number in range(3):
        make.task(
            key=f"u-{number}", deadline_text="khi nào xong", deadline_kind="unknown", assigned_on=date(2025, 3, 1)
        )
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.person("office"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    pages = [client.get(f"/desk/inbox/?kind=to_settle&page={number}").content.decode() for number in (1, 2)]
    shown = [[key for key in ("u-0", "u-1", "u-2") if f"/desk/tasks/{key}/" in each] for each in pages]
    assert (len(shown[0]), len(shown[1]), sorted([*shown[0], *shown[1]])) == (2, 1, ["u-0", "u-1", "u-2"])
    assert ["Next page" in each for each in pages] == [True, False]
