"""Who has a record open: told while it is open, not when it has been left."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from dotpha.accounts import middleware
from dotpha.accounts.models import User
from dotpha.platform import days, presences
from dotpha.platform.models import Presence
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/presence/"


def browser(person: User, **more: bool) -> Client:
    client = Client(headers={"accept-language": "en"}, **more)
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


@pytest.fixture(autouse=True)
def _task() -> None:
    make.task(key="a")


def others(client: Client) -> list[str]:
    found: list[str] = client.post(ADDRESS, {"subject": "task:a"}).json()["others"]
    return found


def test_somebody_who_has_left_is_no_longer_told() -> None:
    lan, minh = make.person("office", username="lan"), make.person("office", username="minh")
    assert others(browser(lan)) == []
    assert others(browser(minh)) == [lan.name]
    assert browser(lan).post(ADDRESS, {"subject": "task:other", "leaves": "1"}).status_code == 204
    assert others(browser(minh)) == [lan.name]
    assert browser(lan).post(ADDRESS, {"subject": "task:a", "leaves": "1"}).status_code == 204
    assert others(browser(minh)) == []


def test_leaving_needs_the_token_of_the_page_as_every_change_does() -> None:
    lan = make.person("office", username="lan")
    others(browser(lan))
    assert browser(lan, enforce_csrf_checks=True).post(ADDRESS, {"subject": "task:a", "leaves": "1"}).status_code == 403
    assert Presence.objects.count() == 1


def test_a_stranger_neither_tells_nor_learns_who_is_there() -> None:
    others(browser(make.person("office")))
    answer = Client().post(ADDRESS, {"subject": "task:a"})
    assert (answer.status_code, Presence.objects.count()) == (302, 1)


def test_who_has_a_hidden_task_open_is_told_to_nobody_outside() -> None:
    task = make.task(key="hidden", lead="mof", within=make.programme("secret", published=False))
    presences.seen(task.subject, make.owner("mof"))
    outside = browser(make.person("owner", make.organisation("moh").scope))
    assert outside.post(ADDRESS, {"subject": task.subject}).status_code == 404
    inside = browser(make.person("approver", make.organisation("mof").scope))
    assert inside.post(ADDRESS, {"subject": task.subject}).json()["others"] == ["Người owner"]
    assert inside.post(ADDRESS, {"subject": "nothing:a"}).status_code == 404


def test_pages_that_were_never_left_are_forgotten() -> None:
    by = make.actor("owner")
    for number in range(9):
        presences.seen(f"task:{number}", by)
    Presence.objects.update(seen_at=days.now() - timedelta(minutes=2))
    presences.seen("task:a", by)
    assert list(Presence.objects.values_list("subject", flat=True)) == ["task:a"]


def test_a_page_that_only_stands_open_does_not_keep_the_sign_in_alive(monkeypatch: Any) -> None:
    """K1: an idle sign-in ends, though its page tells every five seconds that it is open."""
    client = browser(make.person("office"))
    client.get("/desk/documents/")
    ends = Session.objects.get().expire_date
    began = time.time()
    for minute in range(1, 5):
        monkeypatch.setattr(middleware.time, "time", lambda minute=minute: began + 61 * minute)
        assert client.post(ADDRESS, {"subject": "task:a"}).status_code == 200
    assert Session.objects.get().expire_date == ends
    client.get("/desk/documents/")
    assert Session.objects.get().expire_date > ends
