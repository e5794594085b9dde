"""Each number of the leader's page and of a programme's page opens a list of as many (expectation 31)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dotpha.platform import days
from dotpha.programmes import actions
from dotpha.programmes.models import Task
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db
ASSIGNED = date(2025, 3, 1)


def world() -> None:
    """Overdue, due soon, done late, cancelled and grouped tasks, and a collective one with two parts."""
    programme = make.programme()
    actions.add_group(programme=programme, key="g1", title={"vi": "Nhóm 1"}, order=1, by=make.TEST)
    soon = days.today() + timedelta(3)
    make.task(key="late", deadline_text="31/12/2025", assigned_on=ASSIGNED, group="g1")
    make.task(key="soon", deadline_text=f"{soon.day}/{soon.month}/{soon.year}", assigned_on=ASSIGNED, lead="mof")
    done = make.task(key="done", deadline_text="31/12/2025", assigned_on=ASSIGNED)
    Task.objects.filter(pk=done.pk).update(completed_on=date(2026, 2, 1))
    dropped = make.task(key="dropped", deadline_text="31/12/2025", assigned_on=ASSIGNED, group="g1")
    actions.cancel_task(task=dropped, reason="trùng", by=make.TEST, on=days.today())
    make.task(key="whole", deadline_text="31/12/2025", assigned_on=ASSIGNED, group="g1")
    for body in ("moh", "moet"):
        make.task(key=f"part-{body}", lead=body, parent="whole", is_part=True, group="g1",
                  deadline_text="31/12/2025", assigned_on=ASSIGNED)  # fmt: skip


@pytest.fixture
def leader() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.person("leader"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


@pytest.mark.parametrize("page", ["/desk/leader/", "/desk/programmes/resolution57/"])
@pytest.mark.parametrize("query", ["", "?parts=true", "?as_of=2026-01-15"])
def test_each_number_opens_a_list_of_as_many(leader: Client, page: str, query: str) -> None:
    world()
    html = leader.get(page + query).content.decode()
    figures = re.findall(r'<a class="fig" href="(/desk/tasks/[^"]+)">.*?<span class="v[^"]*">(\d+)</span>', html)
    cells = re.findall(r'<td class="n"><a href="(/desk/tasks/[^"]+)">(\d+)</a>', html)
    assert len(figures) >= 3
    assert len(cells) >= 4
    for address, number in [*figures, *cells]:
        behind = leader.get(address.replace("&amp;", "&")).content.decode()
        assert re.search(rf"<h1>{number} tasks?</h1>", behind), (address, number, re.findall("<h1>.*?</h1>", behind))


def test_drilling_keeps_the_day(leader: Client) -> None:
    world()
    html = leader.get("/desk/leader/?as_of=2026-01-15").content.decode()
    links = re.findall(r'href="(/desk/tasks/[^"]*)"', html.partition('id="main"')[2])
    assert links
    assert [each for each in links if "as_of=2026-01-15" not in each] == []


def test_what_waits_is_counted_of_the_programme_on_the_page(leader: Client) -> None:
    other = make.programme("resolution66")
    on, mof = date(2026, 1, 5), make.organisation("mof")
    for key, within in (("one", None), ("two", other), ("three", other)):
        task = make.task(key=key, within=within, deadline_text="31/12/2035", assigned_on=ASSIGNED)
        actions.raise_blocker(task=task, kind="funding", text=f"b-{key}", asks_of=mof, by=make.owner(), on=on)
        actions.request_extension(
            task=task, new_due_on=date(2036, 6, 1), reason_kind="funding", reason=f"e-{key}", by=make.owner(), on=on
        )
    for programme, number, present, absent in (("resolution57", 1, "one", "two"), ("resolution66", 2, "two", "one")):
        html = leader.get(f"/desk/leader/?programme={programme}").content.decode()
        assert re.search(rf">{number} extensions? waits? for a decision<", html)
        assert re.search(rf"programme={programme}[^>]*>{number} blockers? (is|are) open<", html)
        assert f"b-{present}" in html
        assert f"e-{present}" in html
        assert f"b-{absent}" not in html
        assert f"e-{absent}" not in html
    before = leader.get("/desk/leader/?programme=resolution57&as_of=2026-01-04").content.decode()
    assert ">0 extensions wait for a decision<" in before


def several() -> None:
    """Two programmes that run: a task in both, one of each alone, all late; and one programme that is over."""
    first, second = make.programme(), make.programme("resolution66", title={"vi": "Nghị quyết 66"})
    late = {"deadline_text": "31/12/2025", "assigned_on": ASSIGNED}
    both = make.task(key="both", within=first, **late)
    actions.move_task(task=both, programme=second, by=make.TEST, on=days.today())
    make.task(key="one", within=first, **late)
    make.task(key="two", within=second, **late)
    make.programme("over", title={"vi": "Chương trình đã qua"}, until_on=date(2025, 12, 31))


def asked(client: Client, address: str) -> tuple[str, list[tuple[str, str]]]:
    """The heading of a page, and its figures with the lists behind them."""
    html = client.get(address).content.decode()
    rows = re.findall(r'<td class="n"><a href="(/desk/tasks/[^"]+)">(\d+)</a>', html)
    return "".join(re.findall(r"<h1>(.*?)</h1>", html)), [(unescape(each), number) for each, number in rows]


def test_the_overview_is_of_all_programmes_where_several_run(leader: Client) -> None:
    several()
    heading, rows = asked(leader, "/desk/leader/")
    assert heading.startswith("3 of 3 tasks are overdue")  # the task of both counts once
    assert [number for address, number in rows if "programme=resolution" in address] == ["2", "2"]
    for address, number in rows:
        assert asked(leader, address)[0] == f"{number} tasks"
    assert asked(leader, "/desk/leader/?programme=all") == (heading, rows)
    assert asked(leader, "/desk/leader/?programme=resolution66")[0].startswith("2 of 2")
    shown = leader.get("/desk/leader/").content.decode()
    assert '<option value="all">All programmes</option>' in shown
    assert "counts once in the whole" in shown
    assert "/desk/map/?programme=all" in shown
    assert 'value="resolution66" selected' not in leader.get("/desk/map/?programme=all").content.decode()


def test_the_overview_is_of_the_one_programme_that_runs(leader: Client) -> None:
    world()
    make.programme("over", title={"vi": "Chương trình đã qua"}, until_on=date(2025, 12, 31))
    assert '<option value="resolution57" selected>' in leader.get("/desk/leader/").content.decode()
    assert (
        '<option value="all">All programmes</option><option'
        in leader.get("/desk/leader/?programme=all").content.decode()
    )


def test_more_programmes_take_no_more_queries(leader: Client, django_assert_num_queries: Any) -> None:
    several()
    leader.get("/desk/leader/")
    with CaptureQueriesContext(connection) as before:
        leader.get("/desk/leader/?programme=all")
    for number in range(3):
        make.task(key=f"more-{number}", within=make.programme(f"more{number}", title={"vi": f"Khác {number}"}))
    with django_assert_num_queries(len(before)):
        leader.get("/desk/leader/?programme=all")
