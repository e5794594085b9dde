"""Missing periodic reports: the rule and its twin in SQL, the page, its files, the API, the inbox."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dotpha.platform import days as clock
from dotpha.platform import periods
from dotpha.platform.refusals import Refused
from dotpha.programmes import actions
from dotpha.programmes.models import Membership, Occurrence, Programme, Report, Task
from dotpha.programmes.queries import reporting as queries
from dotpha.programmes.rules import reporting
from dotpha.programmes.rules.occurrences import FREQUENCIES
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.histories import days
from dotpha.programmes.tests.test_pages_task import page, signed_in

ONE = timedelta(days=1)
QUICK = settings(max_examples=200, deadline=None)
EVERY = st.sampled_from([*FREQUENCIES, ""])
LIST = "/desk/missing-reports/"


@pytest.mark.parametrize(
    ("every", "on", "period"),
    [
        ("quarter", date(2026, 10, 1), "2026-Q2"), ("quarter", date(2026, 10, 2), "2026-Q3"),
        ("month", date(2026, 3, 2), "2026-02"), ("half", date(2026, 7, 1), "2025-H2"),
        ("year", date(2026, 12, 31), "2025"), ("year", date(1, 1, 1), None), ("", date(2026, 1, 1), None),
    ],
)  # fmt: skip
def test_the_report_of_a_period_is_missing_once_the_day_of_grace_after_its_last_is_over(
    every: str, on: date, period: str
) -> None:
    found = reporting.last_due(every, on)
    assert (str(found) if found else None) == period


@QUICK
@given(st.sampled_from([*FREQUENCIES]), days(), st.integers(1, 6))
def test_the_periods_due_follow_upon_each_other_and_none_has_yet_to_end(every: str, on: date, number: int) -> None:
    found = reporting.recent(every, on, number)
    assert len(found) == number
    assert all(older.following() == newer for newer, older in pairwise(found))
    assert found[0].last_day + reporting.GRACE < on <= found[0].following().last_day + reporting.GRACE


@QUICK
@given(EVERY, days(), days(), st.lists(st.tuples(st.sampled_from(["", "2026-Q1", "2025", "2025-H2"]), days())))
def test_a_further_report_makes_none_missing_and_naming_the_period_settles_it(
    every: str, assigned_on: date, on: date, told: list[tuple[str, date]]
) -> None:
    found = reporting.missing(every, assigned_on, told, on)
    without = reporting.missing(every, assigned_on, [], on)
    assert found in (None, without)
    if found is not None:
        assert assigned_on <= found.first_day
        assert reporting.missing(every, assigned_on, [*told, (str(found), on)], on) is None
        assert reporting.missing(every, assigned_on, [*told, ("", found.last_day)], on) is None
        assert reporting.missing(every, assigned_on, [*told, ("", found.last_day + ONE)], on) == found


def told(task: Task, period: str, reported_on: date) -> None:
    at = datetime(reported_on.year, reported_on.month, reported_on.day, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    Report.objects.create(
        task=task, percent=1, summary="x", period=period, reported_on=reported_on, drafted_at=at, submitted_at=at
    )


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVERY, days(), days(), st.sampled_from(["", "2025-Q4", "2026-01", "2025"]), days())
def test_the_twin_in_sql_tells_the_same(every: str, assigned_on: date, on: date, named: str, reported_on: date) -> None:
    task = Task.objects.filter(key="twin").first() or make.task(key="twin", on=date(2024, 1, 1))
    Task.objects.filter(pk=task.pk).update(assigned_on=assigned_on)
    task.refresh_from_db()
    Programme.objects.update(report_every=every)
    Report.objects.filter(task=task).delete()
    told(task, named, reported_on)
    sent = [(named, reported_on)] if reported_on <= on else []
    expected = reporting.missing(every, assigned_on, sent, on)
    rows = queries.missing(make.TEST, on) if assigned_on <= on else Task.objects.none()
    assert [each.period for each in rows] == ([str(expected)] if expected else [])
    assert queries.of_task(task, on) == expected


TODAY = clock.today()
PERIOD = reporting.recent("quarter", TODAY, 2)


@pytest.fixture
def silent(db: None) -> Task:
    """A task of a programme that reports every quarter, without any report."""
    made = make.task(key="silent", deadline_text="31/12/2035", assigned_on=date(2020, 1, 1))
    Programme.objects.update(report_every="quarter")
    return made


def client_of(role: str, scope: str = "all") -> Client:
    return signed_in(make.person(role, scope, locale="en"))


def test_only_a_report_that_was_sent_counts_and_only_of_its_period(silent: Task) -> None:
    found = lambda: [each.key for each in queries.missing(make.office(), TODAY)]  # noqa: E731
    told(silent, str(PERIOD[1]), PERIOD[0].last_day)
    Report.objects.create(
        task=silent, percent=1, summary="x", period=str(PERIOD[0]), reported_on=TODAY, drafted_at=clock.now()
    )
    assert found() == ["silent"]
    told(silent, str(PERIOD[0]), TODAY)
    assert found() == []


def test_whoever_need_not_report_is_not_urged(silent: Task) -> None:
    new = make.task(key="new", assigned_on=PERIOD[0].first_day + ONE, deadline_text="31/12/2035")
    done = make.task(key="done", assigned_on=date(2020, 1, 1), deadline_text="31/12/2035")
    Task.objects.filter(pk=done.pk).update(completed_on=PERIOD[0].last_day)
    resting = make.task(key="resting", assigned_on=date(2020, 1, 1), deadline_text="31/12/2035")
    actions.suspend_task(task=resting, document="1/QĐ", reason="x", by=make.office(), on=TODAY)
    part = make.task(key="part", assigned_on=date(2020, 1, 1), deadline_text="31/12/2035")
    Task.objects.filter(pk=part.pk).update(is_part=True, parent=silent)
    assert new.assigned_on > PERIOD[0].first_day
    assert [each.key for each in queries.missing(make.office(), TODAY)] == ["part"]  # each member reports on its own


def test_the_first_programme_that_says_so_gives_the_frequency(silent: Task) -> None:
    other = make.programme("other", report_every="month", from_on=date(2019, 1, 1))
    Membership.objects.create(task=silent, programme=other)
    Programme.objects.filter(key="resolution57").update(from_on=date(2025, 1, 1))
    monthly = reporting.last_due("month", TODAY)
    assert [each.period for each in queries.missing(make.office(), TODAY)] == [str(monthly)]
    assert queries.of_task(silent, TODAY) == monthly


def test_the_page_filters_and_its_files_have_the_same_rows(silent: Task) -> None:
    client = client_of("office")
    shown = page(client, LIST)
    assert "1 report is missing" in shown
    assert "/desk/tasks/silent/" in shown
    assert "Report now" not in shown  # the office does not report for an agency
    assert "/desk/tasks/silent/" in page(client, f"{LIST}?period={PERIOD[1]}&lead=most&programme=resolution57")
    for asked in ("lead=moh", "programme=none", "period=2019-Q1", "period=2030-Q1", "period=2020-01"):
        assert "No report is missing" in page(client, f"{LIST}?{asked}")
    page(client, f"{LIST}?period=soon", 422)
    told(silent, str(PERIOD[0]), TODAY)
    assert "No report is missing" in page(client, LIST)
    file = client.get(f"/desk/missing-reports.csv?period={PERIOD[1]}")
    rows = b"".join(file.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert rows[1].startswith("silent,")
    for kind in ("xlsx", "json"):
        assert client.get(f"/desk/missing-reports.{kind}").status_code == 200


def test_each_sees_their_own_and_reports_by_one_click(silent: Task) -> None:
    assert "No report is missing" in page(client_of("owner", make.organisation("moh").scope), LIST)
    owner = client_of("owner", make.organisation("most").scope)
    link = f"/desk/tasks/silent/report/?period={PERIOD[0]}"
    assert link in page(owner, LIST)
    assert f'value="{PERIOD[0]}"' in page(owner, link)
    assert f'value="{PERIOD[0]}"' in page(owner, "/desk/tasks/silent/report/")  # the one that is missing
    assert link not in page(owner, f"{LIST}?as_of={TODAY - ONE}")
    assert Client().get(LIST).status_code == 302


def test_without_a_frequency_the_page_says_why_it_is_empty(silent: Task) -> None:
    Programme.objects.update(report_every="")
    assert "No programme that you see says how often" in page(client_of("office"), LIST)


def test_the_page_asks_as_many_queries_for_many_as_for_few(silent: Task) -> None:
    client = client_of("owner", make.organisation("most").scope)

    def asked() -> int:
        page(client, LIST)
        with CaptureQueriesContext(connection) as found:
            page(client, LIST)
        return len(found)

    few = asked()
    for number in range(55):
        make.task(key=f"more-{number}", assigned_on=date(2020, 1, 1), deadline_text="31/12/2035")
    assert asked() == few
    assert "more-9" in page(client, f"{LIST}?page=2")


def duties(key: str, by: Any) -> list[Any]:
    return make.duties(by, key, TODAY)


def test_the_inbox_asks_the_owner_and_tells_the_office_in_one_line(silent: Task) -> None:
    make.task(key="second", assigned_on=date(2020, 1, 1), deadline_text="31/12/2035")
    asked = duties("reports_to_make", make.owner())
    assert [each.url for each in asked][1] == f"/desk/tasks/silent/report/?period={PERIOD[0]}"
    assert [each.url for each in duties("reports_missing", make.office())] == [f"{LIST}?period={PERIOD[0]}"]
    assert duties("reports_to_make", make.owner("moh")) == duties("reports_missing", make.owner()) == []
    Task.objects.filter(key="second").update(original_due_on=TODAY - ONE)
    assert len(duties("reports_to_make", make.owner())) == 1  # the other waits under "overdue"


def test_the_api_tells_the_missing_reports(silent: Task) -> None:
    client = client_of("office")
    found = client.get("/api/v1/missing-reports").json()["items"]
    late = (TODAY - PERIOD[0].last_day).days
    assert [(each["task"], each["lead"], each["period"], each["days_late"]) for each in found] == [
        ("silent", "most", str(PERIOD[0]), late)
    ]
    assert client.get("/api/v1/missing-reports?lead=moh").json()["count"] == 0
    assert client.get("/api/v1/missing-reports?period=soon").json()["code"] == "period_unreadable"
    assert Client().get("/api/v1/missing-reports").status_code == 401


def test_a_period_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(Refused):
        queries.due(TODAY, "soon")
    assert queries.due(TODAY, str(periods.containing(TODAY, periods.Size.DAY))) == {}


ROUNDS = st.lists(
    st.builds(reporting.Round, st.sampled_from(["2025", "2025-Q4", "2026-Q1", "2026-01"]), days(), st.none() | days()),
    max_size=3,
    unique_by=lambda each: each.period,
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROUNDS, st.sampled_from(["", "2025-Q4", "2026-01", "2025"]), days(), days())
def test_the_twin_in_sql_tells_the_same_round(
    rounds: list[reporting.Round], named: str, reported_on: date, on: date
) -> None:
    task = Task.objects.filter(key="twin").first() or make.task(key="twin", on=date(2024, 1, 1))
    Task.objects.filter(pk=task.pk).update(assigned_on=date(2024, 1, 1))
    Report.objects.filter(task=task).delete()
    Occurrence.objects.filter(task=task).delete()
    Occurrence.objects.bulk_create(Occurrence(task=task, **vars(each)) for each in rounds)
    told(task, named, reported_on)
    silent = reporting.silent_round(rounds, {named} if reported_on <= on else set(), on)
    found = [(each.period, each.period_due_on) for each in queries.missing(make.TEST, on)]
    assert found == ([(silent.period, silent.due_on)] if silent else [])
    assert str(queries.of_task(task, on) or "") == (silent.period if silent else "")


def test_a_dated_round_is_asked_for_after_its_day_of_grace_and_before_the_period(silent: Task) -> None:
    due_on = TODAY - reporting.GRACE
    turn = Occurrence.objects.create(task=silent, period="2024-Q1", due_on=due_on)
    asked = lambda on: [(each.period, each.period_due_on) for each in queries.missing(make.office(), on)]  # noqa: E731
    assert asked(TODAY) == [(str(PERIOD[0]), PERIOD[0].last_day)]
    assert asked(TODAY + ONE) == [("2024-Q1", due_on)]
    Occurrence.objects.update(due_on=due_on - ONE)
    shown = page(client_of("owner", make.organisation("most").scope), LIST)
    assert "/desk/tasks/silent/report/?period=2024-Q1" in shown
    assert [each.url for each in duties("reports_missing", make.office())] == [f"{LIST}?period=2024-Q1"]
    assert "/desk/tasks/silent/" in page(client_of("office"), f"{LIST}?period=2024-Q1")
    at = clock.now()
    Report.objects.create(
        task=silent, percent=1, summary="x", occurrence=turn, reported_on=TODAY, drafted_at=at, submitted_at=at
    )
    assert asked(TODAY) == [(str(PERIOD[0]), PERIOD[0].last_day)]
