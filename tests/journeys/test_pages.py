"""Every page of the desk and of the public site: accessible, quiet, nowhere wider than the screen, in two languages."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Visitor

PUBLIC = ["/vi/", "/en/", "/th/", "/vi/programmes/resolution57/", "/vi/tasks/nq03-001/", "/vi/data/", "/account/login/"]
OFFICE = [
    "/desk/inbox/", "/desk/leader/", "/desk/map/", "/desk/search/?q=khoa+hoc", "/desk/help/", "/desk/audit/",
    "/desk/tasks/", "/desk/tasks/?state=overdue&q=du+lieu", "/desk/tasks/?conditions=1&lead=most",
    "/desk/tasks/nq03-001/", "/desk/tasks/nq03-003/",
    "/desk/tasks/nq03-001/edit/", "/desk/tasks/nq03-001/split/", "/desk/tasks/nq03-014/parts/mof/",
    "/desk/tasks/add/", "/desk/tasks/import/", "/desk/programmes/",
    "/desk/programmes/resolution57/", "/desk/programmes/resolution57/targets/", "/desk/programmes/resolution59/",
    "/desk/extensions/", "/desk/blockers/", "/desk/calendar/", "/desk/deadlines/", "/desk/ladder/", "/desk/notices/",
    "/desk/missing-reports/",
    "/desk/documents/",
    "/desk/documents/nq-57/", "/desk/documents/nq-03-cp/annex-II.1/", "/desk/documents/add/",
    "/desk/documents/drafting/", "/desk/documents/nq-57/attach/", "/desk/documents/nq-57/steps/",
    "/desk/organisations/", "/desk/organisations/most/", "/desk/organisations/mic-former/", "/desk/places/",
    "/desk/places/province-ha-noi/", "/desk/places/old-province-ha-giang/", "/desk/components/", "/desk/me/",
    "/desk/tasks/?as_of=2025-12-31", "/desk/leader/?as_of=2025-06-30",
]  # fmt: skip
AGENCY = [
    "/desk/inbox/",
    "/desk/tasks/nq03-001/report/",
    "/desk/tasks/nq03-001/extension/",
    "/desk/tasks/nq03-001/blocker/",
]
STEWARD = ["/desk/organisations/", "/desk/organisations/import/", "/desk/places/", "/desk/places/import/"]
ADMIN = ["/desk/people/", "/desk/people/office/", "/desk/people/add/", "/desk/people/import/", "/desk/system/"]
ROLES = ("leader", "office", "steward", "inspector", "editor", "council", "admin", "citizen", "agency.most",
         "approver.most", "province.01", "commune.00004")  # fmt: skip


def defects_on(visitor: Visitor, paths: list[str]) -> list[str]:
    """What is wrong with any of these pages."""
    found: list[str] = []
    for path in paths:
        visitor.goes_to(path)
        found += visitor.defects()
    return found


def test_public_pages(visitor: Visitor) -> None:
    assert defects_on(visitor, PUBLIC) == []


def test_pages_of_the_office(visitor: Visitor) -> None:
    visitor.enters_as("office")
    assert defects_on(visitor, OFFICE) == []


def test_pages_of_an_agency(visitor: Visitor) -> None:
    visitor.enters_as("agency.most")
    assert defects_on(visitor, AGENCY) == []


def test_pages_of_the_steward(visitor: Visitor) -> None:
    visitor.enters_as("steward")
    assert defects_on(visitor, STEWARD) == []


def test_pages_of_an_administrator(visitor: Visitor) -> None:
    visitor.enters_as("admin")
    assert defects_on(visitor, ADMIN) == []


@pytest.mark.parametrize("role", ROLES)
def test_each_role_lands_on_what_it_must_do(somebody: Visitor, role: str) -> None:
    somebody.enters_as(role)
    somebody.finds_it_accessible()
    main = somebody.page.locator("main")
    assert main.locator("a, button").count() > 0
    assert main.locator("h1").inner_text().strip() != ""


def test_dark_pages(somebody: Visitor) -> None:
    somebody.page.emulate_media(color_scheme="dark")
    somebody.enters_as("office")
    assert defects_on(somebody, ["/desk/leader/", "/desk/tasks/", "/desk/tasks/nq03-001/", "/desk/components/"]) == []


def test_keys(somebody: Visitor) -> None:
    somebody.enters_as("office")
    page = somebody.page
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("gt?")  # while typing no key acts
    assert page.url.endswith("/desk/inbox/")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/desk/tasks/")
