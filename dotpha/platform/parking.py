"""Files that wait between a look at them and the decision to keep them: for one person, for one day."""

from __future__ import annotations

import hashlib
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused

KEPT_SECONDS = 24 * 3600
ASKED = "asked"
"""What lies beside a file that somebody wished to import: with which corrections, to begin again with them."""


def _folder(by: Actor) -> Path:
    """The person's own folder: another one's key opens nothing here."""
    return Path(settings.DATA_DIR) / "parked" / hashlib.sha256(by.key.encode()).hexdigest()[:32]


def park(data: bytes, name: str, by: Actor) -> str:
    """Put a checked file aside; answers the key under which `parked` gives it back."""
    folder = _folder(by)
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder)
    key = hashlib.sha256(data).hexdigest()
    (folder / key).write_bytes(data)
    (folder / f"{key}.name").write_text(name, "utf-8")
    return key


def parked(key: str, by: Actor) -> tuple[bytes, str]:
    """A file put aside and its name; refused when it waits no longer."""
    path = _folder(by) / key
    if not is_key(key) or not path.exists() or _is_old(path):
        raise _gone()
    return path.read_bytes(), path.with_name(f"{key}.name").read_text("utf-8")


def beside(key: str, by: Actor, ending: str) -> Path:
    """Where something about a parked file is written down; it is cleared away like the file."""
    if not is_key(key):
        raise _gone()
    return _folder(by) / f"{key}.{ending}"


def all_beside(by: Actor, ending: str) -> list[Path]:
    """Everything of this kind that lies beside the person's files."""
    return sorted(_folder(by).glob(f"*.{ending}"))


def forget(key: str, by: Actor) -> None:
    """Take a file away once it was kept: it may hold names and addresses of people."""
    if is_key(key):
        for name in (key, f"{key}.name", f"{key}.{ASKED}"):
            (_folder(by) / name).unlink(missing_ok=True)


def is_key(key: str) -> bool:
    """Whether a text has the form of a key."""
    return len(key) == 64 and key.isalnum()


def _gone() -> Refused:
    return Refused("file_gone", _("This file waits no longer. Choose it again."), field="file", status=404)


def _is_old(path: Path) -> bool:
    return path.stat().st_mtime < time.time() - KEPT_SECONDS


def _clear(folder: Path) -> None:
    """Take away what waits too long, of everybody: whoever never comes back clears nothing."""
    for path in folder.parent.glob("*/*"):
        with suppress(FileNotFoundError):
            if _is_old(path):
                path.unlink()
