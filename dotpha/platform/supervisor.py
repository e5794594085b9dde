"""`dotpha run`: one process tree of database, site, event process and worker.

The supervisor starts them, watches them, starts again one that died, and stops them in order:
event process, site, worker, database. A crash of the supervisor ends its children; what survives
even that, the next start finds by its mark and ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.utils.translation import gettext_lazy as _

from dotpha.platform import data_dir, prepared, processes
from dotpha.platform.children import Child, children, prepare_command
from dotpha.platform.database import AlreadyRunning, Cluster
from dotpha.platform.refusals import Refused

READY_WITHIN = 120.0  # seconds from the start of the site until it must answer
FIRST_DEATHS = 3  # a site that dies more often before it ever answered will not answer
LOOK_EVERY = 0.1  # seconds
SHORTLY = 2.0  # seconds before a process is killed that outlived its supervisor or its database
SECRETS = ("secret_key", "demo_password")


def say(line: str) -> None:
    """A line for the person at the terminal; the two lines programs read go to standard output."""
    print(line, file=sys.stderr, flush=True)


def address(host: str, port: int) -> str:
    """The site's address for a browser on this machine."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    return host in ("localhost", "::1") or host.startswith("127.")


@dataclass
class Supervisor:
    """One start of the product, until a signal ends it."""

    host: str
    port: int
    demo: bool
    data: Path = field(default_factory=data_dir.data_dir)
    cluster: Cluster | None = None
    children: list[Child] = field(default_factory=list)
    stopping: bool = False
    lock: IO[str] | None = None

    def run(self) -> int:
        """Start everything and stay until SIGINT or SIGTERM; answers the exit status."""
        if self.demo and not is_loopback(self.host):
            raise Refused(
                "demo_in_public",
                _("Demonstration accounts are for this machine only: set DOTPHA_HOST or DOTPHA_DEMO=0."),
            )
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, self._stop_soon)
        if not self._take_data_dir():
            return self._point_to_the_first()
        try:
            return self._run()
        finally:
            self._stop_all()

    def _run(self) -> int:
        processes.end(processes.started_for(self.data), SHORTLY)
        if data_dir.free_port(self.port, self.host) != self.port:
            raise Refused(
                "port_taken",
                _("Another program uses port %(port)s. Set DOTPHA_PORT to a free one."),
                port=self.port,
            )
        for name in SECRETS:
            data_dir.secret(name, make=True)
        if not os.environ.get("DOTPHA_DATABASE_URL"):
            say("Starting the database ...")
            self.cluster = Cluster(self.data / "pg").start()
            self.cluster.ensure_database()
        status = self._prepare()
        return status if status or self.stopping else self._serve()

    def _take_data_dir(self) -> bool:
        """Own the data directory; False when another start owns it."""
        if not self.data.exists():
            self.data.mkdir(parents=True)
            self.data.chmod(0o755)  # the database's user passes through; secrets have their own mode
        for name in ("run", "static", "media"):
            (self.data / name).mkdir(exist_ok=True)
        self.lock = open(self.data / "run" / "lock", "a+")  # noqa: SIM115 -- held until the end
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.lock.close()
            return False
        (self.data / "run" / "state").unlink(missing_ok=True)
        self._write_state("")
        return True

    def _write_state(self, live: str) -> None:
        state = {"pid": os.getpid(), "site": address(self.host, self.port), "live": live}
        new = self.data / "run" / "state.new"
        new.write_text(json.dumps(state))
        new.replace(self.data / "run" / "state")

    def _point_to_the_first(self) -> int:
        """A second start of the same data: say where the first one answers."""
        for _try in range(50):  # the first may have taken the lock this very moment
            if first := read_state(self.data):
                print(f"Dotpha is already running: {first['site']}/", flush=True)
                return 0
            time.sleep(LOOK_EVERY)
        raise AlreadyRunning("data_dir_in_use", _("Another process uses %(data)s."), data=self.data, status=409)

    def _prepare(self) -> int:
        """Bring the database to this release unless it is known to be there; 0 when it is."""
        if self.cluster and prepared.is_prepared(self.data, self.cluster.dsn(), demo=self.demo):
            return 0
        say("Bringing the data to this release; the first time takes a minute ...")
        work = Child("prepare", prepare_command(), self.data, self._environment(), quiet=False)
        work.start()
        while work.is_alive():
            if self.stopping:
                work.stop()
                return 0
            time.sleep(LOOK_EVERY)
        if work.status == 0 and self.cluster:
            prepared.remember(self.data, self.cluster.dsn(), demo=self.demo)
        return work.status

    def _environment(self, live: str = "") -> dict[str, str]:
        return {
            **os.environ,
            "DOTPHA_BASE_URL": os.environ.get("DOTPHA_BASE_URL") or address(self.host, self.port),
            "DOTPHA_LIVE_URL": os.environ.get("DOTPHA_LIVE_URL") or live,
            "DOTPHA_HOST": self.host,
            "DOTPHA_PORT": str(self.port),
            "DOTPHA_DEMO": "1" if self.demo else "0",
            "DOTPHA_DATA_DIR": str(self.data),
            processes.MARK: str(self.data),
        }

    def _serve(self) -> int:
        live_port = data_dir.free_port(int(os.environ.get("DOTPHA_LIVE_PORT") or self.port + 1), self.host)
        live = address(self.host, live_port)
        self.children = children(self.data, self._environment(live), self.host, self.port, live_port)
        self._write_state(live)
        say("Starting the site ...")
        begin, told = time.monotonic(), False
        while not self.stopping:
            self._watch()
            if not told and answers(self.host, self.port):
                told = True
                print(f"Dotpha is ready: {address(self.host, self.port)}/", flush=True)
            if not told and (time.monotonic() - begin > READY_WITHIN or self.children[0].deaths > FIRST_DEATHS):
                say(f"The site does not answer. Its log ends:\n{self.children[0].log_end()}")
                return 1
            time.sleep(LOOK_EVERY)
        return 0

    def _watch(self) -> None:
        if self.cluster and not self.cluster.is_alive():
            say("The database ended; it is started again.")
            port = self.cluster.port
            self.cluster.restart()
            for child in self.children:
                # The worker has lost what it listened on; the others ask anew, if they know the port.
                if child.name == "worker" or self.cluster.port != port:
                    child.stop(SHORTLY)
        for child in self.children:
            if child.watch(time.monotonic()):
                say(f"{child.name} ended with {child.status}; it is started again. Its log: {child.log}")

    def _stop_soon(self, *_signal: object) -> None:
        self.stopping = True

    def _stop_all(self) -> None:
        order = {"live": 0, "site": 1, "worker": 2}
        for child in sorted(self.children, key=lambda each: order[each.name]):
            child.stop()
        if self.cluster:
            self.cluster.stop()
        if self.lock:
            (self.data / "run" / "state").unlink(missing_ok=True)
            self.lock.close()


def read_state(data: Path) -> dict[str, str] | None:
    """Where the running start of a data directory answers (`site`, `live`); None when none runs."""
    with contextlib.suppress(OSError, ValueError):
        state: dict[str, str] = json.loads((data / "run" / "state").read_text())
        return state if processes.is_running(int(state["pid"])) else None
    return None


def answers(host: str, port: int, path: str = "/readyz") -> bool:
    """Whether a server of ours answers 200 there."""
    connection = http.client.HTTPConnection(address(host, port).rpartition(":")[0][7:].strip("[]"), port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
