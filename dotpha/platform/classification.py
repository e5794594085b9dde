"""Marks of State secrecy on a document (K3). Pure.

A mark stands alone on its line or in its cell, in a frame, or in capitals near the top ("MẬT", "TỐI MẬT", "TUYỆT MẬT"),
or in brackets after a number or title ("(Mật)"). The same word inside running text is none ("bảo mật", "an ninh mật
mã"), nor is half of a word that a line end cut in two ("BẢO VỆ BÍ / MẬT", "MẬT / ĐỘ DÂN SỐ"). A mark in a former
encoding ("TUYÖT MËT") is one as well.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from itertools import islice

from django.utils.translation import gettext_lazy as _

from dotpha.platform import former_encodings
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
_LIKE_ONE = re.compile(r"\bm\S{1,2}t\b", re.IGNORECASE)
"""What may be a mark, in whatever encoding."""
_ENDS = r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]"
_GAP = r"\s(?:[^\w\s]*\s){2}"  # signs that nobody sees may stand between the blanks
_PERHAPS = re.compile(rf"m\S{{1,4}}t[^\w\n]*?(?:$|[)\]]|{_GAP}|{_ENDS})", re.IGNORECASE)
"""The same before it is composed, at the end of a line, cell or brackets: most texts are none at the first look."""
_BEGINS = re.compile(rf"[(\[]|{_GAP}|{_ENDS}")
_MOST_BEFORE, _MOST_LETTERS = 60, 24
"""Signs before such a word that are looked at, and letters of a whole mark, in whatever encoding."""


def secret_mark(lines: Iterable[str], most: int | None = _LINES) -> str | None:
    """The mark of secrecy among the first lines of a document (None: among all lines), or None."""
    first = list(islice(lines, most))
    return next(filter(None, map(_mark_of, _readings(first))), None)


def _readings(lines: list[str]) -> Iterator[list[str]]:
    """The lines as they stand, and as they read in each former encoding where one of them may bear a mark."""
    yield lines
    if any(_LIKE_ONE.search(line) for line in lines):
        for turn in former_encodings.WAYS.values():
            yield [turn(line) for line in lines]


def _mark_of(lines: Iterable[str]) -> str | None:
    pieces = [piece for line in lines for piece in _APART.split(nfc(line).strip()) if piece.strip()]
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
    """Refuse a number, title or text that has a mark of State secrecy alone on any line, or in brackets."""
    if not _may_bear(words):
        return
    said = (found for [reading] in _readings([words]) for found in _BRACKETED.finditer(nfc(reading)))
    bracketed = next((each for each in said if not each[1].islower()), None)
    _refuse(_said(bracketed[1]) if bracketed else secret_mark(words.splitlines(), None), field)


def _may_bear(words: str) -> bool:
    """Whether a text may bear a mark, told before it is turned from former encodings, which takes long."""
    return any(_may_be(words[max(0, found.start() - _MOST_BEFORE) : found.end()]) for found in _PERHAPS.finditer(words))


def _may_be(words: str) -> bool:
    """Whether these words, which end like a mark, have capitals and no more letters than one."""
    said = _BEGINS.split(words.rstrip())[-1]
    return not words.islower() and sum(map(str.isalpha, said)) <= _MOST_LETTERS


def require_open_texts(**said: str) -> None:
    """Refuse, at its own field, a free text that bears a mark of State secrecy or is not in Unicode (K3, B6)."""
    for field, words in said.items():
        require_open_words(words, field)
        require_unicode(words, field)


def texts_within(field: str, value: object) -> Iterator[tuple[str, str]]:
    """Every text in what an action was given, with the name of its field: of mappings, rows and lists as well."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts_within(field, each)
    elif is_dataclass(value):
        for part in fields(value):
            yield from texts_within(part.name, getattr(value, part.name))
    elif isinstance(value, Sequence | Set) and not isinstance(value, bytes):
        for each in value:
            yield from texts_within(field, each)


def require_open_values(given: Mapping[str, object]) -> None:
    """Refuse, at its own field, any text among these values that bears a mark of State secrecy (K3)."""
    for name, value in given.items():
        for field, words in texts_within(name, value):
            require_open_words(words, field)


def require_unicode(words: str, field: str = "file", fallback: str = "") -> None:
    """Refuse a text in a former encoding: it would be found by nobody. `fallback` names one that cannot be told."""
    encoding = former_encodings.encoding_of(words) or fallback
    if encoding:
        raise Refused(
            "old_encoding",
            _(
                "This text is in %(encoding)s, not in Unicode. "
                "Turn it into Unicode (UTF-8), for example with UniKey, and give it again."
            ),
            field=field,
            encoding=encoding,
        )


def _refuse(mark: str | None, field: str) -> None:
    if mark:
        raise Refused(
            "state_secret",
            _("This document is marked “%(mark)s”. It does not belong here: use the channel for State secrets."),
            field=field,
            mark=mark,
        )
