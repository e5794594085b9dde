"""Which task group of a programme a group row of an annex names. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from dotpha.platform import text

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
ALIKE = 0.8
"""How much of two titles must agree for them to be one, printed with slips or another ending."""
APART = 0.05
"""How much better the nearest of several titles must fit than the next: a wrong group is worse than none."""
_NUMBERED = re.compile(r"(?:nhom\s+)?(?P<number>[ivx]{1,4}|[0-9]{1,3})\s*[.):\-–]?(?:\s+(?P<title>.*))?", re.DOTALL)


def group_named(printed: str, groups: Sequence[Any]) -> str:
    """The key of the group that a row names by its title, or by its number where it has no title; "" for none.

    A number beside another title is that of the annex, not of the programme: it names nothing here.
    """
    said = text.fold(printed).strip()
    numbered = _NUMBERED.fullmatch(said)
    title = ((numbered["title"] or "") if numbered else said).strip(" .:-–")
    if not title:
        order = _order(numbered["number"]) if numbered else None
        return next((str(each.key) for each in groups if order and each.order == order), "")
    begins = [each for each in groups if any(name.startswith(title) for name in _names(each))]
    if len(begins) == 1 and " " in title:
        return str(begins[0].key)
    near = sorted(((_likeness(title, each), str(each.key)) for each in groups), reverse=True)
    if not near or near[0][0] < ALIKE or (len(near) > 1 and near[0][0] - near[1][0] < APART):
        return ""
    return near[0][1]


def _order(number: str) -> int | None:
    return ROMAN.get(number) or (int(number) if number.isdecimal() else None)


def _names(group: Any) -> set[str]:
    return {text.fold(name).strip() for name in (group.heading.text, group.label.text)}


def _likeness(title: str, group: Any) -> float:
    return max(SequenceMatcher(None, title, name).ratio() for name in _names(group))
