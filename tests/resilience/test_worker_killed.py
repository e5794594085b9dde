"""kill -9 of the worker inside a job: in the end the job is done, once, and the queue is empty (reliability F3)."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from dotpha.documents.models import FileText
from dotpha.documents.tests.test_actions import attach
from dotpha.platform.models import AuditEvent
from dotpha.programmes.tests import factories as make
from tests.instance import COMMAND, ROOT

DONE_WITHIN = 90.0  # seconds: its last sign of life, the next look for lost jobs, and a slow machine


def until(is_so: Callable[[], object], seconds: float) -> bool:
    """Wait until something is so; False when it never was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.2)
    return False


def dsn() -> str:
    at = connection.settings_dict
    return f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """The real worker, on the database of this test; killed at the end, as it is in the test."""
    env = {**os.environ, "DOTPHA_DATABASE_URL": dsn()}
    process = subprocess.Popen([str(COMMAND), "worker"], cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def count(rows: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {rows}")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_was_killed_in_its_midst_is_done_once() -> None:
    attach(make.document())
    waits = "pg_locks WHERE NOT granted AND relation = 'documents_filetext'::regclass"
    with psycopg.connect(dsn()) as holding:
        holding.execute("LOCK TABLE documents_filetext IN EXCLUSIVE MODE")  # the job waits before it writes
        with worker():
            assert until(lambda: count(waits), 60), "the job did not come to its midst"
    assert (count("procrastinate_jobs WHERE status = 'doing'"), FileText.objects.count()) == (1, 0)
    with worker():
        left = "procrastinate_jobs WHERE task_name = 'documents.read_file'"
        assert until(lambda: count(left) == 0, DONE_WITHIN), "the job is stuck"
    assert FileText.objects.count() == 1
    assert AuditEvent.objects.filter(kind="document.file_read").count() == 1
