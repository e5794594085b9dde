"""Mending of mistyped words: what is a neighbour, what a mended query asks for, how hits are put in order."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotpha.platform import spelling

WORDS = st.text(string.ascii_lowercase[:4], min_size=1, max_size=6)


def _edits(word: str) -> set[str]:
    """Every word that one slip of the fingers makes of a word: another way to say what a neighbour is."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    letters = string.ascii_lowercase[:4]
    less = {left + right[1:] for left, right in cuts if right}
    other = {left + letter + right[1:] for left, right in cuts if right for letter in letters}
    more = {left + letter + right for left, right in cuts for letter in letters}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    return (less | other | more | swapped) - {word}


@given(WORDS, WORDS)
def test_a_neighbour_is_one_slip_away(one: str, other: str) -> None:
    assert spelling.neighbours(one, other) == (other in _edits(one)) == spelling.neighbours(other, one)


@given(WORDS, st.lists(WORDS, max_size=20))
def test_a_vocabulary_knows_all_neighbours_of_a_word(word: str, words: list[str]) -> None:
    expected = sorted({each for each in words if len(each) > 1 and spelling.neighbours(word, each)})
    found = spelling.Vocabulary(words).near(word)
    assert found == (expected if len(word) > 1 else [])


def test_a_query_is_mended_word_by_word_and_then_without_one() -> None:
    known = spelling.Vocabulary(["khoa", "hoc", "cong", "nghe"])
    ways = [each.tsquery for each in spelling.mended("Khao hoc congnghe", known)]
    assert ways[0] == "('khao' | 'khoa') & ('hoc') & ('congnghe' | ('cong' <-> 'nghe'))"
    assert len(ways) == 2 and "('khao' | 'khoa') & ('hoc')" in ways[1]  # noqa: PT018 -- one query


@pytest.mark.parametrize("words", ["", "  ", "?!", "a " * 100 + " ".join(map(str, range(20)))])
def test_what_has_no_words_or_too_many_is_not_mended(words: str) -> None:
    assert spelling.mended(words, spelling.Vocabulary(["khoa"])) == []


def test_the_name_that_is_asked_for_comes_before_those_that_only_hold_it() -> None:
    names = ["Tân Thành Đông", "Xã Tân Thành", "Tân Thành", "Tan Thanh", "Tân Thàng"]
    best = sorted(names, key=lambda name: -spelling.likeness("Tân Thành", name))
    assert (best[0], best[-1]) == ("Tân Thành", "Tân Thàng")
