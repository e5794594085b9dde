"""Lists: the address says it all, and views are kept."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, expect

from tests.instance import Instance
from tests.journeys.conftest import Visitor, visiting

LIST = "/desk/tasks/?view=all"
ROWS = "main tbody tr"


def keys_shown(page: Page) -> list[str]:
    """The tasks on the page, in their order."""
    links = page.locator(f"{ROWS} a[href^='/desk/tasks/']").evaluate_all("all => all.map(a => a.pathname)")
    return list(dict.fromkeys(links))


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def colleague(browser: Browser, site: Instance, user: str, address: str) -> tuple[list[str], str]:
    """What somebody else sees at the same address: the tasks, and all the words around them."""
    with visiting(browser, site, "en", 1280) as other:
        other.enters_as(user)
        other.goes_to(address)
        return keys_shown(other.page), other.page.locator("main").inner_text()


def test_the_address_holds_filter_order_columns_and_page(browser: Browser, site: Instance, visitor: Visitor) -> None:
    """9. Filters, sort, columns and page live in the address: open the copied address as a colleague: same rows, same
    order, less what he may not see, and it says so."""
    visitor.enters_as("office")
    page = visitor.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.goes_to(LIST)
    page.locator("main a", has_text=re.compile("^(Thêm điều kiện|Add a condition)$")).click()
    page.locator('[name="state"][value="overdue"]').check()
    page.locator(".conditions .btn-primary").click()
    page.locator("details:has([name=columns]) summary").click()
    page.locator('[name="columns"][value="due_on"]').uncheck()
    page.locator("details:has([name=columns]) button").click()
    page.goto(f"{page.url}&sort=-key")
    page.locator('a[rel="next"]').click()
    page.wait_for_url("**page=2**")
    assert {"state", "columns", "sort", "page"} <= set(asked(page))
    assert keys_shown(page)
    page.locator("[data-copy]").click()
    address = page.evaluate("navigator.clipboard.readText()").removeprefix(site.url)
    mine = keys_shown(page)
    theirs, words = colleague(browser, site, "leader", address)
    assert theirs == mine
    assert "within your rights" not in words


def test_a_colleague_sees_less_where_he_may_see_less_and_is_told(browser: Browser, site: Instance) -> None:
    """9. The copied address opened as a colleague: same order, less what he may not see, and it says so."""
    address = "/desk/tasks/?view=all&parts=true&q=nghi+dinh&sort=key"
    whole, _words = colleague(browser, site, "office", address)
    his, words = colleague(browser, site, "agency.most", address)
    assert his
    assert [key for key in whole if key in his] == [key for key in his if key in whole]
    assert "You see the tasks within your rights" in words


def saves_view(page: Page, name: str, scope: str = "") -> None:
    page.locator("details:has(#view-name) > summary").click()
    page.locator("#view-name").fill(name)
    page.locator("#view-scope").select_option(scope)
    page.locator("#view-default").set_checked(not scope)
    page.locator("details:has(#view-name) .btn-primary").click()
    page.wait_for_url("**view=*")


def removes_view(page: Page) -> str:
    """Take the view away; answers what was said before."""
    page.locator("details:has(#view-name) > summary").click()
    said = page.locator("details:has(#view-name) .pop").inner_text()
    page.locator("details:has(#view-name) .btn-danger").click()
    page.wait_for_url("**view=all")
    return said


def test_saved_views(visitor: Visitor) -> None:
    """10. Saved views, mine and shared, one as my default: save, change a filter: "changed" mark, reset brings it
    back; deleting a shared view warns its users."""
    visitor.enters_as("office")
    page = visitor.page
    visitor.goes_to("/desk/tasks/?state=overdue&sort=key")
    saves_view(page, "Quá hạn 10")
    visitor.goes_to("/desk/tasks/")
    expect(page.locator("h1")).to_contain_text("Quá hạn 10")
    kept, shown = page.url, keys_shown(page)
    page.locator("#list-q").fill("khoa hoc")
    page.locator("#list-q").press("Enter")
    changed = page.locator("main .bulk a", has_text=re.compile("as saved|như đã lưu|đã lưu"))
    expect(changed).to_be_visible()
    assert keys_shown(page) != shown
    changed.click()
    expect(changed).to_have_count(0)
    assert (page.url, keys_shown(page)) == (kept, shown)
    removes_view(page)
    visitor.goes_to("/desk/tasks/?state=overdue")
    saves_view(page, "Chung 10", "all")
    assert re.search("will lose it|mất", removes_view(page))
