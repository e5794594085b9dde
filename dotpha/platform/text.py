"""Text as people write it: cleaned, folded for comparison, sorted as Vietnamese dictionaries do. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.refusals import Refused

# Letters of their own in Russian, not marked forms of another letter.
_KEEP = frozenset("йё")
_LATIN_EXTRA = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "œ": "oe", "æ": "ae", "ß": "ss"})
_GRAM = re.compile(r"[\u0e00-\u0e7f]+|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[^\W_]+(?:[.\-/][^\W_]+)*")
_INNER_MARKS = re.compile(r"[.\-/]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
# Format characters that belong to words: they join letters in some scripts and build emoji.
_JOINERS = frozenset("\u200c\u200d")
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


# A lexeme has room for 2046 bytes; a letter takes up to four.
MAX_TOKEN = 500


class _FoldTable(dict[int, str]):
    """A translation table that learns one character at a time."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if letter not in _KEEP and not "\u0e00" <= letter <= "\u0e7f":
            bare = "".join(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c))
            letter = bare.translate(_LATIN_EXTRA)
        self[code] = letter
        return letter


_FOLDED = _FoldTable()


def nfc(text: str) -> str:
    """Composed form; control, direction and invisible marks out; line ends as newlines.

    Tabs and newlines stay. Lone surrogates, which no database can store, go as well.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if composed.isprintable():  # none of these signs, as in nearly every cell and title: told in one look
        return composed
    return "".join(
        c for c in composed if c in "\n\t" or c in _JOINERS or unicodedata.category(c) not in _DROPPED_CATEGORIES
    )


def clean(text: str, max_length: int | None = None, field: str | None = None) -> str:
    """Text ready to be stored: `nfc`, runs of blanks as one, no blanks at the ends.

    Raises `Refused("too_long")` when more than `max_length` characters are left.
    """
    if not text:  # as most cells of a wide register are
        return text
    lines = (_SPACES.sub(" ", line).strip() for line in nfc(text).split("\n"))
    cleaned = "\n".join(lines).strip()
    if max_length is not None and len(cleaned) > max_length:
        raise Refused(
            "too_long",
            _("This text has %(length)s characters; at most %(most)s are possible."),
            do=advice.SHORTEN,
            field=field,
            length=len(cleaned),
            most=max_length,
        )
    return cleaned


def one_line(text: str) -> str:
    """`clean`, with line ends as blanks: names and titles."""
    return " ".join(nfc(text).split())


def fold(text: str) -> str:
    """Case and marks away (đ is d), for comparing. Thai vowels and tones and Russian й ё stay.

    Index and query use this one function; folding twice changes nothing.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_FOLDED)
    return unicodedata.normalize("NFC", folded)


def folded_name(text: str) -> str:
    """A name for comparing: folded, punctuation as blanks, one blank between words."""
    return " ".join(re.findall(r"[^\W_]+", fold(nfc(text)).replace("&", " va ")))


def _gram_runs(run: str) -> list[str]:
    if len(run) == 1:
        return [run]
    return [run[i : i + size] for size in (2, 3) for i in range(len(run) - size + 1)]


def tokens(text: str, *, parts: bool = True) -> list[str]:
    """Folded words for search. Runs of Thai or Chinese come as 2- and 3-grams, for they have no blanks.

    A compound such as a document number (57-nq/tw) comes whole and, with `parts`, also by its parts:
    the index asks for parts, a query does not.
    """
    folded = fold(text)
    found: list[str] = []
    for run in _GRAM.findall(folded):
        found += _gram_runs(run)
    for word in _WORD.findall(_GRAM.sub(" ", folded)):
        found.append(word)
        if parts and not word.isalnum():
            found += _INNER_MARKS.split(word)
    return found


def quoted(token: str) -> str:
    """A token as it stands in the literal of a tsvector or tsquery."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def tsvector(text: str) -> str:
    """The literal of a tsvector with positions, which PostgreSQL caps at 16383; no token above 2 kB."""
    found = (token for token in tokens(text) if len(token) <= MAX_TOKEN)
    return " ".join(f"{quoted(token)}:{min(at, 16383)}" for at, token in enumerate(found, start=1))


def tsquery(text: str, *, prefix: bool = True) -> str:
    """All tokens ANDed; the last Latin or Cyrillic word also as a beginning, for search while typing.

    Not a lone letter: half of everything begins with it, so it would tell nothing and take a second.
    """
    found = [token for token in dict.fromkeys(tokens(text, parts=False)) if len(token) <= MAX_TOKEN]
    if not found:
        return ""
    is_beginning = prefix and not _GRAM.search(found[-1]) and len("".join(found)) > 1
    tail = ":*" if is_beginning else ""
    return " & ".join(map(quoted, found)) + tail


def excerpt(text: str, query: str, around: int = 12) -> str:
    """Some words of a text about the place where most words of a query stand close together."""
    wanted = set(tokens(query, parts=False))
    words = text.split()
    held = [{token for token in wanted if token in fold(word)} for word in words]
    best = max(range(len(words)), key=lambda at: len(set().union(*held[at : at + around])) + bool(held[at]), default=0)
    first, last = max(best - around // 2, 0), best + around + around // 2
    return f"{'… ' if first else ''}{' '.join(words[first:last])}{' …' if last < len(words) else ''}"


def trigrams(text: str) -> frozenset[str]:
    """The three-letter runs of a folded name, with its word ends."""
    padded = f"  {folded_name(text)} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2)) if padded.strip() else frozenset()


def similarity(one: str, other: str) -> float:
    """How alike two names are, 0 to 1: shared trigrams by all trigrams of both (Jaccard)."""
    return _alike(trigrams(one), trigrams(other))


def _alike(left: frozenset[str], right: frozenset[str]) -> float:
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared) if shared else 0.0


_known = lru_cache(maxsize=8192)(trigrams)
"""The trigrams of names that a text is held against: the same ones for each of the thousands of words of a file."""


def nearest(text: str, names: Iterable[str], count: int = 3, least: float = 0.15) -> list[str]:
    """The names most like a text, best first, those alike less than `least` left out."""
    asked = trigrams(text)
    scored = [(_alike(asked, _known(name)), name) for name in dict.fromkeys(names)]
    alike = sorted((-score, name) for score, name in scored if score >= least)
    return [name for _score, name in alike[:count]]


# The Vietnamese alphabet and the order of tones: level, falling, asking, tumbling, rising, heavy.
_ALPHABET = {letter: at for at, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SYLLABLE = re.compile(r"[0-9]+|[^\W\d_]+")


def _letter_code(letter: str) -> str:
    at = _ALPHABET.get(letter)
    return f"z{ord(letter):06x}" if at is None else chr(97 + at // 10) + chr(97 + at % 10)


def _syllable_code(syllable: str) -> str:
    """Letters, then the tone. A number is its length and digits, so that it sorts by value."""
    if syllable[0] in "0123456789":
        digits = syllable.lstrip("0")[:99]
        return f"1{len(digits):02d}{digits}"
    tone = 0
    kept: list[str] = []
    for mark in unicodedata.normalize("NFD", syllable):
        if mark in _TONES:
            tone = _TONES[mark]
        else:
            kept.append(mark)
    letters = unicodedata.normalize("NFC", "".join(kept))
    return f"{''.join(map(_letter_code, letters))}0{tone}"


def sort_key(text: str) -> str:
    """Order of Vietnamese dictionaries: syllable by syllable, letters first, then tones; numbers by value.

    The key is made of a-z and 0-9 alone, so any collation of a database sorts it alike.
    """
    syllables = _SYLLABLE.findall(unicodedata.normalize("NFC", text).casefold())
    return "".join(map(_syllable_code, syllables))
