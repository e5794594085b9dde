"""Each list of the desk has its data twins: the ending .csv or .json gives the same rows to the same readers."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from dotpha.documents.models import DraftingStep
from dotpha.documents.tests.test_actions import document
from dotpha.documents.tests.test_pages import enter
from dotpha.programmes.tests import factories

pytestmark = pytest.mark.django_db

LISTS = {
    "tasks": "key", "programmes": "key", "programmes/nq57/targets": "key", "extensions": "task", "blockers": "task",
    "deadlines": "key", "documents": "number", "documents/drafting": "document", "organisations": "key",
    "places": "key", "people": "username", "audit": "subject",
}  # fmt: skip
"""Each list by its address, with the name of a column that every row fills."""

EMPTY = ("programmes/nq57/targets", "extensions", "blockers")
"""Lists of which only the frame is compared here."""
FILTERS = {"audit": "kind=document.added"}
"""What does not grow by being read: each export is an event of the record."""


def bare(client: Client, address: str) -> bytes:
    answer = client.get(f"/desk/{address}")
    assert answer.status_code == 200, (address, answer.content[:500])
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def as_json(client: Client, address: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(bare(client, address))["items"]
    return rows


def as_csv(client: Client, address: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(bare(client, address).decode("utf-8-sig"))))


@pytest.fixture
def filled() -> None:
    held = document(number="57-NQ/TW")
    document("hidden", number="12-KH/TW", mark="restricted")
    DraftingStep.objects.create(document=held, kind="drafting", planned_on=date(2025, 1, 1))
    held_in = factories.programme("nq57")
    factories.place("province-test")
    for deadline in ("30/6/2026", "sớm nhất có thể"):
        factories.task(within=held_in, deadline_text=deadline)


@pytest.mark.parametrize("address", LISTS)
def test_twins_hold_the_same_rows_under_names_that_no_language_changes(address: str, filled: None) -> None:
    for language in ("en", "vi"):
        admin = enter("admin", language)
        client = admin if address in ("people", "audit") else enter("office", language)
        asked = FILTERS.get(address, "")
        rows, table = as_json(client, f"{address}.json?{asked}"), as_csv(client, f"{address}.csv?{asked}")
        exported = as_csv(client, f"{address}/?export=csv&{asked}")
        assert len(rows) == len(table) - 1
        assert table == exported
        assert all(row[LISTS[address]] for row in rows)
        assert rows or address in EMPTY
        assert client.get(f"/desk/{address}.xlsx").status_code == 200


def test_filters_and_the_day_hold_for_twins(filled: None) -> None:
    office = enter("office")
    assert [row["number"] for row in as_json(office, "documents.json?q=nq+57")] == ["57-NQ/TW"]
    assert as_json(office, "documents.json?as_of=2020-01-01") == []
    assert json.loads(bare(office, "documents.json?as_of=2025-01-01"))["on"] == "2025-01-01"


def test_a_twin_has_the_rights_of_its_list(filled: None) -> None:
    numbers = {role: [row["number"] for row in as_json(enter(role), "documents.json")] for role in ("office", "owner")}
    assert numbers == {"office": ["12-KH/TW", "57-NQ/TW"], "owner": ["57-NQ/TW"]}
    for address in ("people", "audit"):
        for ending in ("/", ".json", ".csv"):
            assert enter("owner").get(f"/desk/{address}{ending}").status_code == 403


def test_people_go_out_without_their_addresses() -> None:
    admin = enter("admin")
    assert "@" not in bare(admin, "people.json").decode() + bare(admin, "people.csv").decode()


def test_a_twin_of_another_kind_is_not_there() -> None:
    assert enter("office").get("/desk/documents.pdf").status_code == 404
