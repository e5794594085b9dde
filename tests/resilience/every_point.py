"""A job that is killed, or meets an error, at one of its points: each SQL statement, letter, file and process (F3).

The job runs in this process, on a real PostgreSQL. The test's own transaction stands for the database, so a savepoint
of the job stands for its transaction: released is committed, and what a killed job has open is lost. A killed job does
nothing more: whatever it tries on its way out, in `except` and `finally`, is refused.
"""

from __future__ import annotations

import errno
import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from smtplib import SMTPServerDisconnected
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.apps import apps
from django.core import mail
from django.core.mail.backends import locmem
from django.db import OperationalError, connection, models
from procrastinate.contrib.django import app

from dotpha.platform import jobs
from dotpha.platform.models import AuditEvent, Unsealed

FILES = ("write_text", "write_bytes", "replace", "rename", "unlink", "touch")
ERRORS: dict[str, Exception] = {
    "SQL": OperationalError("the server closed the connection unexpectedly"),
    "mail": SMTPServerDisconnected("Connection unexpectedly closed"),
    "file": OSError(errno.ENOSPC, "No space left on device"),
    "process": OSError(errno.EAGAIN, "Resource temporarily unavailable"),
    "begin": MemoryError(),
    "end": MemoryError(),
}
"""What goes wrong at a point of a kind, when nobody kills."""


class Killed(BaseException):
    """kill -9: no `except Exception` meets it."""


@dataclass
class Points:
    """The points of a job as it runs; at number `at` it is killed, or meets an error where `by_error`."""

    at: int = 0
    by_error: bool = False
    always: bool = False  # at this point in every run, not in the first alone
    count: int = 0
    where: str = ""
    is_on: bool = False
    is_dead: bool = False
    outermost: str = ""

    def reach(self, kind: str, what: str = "") -> None:
        """One more point; here it may end."""
        if self.is_dead:
            raise Killed
        if not self.is_on:
            return
        self.count += 1
        if self.count != self.at:
            return
        self.where, self.is_on = f"{kind} {what}", False
        if self.by_error:
            raise ERRORS[kind]
        if self.outermost:  # what is open is lost
            with connection.cursor() as cursor:
                cursor.execute(f"ROLLBACK TO SAVEPOINT {self.outermost}")
        self.is_dead = True
        raise Killed

    def sql(self, execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        """Around every statement; the release of the outermost savepoint is the commit."""
        words = str(sql).split()
        is_end = words[0] in ("RELEASE", "ROLLBACK")
        if self.is_dead and is_end:
            return None  # the way out of a process that is no more
        if words[0] != "ROLLBACK":
            self.reach("SQL", " ".join(words)[:90])
        if self.is_on and words[0] == "SAVEPOINT" and not self.outermost:
            self.outermost = words[1]
        answer = execute(sql, values, many, context)
        if words[0] == "RELEASE" and words[-1] == self.outermost:
            self.outermost = ""
        return answer

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Reach a point at everything that a job does to what lies outside of it."""
        with connection.execute_wrapper(self.sql), mock.patch.multiple(Path, **self._files()):
            send, run = locmem.EmailBackend.send_messages, subprocess.run
            with (
                mock.patch.object(locmem.EmailBackend, "send_messages", self._before("mail", send)),
                mock.patch.object(subprocess, "run", self._before("process", run)),
                mock.patch.object(jobs, "close_old_connections"),  # the test's own transaction lies on this one
            ):
                yield

    def _files(self) -> dict[str, Any]:
        return {name: self._before("file", getattr(Path, name), name) for name in FILES}

    def _before(self, kind: str, do: Callable[..., Any], what: str = "") -> Callable[..., Any]:
        def reached(*values: Any, **named: Any) -> Any:
            self.reach(kind, what)
            return do(*values, **named)

        return reached


# --- the worker -----------------------------------------------------------------------------------


def rows(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def new_worker() -> int:
    return int(rows("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")[0][0])


def end_worker(number: int) -> None:
    """It has been silent for long, and its lock is free; another worker looks for what it left."""
    rows("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour' WHERE id = %s", number)
    jobs.take_up_lost()


def work_off(kind: str, points: Points) -> None:
    """Do what is in the queue as the worker does, jobs that others ask for too, until nothing waits."""
    worker = new_worker()
    while True:
        number, name, arguments, attempts = rows(
            "SELECT id, task_name, args::text, attempts FROM procrastinate_fetch_job_v2(NULL, %s)", worker
        )[0]
        if number is None:
            return
        points.is_on = name == kind and (not points.where or points.always)
        points.count = 0 if points.always else points.count
        try:
            _run(points, number, name, json.loads(arguments))
        except Killed:
            _forget(points)
            end_worker(worker)
            worker = new_worker()
        except Exception:
            _forget(points)
            _again_or_failed(number, attempts)
        else:
            rows("SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)", number)


def _run(points: Points, number: int, name: str, arguments: dict[str, Any]) -> None:
    task: Any = app.tasks[name]
    with points.watched():
        points.reach("begin")
        task.func(SimpleNamespace(job=SimpleNamespace(id=number)), **arguments)
        points.reach("end")
    points.is_on = False


def _forget(points: Points) -> None:
    """The next process knows nothing of the one before."""
    points.is_on, points.is_dead, points.outermost = False, False, ""
    connection.needs_rollback = False


def _again_or_failed(number: int, attempts: int) -> None:
    if attempts + 1 < jobs.MOST_ATTEMPTS:
        rows("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", number)
    else:
        rows("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", number)


# --- what came of it ------------------------------------------------------------------------------


@dataclass
class Outcome:
    """Every row of ours and what is left in the queue, without numbers and moments; the letters that were sent."""

    held: Counter[Any] = field(default_factory=lambda: Counter(_held()))
    queue: Counter[Any] = field(
        default_factory=lambda: Counter(rows("SELECT task_name, status FROM procrastinate_jobs"))
    )
    letters: Counter[Any] = field(default_factory=lambda: Counter(_letters()))


def _letters() -> Iterator[tuple[str, ...]]:
    """To whom, of what and in which words; an address to open bears a number."""
    for each in mail.outbox:
        yield (*each.to, each.subject, re.sub(r"http\S+", "…", str(each.body)))


def _held() -> Iterator[tuple[str, ...]]:
    for model in apps.get_models():
        if model is not Unsealed and model.__module__.startswith("dotpha.") and model._meta.label != _REASONS:
            names = [each.attname for each in model._meta.concrete_fields if _is_compared(each)]
            yield from ((model._meta.label, *map(str, row)) for row in model._default_manager.values_list(*names))


_REASONS = "platform.JobFailure"  # goes with its job, by and by


def _is_compared(each: Any) -> bool:
    by_chance = each.name == "password" or (each.model is AuditEvent and each.name == "xid")
    return not (each.primary_key or by_chance or isinstance(each, models.DateTimeField | models.ForeignKey))
