"""Child processes that do not outlive the one that started them.

On Linux the kernel itself sends a signal to a child when its parent ends, however it ended; grandchildren ask for it
themselves. What slips through all the same is found by a mark in its environment.
Elsewhere only the clean ways of stopping work.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing import parent_process
from pathlib import Path

MARK = "DOTPHA_STARTED_FOR"  # the data directory, in the environment of every process started for it
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
_LINUX = sys.platform.startswith("linux")
_LIBC = ctypes.CDLL(None) if _LINUX else None
_PROC = Path("/proc")


def dies_with_parent(number: int) -> Callable[[], None]:
    """For `preexec_fn`: the child gets signal `number` when its parent ends.

    The parent is the thread that starts the child, so a child must be started by the main thread.
    """
    parent = os.getpid()

    def arrange() -> None:
        if _LIBC is None:
            return
        _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, number)
        if os.getppid() != parent:  # it ended between fork and here
            os._exit(1)

    return arrange


def end_with_parent() -> None:
    """Let this process be killed when the one that started it ends, however that ends.

    For servers that `dotpha run` does not start itself: what it starts, it arranges by `dies_with_parent`. One whose
    parent has ended by now gets no signal any more, and ends at once.
    """
    if _LIBC is None or MARK not in os.environ:
        return
    starter = parent_process()
    parent = starter.pid if starter else os.getppid()
    _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def started_for(directory: Path) -> list[int]:
    """Processes, apart from this one, that were started for a data directory and still run."""
    wanted = f"{MARK}={directory}".encode()
    return [
        int(each.name)
        for each in _PROC.glob("[0-9]*")
        if int(each.name) != os.getpid() and wanted in _read(each / "environ").split(b"\0")
    ]


def end(pids: list[int], seconds: float = 5) -> None:
    """End processes: asked first, killed when they still run after `seconds`."""
    for number, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, seconds)):
        for pid in pids:
            send(pid, number)
        until = time.monotonic() + patience
        while pids and time.monotonic() < until:
            time.sleep(0.02)
            pids = [pid for pid in pids if is_running(pid)]


def end_group(group: int) -> None:
    """Kill what is left of a process group."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def send(pid: int, number: int) -> None:
    """Send a signal; a process that has ended meanwhile is none of our worries."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def is_running(pid: int) -> bool:
    """Whether a process runs; one that only waits to be buried does not."""
    state = _read(_PROC / str(pid) / "stat").rpartition(b") ")[2][:1]
    return state not in (b"", b"Z", b"X")


def program_of(pid: int) -> tuple[str, str]:
    """The name of a process's program and its working directory; empty when it cannot be told."""
    place = _PROC / str(pid)
    try:
        return Path(os.readlink(place / "exe")).name, os.readlink(place / "cwd")
    except OSError:
        return "", ""


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # ended meanwhile, or another user's
        return b""
