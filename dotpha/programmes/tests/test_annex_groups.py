"""Which group of a programme a heading of an annex names."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from dotpha.programmes.annexes.groups import group_named


def group(order: int, title: str) -> Any:
    words = SimpleNamespace(text=title)
    return SimpleNamespace(key=f"group-{order}", order=order, heading=words, label=words)


GROUPS = [
    group(1, "Nâng cao nhận thức, đột phá về đổi mới tư duy"),
    group(2, "Hoàn thiện thể chế, xóa bỏ rào cản"),
    group(3, "Phát triển hạ tầng số"),
    group(4, "Phát triển nhân lực số"),
]


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("II. HOÀN THIỆN THỂ CHẾ, XÓA BỎ RÀO CẢN", "group-2"),
        ("I. HOÀN THIỆN THỂ CHẾ", "group-2"),  # the number is that of the annex
        ("Nhóm 2: Hoàn thiện thể chế; xoá bỏ rào cản", "group-2"),
        ("Hoan thien the che, xoa bo rao can", "group-2"),
        ("II", "group-2"),
        ("3.", "group-3"),
        ("IX", ""),
        ("II. Công tác cán bộ", ""),
        ("Phát triển", ""),
        ("H", ""),
        ("", ""),
    ],
)
def test_a_heading_names_a_group_by_its_title(printed: str, key: str) -> None:
    assert group_named(printed, GROUPS) == key
