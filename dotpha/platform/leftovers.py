"""Contents that were written for a change that did not come about: no transaction takes its bytes back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

from django.apps import apps
from django.db import Error, connection, transaction

_written: ContextVar[list[Path] | None] = ContextVar("written", default=None)


def hold(sha256: str) -> None:
    """Let nobody else write or take away this content before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sha256[:15], 16)])


def wrote(path: Path) -> None:
    """A content was written for the change under way."""
    kept = _written.get()
    if kept is not None:
        kept.append(path)


@contextmanager
def taken_away() -> Iterator[None]:
    """What is written inside goes again when the change is refused, unless another record has the same content."""
    outer = _written.get()
    written = [] if outer is None else outer
    before = len(written)
    token = _written.set(written)
    try:
        yield
    except BaseException:
        while len(written) > before:
            with suppress(Error, OSError):  # what stays costs room only; why the change failed is told
                _take_away(written.pop())
        raise
    finally:
        _written.reset(token)


def _take_away(path: Path) -> None:
    with transaction.atomic():
        hold(path.name)
        if not apps.get_model("platform", "StoredFile")._default_manager.filter(sha256=path.name).exists():
            path.unlink(missing_ok=True)
