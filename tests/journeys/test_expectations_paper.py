"""Pages on paper (expectation 33)."""

from __future__ import annotations

import io
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from dotpha.platform import numbers
from tests.journeys.conftest import Visitor

A4 = (595, 842)  # points
INSIDE = 680  # pixels between the margins of the sheet: 210 mm less twice 15 mm
KINDS = {
    "list of tasks": "/desk/tasks/?view=all&state=overdue&sort=key",
    "task": "/desk/tasks/nq03-001/",
    "overview": "/desk/leader/",
    "programme": "/desk/programmes/resolution57/",
    "programmes": "/desk/programmes/",
    "map": "/desk/map/",
    "documents": "/desk/documents/?q=chuyen+doi+so",
    "document": "/desk/documents/nq-03-cp/",
    "organisation": "/desk/organisations/most/",
    "place": "/desk/places/province-ha-noi/",
    "calendar": "/desk/calendar/",
    "extensions": "/desk/extensions/",
    "home": "/{lang}/",
    "public programme": "/{lang}/programmes/resolution57/?state=overdue",
}
FILTERS = {
    "list of tasks": ("Trạng thái: quá hạn", "State: overdue"),
    "documents": ("chuyen doi so", "chuyen doi so"),
    "public programme": ("Chỉ gồm: quá hạn", "Only: overdue"),
}
LEADS = "button, [type=submit], dialog, .side, header.top, .bottomnav, .pnav, nav.tabs, nav.crumbs, nav a[rel]"
ASTRAY = """leads => {
  const wide = document.documentElement.clientWidth, found = new Set();
  for (const each of document.querySelectorAll("body *")) {
    const at = each.getBoundingClientRect(), style = getComputedStyle(each);
    if (!at.width || !at.height || style.visibility === "hidden" || each.closest(".vh, .skip, .dp-sprite")) continue;
    const name = each.tagName.toLowerCase() + "." + (each.getAttribute("class") || "");
    if (at.right > wide + 1 || at.left < -1) found.add("cut off: " + name);
    const clips = style.overflowX !== "visible" && each.clientWidth;
    if (clips && each.scrollWidth > each.clientWidth + 1) found.add("clipped: " + name);
    if (each.matches(leads)) found.add("leads elsewhere: " + name);
  }
  return [...found];
}"""

TILES = """() => [...document.querySelectorAll("svg.tilemap text:not(.file text)")].map(each =>
  parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a)"""
LEGIBLE = 8 * 96 / 72  # pixels of the smallest letters on paper


def written(data: bytes) -> list[str]:
    """What stands on each sheet, without spaces: where the font changes inside a word, a reader of PDF puts one."""
    return ["".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(data)).pages]


def sheets(visitor: Visitor, path: str) -> list[str]:
    """What the page at a path prints."""
    visitor.goes_to(path)
    data = visitor.page.pdf(prefer_css_page_size=True)
    box = PdfReader(io.BytesIO(data)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == A4
    return written(data)


def today(lang: str) -> str:
    """Today in Viet Nam, as a head writes it."""
    return numbers.day(datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date(), lang).replace(" ", "")


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_on_paper(visitor: Visitor, kind: str) -> None:
    """33. Print: ten page kinds to A4: no navigation, nothing cut, heading with filter, time and page numbers."""
    lang = visitor.page.evaluate("navigator.language").partition("-")[0]
    if not KINDS[kind].startswith("/{lang}"):
        visitor.enters_as("office")
    begun = today(lang)
    told = sheets(visitor, KINDS[kind].format(lang=lang))
    head = told[0]
    assert re.search(rf"({begun}|{today(lang)})\d\d:\d\d", head), head
    assert visitor.page.url in head
    if kind in FILTERS:
        assert FILTERS[kind][lang == "en"].replace(" ", "") in head.replace(visitor.page.url, ""), head
    assert [sheet for n, sheet in enumerate(told, 1) if not sheet.startswith(f"{n}/{len(told)}")] == []
    visitor.page.emulate_media(media="print")
    visitor.page.set_viewport_size({"width": INSIDE, "height": 900})
    assert visitor.page.evaluate(ASTRAY, LEADS) == []
    assert min(visitor.page.evaluate(TILES), default=LEGIBLE) >= LEGIBLE
