"""Plain text of a document -> parts, chapters, articles, clauses, points, annexes with addresses (B2). Pure.

Two ways of numbering are told apart by the lines themselves: laws and decrees (điều, khoản, điểm:
"art-5.2.a") and Party documents (I, II, III; 1, 2, 3; a, b, c: "III.2.a"). Annexes are "annex-II" and hold
either. Articles are numbered through a whole document, so their address does not name the chapter.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from dotpha.platform.text import fold, nfc


class Kind(StrEnum):
    """What a provision is."""

    PREAMBLE = "preamble"
    PART = "part"
    CHAPTER = "chapter"
    SECTION = "section"
    ARTICLE = "article"
    CLAUSE = "clause"
    POINT = "point"
    ANNEX = "annex"


@dataclass(frozen=True)
class Provision:
    """One provision: its address, its parent's address (None at the top), label as printed, heading, text."""

    address: str
    kind: Kind
    parent: str | None
    label: str
    heading: str = ""
    text: str = ""


@dataclass(frozen=True)
class _Mark:
    """What the beginning of a line announces. `rank` orders what may stand within what."""

    kind: Kind
    rank: int
    number: str
    label: str
    rest: str


_RANKS = {
    Kind.ANNEX: 0, Kind.PART: 1, Kind.CHAPTER: 2, Kind.SECTION: 3, Kind.ARTICLE: 4, Kind.CLAUSE: 5,
    Kind.POINT: 7,
}  # fmt: skip
_SUBCLAUSE_RANK = 6
_ORDINALS = {
    "nhat": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9, "muoi": 10,
}  # fmt: skip
_NAMED = re.compile(
    r"(?P<word>phu luc|phan|chuong|muc|dieu)\s+(?:thu\s+)?(?:so\s+)?"
    r"(?P<number>[0-9]{1,4}[a-zđ]?|[ivxlc]+|[a-zđ]+)"
    r"(?=\s*(?:[.:\-–—]|$|\s))",
)
_NAMED_KINDS = {
    "phu luc": Kind.ANNEX, "phan": Kind.PART, "chuong": Kind.CHAPTER, "muc": Kind.SECTION,
    "dieu": Kind.ARTICLE,
}  # fmt: skip
_PREFIXES = {
    Kind.ANNEX: "annex",
    Kind.PART: "part",
    Kind.CHAPTER: "chapter",
    Kind.SECTION: "section",
    Kind.ARTICLE: "art",
}
_ROMAN_LINE = re.compile(r"(?P<number>[IVXLC]{1,7})\s*[.\-–—)]\s*(?=\S)")
_CLAUSE_LINE = re.compile(r"(?P<number>[0-9]{1,3})[.)]\s+(?=\S)")
_SUBCLAUSE_LINE = re.compile(r"(?P<number>[0-9]{1,3}(?:\.[0-9]{1,3}){1,3})\.?\s+(?=\S)")
_POINT_LINE = re.compile(r"(?P<number>[a-zđ])\)\s*(?=\S)")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_LONGEST_GAP = 20
_FOOTNOTES = "⁰¹²³⁴⁵⁶⁷⁸⁹"  # "Điều 1²": the number of a footnote, which folding makes a plain digit


def roman_value(text: str) -> int | None:
    """The value of a well-formed Roman number up to 399, or None."""
    if not text or any(letter not in _ROMAN_VALUES for letter in text):
        return None
    values = [_ROMAN_VALUES[letter] for letter in text]
    total = sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))
    return total if roman(total) == text else None


def roman(number: int) -> str:
    """A number from 1 in Roman letters."""
    written = ""
    for value, letters in (
        (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        count, number = divmod(number, value)
        written += letters * count
    return written


def _named_mark(line: str) -> _Mark | None:
    """Phụ lục II, Phần thứ nhất, Chương III, Mục 2, Điều 5."""
    # Folding keeps the number of letters of a composed Vietnamese line, so the places agree.
    folded = fold(line)
    match = _NAMED.match(folded) if len(folded) == len(line) else None
    if not match:
        return None
    kind = _NAMED_KINDS[match["word"]]
    written = match["number"]
    value = roman_value(written.upper())
    if written[0].isdigit():
        number = line[match.start("number") : match.end("number")].rstrip(_FOOTNOTES).casefold() or written
    elif value:
        number = written.upper() if kind is Kind.ANNEX else str(value)
    elif written in _ORDINALS and kind in (Kind.PART, Kind.CHAPTER):
        number = str(_ORDINALS[written])
    elif kind is Kind.ANNEX and len(written) == 1:
        number = written.upper()
    else:
        return None
    rest = line[match.end() :]
    # "Điều 5 của Luật này ..." is a reference within a sentence, not a heading.
    if rest.strip() and not re.match(r"\s*[.:\-–—]", rest) and kind is not Kind.ANNEX:
        return None
    return _Mark(kind, _RANKS[kind], number, line[: match.end()].strip(), rest.lstrip(" .:-–—\t"))


def _is_named(mark: _Mark) -> bool:
    """Whether a line names what it opens ("Điều 5"), so that its number needs no check."""
    return mark.kind in _PREFIXES and mark.label != mark.number


def _numbered_mark(line: str) -> _Mark | None:
    """III. ..., 2. ..., 2.1. ..., a) ..."""
    match = _ROMAN_LINE.match(line)
    if match and roman_value(match["number"]):
        label, rest = match["number"], line[match.end() :]
        return _Mark(Kind.PART, _RANKS[Kind.PART], match["number"], label, rest)
    match = _SUBCLAUSE_LINE.match(line)
    if match:
        return _Mark(Kind.CLAUSE, _SUBCLAUSE_RANK, match["number"], match["number"], line[match.end() :])
    for pattern, kind in ((_CLAUSE_LINE, Kind.CLAUSE), (_POINT_LINE, Kind.POINT)):
        match = pattern.match(line)
        if match:
            return _Mark(kind, _RANKS[kind], match["number"], match[0].strip(), line[match.end() :])
    return None


def _address(parent: Provision | None, mark: _Mark) -> str:
    """Where a provision stands. Chapters and sections are left out of what stands within them."""
    prefix = _PREFIXES.get(mark.kind)
    if mark.kind is Kind.PART and not mark.label[0].islower() and roman_value(mark.label):
        prefix = None
    own = f"{prefix}-{mark.number}" if prefix else mark.number
    if mark.rank == _SUBCLAUSE_RANK:
        own = mark.number.rsplit(".", 1)[1]
    if parent is None:
        return own
    if mark.kind is Kind.ARTICLE:
        annex = parent.address.split(".")[0]
        return f"{annex}.{own}" if annex.startswith("annex-") else own
    return f"{parent.address}.{own}"


class _Builder:
    """Goes through the lines and keeps the open provisions, outermost first."""

    def __init__(self) -> None:
        self.done: list[Provision] = []
        self.open: list[tuple[int, int]] = []  # rank, place in `done`
        self.last: dict[tuple[int | None, int], int] = {}  # (parent's place, rank) -> number seen last
        self.taken: dict[str, int] = {}

    def _parent(self, rank: int) -> int | None:
        return next((at for held, at in reversed(self.open) if held < rank), None)

    def follows(self, mark: _Mark) -> bool:
        """Whether a numbered line goes on where its fellows stopped; else the number belongs to the text."""
        parent = self._parent(mark.rank)
        before = self.last.get((parent, mark.rank))
        if mark.kind is Kind.POINT:
            return parent is not None and self.done[parent].kind in (Kind.CLAUSE, Kind.ARTICLE, Kind.PART)
        if mark.kind is Kind.PART:
            value = roman_value(mark.number) or 0
            # "I." opens a row; a later letter such as "C." goes on only with what came before.
            return value == 1 if before is None else value == before + 1
        if mark.rank == _SUBCLAUSE_RANK:
            whole = mark.number.rsplit(".", 1)[0]
            return parent is not None and self.done[parent].label.rstrip(".)") in (
                whole,
                whole.split(".")[-1],
            )
        value = int(mark.number)
        return before is None or before < value <= before + _LONGEST_GAP

    def add(self, mark: _Mark) -> None:
        parent = self._parent(mark.rank)
        self.open = [(rank, at) for rank, at in self.open if rank < mark.rank]
        above = self.done[parent] if parent is not None else None
        address = self._unique(_address(above, mark))
        is_headed = mark.kind not in (Kind.CLAUSE, Kind.POINT)
        provision = Provision(address, mark.kind, above.address if above else None, mark.label)
        self.done.append(replace(provision, heading=mark.rest) if is_headed else replace(provision, text=mark.rest))
        self.open.append((mark.rank, len(self.done) - 1))
        value = roman_value(mark.number) if mark.kind is Kind.PART else None
        if value or mark.number.isdecimal():
            self.last[parent, mark.rank] = value or int(mark.number)

    def say(self, line: str) -> None:
        """A line without a number belongs to the provision open last; after a bare label it is its heading."""
        if not self.open:
            if not self.done:
                self.done.append(Provision("preamble", Kind.PREAMBLE, None, ""))
            at = 0
        else:
            at = self.open[-1][1]
        provision = self.done[at]
        is_bare = provision.kind in (Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.ANNEX)
        if is_bare and not provision.heading and not provision.text:
            self.done[at] = replace(provision, heading=line)
            return
        self.done[at] = replace(provision, text=f"{provision.text}\n{line}" if provision.text else line)

    def _unique(self, address: str) -> str:
        """A second provision of one address gets a number behind it, so that addresses stay unique."""
        self.taken[address] = self.taken.get(address, 0) + 1
        count = self.taken[address]
        return address if count == 1 else self._unique(f"{address}~{count}")


def split(text: str) -> list[Provision]:
    """The provisions of a text in order. No line is lost: one without a number stays with what is above."""
    builder = _Builder()
    for raw in nfc(text).splitlines():
        line = raw.strip()
        if not line:
            continue
        mark = _named_mark(line) or _numbered_mark(line)
        if mark and (_is_named(mark) or builder.follows(mark)):
            builder.add(mark)
        else:
            builder.say(line)
    return builder.done


def children(provisions: Sequence[Provision], address: str | None) -> list[Provision]:
    """The provisions directly under an address, None for the top."""
    return [each for each in provisions if each.parent == address]


_EDGES: dict[str, int] = {Kind.PREAMBLE: -1, Kind.ANNEX: 1}


@dataclass(frozen=True)
class Placed:
    """A recorded provision: its number, that of its parent (None at the top), its kind, when it was entered."""

    pk: int
    parent: int | None
    kind: str
    order: int


def printed_order(provisions: Iterable[Placed]) -> list[int]:
    """The numbers of provisions as they are printed: each followed by what it holds, before the next one beside it.

    Those beside each other come as they were entered, the preamble first, annexes last. One whose parent is not among
    them stands at the top.
    """
    held = {each.pk: each for each in provisions}
    below: dict[int | None, list[Placed]] = {}
    for each in sorted(held.values(), key=lambda one: (_EDGES.get(one.kind, 0), one.order, one.pk), reverse=True):
        below.setdefault(each.parent if each.parent in held else None, []).append(each)
    waiting, found = below.get(None, []), []
    while waiting:
        each = waiting.pop()
        found.append(each.pk)
        waiting += below.get(each.pk, [])
    return found
