"""Made-up requests after the API's own description, in this process: never an error of ours, never another shape.

`tests/resilience/test_fuzz.py` asks the running product; this one is short enough for every run and needs no server.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance

from dotpha.accounts.actions import tokens
from dotpha.programmes import actions
from dotpha.programmes.models import Blocker, Extension, Report
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)
EXAMPLES = 20
"""For each operation; all of them take about half a minute."""


@pytest.fixture
def token() -> str:
    """Of somebody who may do nearly everything, over a task with a report, a request and a blocker."""
    task = make.task(key="nq-1", on=ON, products=("Đề án",), cooperating=("mof",))
    writer = make.owner()
    report = actions.draft_report(task=task, row=actions.ReportRow("x", 1), by=writer, on=ON)
    actions.submit_report(report=report, by=writer, on=ON)
    actions.request_extension(task=task, new_due_on=date(2027, 1, 1), reason="x", by=writer, on=ON)
    mof = make.organisation("mof")
    actions.raise_blocker(task=task, kind="law", text="x", asks_of=mof, by=writer, on=ON)
    user = make.person("office")
    for role in ("owner", "approver"):
        user.grants.create(role=role, scope="all", from_on=date(2020, 1, 1), granted_by="test")
    return tokens.issue_token(user=user, name="fuzz", may=["read", "write"], by=user.actor())


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """The connection of the test holds its transaction: no request of it closes it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


KEYS = ("nq-1", "resolution57", "none")
HELD = {"reports": Report, "extensions": Extension, "blockers": Blocker}
OURS = ("/programmes", "/tasks", "/reports", "/extensions", "/blockers", "/summary")


@pytest.mark.parametrize("signed_in", [True, False])
def test_no_request_breaks_the_api(kept_connection: None, token: str, signed_in: bool) -> None:
    application = get_wsgi_application()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    headers = {"Authorization": f"Bearer {token}"} if signed_in else {}
    asked: dict[str, int] = {}

    def ask(case: Any) -> None:
        _at_something(case)
        answer = case.call(headers={**(case.headers or {}), **headers})
        case.validate_response(answer, checks=[not_a_server_error, content_type_conformance])
        asked[case.operation.label] = asked.get(case.operation.label, 0) + 1

    quick = settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    for found in schema.get_all_operations():
        operation = found.ok()
        if str(operation.path).startswith(tuple(f"/api/v1{each}" for each in OURS)):
            quick(given(case=operation.as_strategy())(ask))()
    assert len(asked) >= 21
    assert min(asked.values()) >= EXAMPLES // 2


def _at_something(case: Any) -> None:
    """Lead most addresses to a record that is there; a number or key made up would only ever be missed."""
    said = case.path_parameters or {}
    if "key" in said:
        said["key"] = KEYS[len(str(said["key"])) % len(KEYS)]
    if str(said.get("id", "")).isdigit():
        thing = str(case.operation.path).split("/")[3]
        said["id"] = HELD[thing].objects.latest("pk").pk if int(said["id"]) % 4 else said["id"]
