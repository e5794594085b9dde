"""Jobs whose worker was lost."""

from __future__ import annotations

import asyncio
from typing import Any

from procrastinate.jobs import Job, Status

from dotpha.platform import jobs


class Manager:
    """A queue with these lost jobs; it keeps what is done about them."""

    def __init__(self, *attempts: int) -> None:
        self.lost = [
            Job(id=n, queue="default", lock=None, queueing_lock=None, task_name="x", attempts=n) for n in attempts
        ]
        self.done: list[tuple[str, int]] = []

    async def get_stalled_jobs(self, seconds_since_heartbeat: float) -> list[Job]:
        return self.lost

    async def retry_job(self, job: Job) -> None:
        self.done.append(("again", job.attempts))

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        assert not delete_job
        self.done.append((status.value, job.attempts))


def test_a_job_that_ends_every_worker_is_given_up() -> None:
    """Else one poisonous file would keep the whole queue from going on, for ever."""
    manager: Any = Manager(0, 4, 5, 9)
    asyncio.run(jobs._take_up(manager))
    assert manager.done == [("again", 0), ("again", 4), ("failed", 5), ("failed", 9)]
