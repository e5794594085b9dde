"""The bottleneck board: its rule, what it counts, the list behind each number, its page, files and API (E10)."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dotpha.documents.models import Document, Provision
from dotpha.platform import days
from dotpha.programmes import actions
from dotpha.programmes.models import Blocker, Task
from dotpha.programmes.queries import holdups
from dotpha.programmes.rules import holdups as rules
from dotpha.programmes.rules.blockers import promised
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused
from dotpha.programmes.tests.test_api import Api
from dotpha.programmes.tests.test_pages_lists import enter, read

PLACES = st.sampled_from(["", "p1/", "p1/c1/", "p1/c2/", "p2/", "p2/c3/"])
ROWS = st.lists(
    st.builds(
        rules.HoldUp,
        blocker=st.integers(1, 9),
        task=st.sampled_from("abc"),
        kind=st.sampled_from(["law", "staff"]),
        body=st.sampled_from(["moj", "mof"]),
        clause=st.none() | st.integers(1, 3),
        place=PLACES,
        days=st.integers(0, 90),
        late=st.booleans(),
    )
)
ON = date(2026, 6, 1)


@given(ROWS, st.sampled_from(rules.GROUPINGS), PLACES)
def test_groups_add_up_to_the_whole(rows: list[rules.HoldUp], grouping: str, above: str) -> None:
    rows = [row for row in rows if row.place.startswith(above)]
    sums, total = [held for _key, held in rules.grouped(rows, grouping, above)], rules.summed(rows)
    for name in ("blockers", "late", "days"):
        assert sum(getattr(each, name) for each in sums) == getattr(total, name)
    assert max((each.tasks for each in sums), default=0) <= total.tasks <= sum(each.tasks for each in sums)
    assert [each.tasks for each in sums] == sorted((each.tasks for each in sums), reverse=True)


@given(ROWS)
def test_the_tables_of_tasks_and_places_have_as_many_rows_as_the_numbers_say(rows: list[rules.HoldUp]) -> None:
    total = rules.summed(rows)
    assert len(rules.grouped(rows, "task")) == total.tasks
    assert len([key for key, _held in rules.grouped(rows, "commune") if key]) == total.places


@pytest.mark.parametrize(
    ("path", "above", "found"),
    [("p1/c1/", "", "p1/"), ("p1/c1/", "p1/", "p1/c1/"), ("p1/", "p1/", "p1/"), ("", "", ""), ("p1/", "", "p1/")],
)
def test_a_place_is_read_level_by_level(path: str, above: str, found: str) -> None:
    assert rules.under(path, above) == found


@pytest.mark.parametrize(
    ("steps", "day"),
    [
        ([], None),
        ([("taken_up", None)], None),
        ([("taken_up", ON), ("answered", None)], ON),
        ([("taken_up", ON), ("taken_up", None)], ON),
        ([("taken_up", ON), ("redirected", None)], None),
        ([("taken_up", ON), ("reopened", None), ("taken_up", ON + timedelta(1))], ON + timedelta(1)),
    ],
)
def test_the_day_named_last_holds_until_the_blocker_is_sent_on(steps: Any, day: date | None) -> None:
    assert promised(steps) == day


def raised(task: Task, kind: str = "law", asked: str = "moj", ago: int = 0) -> Blocker:
    on = days.today() - timedelta(ago)
    return actions.raise_blocker(
        task=task, kind=kind, text=f"Chờ {kind}", asks_of=make.organisation(asked), by=make.TEST, on=on
    )


def world() -> dict[str, Blocker]:
    """Two tasks of the country and one of a commune; one of them has two blockers, one late."""
    province = make.place("p-1")
    commune = make.place("c-1", level="commune", kind="commune", path="p-1/c-1/", parent=province)
    make.organisation("ubnd-c1", kind="commune_peoples_committee", path="local/ubnd-c1/", place=commune)
    make.organisation("moet", place=province)  # its address: a ministry governs no province
    clause = Provision.objects.create(document=make.document(), address="II.1", kind="clause", order=1)
    first = make.task(key="a", lead="moet", assigned_on=date(2025, 3, 1))
    Task.objects.filter(pk=first.pk).update(provision=clause)
    local = make.task(key="b", lead="ubnd-c1", assigned_on=date(2025, 3, 1))
    return {
        "law": raised(first, ago=30),
        "staff": raised(first, "staff", "moha"),
        "local": raised(local, ago=2),
    }


@pytest.mark.django_db
def test_the_board_counts_blockers_tasks_places_and_days() -> None:
    world()
    today, asked = days.today(), holdups.Asked()
    held = holdups.hold_ups(holdups.blockers(make.TEST, today, asked), today, asked)
    assert rules.summed(held) == rules.Sum(blockers=3, late=1, tasks=2, places=1, days=32)
    assert [(key, held.blockers) for key, held in rules.grouped(held, "kind")] == [("law", 2), ("staff", 1)]
    assert {key: held.blockers for key, held in rules.grouped(held, "place")} == {"": 2, "p-1/": 1}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "law"}, ["law", "local"]),
        ({"body": "moha"}, ["staff"]),
        ({"clause": "nq-57#II.1"}, ["law", "staff"]),
        ({"clause": "-"}, ["local"]),
        ({"clause": "nq-57#IX"}, []),
        ({"place": "p-1"}, ["local"]),
        ({"place": "-"}, ["law", "staff"]),
        ({"commune": "p-1"}, []),
        ({"commune": "c-1"}, ["local"]),
        ({"place": "unheard-of"}, []),
        ({"task": "a", "kind": "staff"}, ["staff"]),
        ({"late": True}, ["law"]),
        ({"programme": "resolution57"}, ["law", "staff", "local"]),
        ({"programme": "other"}, []),
        ({"closed": True}, []),
    ],
)
def test_conditions_limit_the_board(asked: dict[str, Any], found: list[str]) -> None:
    made = world()
    rows = holdups.blockers(make.TEST, days.today(), holdups.Asked(**asked)).order_by("pk")
    assert [each.pk for each in rows] == [made[name].pk for name in found]


@pytest.mark.django_db
def test_a_reader_counts_only_what_they_may_see() -> None:
    world()
    commune = make.actor("commune_officer", "place/p-1/c-1/")
    stranger = make.stranger()
    for by, number in ((commune, 1), (stranger, 0)):
        assert holdups.blockers(by, days.today(), holdups.Asked()).count() == number


@pytest.mark.django_db
@pytest.mark.parametrize("grouping", rules.GROUPINGS)
def test_each_number_of_the_page_opens_a_list_of_as_many(grouping: str) -> None:
    """Every address in the table is followed: the heading of what it leads to counts what the number said."""
    world()
    client = enter(make.person("office"))
    html = read(client, f"blockers/?by={grouping}")
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    cells = re.findall(r'data-l="([^"]+)"><a href="([^"]+)"[^>]*>(\d+)<', body)
    assert cells
    for label, address, number in cells:
        behind = client.get(address.replace("&amp;", "&")).content.decode()
        if label in ("Blockers", "Answer overdue"):
            assert f'<h2 id="list-h">{number} blocker' in behind
        else:
            rows = behind.partition("<tbody>")[2].partition("</tbody>")[0]
            assert len(re.findall("<tr>", rows)) - rows.count('<td class="ti">The whole country<') == int(number)


@pytest.mark.django_db
def test_the_board_needs_as_many_queries_for_30_blockers_as_for_3() -> None:
    world()
    client = enter(make.person("office"))
    read(client, "blockers/")  # what is read once for a process
    counts = []
    for round_number in range(2):
        for grouping in rules.GROUPINGS:
            with CaptureQueriesContext(connection) as asked:
                read(client, f"blockers/?by={grouping}")
            counts.append(len(asked))
        for at in range(30):
            raised(make.task(key=f"more-{round_number}-{at}", assigned_on=date(2025, 3, 1)), "data", "mic")
    assert counts[: len(rules.GROUPINGS)] == counts[len(rules.GROUPINGS) :]


@pytest.mark.django_db
def test_the_files_hold_the_list_and_the_table() -> None:
    world()
    client = enter(make.person("office"))

    def rows(query: str) -> list[list[str]]:
        answer = client.get(f"/desk/blockers/?{query}")
        return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]

    assert [row[0] for row in rows("export=csv&kind=law")] == ["Task", "a", "b"]
    assert rows("export=csv&sheet=board&kind=law")[1:] == [["Institution and law", "2", "1", "2", "1", "32"]]


@pytest.mark.django_db
def test_a_leader_takes_a_blocker_up_sets_a_day_and_closes_it_with_the_decision() -> None:
    held = world()["law"]
    leader: Client = enter(make.person("leader"))
    address, day = f"/desk/blockers/{held.pk}/", days.today() + timedelta(7)
    gone = leader.post(address, {"act": "take_up", "until_on": (days.today() - timedelta(1)).isoformat()})
    assert (gone.status_code, "This day is over" in gone.content.decode()) == (422, True)
    assert leader.post(address, {"act": "take_up", "until_on": day.isoformat()}).status_code == 302
    assert "to be removed by" in read(leader, "blockers/?kind=law")
    closing = {"act": "resolve", "resolution": "Đã sửa", "decision": "Nghị định 88/2025/NĐ-CP"}
    assert leader.post(address, closing).status_code == 302
    held.refresh_from_db()
    assert (held.is_open, held.decision) == (False, "Nghị định 88/2025/NĐ-CP")
    assert "Decision: Nghị định 88/2025/NĐ-CP" in read(leader, f"blockers/{held.pk}/")


@pytest.mark.django_db
def test_a_body_that_is_not_asked_takes_nothing_up() -> None:
    held = world()["law"]
    other = make.actor("focal_point", make.organisation("moh").scope)
    assert refused(lambda: actions.take_up_blocker(blocker=held, by=other, on=days.today()))[2] == 403


@pytest.mark.django_db
def test_the_past_counts_what_was_open_then() -> None:
    held = world()["law"]
    actions.resolve_blocker(blocker=held, resolution="Đã sửa", decision="1/QĐ", by=make.TEST, on=days.today())
    yesterday = days.today() - timedelta(1)
    asked = holdups.Asked(kind="law")
    rows = holdups.hold_ups(holdups.blockers(make.TEST, yesterday, asked), yesterday, asked)
    assert sorted((each.task, each.days) for each in rows) == [("a", 29), ("b", 1)]
    assert {each.task: each.late for each in rows}["a"]  # what came after that day does not count
    assert holdups.blockers(make.TEST, days.today(), holdups.Asked(closed=True)).get().pk == held.pk


@pytest.mark.django_db
def test_the_api_lists_and_sums() -> None:
    world()
    api = Api(make.person("office"))
    board = api.get("/summary/blockers?by=kind")
    assert [(each["key"], each["blockers"], each["tasks"]) for each in board["items"]] == [
        ("law", 2, 2),
        ("staff", 1, 1),
    ]
    assert board["total"]["blockers"] == api.get("/blockers")["count"] == 3
    assert api.get("/blockers?late=true")["count"] == 1
    assert Api().get("/blockers", 401)["code"] == "sign_in"
    assert api.get("/summary/blockers?by=colour", 422)["errors"][0]["field"] == "by"
    one = api.get("/blockers?kind=staff")["items"][0]["id"]
    said = api.post(f"/blockers/{one}/take-up", {"until_on": days.today().isoformat()}, 200)
    assert said["until_on"] == days.today().isoformat()


@pytest.mark.django_db
def test_a_clause_of_a_document_that_the_reader_may_not_know_of_is_none_to_them() -> None:
    world()
    office, viewer = make.actor("office"), make.actor("leader")
    for mark, seen in (("public", 2), ("restricted", 1)):
        Document.objects.update(mark=mark)
        for by, number in ((office, 2), (viewer, seen)):
            asked = holdups.Asked()
            held = holdups.hold_ups(holdups.blockers(by, days.today(), asked), days.today(), asked)
            groups = holdups.groups(held, "clause", asked, days.today())
            assert len(groups) == number
            assert sum(each.blockers for _name, each in groups) == 3
    none = holdups.Asked(clause=holdups.NONE)
    assert holdups.blockers(viewer, days.today(), none).count() == 3
    assert holdups.blockers(office, days.today(), none).count() == 1


@pytest.mark.django_db
def test_the_board_reads_a_place_that_it_is_asked_for_once() -> None:
    world()
    client = enter(make.person("office"))
    read(client, "blockers/")
    with CaptureQueriesContext(connection) as asked:
        read(client, "blockers/?place=p-1&by=kind")
    of_places = [each for each in asked.captured_queries if each["sql"].startswith('SELECT "directory_place"."id"')]
    moved = [each for each in asked.captured_queries if "directory_placeparent" in each["sql"]]
    assert (len(of_places), len(moved)) == (1, 1)


@pytest.mark.django_db
def test_a_kind_that_nobody_knows_holds_nothing_up() -> None:
    world()
    assert "wonder" in read(enter(make.person("office")), "blockers/?kind=wonder")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "code"),
    [("Chờ văn bản\nTUYỆT MẬT", "state_secret"), ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "old_encoding")],
)
def test_words_of_blockers_reports_and_reasons_are_asked_for_marks_of_secrecy(said: str, code: str) -> None:
    blocker = world()["law"]
    today, task = days.today(), blocker.task
    asked = {"by": make.TEST, "on": today}
    moj = make.organisation("moj2")
    row = actions.ReportRow(summary="Đã làm", percent=5, risk=said)
    assert refused(lambda: actions.draft_report(task=task, row=row, **asked))[:2] == (code, "risk")
    again = {"task": task, "kind": "law", "text": said, "asks_of": moj}
    assert refused(lambda: actions.raise_blocker(**again, **asked))[:2] == (code, "text")
    assert refused(lambda: actions.answer_blocker(blocker=blocker, answer=said, **asked))[:2] == (code, "answer")
    assert refused(lambda: actions.take_up_blocker(blocker=blocker, note=said, **asked))[:2] == (code, "note")
    assert refused(lambda: actions.cancel_task(task=task, reason=said, **asked))[:2] == (code, "reason")
