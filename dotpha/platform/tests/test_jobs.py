"""Jobs: asked for in the caller's transaction, also by another job; taken up when their worker has ended, no sooner."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from smtplib import SMTPDataError, SMTPRecipientsRefused
from socket import gaierror
from typing import Any

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.functional import Promise
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from dotpha.platform import failures, jobs, worker
from dotpha.platform.models import JobFailure
from dotpha.platform.refusals import Refused

LINK = "accounts.send_link"


def rows(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def begun(*attempts: int, silent_for: int = 60) -> int:
    """A worker of that long ago in the midst of jobs begun that often before; answers its number."""
    [(number,)] = rows(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id",
        silent_for,
    )
    for each in attempts:
        jobs.defer(LINK, change=each)
        rows(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s WHERE status = 'todo'",
            number, each,
        )  # fmt: skip
    return int(number)


def states() -> list[tuple[int, str]]:
    return rows("SELECT (args->>'change')::int, status FROM procrastinate_jobs ORDER BY id")


@pytest.fixture(autouse=True)
def empty_queue(request: pytest.FixtureRequest) -> None:
    """The queue's tables are the library's: no test empties them afterwards."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("transactional_db" if is_real(request) else "db")
        rows("DELETE FROM procrastinate_periodic_defers")
        rows("DELETE FROM procrastinate_jobs")
        rows("DELETE FROM procrastinate_workers")


def is_real(request: pytest.FixtureRequest) -> bool:
    return bool(request.node.get_closest_marker("django_db").kwargs.get("transaction"))


@pytest.fixture
def session() -> Iterator[Any]:
    """Another session of the same database."""
    with psycopg.connect(**connector_params(), autocommit=True) as other:
        yield other


def test_every_job_says_to_people_what_it_does() -> None:
    ours = {name for name in app.tasks if not name.startswith(("builtin:", "procrastinate."))}
    assert ours
    assert ours == set(jobs.labels)
    assert all(isinstance(label, Promise) for label in jobs.labels.values())


@pytest.mark.django_db
def test_a_job_that_ends_every_worker_is_given_up() -> None:
    """Else one poisonous file would keep the whole queue from going on, for ever."""
    begun(0, 4, 5, 9)
    jobs.take_up_lost()
    assert states() == [(0, "todo"), (4, "todo"), (5, "failed"), (9, "failed")]
    assert rows("SELECT id FROM procrastinate_workers") == []
    assert set(JobFailure.objects.values_list("reason", flat=True)) == {"ended"}


@pytest.mark.django_db
def test_a_worker_keeps_its_job_while_it_is_heard_of() -> None:
    begun(0, silent_for=jobs.LOST_AFTER - 5)
    jobs.take_up_lost()
    assert states() == [(0, "doing")]


@pytest.mark.django_db
def test_a_silent_worker_keeps_its_job_while_it_lives(session: Any) -> None:
    number = begun(0)
    session.execute("SELECT pg_advisory_lock(%s, %s)", [worker.ALIVE, number])
    jobs.take_up_lost()
    assert states() == [(0, "doing")]
    session.execute("SELECT pg_advisory_unlock(%s, %s)", [worker.ALIVE, number])
    jobs.take_up_lost()
    assert states() == [(0, "todo")]


def wait_until_let_go(number: int) -> None:
    """PostgreSQL ends a session, and frees its locks, a moment after the client has closed it."""
    held = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s"
    end = time.monotonic() + 60
    while rows(held, worker.ALIVE, number):
        assert time.monotonic() < end, "the lock outlives its session"
        time.sleep(0.05)


class EndedError(Exception):
    """Stands for the end of the process."""


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_struck_off_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(why: str) -> None:
        raise EndedError(why)

    monkeypatch.setattr(worker, "_end", end)
    number = begun(0)
    with worker.hold(number):
        jobs.take_up_lost()
        assert states() == [(0, "doing")]
    wait_until_let_go(number)
    jobs.take_up_lost()
    assert states() == [(0, "todo")]
    with pytest.raises(EndedError, match="silent"):
        worker.hold(number)


@pytest.mark.django_db(transaction=True)
def test_a_worker_ends_with_its_session(monkeypatch: pytest.MonkeyPatch, session: Any) -> None:
    ended: list[str] = []
    monkeypatch.setattr(worker, "_end", ended.append)
    held = worker.hold(begun(0))
    session.execute("SELECT pg_terminate_backend(%s)", [held.info.backend_pid])
    worker._end_with(held)
    assert ended == ["the worker has lost its database session"]


@pytest.mark.django_db(transaction=True)
def test_within_a_worker_too_a_job_is_asked_for_in_the_transaction() -> None:
    def work() -> None:
        with transaction.atomic():
            jobs.defer(LINK, change=1)
            transaction.set_rollback(True)
        jobs.defer(LINK, change=2)
        connection.close()

    async def within_a_worker() -> None:
        async with app.open_async():
            await asyncio.to_thread(work)

    with app.replace_connector(app.connector.get_worker_connector()):
        asyncio.run(within_a_worker())
    assert states() == [(2, "todo")]


@pytest.mark.django_db
def test_a_job_that_nobody_registered_is_not_asked_for() -> None:
    with pytest.raises(KeyError):
        jobs.defer("nobody.knows")


ALONE = "accounts.keep_retention"


@pytest.mark.django_db
def test_a_job_that_is_alone_waits_once_whoever_asks_for_it() -> None:
    def waiting() -> int:
        return len(rows("SELECT id FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo'", ALONE))

    jobs.defer(ALONE)
    jobs.defer(ALONE)
    assert waiting() == 1
    rows("UPDATE procrastinate_jobs SET status = 'doing'")
    jobs.defer(ALONE)
    assert waiting() == 1, "one at work may have read what was written before"
    jobs.defer(LINK, change=1)
    jobs.defer(LINK, change=2)
    assert [state for _change, state in states()].count("todo") == 3


@pytest.mark.django_db(transaction=True)
def test_one_that_waits_already_begins_after_the_transaction_that_asks_again(session: Any) -> None:
    """Else it could miss what was written there."""
    take = "SELECT id FROM procrastinate_jobs WHERE status = 'todo' FOR UPDATE SKIP LOCKED"  # as the queue does
    jobs.defer(ALONE)
    with transaction.atomic():
        jobs.defer(ALONE)
        assert session.execute(take).fetchall() == []
    assert len(session.execute(take).fetchall()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_leave_one_waiting() -> None:
    go = threading.Barrier(2)

    def ask() -> None:
        with transaction.atomic():
            go.wait(10)
            jobs.defer(ALONE)
            time.sleep(0.2)
        connection.close()

    both = [threading.Thread(target=ask) for _n in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(20)
    assert rows("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'") == [(1,)]


@pytest.mark.django_db
def test_a_lost_job_that_is_alone_gives_way_to_one_that_was_asked_for_meanwhile() -> None:
    """Of those of one word one may wait; else nothing lost would be taken up any more."""
    worker_gone = begun(0)
    for state in ("doing", "todo"):
        jobs.defer(ALONE)
        rows("UPDATE procrastinate_jobs SET status = %s, worker_id = %s WHERE status = 'todo'", state, worker_gone)
    jobs.take_up_lost()
    found = rows("SELECT task_name, status FROM procrastinate_jobs ORDER BY task_name")
    assert found == [(ALONE, "todo"), (LINK, "todo")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "reason", "detail"),
    [
        (SMTPRecipientsRefused({"lan@example.vn": (550, b"no")}), "connection", "SMTPRecipientsRefused"),
        (SMTPDataError(554, b"refused"), "connection", "SMTPDataError 554"),
        (ConnectionRefusedError(111, "refused"), "connection", "ConnectionRefusedError 111"),
        (gaierror(-2, "unknown"), "connection", "gaierror -2"),
        (OSError(28, "full"), "storage", "OSError 28"),
        (OperationalError("gone"), "database", "OperationalError"),
        (InterfaceError("closed"), "database", "InterfaceError"),
        (Refused("file_gone", "x", status=404), "refused", "file_gone"),
        (KeyError("a secret"), "product", "KeyError"),
    ],
)
def test_why_a_job_failed_is_kept_without_the_words_of_the_error(error: Exception, reason: str, detail: str) -> None:
    failures.note(7, ValueError("before"))
    failures.note(7, error)
    [kept] = JobFailure.objects.all()
    assert (kept.job, kept.reason, kept.detail) == (7, reason, detail)
    jobs.take_up_lost()
    assert not JobFailure.objects.exists(), "kept of a job that is no more"


@pytest.mark.parametrize("lost", [OperationalError, InterfaceError])
def test_a_reason_that_cannot_be_kept_hides_no_error(monkeypatch: pytest.MonkeyPatch, lost: type[Exception]) -> None:
    def closed(*_given: Any) -> None:
        raise lost("the connection is closed")

    monkeypatch.setattr(failures, "keep", closed)
    failures.note(7, ValueError("the error itself"))
