"""The text of a kept file, bounded in time and size, whatever the file is made of (B6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dotpha.documents.models import FileText
from dotpha.platform import classification, files, former_encodings, inspection, text
from dotpha.platform.models import StoredFile
from dotpha.platform.reading_apart import TookTooLongError, read_apart

LONGEST_SECONDS = 120
"""On the clock: a machine may have other work."""
_KINDS = {media_type: kind for kind, media_type in inspection.MEDIA_TYPES.items()}


@dataclass(frozen=True)
class Reading:
    """What a file says, in passages; each with its page where the file has pages."""

    outcome: str
    is_cut: bool = False
    passages: tuple[tuple[int | None, str], ...] = ()


def read(stored: StoredFile) -> Reading:
    """The text of a kept file. Never an error: what cannot be read says so by its outcome."""
    kind = _KINDS.get(stored.media_type, "")
    try:
        with files.open_stored(stored) as content:
            said = read_apart(kind, content, LONGEST_SECONDS)
    except TookTooLongError:
        return Reading(FileText.Outcome.TOO_LONG)
    except OSError:
        return Reading(FileText.Outcome.DAMAGED)
    if stored.is_declared and _is_marked(said["passages"]):
        return Reading(FileText.Outcome.MARKED)
    cleaned = tuple((page, text.clean(former_encodings.in_unicode(words))) for page, words in said["passages"])
    outcome = FileText.Outcome.DAMAGED if said["outcome"] == "locked" else said["outcome"]
    return Reading(outcome, said["is_cut"], cleaned)


def _is_marked(passages: Sequence[tuple[int | None, str]]) -> bool:
    """Whether the first page that has words bears a mark of State secrecy (K3): nobody could ask it when the file was
    given on somebody's word."""
    first = (words for page, words in passages if page == passages[0][0])
    return classification.secret_mark(line for words in first for line in words.splitlines()) is not None
