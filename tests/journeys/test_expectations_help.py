"""Help where one stands: each page's own, for one's role, without a dead link, and found by search."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from dotpha.cockpit import helptext
from tests.instance import Instance
from tests.journeys.conftest import Visitor, visiting

READ = """
async addresses => {
  const read = async address => {
    const answer = await fetch(address), page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    return {
      status: answer.status,
      help: page.querySelector('[data-help]')?.dataset.help ?? '',
      title: page.querySelector('h1')?.textContent.trim() ?? '',
      said: page.querySelector('main .prose')?.textContent ?? '',
      links: Array.from(page.querySelectorAll('main .prose a'), a => a.getAttribute('href')),
    };
  };
  return Object.fromEntries(await Promise.all(addresses.map(async each => [each, await read(each)])));
}
"""
"""Each page, read within the reader's session, without being drawn."""
ALSO = ["/desk/tasks/nq03-001/", "/desk/tasks/nq03-001/report/", "/desk/programmes/resolution57/", "/desk/search/",
        "/desk/me/", "/desk/me/data/", "/desk/places/province-ha-noi/"]  # fmt: skip
"""Pages that stand in no menu."""
OWN_LINE = {  # user: (page, what the help says to this role alone, what it says to another), in English
    "office": ("/desk/blockers/", "send a blocker on to another body", "is answered from its own page"),
    "agency.most": ("/desk/blockers/", "is answered from its own page", "send a blocker on to another body"),
    "steward": ("/desk/organisations/", "Add, rename, merge, split", "is answered from its own page"),
}


@pytest.fixture
def in_english(browser: Browser, site: Instance) -> Iterator[Visitor]:
    with visiting(browser, site, "en", 390) as one:
        yield one


def opens_help(visitor: Visitor) -> None:
    """The question mark on top; on a phone the line of the menu."""
    page = visitor.page
    mark = page.locator("header a[href^='/desk/help/']").first
    if mark.is_visible():
        mark.click()
    else:
        page.locator(".bottomnav details > summary").click()
        page.locator(".bottomnav a[href^='/desk/help/']").click()
    page.wait_for_url("**/desk/help/?page=*")


def titles(visitor: Visitor) -> dict[str, str]:
    """The title of each topic in the reader's language."""
    lang = visitor.page.evaluate("document.documentElement.lang")
    return {each.key: each.title for each in helptext.topics(lang)}


def read(visitor: Visitor, addresses: list[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = visitor.page.evaluate(READ, list(dict.fromkeys(addresses)))
    return found


def test_the_question_mark_opens_the_help_of_this_page(visitor: Visitor) -> None:
    """39. Help where I stand: each page's "?" opens the how-to of my role for this page; no dead link; found by
    search."""
    visitor.enters_as("agency.most")
    page = visitor.page
    menu: list[str] = page.locator(".side a.i").evaluate_all("all => all.map(a => a.pathname)")
    stood = read(visitor, [*menu, *ALSO])
    assert {address for address, each in stood.items() if each["status"] != 200 or not each["help"]} == set()
    opened = read(visitor, [each["help"] for each in stood.values()])
    named = titles(visitor)
    wrong = [
        (address, each["help"])
        for address, each in stood.items()
        if opened[each["help"]]["title"] != named[parse_qs(urlsplit(each["help"]).query)["page"][0]]
    ]
    assert wrong == []
    assert len(opened) >= 12
    whole = "/desk/help/?role=agency"
    assert {address for address, each in opened.items() if whole not in each["links"]} == set()
    links = [link for each in opened.values() for link in each["links"]]
    assert {link for link, each in read(visitor, links).items() if each["status"] != 200} == set()
    visitor.goes_to("/desk/blockers/")
    opens_help(visitor)
    expect(page.locator("h1")).to_have_text(named["blockers"])
    visitor.finds_it_accessible()


def test_no_how_to_has_a_dead_link(visitor: Visitor) -> None:
    """39. Help where I stand: no dead link, in the how-to of no role and no page."""
    visitor.enters_as("office")
    visitor.goes_to("/desk/help/")
    every: list[str] = visitor.page.locator("main aside a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(every) > 30
    opened = read(visitor, every)
    assert {address for address, each in opened.items() if each["status"] != 200 or not each["said"].strip()} == set()
    links = [link for each in opened.values() for link in each["links"]]
    dead = {link for link, each in read(visitor, links).items() if each["status"] not in (200, 403)}
    assert dead == set(), "403: a page of another role's"


@pytest.mark.parametrize("user", OWN_LINE)
def test_help_speaks_to_my_role(in_english: Visitor, user: str) -> None:
    """39. Help where I stand: the how-to of my role for this page."""
    visitor = in_english
    address, mine, theirs = OWN_LINE[user]
    visitor.enters_as(user)
    visitor.goes_to(address)
    opens_help(visitor)
    expect(visitor.page.locator("main .prose")).to_contain_text(mine)
    expect(visitor.page.locator("main .prose")).not_to_contain_text(theirs)


def test_help_is_found_by_search(visitor: Visitor) -> None:
    """39. Help where I stand: found by search, with the keyboard, without marks."""
    visitor.enters_as("office")
    page = visitor.page
    asked = {"vi": "nhat ky thay doi", "en": "overdue ladder"}[page.evaluate("document.documentElement.lang")]
    wanted = {"vi": "record", "en": "ladder"}[page.evaluate("document.documentElement.lang")]
    visitor.goes_to("/desk/search/")
    page.locator("main input[name=q]").fill(asked)
    page.locator("main input[name=q]").press("Enter")
    page.locator(f'main a[href="/desk/help/?page={wanted}"]').click()
    expect(page.locator("h1")).to_have_text(titles(visitor)[wanted])
