"""A real PostgreSQL for the tests, ready in a second.

The first run makes a cluster with a migrated template database under `var/test-template/<hash>/`
(the hash covers every migration). Each run copies that folder, starts the copy without fsync, and
gives every worker its own database cloned from the template. `DOTPHA_TEST_DATABASE_URL` names
another server instead: there the database is migrated once a run.
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

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DOTPHA_DATA_DIR", tempfile.mkdtemp(prefix="dotpha-test-data-"))
os.environ["DOTPHA_DEMO"] = "0"

from dotpha.platform.database import Cluster  # noqa: E402 -- after the data directory is named

TEMPLATE = "dotpha_template"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}
_APPS = ("django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "allauth", "axes",
         "procrastinate")  # fmt: skip


def _migrations_hash() -> str:
    """What a migrated database depends on: every migration, ours and the packages', and their helpers."""
    found = sorted(ROOT.glob("dotpha/*/migrations/*.py")) + [ROOT / "dotpha/platform/past.py"]
    for app in _APPS:
        spec = importlib.util.find_spec(app)
        for place in (spec.submodule_search_locations if spec else None) or []:
            found += sorted(Path(place).glob("**/migrations/*.py"))
    digest = hashlib.sha256()
    for path in found:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _template(key: str) -> Path:
    """The folder of a stopped cluster that holds the migrated template database; made once."""
    base = ROOT / "var" / "test-template"
    if os.geteuid() == 0:
        base = Path("/var/tmp/dotpha-test-template")
    base.mkdir(parents=True, exist_ok=True)
    with open(base / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        home = base / key
        if not (home / "ready").exists():
            shutil.rmtree(home, ignore_errors=True)
            cluster = Cluster(home, FAST).start()
            try:
                with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
                    connection.execute(f"CREATE DATABASE {TEMPLATE}")
                _migrate(cluster.dsn(TEMPLATE))
            finally:
                cluster.stop()
            (home / "ready").touch()
    return home


def _migrate(dsn: str) -> None:
    """In a process of its own: the settings of this one must not know the template."""
    code = "import django; django.setup(); from django.core.management import call_command as c; c('migrate', verbosity=0)"
    env = {**os.environ, "DOTPHA_DATABASE_URL": dsn, "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env=env)


def pytest_configure(config: pytest.Config) -> None:
    """Start this run's own cluster; workers clone from the controller's."""
    if os.environ.get("DOTPHA_TEST_DATABASE_URL"):
        os.environ["DOTPHA_DATABASE_URL"] = os.environ["DOTPHA_TEST_DATABASE_URL"]
        return
    if "PYTEST_XDIST_WORKER" in os.environ:
        os.environ["DOTPHA_DATABASE_URL"] = os.environ["DOTPHA_TEST_CLUSTER"]
        return
    home = Path(tempfile.mkdtemp(prefix="dotpha-test-pg-"))
    home.chmod(0o755)
    shutil.copytree(_template(_migrations_hash()), home / "pg", symlinks=True)
    (home / "pg" / "port").unlink(missing_ok=True)
    if os.geteuid() == 0:
            subprocess.run(["chown", "-R", "nobody", str(home / "pg")], check=True)
    cluster = Cluster(home / "pg", FAST).start()
    os.environ["DOTPHA_DATABASE_URL"] = os.environ["DOTPHA_TEST_CLUSTER"] = cluster.dsn("postgres")
    config.add_cleanup(lambda: (cluster.stop(), shutil.rmtree(home, ignore_errors=True)))


@pytest.fixture(scope="session")
def django_db_setup() -> Iterator[None]:
    """A database of this worker, cloned from the template: nothing is migrated here."""
    from django.conf import settings  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    server = os.environ["DOTPHA_DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        given = bool(os.environ.get("DOTPHA_TEST_DATABASE_URL"))
        connection.execute(f"CREATE DATABASE {name}" + ("" if given else f" TEMPLATE {TEMPLATE} STRATEGY FILE_COPY"))
    if given:
        _migrate(server.rpartition("/")[0] + f"/{name}")
    with psycopg.connect(f"{server.rpartition('/')[0]}/{name}", autocommit=True) as connection:
        # Tests with real transactions empty all tables after themselves, the record too.
        connection.execute("DROP TRIGGER never_emptied ON platform_auditevent")
        connection.execute("DROP TRIGGER never_emptied ON platform_seal")
    # Django read its settings before this server was there: tell it now.
    at = urlsplit(server)
    told = {"NAME": name, "USER": at.username, "PASSWORD": at.password, "HOST": at.hostname, "PORT": at.port}
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
