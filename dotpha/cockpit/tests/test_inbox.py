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


def test_who_has_no_task_at_all_is_told_why_and_where_others_work_is_seen() -> None:
    """As a commune before anybody gives it a task; with one that waits for nothing the list of tasks is the way on."""
    commune = make.place("commune-1", level="commune", kind="commune")
    make.organisation("ubnd", kind="commune_peoples_committee", place=commune)
    make.task(key="of-others", assigned_on=date(2025, 3, 1))
    client = Client(headers={"accept-language": "en"})
    officer = make.person("commune_officer", "place/commune-1/")
    client.force_login(officer, backend=settings.AUTHENTICATION_BACKENDS[-1])

    def box() -> str:
        return client.get("/desk/inbox/").content.decode().partition('class="card-b empty">')[2].partition("</div>")[0]

    assert ("No task is given to you or your body yet" in box(), 'href="/en/"' in box()) == (True, True)
    assert "of others" not in client.get("/desk/tasks/").content.decode()
    assert client.get("/en/").status_code == 200
    make.task(key="own", lead="ubnd", assigned_on=date(2025, 3, 1), completed_on=date(2025, 4, 1))
    assert ("No task is given" in box(), 'href="/desk/tasks/"' in box()) == (False, True)
