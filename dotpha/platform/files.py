"""Files that people give: kept by their content, read by whom may read the thing they belong to.

What a file is, its content says, never its name. Nothing is unpacked before its size is known.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice, audit, days, leftovers
from dotpha.platform.actors import Actor
from dotpha.platform.models import StoredFile
from dotpha.platform.refusals import Refused
from dotpha.platform.registry import registry
from dotpha.platform.subjects import split
from dotpha.platform.uploads import Upload


def path_of(sha256: str) -> Path:
    """Where a content lies: two letters a folder, so that no folder grows large."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def one_readable(by: Actor, pk: int) -> StoredFile:
    """The file, when this person may read the thing it belongs to; else as if it were not there."""
    stored = StoredFile.objects.filter(pk=pk).first()
    if stored is not None and may_read(by, stored.subject):
        return stored
    raise Refused("not_found", _("There is nothing here under this name."), do=advice.FIND, status=404)


def may_read(by: Actor, subject: str) -> bool:
    """Whether this person reads the thing of this name, and so what belongs to it. Of unknown kinds nobody does."""
    kind, key = split(subject)
    may = registry.file_readers.get(kind)
    return may is not None and may(by, key)


def open_stored(stored: StoredFile) -> BinaryIO:
    """The content, open for reading."""
    return open(path_of(stored.sha256), "rb")


def download_headers(name: str, media_type: str) -> dict[str, str]:
    """Headers under which a browser keeps a file and never runs it."""
    return {
        "Content-Type": media_type,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }


def _write(path: Path, data: bytes) -> None:
    """Write a content whole or not at all, and onto the disk before anything refers to it (F6). Two may write the
    same content at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as new:
        new.write(data)
        new.flush()
        os.fsync(new.fileno())
    Path(new.name).chmod(0o640)
    Path(new.name).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def keep(upload: Upload, subject: str, by: Actor) -> StoredFile:
    """Keep a file that was given with a form; who gave their word for it is recorded (K3)."""
    stored = store(
        data=upload.data, name=upload.name, media_type=upload.media_type, subject=subject, by=by,
        is_declared=upload.is_declared,
    )  # fmt: skip
    if upload.is_declared:
        audit.record("file.declared", subject, by, after={"name": stored.name, "sha256": stored.sha256})
    return stored


def store(*, data: bytes, name: str, media_type: str, subject: str, by: Actor, is_declared: bool = False) -> StoredFile:
    """Keep a checked file under its content; call inside the action it belongs to, whose refusal takes it away."""
    digest = hashlib.sha256(data).hexdigest()
    path = path_of(digest)
    leftovers.hold(digest)
    if not path.exists() or path.stat().st_size != len(data):
        leftovers.wrote(path)
        _write(path, data)
    return StoredFile.objects.create(
        sha256=digest,
        name=name,
        media_type=media_type,
        size=len(data),
        subject=subject,
        added_at=days.now(),
        added_by=by.key,
        is_declared=is_declared,
    )
