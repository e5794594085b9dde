"""Each number opens and says what stands behind it; drilling keeps what was chosen; charts leave as files (31)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.instance import Instance
from tests.journeys.conftest import Visitor, visiting

OPENED = 100
THEN = "as_of=2026-01-15"
PUBLIC = (
    "/vi/", "/en/", f"/vi/?{THEN}", "/vi/programmes/resolution57/charts/map/",
    "/en/programmes/resolution57/charts/groups/", f"/vi/programmes/resolution57/charts/leads/?{THEN}",
)  # fmt: skip
DESK = (
    "/desk/inbox/", "/desk/leader/", "/desk/leader/?programme=resolution57", f"/desk/leader/?parts=true&{THEN}",
    "/desk/programmes/", "/desk/programmes/resolution57/", f"/desk/programmes/resolution57/?{THEN}", "/desk/map/",
    f"/desk/map/?{THEN}", "/desk/charts/leads/?programme=resolution57", "/desk/charts/programmes/?programme=all",
    f"/desk/charts/map/?programme=all&{THEN}", "/desk/organisations/most/", "/desk/places/province-ha-noi/",
)  # fmt: skip
PAGES = (*PUBLIC, *DESK)
"""Twenty addresses; the public ones are read by nobody in particular, the others by the office."""
NUMBERS = """() => {
  const plain = words => /^[\\d.,]+$/.test(words.trim()) ? +words.replace(/[.,]/g, "") : null;
  const found = [], shut = [];
  // leads=all shows the lines that a table leaves out: they stand on the same page
  for (const link of document.querySelectorAll("main a[href]:not([href*='leads=all'])")) {
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
COUNT = re.compile(r"<h[12][^>]*>\s*([\d.,]+) ")
TOLD = (
    ("Source", "Nguồn"), ("Facts of the day", "Số liệu của ngày"), ("Approved by", "Người duyệt"),
    ("Definition", "Định nghĩa"), ("Trust", "Độ tin cậy"),
)  # fmt: skip
ANSWERS = re.compile(r"<dt>([^<]+)</dt><dd>(?:<[^>]+>|\s)*([^<\s][^<]*)")


def spread(found: list[Any], many: int) -> list[Any]:
    """Some of many, evenly: the first, the last, and as many between."""
    step = max(1, (len(found) - 1) / max(1, many - 1))
    return [found[round(n * step)] for n in range(min(many, len(found)))]


def opens(visitor: Visitor, path: str, address: str, number: int) -> None:
    """The page behind a number counts as many, keeps the day, and answers each question in one act."""
    answer = visitor.page.request.get(visitor.site.url + address)
    assert answer.status == 200, address
    behind = html.unescape(answer.text())
    counts = [int(re.sub("[.,]", "", each)) for each in COUNT.findall(behind)]
    assert number in counts, (path, address, number, counts)
    assert (THEN in path) == (THEN in behind), (path, address)
    answers = dict(ANSWERS.findall(behind.rpartition('class="dlist sm about"')[2]))
    silent = [words[0] for words in TOLD if not any(answers.get(each, "").strip() for each in words)]
    assert silent == [], (path, address, answers)


def test_a_hundred_numbers_open(browser: Browser, site: Instance) -> None:
    """31. Each number opens: 100 numbers on 20 pages: source, time, approver, definition, trust label in one act."""
    opened: set[tuple[str, str, int]] = set()
    with visiting(browser, site, "vi", 1280) as visitor:
        for path in PAGES:
            if path == DESK[0]:
                visitor.enters_as("office")
            visitor.goes_to(path)
            shown = visitor.page.evaluate(NUMBERS)
            assert shown["shut"] == [], path
            assert len(shown["found"]) >= 3, path
            left = PAGES[PAGES.index(path) :]
            wanted = -(-(OPENED - len(opened)) // len(left)) + 1
            for address, number in spread(sorted(map(tuple, shown["found"])), max(wanted, 5)):
                opens(visitor, path, address, number)
                opened.add((path, address, number))
    assert len(PAGES) == 20
    assert len(opened) >= OPENED


@pytest.mark.parametrize(("path", "user"), [("/desk/leader/?programme=resolution57", "leader"), ("/en/", "")])
def test_a_chart_as_table_picture_drawing_file_and_address(
    browser: Browser, site: Instance, tmp_path: Path, path: str, user: str
) -> None:
    """31. Chart has table, PNG, SVG, CSV, embed."""
    with visiting(browser, site, "en", 1280) as visitor:
        if user:
            visitor.enters_as(user)
        visitor.goes_to(path)
        menu, kept = visitor.page.locator(".chart-menu").first, tmp_path / "picture"
        for kind, begin in (("png", b"\x89PNG\r\n\x1a\n"), ("svg", b"<svg ")):
            if not menu.evaluate("menu => menu.open"):
                menu.locator("summary").click()
            with visitor.page.expect_download() as coming:
                menu.locator(f"[data-picture={kind}]").click()
            assert coming.value.suggested_filename.endswith(f".{kind}")
            coming.value.save_as(kept)
            assert kept.read_bytes().startswith(begin)
            assert len(kept.read_bytes()) > 2000
        drawn = kept.read_text("utf-8")
        assert "class=" not in drawn
        assert "facts of" in drawn
        links = menu.locator("a").evaluate_all("found => found.map(each => each.getAttribute('href'))")
        table, csv = visitor.page.request.get(site.url + links[0]), visitor.page.request.get(site.url + links[1])
        assert 'id="table"' in table.text()
        assert csv.headers["content-type"].startswith("text/csv")
        assert ("/embed/" in links[2]) is not bool(user)
        if user:
            assert "No address to embed" in menu.text_content()
        assert visitor.defects() == []


@contextmanager
def another_site(body: str) -> Iterator[str]:
    """A page of another origin; the browser lets only what really lies on this machine reach an address of it."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is to be said."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}/"
        server.shutdown()


def test_an_embedded_chart_stands_in_a_page_of_another_site(browser: Browser, site: Instance) -> None:
    address = f"{site.url}/en/programmes/resolution57/embed/map/"
    body = f'<!doctype html><link rel="icon" href="data:,"><iframe title="map" src="{address}" height="900"></iframe>'
    with visiting(browser, site, "en", 390) as visitor, another_site(body) as elsewhere:
        visitor.page.goto(elsewhere)
        tile = visitor.page.frame_locator("iframe").locator("svg.tilemap a").first
        with visitor.page.context.expect_page() as opened:
            tile.click()
        assert "/en/programmes/resolution57/?state=overdue" in opened.value.url
        assert visitor.complaints == []
        visitor.goes_to("/en/programmes/resolution57/embed/groups/")
        visitor.finds_it_accessible()
