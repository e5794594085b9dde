"""What a number tells of itself: source, day, who approved it, definition, trust label (expectation 31)."""

from __future__ import annotations

import html
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from dotpha.documents.models import Document
from dotpha.platform import days
from dotpha.platform.actors import NOBODY
from dotpha.programmes.models import Report, Task
from dotpha.programmes.queries import about, boards
from dotpha.programmes.rules.trust import Standing, Trust, standing, trust
from dotpha.programmes.tests import factories as make

COUNT = st.integers(0, 9)
ORDER = list(Trust)


@given(COUNT, COUNT, COUNT, COUNT, COUNT)
def test_the_weakest_part_names_a_count(accepted: int, entered: int, waiting: int, unchecked: int, more: int) -> None:
    """Whatever comes to it that nobody has approved never makes a label stronger."""
    done = accepted + entered
    label = trust(Standing(done, accepted, waiting, unchecked))
    for weaker in (
        Standing(done + more, accepted, waiting, unchecked),
        Standing(done, accepted, waiting + more, unchecked),
        Standing(done, accepted, waiting, unchecked + more),
    ):
        assert ORDER.index(trust(weaker)) <= ORDER.index(label)
    assert trust(Standing(accepted, accepted)) == Trust.APPROVED
    assert (label == Trust.APPROVED) is not any((entered, waiting, unchecked))


@given(st.dictionaries(st.sampled_from(["overdue", "done_on_time", "done_late"]), st.tuples(COUNT, COUNT, COUNT)))
def test_a_count_of_some_states_stands_on_these_alone(found: dict[str, tuple[int, int, int]]) -> None:
    flags = {
        state: {"n": n + accepted, "accepted": accepted, "waiting": waiting, "unchecked": 0}
        for state, (n, accepted, waiting) in found.items()
    }
    whole = standing(flags)
    parts = [standing(flags, [state]) for state in flags]
    assert whole.done == sum(each.done for each in parts)
    assert whole.entered == sum(each.entered for each in parts)
    assert whole.waiting == sum(each.waiting for each in parts)
    assert standing(flags, ["overdue"]).done == 0


def finished(key: str, *, approved: bool) -> None:
    """A task that is done, by an approved report or only by an entry in the register."""
    task = make.task(key=key, deadline_text="31/12/2025", assigned_on=date(2025, 3, 1))
    Task.objects.filter(pk=task.pk).update(completed_on=date(2025, 12, 1))
    if approved:
        now = days.now()
        Report.objects.create(
            task=task, percent=100, completed_on=date(2025, 12, 1), reported_on=date(2025, 12, 1), drafted_at=now,
            submitted_at=now, approved_at=now, approved_by=make.person("approver"),
        )  # fmt: skip


@pytest.mark.django_db
@translation.override("en")
def test_what_is_said_of_a_count() -> None:
    finished("one", approved=True)
    programme, on = make.programme(), days.today()
    rows = boards.of_programme(make.TEST, on, programme)
    said = about.of_tasks(make.TEST, rows, on, programme)
    assert said.label == "derived by rule from approved entries"
    assert said.approved[0] == "The count is derived by rule; nobody approves it by hand."
    assert said.approved[1].startswith("The programme was published by test on ")
    assert said.approved[2] == "1 completion was accepted by Người approver."
    public = about.of_tasks(NOBODY, boards.of_programme(NOBODY, on, programme), on, programme)
    assert public.approved[2] == "1 completion was accepted by another person than its author."
    assert "by test" not in " ".join(public.approved)
    finished("two", approved=False)
    assert "1 completion was entered in the register" in about.of_tasks(make.TEST, rows.all(), on, programme).label


@pytest.mark.django_db
@translation.override("en")
def test_a_report_that_waits_is_said_to_staff_and_not_to_the_public() -> None:
    task = make.task(key="one", deadline_text="31/12/2035", assigned_on=date(2025, 3, 1))
    Report.objects.create(
        task=task, percent=50, reported_on=days.today(), drafted_at=days.now(), submitted_at=days.now()
    )
    programme, on = make.programme(), days.today()
    labels = [
        about.of_tasks(by, boards.of_programme(by, on, programme), on, programme).label for by in (make.TEST, NOBODY)
    ]
    assert "1 report is not approved yet" in labels[0]
    assert labels[1] == "derived by rule from approved entries"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("checked", "label"),
    [(True, "printed in a document, checked by a second person"), (False, "that no second person has checked")],
)
def test_targets_are_printed_in_a_document(checked: bool, label: str) -> None:
    programme = make.programme()
    if checked:
        Document.objects.update(verified_at=days.now(), verified_by="second")
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.person("office", locale="en"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    shown = html.unescape(client.get(f"/desk/programmes/{programme.key}/targets/").content.decode())
    for words in ("Source", "Facts of the day", "Approved by", "Definition", "Trust", label):
        assert words in shown
