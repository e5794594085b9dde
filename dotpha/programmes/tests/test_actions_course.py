"""The course of tasks: cancel, reopen, merge, split, copy, move, break down, depend; many at once and back again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dotpha.platform.models import AuditEvent
from dotpha.programmes import actions
from dotpha.programmes.actions import BulkChange, undoing
from dotpha.programmes.models import Dependency, Membership, Occurrence, Programme, Step, Target, Task
from dotpha.programmes.queries import tasks
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)
ONE = timedelta(days=1)


def the_task(key: str = "nq-1", **values: Any) -> Task:
    return make.task(on=ON, key=key, **values)


def states(on: date = ON) -> dict[str, str]:
    return dict(tasks.visible(make.TEST, on).values_list("key", "state"))


# --- ending and beginning again -------------------------------------------------------------------


def test_a_cancelled_task_leaves_from_that_day_and_comes_back_reopened() -> None:
    task = the_task()
    assert refused(lambda: actions.cancel_task(task=task, reason=" ", by=make.office(), on=ON))[0] == "reason_missing"
    actions.cancel_task(task=task, reason="trùng", by=make.office(), on=ON)
    assert (states(ON - ONE), states()) == ({"nq-1": "not_started"}, {"nq-1": "cancelled"})
    assert refused(lambda: actions.reopen_task(task=task, reason=" ", by=make.office(), on=ON))[0] == "reason_missing"
    actions.reopen_task(task=task, reason="nhầm", by=make.actor("inspector"), on=ON)
    assert states() == {"nq-1": "not_started"}
    assert [each.kind for each in Step.objects.all()] == ["cancelled", "reopened"]
    assert refused(lambda: actions.reopen_task(task=task, reason="x", by=make.office(), on=ON))[0] == "not_closed"


def test_merged_tasks_keep_the_link_both_ways() -> None:
    one, other = the_task("a"), the_task("b")
    merge = lambda task, into, **f: actions.merge_tasks(  # noqa: E731
        task=task, into=into, by=make.office(), on=ON, **{"reason": "trùng", **f}
    )
    assert refused(lambda: merge(one, one)) == ("same_task", "into", 422)
    assert refused(lambda: merge(one, other, reason=" "))[0] == "reason_missing"
    merge(one, other)
    assert states() == {"a": "cancelled", "b": "not_started"}
    assert {(each.task.key, each.other and each.other.key) for each in Step.objects.all()} == {("a", "b"), ("b", "a")}


def test_a_split_puts_several_in_the_place_of_one() -> None:
    programme = make.programme()
    actions.add_group(programme=programme, key="g1", title={"vi": "Nhóm"}, order=1, by=make.TEST)
    task = the_task(group="g1")
    split = lambda rows, reason="rộng": actions.split_task(  # noqa: E731
        task=task, rows=rows, reason=reason, by=make.office(), on=ON
    )
    assert refused(lambda: split([make.row()])) == ("too_few", "rows", 422)
    assert refused(lambda: split([make.row(), make.row()], " "))[0] == "reason_missing"
    assert refused(lambda: split([make.row(key="x"), make.row(key="nq-1")]))[0] == "key_taken"
    made = split([make.row(key="x"), make.row(key="y")])
    assert [(each.key, each.assigned_on) for each in made] == [("x", ON), ("y", ON)]
    assert set(Membership.objects.values_list("group__key", flat=True)) == {"g1"}
    assert states() == {"nq-1": "cancelled", "x": "not_started", "y": "not_started"}


def test_a_copy_has_the_words_and_nothing_that_happened() -> None:
    task = the_task(
        products=("Đề án",), cooperating=("mof",), percent=60, lead_text="Bộ KH&CN", deadline_text="Quý IV/2026"
    )
    copy = actions.copy_task(task=task, key="c", by=make.office(), on=ON)
    said = (
        copy.heading.text,
        copy.lead_text,
        copy.deadline_text,
        copy.original_due_on,
        copy.started_on,
        copy.assigned_on,
    )
    assert said == (task.heading.text, "Bộ KH&CN", "Quý IV/2026", date(2026, 12, 31), None, ON)
    parts = sorted(copy.assignments.values_list("part", "organisation__key"))
    assert parts == [("cooperating", "mof"), ("lead", "most")]
    assert (copy.reports.count(), copy.products.get().text) == (0, "Đề án")


def test_a_copy_of_a_part_or_of_a_cancelled_task_is_an_ordinary_open_one() -> None:
    (task, _members), office = collective(), make.office()
    part = actions.spread_task(task=task, by=office, on=ON)[0]
    actions.cancel_task(task=part, reason="Trùng", document="1/QĐ", by=office, on=ON)
    copy = actions.copy_task(task=part, key="c", by=office, on=ON)
    assert (copy.is_part, copy.parent, copy.cancel_reason, copy.cancelled_on) == (False, None, "", None)


def test_a_copy_into_another_programme_leaves_a_group_of_the_first_behind() -> None:
    actions.add_group(programme=make.programme(), key="g1", title={"vi": "Nhóm"}, order=1, by=make.TEST)
    other = make.programme("other")
    copy = actions.copy_task(task=the_task(group="g1"), key="c", programme=other, by=make.office(), on=ON)
    assert [(each.programme, each.group) for each in copy.memberships.all()] == [(other, None)]


# --- programmes that hold a task ------------------------------------------------------------------


def test_a_task_serves_several_programmes_and_counts_once() -> None:
    task, other = the_task(), make.programme("other")
    group = actions.add_group(programme=other, key="g1", title={"vi": "Nhóm"}, order=1, by=make.TEST)
    actions.move_task(task=task, programme=other, group=group, ordinal="3.a", by=make.office(), on=ON)
    held = set(Membership.objects.values_list("programme__key", "group__key", "ordinal"))
    assert held == {("resolution57", None, ""), ("other", "g1", "3.a")}
    assert tasks.visible(make.TEST, ON).count() == 1
    wrong = lambda: actions.move_task(task=task, programme=make.programme(), group=group, by=make.office(), on=ON)  # noqa: E731
    assert refused(wrong) == ("unknown_group", "group", 422)


def test_a_programme_does_not_draw_in_what_is_not_its_own() -> None:
    """Else whoever holds one programme could take rights over any task by moving it there."""
    task, other = the_task(), make.programme("other")
    foreign = make.actor("office", "programme/other/")
    assert refused(lambda: actions.move_task(task=task, programme=other, by=foreign, on=ON))[2] == 403
    assert Membership.objects.get().programme.key == "resolution57"
    its_lead = make.person("focal_point", make.organisation("most").scope)
    its_lead.grants.create(role="focal_point", scope="programme/other/", from_on=make.DAY, granted_by="test")
    actions.move_task(task=task, programme=other, by=its_lead.actor(), on=ON)
    assert Membership.objects.count() == 2


def test_a_lead_divides_its_work_in_the_same_programme() -> None:
    task, other = the_task(), make.programme("other")
    lead = make.actor("focal_point", make.organisation("most").scope)
    [child] = actions.break_down_task(task=task, rows=[make.row(key="c")], by=lead, on=ON)
    assert (child.parent, child.verbatim, child.assigned_on, child.memberships.get().programme.key) == (
        task, False, ON, "resolution57",
    )  # fmt: skip
    taken = lambda: actions.break_down_task(task=task, rows=[make.row(key="c")], by=lead, on=ON)  # noqa: E731
    assert refused(taken) == ("key_taken", "key", 409)
    into_other = lambda: actions.break_down_task(  # noqa: E731
        task=task, rows=[make.row(key="d")], programme=other, by=lead, on=ON
    )
    assert refused(into_other)[2] == 403
    by_office = actions.break_down_task(task=task, rows=[make.row(key="d")], programme=other, by=make.office(), on=ON)
    assert by_office[0].memberships.get().programme == other


# --- dependencies ---------------------------------------------------------------------------------


def test_circles_of_dependencies_are_refused_with_their_way() -> None:
    a, b, c = (the_task(key) for key in "abc")
    need = lambda task, needs, **f: actions.add_dependency(task=task, needs=needs, by=make.office(), on=ON, **f)  # noqa: E731
    need(a, b)
    need(b, c)
    assert refused(lambda: need(c, a)) == ("dependency_cycle", "needs", 422)
    assert refused(lambda: need(a, a))[0] == "dependency_cycle"
    assert refused(lambda: need(a, b)) == ("dependency_there", "needs", 409)
    assert refused(lambda: need(a, c, kind="wish"))[0] == "dependency_kind"
    actions.end_dependency(dependency=Dependency.objects.get(task=b), by=make.office(), on=ON)
    assert need(c, a).needs == a


# --- collective and recurring tasks ---------------------------------------------------------------


def collective() -> tuple[Task, list[Any]]:
    group = make.organisation("all-ministries", kind="group", member_kinds=["ministry"])
    members = [make.organisation(key) for key in ("moet", "moh")]
    return the_task(lead=group.key), members


def test_a_collective_is_spread_over_its_members_once() -> None:
    task, (moet, moh) = collective()
    office = make.office()
    made = actions.spread_task(task=task, by=office, on=ON)
    assert sorted((each.key, each.is_part) for each in made) == [("nq-1-moet", True), ("nq-1-moh", True)]
    assert actions.spread_task(task=task, by=office, on=ON) == []
    [more] = actions.spread_task(task=task, members=[moet, moh, make.organisation("mof")], by=office, on=ON)
    assert (more.key, more.parent, more.original_due_on) == ("nq-1-mof", task, task.original_due_on)
    assert refused(lambda: actions.spread_task(task=more, members=[moh], by=office, on=ON))[0] == "part_of_whole"


def test_only_members_of_the_day_take_part() -> None:
    task, (moet, _moh) = collective()
    type(moet).objects.filter(pk=moet.pk).update(valid_to=ON - ONE)
    assert [each.key for each in actions.spread_task(task=task, by=make.office(), on=ON)] == ["nq-1-moh"]


def test_a_task_of_one_agency_has_no_members() -> None:
    task = the_task()
    assert refused(lambda: actions.spread_task(task=task, by=make.office(), on=ON)) == ("no_members", "members", 422)


def rounds(task: Task, first: date, last: date, **facts: Any) -> list[str]:
    made = actions.make_occurrences(task=task, first_day=first, last_day=last, by=make.office(), on=ON, **facts)
    return [each.period for each in made]


def test_rounds_are_added_once_and_never_before_the_task() -> None:
    task = the_task(deadline_text="hằng quý", assigned_on=date(2025, 5, 15))
    year = date(2025, 1, 1), date(2025, 12, 31)
    assert rounds(task, *year) == ["2025-Q2", "2025-Q3", "2025-Q4"]
    assert rounds(task, *year) == []
    assert rounds(task, date(2024, 1, 1), date(2024, 12, 31)) == []
    assert AuditEvent.objects.filter(kind="task.occurrence_added").count() == 1
    assert Occurrence.objects.filter(due_on=date(2025, 6, 30)).count() == 1


def test_which_rounds_are_refused() -> None:
    task = the_task(deadline_text="hằng quý")
    assert refused(lambda: rounds(task, date(2026, 6, 30), ON)) == ("days_out_of_order", "until", 422)
    assert refused(lambda: rounds(task, ON, ON, every="week")) == ("frequency_unknown", "every", 422)
    dated = the_task("nq-2")
    assert refused(lambda: rounds(dated, ON, ON))[0] == "not_a_series"


def test_a_continuous_task_is_reported_as_its_programme_reports() -> None:
    task = the_task(deadline_text="thường xuyên")
    assert refused(lambda: rounds(task, ON, ON))[0] == "frequency_unknown"
    Programme.objects.update(report_every="month")
    assert rounds(task, ON, date(2026, 7, 31), grace_days=5) == ["2026-06", "2026-07"]
    assert Occurrence.objects.first().due_on == date(2026, 7, 5)  # type: ignore[union-attr]


# --- many at once ---------------------------------------------------------------------------------


def bulk(many: list[Task], change: BulkChange, by: Any = None, **facts: Any) -> dict[str, str]:
    outcomes = actions.bulk_change(tasks=many, change=change, by=by or make.office(), on=ON, **facts)
    return {each.task.key: each.refusal.code if each.refusal else "" for each in outcomes}


def test_one_refused_holds_up_no_other() -> None:
    many = [the_task("b"), the_task("a"), the_task("c", completed_on=ON)]
    assert bulk(many, BulkChange("cancel", reason="hết")) == {"a": "", "b": "", "c": "task_closed"}
    assert states() == {"a": "cancelled", "b": "cancelled", "c": "done_on_time"}


def test_a_preview_keeps_nothing() -> None:
    task, before = the_task(), AuditEvent.objects.count()
    assert bulk([task], BulkChange("cancel", reason="hết"), preview=True) == {"nq-1": ""}
    assert (states(), AuditEvent.objects.count()) == ({"nq-1": "not_started"}, before)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (BulkChange("group"), "unknown_group"),
        (BulkChange("move"), "unknown_programme"),
        (BulkChange("lead", lead="nobody"), "unknown_organisation"),
        (BulkChange("lead", lead="most"), "same_lead"),
        (BulkChange("lead", lead="mof", reason="x"), "document_missing"),
        (BulkChange("cancel"), "reason_missing"),
    ],
)
def test_what_a_change_of_many_lacks_is_said_for_each(change: BulkChange, code: str) -> None:
    make.organisation("mof")
    assert bulk([the_task()], change) == {"nq-1": code}


def test_an_unknown_verb_is_refused_whole() -> None:
    assert refused(lambda: bulk([], BulkChange("delete"))) == ("verb_unknown", "verb", 422)
    undo = lambda: undoing.undo_bulk_change(change=BulkChange("delete"), was={}, by=make.office(), on=ON)  # noqa: E731
    assert refused(undo) == ("cannot_undo", None, 409)


def test_copies_get_free_keys() -> None:
    task = the_task()
    assert bulk([task], BulkChange("copy")) == {"nq-1": ""}
    bulk([task], BulkChange("copy"))
    assert sorted(Task.objects.values_list("key", flat=True)) == ["nq-1", "nq-1-2", "nq-1-3"]


def test_the_key_of_a_copy_is_found_in_as_many_queries_after_many_copies() -> None:
    task = the_task()

    def queries() -> int:
        with CaptureQueriesContext(connection) as held:
            bulk([task], BulkChange("copy"))
        return len(held)

    queries()
    first = queries()
    for _more in range(4):
        queries()
    assert queries() == first


def test_moving_many_into_another_programme() -> None:
    other = make.programme("other")
    assert bulk([the_task()], BulkChange("move", programme=other)) == {"nq-1": ""}
    assert Membership.objects.filter(programme=other).count() == 1


@pytest.mark.parametrize("verb", undoing.UNDOABLE)
def test_a_change_of_many_is_taken_back_and_both_stay_on_record(verb: str) -> None:
    make.organisation("mof")
    programme = make.programme()
    rows = [actions.GroupRow(key, {"vi": key}, n) for n, key in enumerate(("g1", "g2"), start=1)]
    second = actions.add_groups(programme=programme, rows=rows, by=make.TEST)[1]
    task = the_task(group="g1", tags=("cũ",))
    change = BulkChange(
        verb, lead="mof", tags=("gấp",), programme=make.programme("other"), group=None if verb == "move" else second,
        reason="x", document="12/NQ-CP",
    )  # fmt: skip
    before = told(task)
    outcomes = actions.bulk_change(tasks=[task], change=change, by=make.office(), on=ON)
    assert told(task) != before
    was = undoing.changed(outcomes)
    outcomes = undoing.undo_bulk_change(change=change, was=was, by=make.office(), on=ON)
    assert ([each.refusal for each in outcomes], told(task)) == ([None], before)


def told(task: Task) -> tuple[Any, ...]:
    task = Task.objects.get(pk=task.pk)
    lead = task.assignments.get(part="lead", until_on=None).organisation.key
    held = list(task.memberships.order_by("pk").values_list("programme__key", "group__key"))
    copies = Task.objects.filter(key__startswith=f"{task.key}-", cancelled_on=None).count()
    return lead, task.tags, held, task.cancelled_on, copies


def undone(change: BulkChange, since: Callable[[Task], object], task: Task) -> str:
    """Change, let something happen to the task or its copy, take the change back: the refusal of that."""
    [outcome] = actions.bulk_change(tasks=[task], change=change, by=make.office(), on=ON)
    since(outcome.made or task)
    was = undoing.changed([outcome])
    [outcome] = undoing.undo_bulk_change(change=change, was=was, by=make.office(), on=ON)
    return outcome.refusal.code if outcome.refusal else ""


def test_a_task_that_is_where_it_is_to_go_stays_in_its_group() -> None:
    programme = make.programme()
    actions.add_groups(programme=programme, rows=[actions.GroupRow("g1", {"vi": "g1"}, 1)], by=make.TEST)
    assert bulk([the_task(group="g1")], BulkChange("move", programme=programme)) == {"nq-1": "nothing_different"}
    assert [each.group.key for each in Membership.objects.select_related("group") if each.group] == ["g1"]


def test_a_move_or_copy_on_which_somebody_has_built_is_not_taken_back() -> None:
    task, other = the_task(), make.programme("other")
    rows = [actions.GroupRow("g1", {"vi": "g1"}, 1)]
    [group] = actions.add_groups(programme=other, rows=rows, by=make.TEST)

    def moved_on(moved: Task) -> None:
        actions.move_task(task=moved, programme=other, group=group, by=make.TEST, on=ON)

    def reported(copy: Task) -> None:
        row = actions.ReportRow(percent=10, summary="Đã làm")
        actions.draft_report(task=copy, row=row, by=make.owner(), on=ON)

    assert undone(BulkChange("move", programme=other), moved_on, task) == "changed_since"
    assert undone(BulkChange("copy", programme=other), reported, task) == "changed_since"
    assert undone(BulkChange("copy", programme=other), lambda copy: None, task) == ""
    assert [states()[key] for key in ("nq-1", "nq-1-2", "nq-1-3")] == ["not_started", "not_started", "cancelled"]
    assert refused(lambda: actions.cancel_copy(task=task, by=make.TEST, on=ON))[0] == "not_a_copy"


def test_the_last_programme_keeps_its_task() -> None:
    task, first = the_task(), make.programme()
    leave = lambda where: actions.leave_programme(task=task, programme=where, by=make.TEST, on=ON)  # noqa: E731
    assert refused(lambda: leave(first)) == ("last_programme", "programme", 409)
    other = make.programme("other")
    assert refused(lambda: leave(other)) == ("not_in_programme", "programme", 409)
    actions.move_task(task=task, programme=other, by=make.TEST, on=ON)
    leave(other)
    assert [each.programme.key for each in task.memberships.select_related("programme")] == ["resolution57"]


def test_what_has_moved_on_is_not_taken_back() -> None:
    task = the_task()
    change = BulkChange("cancel", reason="x")
    was = undoing.changed(actions.bulk_change(tasks=[task], change=change, by=make.office(), on=ON))
    actions.reopen_task(task=task, reason="x", by=make.office(), on=ON)
    [outcome] = undoing.undo_bulk_change(change=change, was=was, by=make.office(), on=ON)
    assert (outcome.is_changed, outcome.refusal and outcome.refusal.code) == (False, "changed_since")


# --- programmes -----------------------------------------------------------------------------------


def add(key: str = "plan-1", **facts: Any) -> Programme:
    values = {"title": {"vi": "Kế hoạch"}, "document": make.document(), **facts}
    return actions.add_programme(key=key, by=make.office(), **values)


def test_which_programme_is_refused() -> None:
    add()
    assert refused(lambda: add()) == ("key_taken", "key", 409)
    assert refused(lambda: add("có dấu")) == ("key_unreadable", "key", 422)
    assert refused(lambda: add("x" * 81))[0] == "key_unreadable"
    assert refused(lambda: add("p", title={"vi": " "})) == ("title_missing", "title", 422)
    assert refused(lambda: add("p", from_on=ON, until_on=ON - ONE)) == ("period", "until_on", 422)
    assert Programme.objects.count() == 1


def test_a_programme_changes_only_what_may_change() -> None:
    programme = add()
    change = lambda changes, **f: actions.change_programme(  # noqa: E731
        programme=programme, changes=changes, by=make.office(), **f
    )
    assert change({"key": "other", "report_every": ""}).version == 1
    changed = change({"title": {"vi": "Hai"}, "until_on": date(2030, 12, 31)}, version=1)
    assert (changed.key, changed.heading.text, changed.version) == ("plan-1", "Hai", 2)
    assert refused(lambda: change({"title": {"vi": "Ba"}}, version=1)) == ("changed_meanwhile", "version", 409)
    assert refused(lambda: change({"title": {"vi": ""}}))[0] == "title_missing"


def test_publishing_twice_is_publishing_once() -> None:
    programme = make.programme("p", published=False)
    office = make.office()
    first = actions.publish_programme(programme=programme, by=office)
    again = actions.publish_programme(programme=programme, by=office)
    assert (first.published_at, again.version) == (again.published_at, 2)
    assert AuditEvent.objects.filter(kind="programme.published").count() == 1


def test_group_keys_are_unique_in_their_programme() -> None:
    one, other = make.programme(), make.programme("other")
    row = actions.GroupRow("g1", {"vi": "Nhóm"}, 1)
    put = lambda programme, rows: actions.add_groups(programme=programme, rows=rows, by=make.TEST)  # noqa: E731
    put(one, [row])
    put(other, [row])
    assert refused(lambda: put(one, [row])) == ("key_taken", "key", 409)
    assert refused(lambda: put(one, [actions.GroupRow("g2", {"vi": "x"}, 2)] * 2))[0] == "key_taken"
    assert refused(lambda: put(one, [actions.GroupRow("g3", {"vi": " "}, 2)]))[0] == "title_missing"


def target(key: str, **facts: Any) -> actions.TargetRow:
    return actions.TargetRow(**{"key": key, "title": {"vi": "Mục tiêu"}, "year": 2030, "order": 1, **facts})


def test_targets_stand_under_each_other_in_any_order() -> None:
    owner = make.organisation("most")
    rows = [target("b", parent="a"), target("a", owner="most")]
    actions.add_targets(programme=make.programme(), rows=rows, by=make.TEST)
    assert Target.objects.get(key="b").parent == Target.objects.get(owner=owner)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([target("t", year=0)], ("year_missing", "year", 422)),
        ([target("t", owner="nobody")], ("unknown_organisation", "owner", 422)),
        ([target("t", parent="none")], ("unknown_parent", "parent", 422)),
        ([target("t"), target("t")], ("key_taken", "key", 409)),
        ([target("there")], ("key_taken", "key", 409)),
        ([target("có dấu")], ("key_unreadable", "key", 422)),
    ],
)
def test_which_targets_are_refused(rows: list[actions.TargetRow], expected: tuple[str, str, int]) -> None:
    programme = make.programme()
    actions.add_targets(programme=programme, rows=[target("there")], by=make.TEST)
    assert refused(lambda: actions.add_targets(programme=programme, rows=rows, by=make.TEST)) == expected
    assert Target.objects.count() == 1


def test_a_task_added_under_one_stands_in_its_group() -> None:
    """Else the counts of the groups no longer add up to that of the programme."""
    actions.add_group(programme=make.programme(), key="g1", title={"vi": "Hạ tầng"}, order=1, by=make.office())
    task = make.task(group="g1")
    [child] = actions.break_down_task(task=task, rows=[make.row()], by=make.office(), on=ON)
    held = child.memberships.get().group
    assert held is not None
    assert held.key == "g1"
