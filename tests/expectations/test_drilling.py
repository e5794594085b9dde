"""Drilling keeps what was chosen (expectation 13)."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.conf import settings
from django.test import Client

from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db
LATE = {"deadline_text": "31/12/2025", "assigned_on": date(2025, 3, 1)}


def world() -> None:
    """A province with three overdue tasks of its own and of two communes, in a programme; one more in another one."""
    other = make.programme("resolution66")
    province = make.place("province-one", level="province")
    make.organisation("ubnd-one", kind="provincial-people-committee", place=province)
    make.task(key="of-province", lead="ubnd-one", **LATE)
    for name, tasks in (("a", 2), ("b", 1)):
        commune = make.place(f"commune-{name}", level="commune", parent=province)
        make.organisation(f"ubnd-{name}", kind="commune-people-committee", place=commune)
        for number in range(tasks):
            make.task(key=f"of-{name}-{number}", lead=f"ubnd-{name}", **LATE)
    make.task(key="elsewhere", within=other, lead="ubnd-a", **LATE)


def read(client: Client, address: str) -> str:
    answer = client.get(unescape(address))
    assert answer.status_code == 200, address
    return answer.content.decode().partition('id="main"')[2]


def test_from_the_nation_to_the_rows(client: Client) -> None:
    """13. Drilling keeps what I chose: national figure → province → communes → rows: filter count constant, sum of
    rows equals the figure."""
    world()
    client.force_login(make.person("leader"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    chosen = "programme=resolution57&as_of=2026-02-01"
    nation = read(client, f"/desk/map/?{chosen}")
    [province] = set(re.findall(r'href="(/desk/places/province-one/[^"]*)"', nation))
    assert sorted(unescape(province).partition("?")[2].split("&")) == sorted(chosen.split("&"))
    [of_province] = re.findall(r'href="(/desk/tasks/[^"]*place=province-one[^"]*state=overdue[^"]*)">1<', nation)
    assert "of-province" in read(client, of_province)
    communes = read(client, province).partition('id="communes"')[2].partition("</section>")[0]
    opened = re.findall(r'href="(/desk/tasks/[^"]*state=overdue[^"]*)">(\d+)<', communes)
    assert [int(number) for _address, number in opened] == [2, 1]
    assert re.findall(r'<td class="n"><b>(\d+)</b></td>', communes) == ["3", "3"]
    for address, number in opened:
        assert all(each in unescape(address) for each in chosen.split("&"))
        rows = set(re.findall(r'href="/desk/tasks/(of-[^/]*)/', read(client, address)))
        assert len(rows) == int(number)


def test_only_a_province_with_communes_at_work_has_the_table(client: Client) -> None:
    """13. A table of nothing would lead nowhere."""
    world()
    make.place("province-two", level="province")
    client.force_login(make.person("leader"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert 'id="communes"' not in read(client, "/desk/places/province-two/")
    assert 'id="communes"' in read(client, "/desk/places/province-one/")
