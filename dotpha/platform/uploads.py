"""Files that come with a form: taken as bytes, checked by their content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.platform import classification, inspection
from dotpha.platform.reading_apart import FIRST_PAGE, TookTooLongError, read_apart
from dotpha.platform.refusals import Refused

EVERY_KIND = tuple(inspection.MEDIA_TYPES)
WITH_WORDS = ("pdf", "docx", "xlsx", "csv")
SECONDS_TO_READ = 15
"""A person waits for the first page; its file as a whole is read later."""
FORMER_BYTES = 100_000
"""Of a text in a former encoding: what a mark is looked for in."""


@dataclass(frozen=True)
class Upload:
    """A file that was given with a form, checked by its content."""

    data: bytes
    name: str
    media_type: str


def checked(given: Any, allowed: tuple[str, ...] = EVERY_KIND) -> Upload:
    """The content, the safe name and the type of an uploaded file; refused as the limits of files say, and when its
    first page bears a mark of State secrecy (K3)."""
    if given.size > inspection.MOST_BYTES:
        raise Refused(
            "file_too_large",
            _("This file is larger than 50 MB. Give a smaller one, or a link to it."),
            field="file",
            status=413,
        )
    data = given.read()
    found = inspection.inspect(data, given.name, allowed)
    require_open_file(data, found.kind)
    return Upload(data, found.name, found.media_type)


def require_open_file(data: bytes, kind: str) -> None:
    """Refuse a file whose first page bears a mark of State secrecy. A page that cannot be read bears none that is
    known: a picture, a damaged file, one that takes too long."""
    if kind not in WITH_WORDS:
        return
    try:
        said = read_apart(kind, data, SECONDS_TO_READ, FIRST_PAGE)
    except TookTooLongError:
        return
    pages = [words for _page, words in said["passages"]]
    if kind == "csv" and not pages:  # no UTF-8: older programs write the Vietnamese code page of Windows
        pages = [data[:FORMER_BYTES].decode("cp1258", errors="replace")]
    classification.require_open(line for words in pages for line in words.splitlines())
