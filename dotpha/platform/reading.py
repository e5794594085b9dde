"""The text of a file, read in a process of its own, or that of its first page.

`python -m dotpha.platform.reading KIND [first] < FILE` prints JSON.
A file comes from outside and may be made to hang or to swell. So this process bounds its own memory and processor
time, and `reading_apart.py` ends it when it takes too long. It knows neither Django nor the database, and loads of the
libraries only the one that the file needs: each upload waits for it.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

MEMORY = 1_500_000_000
"""Bytes of address space."""
SECONDS = 60
"""Of the processor."""
MOST_SIGNS = 2_000_000
"""Signs of one file; what is behind them is left out, and said so."""
LONGEST_PASSAGE = 20_000
"""Signs of one passage. Its folded words stay under the megabyte that one search vector may have."""

Page = tuple[int | None, str]


class LockedError(Exception):
    """The file opens with a password only."""


def _pdf(data: bytes) -> Iterator[Page]:
    import pypdf  # noqa: PLC0415 -- only what this file needs

    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):  # one locked against changes only opens without a password
        raise LockedError
    for number, page in enumerate(reader.pages, 1):
        # By where the letters stand: many files take a marked letter from another font, and read in the order of
        # writing "điểm" would come as "đi ể m".
        yield number, page.extract_text(extraction_mode="layout", layout_mode_strip_rotated=False)


def _docx(data: bytes) -> Iterator[Page]:
    """Every paragraph in its order, those in tables, footnotes of the page, and text boxes too."""
    import docx  # noqa: PLC0415 -- only what this file needs
    from docx.oxml.ns import qn  # noqa: PLC0415

    body = docx.Document(io.BytesIO(data)).element.body
    yield None, "\n".join("".join(run.text or "" for run in each.iter(qn("w:t"))) for each in body.iter(qn("w:p")))


def _xlsx(data: bytes) -> Iterator[Page]:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 -- only what this file needs

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        yield None, "\n".join(" ".join(str(cell) for cell in row if cell != "") for row in rows)


def _text(data: bytes) -> Iterator[Page]:
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    yield None, data.decode("utf-16" if is_wide else "utf-8-sig")


def _picture(_data: bytes) -> Iterator[Page]:
    yield None, ""


READERS: Mapping[str, Callable[[bytes], Iterator[Page]]] = {
    "pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "csv": _text, "png": _picture, "jpg": _picture, "webp": _picture,
}  # fmt: skip


def passages(pages: Iterator[Page]) -> tuple[list[Page], bool]:
    """The pages in pieces of at most `LONGEST_PASSAGE`, cut at ends of lines; and whether something is left out.

    A page that cannot be read ends the reading: what stands before it is kept.
    """
    found: list[Page] = []
    left = MOST_SIGNS
    try:
        for number, text in pages:
            found += [(number, piece) for piece in _pieces(text[:left]) if piece.strip()]
            left -= len(text)
            if left < 0:
                return found, True
    except Exception:  # the readers raise errors of every kind over a damaged file
        if not found:
            raise
        return found, True
    return found, False


def _pieces(text: str) -> Iterator[str]:
    while len(text) > LONGEST_PASSAGE:
        end = text.rfind("\n", 1, LONGEST_PASSAGE)
        end = LONGEST_PASSAGE if end < 0 else end
        yield text[:end]
        text = text[end:]
    yield text


def answer(kind: str, data: bytes, most_pages: int | None = None) -> dict[str, Any]:
    """What was read, as it is printed. `outcome`: read, empty, locked or damaged. Without `most_pages` all is read."""
    try:
        found, is_cut = passages(islice(READERS[kind](data), most_pages))
    except LockedError:
        return {"outcome": "locked", "is_cut": False, "passages": []}
    except Exception:  # as above
        return {"outcome": "damaged", "is_cut": False, "passages": []}
    return {"outcome": "read" if found else "empty", "is_cut": is_cut, "passages": found}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    json.dump(answer(sys.argv[1], sys.stdin.buffer.read(), 1 if "first" in sys.argv[2:] else None), sys.stdout)
