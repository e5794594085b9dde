"""The words of strangers' files, read by `reading` in a process that is ended when it takes too long."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, BinaryIO

FIRST_PAGE = "first"


class TookTooLongError(Exception):
    """The reading went beyond its bounds of time, memory or processor."""


def read_apart(kind: str, content: BinaryIO | bytes, seconds: int, *part: str) -> dict[str, Any]:
    """What `reading.answer` says of a content of a kind; `FIRST_PAGE` as `part`: of its first page alone.

    `seconds` on the clock. Raises `TookTooLongError`. The process is given nothing of the environment, in which keys
    and passwords stand.
    """
    command = [sys.executable, "-I", "-m", "dotpha.platform.reading", kind, *part]
    given: dict[str, Any] = {"env": {}} | ({"input": content} if isinstance(content, bytes) else {"stdin": content})
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds, **given)
    except subprocess.TimeoutExpired:
        raise TookTooLongError from None
    if done.returncode:
        raise TookTooLongError  # its bounds ended it
    said: dict[str, Any] = json.loads(done.stdout)
    return said
