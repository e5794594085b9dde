"""Marks of State secrecy on a document (K3). Pure.

A mark stands alone on its line or in its cell, in a frame, or in capitals near the top ("MẬT", "TỐI MẬT", "TUYỆT MẬT"),
or in brackets after a number or title ("(Mật)"). The same word inside running text is none ("bảo mật", "an ninh mật
mã"), nor is half of a word that a line end cut in two ("BẢO VỆ BÍ / MẬT", "MẬT / ĐỘ DÂN SỐ").
"""

import re
from collections.abc import Iterable
from itertools import islice

from django.utils.translation import gettext_lazy as _

from dotpha.platform.refusals import Refused
from dotpha.platform.text import nfc

_WORDS = r"(tuyệt\s+mật|tối\s+mật|mật)"
_MARK = re.compile(rf"^\W*(?:độ\s+mật\s*:?\s*)?{_WORDS}\W*$", re.IGNORECASE)
_BRACKETED = re.compile(rf"[(\[]\s*(?:độ\s+mật\s*:?\s*)?{_WORDS}\s*[)\]]", re.IGNORECASE)
_APART = re.compile(r"\s{3,}|\t")
"""Between two texts that stand side by side on one line of a page."""
_CUT_BEFORE = re.compile(r"\b(?:bí|bảo|cơ|mẫu|thân|tuần)\W*$", re.IGNORECASE)
_CUT_AFTER = re.compile(r"^\W*(?:độ|mã|khẩu|thiết|vụ|thư|nghị|ước|ong)\b", re.IGNORECASE)
_LINES = 60  # a mark stands on the first page


def secret_mark(lines: Iterable[str]) -> str | None:
    """The mark of secrecy among the first lines of a document, or None."""
    pieces = [piece for line in islice(lines, _LINES) for piece in _APART.split(nfc(line).strip()) if piece.strip()]
    for at, piece in enumerate(pieces):
        found = _MARK.match(piece)
        if not found or found[1].islower():
            continue
        is_one_word = len(found[1].split()) == 1 and piece.strip() == found[1]
        before, after = pieces[at - 1] if at else "", pieces[at + 1] if at + 1 < len(pieces) else ""
        if not (is_one_word and (_CUT_BEFORE.search(before) or _CUT_AFTER.match(after))):
            return _said(found[1])
    return None


def _said(mark: str) -> str:
    return " ".join(mark.split()).capitalize()


def require_open(lines: Iterable[str], field: str = "file") -> None:
    """Refuse a document that bears a mark of State secrecy among its first lines."""
    _refuse(secret_mark(lines), field)


def require_open_words(words: str, field: str) -> None:
    """Refuse a number, title or mark that is a mark of State secrecy, or has one in brackets."""
    bracketed = next((each for each in _BRACKETED.finditer(nfc(words)) if not each[1].islower()), None)
    _refuse(_said(bracketed[1]) if bracketed else secret_mark([words]), field)


def _refuse(mark: str | None, field: str) -> None:
    if mark:
        raise Refused(
            "state_secret",
            _("This document is marked “%(mark)s”. It does not belong here: use the channel for State secrets."),
            field=field,
            mark=mark,
        )
