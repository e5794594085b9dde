"""Nothing jumps while a page comes (expectation 40); how fast it comes is measured by `make bench`."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.instance import Instance
from tests.journeys.conftest import visiting

PAGES = [
    "/desk/inbox/", "/desk/leader/", "/desk/tasks/", "/desk/tasks/nq03-001/", "/desk/tasks/add/",
    "/desk/programmes/resolution57/", "/desk/documents/", "/desk/calendar/", "/vi/",
]  # fmt: skip
WATCH = """
window.shifts = [];
new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifts.push({
  value: entry.value,
  moved: entry.sources.map(source => source.node && (source.node.outerHTML || source.node.textContent).slice(0, 120)),
}))).observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize(("language", "width"), [("vi", 1280), ("en", 390)])
def test_nothing_jumps_while_a_page_comes(browser: Browser, site: Instance, language: str, width: int) -> None:
    """40. It feels immediate: layout shift 0."""
    found = []
    with visiting(browser, site, language, width) as visitor:
        visitor.enters_as("office")
        visitor.page.add_init_script(WATCH)
        for address in PAGES:
            visitor.goes_to(address)
            visitor.page.wait_for_load_state("networkidle")
            visitor.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            found += [(address, each) for each in visitor.page.evaluate("window.shifts")]
    assert found == [], "\n".join(map(str, found))


def test_a_jump_would_be_seen(browser: Browser, site: Instance) -> None:
    """The watch itself: what is put above a text moves it."""
    with visiting(browser, site, "vi", 1280) as visitor:
        visitor.page.add_init_script(WATCH)
        visitor.goes_to("/vi/")
        visitor.page.evaluate(
            "document.body.prepend(Object.assign(document.createElement('p'), {textContent: '…', style: 'height:9em'}))"
        )
        visitor.page.wait_for_function("window.shifts.length > 0")
