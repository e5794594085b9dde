"""Lists: many rows changed at once, exports that equal the screen, data twins (expectations 14, 29 and 30)."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime
from html import unescape
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
import python_calamine
from django.test import Client
from django.utils.html import strip_tags

from dotpha.platform import days, numbers
from dotpha.programmes import actions
from dotpha.programmes.models import Task
from dotpha.programmes.tests import factories as make
from tests.expectations.people import LANGUAGES, body, enter
from tests.routes.addresses import routes

pytestmark = pytest.mark.django_db
ALL, CHANGING, REFUSED = 400, 37, 3


def tasks(number: int, **values: Any) -> None:
    rows = [make.row(key=f"t-{n:03}", title=f"Việc {n}", **values) for n in range(number)]
    make.organisation("most")
    actions.add_tasks(programme=make.programme(), rows=rows, by=make.TEST, on=days.today())


def ticked(page: str, keys: list[str]) -> list[tuple[str, str]]:
    """What the form of the list sends when these rows of the page are ticked: its hidden fields and the boxes."""
    form = page.partition('id="picks"')[2]
    sent = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    there = re.findall(r'<input type="checkbox" name="picked" value="([^"]+)"', form)
    return [(name, unescape(value)) for name, value in sent] + [("picked", key) for key in keys if key in there]


def test_37_of_400_tasks_chosen_over_pages_change_and_those_refused_are_named() -> None:
    """14. Bulk edit with preview: select 37 of 400 over pages: "37 tasks will change", refused ones listed with
    reasons, the rest done."""
    tasks(ALL)
    for n in range(REFUSED):
        held = Task.objects.get(key=f"t-{n * 100:03}")
        actions.cancel_task(task=held, reason="trùng", by=make.office(), on=days.today())
    wanted = [f"t-{n:03}" for n in range(0, ALL, 10)]
    assert len(wanted) == CHANGING + REFUSED
    office, query = enter("office"), "view=all&sort=key"
    pages = 0
    for number in count(1):
        page = body(office, f"/desk/tasks/?{query}")
        pages += 1
        sent = ticked(page, wanted)
        if "Keep them and go to the next page" not in page:
            break
        query = urlencode([*sent, ("page", str(number + 1))])
    assert pages > 3
    address = f"/desk/tasks/change/?{urlencode(sent)}"
    said = {"verb": "cancel", "reason": "kiểm tra"}
    looked = office.post(address, said).content.decode()
    heading = re.search(r"<h1>(.*?)</h1>", looked, re.DOTALL)
    assert heading
    assert heading[1].strip() == "37 tasks will change, 3 will not"
    for n in range(REFUSED):
        line = re.search(rf'<li><a href="/desk/tasks/t-{n * 100:03}/">[^<]*</a>: ([^<]+)</li>', looked)
        assert line, n
        assert line[1].startswith("This task is closed")
    assert not Task.objects.filter(cancel_reason="kiểm tra").exists()
    assert office.post(address, {**said, "do": "1"}).status_code == 302
    changed = set(Task.objects.filter(cancel_reason="kiểm tra").values_list("key", flat=True))
    assert changed == set(wanted) - {f"t-{n * 100:03}" for n in range(REFUSED)}


def whole(answer: Any) -> bytes:
    """A file to its end."""
    return b"".join(answer.streaming_content)


COLUMNS = "key,title,lead,state,percent,original_due_on,assigned_on,tags"


def on_the_screen(page: str) -> list[list[str]]:
    """The headers and rows of the list as they are read, without the boxes to tick."""
    table = re.search(r"<table.*?</table>", page, re.DOTALL)
    assert table
    lines = re.findall(r"<tr.*?</tr>", table[0], re.DOTALL)
    cells = [re.findall(r"<t[hd](?! class=\"pick\").*?</t[hd]>", line, re.DOTALL) for line in lines]
    return [
        [re.sub(r"[ \n]+", " ", unescape(strip_tags(cell))).strip() for cell in line if "checkbox" not in cell]
        for line in cells
    ]


def as_shown(cell: Any, column: str, language: str) -> str:
    """A value of a file as the screen writes it: days and percents have the reader's form there."""
    if isinstance(cell, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        cell = date.fromisoformat(cell)
    if isinstance(cell, date):
        return numbers.day(cell, language)
    if column == "percent":
        return numbers.percent(int(float(cell)), 0, language)
    return str(cell)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_goes_out_cell_by_cell_as_it_is_on_the_screen(language: str) -> None:
    """29. Export is what I see: rows, columns, order, language, filter line and time equal the screen, cell by cell,
    CSV and XLSX."""
    tasks(9, tags=("a",), deadline_text="30/6/2030")
    make.task(key="t-x", title="Việc = khác", tags=("b",), deadline_text="31/12/2031", assigned_on=date(2025, 3, 1))
    office = enter("leader", language)
    asked = f"q=Vi%E1%BB%87c&columns={COLUMNS}&sort=-original_due_on"
    shown = on_the_screen(body(office, f"/desk/tasks/?{asked}"))
    assert len(shown) == 11
    names = COLUMNS.split(",")
    table = list(csv.reader(io.StringIO(body(office, f"/desk/tasks/?{asked}&export=csv"))))
    workbook = io.BytesIO(whole(office.get(f"/desk/tasks/?{asked}&export=xlsx")))
    book = python_calamine.CalamineWorkbook.from_filelike(workbook)
    sheet = book.get_sheet_by_index(0).to_python()
    for rows in (table, sheet):
        assert rows[0] == shown[0]
        assert [
            [as_shown(cell, name, language) for cell, name in zip(row, names, strict=True)] for row in rows[1:]
        ] == shown[1:]
    about = dict(book.get_sheet_by_index(1).to_python())
    assert "Việc" in str(about)
    told = [str(each) for each in about.values()]
    assert any(days.today().isoformat() == each for each in told)
    [at] = [datetime.fromisoformat(each) for each in told if re.fullmatch(r"\d{4}-\d\d-\d\dT.*", each)]
    assert abs((days.now() - at).total_seconds()) < 3600


EXAMPLES = {"kind": "{kind}", "key": "resolution57", "name": "map"}
TWINS = sorted(
    re.sub(r"<(?:\w+:)?(\w+)>", lambda found: EXAMPLES[found[1]], route.pattern)
    for route in routes()
    if route.name.endswith("_twin") and "kind>" in route.pattern
)
READERS = (("admin", "vi"), ("office", "en"), ("owner", "en"))
ASKED = {"tasks": ("", "state=overdue", "sort=-key"), "documents": ("", "q=57"), "audit": ("kind=document.added",)}


def addresses() -> list[str]:
    return [f"/{twin}?{query}" for twin in TWINS for query in ASKED.get(twin.split("/")[1].split(".")[0], ("",))]


def test_each_list_has_its_twins_for_those_who_may_read_it() -> None:
    """30. Each list has its data twin: add `.csv` or `.json` to 30 addresses: same rows, same rights, stable names."""
    tasks(3, deadline_text="31/12/2025", assigned_on=date(2025, 3, 1))
    make.place("province-1")
    assert 2 * len(addresses()) >= 30
    names: dict[str, set[tuple[str, ...]]] = {}
    for role, language in READERS:
        client = enter(role, language)
        for address in addresses():
            compare(client, address, names.setdefault(address, set()))
    assert {address: len(found) for address, found in names.items() if len(found) > 1} == {}


def compare(client: Client, address: str, names: set[tuple[str, ...]]) -> None:
    """The list and both twins answer alike; the twins have the same rows under names that stay."""
    page = client.get(address.replace(".{kind}", "/"))
    as_json, as_csv = (client.get(address.format(kind=kind)) for kind in ("json", "csv"))
    assert {as_json.status_code, as_csv.status_code} == {page.status_code}, (address, page.status_code)
    if page.status_code != 200:
        return
    rows = json.loads(whole(as_json))["items"]
    table = list(csv.reader(io.StringIO(whole(as_csv).decode("utf-8-sig"))))
    assert len(table) - 1 == len(rows), address
    for row, line in zip(rows, table[1:], strict=True):
        assert len(row) == len(line) == len(table[0]), address
        names.add(tuple(row))
