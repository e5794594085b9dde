"""Back brings one back, and what was done can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Visitor

LIST = "/desk/tasks/?view=all"
BOXES = 'tbody input[name="picked"]'
CHECKED = "all => all.filter(box => box.checked).map(box => box.value)"
OFFERED_FOR = 10_000
"""Milliseconds for which a change can be taken back, at the least."""


def ticks(page: Page, *places: int) -> list[str]:
    """Choose rows by their places in the list; answers their keys."""
    for place in places:
        page.locator(BOXES).nth(place).check()
    expect(page.locator("[data-bulk] [data-count]")).to_have_text(str(len(places)))
    found: list[str] = page.locator(BOXES).evaluate_all(CHECKED)
    return found


def test_back_brings_me_back(visitor: Visitor) -> None:
    """12. Back brings me back: list, scroll, open, back: same filter, same scroll place, same selected rows."""
    visitor.enters_as("office")
    page = visitor.page
    visitor.goes_to(LIST)
    page.locator("#list-q").fill("khoa hoc")
    page.locator("#list-q").press("Enter")
    page.wait_for_url("**q=khoa**")
    chosen = ticks(page, 1, 3, 12)
    opened = page.locator("tbody tr").nth(12).locator("a[href^='/desk/tasks/']").first
    opened.scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 90)")
    place, address = page.evaluate("[scrollY, location.href]")
    assert place > 200
    opened.evaluate("link => link.click()")  # a click by its place would scroll first
    page.wait_for_url("**/desk/tasks/*/")
    page.go_back()
    page.wait_for_function("place => Math.abs(scrollY - place) <= 2", arg=place)
    assert page.url == address
    assert page.locator("#list-q").input_value() == "khoa hoc"
    assert page.locator(BOXES).evaluate_all(CHECKED) == chosen
    expect(page.locator("[data-bulk] [data-count]")).to_have_text("3")
    visitor.finds_it_accessible()


def history_of(visitor: Visitor, key: str) -> list[dict[str, Any]]:
    """What the history of a task tells, the latest first."""
    told = visitor.page.request.get(f"{visitor.site.url}/desk/tasks/{key}.json").json()
    found: list[dict[str, Any]] = told["task"]["history"]
    return found


def rows_of(visitor: Visitor, *keys: str) -> list[dict[str, Any]]:
    """What the list tells of some tasks."""
    twin = f"{visitor.site.url}/desk/tasks.json{LIST.removeprefix('/desk/tasks/')}&columns=key,lead,state,due_on,tags"
    rows = {row["key"]: row for row in visitor.page.request.get(twin).json()["items"]}
    return [rows[key] for key in keys]


def keeps_offering(page: Page, undo: Locator) -> None:
    """It is there, and still there when its time is over."""
    expect(undo).to_be_visible()
    page.clock.run_for(OFFERED_FOR)
    expect(undo).to_be_visible()


def test_a_change_of_many_is_taken_back_in_one_step(visitor: Visitor) -> None:
    """15. Undo: every reversible act shows Undo for 10 s and stays in the history; undo of a bulk change is one
    step."""
    visitor.page.clock.install()
    visitor.enters_as("office")
    page = visitor.page
    visitor.goes_to(f"{LIST}&sort=key")
    chosen = ticks(page, 0, 2, 4)
    before = rows_of(visitor, *chosen)
    page.locator("[data-bulk] button").first.click()
    page.wait_for_url("**/desk/tasks/change/**")
    page.locator('main a[href*="verb=tags"]').click()
    page.locator('[name="tags"]').fill("thử-15")
    page.locator("main form .btn-primary").click()
    page.locator('main button[name="do"]').click()
    page.wait_for_url("**/desk/tasks/?**")
    assert ["thử-15" in row["tags"] for row in rows_of(visitor, *chosen)] == [True] * 3
    undo = page.locator(".undo button")
    visitor.finds_it_accessible()
    keeps_offering(page, undo)
    with page.expect_navigation():
        undo.click()
    assert rows_of(visitor, *chosen) == before
    expect(page.locator(".undo")).to_have_count(0)
    for key in chosen:
        assert [each["kind"] for each in history_of(visitor, key)[:2]] == ["task.changed", "task.changed"]


ACTS: dict[str, tuple[dict[str, str], list[str]]] = {  # act: what is typed, what the history tells in the end
    "assign": ({"lead": "mof", "reason": "15", "document": "03/NQ-CP"}, ["task.assigned", "task.assigned"]),
    "part": ({"organisation": "moh", "duty": "15"}, ["task.cooperation_changed", "task.cooperation_changed"]),
    "suspend": ({"reason": "15", "document": "03/NQ-CP"}, ["task.resumed", "task.suspended"]),
    "needs": ({"needs": "nq03-050"}, ["task.dependency_ended", "task.dependency_added"]),
    "cancel": ({"reason": "15", "document": "03/NQ-CP"}, ["task.reopened", "task.cancelled"]),
    "edit": ({"tags": "thử-15b", "reason": "15", "document": "03/NQ-CP"}, ["task.changed", "task.changed"]),
}


@pytest.mark.parametrize("act", ACTS)
def test_every_reversible_act_offers_to_take_it_back(visitor: Visitor, act: str) -> None:
    """15. Undo: every reversible act shows Undo for 10 s and stays in the history."""
    said, told = ACTS[act]
    key = "nq03-031"
    visitor.page.clock.install()
    visitor.enters_as("office")
    before = rows_of(visitor, key)
    page = visitor.page
    visitor.goes_to(f"/desk/tasks/{key}/edit/" if act == "edit" else f"/desk/tasks/{key}/acts/{act}/")
    for name, value in said.items():
        page.locator(f'main [name="{name}"]').fill(value)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(f"**/desk/tasks/{key}/")
    undo = page.locator('form:has([name="undoing"]) button')
    keeps_offering(page, undo)
    with page.expect_navigation():
        undo.click()
    assert page.url.endswith(f"/desk/tasks/{key}/"), page.locator("main").inner_text()
    expect(undo).to_have_count(0)
    assert rows_of(visitor, key) == before
    assert [each["kind"] for each in history_of(visitor, key)[: len(told)]] == told
