"""What is outside a person's scope is neither named nor counted at any address (reliability A2).

Every address is asked with the hidden things there, then without them, by the same people: the two answers are equal to
the last sign, headers and numbers too; and none holds a word of what is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.routes import hidden, world
from tests.routes.hidden import WORD
from tests.routes.test_every_route import ROUTES, told
from tests.routes.world import Reader

READERS = ["nobody", "owner-elsewhere", "inspector-elsewhere"]
LATER = ("office-elsewhere", "citizen", "approver-elsewhere", "steward-elsewhere")
QUERIES = (
    f"q={WORD}", "q=957-ZK/TW", f"programme={WORD}-programme", f"document={WORD}-document", f"parent={WORD}-task",
)  # fmt: skip
"""What one asks of a list to find out whether something is there."""
CHANGING = (
    r'name="csrfmiddlewaretoken" value="[^"]*"', r'"X-CSRFToken": ?"[^"]*"', r'data-live-token="[^"]*"',
    r'"request_id": ?"[^"]*"', r"(?<=: )[0-9a-f]{16}(?=</p>)", r"\b\d\d:\d\d(:\d\d)?(\.\d+)?",
)  # fmt: skip
OWN_HEADERS = {"x-request-id", "date", "expires", "server-timing"}
Answers = dict[str, tuple[int, tuple[tuple[str, str], ...], str]]


def steady(words: str) -> str:
    """An answer without what is new in each."""
    return re.sub("|".join(CHANGING), "…", words)


def addresses(seen: dict[tuple[str, str], str], secret: dict[tuple[str, str], str]) -> Iterator[str]:
    """Every address: by what may be read, by what is hidden, and each list asked for the hidden."""
    for route in ROUTES:
        of_both = [each for each in (seen, secret) if set(route.parameters) & set(each) or not route.parameters]
        for examples in of_both or [seen]:
            yield route.path(examples)
        if not route.parameters and route.pattern.startswith(("desk/", "api/", "vi/")):
            yield from (f"{route.path({})}?{query}" for query in QUERIES)


class AnyExample(dict[tuple[str, str], str]):
    """Examples; what none was given for is named by a word that nothing bears."""

    def __missing__(self, parameter: tuple[str, str]) -> str:
        return {"kind": "csv", "code": "en", "pk": "999999", "id": "999999"}.get(parameter[1], "x")


def asked(reader: Reader, asks: list[str]) -> Answers:
    """What a reader is answered at each address."""
    found: Answers = {}
    for address in asks:
        answer = reader.client.get(address)
        headers = sorted((name, steady(value)) for name, value in answer.items() if name.lower() not in OWN_HEADERS)
        found[address] = (answer.status_code, tuple(headers), steady(told(answer)))
    return found


@pytest.fixture(scope="module")
def readers(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Reader]]:
    """The open world and those who look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.readers()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def seen(readers: dict[str, Reader]) -> dict[tuple[str, str], str]:
    return AnyExample(hidden.build_open())


@pytest.fixture(params=[*READERS, *(pytest.param(name, marks=pytest.mark.long) for name in LATER)])
def reader(request: pytest.FixtureRequest, readers: dict[str, Reader]) -> Reader:
    return readers[request.param]


def test_the_hidden_is_neither_named_nor_counted(reader: Reader, seen: dict[tuple[str, str], str]) -> None:
    """A2: the same answers with it and without it; there first, for then its numbers are known."""
    with transaction.atomic():
        secret = AnyExample(hidden.hide())
        asks = list(dict.fromkeys(addresses(seen, secret)))
        present = asked(reader, asks)
        transaction.set_rollback(True)
    absent = asked(reader, asks)
    differ = [(address, *first_difference(present[address], absent[address])) for address in asks
              if present[address] != absent[address]]  # fmt: skip
    assert differ == [], "\n".join(map(str, differ))
    assert len([1 for status, _headers, _said in absent.values() if status == 200]) >= 15, "too few pages opened"


def first_difference(one: Any, other: Any) -> tuple[Any, ...]:
    """Where two answers part, with what stands around it."""
    if one[0] != other[0]:
        return ("status", one[0], other[0])
    if one[1] != other[1]:
        return ("headers", set(one[1]) ^ set(other[1]))
    at = next((i for i, (a, b) in enumerate(zip(one[2], other[2], strict=False)) if a != b), 0)
    return ("words", one[2][max(0, at - 60) : at + 60], other[2][max(0, at - 60) : at + 60])


def test_what_hangs_together_with_the_hidden_does_not_name_it(reader: Reader, seen: dict[tuple[str, str], str]) -> None:
    """A2: an own task that stands in a hidden programme too, waits for a hidden task, lies under one, took one up; and
    what another agency wrote on a task that everybody may read."""
    wrong = []
    with transaction.atomic():
        secret = AnyExample(hidden.hide())
        hidden.speak()
        hidden.tie()
        for address in dict.fromkeys(addresses(seen, secret)):
            if WORD in address:
                continue  # its answers are compared above
            answer = reader.client.get(address)
            said = told(answer) + str(dict(answer.items()))
            found = re.search(f".{{0,80}}{WORD}.{{0,40}}", said, re.IGNORECASE | re.DOTALL)
            wrong += [(address, answer.status_code, found.group())] if found else []
        transaction.set_rollback(True)
    assert wrong == [], "\n".join(map(str, wrong))


def test_the_word_is_in_the_hidden_rows_and_those_who_may_find_it(
    readers: dict[str, Reader], seen: dict[tuple[str, str], str]
) -> None:
    """Else nothing above proves anything."""
    office = readers["office"].client
    with transaction.atomic():
        hidden.hide()
        hidden.tie()
        assert WORD in told(office.get(f"/desk/tasks/{WORD}-task/"))
        assert told(office.get("/desk/tasks/v-1/")).count(WORD) >= 5
        assert WORD in told(office.get(f"/desk/documents/{WORD}-document/"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM platform_auditevent WHERE reason = %s", [WORD])
            assert cursor.fetchone()[0] >= 1
        transaction.set_rollback(True)
