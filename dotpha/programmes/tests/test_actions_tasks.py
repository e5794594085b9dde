"""Tasks added, changed, assigned: each bad input by its name, versions, odd signs."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from dotpha.directory.models import Organisation
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.platform.tests.refusals import refused
from dotpha.programmes import actions
from dotpha.programmes.api.cells import row_of
from dotpha.programmes.api.schemas import TaskIn
from dotpha.programmes.models import Assignment, Extension, Membership, Product, Programme, Step, Task
from dotpha.programmes.queries import lists, tasks
from dotpha.programmes.rows import read_changes, read_date, read_percent
from dotpha.programmes.task_row import Change, TaskRow
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)
ONE = timedelta(days=1)


def the_task(**values: Any) -> Task:
    return make.task(on=ON, **{"key": "nq-1", **values})


def change(task: Task, by: Any = make.TEST, **values: Any) -> list[str]:
    """Change the columns named; the row is filled up as a register would."""
    more = {"version": None, "reason": "x", "document": "12/NQ-CP"}
    more |= {name: values.pop(name) for name in more if name in values}
    columns = {"products": "product", "deadline_text": "deadline"}
    given = frozenset(columns.get(name, name) for name in values)
    row = make.row(**{"key": task.key, **values})
    return actions.change_task(task=task, row=replace(row, given=given), by=by, on=ON, **more)


def assign(task: Task, lead: Organisation, **values: Any) -> Task:
    """Let another agency lead, with the grounds that a published task asks for."""
    return actions.assign_task(
        **{"task": task, "lead": lead, "reason": "x", "document": "12/NQ-CP", "by": make.TEST, "on": ON, **values}
    )


# --- adding ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"title": ""}, ("wording_missing", "title", 422)),
        ({"lead": ""}, ("lead_missing", "lead", 422)),
        ({"deadline_text": " "}, ("deadline_missing", "deadline", 422)),
        ({"title": "x" * 2001}, ("too_long", "title", 422)),
        ({"deadline_text": "x" * 301}, ("too_long", "deadline", 422)),
        ({"products": ("x" * 1001,)}, ("too_long", "product", 422)),
        ({"key": "có dấu"}, ("key_unreadable", "key", 422)),
        ({"key": "x" * 101}, ("key_unreadable", "key", 422)),
        ({"key": "taken"}, ("key_taken", "key", 409)),
        ({"lead": "nobody"}, ("unknown_organisation", "lead", 422)),
        ({"cooperating": ("nobody",)}, ("unknown_organisation", "cooperating", 422)),
        ({"group": "none"}, ("unknown_group", "group", 422)),
        ({"place": "none"}, ("unknown_place", "place", 422)),
        ({"provision": "nq-57#none"}, ("unknown_provision", "provision", 422)),
        ({"parent": "none"}, ("unknown_parent", "parent", 422)),
        ({"percent": 101}, ("percent_out_of_range", "percent", 422)),
        ({"percent": -1}, ("percent_out_of_range", "percent", 422)),
        ({"started_on": date(2026, 7, 1)}, ("due_before_start", "deadline", 422)),
        ({"completed_on": ON + ONE}, ("completed_in_future", "completed_on", 422)),
        (
            {"started_on": ON, "completed_on": ON - ONE},
            ("completed_before_start", "completed_on", 422),
        ),
        (
            {"extensions": (Change(date(2026, 7, 2), date(2026, 7, 1)),)},
            ("due_before_grant", "extensions", 422),
        ),
    ],
)
def test_a_bad_row_is_refused_at_its_column(values: dict[str, Any], expected: tuple[str, str, int]) -> None:
    make.task(key="taken", on=ON)
    row = make.row(**{"key": "new", **values})
    assert refused(lambda: actions.add_task(programme=make.programme(), row=row, by=make.TEST, on=ON)) == expected
    assert list(Task.objects.values_list("key", flat=True)) == ["taken"]


def test_a_start_after_the_printed_date_stands_with_a_change_that_covers_it() -> None:
    later = (Change(date(2026, 6, 1), date(2026, 12, 31)),)
    assert the_task(started_on=date(2026, 7, 1), extensions=later).started_on == date(2026, 7, 1)


def test_one_bad_row_keeps_all_out() -> None:
    make.organisation("most")
    rows = [make.row(key="a"), make.row(key="b", title="")]
    refused(lambda: actions.add_tasks(programme=make.programme(), rows=rows, by=make.TEST, on=ON))
    twice = [make.row(key="a"), make.row(key="a")]
    answer = refused(lambda: actions.add_tasks(programme=make.programme(), rows=twice, by=make.TEST, on=ON))
    assert (answer[0], Task.objects.count()) == ("key_taken", 0)


def test_the_nearest_agencies_are_named() -> None:
    for key in ("most", "mof", "moh"):
        make.organisation(key)
    row = make.row(lead="mosst")
    with pytest.raises(Refused) as found:
        actions.add_task(programme=make.programme(), row=row, by=make.TEST, on=ON)
    assert str(found.value.facts["nearest"]).split("; ")[0] == "Bộ most (most)"


def test_parents_may_come_after_their_children() -> None:
    make.organisation("most")
    rows = [make.row(key="c", parent="b"), make.row(key="b", parent="a"), make.row(key="a")]
    made = actions.add_tasks(programme=make.programme(), rows=rows, by=make.TEST, on=ON)
    assert [(each.key, each.parent and each.parent.key) for each in made] == [("c", "b"), ("b", "a"), ("a", None)]


def test_rows_that_stand_under_each_other_are_refused() -> None:
    make.organisation("most")
    rows = [make.row(key="a", parent="b"), make.row(key="b", parent="a")]
    answer = refused(lambda: actions.add_tasks(programme=make.programme(), rows=rows, by=make.TEST, on=ON))
    assert answer == ("parent_circle", "parent", 422)


def test_statements_do_not_grow_with_the_rows() -> None:
    programme = make.programme()
    make.organisation("most")
    actions.add_tasks(programme=programme, rows=[make.row()], by=make.TEST, on=ON)

    def asked(count: int) -> int:
        rows = [make.row(products=("a",), percent=10) for _n in range(count)]
        with CaptureQueriesContext(connection) as counted:
            actions.add_tasks(programme=programme, rows=rows, by=make.TEST, on=ON)
        return len(counted)

    assert asked(4) == asked(40)


def test_a_row_with_a_percent_brings_an_approved_report_and_a_start() -> None:
    task = the_task(percent=30)
    row = tasks.with_details(tasks.visible(make.TEST, ON), ON).get()
    assert (row.percent, task.started_on, row.state) == (30, ON, "in_progress")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (unicodedata.normalize("NFD", "Xây dựng cơ sở dữ liệu"), "Xây dựng cơ sở dữ liệu"),
        ("Xây\x00 dựng\x1b[0m", "Xây dựng[0m"),
        ("a\u202eb\u2066c\u200f", "abc"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\ufeff  Hai \u00a0 chỗ  trống ", "Hai chỗ trống"),
        ("dòng\nhai", "dòng hai"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_what_is_typed_is_cleaned_and_markup_stays_as_it_is(typed: str, kept: str) -> None:
    make.organisation("most")
    body = TaskIn(key="nq-1", title=typed, lead="most", deadline="2026")
    actions.add_task(programme=make.programme(), row=row_of(body, "nq-1"), by=make.TEST, on=ON)
    assert Task.objects.get().heading.text == kept


# --- cells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("", None),
        ("2024-02-29", date(2024, 2, 29)),
        ("2025-12-31T17:00:00Z", date(2026, 1, 1)),
        ("2025-12-31T23:59:59+07:00", date(2025, 12, 31)),
    ],
)
def test_a_cell_is_read_as_a_day_of_viet_nam(cell: str, day: date | None) -> None:
    assert read_date(cell, "started_on") == day


@pytest.mark.parametrize("cell", ["2025-02-29", "31/12/2025", "20251231", "2025-W01-1", "0000-01-01", "tomorrow"])
def test_what_is_no_day_is_refused_at_its_column(cell: str) -> None:
    assert refused(lambda: read_date(cell, "started_on")) == ("date_unreadable", "started_on", 422)


def test_percents_are_whole_numbers() -> None:
    assert [read_percent(cell) for cell in ("", "40", "40 %", "40.0", "100")] == [None, 40, 40, 40, 100]
    assert {refused(lambda c=cell: read_percent(c))[0] for cell in ("101", "-1", "4.5", "½", "٤", "x")} == {
        "percent_out_of_range"
    }


def test_changes_are_read_in_their_order() -> None:
    days = date(2025, 5, 1), date(2025, 9, 30), date(2025, 12, 31)
    assert read_changes("2025-05-01>2025-09-30; 2025-05-01>2025-12-31;") == (
        Change(days[0], days[1]),
        Change(days[0], days[2]),
    )
    assert refused(lambda: read_changes("2025-05-01")) == ("extension_unreadable", "extensions", 422)


# --- changing -------------------------------------------------------------------------------------


def test_only_what_is_named_changes_and_the_version_with_it() -> None:
    task = the_task(products=("Đề án",), tags=("a",))
    assert change(task, title="Hai") == ["title"]
    assert change(task, title="Hai") == []
    task.refresh_from_db()
    assert (task.heading.text, task.tags, task.version) == ("Hai", ["a"], 2)


def test_a_change_of_what_was_changed_meanwhile_is_refused() -> None:
    task = the_task()
    change(task, title="Hai", version=1)
    assert refused(lambda: change(task, title="Ba", version=1)) == ("changed_meanwhile", "version", 409)
    assert Task.objects.get().heading.text == "Hai"


def test_other_languages_of_the_title_stay() -> None:
    task = the_task(title={"vi": "Một", "en": "One"})
    change(task, title="Hai")
    assert Task.objects.get().title == {"vi": "Hai", "en": "One"}


@pytest.mark.parametrize(
    ("role", "values", "allowed"),
    [
        ("focal_point", {"title": "Hai"}, True),
        ("focal_point", {"lead": "mof"}, False),
        ("focal_point", {"deadline_text": "2027"}, False),
        ("focal_point", {"percent": 10}, False),
        ("focal_point", {"completed_on": ON}, False),
        ("leader", {"lead": "mof"}, True),
        ("leader", {"title": "Hai"}, False),
        ("office", {"percent": 10}, True),
        ("owner", {"title": "Hai"}, False),
    ],
)
def test_each_column_needs_its_own_right(role: str, values: dict[str, Any], allowed: bool) -> None:
    task = the_task()
    make.organisation("mof")
    by = make.actor(role)
    if allowed:
        assert len(change(task, by=by, **values)) == 1
    else:
        assert refused(lambda: change(task, by=by, **values))[2] == 403


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"title": ""}, ("wording_missing", "title", 422)),
        ({"lead": "nobody"}, ("unknown_organisation", "lead", 422)),
        ({"started_on": date(2026, 7, 1)}, ("due_before_start", "deadline", 422)),
        ({"completed_on": ON + ONE}, ("completed_in_future", "completed_on", 422)),
        ({"percent": 120}, ("percent_out_of_range", "percent", 422)),
        ({"extensions": (Change(ON, ON - ONE),)}, ("due_before_grant", "extensions", 422)),
    ],
)
def test_a_bad_change_is_refused_at_its_column(values: dict[str, Any], expected: tuple[str, str, int]) -> None:
    task = the_task()
    assert refused(lambda: change(task, **values)) == expected
    task.refresh_from_db()
    assert task.version == 1


def test_an_old_fault_in_another_column_holds_up_no_change() -> None:
    task = the_task()
    Task.objects.update(started_on=date(2026, 7, 1))
    assert change(task, title="Hai") == ["title"]


def test_a_closing_is_not_left_out_and_a_closed_deadline_does_not_move() -> None:
    task = the_task(completed_on=ON)
    assert refused(lambda: change(task, completed_on=None)) == ("reopen_instead", "completed_on", 409)
    assert refused(lambda: change(task, deadline_text="2027")) == ("task_closed", "deadline", 409)


def test_a_new_deadline_is_read_for_the_new_day_of_assignment() -> None:
    """A month without a year is the first one after the assignment: both may change together."""
    task = the_task(assigned_on=date(2025, 3, 1))
    change(task, deadline_text="tháng 2", assigned_on=date(2026, 3, 15))
    task.refresh_from_db()
    assert (task.assigned_on, task.original_due_on) == (date(2026, 3, 15), date(2027, 2, 28))


def test_the_lead_leads_from_the_corrected_day_of_assignment() -> None:
    task = the_task(assigned_on=date(2025, 3, 1))
    change(task, assigned_on=date(2025, 1, 10))
    on = date(2025, 2, 1)
    asked = lists.listed(make.TEST, lists.Asked(lead="most"), on)
    assert [each.key for each in asked] == ["nq-1"]
    change(Task.objects.get(), assigned_on=None)
    assert Assignment.objects.get().from_on == Task.objects.get().assigned_on == make.DAY


def test_agencies_and_products_change_as_sets_and_keep_their_past() -> None:
    task = the_task(cooperating=("mof", "moh"), products=("a", "b"))
    make.organisation("mps")
    assert change(task, cooperating=("moh", "mof")) == []
    assert change(task, cooperating=("moh", "mps"), products=("b", "c")) == ["cooperating", "product"]
    held = Assignment.objects.filter(part="cooperating", until_on=None).order_by("organisation__key")
    assert list(held.values_list("organisation__key", flat=True)) == ["moh", "mps"]
    assert list(Product.objects.values_list("text", "withdrawn_on", "order")) == [
        ("a", ON, 1), ("b", None, 2), ("c", None, 3),
    ]  # fmt: skip


def test_lines_of_the_ledger_are_only_added() -> None:
    task = the_task()
    first, second = Change(date(2026, 1, 5), date(2026, 9, 30)), Change(date(2026, 2, 5), date(2026, 12, 31))
    change(task, extensions=(first,))
    change(task, extensions=(second,))
    change(task, extensions=(first, second))
    lines = list(Extension.objects.order_by("granted_on").values_list("granted_on", "superseded_on", "new_due_on"))
    assert lines == [
        (first.granted_on, second.granted_on, first.new_due_on),
        (second.granted_on, None, second.new_due_on),
    ]


def test_a_percent_of_the_office_counts_from_that_day() -> None:
    task = the_task()
    change(task, percent=35)
    row = tasks.with_details(tasks.visible(make.TEST, ON), ON).get()
    assert (row.percent, row.started_on) == (35, ON)
    assert tasks.with_details(tasks.visible(make.TEST, ON - ONE), ON - ONE).get().percent == 0


def test_place_group_posts_and_start_change() -> None:
    task = the_task()
    programme = make.programme()
    actions.add_group(programme=programme, key="g1", title={"vi": "Nhóm một"}, order=1, by=make.TEST)
    make.place("province-a")
    changed = change(task, group="Nhóm một", place="province-a", started_on=date(2026, 1, 1))
    task.refresh_from_db()
    assert changed == ["group", "started_on", "place"]
    assert (task.place and task.place.key, task.started_on) == ("province-a", date(2026, 1, 1))
    assert Membership.objects.get().group.key == "g1"  # type: ignore[union-attr]


# --- who leads ------------------------------------------------------------------------------------


def test_products_of_the_same_words_are_counted() -> None:
    task = the_task(products=("Báo cáo", "Báo cáo", "Đề án"))
    first = task.products.order_by("order").first()
    assert change(task, products=("Báo cáo", "Đề án", "Sổ")) == ["product"]
    held = Product.objects.filter(withdrawn_on=None)
    assert sorted(each.text for each in held) == ["Báo cáo", "Sổ", "Đề án"]
    assert first in held


def lead_on(day: date) -> str | None:
    row = tasks.named(tasks.with_lead(Task.objects.filter(key="nq-1"), day)).get()
    return Assignment.objects.get(task=row, organisation_id=row.lead_id, part="lead").organisation.key


def test_there_is_exactly_one_lead_on_every_day() -> None:
    task = the_task(assigned_on=date(2026, 1, 1))
    mof = make.organisation("mof")
    assign(task, mof, from_on=date(2026, 3, 1))
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 120, 7)]
    assert {lead_on(day) for day in days if day < date(2026, 3, 1)} == {"most"}
    assert {lead_on(day) for day in days if day >= date(2026, 3, 1)} == {"mof"}


def test_two_leads_at_once_are_refused_by_the_database() -> None:
    """The rule that a lead is handed over stands in the action; this is the net under it."""
    task = the_task()
    second = {"task": task, "organisation": make.organisation("mof"), "part": "lead", "from_on": ON}
    with pytest.raises(IntegrityError, match="one_lead_at_a_time"), transaction.atomic():
        Assignment.objects.create(**second)


def test_the_lead_of_the_same_day_is_corrected_in_its_place() -> None:
    task = the_task(assigned_on=ON)
    assign(task, make.organisation("mof"))
    assert list(Assignment.objects.values_list("organisation__key", "from_on", "until_on")) == [("mof", ON, None)]


def test_a_co_operating_agency_that_leads_co_operates_no_longer() -> None:
    task = the_task(cooperating=("mof",))
    assign(task, make.organisation("mof"))
    held = Assignment.objects.filter(until_on=None)
    assert list(held.values_list("organisation__key", "part")) == [("mof", "lead")]


@pytest.mark.parametrize(
    ("lead", "from_on", "expected"),
    [
        ("most", None, ("same_lead", "lead", 409)),
        ("mof", ON + ONE, ("day_not_come", "from_on", 422)),
        ("mof", date(2025, 2, 28), ("before_assignment", "from_on", 422)),
    ],
)
def test_which_hand_over_is_refused(lead: str, from_on: date | None, expected: tuple[str, str, int]) -> None:
    task, wanted = the_task(), make.organisation(lead)
    assert refused(lambda: assign(task, wanted, from_on=from_on)) == expected


NO_REASON, NO_DOCUMENT = ("reason_missing", "reason", 422), ("document_missing", "document", 422)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"reason": " ", "document": "12/NQ-CP"}, NO_REASON),
        ({"reason": "Đổi chức năng", "document": " "}, NO_DOCUMENT),
        ({}, NO_REASON),
    ],
)
def test_a_published_task_changes_with_reason_and_document(
    given: dict[str, str], expected: tuple[str, str, int]
) -> None:
    """Wording, lead agency and product stand in the document (C16); other columns and drafts need no grounds."""
    task, mof = the_task(), make.organisation("mof")
    for values in ({"title": "Hai"}, {"lead": "mof"}, {"products": ("Báo cáo",)}):
        assert (
            refused(lambda values=values: change(task, **{"reason": "", "document": "", **given}, **values)) == expected
        )
    assert refused(lambda: actions.assign_task(task=task, lead=mof, by=make.TEST, on=ON, **given)) == expected
    assert change(task, tags=("gấp",), reason="", document="") == ["tags"]
    Programme.objects.update(published_at=None, published_by="")
    assert change(task, title="Hai", reason="", document="") == ["title"]
    actions.assign_task(task=task, lead=mof, by=make.TEST, on=ON)


def test_a_decided_dispute_is_itself_what_permits_the_new_lead() -> None:
    task = the_task()
    actions.dispute_task(task=task, reason="x", by=make.owner(), on=ON)
    actions.decide_dispute(
        task=task, upheld=True, reason="Đúng", lead=make.organisation("mof"), by=make.office(), on=ON
    )
    assert lead_on(ON) == "mof"


def test_the_document_that_permits_a_new_lead_stays_on_record() -> None:
    assign(the_task(), make.organisation("mof"))
    step = Step.objects.get(kind="assigned")
    event = AuditEvent.objects.get(kind="task.assigned")
    assert (step.document, event.after["document"], event.reason) == ("12/NQ-CP", "12/NQ-CP", "x")


@pytest.mark.parametrize(
    "act",
    [
        lambda task, other: actions.assign_task(task=task, lead=other, by=make.TEST, on=ON),
        lambda task, other: actions.set_part(task=task, organisation=other, by=make.TEST, on=ON),
        lambda task, other: actions.end_part(task=task, organisation=other, by=make.TEST, on=ON),
        lambda task, other: actions.accept_task(task=task, by=make.TEST, on=ON),
        lambda task, other: actions.dispute_task(task=task, reason="x", by=make.TEST, on=ON),
        lambda task, other: actions.decide_dispute(task=task, upheld=False, reason="x", by=make.TEST, on=ON),
        lambda task, other: actions.cancel_task(task=task, reason="x", by=make.TEST, on=ON),
        lambda task, other: actions.split_task(
            task=task, rows=[make.row(), make.row()], reason="x", by=make.TEST, on=ON
        ),
        lambda task, other: actions.break_down_task(task=task, rows=[make.row()], by=make.TEST, on=ON),
        lambda task, other: actions.spread_task(task=task, members=[other], by=make.TEST, on=ON),
        lambda task, other: actions.suspend_task(task=task, document="x", reason="x", by=make.TEST, on=ON),
        lambda task, other: actions.settle_deadline(task=task, kind="year", reason="x", by=make.TEST, on=ON),
        lambda task, other: actions.draft_report(task=task, row=actions.ReportRow("x", 1), by=make.TEST, on=ON),
        lambda task, other: actions.raise_blocker(
            task=task, kind="law", text="x", asks_of=other, by=make.TEST, on=ON
        ),
        lambda task, other: actions.request_extension(
            task=task, new_due_on=date(2027, 1, 1), reason="x", by=make.TEST, on=ON
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("closing", ["completed_on", "cancelled_on"])
def test_a_closed_task_is_left_alone(act: Callable[[Task, Any], object], closing: str) -> None:
    task, other = the_task(**{closing: ON}), make.organisation("mof")
    assert refused(lambda: act(task, other)) == ("task_closed", None, 409)


def test_parts_are_set_changed_and_ended() -> None:
    task, mof = the_task(), make.organisation("mof")
    actions.set_part(task=task, organisation=mof, duty="góp ý", part_due_on=date(2026, 6, 20), by=make.TEST, on=ON)
    actions.set_part(task=task, organisation=mof, part="co_lead", by=make.TEST, on=ON)
    held = Assignment.objects.get(organisation=mof)
    assert (held.part, held.duty, held.until_on) == ("co_lead", "", None)
    actions.end_part(task=task, organisation=mof, by=make.TEST, on=ON + ONE)
    held.refresh_from_db()
    assert held.until_on == ON


def test_which_part_is_refused() -> None:
    task, most, mof = the_task(), make.organisation("most"), make.organisation("mof")

    def part(organisation: Any, name: str) -> tuple[str, str | None, int]:
        return refused(lambda: actions.set_part(task=task, organisation=organisation, part=name, by=make.TEST, on=ON))

    assert part(mof, "lead") == ("part_unknown", "part", 422)
    assert part(most, "cooperating") == ("same_lead", "organisation", 409)
    assert refused(lambda: actions.end_part(task=task, organisation=most, by=make.TEST, on=ON)) == (
        "not_found",
        None,
        404,
    )


def test_a_dispute_waits_for_one_decision() -> None:
    task, mof = the_task(), make.organisation("mof")
    decide = lambda **facts: actions.decide_dispute(task=task, by=make.TEST, on=ON, **facts)  # noqa: E731
    assert refused(lambda: decide(upheld=False, reason="x"))[0] == "no_dispute"
    assert refused(lambda: actions.dispute_task(task=task, reason=" ", by=make.TEST, on=ON))[0] == "reason_missing"
    actions.dispute_task(task=task, reason="x", by=make.TEST, on=ON)
    assert refused(lambda: actions.dispute_task(task=task, reason="x", by=make.TEST, on=ON))[0] == "dispute_open"
    assert refused(lambda: decide(upheld=True, reason="x")) == ("lead_missing", "lead", 422)
    decide(upheld=True, reason="x", lead=mof)
    assert lead_on(ON) == "mof"
    assert refused(lambda: decide(upheld=False, reason="x"))[0] == "no_dispute"


def test_a_task_is_accepted_once() -> None:
    task = the_task()
    actions.accept_task(task=task, by=make.owner(), on=ON)
    assert refused(lambda: actions.accept_task(task=task, by=make.owner(), on=ON))[0] == "already_accepted"


def test_a_task_of_no_programme_is_said_so() -> None:
    task = the_task()
    Membership.objects.all().delete()
    row = TaskRow(task.key, {"vi": "x"}, "most", "2026", given=frozenset({"title"}))
    calls: list[Callable[[], object]] = [
        lambda: actions.change_task(task=task, row=row, by=make.TEST, on=ON),
        lambda: actions.copy_task(task=task, key="c", by=make.TEST, on=ON),
        lambda: actions.break_down_task(task=task, rows=[make.row()], by=make.TEST, on=ON),
        lambda: actions.split_task(task=task, rows=[make.row(), make.row()], reason="x", by=make.TEST, on=ON),
    ]
    assert [refused(each)[0] for each in calls] == ["not_found"] * 4
