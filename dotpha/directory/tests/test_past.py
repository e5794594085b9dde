"""What was known at a moment: an unchanged query answers about it, and it cannot be changed."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import DatabaseError, transaction

from dotpha.directory.models import Place
from dotpha.platform import days
from dotpha.platform.past import known_at


def place(key: str = "province-test") -> Place:
    return Place.objects.create(
        key=key,
        code="99",
        level="province",
        kind="province",
        name={"vi": "Trước"},
        short="Trước",
        path=f"{key}/",
    )


def name(key: str) -> str | None:
    row = Place.objects.filter(key=key).first()
    return row.title.text if row else None


def moment() -> datetime:
    return days.now()


@pytest.mark.django_db(transaction=True)
def test_a_changed_and_a_removed_row_are_still_answered_as_they_were() -> None:
    before = moment()
    row = place()
    made = moment()
    row.name = {"vi": "Sau"}
    row.save()
    changed = moment()
    row.delete()

    answers = []
    for at in (before, made, changed):
        with known_at(at):
            answers.append(name("province-test"))
    assert [*answers, name("province-test")] == [None, "Trước", "Sau", None]


@pytest.mark.django_db(transaction=True)
def test_the_past_cannot_be_changed() -> None:
    place()
    with pytest.raises(DatabaseError), known_at(moment()), transaction.atomic():
        Place.objects.filter(key="province-test").update(code="00")
    assert Place.objects.get(key="province-test").code == "99"


@pytest.mark.django_db(transaction=True)
def test_now_is_answered_again_after_a_look_at_the_past() -> None:
    before = moment()
    place()
    with known_at(before):
        assert name("province-test") is None
    assert name("province-test") == "Trước"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-07-31", date(2025, 7, 31)),
        ("2025-07-31T16:59:59Z", date(2025, 7, 31)),
        ("2025-07-31T17:00:00Z", date(2025, 8, 1)),
        ("2025-07-31T00:30:00+07:00", date(2025, 7, 31)),
    ],
)
def test_a_time_stands_for_its_day_in_viet_nam(text: str, day: date) -> None:
    assert days.read_as_of(text) == day
