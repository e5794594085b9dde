"""The event process: seals the record and holds event streams open. Raw ASGI, no Django request.

`GET /live/events?token=…&after=N` answers with server-sent events, each `{"position": N}`: so much
of the record is sealed. A page then fetches what it shows, within its own session's rights. A slow
reader misses a turn and gets the newest position instead of a queue.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import psycopg  # noqa: E402 -- Django is set up first
from django.conf import settings  # noqa: E402
from django.db import DatabaseError, close_old_connections  # noqa: E402

from dotpha.platform import live_token, processes, seal  # noqa: E402

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
KEEP_ALIVE = 15.0  # seconds between comments on a quiet stream
SEAL_EVERY = 1.0  # seconds: the longest an event waits for its seal when no notice comes
PAUSE = 1.0  # seconds before a lost database is asked again
RECORDED = "dotpha_recorded"  # notified by the trigger that queues an event (migration 0002_record)
log = logging.getLogger("dotpha.live")


class Hub:
    """The newest sealed position, and everybody who waits for the next one."""

    def __init__(self) -> None:
        self.position = 0
        self._changed = asyncio.Event()

    def publish(self, position: int) -> None:
        """Wake every stream when the position has moved."""
        if position != self.position:
            self.position = position
            changed, self._changed = self._changed, asyncio.Event()
            changed.set()

    async def change(self) -> None:
        """Wait until the position moves."""
        await self._changed.wait()


hub = Hub()
_sealer = ThreadPoolExecutor(1, thread_name_prefix="sealer")


async def work() -> None:
    """Seal and publish for ever; begin again after a fault."""
    while True:
        try:
            await _follow()
        except (psycopg.Error, DatabaseError, OSError) as error:
            log.warning("the event process lost the database: %s", type(error).__name__)
        except Exception:  # the streams must not fall silent for good
            log.exception("the event process could not seal")
        await asyncio.sleep(PAUSE)


async def _follow() -> None:
    """Seal when told that something was recorded or sealed, and each second."""
    async with _connection() as connection:
        await connection.execute(f"LISTEN {RECORDED}")
        await connection.execute(f"LISTEN {seal.CHANNEL}")
        while True:
            hub.publish(await asyncio.get_running_loop().run_in_executor(_sealer, _seal))
            async for _notice in connection.notifies(timeout=SEAL_EVERY, stop_after=1):
                pass


@asynccontextmanager
async def _connection() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    given: Any = settings.DATABASES["default"]
    options = {name: value for name, value in given["OPTIONS"].items() if name != "pool"}
    connection = await psycopg.AsyncConnection.connect(
        host=given["HOST"], port=given["PORT"], user=given["USER"], password=given["PASSWORD"],
        dbname=given["NAME"], autocommit=True, **options,
    )  # fmt: skip
    async with connection:
        yield connection


def _seal() -> int:
    close_old_connections()
    try:
        return seal.seal_new()
    finally:
        close_old_connections()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Streams at /live/events, a sign of life at /live/healthz, nothing else."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["path"] == "/live/healthz":
        await _answer(send, 200)
    elif scope["path"] == "/live/events" and scope["method"] == "GET":
        await _events(scope, receive, send)
    else:
        await _answer(send, 404)


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    processes.end_with_parent()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # a stream is an open file
    task = asyncio.ensure_future(work())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    task.cancel()
    await send({"type": "lifespan.shutdown.complete"})


async def _answer(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b""})


async def _events(scope: Scope, receive: Receive, send: Send) -> None:
    query = parse_qs(scope["query_string"].decode("ascii", "replace"))
    headers = dict(scope["headers"])
    if headers.get(b"origin", settings.BASE_URL.encode()) != settings.BASE_URL.encode():
        await _answer(send, 403)
    elif live_token.check(query.get("token", [""])[0]) is None:
        await _answer(send, 401)
    else:
        await send(_opening())
        await _stream(_last_seen(headers, query), receive, send)


def _last_seen(headers: dict[bytes, bytes], query: dict[str, list[str]]) -> int:
    """The position the reader has: what it got last, else what it asks for, else the newest."""
    for told in (headers.get(b"last-event-id", b"").decode("ascii", "replace"), query.get("after", [""])[0]):
        if told.isascii() and told.isdigit() and len(told) <= 19:
            return int(told)
    return hub.position


def _opening() -> Message:
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"access-control-allow-origin", settings.BASE_URL.encode()),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
    ]
    return {"type": "http.response.start", "status": 200, "headers": headers}


async def _stream(seen: int, receive: Receive, send: Send) -> None:
    """Frames until the reader leaves; the first one at once, so that it knows the stream stands."""
    gone = asyncio.ensure_future(_left(receive))
    frame = b"retry: 2000\n\n"
    while not gone.done():
        if hub.position > seen:
            seen = hub.position
            frame += b'id: %d\ndata: {"position": %d}\n\n' % (seen, seen)
        await send({"type": "http.response.body", "body": frame or b": still here\n\n", "more_body": True})
        frame = b""
        if hub.position <= seen:  # else it moved while the frame went out
            change = asyncio.ensure_future(hub.change())
            await asyncio.wait({change, gone}, timeout=KEEP_ALIVE, return_when=asyncio.FIRST_COMPLETED)
            change.cancel()
    gone.cancel()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
