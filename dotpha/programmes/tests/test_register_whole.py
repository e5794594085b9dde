"""A register with every column comes back as it went out, whatever its rows say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dotpha.directory.models import Post
from dotpha.documents.models import Provision
from dotpha.platform import days
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.programmes import actions, imports
from dotpha.programmes.actions import recorded
from dotpha.programmes.models import Task
from dotpha.programmes.queries.register import for_rows
from dotpha.programmes.rows import COLUMNS, REGISTER, read_row, write_row
from dotpha.programmes.task_row import Change, TaskRow
from dotpha.programmes.tests import factories as make

ASSIGNED = date(2026, 1, 5)
WORDS = st.text("aăâbcdđ0123 |\\;:>–", min_size=1, max_size=12).map(lambda said: " ".join(said.split())).filter(bool)
LINES = st.lists(WORDS, max_size=3).map("\n".join)
KEYS = st.lists(st.sampled_from(["mof", "moj", "moet"]), max_size=3, unique=True).map(tuple)
DAYS = st.dates(date(2026, 1, 5), date(2026, 9, 1))
LATER = st.dates(date(2026, 9, 2), date(2028, 1, 1))
STATED = st.builds(
    lambda text, state: {"text": text, "state": state} if state else text, WORDS, st.sampled_from(["", "draft"])
)
CHANGES = st.lists(
    st.one_of(
        st.builds(
            Change, DAYS, LATER, LINES, st.sampled_from(["extension", "resumption", "settled"]),
            st.sampled_from(["law", "other"]), DAYS, st.none() | LATER, WORDS | st.just(""), LINES,
        ),
        st.builds(Change, DAYS, st.none(), LINES, st.just("suspension"), st.just("other"), DAYS, st.none(), WORDS),
    ),
    max_size=3,
    unique_by=lambda change: (change.granted_on, change.new_due_on),
).map(lambda found: tuple(sorted(found, key=lambda change: change.granted_on)))  # fmt: skip
READINGS = st.sampled_from(
    [
        ("30/6/2026", "date", None, date(2026, 6, 30)),
        ("sớm nhất có thể", "unknown", None, None),
        ("sớm nhất có thể", "date", None, date(2026, 12, 31)),
        ("sau khi có kinh phí", "range", date(2026, 2, 1), date(2026, 12, 1)),
    ]
)


@st.composite
def rows(draw: Any, key: str) -> TaskRow:
    """A task as it is recorded, with everything that a register can say of it."""
    words, kind, start, due = draw(READINGS)
    leads = draw(KEYS)
    titles = draw(st.dictionaries(st.sampled_from(["en", "ru", "fr", "th", "ms"]), STATED, max_size=3))
    return TaskRow(
        key=key, title={**titles, "vi": draw(WORDS)}, lead="most", deadline_text=words, deadline_kind=kind,
        deadline_start_on=start, due_on=due, ordinal=draw(WORDS), provision=draw(st.sampled_from(["", "nq-57#II.1"])),
        quoted_text=draw(LINES), lead_text=draw(WORDS | st.just("")), cooperating_text=draw(WORDS | st.just("")),
        co_leads=leads, cooperating=tuple(each for each in draw(KEYS) if each not in leads), assigned_on=ASSIGNED,
        parent=draw(st.sampled_from(["", "top"])), place=draw(st.sampled_from(["", "hue"])), extensions=draw(CHANGES),
        accountable_post=draw(st.sampled_from(["", "most/Bộ trưởng"])),
        approver_post=draw(st.sampled_from(["", "mof/Thứ trưởng"])), source=draw(WORDS),
        tags=tuple(dict.fromkeys(draw(st.lists(st.sampled_from(["gấp", "vốn"]), max_size=2)))),
        verbatim=draw(st.booleans()), is_sample=draw(st.booleans()), cancel_reason=draw(WORDS | st.just("")),
    )  # fmt: skip


def cells(row: TaskRow) -> dict[str, str]:
    return dict(zip(REGISTER, write_row(row), strict=True))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows("a"))
def test_what_is_written_is_read_back(row: TaskRow) -> None:
    assert replace(read_row(cells(row)), given=row.given) == row


def test_the_columns_of_the_contract_stand_first() -> None:
    assert REGISTER[: len(COLUMNS)] == COLUMNS
    assert set(imports.HEADERS.values()) == set(REGISTER)


@pytest.fixture
def world(db: None) -> None:
    """All that the rows name."""
    bodies = {key: make.organisation(key) for key in ("most", "mof", "moj", "moet")}
    Post.objects.create(organisation=bodies["most"], title={"vi": "Bộ trưởng", "en": "Minister"})
    Post.objects.create(organisation=bodies["mof"], title={"vi": "Thứ trưởng"})
    make.place("hue")
    programme = make.programme()
    Provision.objects.create(document=programme.document, address="II.1", kind="clause", order=1)


def kept() -> dict[str, TaskRow]:
    programme = make.programme()
    return {
        task.key: recorded.row_of(task, programme.pk) for task in for_rows(Task.objects.values_list("key", flat=True))
    }


def exported() -> bytes:
    """The register as the page writes it."""
    tasks = for_rows(Task.objects.values_list("key", flat=True))
    lines = [list(REGISTER), *(write_row(recorded.register_row(task, "resolution57")) for task in tasks)]
    return "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines).encode()


def bring(data: bytes) -> imports.Result:
    programme = make.programme()
    seen = imports.preview(data, "r.csv", programme, make.TEST, days.today())
    assert seen.problems == []
    return imports.apply(seen, programme, make.TEST, days.today())


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(rows("a"), rows("b"), rows("top").map(lambda row: replace(row, parent="")))
def test_nothing_is_lost_in_an_empty_instance_and_nothing_changes_in_its_own(
    world: None, a: TaskRow, b: TaskRow, top: TaskRow
) -> None:
    """An earlier row may name a later one as the task above it."""
    with transaction.atomic():
        actions.add_tasks(programme=make.programme(), rows=[a, b, top], by=make.TEST, on=days.today())
        before, data = kept(), exported()
        events = AuditEvent.objects.count()
        result = bring(data)
        assert (result.changed, result.unchanged, AuditEvent.objects.count(), kept()) == (0, 3, events, before)
        for model in (Task.memberships, Task.assignments, Task.extensions, Task.products, Task.reports):
            model.rel.related_model.objects.all().delete()
        Task.objects.update(parent=None, is_part=False)
        Task.objects.all().delete()
        assert bring(data).accepted == 3
        assert kept() == before
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("column", "said", "code"),
    [
        ("parent", "nobody", "unknown_parent"),
        ("parent", "a", "parent_circle"),
        ("accountable_post", "most/Thợ", "unknown_post"),
        ("deadline_kind", "soon", "deadline_kind"),
        ("deadline_kind", "date", "due_missing"),
        ("due_on", "2026-13-01", "date_unreadable"),
        ("recurs_every", "often", "recurs_unknown"),
        ("marks", "secret", "mark_unknown"),
        ("tags", "x" * 41, "too_long"),
        ("title_en", "x" * 2001, "too_long"),
        ("ledger", "extension", "ledger_unreadable"),
        ("co_leads", "nobody", "unknown_organisation"),
    ],
)
def test_what_a_column_cannot_say_is_refused_by_row(world: None, column: str, said: str, code: str) -> None:
    line = cells(replace(make.row(key="a"), assigned_on=ASSIGNED)) | {column: said}
    data = ",".join(line) + "\n" + ",".join(f'"{each}"' for each in line.values())
    seen = imports.preview(data.encode(), "r.csv", make.programme(), make.TEST, days.today())
    assert [(each.row, each.code) for each in seen.problems] == [(2, code)]


def test_the_ledger_is_not_told_in_other_words(world: None) -> None:
    change = Change(date(2026, 3, 2), date(2026, 9, 30), "chờ vốn", "extension", "funding", date(2026, 3, 1))
    make.task(key="a", extensions=(change,), assigned_on=ASSIGNED)
    seen = imports.preview(
        exported().replace("chờ vốn".encode(), b"khac"), "r.csv", make.programme(), make.TEST, days.today()
    )
    assert [each.code for each in seen.problems] == ["ledger_kept"]
    with pytest.raises(Refused):
        imports.apply(seen, make.programme(), make.TEST, days.today())


def test_a_register_gives_a_task_its_posts_its_parent_and_its_co_leads(world: None) -> None:
    make.task(key="a", title="Quốc gia", assigned_on=ASSIGNED, cooperating=("mof",))
    make.task(key="top", assigned_on=ASSIGNED)
    data = (
        "key,title,lead,deadline,parent,co_leads,accountable_post\na,Quốc gia,most,30/6/2026,top,mof,most/Bộ trưởng\n"
    )
    assert bring(data.encode()).changed == 1
    row = kept()["a"]
    assert (row.parent, row.co_leads, row.cooperating, row.accountable_post) == ("top", ("mof",), (), "most/Bộ trưởng")
    circle = b"key,title,lead,deadline,parent\ntop,x,most,30/6/2026,a\n"
    seen = imports.preview(circle, "r.csv", make.programme(), make.TEST, days.today())
    assert [each.code for each in seen.problems] == ["parent_circle"]


def test_a_circle_is_one_of_the_parents_that_the_file_names(world: None) -> None:
    for key in ("a", "b", "top"):
        make.task(key=key, assigned_on=ASSIGNED)
    Task.objects.filter(key="a").update(parent=Task.objects.get(key="b"))
    turned = b"key,title,lead,deadline,parent\na,x,most,30/6/2026,top\nb,x,most,30/6/2026,a\n"
    assert bring(turned).changed == 2
    assert (kept()["a"].parent, kept()["b"].parent) == ("top", "a")


def test_a_change_of_one_post_leaves_the_other_even_if_its_name_is_borne_twice(world: None) -> None:
    make.task(key="a", assigned_on=ASSIGNED, approver_post="mof/Thứ trưởng")
    Post.objects.create(organisation=make.organisation("mof"), title={"vi": "Thứ trưởng"})
    held = Task.objects.get(key="a").approver_post_id
    bring("key,title,lead,deadline,accountable_post\na,x,most,30/6/2026,most/Bộ trưởng\n".encode())
    found = Task.objects.get(key="a")
    assert (found.approver_post_id, found.accountable_post_id is None) == (held, False)
