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


def test_a_marked_document_is_refused_with_the_way_to_go() -> None:
    with translation.override("en"):
        with pytest.raises(Refused) as refusal:
            classification.require_open(["TUYỆT MẬT"])
        assert (refusal.value.code, "channel" in str(refusal.value)) == ("state_secret", True)
