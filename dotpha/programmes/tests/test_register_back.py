"""A task register that went out comes back: the same states, the same ledger, in an empty instance and in its own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dotpha.platform import days
from dotpha.platform.models import AuditEvent
from dotpha.programmes import actions, imports
from dotpha.programmes.models import Extension, Programme, Task
from dotpha.programmes.queries import tasks
from dotpha.programmes.rules.extensions import kinds
from dotpha.programmes.tests import factories

pytestmark = pytest.mark.django_db
ASSIGNED = date(2026, 1, 5)
SUSPENDED, RESUMED = date(2026, 3, 2), date(2026, 5, 4)
DOCUMENT = "12/NQ-CP"


@pytest.fixture
def programme() -> Programme:
    """Tasks with every kind of line of the ledger, alone and of one day."""
    office = factories.office()
    held = {
        key: factories.task(on=ASSIGNED, key=key, deadline_text=text, assigned_on=ASSIGNED, products=("Báo cáo", "Đề"))
        for key, text in (
            ("suspended", "30/6/2026"), ("resumed", "30/6/2026"), ("twice", "30/6/2026"), ("settled", "thường xuyên"),
            ("one-day", "30/6/2026"), ("read", "sớm nhất có thể"), ("plain", "Quý III/2026"), ("unread", "sớm"),
        )
    }  # fmt: skip
    for key in ("suspended", "resumed", "twice", "one-day"):
        actions.suspend_task(task=held[key], document=DOCUMENT, reason="x", by=office, on=SUSPENDED)
    for key, on in (("resumed", RESUMED), ("twice", RESUMED), ("one-day", SUSPENDED)):
        actions.resume_task(task=held[key], new_due_on=date(2026, 9, 30), reason="x", by=office, on=on)
    actions.suspend_task(task=held["twice"], document=DOCUMENT, reason="x", by=office, on=RESUMED + timedelta(days=9))
    actions.settle_deadline(task=held["settled"], due_on=date(2026, 8, 31), reason="x", by=office, on=RESUMED)
    actions.settle_deadline(task=held["read"], kind="date", due_on=date(2026, 7, 15), reason="x", by=office, on=RESUMED)
    return factories.programme()


def exported(kind: str = "csv") -> bytes:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.person("office"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    answer: Any = client.get(f"/desk/tasks/?view=all&programme=resolution57&export={kind}&sheet=register")
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def told() -> tuple[Any, ...]:
    """States of some days, and the ledger as it binds."""
    asked = (ASSIGNED, SUSPENDED, RESUMED, date(2026, 6, 1), date(2026, 8, 1), date(2027, 1, 1))
    states = [
        list(tasks.visible(factories.TEST, on).order_by("key").values_list("key", "state", "due_on")) for on in asked
    ]
    lines = Extension.objects.order_by("task__key", "pk")
    return states, list(lines.values_list("task__key", "kind", "granted_on", "new_due_on", "superseded_on"))


def bring(data: bytes, name: str, programme: Programme) -> imports.Result:
    seen = imports.preview(data, name, programme, factories.TEST, days.today())
    assert seen.problems == []
    return imports.apply(seen, programme, factories.TEST, days.today())


def empty() -> None:
    """Another instance: the directory and the programme, and no task."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE programmes_task CASCADE")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_register_comes_back_into_an_empty_instance(programme: Programme, kind: str) -> None:
    before, data = told(), exported(kind)
    assert ("suspended", "suspension", SUSPENDED, None, None) in before[1]
    empty()
    assert bring(data, f"register.{kind}", programme).accepted == len(before[0][0])
    assert told() == before


def test_a_register_imported_where_it_comes_from_changes_nothing(programme: Programme) -> None:
    before, events = told(), AuditEvent.objects.filter(kind__startswith="task.").count()
    result = bring(exported(), "register.csv", programme)
    assert (result.accepted, result.changed, result.unchanged) == (0, 0, len(before[0][0]))
    assert (told(), AuditEvent.objects.filter(kind__startswith="task.").count()) == (before, events)


def test_a_suspension_that_is_added_by_a_register_holds_from_its_day(programme: Programme) -> None:
    data = "key,title,lead,deadline,extensions\nplain,Việc,most,Quý III/2026,2026-03-02>-\n"
    bring(data.encode(), "register.csv", programme)
    line = Task.objects.get(key="plain").extensions.get()
    assert (line.kind, line.granted_on, line.new_due_on, line.superseded_on) == ("suspension", SUSPENDED, None, None)


def test_a_register_is_that_of_today(programme: Programme) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.person("office"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    answer = client.get("/desk/tasks/?view=all&export=csv&sheet=register&as_of=2026-03-02")
    assert (answer.status_code, "A register for an import is that of today." in answer.content.decode()) == (400, True)


def test_a_register_of_many_tasks_takes_as_many_queries_as_one_of_few(programme: Programme) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as held:
            exported()
        return len(held)

    few = asked()
    for number in range(20):
        factories.task(on=ASSIGNED, key=f"more-{number}", deadline_text="30/6/2026", assigned_on=ASSIGNED)
    assert asked() == few


DAY = [date(2026, month, 1) for month in range(1, 8)]


@pytest.mark.parametrize(
    ("original", "entries", "expected"),
    [
        (DAY[0], [(DAY[1], DAY[4]), (DAY[2], DAY[3])], ["extension", "extension"]),
        (DAY[0], [(DAY[1], None), (DAY[2], DAY[5])], ["suspension", "resumption"]),
        (None, [(DAY[1], DAY[4]), (DAY[2], DAY[5])], ["settled", "extension"]),
        (None, [(DAY[1], None), (DAY[2], None), (DAY[3], DAY[4])], ["suspension", "suspension", "resumption"]),
        (DAY[0], [(DAY[3], DAY[5]), (DAY[1], None)], ["resumption", "suspension"]),
        (DAY[0], [], []),
    ],
)
def test_lines_brought_along_are_what_their_dates_say(original: Any, entries: Any, expected: list[str]) -> None:
    assert kinds(original, entries) == expected
