"""What is typed is kept, and two people at one record know of each other (expectations 16 and 18)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.instance import Instance
from tests.journeys.conftest import Visitor, visiting

TASK = "nq03-011"
EDIT = f"/desk/tasks/{TASK}/edit/"
CARD = "/desk/documents/nq-71-cp/change/"
PLACES = """() => [...document.querySelectorAll("main *")].map(each => {
  const at = each.getBoundingClientRect();
  return [each.tagName, at.x, at.y, each.matches("[data-saved]") ? 0 : at.width, at.height];
})"""
PATIENT = 20_000


def stands_still(page: Page) -> None:
    """From here on the clock of the page goes only when it is told to; the server's goes on."""
    page.clock.pause_at(datetime.now() + timedelta(minutes=10))


def events(visitor: Visitor, key: str) -> str:
    """The history of a task as its page shows it."""
    answer = visitor.page.request.get(f"{visitor.site.url}/desk/tasks/{key}/")
    return answer.text().partition('<ol class="tl">')[2].rpartition("</ol>")[0]


@pytest.mark.parametrize(
    ("address", "field"),
    [(f"/desk/tasks/{TASK}/blocker/", "text"), (f"/desk/tasks/{TASK}/acts/dispute/", "reason")],
)
def test_autosave_says_so_and_moves_nothing(visitor: Visitor, address: str, field: str) -> None:
    """16. Autosave that says so: stop typing: "Saved 14:03" within 2 s, no jumping text; history shows named versions
    first."""
    visitor.enters_as("agency.most")
    before = events(visitor, TASK)
    page = visitor.page
    page.clock.install()
    visitor.goes_to(address)
    stands_still(page)
    said, typed = page.locator("form[data-autosave] [data-saved]"), page.locator(f"main [name={field}]")
    typed.press_sequentially("Chưa có định mức")
    expect(said).to_have_text("")
    places = page.evaluate(PLACES)
    page.clock.run_for(2_000)
    expect(said).to_have_text(re.compile(r"(Kept on this device|Đã giữ trên thiết bị này) \d\d:\d\d$"))
    assert page.evaluate(PLACES) == places
    expect(typed).to_be_focused()
    assert events(visitor, TASK) == before, "what is kept on the device is no version of the record"


def two_at(one: Visitor, other: Visitor, address: str) -> None:
    one.enters_as("office")
    other.enters_as("agency.most")
    one.page.clock.install()
    one.goes_to(address)
    stands_still(one.page)
    other.goes_to(address.removesuffix("edit/"))  # who may not change it reads it


def test_two_people_at_one_record_are_both_told(browser: Browser, site: Instance, visitor: Visitor) -> None:
    """18. I see that somebody else is here: two people open one record: both told within 5 s."""
    with visiting(browser, site, "vi", 1280) as other:
        two_at(visitor, other, EDIT)
        told = "[data-presence]"
        expect(other.page.locator(told)).to_have_text(re.compile("Văn phòng Thường trực"), timeout=PATIENT)
        expect(visitor.page.locator(told)).to_be_hidden()
        visitor.page.clock.run_for(5_000)
        expect(visitor.page.locator(told)).to_have_text(re.compile("Khoa học và Công nghệ"), timeout=PATIENT)


def saves(page: Page, signatory: str) -> None:
    page.locator("[name=signatory]").fill(signatory)
    with page.expect_navigation():
        page.locator("form[data-autosave] .btn-primary").click()


def texts_beside(page: Page) -> list[Any]:
    rows: list[Any] = page.locator("[data-both] tbody tr").evaluate_all(
        "all => all.map(row => [...row.querySelectorAll('td')].map(cell => cell.innerText))"
    )
    return rows


def test_the_second_save_shows_both_texts(browser: Browser, site: Instance, visitor: Visitor) -> None:
    """18. I see that somebody else is here: second save shows both texts side by side."""
    width = visitor.page.viewport_size["width"]  # type: ignore[index]
    theirs, mine = f"Nguyễn Thị A {width}", f"Trần Văn B {width}"
    with visiting(browser, site, "vi", 1280) as other:
        other.enters_as("steward")
        visitor.enters_as("office")
        visitor.goes_to(CARD)
        other.goes_to(CARD)
        saves(other.page, theirs)
        assert other.page.url == site.url + CARD.removesuffix("change/")
        saves(visitor.page, mine)
    assert texts_beside(visitor.page) == [[mine, theirs]]
    expect(visitor.page.locator("[name=signatory]")).to_have_value(mine)
    saves(visitor.page, mine)
    visitor.goes_to(CARD)
    expect(visitor.page.locator("[name=signatory]")).to_have_value(mine)
