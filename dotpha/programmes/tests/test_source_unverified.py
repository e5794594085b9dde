"""A task made from a clause bears "source unverified" until a second person has checked the document (B7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dotpha.documents import actions as documents
from dotpha.documents.models import Document, Provision
from dotpha.platform import days, past
from dotpha.programmes.models import Membership, Task
from dotpha.programmes.queries import tasks
from dotpha.programmes.tests import factories
from dotpha.programmes.tests.test_pages_lists import enter, keys, read

pytestmark = pytest.mark.django_db
MARK = "source unverified"


@pytest.fixture
def office() -> Client:
    return enter(factories.person("office"))


def clause(key: str) -> Provision:
    return Provision.objects.create(document=factories.document(key), address="I.1", kind="clause", order=1)


def own(key: str, at: Provision) -> Task:
    task = factories.task(key=key)
    Task.objects.filter(pk=task.pk).update(provision=at)
    return task


def by_programme(key: str, at: Provision) -> Task:
    task = factories.task(key=key)
    Membership.objects.filter(task=task).update(provision=at)
    return task


def check(document: Document) -> Document:
    return documents.verify_document(document=document, by=factories.actor("inspector"))


def marked(*, on: Any = None) -> list[str]:
    on = on or days.today()
    rows = tasks.with_details(tasks.visible(factories.TEST, on), on).order_by("key")
    return [each.key for each in rows if each.source_unverified]


@pytest.mark.parametrize("rest", [own, by_programme])
def test_the_mark_stays_until_the_check_and_comes_back_with_a_change(rest: Callable[..., Task]) -> None:
    at = clause("nd-1")
    rest("a", at)
    factories.task(key="without")
    assert marked() == ["a"]
    held = check(at.document)
    assert marked() == []
    documents.change_wording(provision=at, heading={}, text={"vi": "Khác"}, by=factories.TEST)
    assert marked() == ["a"]
    assert not Document.objects.get(pk=held.pk).is_verified


@pytest.mark.django_db(transaction=True)
def test_the_mark_of_a_moment_is_that_known_then() -> None:
    at = clause("nd-1")
    own("a", at)
    moment = days.now()
    check(at.document)
    with past.known_at(moment):
        assert marked() == ["a"]
    assert marked() == []


def test_page_and_list_bear_the_mark_with_its_sentence(office: Client) -> None:
    at, other = clause("nd-1"), clause("nd-2")
    own("a", at), own("b", other)
    check(other.document)
    sentence = "No second person has checked the document of this clause"
    for address, count in (("tasks/a/", 1), ("tasks/b/", 0), ("tasks/?view=all", 1)):
        html = read(office, address).partition("<main")[2]
        assert (html.count(sentence), html.count(MARK)) == (count, count)


def test_a_condition_and_a_column_of_the_export_tell_it(office: Client) -> None:
    own("a", clause("nd-1")), factories.task(key="b")
    assert keys(read(office, "tasks/?only=unchecked&view=all"), "a", "b") == ["a"]
    answer = office.get("/desk/tasks/?view=all&columns=key,source_unverified&export=csv")
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert sorted(rows[-2:]) == [f"a,{MARK}", "b,"]
