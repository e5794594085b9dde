"""Citations of a data pack are read in the reader's language; numbers of documents are not touched."""

from __future__ import annotations

import pytest
from django.utils import translation

from dotpha.platform import actors, citations


@pytest.mark.parametrize(
    ("noted", "read"),
    [
        ("193/NQ-CP, annex II, item 8", "193/NQ-CP, Phụ lục II, mục 8"),
        ("71/NQ-CP, annex I, no. 2.1; 57-NQ/TW", "71/NQ-CP, Phụ lục I, mục 2.1; 57-NQ/TW"),
        ("annex I no.3, 57-NQ/TW", "Phụ lục I, mục 3, 57-NQ/TW"),
        ("annex-II.8", "Phụ lục II, mục 8"),
        ("annex-I.2.1", "Phụ lục I, mục 2.1"),
        ("annex-II", "Phụ lục II"),
        ("II.1.a", "II.1.a"),
        ("seed 003 (fr)", "bài báo 003"),
        ("Python package vietnamadminunits 1.0.4 (MIT)", "danh mục đơn vị hành chính mở"),
        ("01-KH/BCĐTW", "01-KH/BCĐTW"),
        ("", ""),
    ],
)
def test_a_citation_is_read_in_vietnamese(noted: str, read: str) -> None:
    with translation.override("vi"):
        assert citations.said(noted) == read


def test_a_program_is_called_what_it_is() -> None:
    with translation.override("vi"):
        assert actors.shown("program:datapack", "datapack") == "bộ dữ liệu ban đầu"
        assert actors.shown("program:bridge", "bridge") == "bridge"
        assert actors.shown("program:bridge", "") == "bridge"
        assert actors.shown("lan", "Nguyễn Thị Lan") == "Nguyễn Thị Lan"
