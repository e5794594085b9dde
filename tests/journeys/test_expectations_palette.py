"""The command palette: everything is near to whoever types, and nothing else is offered than what one may do."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor

MOST_KEYS = 8
"""Ctrl + K is one key, each letter and each arrow is one, Enter is the last."""
TARGETS = {  # address: what is typed in Vietnamese and in English
    # pages
    "/desk/leader/": ("tong", "over"), "/desk/tasks/": ("nhie", "task"), "/desk/programmes/": ("chuong", "prog"),
    "/desk/calendar/": ("lich", "cal"), "/desk/blockers/": ("kho", "block"), "/desk/extensions/": ("gia h", "ext"),
    "/desk/map/": ("ban", "map"), "/desk/audit/": ("nhat", "rec"), "/desk/organisations/": ("co q", "org"),
    # acts
    "/desk/tasks/add/": ("them n", "add t"), "/desk/tasks/import/": ("nhap", "imp"),
    "/desk/programmes/add/": ("them c", "add p"), "/desk/documents/add/": ("van b", "add d"),
    "/desk/tour/": ("xem", "show"),
    # tasks
    "/desk/tasks/nq03-014/": ("014", "014"), "/desk/tasks/nq03-140/": ("140", "140"),
    "/desk/tasks/nq03-013/": ("khen", "revo"),
    # places
    "/desk/places/province-ha-noi/": ("ha no", "hanoi"), "/desk/places/province-da-nang/": ("da na", "danang"),
    "/desk/places/province-ca-mau/": ("ca ma", "ca ma"),
}  # fmt: skip


def types(page: Page, letters: str) -> None:
    """Open the palette and type; what is listed then answers what was typed."""
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-q")).to_be_focused()
    page.keyboard.type(letters)
    expect(page.locator('#palette-list[aria-busy="false"]')).to_be_attached()


def offered(page: Page) -> list[str]:
    """The addresses that the palette lists, in their order."""
    found: list[str] = page.locator("#palette-list a").evaluate_all("all => all.map(a => a.pathname + a.search)")
    return found


def keys_to(page: Page, address: str, letters: str) -> int:
    """Go there with the keyboard alone; answers how many keys it took, too many where it is not listed."""
    types(page, letters)
    listed = offered(page)
    if address not in listed:
        page.keyboard.press("Escape")
        return MOST_KEYS + 1
    for _down in range(listed.index(address)):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    return 1 + len(letters) + listed.index(address) + 1


def test_twenty_targets_are_eight_keys_away(visitor: Visitor) -> None:
    """7. Command palette (Ctrl/⌘ K): reach any of 20 given pages, tasks, places and acts with the keyboard only, ≤ 8
    keys each; only acts I may do are listed."""
    visitor.enters_as("office")
    place = 0 if visitor.page.evaluate("document.documentElement.lang") == "vi" else 1
    needed = {address: keys_to(visitor.page, address, typed[place]) for address, typed in TARGETS.items()}
    assert len(needed) == 20
    assert {address: keys for address, keys in needed.items() if keys > MOST_KEYS} == {}
    visitor.page.keyboard.press("Control+k")
    visitor.finds_it_accessible()


@pytest.mark.parametrize(
    ("user", "acts", "not_mine"),
    [
        ("agency.most", {"/desk/programmes/add/"}, {"/desk/tasks/add/", "/desk/people/add/", "/desk/documents/add/"}),
        ("leader", set(), {"/desk/tasks/add/", "/desk/tasks/import/", "/desk/programmes/add/", "/desk/people/add/"}),
        ("citizen", set(), {"/desk/tasks/add/", "/desk/documents/add/", "/desk/people/add/"}),
    ],
)
def test_only_acts_i_may_do_are_listed(somebody: Visitor, user: str, acts: set[str], not_mine: set[str]) -> None:
    """7. Command palette: only acts I may do are listed."""
    somebody.enters_as(user)
    types(somebody.page, "")
    listed = set(offered(somebody.page))
    assert acts <= listed
    assert listed.isdisjoint(not_mine)
    answered = {address: somebody.page.request.get(somebody.site.url + address).status for address in listed | not_mine}
    assert {address for address, status in answered.items() if status == 200} == listed


def test_enter_before_the_answer_goes_where_the_answer_leads(somebody: Visitor) -> None:
    """7. Command palette: the keyboard only, as fast as one types."""
    somebody.enters_as("office")
    page = somebody.page
    page.keyboard.press("Control+k")
    page.keyboard.type("lich")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/calendar/")


def test_single_keys_are_turned_off_and_found_again_in_the_menu(somebody: Visitor) -> None:
    """WCAG 2.1.4: who speaks to the computer is not carried off by a letter."""
    somebody.enters_as("office")
    page = somebody.page
    page.keyboard.press("?")
    page.locator("#keys [data-keys-single]").uncheck()
    somebody.finds_it_accessible()
    page.reload()
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()
    page.locator("details.person-menu > summary").click()
    page.locator("[data-keys-open]").click()
    page.locator("#keys [data-keys-single]").check()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
