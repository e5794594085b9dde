"""Numbers of documents, however written -> one form (requirement B6). Pure.

A number is a running number, perhaps a year, and codes: 57-NQ/TW, 88/2025/NĐ-CP, 202/2025/QH15. `forms`
gives all keys under which a document may be asked for; `read_query` gives the key of a text that asks for a
number. A document answers when the key is among its forms.
"""

import re
from dataclasses import dataclass

from dotpha.platform.text import fold, nfc

# Words for kinds of document in six languages -> the code in the number. All folded.
KIND_WORDS = {
    "nghi quyet": "nq", "resolution": "nq", "резолюция": "nq", "постановление": "nq", "มติ": "nq",
    "resolusi": "nq",
    "nghi dinh": "nd", "decree": "nd", "decret": "nd", "декрет": "nd", "กฤษฎีกา": "nd", "dekri": "nd",
    "quyet dinh": "qd", "decision": "qd", "решение": "qd", "คำตัดสิน": "qd", "keputusan": "qd",
    "chi thi": "ct", "directive": "ct", "директива": "ct", "คำสั่ง": "ct", "arahan": "ct",
    "ket luan": "kl", "conclusion": "kl", "заключение": "kl", "ข้อสรุป": "kl", "kesimpulan": "kl",
    "quy che": "qc", "statute": "qc", "регламент": "qc", "reglement": "qc", "ระเบียบ": "qc",
    "quy dinh": "qyd", "regulation": "qyd", "положение": "qyd", "peraturan": "qyd",
    "ke hoach": "kh", "plan": "kh", "план": "kh", "แผน": "kh", "pelan": "kh",
    "chuong trinh": "ctr", "programme": "ctr", "program": "ctr", "программа": "ctr",
    "luat": "luat", "law": "luat", "loi": "luat", "закон": "luat", "กฎหมาย": "luat", "undang-undang": "luat",
    "thong tu": "tt", "circular": "tt", "циркуляр": "tt", "circulaire": "tt", "pekeliling": "tt",
    "thong bao": "tb", "notice": "tb", "уведомление": "tb", "avis": "tb", "ประกาศ": "tb", "notis": "tb",
    "cong van": "cv", "official letter": "cv", "dispatch": "cv", "письмо": "cv", "lettre": "cv",
    "bao cao": "bc", "report": "bc", "отчет": "bc", "rapport": "bc", "รายงาน": "bc", "laporan": "bc",
}  # fmt: skip
# Kinds of a document's card -> the code; both kinds of regulation answer to either word.
KIND_CODES = {
    "resolution": ("nq",), "decree": ("nd",), "decision": ("qd",), "directive": ("ct",),
    "conclusion": ("kl",), "regulation": ("qc", "qyd"), "plan": ("kh",), "programme": ("ctr",),
    "law": ("luat",), "circular": ("tt",),
    "notice": ("tb",), "conclusion_notice": ("tb", "kl"), "official_letter": ("cv",), "dispatch": ("cv",),
    "report": ("bc",),
}  # fmt: skip
_TYPE_CODES = frozenset(KIND_WORDS.values()) - {"luat", "qyd"}
_ISSUER_CODES = frozenset(
    {"tw", "cp", "ttg", "vpcp", "vptw", "bcdtw", "bcdcp", "qh", "qh13", "qh14", "qh15", "qh16", "ubtvqh"}
    | {"bct", "bbt", "hdnd", "ubnd"}
)
# Words for "number" that stand between the kind and the number.
_NUMBER_SIGNS = frozenset({"so", "no", "number", "n", "nr", "номер", "nombor", "bil", "numero"})
_THAI_NUMBER_SIGNS = ("เลขที่", "ที่")
# What follows one of these is the day or issuer of the document, not its number.
_TAILS = ("ngay", "dated", "of", "от", "du", "de", "cua", "bertarikh", "ลงวันที่")
_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+[0-9]*")
_YEARS = range(1930, 2200)
_LONGEST = 200


@dataclass(frozen=True)
class Number:
    """A document's number taken apart: the running number, the year if written, the codes, folded."""

    number: int
    year: int | None = None
    codes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The canonical form: 57/nq/tw, 88/2025/nd/cp."""
        parts = [str(self.number), *([str(self.year)] if self.year else []), *self.codes]
        return "/".join(parts)


def _plain(text: str) -> str:
    """Folded, with every sign for "number" as the word "no"."""
    plain = fold(nfc(text).replace("№", " no "))  # before folding, which makes letters of the sign
    for sign in _THAI_NUMBER_SIGNS:
        plain = plain.replace(sign, " no ")
    return plain


def _pieces(plain: str) -> list[str]:
    """Numbers and words of a folded text; a code glued to its number (nq57) is two pieces."""
    found: list[str] = []
    for piece in _TOKEN.findall(plain):
        letters = piece.rstrip("0123456789")
        found += [letters, piece[len(letters) :]] if letters in _TYPE_CODES and letters != piece else [piece]
    return found


def _is_number(piece: str) -> bool:
    # Other scripts have signs that count as digits and that int() does not read.
    return piece.isascii() and piece.isdigit()


def _small(piece: str) -> int | None:
    return int(piece) if _is_number(piece) and len(piece) <= 6 else None


def parse(printed: str) -> Number | None:
    """A number as printed on a document, or None when there is no running number in it."""
    pieces = _pieces(_plain(printed[:_LONGEST]))
    at = next((i for i, piece in enumerate(pieces) if _small(piece) is not None), None)
    if at is None:
        return None
    rest = [*pieces[:at], *pieces[at + 1 :]]
    rest = [piece for piece in rest if piece not in _NUMBER_SIGNS]
    year = next((int(piece) for piece in rest[:1] if _is_number(piece) and int(piece[:6]) in _YEARS), None)
    codes = rest[1:] if year else rest
    return Number(int(pieces[at]), year, tuple(codes))


def canonical(printed: str) -> str:
    """The one form of a number for comparing; a text without a number is folded only."""
    number = parse(printed)
    return number.key if number else " ".join(_pieces(_plain(printed[:_LONGEST])))


def forms(printed: str, kind: str = "") -> set[str]:
    """All keys under which a document of this number and kind may be asked for."""
    number = parse(printed)
    if number is None:
        return set()
    year = [number.year, None] if number.year else [None]
    kinds = {*KIND_CODES.get(kind, ()), *(code for code in number.codes if code in _TYPE_CODES)}
    found: set[str] = set()
    for each in year:
        found.add(Number(number.number, each).key)
        found.add(Number(number.number, each, number.codes).key)
        found.update(Number(number.number, each, (code,)).key for code in {*kinds, *number.codes})
        found.update(Number(number.number, each, tuple(sorted({code, *number.codes}))).key for code in kinds)
    found.add(Number(number.number, number.year, tuple(sorted(number.codes))).key)
    return found


def _kind_word(text: str) -> tuple[str | None, str]:
    """The code of the first kind word in a folded text, and the text without it. Longer words first."""
    for word in sorted(KIND_WORDS, key=len, reverse=True):
        if word[0] >= "\u0e00":
            at = text.find(word)
            ends = at + len(word)
        else:
            match = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
            at, ends = match.span() if match else (-1, -1)
        if at >= 0:
            return KIND_WORDS[word], f"{text[:at]} {text[ends:]}"
    return None, text


def _without_tail(text: str) -> str:
    """The text up to the day or issuer that follows a number."""
    first = re.search(r"[0-9]", text)
    if not first:
        return text
    for tail in _TAILS:
        match = re.search(rf"\s{tail}(?!\w)", text[first.start() :])
        if match:
            text = text[: first.start() + match.start()]
    return text


def read_query(text: str) -> Number | None:
    """The number a search text asks for, or None when it is a text of other words.

    "57-NQ/TW", "NQ 57", "nghi quyet 57", "Nghị quyết số 57-NQ/TW ngày 22/12/2024", "résolution 57" all ask
    for the same document. Compare `.key` with `forms`.
    """
    if len(text) > _LONGEST:
        return None
    kind, rest = _kind_word(_plain(text))
    compounds = re.findall(r"[0-9]+(?:[/\-][^\W_]+)+", rest)
    rest = _without_tail(rest)
    pieces = [piece for piece in _pieces(rest) if piece not in _NUMBER_SIGNS]
    numbers = [piece for piece in pieces if _is_number(piece)]
    words = [piece for piece in pieces if not _is_number(piece)]
    in_compound = set(_pieces(" ".join(compounds)))
    known = _TYPE_CODES | _ISSUER_CODES | in_compound
    if not 1 <= len(numbers) <= 2 or not set(words) <= known or _small(numbers[0]) is None:
        return None
    year = int(numbers[1]) if len(numbers) == 2 and _small(numbers[1]) in _YEARS else None
    if len(numbers) == 2 and year is None:
        return None
    # The kind in words and its code in the number say the same; a bare kind word becomes the code.
    codes = tuple(words) if words else ((kind,) if kind else ())
    if kind and words and kind not in words and not set(words) & _TYPE_CODES:
        codes = tuple(sorted({kind, *words}))
    return Number(int(numbers[0]), year, codes)


def answers(query: Number, printed: str, kind: str = "") -> bool:
    """Whether a document of this number and kind is the one asked for."""
    found = forms(printed, kind)
    in_any_order = Number(query.number, query.year, tuple(sorted(query.codes))).key
    return query.key in found or in_any_order in found
