"""Every address as every role: outside the scope nothing is told and nothing changes (K2; reliability A1, A5)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from dotpha.platform.models import AuditEvent, Unsealed
from tests.routes import world
from tests.routes.addresses import Route, routes
from tests.routes.world import OF_DOCUMENT, SECRET, Reader

ROUTES = [route for route in routes() if route.name != "api:openapi-json"]  # a file that answers any method alike
SIGN_IN = "account/"
REFUSED = {400, 401, 403, 404, 405}
OWN = {
    "accounts:own_requests",
    "platform:presence", "platform:save_view", "platform:remove_view", "accounts:language", "accounts:me",
    "programmes:tasks_change", "programmes:tasks_undo", "cockpit:tour", "accounts:own_data", "accounts:confirm_address",
    "programmes:notices", "api:see_notice", "api:ask",
    "programmes:act", "programmes:blocker", "programmes:extension", "programmes:part", "programmes:report",
}  # fmt: skip
"""Addresses whose POST is open to whoever is signed in: they change what is one's own,
refuse task by task, or weigh the right of each act for those who may read the thing."""
CHANGES = {
    "accounts:data_request": "person.change", "accounts:data_requests": "person.change",
    "accounts:people_import": "person.change", "accounts:person": "grant.change",
    "accounts:person_add": "person.change",
    "api:record_paper": "person.change", "api:reply": "person.change", "api:extend": "person.change",
    "api:complete": "person.change", "api:refuse": "person.change",
    "api:add_task": "task.add", "api:approve_report": "report.approve", "api:change_task": "task.change",
    "api:confirm_part": "task.accept", "api:draft_report": "report.write", "api:give_file": "report.write",
    "api:import_tasks": "task.add",
    "api:grant_extension": "extension.decide",
    "api:list_blockers": "blocker.raise", "api:list_parts": "task.change", "api:list_reports": "report.write",
    "api:raise_blocker": "blocker.raise", "api:read_task": "task.change", "api:refuse_extension": "extension.decide",
    "api:request_part_extension": "extension.request", "api:grant_part_extension": "task.change",
    "api:refuse_part_extension": "task.change", "api:withdraw_part_extension": "extension.request",
    "api:report_part": "report.write", "api:request_extension": "extension.request",
    "api:resolve_blocker": "blocker.raise blocker.decide",
    "api:take_up_blocker": "blocker.answer blocker.decide",
    "api:decide": "ladder.decide", "api:add_target": "programme.change", "api:change_target": "programme.change",
    "api:restore_target": "programme.change", "api:withdraw_target": "programme.change",
    "programmes:target": "programme.change", "programmes:target_add": "programme.change",
    "programmes:target_change": "programme.change",
    "api:acknowledge": "ladder.acknowledge", "api:contest": "ladder.contest",
    "api:add_personal": "personal.write", "api:submit_personal": "personal.write",
    "api:adopt_personal": "personal.decide", "api:return_personal": "personal.decide",
    "api:return_part": "task.accept", "api:return_report": "report.approve",
    "api:set_part": "task.change", "api:submit_report": "report.write", "api:withdraw_extension": "extension.request",
    "cockpit:system": "system.view",
    "directory:organisation_add": "directory.change", "directory:organisation_change": "directory.change",
    "directory:post": "directory.change", "directory:posts": "directory.change",
    "directory:place_change": "directory.change",
    "directory:organisations_import": "directory.change", "directory:places_import": "directory.change",
    "documents:attach": "document.change", "documents:detach": "document.change",
    "documents:document_add": "document.change", "documents:document_change": "document.change",
    "documents:relate": "document.change", "documents:steps": "document.change",
    "documents:structure": "document.change", "documents:verify": "document.verify",
    "documents:wording": "document.change",
    "programmes:blocker_add": "blocker.raise", "programmes:personal_add": "personal.write",
    "programmes:personal_one": "personal.write personal.decide",
    "programmes:discard_report": "report.write", "programmes:extension_add": "extension.request",
    "programmes:group_add": "programme.change", "programmes:programme": "programme.publish",
    "programmes:programme_add": "programme.add", "programmes:programme_change": "programme.change",
    "programmes:report_add": "report.write", "programmes:task_add": "task.add",
    "programmes:task_edit": "task.change", "programmes:task_import": "task.add",
    "programmes:task_split": "task.cancel",
}  # fmt: skip
"""What a POST there needs. An address that takes POST and stands neither here nor in `OWN` fails the test."""
BODIES: dict[str, dict[str, Any]] = {
    "api/v1/programmes/<key>/tasks": {"key": "s-2", "title": "x", "lead": "most", "deadline": "31/12/2035"},
    "api/v1/personal-programmes": {"programme": "hidden", "post": 1, "from_on": "2026-01-01"},
    "api/v1/data-requests": {"username": "somebody-else", "kind": "erasure"},
    "api/v1/data-requests/<id>/reply": {"reply": "x"},
    "api/v1/data-requests/<id>/extend": {"days": 3, "reason": "x"},
    "api/v1/data-requests/<id>/complete": {"answer": "x"},
    "api/v1/data-requests/<id>/refuse": {"answer": "x"},
    "api/v1/me/data-requests": {"kind": "access"},
    "api/v1/tasks/<key>/ladder/decide": {"upheld": True, "reason": "x"},
    "api/v1/tasks/<key>/reports": {"summary": "x", "percent": 50},
    "api/v1/tasks/<key>/extensions": {"new_due_on": "2037-06-30", "reason": "x"},
    "api/v1/tasks/<key>/blockers": {"kind": "funding", "text": "x", "asks_of": "moh"},
    "api/v1/tasks/<key>/parts": {"organisation": "moha", "duty": "x"},
    "api/v1/tasks/<key>/parts/<organisation>/extensions": {"new_due_on": "2034-06-30", "reason": "x"},
    "api/v1/tasks/<key>/parts/<organisation>/report": {"text": "x", "percent": 50},
}
"""What the API reads first: its shape is looked at before whose it is, so an empty body would say nothing of rights."""
READINGS_KEPT = {"file.read", "record.read", "export.made"}
"""Events that reading itself leaves: who took what away is part of the record."""


OF_THE_RECORD = {AuditEvent, Unsealed}


@pytest.fixture(scope="module")
def examples(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[tuple[str, str], str]]:
    """The world, made once for all readers and gone afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def readers(examples: dict[tuple[str, str], str]) -> dict[str, Reader]:
    return world.readers()


@pytest.fixture(params=[name for name, _role, _scope in world.names()])
def reader(request: pytest.FixtureRequest, readers: dict[str, Reader]) -> Reader:
    return readers[request.param]


def held() -> dict[str, int]:
    """How many rows each table of ours holds; of the events those that tell of a change."""
    ours = [each for each in apps.get_models() if each.__module__.startswith("dotpha.") and each not in OF_THE_RECORD]
    counts = {model._meta.label: model._default_manager.count() for model in ours}
    return {**counts, "events": AuditEvent.objects.exclude(kind__in=READINGS_KEPT).count()}


def told(answer: Any) -> str:
    """Everything that an answer says, a stream to its end."""
    if not getattr(answer, "streaming", False):
        return str(answer.content.decode("utf-8", "replace"))
    return b"".join(answer.streaming_content).decode("utf-8", "replace") if not answer.is_async else ""


def names_a_secret_of(route: Route, reader: Reader) -> bool:
    """Whether the address names something that this reader must not know of."""
    in_programme = not SECRET.isdisjoint(route.parameters) and not reader.may_read(world.IN_TASK)
    return in_programme or (not OF_DOCUMENT.isdisjoint(route.parameters) and not reader.may_read(world.IN_DOCUMENT))


def test_every_parameter_has_an_example(examples: dict[tuple[str, str], str]) -> None:
    for route in ROUTES:
        assert "<" not in route.path(examples), route


def test_reading(reader: Reader, examples: dict[tuple[str, str], str]) -> None:
    before, wrong = held(), []
    for route in ROUTES:
        answer = reader.client.get(route.path(examples))
        said, status = told(answer), answer.status_code
        if status >= 500:
            wrong.append((route.pattern, status, "an error of ours"))
        if reader.is_nobody and route.pattern.startswith("desk/") and status not in (302, 405):
            wrong.append((route.pattern, status, "open without signing in"))
        if names_a_secret_of(route, reader) and status == 200 and not is_open_page_of(route):
            wrong.append((route.pattern, status, "shown outside the scope"))
        wrong += [
            (route.pattern, status, mark)
            for mark in (world.IN_TASK, world.IN_PROGRAMME, world.IN_DOCUMENT)
            if mark in said and not may_find(reader, route, mark)
        ]
    assert wrong == [], "\n".join(map(str, wrong))
    assert held() == before, "reading changed something"


def is_open_page_of(route: Route) -> bool:
    """Programme and targets are read by `programme.view`, its tasks by `task.view`: marks tell the rest apart."""
    return not {("programmes", "key"), ("targets", "key")}.isdisjoint(route.parameters)


def may_find(reader: Reader, route: Route, mark: str) -> bool:
    """The record of everything is for those who hold `audit.view` over everything, whatever it tells of."""
    is_record = (
        route.name in ("cockpit:record", "cockpit:record_twin") and reader.scope == "all" and reader.holds("audit.view")
    )
    return is_record or reader.may_read(mark)


def is_refused(answer: Any) -> bool:
    """Turned away: by status, or sent to sign in."""
    location = answer.headers.get("Location", "")
    return answer.status_code in REFUSED or (answer.status_code == 302 and "/account/login/" in location)


def written() -> int:
    """Rows of our tables written so far in this transaction, those taken back too; counting would be many queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
            " WHERE relname ~ '^(platform|accounts|directory|documents|programmes)_'"
        )
        return int(cursor.fetchone()[0] or 0)


def sends(reader: Reader, route: Route, examples: dict[tuple[str, str], str], method: str) -> tuple[Any, bool]:
    """Send an empty form, or the least body that can be read; answers what came and whether anything was written.

    All is taken back.
    """
    as_json, before = route.pattern.startswith("api/"), written()
    with transaction.atomic():
        kind = "application/json" if as_json else "application/x-www-form-urlencoded"
        answer = reader.client.generic(
            method, route.path(examples), json.dumps(BODIES.get(route.pattern, {})) if as_json else "", kind
        )
        transaction.set_rollback(True)
    return answer, written() != before


METHODS = [
    ("POST", route) for route in ROUTES if route.name.startswith("accounts:") or not route.pattern.startswith(SIGN_IN)
]
METHODS += [("PATCH", route) for route in ROUTES if route.pattern.startswith("api/")]


def test_changing(reader: Reader, examples: dict[tuple[str, str], str]) -> None:
    wrong = []
    for method, route in METHODS:
        answer, changed = sends(reader, route, examples, method)
        right = CHANGES.get(route.name, "")
        lacks = (
            reader.is_nobody
            or (bool(right) and not any(map(reader.holds, right.split())))
            or names_a_secret_of(route, reader)
        )
        if answer.status_code >= 500:
            wrong.append((route.pattern, answer.status_code, "an error of ours"))
        elif lacks and changed:
            wrong.append((route.pattern, answer.status_code, "changed without a right"))
        elif lacks and right and not is_refused(answer):
            wrong.append((route.pattern, answer.status_code, "taken without a right"))
        elif answer.status_code != 405 and not is_refused(answer) and not right and route.name not in OWN:
            wrong.append((route.pattern, answer.status_code, "takes changes and stands in no table"))
    assert wrong == [], "\n".join(map(str, wrong))
