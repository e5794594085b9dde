"""A weak line, a dead tab, a lost session: what was typed is there again, and gone once the server has kept it."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.instance import Instance
from tests.journeys.conftest import Visitor, visiting

BLOCKER = "/desk/tasks/nq03-001/blocker/"
ANOTHER = "/desk/tasks/nq03-011/blocker/"
EDIT = "/desk/tasks/nq03-001/edit/"
CARD = "/desk/documents/nq-71-cp/change/"
TEXT = "Chưa có định mức kinh phí"
REASON = "Đính chính theo công văn"
SEND = "form[data-autosave] .btn-primary"


def types_it(visitor: Visitor) -> None:
    visitor.page.locator("main [name=kind]").select_option("funding")
    visitor.page.locator("[name=asks_of]").fill("mof")
    visitor.page.locator("[name=text]").press_sequentially(TEXT)


def test_what_was_sent_without_a_line_is_there_again(visitor: Visitor) -> None:
    """17. Nothing typed is lost: cut the line: text is offered again on return, nowhere else."""
    visitor.enters_as("agency.most")
    visitor.goes_to(BLOCKER)
    types_it(visitor)
    page = visitor.page
    page.context.set_offline(True)
    page.locator(SEND).click()
    expect(page.locator("form[data-autosave] [data-offline]")).to_have_text(
        re.compile("^(Mất kết nối: đã giữ trên thiết bị này|No connection: kept on this device)$")
    )
    page.context.set_offline(False)
    visitor.goes_to(ANOTHER)
    expect(page.locator("[name=text]")).to_have_value("")
    visitor.goes_to(BLOCKER)
    expect(page.locator("[name=text]")).to_have_value(TEXT)


def test_a_draft_that_is_offered_again_can_be_thrown_away(visitor: Visitor) -> None:
    """17. Nothing typed is lost, and whoever does not want it back is rid of it by one button."""
    visitor.enters_as("agency.most")
    visitor.goes_to(BLOCKER)
    discard = visitor.page.locator("form[data-autosave] [data-discard]")
    expect(discard).to_be_hidden()
    types_it(visitor)
    visitor.goes_to(BLOCKER)
    expect(visitor.page.locator("[name=text]")).to_have_value(TEXT)
    discard.click()
    expect(discard).to_be_hidden()
    for _again in range(2):
        expect(visitor.page.locator("[name=text]")).to_have_value("")
        expect(visitor.page.locator("main [name=kind]")).to_have_value("")
        visitor.goes_to(BLOCKER)


def test_what_was_typed_in_a_tab_that_died_is_there_again(browser: Browser, site: Instance, visitor: Visitor) -> None:
    """17. Nothing typed is lost: kill the tab: text is offered again on return, nowhere else."""
    visitor.enters_as("agency.most")
    visitor.goes_to(BLOCKER)
    types_it(visitor)  # and not a moment later
    visitor.page.close(run_before_unload=False)
    visitor.page = visitor.page.context.new_page()
    visitor.goes_to(BLOCKER)
    expect(visitor.page.locator("[name=text]")).to_have_value(TEXT)
    expect(visitor.page.locator("[name=asks_of]")).to_have_value("mof")
    expect(visitor.page.locator("main [name=kind]")).to_have_value("funding")
    with visiting(browser, site, "vi", 1280) as elsewhere:
        elsewhere.enters_as("agency.most")
        elsewhere.goes_to(BLOCKER)
        expect(elsewhere.page.locator("[name=text]")).to_have_value("")


def test_what_was_sent_after_the_sign_in_ended_is_there_after_signing_in_and_nobody_elses(visitor: Visitor) -> None:
    """17. Nothing typed is lost: let the sign-in end: text is offered again on return, nowhere else: another person on
    the same device does not see it."""
    page = visitor.page
    field = page.locator("[name=signatory]")
    visitor.enters_as("steward")
    visitor.goes_to(CARD)
    recorded = field.input_value()
    field.press_sequentially(TEXT)
    typed = field.input_value()
    assert TEXT in typed
    page.context.clear_cookies()
    with page.expect_navigation():
        page.locator(SEND).click()
    visitor.enters_as("office")
    visitor.goes_to(CARD)
    expect(field).to_have_value(recorded)
    page.context.clear_cookies()
    visitor.enters_as("steward")
    visitor.goes_to(CARD)
    expect(field).to_have_value(typed)


def test_what_was_refused_and_then_sent_after_the_sign_in_ended_is_there_again(visitor: Visitor) -> None:
    """17. Nothing typed is lost: refused, typed on, then let the sign-in end: all of it is offered again on return."""
    page = visitor.page
    visitor.enters_as("office")
    visitor.goes_to(EDIT)
    page.locator("[name=title]").press_sequentially(TEXT)
    typed = page.locator("[name=title]").input_value()
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 422):
        page.locator(SEND).click()
    expect(page.locator("[name=title]")).to_have_value(typed)
    page.locator("[name=reason]").press_sequentially(REASON)
    page.context.clear_cookies()
    with page.expect_navigation():
        page.locator(SEND).click()
    visitor.enters_as("office")
    visitor.goes_to(EDIT)
    expect(page.locator("[name=title]")).to_have_value(typed)
    expect(page.locator("[name=reason]")).to_have_value(REASON)


def test_what_the_server_has_kept_is_not_offered_again(browser: Browser, site: Instance) -> None:
    """17. Nothing typed is lost, nor offered a second time once it was sent."""
    with visiting(browser, site, "vi", 1280) as somebody:
        somebody.enters_as("agency.most")
        somebody.goes_to(BLOCKER)
        types_it(somebody)
        with somebody.page.expect_navigation():
            somebody.page.locator(SEND).click()
        somebody.goes_to(BLOCKER)
        expect(somebody.page.locator("[name=text]")).to_have_value("")
