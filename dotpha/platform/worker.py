"""The worker of the job queue. What it has begun is its own for as long as it lives, also while it is silent.

A worker gives a sign of life every ten seconds, but silence alone proves nothing: a machine may be halted and go on, or
be too busy. So each worker also holds an advisory lock under its number, in a database session of its own that
PostgreSQL ends together with the worker, however that ends. `jobs.take_up_lost` gives a job away only when its
worker is silent and its lock is free; a worker that has lost its session ends at once, in the midst of its job.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.worker import Worker

ALIVE = 0x444F5450  # the class of the advisory locks that workers hold; the second key is the worker's number
NEVER = (
    10 * 365 * 86_400.0
)  # seconds; workers that have ended are struck off by `jobs.take_up_lost`, which asks the lock
PULSE = ("SET tcp_keepalives_idle = 10", "SET tcp_keepalives_interval = 5", "SET tcp_keepalives_count = 3")
"""So that a server elsewhere notices within half a minute that the worker's machine is gone."""
STRUCK_OFF = 75  # exit status: try again

log = logging.getLogger("dotpha.worker")
_session: list[psycopg.Connection[Any]] = []


def run() -> None:
    """Work off the queue until ended. What was done is in the record; of jobs only what waits or failed is kept."""
    worker_connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(worker_connector):
        app.run_worker(delete_jobs="successful", stalled_worker_timeout=NEVER, worker_middleware=[stay_alive])


async def stay_alive(call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
    """Around every job: before the first one, the worker takes hold of its number."""
    if not _session:
        _session.append(await asyncio.to_thread(hold, worker.worker_id or 0))
        threading.Thread(target=_end_with, args=(_session[0],), name="session", daemon=True).start()
    return await call_next()


def hold(number: int) -> psycopg.Connection[Any]:
    """A session that holds the lock of this worker; the process ends when the worker was struck off meanwhile."""
    session = psycopg.connect(**connector_params(), autocommit=True)
    for each in PULSE:
        session.execute(each)
    session.execute("SELECT pg_advisory_lock(%s, %s)", [ALIVE, number])
    if session.execute("SELECT 1 FROM procrastinate_workers WHERE id = %s", [number]).fetchone() is None:
        _end("the worker was silent before it held its number, and its job was given away")
    return session


def _end_with(session: psycopg.Connection[Any]) -> None:
    try:
        for _notice in session.notifies():  # none is ever sent: this waits until the session is lost
            continue
    except psycopg.Error:
        _end("the worker has lost its database session")


def _end(why: str) -> None:
    """End at once: what this worker has begun may be another's by now, so nothing more of it may be written."""
    log.error("%s: it ends", why)
    os._exit(STRUCK_OFF)
