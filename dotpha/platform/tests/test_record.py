"""The record: append-only, sealed in order, and broken by any change."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from dotpha.platform import audit, seal
from dotpha.platform.actors import program
from dotpha.platform.models import AuditEvent, Seal
from dotpha.platform.tests.sealing import sealed

BY = program("test")


def events(number: int) -> None:
    for each in range(number):
        with transaction.atomic():
            audit.record("export.made", f"list:{each}", BY, after={"rows": each})


@pytest.mark.django_db(transaction=True)
def test_events_get_consecutive_positions_and_the_chain_holds() -> None:
    events(5)
    assert sealed() == Seal.objects.count() == AuditEvent.objects.count()
    assert list(Seal.objects.values_list("position", flat=True)) == list(range(1, Seal.objects.count() + 1))
    assert seal.verify() is None


@pytest.mark.django_db(transaction=True)
def test_sealing_again_changes_nothing() -> None:
    events(3)
    first = sealed()
    heads = list(Seal.objects.values_list("digest", flat=True))
    assert seal.seal_new() == first
    assert list(Seal.objects.values_list("digest", flat=True)) == heads


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement", ["UPDATE platform_auditevent SET reason = 'x'", "DELETE FROM platform_auditevent"]
)
def test_the_database_refuses_to_change_the_record(statement: str) -> None:
    events(1)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_a_changed_event_is_found_even_past_the_trigger() -> None:
    events(4)
    sealed()
    second = Seal.objects.get(position=2)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE platform_auditevent DISABLE TRIGGER append_only")
        cursor.execute("UPDATE platform_auditevent SET reason = 'forged' WHERE id = %s", [second.event_id])
        cursor.execute("ALTER TABLE platform_auditevent ENABLE TRIGGER append_only")
    broken = seal.verify()
    assert broken is not None
    assert (broken.position, broken.event_id) == (2, second.event_id)


@pytest.mark.django_db(transaction=True)
def test_an_event_put_in_past_the_queue_is_found() -> None:
    events(2)
    sealed()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE platform_auditevent DISABLE TRIGGER queue_event")
        events(1)
        cursor.execute("ALTER TABLE platform_auditevent ENABLE TRIGGER queue_event")
    broken = seal.verify()
    assert broken is not None
    assert broken.event_id == AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first()


@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_change_that_was_not_made_is_not_there() -> None:
    before = AuditEvent.objects.count()
    with transaction.atomic():
        audit.record("export.made", "list:1", BY)
        transaction.set_rollback(True)
    assert AuditEvent.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_an_unknown_kind_of_event_is_a_mistake_of_ours() -> None:
    with pytest.raises(RuntimeError, match="unknown kind"), transaction.atomic():
        audit.record("nobody.said", "list:1", BY)
