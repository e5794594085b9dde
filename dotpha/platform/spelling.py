"""Words as people type them: mended towards the words that are known, and hits put in order of likeness. Pure.

A Vietnamese text has few different syllables once marks are away, so a mistyped one has few neighbours. A mended
query asks for each word or one of its neighbours; a last one also does without any one of its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from dotpha.platform import text

SHORTEST = 2
"""Letters of the shortest word that is mended: a single letter is near to every other one."""
LONGEST = 24
"""Letters of the longest word that is mended."""
MOST_WORDS = 16
"""Words of a query that are mended; a longer one is looked for as it is written."""
ALIKE = 0.7
"""What a word counts that is a neighbour of the one asked for; the word itself counts 1."""


class Wanted(str):
    """Words to look for, with the query that stands for them: `words__matches` takes it as it takes a plain text."""

    __slots__ = ("tsquery",)
    tsquery: str

    @classmethod
    def of(cls, words: str, tsquery: str) -> Wanted:
        made = cls(words)
        made.tsquery = tsquery
        return made


def shortened(word: str) -> set[str]:
    """The word itself and the word without any one of its letters: two neighbours have one of these in common."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def neighbours(one: str, other: str) -> bool:
    """Whether one letter more, less, other or swapped with the next makes one word the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True
    left, right = one[start:], other[start:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return left[1:] == right[1:] or left == right[1:] or left[1:] == right or swapped


class Vocabulary:
    """Known folded words, to be asked for those near to a mistyped one."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self._by_part: dict[str, list[str]] = {}
        for word in sorted(self.words):
            if SHORTEST <= len(word) <= LONGEST and word.isalpha():
                for part in shortened(word):
                    self._by_part.setdefault(part, []).append(word)

    def near(self, word: str) -> list[str]:
        """The known words that are neighbours of a word, by the alphabet."""
        if not (SHORTEST <= len(word) <= LONGEST and word.isalpha()):
            return []
        found = {each for part in shortened(word) for each in self._by_part.get(part, ())}
        return sorted(each for each in found if neighbours(word, each))

    def halves(self, word: str) -> tuple[str, str] | None:
        """Two known words that were written as one, if there are such."""
        cuts = ((word[:at], word[at:]) for at in range(SHORTEST, len(word) - SHORTEST + 1))
        return next((cut for cut in cuts if cut[0] in self.words and cut[1] in self.words), None)


def mended(words: str, known: Vocabulary) -> list[Wanted]:
    """Ways to look for words that were not found as they are written, the nearest first.

    First each word may be any of its neighbours; then one of them may be missing, too.
    """
    asked = list(dict.fromkeys(text.tokens(words, parts=False)))
    if not asked or len(asked) > MOST_WORDS:
        return []
    loose = [_any_of(each, known) for each in asked]
    ways = [" & ".join(loose)]
    if len(asked) > 2:
        without = (" & ".join(loose[:at] + loose[at + 1 :]) for at in range(len(loose)))
        ways.append(" | ".join(f"({way})" for way in without))
    return [Wanted.of(words, way) for way in ways]


def _any_of(word: str, known: Vocabulary) -> str:
    choices = [text.quoted(each) for each in (word, *known.near(word))]
    halves = None if word in known.words else known.halves(word)
    if halves:
        choices.append(f"({text.quoted(halves[0])} <-> {text.quoted(halves[1])})")
    return f"({' | '.join(choices)})"


def likeness(words: str, *names: str) -> float:
    """How well the best of some names answers words, 0 to 1.8: all words, little else, the same order and marks."""
    asked = _read(words, parts=False)
    return max((_likeness(asked, _read(name)) for name in names if name), default=0.0) if asked.tokens else 0.0


@dataclass(frozen=True, slots=True)
class _Read:
    """A text as it is compared: its tokens, these as one line, and its signs with their marks, whatever their case."""

    tokens: tuple[str, ...]
    folded: str
    marked: str


@lru_cache(maxsize=32768)
def _read(said: str, *, parts: bool = True) -> _Read:
    """Kept for each process: a search holds the same hundreds of names against what is typed, letter by letter."""
    found = tuple(text.tokens(said, parts=parts))
    return _Read(found, " ".join(found), text.one_line(said).casefold())


def _likeness(asked: _Read, held: _Read) -> float:
    if not held.tokens:
        return 0.0
    last = len(asked.tokens) - 1
    found = [_worth(word, held.tokens, last=at == last) for at, word in enumerate(asked.tokens)]
    in_order = 0.3 * (asked.folded in held.folded)
    same_marks = 0.1 * (asked.marked in held.marked)
    return sum(found) / len(found) + 0.4 * min(1.0, len(found) / len(held.tokens)) + in_order + same_marks


def _worth(word: str, held: Sequence[str], *, last: bool) -> float:
    if word in held:
        return 1.0
    if last and any(each.startswith(word) for each in held):
        return 0.9
    joined = any(f"{one}{other}" == word for one, other in pairwise(held))
    return ALIKE if joined or any(neighbours(word, each) for each in held) else 0.0
