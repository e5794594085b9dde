"""Work for later. The request is a row of the caller's transaction: no commit, no job."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.db import close_old_connections, connection, transaction
from django.utils.translation import gettext_lazy as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from dotpha.platform import failures
from dotpha.platform.models import JobFailure
from dotpha.platform.worker import ALIVE

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

P = ParamSpec("P")
R = TypeVar("R")

MOST_ATTEMPTS = 6
RETRIES = RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=4)  # 4, 16, 64 … seconds
LOST_AFTER = 30  # seconds; a worker at work gives a sign of life every ten
LOST_LOOK = "* * * * * */20"  # the last field: seconds

labels: dict[str, StrPromise] = {}
"""What each kind of job does, in words, by its name."""
works: dict[str, Callable[..., object]] = {}
"""The function of each kind of job, by its name."""

_queue = JobManager(DjangoConnector())  # also within the worker, whose own connector has other connections


def job(
    name: str, label: StrPromise, *, cron: str = "", alone: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function a job: key in, object read, action called. It runs at least once, so what
    it does must be right when repeated. `label` says to people what it does. With `cron` (minute hour day month
    weekday, UTC) it also runs by itself at those times; a time at which no worker ran is left out. `alone`: while
    one waits, it is not asked for again, by the clock or by `defer`; it takes no arguments."""

    def register(work: Callable[P, R]) -> Callable[P, R]:
        @wraps(work)
        def run(context: JobContext, *args: Any, **kwargs: Any) -> R:
            kwargs.pop("timestamp", None)  # the queue names the time that it ran for; no job of ours asks
            close_old_connections()
            try:
                return work(*args, **kwargs)
            except Exception as error:
                failures.note(context.job.id or 0, error)
                raise
            finally:
                close_old_connections()

        labels[name], works[name] = label, work
        task: Any = app.task(name=name, retry=RETRIES, queueing_lock=name if alone else None, pass_context=True)(run)
        if cron:
            app.periodic(cron=cron)(task)
        return work

    return register


def defer(name: str, *, one_at_a_time: str | None = None, **arguments: Any) -> None:
    """Ask for a job in the caller's transaction. Raises KeyError for one that nobody registered.

    Jobs of one word in `one_at_a_time` follow each other, whatever the number of workers. Of a job that is alone one
    waits: it begins after this transaction, so that it finds what was written here.
    """
    task: Any = app.tasks[name]
    asked = configure_task(
        name=task.name, job_manager=_queue, queue=task.queue, lock=one_at_a_time, queueing_lock=task.queueing_lock
    )
    if task.queueing_lock is None:
        asked.defer(**arguments)
        return
    with transaction.atomic():
        while not _held_waiting(task.queueing_lock):
            with suppress(AlreadyEnqueued), transaction.atomic():  # by somebody whose transaction ended this moment
                asked.defer(**arguments)


def _held_waiting(queueing_lock: str) -> bool:
    """Whether a job of this lock waits; no worker takes it up before the transaction ends (workers skip held rows)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo' FOR SHARE", [queueing_lock]
        )
        return bool(cursor.rowcount)


def is_asked(name: str, **arguments: Any) -> bool:
    """Whether such a job waits or is at work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = %s AND args @> %s::jsonb"
            " AND status IN ('todo', 'doing'))",
            [name, json.dumps(arguments)],
        )
        return bool(cursor.fetchone()[0])


@job("platform.take_up_lost", _("Taking up jobs whose worker has ended"), cron=LOST_LOOK, alone=True)
def take_up_lost() -> None:
    """Jobs whose worker has ended wait again; one begun as often as any may be is given up, for it ends each worker.

    A worker has ended when it is silent and holds its lock no longer. The lock is kept here until the worker is
    struck off, so that one that wakes up this moment finds out before it goes on (`worker.hold`).
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %s)"
            " AND pg_try_advisory_xact_lock(%s, id::int)",
            [LOST_AFTER, ALIVE],
        )
        cursor.execute(
            "SELECT id, attempts FROM procrastinate_jobs WHERE status = 'doing' AND worker_id IS NULL"
            " FOR UPDATE SKIP LOCKED"
        )
        for lost, attempts in cursor.fetchall():
            _take_up(lost, attempts)
        failures.forget_ended()


def _take_up(lost: int, attempts: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM procrastinate_jobs waits JOIN procrastinate_jobs ours USING (queueing_lock)"
            " WHERE ours.id = %s AND waits.status = 'todo'",
            [lost],
        )
        if cursor.rowcount:  # the same was asked for anew meanwhile: of those that are alone, one may wait
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'aborted', true)", [lost])
        elif attempts + 1 < MOST_ATTEMPTS:
            cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [lost])
        else:
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [lost])
            failures.keep(lost, JobFailure.Reason.ENDED)
