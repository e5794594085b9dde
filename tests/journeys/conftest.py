"""Journeys: a real browser against the real command."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.instance import ROOT, Instance

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def chromium() -> str:
    """The browser: named by DOTPHA_CHROMIUM, the system's, or the one unpacked by `make test`."""
    found = os.environ.get("DOTPHA_CHROMIUM") or shutil.which("chromium") or str(ROOT / "var" / "browser" / "chromium")
    if not Path(found).exists():
        raise RuntimeError("No browser for the journeys: run `make test`, which brings one, or set DOTPHA_CHROMIUM.")
    return found


@pytest.fixture(scope="session")
def site() -> Iterator[Instance]:
    with Instance.running() as instance:
        yield instance


@pytest.fixture(scope="package")  # its loop must not outlast the journeys: other tests may follow in the same process
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        opened.close()


class Visitor:
    """Somebody at a screen: goes, clicks, and finds every page accessible and quiet."""

    def __init__(self, page: Page, site: Instance) -> None:
        self.page, self.site = page, site
        self.complaints: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def goes_to(self, path: str) -> None:
        answer = self.page.goto(self.site.url + path)
        assert answer is not None, path
        assert answer.status < 400, (path, answer.status)

    def enters_as(self, user: str) -> None:
        """One click on the demonstration role."""
        self.goes_to("/account/login/")
        self.page.locator(f'form[action="/account/demo/{user}/"] button').evaluate("button => button.click()")
        self.page.wait_for_url("**/desk/**")

    def defects(self) -> list[str]:
        """What is wrong with the page on the screen: axe's findings, sideways scrolling, errors in the console."""
        self.page.evaluate(AXE.read_text("utf-8"))
        result: dict[str, Any] = self.page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
        )
        found = [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in result["violations"]]
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            found.append(f"scrolls sideways by {wide} px")
        found += self.complaints
        self.complaints.clear()
        return [f"{self.page.url}: {each}" for each in found]

    def finds_it_accessible(self) -> None:
        found = self.defects()
        assert found == [], "\n".join(found)


@contextmanager
def visiting(browser: Browser, site: Instance, locale: str, width: int) -> Iterator[Visitor]:
    """A visitor of their own: nobody else's cookies, gone at the end."""
    context = browser.new_context(locale=locale, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    yield Visitor(context.new_page(), site)
    context.close()


@pytest.fixture(params=[("vi", 1280), ("en", 390)], ids=["vi-1280", "en-390"])
def visitor(request: pytest.FixtureRequest, browser: Browser, site: Instance) -> Iterator[Visitor]:
    """A visitor in Vietnamese at a desk, and in English on a phone."""
    locale, width = request.param
    with visiting(browser, site, locale, width) as one:
        yield one


@pytest.fixture
def somebody(browser: Browser, site: Instance) -> Iterator[Visitor]:
    """One visitor, in Vietnamese, at a desk."""
    with visiting(browser, site, "vi", 1280) as one:
        yield one
