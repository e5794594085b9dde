"""A worker halted in the midst of its job keeps it, and ends it once it goes on (reliability F3)."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from dotpha.documents.models import FileText
from dotpha.documents.tests.test_actions import attach
from dotpha.platform import jobs
from dotpha.platform.models import AuditEvent
from dotpha.programmes.tests import factories as make
from tests.resilience.test_worker_killed import DONE_WITHIN, count, dsn, until, worker

OURS = "procrastinate_jobs WHERE task_name = 'documents.read_file'"


@pytest.fixture(autouse=True)
def empty_queue(transactional_db: None) -> Iterator[None]:
    """The queue's tables are the library's: no test empties them, and a worker that is killed leaves rows there."""
    clear()
    yield
    clear()


def clear() -> None:
    with connection.cursor() as cursor:
        for table in ("periodic_defers", "jobs", "workers"):
            cursor.execute(f"DELETE FROM procrastinate_{table}")


def grow_silent() -> None:
    """As if the halt had lasted an hour."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")


@pytest.mark.django_db(transaction=True)
def test_a_halted_worker_keeps_its_job_and_does_it_once() -> None:
    attach(make.document())
    waits = "pg_locks WHERE NOT granted AND relation = 'documents_filetext'::regclass"
    with worker() as halted:
        with psycopg.connect(dsn()) as holding:
            holding.execute("LOCK TABLE documents_filetext IN EXCLUSIVE MODE")  # the job waits before it writes
            assert until(lambda: count(waits), 60), "the job did not come to its midst"
            halted.send_signal(signal.SIGSTOP)
        grow_silent()
        jobs.take_up_lost()
        assert count(f"{OURS} AND status = 'doing'") == 1, "the job of a living worker was given away"
        halted.send_signal(signal.SIGCONT)
        assert until(lambda: count(OURS) == 0, DONE_WITHIN), "the job is stuck"
        assert halted.poll() is None, "the worker did not go on"
    assert FileText.objects.count() == 1
    assert AuditEvent.objects.filter(kind="document.file_read").count() == 1
