"""Markup in every text of the database, on every page kind: it is shown as written and never becomes markup (A10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from lxml import etree, html
from pytest_django.plugin import DjangoDbBlocker

from tests.routes import scripts_in_text, world
from tests.routes.test_every_route import ROUTES, told
from tests.routes.world import Reader

READERS = ("office", "admin", "nobody")
PLAIN = ("application/json", "application/problem+json", "text/plain", "text/csv")
"""No browser reads markup in these: they are sent with `nosniff`."""


@pytest.fixture(scope="module")
def examples(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[tuple[str, str], str]]:
    """The world with the payload in all its texts."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = world.build()
        assert fill() >= 25, "columns that took the payload"
        yield found
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def readers(examples: dict[tuple[str, str], str]) -> dict[str, Reader]:
    return world.readers()


def fill() -> int:
    """Put the payload everywhere; answers how many columns hold it. A constraint may keep it out of some."""
    held = 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the record refuses to be changed
        for statement, said in scripts_in_text.statements():
            try:
                with transaction.atomic():
                    cursor.execute(statement, said)
                    held += cursor.rowcount > 0
            except DatabaseError:
                continue
        cursor.execute("SET LOCAL session_replication_role = origin")
    return held


def markup_of(answer: Any) -> list[str]:
    """What of the payload a browser would take for markup, or for an address to go to."""
    kind, words = answer.headers.get("Content-Type", "").partition(";")[0], told(answer)
    if not words or kind in PLAIN:
        assert answer.headers.get("X-Content-Type-Options") == "nosniff"
        return []
    if kind.endswith("xml"):
        return [each.tag for each in etree.fromstring(words.encode()).iter("{*}zx57")]
    if kind != "text/html":
        return []
    page = html.fromstring(words)
    found = [str(each.tag) for each in page.iter("zx57")]
    found += [f"{each.tag} {name}" for each in page.iter() for name in each.attrib if name.startswith("on")]
    return found + [
        f"{each.tag} {name}={value}"
        for each in page.iter()
        for name, value in each.attrib.items()
        if name in ("href", "src", "action", "formaction") and value.strip().lower().startswith("javascript:")
    ]


@pytest.mark.parametrize("name", READERS)
def test_no_text_becomes_markup(name: str, readers: dict[str, Reader], examples: dict[tuple[str, str], str]) -> None:
    """A10: every address that answers, to whom sees the most and to whom sees only what is public."""
    wrong, shown = [], 0
    for route in ROUTES:
        answer = readers[name].client.get(route.path(examples))
        shown += "zx57" in told(answer) if not answer.streaming else 0
        wrong += [(route.pattern, each) for each in markup_of(answer)]
    assert wrong == []
    assert name != "office" or shown >= 20, "pages that show the payload"
