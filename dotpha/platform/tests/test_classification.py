"""A mark of State secrecy is told from the same words in running text."""

import pytest
from django.utils import translation

from dotpha.platform import classification, former_encodings
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


@pytest.mark.parametrize(
    "words", ["Mật", "12-BC/TW (Mật)", "Kế hoạch [TỐI MẬT]", "TUYỆT MẬT", "(Độ mật: Mật)", "MẬT \u200b \u200b Bản 1"]
)
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


@pytest.mark.parametrize(
    "last",
    [
        "MẬT",
        "  - Tối mật -   Bản 1",
        "Số 12 (TUYỆT  mật) năm nay",
        "TUYÖT MËT",
        "[\u200bMẬT\u200b]",
        "TỐI MẬT \u200b \u200b Kế hoạch",
    ],
)
def test_a_mark_on_any_line_of_a_text_is_found(last: str) -> None:
    with pytest.raises(Refused):
        classification.require_open_words("\n".join([*["Việc thứ một"] * 100, last, "Hết"]), "text")


@pytest.mark.parametrize(
    "words",
    [
        "Xây dựng một cổng dữ liệu và một nền tảng",
        "Mỗi xã, phường một đầu mối tiếp nhận phản ánh, kiến nghị của người dân, phụ trách chung là một",
        "bảo đảm số một",
        "Hồ sơ nộp trực tuyến (mỗi cơ quan, đơn vị, địa phương và doanh nghiệp nộp một)",
    ],
)
def test_what_cannot_be_a_mark_is_not_turned_from_former_encodings(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    def turned(_text: str) -> str:
        raise AssertionError("this takes long")

    monkeypatch.setattr(former_encodings, "WAYS", {"TCVN3": turned})
    classification.require_open_words(words, "title")


def test_a_marked_document_is_refused_with_the_way_to_go() -> None:
    with translation.override("en"):
        with pytest.raises(Refused) as refusal:
            classification.require_open(["TUYỆT MẬT"])
        assert (refusal.value.code, "channel" in str(refusal.value)) == ("state_secret", True)
