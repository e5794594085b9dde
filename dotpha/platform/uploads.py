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
ANSI = "ANSI"
"""What programs call a text in the code page of its own country."""


@dataclass(frozen=True)
class Upload:
    """A file that was given with a form, checked by its content; one that could not be read, by the word of a person
    that it bears no mark of State secrecy (`is_declared`)."""

    data: bytes
    name: str
    media_type: str
    is_declared: bool = False


def checked(given: Any, allowed: tuple[str, ...] = EVERY_KIND, *, declared: bool = False) -> Upload:
    """The content, the safe name and the type of an uploaded file; refused as the limits of files say, when its name or
    first page bears a mark of State secrecy, and when nothing can read that page and nobody `declared` it to bear none
    (K3).
    """
    if given.size > inspection.MOST_BYTES:
        raise Refused(
            "file_too_large",
            _("This file is larger than 50 MB. Give a smaller one, or a link to it."),
            field="file",
            status=413,
        )
    data = given.read()
    found = inspection.inspect(data, given.name, allowed)
    classification.require_open_words(found.name.rpartition(".")[0] or found.name, "file")
    is_read = require_open_file(data, found.kind)
    if not is_read and not declared:
        raise Refused(
            "file_unread",
            _(
                "The check cannot read this file (picture, scan, locked, too long). "
                "Look at it and tick that it bears no mark of State secrecy."
            ),
            field="file",
        )
    return Upload(data, found.name, found.media_type, is_declared=not is_read)


def require_open_file(data: bytes, kind: str) -> bool:
    """Refuse a file with a password, one whose first page bears a mark of State secrecy, and a text that is not in
    Unicode. Answers whether that page could be read: not that of a picture or scan, nor one that takes too long.

    Nor a PDF that is locked in a way unknown here, which other programs may open. Any other damaged file bears no mark
    that anybody could read.
    """
    if kind not in WITH_WORDS:
        return False
    try:
        said = read_apart(kind, data, SECONDS_TO_READ, FIRST_PAGE)
    except TookTooLongError:
        return False
    if said["outcome"] == "locked":
        raise inspection.locked()
    pages = [words for _page, words in said["passages"]]
    if kind == "csv" and said["outcome"] == "damaged":  # no UTF-8
        pages = [data[:FORMER_BYTES].decode("cp1252", errors="replace")]
    classification.require_open(line for words in pages for line in words.splitlines())
    if kind == "csv":
        classification.require_unicode(pages[0] if pages else "", fallback=ANSI if said["outcome"] == "damaged" else "")
    is_locked = said["outcome"] == "damaged" and b"/Encrypt" in data
    return said["outcome"] != "empty" and not is_locked
