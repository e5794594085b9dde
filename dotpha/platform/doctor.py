"""What is configured, what is reachable, what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from dotpha import __version__
from dotpha.platform import jobs, outgoing, seal, supervisor

Problem = dict[str, str]

prepare_hooks: list[Callable[[], None]] = []
"""What an app does once the database has its shape: the data pack, demonstration accounts.

Must be right when repeated: an interrupted start runs all of them again. Those of upper apps run
first, so demonstration accounts find the pack's organisations.
"""

demo_names: list[Callable[[], list[str]]] = []
"""Functions that list demonstration accounts."""

checks: list[Callable[[list[Problem]], dict[str, Any]]] = []
"""What an app looks at besides: it adds to the problems, and answers what it found as plain values."""

WORKER_SILENT = jobs.LOST_AFTER
"""Seconds without a sign of life after which a worker counts as stopped: as long as its jobs wait to be taken up."""
MANY_UNSEALED = 1000


def examine() -> dict[str, Any]:
    """The state of this installation as plain values; `problems` is a list of {what, mend}."""
    problems: list[Problem] = []
    found: dict[str, Any] = {
        "version": __version__,
        "data_dir": str(settings.DATA_DIR),
        "address": settings.BASE_URL,
        "demo": settings.DEMO,
        "live": _live(problems),
        "outgoing": outgoing.open_now(),
        "demo_users": [],
    }
    try:
        found |= _database() | _migrations(problems) | _queue(problems) | _seal(problems)
        found["demo_users"] = sorted({name for names in demo_names for name in names()})
    except DatabaseError:
        found["database"] = None
        problems.append({"what": _("The database does not answer."), "mend": "dotpha run"})
    for check in checks:
        found |= check(problems)
    return {**found, "problems": problems}


def _one_row(statement: str, parameters: list[Any] | None = None) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def _database() -> dict[str, Any]:
    return {"database": f"PostgreSQL {_one_row('SHOW server_version')[0]}"}


def _migrations(problems: list[Problem]) -> dict[str, Any]:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        problems.append(
            {"what": _("Migrations are missing: %(count)s.") % {"count": missing}, "mend": "dotpha prepare"}
        )
    return {"migrations": missing == 0}


def _queue(problems: list[Problem]) -> dict[str, Any]:
    if _one_row("SELECT to_regclass('procrastinate_workers') IS NULL")[0]:
        return {"worker": False, "failed_jobs": 0}
    workers, failed = _one_row(
        "SELECT (SELECT count(*) FROM procrastinate_workers"
        "         WHERE last_heartbeat > now() - make_interval(secs => %s)),"
        "       (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed')",
        [WORKER_SILENT],
    )
    if not workers:
        problems.append({"what": _("No worker is at work: jobs wait."), "mend": "dotpha worker"})
    if failed:
        problems.append(
            {
                "what": _("Jobs have failed: %(count)s.") % {"count": failed},
                "mend": _("Open %(address)s and try them again.") % {"address": f"{settings.BASE_URL}/desk/system/"},
            }
        )
    return {"worker": workers > 0, "failed_jobs": failed}


def _seal(problems: list[Problem]) -> dict[str, Any]:
    if _one_row("SELECT to_regclass('platform_unsealed') IS NULL")[0]:
        return {}
    unsealed = _one_row("SELECT count(*) FROM platform_unsealed")[0]
    if unsealed > MANY_UNSEALED:
        problems.append(
            {
                "what": _("Events wait for their seal: %(count)s.") % {"count": unsealed},
                "mend": "dotpha audit verify",
            }
        )
    position, _digest, sealed_at = seal.head()
    return {
        "sealed": position,
        "sealed_at": sealed_at.isoformat() if sealed_at else None,
        "unsealed": unsealed,
    }


def _live(problems: list[Problem]) -> bool:
    """Whether the event process answers: the one of the running start, else the configured one."""
    state = supervisor.read_state(settings.DATA_DIR)
    at = urlsplit((state or {}).get("live") or settings.LIVE_URL)
    alive = bool(at.hostname and at.port) and supervisor.answers(at.hostname or "", at.port or 0, "/live/healthz")
    if not alive:
        problems.append({"what": _("The event process does not answer."), "mend": "dotpha live"})
    return alive
