"""Work for later. The request is a row of the caller's transaction: no commit, no job."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import close_old_connections
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

P = ParamSpec("P")
R = TypeVar("R")

MOST_ATTEMPTS = 6
RETRIES = RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=4)  # 4, 16, 64 … seconds
LOST_AFTER = 30  # seconds; a worker at work gives a sign of life every ten


def job(name: str, queue: str = "default", cron: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function a job: key in, object read, action called. It runs at least once, so what
    it does must be right when repeated. With `cron` (minute hour day month weekday, UTC) it also runs by
    itself at those times; a time at which no worker ran is left out."""

    def register(work: Callable[P, R]) -> Callable[P, R]:
        @wraps(work)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            kwargs.pop("timestamp", None)  # the queue names the time that it ran for; no job of ours asks
            close_old_connections()
            try:
                return work(*args, **kwargs)
            finally:
                close_old_connections()

        task: Any = app.task(name=name, queue=queue, retry=RETRIES)(run)
        if cron:
            app.periodic(cron=cron)(task)
        return work

    return register


def defer(name: str, **arguments: Any) -> None:
    """Ask for a job in the caller's transaction."""
    app.configure_task(name, allow_unknown=False).defer(**arguments)


@app.periodic(cron="* * * * * */20")  # the last field: seconds
@app.task(name="platform.take_up_lost", queueing_lock="platform.take_up_lost", pass_context=True)
async def take_up_lost(context: JobContext, timestamp: int) -> None:
    """Jobs whose worker ended in their midst wait again: its sign of life is `LOST_AFTER` seconds old by then."""
    await _take_up(context.app.job_manager)


async def _take_up(manager: JobManager) -> None:
    """Let lost jobs wait again; one that was begun as often as any may be is given up, for it ends each worker."""
    for lost in await manager.get_stalled_jobs(seconds_since_heartbeat=LOST_AFTER):
        if lost.attempts + 1 < MOST_ATTEMPTS:
            await manager.retry_job(lost)
        else:
            await manager.finish_job(lost, Status.FAILED, delete_job=False)
