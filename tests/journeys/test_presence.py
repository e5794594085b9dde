"""Two people at one record: each sees the other, and no longer once the other has gone."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.instance import Instance
from tests.journeys.conftest import visiting

TASK = "/desk/tasks/nq03-001/"
NOTE = "[data-presence]"


def test_who_has_left_is_gone_from_the_other_screen(browser: Browser, site: Instance) -> None:
    with visiting(browser, site, "vi", 1280) as one, visiting(browser, site, "en", 390) as other:
        one.enters_as("office")
        other.enters_as("leader")
        one.goes_to(TASK)
        other.goes_to(TASK)
        expect(other.page.locator(NOTE)).to_be_visible()
        expect(one.page.locator(NOTE)).to_be_visible(timeout=6_000)  # told at the next turn, every four seconds
        one.goes_to("/desk/inbox/")
        expect(other.page.locator(NOTE)).to_be_hidden(timeout=6_000)  # before what nobody tells is forgotten
