"""A mark of State secrecy is told from the same words in running text."""

import pytest
from django.utils import translation

from dotpha.platform import classification
from dotpha.platform.refusals import Refused


@pytest.mark.parametrize(
    ("line", "mark"),
    [("MẬT", "Mật"), ("  TỐI MẬT ", "Tối mật"), ("Độ mật: Tuyệt mật", "Tuyệt mật"), ("[Mật]", "Mật")],
)
def test_a_mark_alone_on_its_line(line: str, mark: str) -> None:
    assert classification.secret_mark(["BỘ CÔNG AN", line]) == mark


@pytest.mark.parametrize("line", ["Bảo mật thông tin", "An ninh mật mã", "mật độ dân số", "Bí mật kinh doanh", ""])
def test_running_text_is_no_mark(line: str) -> None:
    assert classification.secret_mark([line]) is None


@pytest.mark.parametrize(
    "lines",
    [
        ["BỘ CÔNG AN", "TUYỆT  MẬT"],
        ["BỘ CÔNG AN        MẬT"],
        ["Số: 12-BC/TW\tTối mật"],
        ["MA\u0323\u0302T"],
    ],
)
def test_a_mark_beside_other_words_or_decomposed(lines: list[str]) -> None:
    assert classification.secret_mark(lines)


@pytest.mark.parametrize(
    "lines",
    [
        ["LUẬT BẢO VỆ BÍ", "MẬT", "NHÀ NƯỚC"],
        ["MẬT", "ĐỘ DÂN SỐ"],
        ["Mật", "khẩu được đổi sau 90 ngày"],
        ["CƠ", "MẬT"],
        ["mật"],
        ["Luật Bảo vệ bí mật nhà nước"],
        ["bảo        mật"],
        ["ong lấy        mật        tháng 3"],
        ["Danh mục bí mật nhà nước độ Mật, Tối mật, Tuyệt mật"],
    ],
)
def test_half_a_word_and_running_text_are_no_mark(lines: list[str]) -> None:
    assert classification.secret_mark(lines) is None


def test_a_mark_behind_the_first_page_is_not_looked_for() -> None:
    assert classification.secret_mark([*["."] * 60, "MẬT"]) is None


@pytest.mark.parametrize("words", ["Mật", "12-BC/TW (Mật)", "Kế hoạch [TỐI MẬT]", "TUYỆT MẬT", "(Độ mật: Mật)"])
def test_a_mark_in_a_number_a_title_or_a_mark(words: str) -> None:
    with pytest.raises(Refused) as refusal:
        classification.require_open_words(words, "number")
    assert (refusal.value.code, refusal.value.field) == ("state_secret", "number")


@pytest.mark.parametrize(
    "words",
    [
        "Luật Bảo vệ bí mật nhà nước",
        "117/2025/QH15",
        "Bảo mật (an toàn thông tin)",
        "Mật độ trạm 5G (mật độ)",
        "public",
    ],
)
def test_other_words_pass(words: str) -> None:
    classification.require_open_words(words, "title")


def test_a_marked_document_is_refused_with_the_way_to_go() -> None:
    with translation.override("en"):
        with pytest.raises(Refused) as refusal:
            classification.require_open(["TUYỆT MẬT"])
        assert (refusal.value.code, "channel" in str(refusal.value)) == ("state_secret", True)
