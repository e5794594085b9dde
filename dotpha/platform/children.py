"""The processes that `dotpha run` keeps: how each is started, watched, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from dotpha.platform import processes

LONGEST_PAUSE = 2.0  # seconds between two starts of a child that keeps dying; killed from outside, it is soon back
STEADY_AFTER = 60.0  # seconds after which earlier deaths no longer count
STOP_PATIENCE = 10.0  # seconds for a clean end
LONGEST_LOG = 10 * 2**20  # bytes; a longer one is put aside at the next start
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Child:
    """A process of ours. Its group is its own, so Ctrl-C reaches the supervisor alone."""

    name: str
    command: list[str]
    data: Path
    env: dict[str, str]
    quiet: bool = True  # its output goes to its log, not to the terminal
    process: subprocess.Popen[bytes] | None = None
    status: int = 0
    deaths: int = 0
    started: float = 0.0
    start_after: float = field(default=0.0)

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self.data / "logs" / f"{self.name}.log"

    def start(self) -> None:
        """Start it. It gets SIGTERM when the supervisor ends without having stopped it."""
        self.log.parent.mkdir(exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(self.log, "ab") as log:
            out = log if self.quiet else None
            self.process = subprocess.Popen(
                self.command, env=self.env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True, preexec_fn=processes.dies_with_parent(signal.SIGTERM),
            )  # fmt: skip
        self.started = time.monotonic()

    def is_alive(self) -> bool:
        """Whether it runs; when it has ended, its status is kept and nothing of its group is left."""
        if self.process is None:
            return False
        code = self.process.poll()
        if code is None:
            return True
        self.status = code
        processes.end_group(self.process.pid)
        self.process = None
        return False

    def watch(self, now: float) -> bool:
        """Start it unless it runs, after a pause that grows with its deaths; True when it has just died."""
        had = self.process is not None
        if self.is_alive():
            return False
        if had:
            self.deaths = 1 if now - self.started > STEADY_AFTER else self.deaths + 1
            self.start_after = now + min(0.1 * 2**self.deaths, LONGEST_PAUSE)
        if now >= self.start_after:
            self.start()
        return had

    def stop(self, seconds: float = STOP_PATIENCE) -> None:
        """Ask it to end; kill it with all its group when it does not."""
        if self.process is None or not self.is_alive():
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        processes.end_group(self.process.pid)
        self.process = None

    def log_end(self, lines: int = 30) -> str:
        """The last lines of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def _granian(host: str, port: int, interface: str, workers: str, more: str, target: str) -> list[str]:
    shared = f"--interface {interface} --workers {workers} --port {port} --no-ws --log-level warning {more}"
    return [sys.executable, "-m", "granian", "--host", host, *shared.split(), target]


def site_command(host: str, port: int) -> list[str]:
    """The site: Django over WSGI in DOTPHA_WORKERS processes (2)."""
    workers = os.environ.get("DOTPHA_WORKERS") or "2"
    more = "--blocking-threads 2 --respawn-failed-workers --respawn-interval 0.5 --workers-kill-timeout 8"
    return _granian(host, port, "wsgi", workers, more, "config.web:application")


def live_command(host: str, port: int) -> list[str]:
    """The event process: one loop. Open streams are cut when it stops."""
    more = "--loop uvloop --backlog 4096 --workers-kill-timeout 2"
    return _granian(host, port, "asgi", "1", more, "config.live:application")


def worker_command() -> list[str]:
    """The worker of the job queue."""
    return [sys.executable, "-m", "dotpha", "worker"]


def prepare_command() -> list[str]:
    """Migrations, data pack, demonstration accounts; ends by itself."""
    return [sys.executable, "-m", "dotpha", "prepare"]


def children(data: Path, env: dict[str, str], host: str, port: int, live_port: int) -> list[Child]:
    """The three that stay, not started yet; the site first, so that it answers soonest."""
    return [
        Child("site", site_command(host, port), data, env),
        Child("live", live_command(host, live_port), data, env),
        Child("worker", worker_command(), data, env),
    ]
