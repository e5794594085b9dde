"""Each number opens, and drilling keeps what was chosen (expectation 31)."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from tests.journeys.conftest import Visitor

OPENED = 8
"""Numbers opened of each page: the first, the last, and as many between, evenly."""
PAGES = (
    "/desk/inbox/", "/desk/leader/", "/desk/programmes/", "/desk/programmes/resolution57/", "/desk/map/",
    "/desk/organisations/most/", "/desk/places/province-ha-noi/", "/{lang}/", "/{lang}/?as_of=2026-01-15",
    "/desk/leader/?as_of=2026-01-15",
)  # fmt: skip
NUMBERS = """() => {
  const plain = words => /^[\\d.,]+$/.test(words.trim()) ? +words.replace(/[.,]/g, "") : null;
  const found = [], shut = [];
  for (const link of document.querySelectorAll("main a[href]")) {
    const shown = link.querySelector(".v") || link, words = shown.cloneNode(true);
    words.querySelectorAll(".vh").forEach(each => each.remove());
    const tile = link.querySelector("title"), told = tile && tile.textContent.match(/: ([\\d.,]+) /);
    const counted = words.textContent.trim().match(/^([\\d.,]+) (tasks?|nhiệm vụ)$/);
    const number = told ? plain(told[1]) : counted ? plain(counted[1]) : plain(words.textContent);
    if (number !== null) found.push([link.href.baseVal ?? link.getAttribute("href"), number]);
  }
  for (const cell of document.querySelectorAll("main td.n, main .fig .v"))
    if (plain(cell.textContent) && !cell.closest("a") && !cell.querySelector("a")) shut.push(cell.parentNode.innerText);
  return {found, shut};
}"""
RULE = re.compile("a state follows from due date and approved completion|trạng thái suy ra từ")
COUNT = re.compile(r"<h[12][^>]*>\s*([\d.,]+) ")


def spread(found: list[Any]) -> list[Any]:
    """Some of many, evenly."""
    step = max(1, (len(found) - 1) / (OPENED - 1))
    return [found[round(n * step)] for n in range(min(OPENED, len(found)))]


def opened(visitor: Visitor, address: str) -> str:
    answer = visitor.page.request.get(visitor.site.url + address)
    assert answer.status == 200, address
    return html.unescape(answer.text())


@pytest.mark.parametrize("path", PAGES)
def test_each_number_opens(visitor: Visitor, path: str) -> None:
    """31. Each number opens: 100 numbers on 20 pages: source, time, definition in one act."""
    lang = visitor.page.evaluate("navigator.language").partition("-")[0]
    visitor.enters_as("office")
    visitor.goes_to(path.format(lang=lang))
    shown = visitor.page.evaluate(NUMBERS)
    assert shown["shut"] == []
    assert len(shown["found"]) >= 3
    for address, number in spread(shown["found"]):
        behind = opened(visitor, address)
        counts = [int(re.sub("[.,]", "", each)) for each in COUNT.findall(behind)]
        assert number in counts, (address, number, counts)
        if "/targets/" not in address:
            assert RULE.search(behind), f"{address} does not say how a state follows"
            assert ("as_of" in path) == ("as_of=2026-01-15" in behind)
