"""Pages answer at once and stand still (expectation 40)."""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.instance import Instance
from tests.journeys.conftest import Visitor, visiting

LIST, TASK = "/desk/tasks/?view=all", "/desk/tasks/nq03-001/"
PAGES = (
    "/desk/inbox/", LIST, "/desk/leader/", "/desk/programmes/resolution57/", "/desk/documents/", TASK, "/vi/", "/en/",
)  # fmt: skip
WATCH = """
window.shifts = [];
new PerformanceObserver(list => list.getEntries().filter(each => !each.hadRecentInput).forEach(each => {
  const moved = each.sources.map(one => one.node && (one.node.outerHTML || one.node.textContent).slice(0, 120));
  window.shifts.push({value: each.value, moved});
})).observe({type: "layout-shift", buffered: true});
"""
SETTLED = """async () => {
  await document.fonts.ready;
  for (let n = 0; n < 3; n += 1) await new Promise(requestAnimationFrame);
  return window.shifts;
}"""
HEARD = """
for (const kind of ["click", "submit"]) addEventListener(kind, event => {
  const line = getComputedStyle(document.body, "::after");
  if (line.height === "3px") sessionStorage.setItem("heard", performance.now() - event.timeStamp);
});
"""
ACTS = (
    (LIST, ".tools [role=search] button"),
    (LIST, "main tbody a[href^='/desk/tasks/']"),
    (LIST, "nav.tabs a >> nth=1"),
    (LIST, 'a[rel="next"]'),
    (TASK, ".crumbs a >> nth=0"),
    ("/desk/inbox/", "main .inb .btn >> nth=0"),
    ("/desk/leader/", "a.fig >> nth=1"),
    ("/desk/documents/", "main form.tools button"),
)
"""What people do all day: the page, and what they press there."""


def watched(visitor: Visitor, script: str) -> Page:
    """The visitor's page with a script of the test in it."""
    visitor.page.add_init_script(script)
    return visitor.page


def on_a_slow_machine(page: Page) -> None:
    """A processor of half the speed, a line with a delay, no file from a cache: what comes late moves most."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    slow = {"offline": False, "latency": 20, "downloadThroughput": 300_000, "uploadThroughput": 300_000}
    line.send("Network.emulateNetworkConditions", slow)
    line.send("Emulation.setCPUThrottlingRate", {"rate": 2})


def moves(page: Page) -> list[Any]:
    """What moved without anybody having touched the page, once its fonts are there."""
    found: list[Any] = page.evaluate(SETTLED)
    return found


def test_nothing_moves_while_a_page_comes(visitor: Visitor) -> None:
    """40. It feels immediate: 30 daily acts: visible answer ≤ 100 ms, result ≤ 400 ms, layout shift 0: the shift."""
    visitor.enters_as("office")
    page = watched(visitor, WATCH)
    on_a_slow_machine(page)
    found = {}
    for path in PAGES:
        visitor.goes_to(path)
        found[path] = moves(page)
    assert {path: each for path, each in found.items() if each} == {}


def test_nothing_moves_when_somebody_else_comes(browser: Browser, site: Instance, visitor: Visitor) -> None:
    """40. It feels immediate: layout shift 0, also where a sentence appears by itself."""
    visitor.enters_as("office")
    page = watched(visitor, WATCH)
    with visiting(browser, site, "vi", 1280) as other:
        other.enters_as("leader")
        other.goes_to(TASK)
        visitor.goes_to(TASK)
        expect(page.locator("[data-presence]")).to_be_visible(timeout=20_000)
        assert moves(page) == []


def test_an_act_is_answered_before_the_server_has_answered(visitor: Visitor) -> None:
    """40. It feels immediate: daily acts: a visible answer, however long the result takes."""
    assert min(answer_times(visitor)) >= 0


@pytest.mark.long
def test_an_act_is_answered_within_100_ms(visitor: Visitor) -> None:
    """40. It feels immediate: daily acts: visible answer ≤ 100 ms."""
    waits = answer_times(visitor)
    assert median(waits) <= 100, waits


def answer_times(visitor: Visitor) -> list[float]:
    """Milliseconds to the answer of each act."""
    visitor.enters_as("office")
    page = watched(visitor, HEARD)
    return [answer_time(visitor, page, path, pressed) for path, pressed in ACTS]


def answer_time(visitor: Visitor, page: Page, path: str, pressed: str) -> float:
    """Milliseconds from the press to the line on top of the page that is left; -1 where none comes."""
    visitor.goes_to(path)
    page.evaluate("sessionStorage.removeItem('heard')")
    with page.expect_navigation():
        page.locator(pressed).first.click()
    return float(page.evaluate("sessionStorage.getItem('heard')") or -1)
