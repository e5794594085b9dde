"""A real PostgreSQL for the tests, ready in a second.

The first run makes a cluster with a migrated template database under `var/test-template/<hash>/`
(the hash covers every migration). Each worker of a run copies that folder and starts the copy
without fsync: a server of its own, since the order of the record waits for the oldest transaction
of a whole server, and would wait for the slow tests of another worker.
`DOTPHA_TEST_DATABASE_URL` names another server instead: there the database is migrated once a run.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from dotpha.platform.data_dir import own_folder  # noqa: E402 -- the checkout is importable only now
from dotpha.platform.database import Cluster  # noqa: E402

TEMPLATE = "dotpha_template"
# How long one example takes says what else the machine does, and tests run on every processor.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
TEMPLATES_KEPT = 3
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}
_APPS = ("django.contrib", "allauth", "axes", "procrastinate")  # other packages that bring migrations


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--seed N` repeats a fault run (`tests/resilience`)."""
    parser.addoption("--seed", type=int, default=None, help="repeat a fault run of tests/resilience with its seed")


def pytest_configure(config: pytest.Config) -> None:
    """Start this process's own cluster. One that leads workers runs no test: it makes the template for them."""
    given = os.environ.get("DOTPHA_TEST_DATABASE_URL")
    template = None if given else _template()
    home = Path(tempfile.mkdtemp(prefix="dotpha-test-"))
    home.chmod(0o755)
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    os.environ.update({"DOTPHA_DATA_DIR": str(home), "DOTPHA_DEMO": "0", "DOTPHA_SECRET_KEY": "for tests only " * 4})
    if given:
        os.environ["DOTPHA_DATABASE_URL"] = given
        return
    if "PYTEST_XDIST_WORKER" not in os.environ and config.getoption("numprocesses", None):
        return
    subprocess.run(["cp", "-a", "--reflink=auto", str(template), home / "pg"], check=True)
    (home / "pg" / "port").unlink()
    cluster = Cluster(home / "pg", FAST).start()
    config.add_cleanup(cluster.stop)  # before the folder goes: the last one added runs first
    os.environ["DOTPHA_DATABASE_URL"] = cluster.dsn("postgres")


def _template() -> Path:
    """The folder of a stopped cluster that holds the migrated template database; made once."""
    base = own_folder("var/test-template", "dotpha-test-template")
    base.mkdir(parents=True, exist_ok=True)
    home = base / _migrations_hash()
    with open(base / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "ready").exists():
            shutil.rmtree(home, ignore_errors=True)
            cluster = Cluster(home, FAST).start()
            try:
                cluster.ensure_database(TEMPLATE)
                _migrate(cluster.dsn(TEMPLATE))
            finally:
                cluster.stop()
            (home / "ready").touch()
            made = sorted(base.glob("*/ready"), key=lambda path: path.stat().st_mtime)
            for old in made[:-TEMPLATES_KEPT]:
                shutil.rmtree(old.parent, ignore_errors=True)
    return home


def _migrations_hash() -> str:
    """What a migrated database depends on: every migration, ours and the packages', and their helpers."""
    found = [*sorted(ROOT.glob("dotpha/*/migrations/*.py")), ROOT / "dotpha/platform/past.py"]
    for app in _APPS:
        spec = importlib.util.find_spec(app)
        for place in (spec.submodule_search_locations if spec else None) or []:
            found += sorted(Path(place).glob("**/migrations/*.py"))
    digest = hashlib.sha256()
    for path in found:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _migrate(dsn: str) -> None:
    """In a process of its own: the settings of this one must not know the template."""
    env = {**os.environ, "DOTPHA_DATABASE_URL": dsn, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "django", "migrate", "--skip-checks", "--verbosity", "0"]
    subprocess.run(command, check=True, cwd=ROOT, env=env)


@pytest.fixture(scope="session")
def django_db_setup() -> Iterator[None]:
    """A database of this worker, cloned from the template: nothing is migrated here."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    server = os.environ["DOTPHA_DATABASE_URL"]
    dsn = f"{server.rpartition('/')[0]}/{name}"
    _make_database(server, name, dsn)
    with psycopg.connect(dsn, autocommit=True) as connection:
        # Tests with real transactions empty all tables after themselves, the record too.
        connection.execute("DROP TRIGGER never_emptied ON platform_auditevent")
        connection.execute("DROP TRIGGER never_emptied ON platform_seal")
    yield from _tell_django(dsn)


def _make_database(server: str, name: str, dsn: str) -> None:
    given = "DOTPHA_TEST_DATABASE_URL" in os.environ
    source = "" if given else f" TEMPLATE {TEMPLATE} STRATEGY FILE_COPY"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}{source}")
    if given:
        _migrate(dsn)


def _tell_django(dsn: str) -> Iterator[None]:
    """Django read its settings before this database was there."""
    from django.conf import settings  # noqa: PLC0415 -- pytest-django sets Django up after this module
    from django.db import connections  # noqa: PLC0415

    at = urlsplit(dsn)
    told = {
        "NAME": at.path[1:],
        "USER": at.username,
        "PASSWORD": at.password,
        "HOST": at.hostname,
        "PORT": at.port,
    }
    settings.DATABASES["default"].update(told)
    connections["default"].settings_dict.update(told)
    yield
    connections.close_all()
    connections["default"].close_pool()


@pytest.fixture(autouse=True)
def no_outside_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that asks an outside host fails at once."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "local"
        if host not in ("127.0.0.1", "::1", "localhost", "local"):
            raise RuntimeError(f"a test asks an outside host: {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
