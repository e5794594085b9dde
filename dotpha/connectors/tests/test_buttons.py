"""What a page offers can be opened: every link beside a heading and in an empty list, for every role."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from dotpha.accounts.roles import Role
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db

ACTIONS = re.compile(r'<div class="row-x no-print">(.*?)</div></div>|<div class="card-b empty">(.*?)</div>', re.S)
LINK = re.compile(r'<a[^>]*href="(/desk/[^"#]*)')

STANDINGS = [
    *((role.value, "all") for role in Role),
    ("focal_point", "org/government/most/"), ("owner", "org/government/most/"), ("approver", "org/government/most/"),
    ("focal_point", "org/government/mof/"), ("focal_point", "place/province-01/"),
    ("commune_officer", "place/province-01/"),
    ("office", "programme/resolution57/"),
]  # fmt: skip


def offered(html: str) -> set[str]:
    """The addresses that the page offers as things to do."""
    parts = [part for pair in ACTIONS.findall(html) for part in pair]
    return {unescape(address) for part in parts for address in LINK.findall(part)}


@pytest.mark.parametrize(("role", "scope"), STANDINGS)
def test_every_button_leads_to_a_page_that_opens(role: str, scope: str) -> None:
    task = make.task(key="nq-1", lead="most")
    make.place("province-01", level="province")
    person = make.person(role, scope)
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    pages = [
        f"/desk/tasks/{task.key}/",
        "/desk/programmes/resolution57/",
        "/desk/organisations/most/",
        "/desk/documents/nq-57/",
    ]
    menu = client.get("/desk/inbox/").content.decode()
    pages += sorted(set(LINK.findall(menu.partition("<main")[0])))
    dead: list[Any] = []
    seen: set[str] = set()
    for page in pages:
        answer = client.get(page)
        if answer.status_code != 200:
            continue
        for address in offered(answer.content.decode()) - seen:
            seen.add(address)
            status = client.get(address, follow=True).status_code
            if status != 200:
                dead.append((page, address, status))
    assert dead == []
