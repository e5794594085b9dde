"""Who has a record open: told while it is open, not when it has been left."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from dotpha.accounts.models import User
from dotpha.platform.models import Presence
from dotpha.programmes.models import Task
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/presence/"


@pytest.fixture(autouse=True)
def task() -> Task:
    return make.task(key="a")


def browser(person: User, **more: bool) -> Client:
    client = Client(headers={"accept-language": "en"}, **more)
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


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
