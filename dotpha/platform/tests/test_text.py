"""Text: cleaned, folded, compared, sorted."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotpha.platform import text
from dotpha.platform.refusals import Refused


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Đề án Chuyển đổi số", "de an chuyen doi so"),
        (unicodedata.normalize("NFD", "Nghị quyết"), "nghi quyet"),
        ("QUÝ Ⅱ", "quy ii"),
        ("Йод и ёлка", "йод и ёлка"),
        ("ก.ย. น้ำ", unicodedata.normalize("NFC", unicodedata.normalize("NFKC", "ก.ย. น้ำ"))),
    ],
)
def test_folding_takes_latin_marks_and_keeps_letters_of_their_own(written: str, folded: str) -> None:
    assert text.fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing(written: str) -> None:
    assert text.fold(text.fold(written)) == text.fold(written)


@given(st.text())
def test_cleaning_twice_changes_nothing(written: str) -> None:
    assert text.clean(text.clean(written)) == text.clean(written)


def test_cleaning_takes_out_what_nobody_sees() -> None:
    assert text.clean(" a\u202eb\u0000\u200b \u00a0 c\r\nd\t \ud800") == "ab c\nd"


def test_a_long_text_is_refused_beside_its_field() -> None:
    with pytest.raises(Refused) as refusal:
        text.clean("  abcd ", 3, field="title")
    assert (refusal.value.code, refusal.value.field) == ("too_long", "title")


def test_a_text_of_just_the_length_is_taken_after_cleaning() -> None:
    assert text.clean("  abc ", 3) == "abc"


def test_a_number_is_found_whole_and_by_its_parts_but_asked_for_whole() -> None:
    assert text.tokens("57-NQ/TW") == ["57-nq/tw", "57", "nq", "tw"]
    assert text.tokens("57-NQ/TW", parts=False) == ["57-nq/tw"]


def test_thai_comes_in_runs_of_two_and_three() -> None:
    assert text.tokens("กขค") == ["กข", "ขค", "กขค"]


def test_a_search_word_cannot_break_out_of_its_quotes() -> None:
    assert text.tsquery("l'eau & !x") == "'l' & 'eau' & 'x':*"
    assert [text.tsquery(said) for said in ("t", "tâ", "bộ t")] == ["'t'", "'ta':*", "'bo' & 't':*"]
    assert text.tsvector("so so") == "'so':1 'so':2"


def test_vietnamese_order_is_letters_then_tones_and_numbers_by_value() -> None:
    names = ["Quận 10", "đa", "hạ", "Quận 2", "ha", "hán", "â", "da", "hà", "a", "hả", "ă"]
    expected = ["a", "ă", "â", "da", "đa", "ha", "hà", "hả", "hạ", "hán", "Quận 2", "Quận 10"]
    assert sorted(names, key=text.sort_key) == expected


def test_the_sort_key_is_plain_letters_and_digits_of_any_text() -> None:
    key = text.sort_key("Đắk Lắk, 12 Яг 東")
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789")


def test_the_three_nearest_names_come_best_first() -> None:
    names = ["Bộ Tài chính", "Bộ Y tế", "Bộ Tư pháp", "Đài Truyền hình Việt Nam"]
    assert text.nearest("Bo Tai chinhs", names)[0] == "Bộ Tài chính"
    assert text.nearest("zzzz", names) == []
    assert text.similarity("Bộ Y tế", "bo y te") == 1.0


@pytest.mark.parametrize(
    ("written", "query", "shown"),
    [
        ("một hai ba", "HAI", "một hai ba"),
        ("", "hai", ""),
        (
            " ".join(["x"] * 30 + ["điểm", "nghẽn"] + ["y"] * 30),
            "diem nghen",
            "… x x x x x x điểm nghẽn" + " y" * 16 + " …",
        ),
        ("điểm " + "x " * 30 + "điểm nghẽn", "diem nghen", "… x x x x x x điểm nghẽn"),
    ],
)
def test_an_excerpt_shows_where_most_words_of_the_query_stand(written: str, query: str, shown: str) -> None:
    assert text.excerpt(written, query) == shown
