"""A running Dotpha for journeys and fault tests: the real command, an empty data directory, a free port."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dotpha.platform import processes

ROOT = Path(__file__).resolve().parents[1]
COMMAND = Path(sys.executable).with_name("dotpha")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@dataclass
class Instance:
    """One `dotpha run`. `start` waits until it says that it is ready."""

    data: Path
    port: int
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    tokens: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, **env: str) -> Instance:
        """A new, empty instance that is not started yet."""
        data = Path(tempfile.mkdtemp(prefix="dotpha-test-"))
        data.chmod(0o755)
        port = free_port()
        kept = {k: v for k, v in os.environ.items() if k not in ("DOTPHA_DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
        return cls(
            data,
            port,
            {**kept, "DOTPHA_DATA_DIR": str(data), "DOTPHA_PORT": str(port), "DOTPHA_DEMO": "1", **env},
        )

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Instance]:
        """A new instance that is up, and gone afterwards. It ends as it should: by itself, without complaint."""
        instance = cls.make()
        try:
            instance.start()
            yield instance
            assert instance.stop() == 0, instance.log.read_text()[-3000:]
        finally:
            instance.remove()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"

    def start(self, seconds: float = 180) -> float:
        """Start and wait; answers how long it took, in seconds."""
        begin = time.monotonic()
        with open(self.log, "ab") as out:
            before = out.tell()
            self.process = subprocess.Popen(
                [str(COMMAND), "run"], cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip
        while time.monotonic() - begin < seconds:
            if self.process.poll() is not None:
                raise AssertionError(
                    f"dotpha run ended with {self.process.returncode}:\n{self.log.read_text()[-3000:]}"
                )
            if b"Dotpha is ready: " in self.log.read_bytes()[before:]:
                return time.monotonic() - begin
            time.sleep(0.1)
        raise AssertionError(f"not ready in {seconds} s:\n{self.log.read_text()[-3000:]}")

    def is_ready(self) -> bool:
        try:
            return self.request("GET", "/readyz", timeout=2)[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def stop(self) -> int:
        """End as Ctrl-C does."""
        if self.process is None or self.process.poll() is not None:
            return 0
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(40)

    def left(self) -> list[int]:
        """Every process that runs for the data directory: the supervisor, its children, the database's."""
        place = str(self.data / "pg" / "data")
        servers = [int(each.name) for each in Path("/proc").glob("[0-9]*")
                   if processes.program_of(int(each.name)) == ("postgres", place)]  # fmt: skip
        own = [self.process.pid] if self.process and self.process.poll() is None else []
        return [*own, *servers, *processes.started_for(self.data)]

    def kill(self) -> None:
        """A crash of everything at once: nobody is asked, and nobody has the time to end well."""
        for pid in self.left():
            processes.send(pid, signal.SIGKILL)
        if self.process:
            self.process.wait(10)

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.data, ignore_errors=True)
        self.log.unlink(missing_ok=True)

    def command(self, *arguments: str, stdin: str | None = None) -> str:
        done = subprocess.run(
            [str(COMMAND), *arguments], cwd=ROOT, env=self.env, input=stdin, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-2000:]
        return done.stdout

    def token(self, user: str) -> str:
        if user not in self.tokens:
            self.tokens[user] = self.command("token", "create", user).strip().splitlines()[-1]
        return self.tokens[user]

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        timeout: float = 60,
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            data = None if body is None else json.dumps(body).encode()
            given = {"Content-Type": "application/json"} if data is not None else {}
            connection.request(method, path, data, {**given, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def api(self, method: str, path: str, user: str | None = None, body: Any = None, **headers: str) -> tuple[int, Any]:
        given = {k.replace("_", "-"): v for k, v in headers.items()}
        if user:
            given["Authorization"] = f"Bearer {self.token(user)}"
        status, _headers, data = self.request(method, f"/api/v1{path}", body, given)
        return status, json.loads(data) if data else None
