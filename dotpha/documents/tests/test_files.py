"""Files of a document: kept with their digest, served to who may read the document, taken away with a reason (B7)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from dotpha.documents import actions, queries
from dotpha.documents.models import Attachment
from dotpha.documents.tests.test_actions import LATER, TEST, actor, attach, document, events, refused
from dotpha.platform import files, past
from dotpha.platform.actors import NOBODY, Actor
from dotpha.platform.days import now
from dotpha.platform.models import StoredFile
from dotpha.platform.tests import refusals

pytestmark = pytest.mark.django_db
DATA = b"%PDF-1.7 original"


def test_a_file_is_kept_with_its_digest_and_where_it_came_from() -> None:
    by = actor("office")
    held = document()
    made = attach(held, DATA, by=by, source="Công báo\u200f", obtained_on=LATER)
    stored = made.file
    digest = hashlib.sha256(DATA).hexdigest()
    assert (stored.sha256, stored.size, stored.added_by, stored.subject) == (
        digest, len(DATA), by.key, "document_file:nq-57#1",
    )  # fmt: skip
    assert (made.number, made.source, made.obtained_on) == (1, "Công báo", LATER)
    assert files.open_stored(stored).read() == DATA
    after = {"file": 1, "name": "57-nq-tw.pdf", "sha256": digest, "obtained_on": "2025-01-01"}
    assert events("document.filed") == [("document:nq-57", by.key, "office", {}, after, "")]


def test_the_same_file_is_attached_once_and_again_after_it_was_taken_away() -> None:
    held = document()
    first = attach(held)
    assert refused(lambda: attach(held)) == ("file_attached", "file", 409)
    actions.detach_file(attachment=first, reason="Bản mờ", by=TEST)
    assert attach(held).number == 2


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"obtained_on": LATER + timedelta(days=1)}, ("obtained_in_future", "obtained_on", 422)),
        ({"source": "x" * 301}, ("too_long", "source", 422)),
    ],
)
def test_a_bad_word_about_a_file_is_refused(facts: dict[str, Any], expected: tuple[str, str, int]) -> None:
    held = document()
    assert refused(lambda: attach(held, **facts)) == expected


@pytest.mark.parametrize("reason", ["", " \u200f "])
def test_a_file_is_not_taken_away_without_a_reason(reason: str) -> None:
    made = attach(document())
    ask = lambda: actions.detach_file(attachment=made, reason=reason, by=TEST)  # noqa: E731
    assert refused(ask) == ("reason_missing", "reason", 422)


def test_taking_away_is_recorded_once() -> None:
    by = actor("steward")
    made = attach(document())
    for _each in range(2):
        actions.detach_file(attachment=made, reason="Bản mờ", by=by)
    row = Attachment.objects.get()
    assert (row.detached_by, row.detach_reason) == (by.key, "Bản mờ")
    before = {"file": 1, "name": "57-nq-tw.pdf"}
    assert events("document.unfiled") == [("document:nq-57", by.key, "steward", before, {}, "Bản mờ")]


def may_open(by: Actor, stored: StoredFile) -> bool:
    said = refusals.code(lambda: files.one_readable(by, stored.pk))
    assert said in ("", "not_found")
    return not said


@pytest.mark.parametrize(
    ("mark", "open_to"),
    [
        ("public", ["", "leader", "office"]),
        ("internal", ["leader", "office"]),
        ("restricted", ["office"]),
    ],
)
def test_a_file_opens_for_those_who_may_read_its_document(mark: str, open_to: list[str]) -> None:
    stored = attach(document(mark=mark)).file
    readers = {"": NOBODY, "leader": actor("leader"), "office": actor("office")}
    assert [role for role, by in readers.items() if may_open(by, stored)] == open_to


def test_a_file_that_was_taken_away_opens_for_those_who_change_documents() -> None:
    made = attach(document())
    actions.detach_file(attachment=made, reason="Bản mờ", by=TEST)
    readers = {"": NOBODY, "leader": actor("leader"), "steward": actor("steward")}
    assert [role for role, by in readers.items() if may_open(by, made.file)] == ["steward"]


@pytest.mark.django_db(transaction=True)
def test_the_files_of_a_moment_are_those_known_then() -> None:
    held = document()
    made = attach(held)
    moment = now()
    actions.detach_file(attachment=made, reason="Bản mờ", by=TEST)
    with past.known_at(moment):
        assert [each.detached_at for each in queries.files_of(held)] == [None]
    assert queries.files_of(held).get().detached_at is not None
