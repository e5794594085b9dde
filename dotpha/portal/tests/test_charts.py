"""Charts: the same numbers as picture, table and file; published ones may be embedded, those of the desk may not."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dotpha.platform import days
from dotpha.platform.actors import NOBODY, Actor
from dotpha.programmes import actions
from dotpha.programmes.models import Task
from dotpha.programmes.queries import boards, charts
from dotpha.programmes.rules.breakdown import Counts
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db
ASSIGNED = date(2025, 3, 1)
PUBLIC = "/en/programmes/resolution57"


@pytest.fixture
def world() -> None:
    """Tasks late, in time and done, of two agencies, a group and a province; and a programme that is not published."""
    programme, inner = make.programme(), make.programme("inner", title={"vi": "Nội bộ"}, published=False)
    actions.add_group(programme=programme, key="g1", title={"vi": "Nhóm 1"}, order=1, by=make.TEST)
    place = make.place("province-1", tile_row=0, tile_column=0, abbreviation="P1")
    make.organisation("committee", kind="provincial_committee", place=place)
    make.task(key="late", deadline_text="31/12/2025", assigned_on=ASSIGNED, group="g1")
    make.task(key="soon", deadline_text="31/12/2035", assigned_on=ASSIGNED, lead="mof")
    make.task(key="here", deadline_text="31/12/2025", assigned_on=ASSIGNED, lead="committee")
    done = make.task(key="done", deadline_text="31/12/2025", assigned_on=ASSIGNED)
    Task.objects.filter(pk=done.pk).update(completed_on=date(2026, 2, 1))
    make.task(key="hidden", within=inner, deadline_text="31/12/2025", assigned_on=ASSIGNED)


def signed_in() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.person("leader", locale="en"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def table_of(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("by", [NOBODY, make.TEST])
@pytest.mark.parametrize("name", ["groups", "leads", "programmes"])
def test_lines_lose_nothing(world: None, name: str, by: Actor) -> None:
    programme, on = None if name == "programmes" else make.programme(), days.today()
    lines = charts.lines(by, on, name, programme)
    whole = boards.counts(boards.of_programme(by, on, programme))
    assert sum((each.counts for each in lines), Counts()) == whole
    assert whole.assigned == whole.done_on_time + whole.done_late + whole.in_time + whole.overdue
    assert whole.assigned == (5 if name == "programmes" and by != NOBODY else 4)


@pytest.mark.parametrize("name", ["map", "groups", "leads"])
@pytest.mark.parametrize("desk", [True, False])
def test_picture_table_and_file_say_the_same(world: None, name: str, desk: bool) -> None:
    client = signed_in() if desk else Client()
    address = f"/desk/charts/{name}/?programme=resolution57" if desk else f"{PUBLIC}/charts/{name}/"
    page = shown(client, address)
    lines = table_of(client, address.replace(f"{name}/", f"{name}.csv"))
    assert "<svg" in page
    assert "data-box=" in page
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>', page)
    cells = [[said, *(re.sub(r"<span class=\"vh\">.*?</span>|<[^>]+>", " ", each).split())] for said, each in rows]
    written = [
        [each[name] for name in ("Name", "Assigned", "done on time", "done late", "in time", "overdue")]
        for each in lines
    ]
    assert [each[:6] for each in cells] == written
    assert sum(int(each["overdue"]) for each in lines) == {"map": 1, "groups": 2, "leads": 2}[name]


def test_a_chart_offers_table_picture_drawing_file_and_address(world: None) -> None:
    page = shown(Client(), "/en/?as_of=2026-01-15")
    for name in ("map", "groups"):
        asked = "?as_of=2026-01-15"
        assert f'href="{PUBLIC}/charts/{name}/{asked}#table"' in page
        assert f'data-picture="png" data-chart="{PUBLIC}/charts/{name}/{asked}"' in page
        assert f'data-picture="svg" data-chart="{PUBLIC}/charts/{name}/{asked}"' in page
        assert f'href="{PUBLIC}/charts/{name}.csv{asked}"' in page
        assert f'href="{PUBLIC}/embed/{name}/{asked}"' in page
    assert 'value="<iframe src="http://testserver/en/programmes/resolution57/embed/map/"' in shown(
        Client(), f"{PUBLIC}/charts/map/"
    )


@pytest.mark.parametrize(
    "page", ["/desk/leader/?programme=resolution57", "/desk/programmes/resolution57/", "/desk/map/"]
)
def test_a_chart_of_the_desk_says_why_it_cannot_be_embedded(world: None, page: str) -> None:
    said = shown(signed_in(), page)
    assert "No address to embed: behind the sign-in it counts what you may see." in said
    assert "/embed/" not in said
    assert 'data-picture="png" data-chart="/desk/charts/' in said


def test_an_embedded_chart_may_stand_anywhere_and_nothing_else_may(world: None) -> None:
    embedded = Client().get(f"{PUBLIC}/embed/map/")
    assert "frame-ancestors *" in embedded["Content-Security-Policy"]
    assert "script-src 'self'" in embedded["Content-Security-Policy"]
    assert "X-Frame-Options" not in embedded
    assert "<form" not in embedded.content.decode()
    for address in (f"{PUBLIC}/charts/map/", "/en/"):
        page = Client().get(address)
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
        assert page["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("name", ["leads", "groups"])
def test_an_embedded_chart_shows_the_signed_in_no_more_than_anybody(world: None, name: str) -> None:
    address = f"{PUBLIC}/embed/{name}/"
    drawn = [
        re.findall(r"<svg class=\"bigsvg.*?</svg>", shown(each, address), re.DOTALL) for each in (Client(), signed_in())
    ]
    assert drawn[0]
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize(
    "address",
    [
        "/en/programmes/inner/charts/map/", "/en/programmes/inner/embed/map/", "/en/programmes/inner/charts/map.csv",
        f"{PUBLIC}/charts/programmes/", f"{PUBLIC}/embed/other/",
    ],
)  # fmt: skip
def test_there_is_no_chart_of_what_is_not_public(world: None, address: str) -> None:
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("asked", ["groups/?programme=all", "programmes/?programme=resolution57", "other/"])
def test_the_desk_has_no_chart_of_another_name(world: None, asked: str) -> None:
    assert signed_in().get(f"/desk/charts/{asked}").status_code == 404


def test_the_public_list_of_an_agency(world: None) -> None:
    page = shown(Client(), f"{PUBLIC}/?lead=most&state=overdue")
    assert "Only: Bộ most, overdue" in page
    assert re.search(r">\s*1 task<", page)


def test_more_lines_take_no_more_queries(world: None) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{PUBLIC}/charts/leads/")
        return len(queries)

    client = Client()
    before = asked()
    for number in range(4):
        make.task(key=f"more-{number}", lead=f"body-{number}", assigned_on=ASSIGNED)
    assert asked() == before
