"""The page of a form that is refused, in each language, as a keyboard and a screen reader meet it (expectation 23)."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Browser, expect

from tests.instance import Instance
from tests.journeys.conftest import Visitor, visiting

ERROR = {"vi": "Lỗi", "en": "Error", "ru": "Ошибка", "fr": "Erreur", "th": "ข้อผิดพลาด", "ms": "Ralat"}
WIDTHS = {"vi": 1280, "en": 390, "ru": 390, "fr": 1280, "th": 390, "ms": 1280}


def finds_the_way_to(visitor: Visitor, field: str) -> None:
    """The summary has the focus, and its line leads to the field, where the same sentence stands."""
    page, lang = visitor.page, visitor.page.evaluate("document.documentElement.lang")
    expect(page).to_have_title(re.compile(f"^{ERROR[lang]}: "))
    expect(page.locator('main [role="alert"]:focus')).to_have_count(1)
    line = page.locator(f'main [role="alert"] a[href="#{field}"]')
    said = line.inner_text().partition(": ")[2]
    assert page.locator(f"#{field}_error").inner_text() == said
    assert f"{field}_error" in (page.locator(f"#{field}").get_attribute("aria-describedby") or "")
    line.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == field
    visitor.complaints = [each for each in visitor.complaints if "status of 422" not in each]  # the browser's own
    visitor.finds_it_accessible()


@pytest.mark.parametrize("language", ERROR)
def test_a_refused_form_says_where_and_what(browser: Browser, site: Instance, language: str) -> None:
    """23. Error sentences: summary on top linked to the field, focus moved, title begins with "Error" in that
    language."""
    with visiting(browser, site, language, WIDTHS[language]) as visitor:
        visitor.enters_as("office")
        visitor.goes_to("/desk/tasks/add/")
        for name, said in {"title": "x", "lead": "Bộ không có", "deadline": f"30/6/{date.today().year + 1}"}.items():
            visitor.page.locator(f'main [name="{name}"]').fill(said)
        visitor.page.locator('main form button.btn-primary:not([name="look"])').last.click()
        finds_the_way_to(visitor, "id_lead")


def test_a_refused_sign_in_says_so_without_any_script(browser: Browser, site: Instance) -> None:
    """23. Error sentences: the same where a page has no script at all."""
    context = browser.new_context(java_script_enabled=False, locale="vi")
    page = context.new_page()
    page.goto(f"{site.url}/account/login/")
    page.locator('[name="login"]').fill("office")
    page.locator('[name="password"]').fill("sai")
    page.locator("main form button.btn-primary").click()
    expect(page).to_have_title(re.compile("^Lỗi: "))
    expect(page.locator('main [role="alert"]:focus')).to_have_count(1)
    context.close()


def test_a_page_that_is_not_there_says_so_in_its_title(visitor: Visitor) -> None:
    """23. Error sentences: a refusal without a form has its own page, with what one can do."""
    visitor.enters_as("office")
    visitor.page.goto(f"{visitor.site.url}/desk/tasks/no-such-task/")
    lang = visitor.page.evaluate("document.documentElement.lang")
    assert visitor.page.title().startswith(f"{ERROR[lang]}: ")
    assert visitor.page.locator("main a.btn").count() == 1
