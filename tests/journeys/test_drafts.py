"""A weak line, a lost session: what was typed is there again, and gone once the server has kept it."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.instance import Instance
from tests.journeys.conftest import Visitor, visiting

BLOCKER = "/desk/tasks/nq03-001/blocker/"
TEXT = "Chưa có định mức kinh phí"


def types_it(visitor: Visitor) -> None:
    visitor.page.locator("main [name=kind]").select_option("funding")
    visitor.page.locator("[name=asks_of]").fill("mof")
    visitor.page.locator("[name=text]").fill(TEXT)


def test_what_was_sent_without_a_line_is_there_again(browser: Browser, site: Instance) -> None:
    with visiting(browser, site, "vi", 390) as somebody:
        somebody.enters_as("agency.most")
        somebody.goes_to(BLOCKER)
        types_it(somebody)
        somebody.page.context.set_offline(True)
        somebody.page.locator("form[data-autosave] .btn-primary").click()
        expect(somebody.page.locator("[data-offline]")).to_have_text("Mất kết nối: đã giữ trên thiết bị này")
        somebody.page.context.set_offline(False)
        somebody.goes_to(BLOCKER)
        expect(somebody.page.locator("[name=text]")).to_have_value(TEXT)


def test_what_was_sent_after_the_session_ended_is_there_after_signing_in_and_nobody_elses(
    browser: Browser, site: Instance
) -> None:
    with visiting(browser, site, "vi", 1280) as somebody:
        somebody.enters_as("agency.most")
        somebody.goes_to(BLOCKER)
        types_it(somebody)
        somebody.page.context.clear_cookies()
        somebody.page.locator("form[data-autosave] .btn-primary").click()
        somebody.page.wait_for_load_state()
        somebody.enters_as("agency.mof")
        somebody.page.goto(site.url + BLOCKER)
        assert TEXT not in somebody.page.content(), "another person at the same device"
        somebody.page.context.clear_cookies()
        somebody.enters_as("agency.most")
        somebody.goes_to(BLOCKER)
        expect(somebody.page.locator("[name=text]")).to_have_value(TEXT)
        somebody.page.locator("form[data-autosave] .btn-primary").click()
        somebody.page.wait_for_load_state()
        somebody.goes_to(BLOCKER)
        expect(somebody.page.locator("[name=text]")).to_have_value("")
