"""The command palette: what fits the letters typed and is mine to do; no letter of the menu leads two ways."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from dotpha.accounts.roles import RIGHTS, Role
from dotpha.cockpit.views.search import acts
from dotpha.platform.pages import url
from dotpha.platform.registry import registry
from dotpha.programmes.tests import factories as make


def desk(role: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(make.person(role), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def offered(client: Client, asked: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/desk/palette.json", {"q": asked}).json()["items"]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_only_what_i_may_do_is_listed_and_all_of_it_opens(role: Role) -> None:
    make.programme()
    client = desk(role)
    listed = {item["url"] for item in offered(client)}
    assert [address for address in listed if client.get(address).status_code != 200] == []
    refused = {url(name) for _label, name, right in acts() if role not in RIGHTS[right]}
    assert listed.isdisjoint(refused)
    assert [address for address in refused if client.get(address).status_code == 200] == []


@pytest.mark.django_db
def test_an_act_that_opens_nothing_is_not_listed() -> None:
    make.programme("of-the-office")
    scope = make.organisation("most").scope
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.person("focal_point", scope), backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert "/desk/tasks/add/" not in {item["url"] for item in offered(client)}
    make.programme("of-the-body", organisation=make.organisation("most"))
    assert "/desk/tasks/add/" in {item["url"] for item in offered(client)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "asked", "first"),
    [
        ("vi", "nhiem vu", "/desk/tasks/"),
        ("vi", "THÊM NHIỆM", "/desk/tasks/add/"),
        ("en", "add task", "/desk/tasks/add/"),
        ("en", "pro", "/desk/programmes/"),
    ],
)
def test_letters_narrow_what_is_listed_whatever_their_marks_and_case(language: str, asked: str, first: str) -> None:
    make.programme()
    assert offered(desk("office", language), asked)[0]["url"] == first


@pytest.mark.django_db
def test_things_stand_below_pages_and_nobody_finds_what_is_hidden() -> None:
    make.task(key="hidden-task", within=make.programme("secret", published=False))
    assert [item["url"] for item in offered(desk("office"), "hidden-task")] == ["/desk/tasks/hidden-task/"]
    assert offered(desk("citizen"), "hidden-task") == []


@pytest.mark.django_db
def test_the_number_of_a_task_is_enough() -> None:
    make.task(key="p-1-014")
    for number in range(12):
        make.task(title=f"014 {number}")
    assert offered(desk("office"), "014")[0]["url"] == "/desk/tasks/p-1-014/"


def test_no_two_lines_of_the_menu_have_one_letter() -> None:
    letters = [item.letter for item in registry.menu if item.letter]
    assert sorted(letters) == sorted(set(letters))
