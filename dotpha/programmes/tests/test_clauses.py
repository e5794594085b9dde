"""What each clause of a document led to, and the clauses that led to nothing (B8)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dotpha.documents import actions as documents
from dotpha.documents.models import Document
from dotpha.documents.rows import ProvisionRow
from dotpha.platform.actors import Actor
from dotpha.programmes import actions
from dotpha.programmes.models import Membership, Report, Task
from dotpha.programmes.queries import clauses
from dotpha.programmes.rules.breakdown import Counts, clauses_without
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_pages_lists import enter, read

ON = date(2026, 6, 1)
ROWS = (
    ProvisionRow("preamble", "preamble"),
    ProvisionRow("I", "part"),
    ProvisionRow("I.1", "clause", "I"),
    ProvisionRow("I.2", "clause", "I"),
    ProvisionRow("II", "part"),
    ProvisionRow("II.1", "clause", "II"),
)

TREES = st.lists(st.integers(0, 20), max_size=20).map(
    lambda above: {at: (parent % at if at and parent % 4 else None) for at, parent in enumerate(above)}
)


@given(TREES, st.sets(st.integers(0, 20)))
def test_a_clause_is_carried_out_by_a_task_of_its_own_or_of_one_above(
    parents: dict[int, int | None], held: set[int]
) -> None:
    def line(clause: int) -> list[int]:
        above = parents[clause]
        return [clause] if above is None else [clause, *line(above)]

    leaves = [each for each in parents if each not in parents.values()]
    assert clauses_without(parents, held) == [each for each in leaves if not held & set(line(each))]


def the_document() -> Document:
    held = make.document()
    documents.add_provisions(document=held, rows=ROWS, by=make.TEST)
    return held


def task(clause: str, key: str, deadline: str = "31/12/2026") -> Task:
    return make.task(key=key, on=date(2025, 3, 1), provision=f"nq-57#{clause}", deadline_text=deadline)


def told(held: Document, by: Actor = make.TEST, on: date = ON) -> dict[str, tuple[Counts, int]]:
    found = clauses.outcomes(by, on, held)
    addresses = dict(held.provisions.values_list("pk", "address"))
    return {addresses[pk]: (each.counts, each.evidence) for pk, each in found.items()}


def report(held: Task, *numbers: str) -> Report:
    evidence = tuple(actions.EvidenceRow(number=number) for number in numbers)
    row = actions.ReportRow(percent=40, summary="Đã làm", evidence=evidence)
    made = actions.draft_report(task=held, row=row, by=make.owner(), on=ON)
    return actions.submit_report(report=made, by=make.owner(), on=ON)


@pytest.mark.django_db
def test_a_clause_tells_its_tasks_by_state_and_their_evidence() -> None:
    held = the_document()
    late = task("I.1", "late", "31/12/2025")
    task("I.1", "coming")
    task("II", "above")
    actions.approve_report(report=report(late, "12/QĐ-TTg", "13/QĐ-TTg"), by=make.approver(), on=ON)
    report(Task.objects.get(key="coming"), "14/QĐ-TTg")  # waits for approval: proves nothing yet
    assert told(held) == {"I.1": (Counts(overdue=1, in_time=1), 2), "II": (Counts(in_time=1), 0)}
    assert told(held, on=date(2025, 12, 31)) == {
        "I.1": (Counts(in_time=2, due_soon=1), 0), "II": (Counts(in_time=1), 0),
    }  # fmt: skip


@pytest.mark.django_db
def test_a_task_that_a_programme_holds_under_a_clause_counts_there_once() -> None:
    held = the_document()
    made = task("I.1", "both")
    provisions = {each.address: each for each in held.provisions.all()}
    Membership.objects.filter(task=made).update(provision=provisions["I.1"])
    make.task(key="other", on=date(2025, 3, 1), deadline_text="31/12/2026")
    Membership.objects.filter(task__key="other").update(provision=provisions["I.2"])
    assert {address: counts.assigned for address, (counts, _n) in told(held).items()} == {"I.1": 1, "I.2": 1}


@pytest.mark.django_db
def test_a_reader_is_told_of_tasks_within_reach_only() -> None:
    held = the_document()
    task("I.1", "a")
    assert told(held, make.owner("most")) != {}
    assert told(held, make.owner("other")) == {}


def left(held: Document) -> list[str]:
    return [each.address for each in clauses.without_task(make.TEST, ON, held)]


@pytest.mark.django_db
def test_clauses_with_no_task_are_listed() -> None:
    held = the_document()
    assert left(held) == ["I.1", "I.2", "II.1"]
    cancelled = task("I.1", "a")
    task("II", "b")
    assert left(held) == ["I.2"]
    Task.objects.filter(pk=cancelled.pk).update(cancelled_on=ON)
    assert left(held) == ["I.1", "I.2"]


@pytest.mark.django_db
def test_the_page_of_a_document_shows_both_at_a_constant_cost() -> None:
    held = the_document()
    task("I.1", "a", "31/12/2025")
    client = enter(make.person("office"))
    html = read(client, "documents/nq-57/?as_of=2026-06-01")
    assert ("1 overdue" in html, "0 pieces of evidence" in html, "Clauses with no task" in html) == (True, True, True)
    assert "Clauses with no task" not in read(enter(make.person("owner", held_scope())), "documents/nq-57/")

    def asked() -> int:
        with CaptureQueriesContext(connection) as counted:
            read(client, "documents/nq-57/")
        return len(counted)

    few = asked()
    for number in range(3, 6):
        documents.add_provisions(document=held, rows=[ProvisionRow(f"I.{number}", "clause", "I")], by=make.TEST)
        task(f"I.{number}", f"t-more-{number}", "31/12/2025")
    assert asked() == few


def held_scope() -> str:
    return make.organisation("most").scope
