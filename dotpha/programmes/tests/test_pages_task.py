"""Pages of one task: what is read, what is offered to whom, acts, reports, requests, conflicts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from dotpha.accounts.models import User
from dotpha.platform import days
from dotpha.programmes import actions
from dotpha.programmes.models import Blocker, Extension, Report, Task
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["dotpha_language"] = "en"
    return client


def of(role: str, scope: str = "all") -> Client:
    return signed_in(make.person(role, scope, locale="en"))


def owner_client(key: str = "most") -> Client:
    return of("owner", make.organisation(key).scope)


def approver_client(key: str = "most") -> Client:
    return of("approver", make.organisation(key).scope)


@pytest.fixture
def task() -> Task:
    return make.task(
        key="nq03-001",
        title="Xây dựng Quỹ đầu tư",
        deadline_text="31/12/2030",
        assigned_on=date(2025, 3, 1),
        products=("Quyết định của Thủ tướng",),
        cooperating=("finance",),
    )


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def sent(client: Client, address: str, data: dict[str, Any], status: int = 302) -> Any:
    answer = client.post(address, data)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


def test_the_page_says_what_is_known(task: Task) -> None:
    text = page(of("office"), f"/desk/tasks/{task.key}/")
    for said in ("Xây dựng Quỹ đầu tư", "Not started", "Quyết định của Thủ tướng", "Bộ finance", "“31/12/2030”", "not issued yet"):
        assert said in text
