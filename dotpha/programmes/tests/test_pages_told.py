"""What pages tell beside the facts: dates that moved, the way to a task held up, whom a conflict is with."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from dotpha.platform import days, numbers
from dotpha.programmes import actions
from dotpha.programmes.forms.acts import AssignForm
from dotpha.programmes.models import Programme
from dotpha.programmes.queries import lists, one
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_pages_task import of, page, sent

pytestmark = pytest.mark.django_db
ASSIGNED = date(2025, 3, 1)


def test_the_public_reads_how_a_due_date_moved_and_not_what_was_written_to_ask_for_it() -> None:
    today = days.today()
    task = make.task(key="nq-1", deadline_text="31/12/2025", assigned_on=ASSIGNED, source="03/NQ-CP, annex II, item 8")
    before = page(Client(), "/en/tasks/nq-1/")
    assert "How the due date moved" not in before
    asked = actions.request_extension(
        task=task, new_due_on=date(2031, 1, 1), reason="Chờ ông A", reason_kind="law", by=make.owner(), on=today
    )
    actions.grant_extension(extension=asked, by=make.office(), on=today)
    text = page(Client(), "/en/tasks/nq-1/")
    moved = f"extended to {numbers.day(date(2031, 1, 1), 'en')}"
    first = f"originally {numbers.day(date(2025, 12, 31), 'en')} (“31/12/2025”)"
    for said in (moved, first, "institution or law"):
        assert said in text
    assert f'<dd class="num">{(today - date(2025, 12, 31)).days - 1}</dd>' in text  # today counts under the new date
    assert 'href="/en/programmes/resolution57/"' in text
    assert "Annex II, item 8" in text
    assert "Chờ ông A" not in text


def test_a_dash_is_read_as_no_deadline() -> None:
    task = make.task(key="nq-1", deadline_text="–", assigned_on=ASSIGNED)
    text = page(of("office"), f"/desk/tasks/{task.key}/")
    assert "the document gives no deadline" in text
    assert "“–”" not in text


@pytest.mark.parametrize("published", [True, False])
def test_who_is_asked_opens_the_task_that_is_held_up_where_it_is_public(published: bool) -> None:
    task, body = make.task(key="nq-1", assigned_on=ASSIGNED), make.organisation("mof")
    if not published:
        Programme.objects.update(published_at=None, published_by="")
    held = actions.raise_blocker(task=task, kind="law", text="Chờ", asks_of=body, by=make.owner(), on=days.today())
    text = page(of("focal_point", body.scope), f"/desk/blockers/{held.pk}/")
    assert ('href="/desk/tasks/nq-1/"' in text) is published


@pytest.mark.parametrize("published", [True, False])
def test_another_lead_of_a_published_task_asks_for_reason_and_document(published: bool) -> None:
    make.task(key="nq-1", assigned_on=ASSIGNED)
    if not published:
        Programme.objects.update(published_at=None, published_by="")
    form = AssignForm(card=one.card(make.office(), "nq-1", days.today()))
    assert [form.fields[name].required for name in ("reason", "document")] == [published, published]


def test_other_tasks_of_the_programme_are_proposed_within_the_reach_of_the_reader() -> None:
    task = make.task(key="nq-1", assigned_on=ASSIGNED)
    make.task(key="nq-2", title="Việc bên cạnh", assigned_on=ASSIGNED)
    make.task(key="moh-1", lead="moh", assigned_on=ASSIGNED)
    make.task(key="far-1", within=make.programme("far"), assigned_on=ASSIGNED)
    assert '<option value="nq-2">nq-2 – Việc bên cạnh</option>' in page(of("office"), "/desk/tasks/nq-1/acts/needs/")
    assert [each.key for each in lists.beside(task, make.office(), days.today())] == ["moh-1", "nq-2"]
    assert [each.key for each in lists.beside(task, make.owner(), days.today())] == ["nq-2"]


def test_a_conflict_names_who_changed_the_card() -> None:
    task = make.task(key="nq-1", assigned_on=ASSIGNED, deadline_text="31/12/2030")
    first, second = of("office"), of("office")
    data = {"title": "Việc", "deadline": "31/12/2030", "reason": "Sửa", "document": "71/NQ-CP", "version": task.version}
    sent(first, "/desk/tasks/nq-1/edit/", {**data, "tags": "một"})
    text = sent(second, "/desk/tasks/nq-1/edit/", {**data, "tags": "hai"}, 409).content.decode()
    assert "Last change: " in text


def test_the_page_of_a_programme_offers_to_add_tasks_to_those_who_may() -> None:
    make.task(assigned_on=ASSIGNED)
    for role, offered in (("office", True), ("leader", False)):
        text = page(of(role), "/desk/programmes/resolution57/")
        assert ("/desk/tasks/add/?programme=resolution57" in text) is offered
        assert ("/desk/tasks/import/?programme=resolution57" in text) is offered


@pytest.mark.parametrize(("parameter", "heading"), [("as_of", "This day"), ("known_at", "This time")])
def test_a_day_that_cannot_be_read_is_said_in_the_form_of_the_reader(parameter: str, heading: str) -> None:
    text = page(of("office"), f"/desk/tasks/?{parameter}=abc", 422)
    assert f"<h1>{heading} cannot be read</h1>" in text


def test_what_waits_for_a_decision_is_counted_on_the_first_screen_of_the_leader() -> None:
    task, today = make.task(key="nq-1", deadline_text="31/12/2030", assigned_on=ASSIGNED), days.today()
    actions.request_extension(task=task, new_due_on=date(2031, 1, 1), reason="Chờ", by=make.owner(), on=today)
    text = page(of("leader"), "/desk/leader/")
    assert ">1 extension waits for a decision<" in text
    assert ">0 blockers are open<" in text
