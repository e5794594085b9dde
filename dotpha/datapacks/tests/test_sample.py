"""The synthetic load: realistic in shape, marked everywhere, and gone without a trace but its events."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.db import connection

from dotpha.datapacks import sample
from dotpha.directory.actions import add_organisations
from dotpha.directory.rows import OrganisationRow
from dotpha.documents.actions import add_documents
from dotpha.documents.rows import DocumentRow
from dotpha.platform import days
from dotpha.platform.actors import program
from dotpha.platform.refusals import Refused
from dotpha.programmes.models import Task
from dotpha.programmes.queries import tasks
from dotpha.programmes.rules.deadlines import parse

pytestmark = pytest.mark.django_db
TEST = program("test")


@pytest.fixture
def directory() -> None:
    bodies = [OrganisationRow(key=f"ministry-{n}", name={"vi": f"Bộ {n}"}, kind="ministry") for n in range(5)]
    add_organisations(rows=bodies, by=TEST)
    root = DocumentRow(
        key="nq-57", number="57-NQ/TW", kind="resolution", title={"vi": "x"}, signed_on=date(2024, 12, 22)
    )
    add_documents(rows=[root], by=TEST)


def rows() -> dict[str, int]:
    """How many rows each table holds, kept pasts included, without the record."""
    names = [
        each._meta.db_table for each in apps.get_models() if each._meta.app_label not in ("platform", "procrastinate")
    ]
    counted = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'past.' || tablename FROM pg_tables WHERE schemaname = 'past'")
        for name in [*names, *(each for (each,) in cursor.fetchall())]:
            cursor.execute(f"SELECT count(*) FROM {name}")
            counted[name] = cursor.fetchone()[0]
    return counted


@pytest.mark.usefixtures("directory")
def test_a_sample_comes_marked_and_goes_whole() -> None:
    before = rows()
    assert sample.load_sample("small", TEST) == Task.objects.filter(is_sample=True).count() == 140
    assert all(each.title["vi"].startswith("(Mẫu)") for each in Task.objects.all())
    with pytest.raises(Refused):
        sample.load_sample("small", TEST)
    assert sample.drop_sample(TEST) == 140
    assert rows() == before


@pytest.mark.usefixtures("directory")
def test_a_sample_has_every_state_and_no_wording_that_is_read_otherwise_elsewhere() -> None:
    sample.load_sample("small", TEST)
    today = days.today()
    assert set(tasks.with_state(tasks.assigned(today), today).values_list("state", flat=True)) >= {
        "not_started", "in_progress", "overdue", "done_on_time", "done_late",
    }  # fmt: skip
    for each in Task.objects.all():
        said = parse(each.deadline_text, each.assigned_on)
        assert (str(said.kind), said.due) == (each.deadline_kind, each.original_due_on), each.deadline_text
