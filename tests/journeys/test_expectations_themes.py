"""Dark and light: the system's choice, the reader's choice, and words that can be read in both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.instance import Instance
from tests.journeys.conftest import AXE, Visitor, visiting

THEME = "document.documentElement.dataset.bsTheme"
BEHIND = "getComputedStyle(document.body).backgroundColor"
WATCH = """
window.seen = new Set();
const look = () => {
  if (document.body) seen.add(document.documentElement.dataset.bsTheme);
  if (document.body && document.body.childElementCount) seen.add(getComputedStyle(document.body).backgroundColor);
};
new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
const frame = () => { look(); requestAnimationFrame(frame); };
frame();
"""
"""Notes the theme at each change of the page and the colour behind everything in each frame that is painted."""
PAGES = [
    "/desk/inbox/", "/desk/leader/", "/desk/map/", "/desk/tasks/?view=all", "/desk/tasks/nq03-001/", "/desk/calendar/",
    "/desk/programmes/resolution57/", "/desk/blockers/", "/desk/components/", "/vi/", "/en/programmes/resolution57/",
]  # fmt: skip
IN_CHARTS = """
() => {
  const light = parts => parts.map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [.2126, .7152, .0722][at], 0);
  const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const read = colour => {
    pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
    return Array.from(pen.getImageData(0, 0, 1, 1).data);
  };
  const ratio = (one, other) => {
    const [high, low] = [light(one.slice(0, 3)), light(other.slice(0, 3))].sort((a, b) => b - a);
    return (high + .05) / (low + .05);
  };
  const ground = from => {
    for (let at = from; at; at = at.parentElement) {
      const colour = read(getComputedStyle(at).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return read(getComputedStyle(document.documentElement).backgroundColor);
  };
  const under = word => {
    const box = word.getBoundingClientRect();
    const shapes = Array.from(word.ownerSVGElement.querySelectorAll('rect,path,circle')).filter(shape => {
      const its = shape.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
      const before = shape.compareDocumentPosition(word) & Node.DOCUMENT_POSITION_FOLLOWING;
      return before && its.left <= x && x <= its.right && its.top <= y && y <= its.bottom;
    });
    const filled = shapes.map(shape => getComputedStyle(shape).fill).filter(fill => fill.startsWith('rgb'));
    return filled.length ? read(filled.at(-1)) : ground(word.ownerSVGElement);
  };
  const drawn = Array.from(document.querySelectorAll('svg')).filter(svg => svg.checkVisibility());
  const words = drawn.flatMap(svg => Array.from(svg.querySelectorAll('text')));
  const parts = drawn.flatMap(svg => Array.from(svg.querySelectorAll('.f-ok,.f-dl,.f-ip,.f-od'))
    .filter(part => part.getBoundingClientRect().width > 0));
  const poor = (all, other, least) => all
    .map(each => [each, ratio(read(getComputedStyle(each).fill), other(each))])
    .filter(([, measured]) => measured < least)
    .map(([each, measured]) => `${each.outerHTML.slice(0, 120)}: ${measured.toFixed(2)} of ${least}`);
  return {
    measured: words.length + parts.length,
    poor: [...poor(words, under, 4.5), ...poor(parts, part => ground(part.ownerSVGElement), 3)],
  };
}
"""
"""What axe does not look at: words in a drawing against what lies under them, parts of a bar against the page."""


@pytest.fixture(params=["dark", "light"])
def system(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def other(theme: str) -> str:
    return "light" if theme == "dark" else "dark"


def chooses(page: Page) -> None:
    """The button of the person's menu."""
    page.locator("details.person-menu > summary").click()
    page.locator("details.person-menu [data-theme-toggle]").click()


def test_the_theme_follows_the_system_until_one_is_chosen(visitor: Visitor, system: str) -> None:
    """34. Dark and light: follows the system, choice kept."""
    page = visitor.page
    page.emulate_media(color_scheme=system)  # type: ignore[arg-type]
    visitor.enters_as("leader")
    assert page.evaluate(THEME) == system
    first = page.evaluate(BEHIND)
    page.emulate_media(color_scheme=other(system))  # type: ignore[arg-type]
    page.wait_for_function(f"theme => {THEME} === theme", arg=other(system))
    assert page.evaluate(BEHIND) != first
    chooses(page)
    assert page.evaluate(THEME) == system
    page.emulate_media(color_scheme=system)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=other(system))  # type: ignore[arg-type]
    for address in ("/desk/tasks/", "/vi/"):
        visitor.goes_to(address)
        assert page.evaluate(THEME) == system, address
        assert page.evaluate(BEHIND) == first or address == "/vi/"


def test_a_choice_in_public_and_in_another_tab(somebody: Visitor) -> None:
    """34. Dark and light: choice kept, where nobody signs in too, and in every tab."""
    page = somebody.page
    page.emulate_media(color_scheme="light")
    somebody.goes_to("/vi/")
    tab = page.context.new_page()
    tab.emulate_media(color_scheme="light")
    tab.goto(f"{somebody.site.url}/vi/data/")
    page.locator("footer [data-theme-toggle]").click()
    assert page.evaluate(THEME) == "dark"
    tab.wait_for_function(f"{THEME} === 'dark'")


@pytest.fixture
def watched(browser: Browser, site: Instance, system: str) -> Iterator[Page]:
    """A page of somebody who chose the theme that the system has not."""
    with visiting(browser, site, "vi", 1280) as one:
        one.page.emulate_media(color_scheme=other(system))  # type: ignore[arg-type]
        one.enters_as("leader")
        chooses(one.page)
        one.page.add_init_script(WATCH)
        yield one.page


def test_nothing_flashes_while_a_page_loads(watched: Page, site: Instance, system: str) -> None:
    """34. Dark and light: no flash on loading."""
    behind = watched.evaluate(BEHIND)
    for address in ("/desk/leader/", "/desk/tasks/"):
        watched.goto(site.url + address)
        watched.wait_for_function("window.seen.size >= 2")
        assert set(watched.evaluate("Array.from(window.seen)")) == {system, behind}


def poorly_read(page: Page) -> list[str]:
    """What is hard to read on the page as it stands: axe's findings, then ours within drawings."""
    found: dict[str, Any] = page.evaluate(
        "() => axe.run(document, {runOnly: {type: 'rule', values: ['color-contrast', 'link-in-text-block']}})"
    )
    told = [f"{node['html'][:120]}: {node['any'][0]['message']}" for each in found["violations"]
            for node in each["nodes"]]  # fmt: skip
    charts = page.evaluate(IN_CHARTS)
    return told + charts["poor"]


def test_everything_can_be_read_in_both(visitor: Visitor) -> None:
    """34. Dark and light: contrast AA in both, charts too."""
    visitor.enters_as("office")
    page, wrong, drawn = visitor.page, [], 0
    for address in PAGES:
        page.emulate_media(color_scheme="light")
        visitor.goes_to(address)
        page.evaluate(AXE.read_text("utf-8"))
        drawn += page.evaluate(IN_CHARTS)["measured"]
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            page.wait_for_function(f"theme => {THEME} === theme", arg=theme)
            wrong += [f"{address} {theme}: {each}" for each in poorly_read(page)]
    assert wrong == [], "\n".join(wrong)
    assert drawn > 50, "words and parts of drawings that were measured"
