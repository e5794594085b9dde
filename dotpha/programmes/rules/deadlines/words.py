"""The words of a deadline: folded, cut into tokens, and the tables of what they mean.

All words stand folded (marks off, lower case, đ as d), so that text typed without marks, in capitals or in
decomposed form is read alike. Every look-up is a walk along the tokens: the time grows with their number.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from dotpha.platform.text import fold, nfc

Words = Sequence[str]

_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+|[^\s]")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−~"), "-")
_QUOTES = frozenset("\"'`“”‘’«»„‚″′*")
_ENDS = frozenset(".;,:-")
_AS_COMMA = dict.fromkeys(map(ord, "()[]{}"), ",")


def _plain_digits(text: str) -> str:
    """Digits of any script as 0-9; a raised or circled one marks a note and parts words."""
    return "".join(_plain_digit(c) if c.isdigit() else c for c in text)


def _plain_digit(c: str) -> str:
    raised_or_circled = unicodedata.decomposition(c) and not c.isdecimal()
    return " " if raised_or_circled else str(unicodedata.digit(c))


def cut(text: str) -> list[str]:
    """The folded tokens of a phrase: numbers, words, single signs, without quotes and signs at the ends."""
    plain = _plain_digits(fold(nfc(text))).translate(_DASHES).translate(_AS_COMMA)
    return trim([token for token in _TOKEN.findall(plain) if token not in _QUOTES])


def trim(words: Words) -> list[str]:
    """Without stops, commas and dashes at either end."""
    first, last = 0, len(words)
    while first < last and words[first] in _ENDS:
        first += 1
    while last > first and words[last - 1] in _ENDS:
        last -= 1
    return list(words[first:last])


def _phrases(*texts: str) -> tuple[tuple[str, ...], ...]:
    """Word by word, longer phrases first."""
    return tuple(sorted((tuple(text.split()) for text in texts), key=len, reverse=True))


def at(words: Words, index: int, phrases: Iterable[tuple[str, ...]]) -> int:
    """How many words the first phrase standing at an index has; 0 when none stands there."""
    for phrase in phrases:
        if tuple(words[index : index + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def find(words: Words, phrases: Iterable[tuple[str, ...]]) -> tuple[int, int] | None:
    """Where the first of the phrases begins and ends."""
    phrases = tuple(phrases)
    for index in range(len(words)):
        length = at(words, index, phrases)
        if length:
            return index, index + length
    return None


# "sau khi", "khi có", ...: bound to an event.
EVENTS = _phrases(
    "sau khi", "truoc khi", "khi co", "khi duoc", "khi can", "ngay khi", "den khi", "toi khi", "tu khi"
)  # fmt: skip
# "từ ngày ký", "kể từ thời điểm ...", "sau ngày Luật có hiệu lực": an event when a word follows, a day when
# a number does.
EVENT_OR_DAY = _phrases("tu ngay", "sau ngay", "tu thoi diem", "ke tu", "ke tu ngay", "ke tu thoi diem")
# "hằng năm", "định kỳ", ...: a series. The frequency stands beside each.
SERIES: dict[tuple[str, ...], str | None] = {
    tuple(text.split()): every
    for text, every in {
        "6 thang mot lan": "half",
        "06 thang mot lan": "half",
        "6 thang 1 lan": "half",
        "3 thang mot lan": "quarter",
        "03 thang mot lan": "quarter",
        "moi 6 thang": "half",
        "hang nam": "year",
        "moi nam": "year",
        "thuong nien": "year",
        "hang quy": "quarter",
        "moi quy": "quarter",
        "hang thang": "month",
        "moi thang": "month",
        "hang tuan": "week",
        "moi tuan": "week",
        "hang ngay": "day",
        "moi ngay": "day",
        "dinh ky": None,
    }.items()
}
# "thường xuyên": without end.
ENDLESS = _phrases("thuong xuyen", "lien tuc", "lau dai", "khong thoi han")
# "... và những năm tiếp theo": what was named goes on.
GOES_ON = _phrases(
    "va nhung nam tiep theo", "va cac nam tiep theo", "nhung nam tiep theo", "cac nam tiep theo",
    "va nhung nam sau", "va cac nam sau", "va nhung nam toi", "va cac nam toi", "va nam tiep theo",
    "tro di", "tro ve sau", "ve sau",
)  # fmt: skip
# Words before or after the time that change nothing about it.
FILLERS = _phrases(
    "hoan thanh", "xong", "thoi han", "thoi gian", "han", "thuc hien", "trien khai", "nhiem vu", "du kien",
    "phan dau", "phai", "can", "hoan thien", "ket thuc", "hoan tat", "muc tieu", "la", ":", "tu nay",
)  # fmt: skip
# The first word of a clause such as "Trình Chính phủ trong tháng 5/2025": its time stands at its end.
CLAUSES = _phrases(
    "trinh", "bao cao", "ban hanh", "hoan thanh", "gui", "trien khai", "thuc hien", "to chuc", "xay dung",
    "nop", "cong bo", "khoi cong", "khanh thanh", "dua vao",
)  # fmt: skip

BEFORE, UNTIL, WITHIN, FROM, END_OF, CLOSE, OPENING = (
    "before", "until", "within", "from", "end_of", "close", "opening"
)  # fmt: skip
# Words that say how a named time binds.
BOUNDS: dict[tuple[str, ...], str] = {
    tuple(text.split()): bound
    for text, bound in {
        "khong muon hon": UNTIL,
        "khong cham hon": UNTIL,
        "khong qua": UNTIL,
        "cham nhat": UNTIL,
        "muon nhat": UNTIL,
        "tre nhat": UNTIL,
        "den": UNTIL,
        "toi": UNTIL,
        "het": END_OF,
        "truoc": BEFORE,
        "trong": WITHIN,
        "vao": WITHIN,
        "bat dau tu": FROM,
        "ke tu": FROM,
        "tu": FROM,
        "cuoi": CLOSE,
        "dau": OPENING,
    }.items()
}

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
QUARTERS = ROMAN | {"1": 1, "2": 2, "3": 3, "4": 4, "01": 1, "02": 2, "03": 3, "04": 4}
QUARTERS |= {"mot": 1, "nhat": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4}
# "năm" (five) is also the word for year, so it is read only before another "năm".
MONTH_WORDS = {"mot": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9}
