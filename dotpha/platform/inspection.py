"""What a given file is, from its content: kind, size, digest, a safe name. Refuses what is not what it says.

Bounds (reliability B1 to B5): 50 MB a file, 300 MB unpacked, 2,000 members, 200 times its packed size, no archive in
an archive, no macro, no document type definition, nothing that is fetched from elsewhere.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice, text
from dotpha.platform.refusals import Refused

MOST_BYTES = 50_000_000
MOST_UNPACKED = 300_000_000
MOST_MEMBERS = 2_000
MOST_RATIO = 200
LONGEST_NAME = 200
_RATIO_FROM = 1_000_000  # small files may pack very well
_PIECE, _OVERLAP = 1_000_000, 16
_REMOTE = re.compile(
    rb'TargetMode\s*=\s*"External"[^>]*(?:attachedTemplate|oleObject|frame|subDocument)', re.IGNORECASE
)
_REMOTE_KIND = re.compile(
    rb'(?:attachedTemplate|oleObject|frame|subDocument)"[^>]*TargetMode\s*=\s*"External"', re.IGNORECASE
)
BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError, OverflowError,
    RuntimeError,
)  # fmt: skip
"""What reading an archive raises: a wrong checksum, a broken stream or directory, an encrypted part."""
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Those of office files; others may ask for memory without bound."""
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "csv": "text/csv",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
"""The part of a DOCX or XLSX with a password that holds the file itself."""
_SIGNS: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("pdf", lambda data: data.startswith(b"%PDF-")),
    ("png", lambda data: data.startswith(b"\x89PNG\r\n\x1a\n")),
    ("jpg", lambda data: data.startswith(b"\xff\xd8\xff")),
    ("webp", lambda data: data.startswith(b"RIFF") and data[8:12] == b"WEBP"),
)


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: what it is, how large, its SHA-256, and a name that harms nobody."""

    kind: str
    media_type: str
    size: int
    sha256: str
    name: str


def inspect(data: bytes, name: str, allowed: tuple[str, ...] = tuple(MEDIA_TYPES)) -> Checked:
    """Look at a file. Refuses with 413 what is too large, 415 what is of another kind, 422 what is harmful."""
    if len(data) > MOST_BYTES:
        raise Refused(
            "file_too_large",
            _("This file has more than %(most)s MB."),
            do=advice.SMALLER_FILE,
            field="file",
            status=413,
            most=MOST_BYTES // 1_000_000,
        )
    if not data:
        raise Refused("file_empty", _("This file is empty."), do=advice.OTHER_FILE, field="file")
    safe = safe_name(name)
    kind = kind_of(data)
    ending = PurePosixPath(safe).suffix.lower().lstrip(".").replace("jpeg", "jpg").replace("txt", "csv")
    if ending != kind and (ending in allowed or kind in allowed):  # what neither says nor is may not be taken at all
        raise Refused(
            "file_not_what_it_says",
            _("The name of this file ends in “%(ending)s”, but its content is of the kind %(kind)s."),
            do=advice.OTHER_FILE,
            field="file",
            status=415,
            ending=ending[:20],
            kind=_("unknown") if kind == "unknown" else kind,
        )
    if kind not in allowed:
        raise Refused(
            "file_kind",
            _("A file of this kind cannot be taken here. Possible are: %(kinds)s."),
            do=advice.OTHER_FILE,
            field="file",
            status=415,
            kinds=", ".join(allowed),
        )
    return Checked(kind, MEDIA_TYPES[kind], len(data), hashlib.sha256(data).hexdigest(), safe)


def safe_name(name: str) -> str:
    """The last part of a file name, composed, without control and direction marks, at most 200 signs."""
    plain = text.one_line(text.clean(name)).replace("\\", "/").rpartition("/")[2].strip(" .")
    stem, dot, ending = plain.rpartition(".")
    short = (
        f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if dot and len(ending) < 10 else plain[:LONGEST_NAME]
    )
    return short or "file"


def kind_of(data: bytes) -> str:
    """The kind of a content, or "unknown". An office file is opened only as far as its bounds are known."""
    for kind, is_one in _SIGNS:
        if is_one(data):
            return kind
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data)
    if data.startswith(_OLE) and _LOCKED_OFFICE in data:
        raise locked()
    return "csv" if _is_text(data) else "unknown"


def _is_text(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True  # of an encoding that the table reader refuses with its own sentence
    return b"\x00" not in data[:100_000]


def _office_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _archive_kind(archive, len(data))
    except BROKEN:
        raise _broken() from None


def _archive_kind(archive: zipfile.ZipFile, packed: int) -> str:
    members = archive.infolist()
    _require_bounds(members, packed)
    names = {each.filename for each in members}
    kind = "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else "unknown"
    if kind == "unknown":
        return kind
    if any(name.endswith("vbaProject.bin") for name in names):
        raise _harmful(_("This file carries a program (macro). Save it without macros."), do="")
    for member in members:
        _require_harmless(archive, member)
    return kind


def _require_bounds(members: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(each.file_size for each in members)
    too_dense = unpacked > _RATIO_FROM and unpacked > packed * MOST_RATIO
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or too_dense:
        raise Refused(
            "file_bomb",
            _("Unpacked, this file would have more than %(most)s MB or too many parts."),
            do=advice.SMALLER_FILE,
            field="file",
            status=413,
            most=MOST_UNPACKED // 1_000_000,
        )
    for each in members:
        if each.compress_type not in _PACKINGS:
            raise _broken()
        path = PurePosixPath(each.filename.replace("\\", "/"))
        is_link = (each.external_attr >> 16) & 0o170000 == 0o120000
        if path.is_absolute() or ".." in path.parts or is_link:
            raise _harmful(_("A part of this file points outside of it."))
        if each.filename.lower().endswith((".zip", ".7z", ".rar", ".docm", ".exe")):
            raise _harmful(_("This file carries another archive or a program."))


def _require_harmless(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    if not member.filename.endswith((".xml", ".rels")):
        return
    with archive.open(member) as part:
        seen = b""
        while piece := part.read(_PIECE):
            seen += piece
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                raise _harmful(_("This file carries a document type definition, which is not taken."))
            seen = seen[-_OVERLAP:]
    if member.filename.endswith(".rels"):
        content = archive.read(member)
        if _REMOTE.search(content) or _REMOTE_KIND.search(content):
            raise _harmful(_("This file would fetch parts from elsewhere."))


def _broken() -> Refused:
    return Refused("file_broken", _("This file is damaged and cannot be opened."), do=advice.SAVE_FILE, field="file")


def locked() -> Refused:
    """The refusal of a file with a password: what nobody can look into may bear a mark of State secrecy (K3)."""
    return Refused(
        "file_locked",
        _("This file is locked with a password and cannot be checked. Take the password away and give it again."),
        field="file",
    )


def _harmful(sentence: object, do: object = advice.WITHOUT) -> Refused:
    return Refused("file_harmful", sentence, do=do, field="file")  # type: ignore[arg-type]
