"""Identifiers that belong to others, in a body, tell as much as ones that nobody has: nothing (reliability A2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from dotpha.documents import actions as documents
from dotpha.documents.rows import ProvisionRow
from dotpha.programmes.tests import factories as make
from tests.routes import world
from tests.routes.test_hidden import first_difference, steady
from tests.routes.world import Reader

NEW = {"key": "own-3", "title": "x", "lead": "most", "deadline": "31/12/2035"}
ASKED = [
    ("PATCH", "/api/v1/tasks/own-1", "parent", {}),
    ("PATCH", "/api/v1/tasks/own-1", "provision", {"reason": "x", "document": "x"}),
    ("POST", "/api/v1/programmes/own/tasks", "parent", NEW),
    ("POST", "/api/v1/programmes/own/tasks", "provision", NEW),
]
NAMES = {"parent": ("s-1", "n-9", "own-2"), "provision": ("restricted-1#dieu-1", "n-9#dieu-1", "open-1#dieu-1")}
"""For each field: what is a secret, what is not there, what the reader may name."""


@pytest.fixture(scope="module")
def reader(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Reader]:
    """The office of an agency that has a programme of its own, in a world where another's is hidden from it."""
    with django_db_blocker.unblock(), transaction.atomic():
        world.build()
        make.programme("secret-programme", published=False, organisation=make.organisation("mof"))
        own = make.programme("own", organisation=make.organisation("most"))
        for key in ("own-1", "own-2"):
            make.task(key=key, within=own, lead="most")
        clause = ProvisionRow("dieu-1", "article", text={"vi": "x"})
        documents.add_provisions(document=make.document("open-1"), rows=[clause], by=make.office())
        yield world.readers()["office-elsewhere"]
        transaction.set_rollback(True)


FORMS = [
    ("/desk/tasks/own-1/acts/needs/", "needs", {"kind": "finish"}, ("s-1", "n-9", "own-2")),
    ("/desk/tasks/own-1/acts/merge/", "into", {"reason": "x"}, ("s-1", "n-9", "own-2")),
    ("/desk/tasks/own-1/acts/move/", "programme", {}, ("secret-programme", "absent-programme", "own")),
    ("/desk/presence/", "subject", {}, ("task:s-1", "task:n-9", "task:own-1")),
]
"""The same of forms on the desk."""


def said(reader: Reader, method: str, path: str, body: dict[str, Any], name: str) -> tuple[int, str]:
    """Status and words of the answer, without the name that was asked for. What was changed is taken back."""
    with transaction.atomic():
        answer = reader.client.generic(method, path, json.dumps(body), "application/json")
        transaction.set_rollback(True)
    return answer.status_code, str(answer.json()).replace(name, "NAME")


def shown(reader: Reader, path: str, body: dict[str, Any], name: str) -> tuple[int, str, str]:
    """The same of a form: status, where it leads and its page."""
    reader.client.cookies.pop("messages", None)  # of what was taken back
    with transaction.atomic():
        answer = reader.client.post(path, body)
        words = steady(answer.content.decode()).replace(name, "NAME")
        transaction.set_rollback(True)
    return answer.status_code, answer.headers.get("Location", "").replace(name, "NAME"), words


@pytest.mark.parametrize(("method", "path", "field", "body"), ASKED)
def test_a_body_that_names_what_belongs_to_others(
    method: str, path: str, field: str, body: dict[str, Any], reader: Reader
) -> None:
    """A2: a hidden task as the one above, a clause of a restricted document."""
    secret, absent, own = (said(reader, method, path, {**body, field: name}, name) for name in NAMES[field])
    assert (secret, secret[0]) == (absent, 422)
    assert own[0] < 400, own


@pytest.mark.parametrize(("path", "field", "body", "names"), FORMS)
def test_a_form_that_names_what_belongs_to_others(
    path: str, field: str, body: dict[str, Any], names: tuple[str, str, str], reader: Reader
) -> None:
    """A2: another task to wait for or to go on in, a programme to move to, a record that is open."""
    secret, absent, own = (shown(reader, path, {**body, field: name}, name) for name in names)
    assert secret == absent, first_difference(secret, absent)
    assert own != secret, "what one may name is answered otherwise"
