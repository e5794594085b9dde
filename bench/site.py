"""The product under measurement: a data directory of its own for each sample, one signed-in reader."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

import psycopg

from dotpha.platform import data_dir
from tests.instance import Instance

LIST_SQL = """
    SELECT t.key, t.title, t.original_due_on FROM programmes_task t
    JOIN programmes_membership m ON m.task_id = t.id JOIN programmes_programme p ON p.id = m.programme_id
    WHERE p.key = %s AND t.completed_on IS NULL AND t.cancelled_on IS NULL ORDER BY t.original_due_on, t.key LIMIT 30"""
CHANGE_SQL = """
    UPDATE programmes_task SET original_due_on = original_due_on, version = version
    WHERE id = (SELECT max(id) FROM programmes_task WHERE is_sample AND completed_on IS NOT NULL) RETURNING id"""
EXPORT_SQL = """
    SELECT t.* FROM programmes_task t JOIN programmes_membership m ON m.task_id = t.id
    JOIN programmes_programme p ON p.id = m.programme_id WHERE p.key = 'sample-province'"""
SEARCH_SQL = """
    SELECT key, title FROM programmes_task WHERE words @@ '''xa'':*'::tsquery ORDER BY length(words), key LIMIT 30"""
SUMMARY_SQL = """
    SELECT a.organisation_id, count(*) FROM programmes_assignment a
    JOIN programmes_membership m ON m.task_id = a.task_id JOIN programmes_programme p ON p.id = m.programme_id
    WHERE p.key = 'sample-national' AND a.part = 'lead' GROUP BY 1"""


@dataclass
class Site:
    """A running instance and the ways to ask it; connections stay open."""

    instance: Instance
    connection: http.client.HTTPConnection
    database: psycopg.Connection[Any]
    token: str
    cookie: str

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> bytes:
        """One request over the kept connection; refuses an answer that is no success."""
        data = None if body is None else json.dumps(body)
        self.connection.request(method, path, data, headers or {})
        answer = self.connection.getresponse()
        said = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status} {said[:500]!r}")
        return said

    def api(self, path: str) -> Callable[[], None]:
        """Ask an address with the token."""
        return lambda: void(self.ask("GET", path, headers={"Authorization": f"Bearer {self.token}"}))

    def page(self, path: str) -> Callable[[], None]:
        """Ask a page of the desk with the session."""
        return lambda: void(self.ask("GET", path, headers={"Cookie": self.cookie}))

    def raw(self, sql: str, values: list[Any]) -> Callable[[], None]:
        """The same rows straight from the database."""
        return lambda: void(self.database.execute(sql, values).fetchall())

    def changes(self) -> Callable[[], None]:
        """Give one open task after the other a new due date."""
        rows = self.database.execute(
            "SELECT key, version FROM programmes_task WHERE is_sample AND completed_on IS NULL AND cancelled_on IS NULL"
            " AND original_due_on > now() AND started_on IS NULL ORDER BY key LIMIT 400"
        ).fetchall()
        turns = count()

        def change() -> None:
            turn = next(turns)
            key, version = rows[turn % len(rows)]
            due = date.today() + timedelta(days=200 + turn)
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            body = {"deadline": due.isoformat(), "version": version + turn // len(rows)}
            self.ask("PATCH", f"/api/v1/tasks/{key}", body, headers)

        return change


def void(_answer: object) -> None:
    """Nothing is kept of an answer."""


@contextmanager
def running(size: str) -> Iterator[Site]:
    """Start the product on the bench's own data, with the sample of this size alone, and sign in."""
    instance = Instance.make()
    instance.data = data_dir.own_folder("var", "dotpha") / "bench" / size
    instance.data.mkdir(parents=True, exist_ok=True)
    instance.env["DOTPHA_DATA_DIR"] = str(instance.data)
    instance.start()
    try:
        with psycopg.connect(_dsn(instance), autocommit=True) as database:
            _load(instance, database, size)
            connection = http.client.HTTPConnection("127.0.0.1", instance.port, timeout=120)
            yield Site(instance, connection, database, instance.token("office"), _sign_in(instance))
    finally:
        instance.stop()


def _dsn(instance: Instance) -> str:
    os.environ["DOTPHA_DATA_DIR"] = str(instance.data)
    return data_dir.dsn_from_data_dir()


def _load(instance: Instance, database: psycopg.Connection[Any], size: str) -> None:
    if not database.execute("SELECT 1 FROM programmes_programme WHERE is_sample").fetchall():
        print(f"… loading the sample of size {size}", file=sys.stderr)
        command = [sys.executable, "-m", "dotpha", "sample", "load", "--size", size]
        subprocess.run(command, env=instance.env, check=True, stdout=subprocess.DEVNULL)
    database.execute("VACUUM ANALYZE")


def _sign_in(instance: Instance) -> str:
    _status, headers, page = instance.request("GET", "/account/login/")
    cookies = [each.partition(";")[0] for each in headers.get("set-cookie", "").split(", ") if "=" in each]
    token = page.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    _status, headers, _page = instance.request(
        "POST", "/account/demo/office/", None,
        {"Cookie": "; ".join(cookies), "X-CSRFToken": token, "Content-Length": "0", "Referer": instance.url},
    )  # fmt: skip
    return "; ".join([*cookies, headers.get("set-cookie", "").partition(";")[0]])
