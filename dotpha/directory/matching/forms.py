"""The ways in which the name of an organisation may stand in a cell, as tuples of folded words. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dotpha.platform.text import fold, nfc

_WORD = re.compile(r"[^\W_]+")
# Short for other words, in names and cells alike.
_EXPANDED = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "tw": "trung uong",
    "tp": "thanh pho",
    "tphcm": "thanh pho ho chi minh",
    "hcm": "ho chi minh",
    "csdl": "co so du lieu",
    "csdlqg": "co so du lieu quoc gia",
}
# Names of groups as documents write them, by the key of the group in the directory.
GROUP_ALIASES: Mapping[str, Sequence[str]] = {
    "all-ministries": (
        "bộ, ngành", "bộ, ngành Trung ương", "bộ, cơ quan ngang bộ",
        "bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ",
        "bộ, ngành, cơ quan ngang bộ, cơ quan thuộc Chính phủ", "bộ, ban, ngành", "bộ, ban, ngành Trung ương",
    ),
    "all-localities": (
        "địa phương", "địa phương liên quan", "tỉnh, thành phố", "tỉnh, thành phố trực thuộc Trung ương",
        "UBND các tỉnh, thành phố", "UBND các tỉnh, thành phố trực thuộc Trung ương", "UBND cấp tỉnh",
        "UBND tỉnh, thành phố", "UBND tỉnh, thành phố trực thuộc Trung ương",
    ),
    "relevant-ministries": ("bộ, ngành liên quan", "bộ, ngành có liên quan", "bộ, cơ quan liên quan"),
    "all-enterprises": ("doanh nghiệp", "doanh nghiệp liên quan"),
    "database-owners": (
        "bộ, ngành, địa phương là chủ quản cơ sở dữ liệu",
        "bộ, ngành, địa phương là chủ quản cơ sở dữ liệu quốc gia",
        "bộ, ngành, địa phương là chủ quản cơ sở dữ liệu quốc gia, cơ sở dữ liệu chuyên ngành",
    ),
}  # fmt: skip

Form = tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A row of the directory: a body or group, its names and abbreviations, its days (last one included).

    `successors` are the keys of the bodies that replaced it, in order.
    """

    key: str
    names: Sequence[str]
    abbreviations: Sequence[str] = ()
    kind: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successors: Sequence[str] = ()

    def is_valid(self, on: date) -> bool:
        """Whether the body is there on a day."""
        return not (self.valid_from and on < self.valid_from) and not (self.valid_to and on > self.valid_to)

    def has_ended(self, on: date) -> bool:
        """Whether the body is no longer there on a day."""
        return self.valid_to is not None and on > self.valid_to


@dataclass(frozen=True)
class Word:
    """A folded word and where it stands in the cell."""

    folded: str
    first: int
    last: int


def words_of(text: str) -> list[Word]:
    found: list[Word] = []
    for word in _WORD.finditer(text):
        for folded in _expand(fold(word.group())):
            found.append(Word(folded, word.start(), word.end()))
    return found


def _expand(word: str) -> list[str]:
    return _EXPANDED.get(word, word).split()


def form_of(name: str) -> Form:
    """The words of a name that tell it apart: without "và", "các" and signs."""
    return tuple(each.folded for each in words_of(nfc(name)) if each.folded not in ("va", "cac", "co"))


def _initials(name: str) -> Form:
    """Bộ Văn hóa, Thể thao và Du lịch -> bo vh tt dl: the initials of each part after the first word."""
    words = nfc(name).split()
    parts = re.split(r",|\bvà\b|&|-", " ".join(words[1:]))
    initials = ["".join(fold(word)[0] for word in part.split()) for part in parts if part.strip()]
    return (fold(words[0]), *initials) if words and initials else ()


def name_forms(entry: Entry, name: str) -> list[Form]:
    form = form_of(name)
    forms = [form]
    if form[-2:] == ("viet", "nam") and len(form) > 4:
        forms.append(form[:-2])
    if form[:4] == ("uy", "ban", "nhan", "dan") and len(form) > 5:
        # "UBND Hưng Yên", "tỉnh Hưng Yên", "UBND tỉnh Hưng Yên" and the place's own name in a list of places.
        kind_words = 2 if form[4:6] == ("thanh", "pho") else 1
        forms += [form[:4] + form[4 + kind_words :], form[4:], form[4 + kind_words :]]
    if form[:1] == ("bo",) and entry.kind == "ministry":
        initials = _initials(name)
        forms += [initials, tuple(["".join(initials)]), tuple([initials[0], "".join(initials[1:])])]
        forms += [initials[1:]] if len(initials) > 2 else []
    return [each for each in forms if each]


def abbreviation_forms(abbreviation: str) -> list[Form]:
    words = tuple(fold(word) for word in _WORD.findall(nfc(abbreviation)))
    if not words:
        return []
    joined = "".join(words)
    forms = [words, (joined,)]
    if joined[0] == "b" and len(joined) > 2:
        # BKHCN is also written "Bộ KHCN" and, in a list, "KHCN".
        forms += [("bo", joined[1:])] + ([(joined[1:],)] if len(joined) > 3 else [])
    return forms
