"""The frame of the desk: a refusal keeps the menu, a phone reaches every page, a figure in public opens its list."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext_lazy

from dotpha.accounts.roles import Role, rights_of
from dotpha.accounts.rules import NEVER_LENT
from dotpha.platform.inspection import inspect
from dotpha.platform.refusals import Refused
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db


def enter(role: str, scope: str = "all") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.person(role, scope), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


@pytest.mark.parametrize(
    ("address", "status", "back"),
    [
        ("/desk/tasks/?as_of=2999-01-01&state=overdue", 422, 'href="/desk/tasks/?state=overdue"'),
        ("/desk/tasks/?known_at=tomorrow", 422, 'href="/desk/tasks/"'),
        ("/desk/no-such-page/", 404, 'href="/desk/"'),
        ("/desk/people/", 403, 'href="/desk/"'),
    ],
)
def test_a_refusal_keeps_the_menu_of_who_is_signed_in(address: str, status: int, back: str) -> None:
    answer = enter("owner", "org/government/most/").get(address)
    html = answer.content.decode()
    assert answer.status_code == status
    assert 'class="bottomnav"' in html
    assert back in html
    assert "Sign in to the desk" not in html


def test_a_refusal_in_the_past_does_not_carry_the_moment_on() -> None:
    html = enter("office").get("/desk/tasks/?as_of=2999-01-01").content.decode()
    assert "as_of=2999" not in html.partition('<nav class="side"')[2].partition("</nav>")[0]


def test_a_phone_reaches_every_page_of_the_menu() -> None:
    html = enter("office").get("/desk/inbox/").content.decode()
    side, _sep, rest = html.partition('<nav class="bottomnav"')
    below = rest.partition("</nav>")[0]
    for part in side.partition('<nav class="side"')[2].partition("</nav>")[0].split('<a class="i" href="')[1:]:
        assert f'href="{part.partition(chr(34))[0]}"' in below
    assert 'href="/desk/search/"' in below
    assert 'href="/desk/me/"' in below


def test_the_menu_stands_in_groups_each_headed_once() -> None:
    html = enter("office").get("/desk/inbox/").content.decode()
    side = html.partition('<nav class="side"')[2].partition("</nav>")[0]
    assert re.findall(r'<p class="g">(.+?)</p>', side) == [
        "Programme and tasks", "Follow-up", "Registers", "Administration"
    ]  # fmt: skip
    before, _sep, rest = side.partition('<p class="g">')
    assert 'href="/desk/inbox/"' in before
    assert 'href="/desk/tasks/"' in rest


def test_nobody_reads_the_heading_of_an_empty_group() -> None:
    html = enter("steward").get("/desk/inbox/").content.decode()
    assert '<p class="g">Registers</p>' in html
    assert '<p class="g">Follow-up</p>' not in html


def test_a_day_in_a_refusal_is_written_as_its_reader_writes_days() -> None:
    refusal = Refused("late", gettext_lazy("The completion date %(day)s has not come yet."), day=date(2026, 11, 27))
    with translation.override("vi"):
        assert "27/11/2026" in str(refusal)
    with translation.override("en"):
        assert "27 Nov 2026" in str(refusal)


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.png"])
def test_a_false_ending_is_named_whatever_may_be_given(name: str) -> None:
    with pytest.raises(Refused) as caught:
        inspect(b"plain words", name, ("pdf", "docx", "png"))
    assert caught.value.code == "file_not_what_it_says"


def test_a_period_that_ends_before_it_begins_is_said_at_the_field() -> None:
    make.task(key="a")
    answer = enter("office").get("/desk/tasks/?due_after=2026-02-01&due_before=2026-01-01")
    assert answer.status_code == 422
    assert "lies before the day" in answer.content.decode()


def test_a_saved_view_opens_and_says_that_it_was_saved() -> None:
    make.task(key="a")
    given: dict[str, Any] = {
        "list_name": "tasks",
        "name": "Mine",
        "query": "state=overdue",
        "next": "/desk/tasks/?state=overdue",
    }
    answer = enter("office").post("/desk/views/save/", given, follow=True)
    html = answer.content.decode()
    assert "view=" in answer.redirect_chain[-1][0]
    assert "The view “Mine” was saved." in html
    tabs = html.partition('<nav class="tabs')[2].partition("</nav>")[0]
    assert tabs.partition('aria-current="true"')[2].startswith(">Mine<")


def test_who_sees_no_task_is_not_told_that_there_is_none() -> None:
    make.task(key="a", lead="most")
    html = enter("owner", "org/government/mof/").get("/desk/tasks/").content.decode()
    assert "There is no task here yet" not in html
    assert "within your rights" in html


def test_the_public_figures_open_the_tasks_they_count(django_assert_max_num_queries: Any) -> None:
    make.task(key="late", deadline_text="31/12/2025", assigned_on=date(2025, 1, 1))
    make.task(key="coming", deadline_text="31/12/2036")
    html = Client().get("/en/").content.decode()
    assert "/en/programmes/resolution57/?state=overdue" in html
    with django_assert_max_num_queries(12):
        listed = Client().get("/en/programmes/resolution57/?state=overdue").content.decode()
    assert "/en/tasks/late/" in listed
    assert "/en/tasks/coming/" not in listed
    assert Client().get("/en/programmes/resolution57/?state=nonsense&place=nowhere").status_code == 200


def test_only_rights_that_are_held_are_offered_for_lending() -> None:
    html = enter("inspector").get("/desk/me/").content.decode()
    offered = set(re.findall(r'name="lent" value="([\w.]+)"', html))
    assert offered == rights_of(Role.INSPECTOR) - NEVER_LENT
    assert '<legend class="form-label">What the other person may do</legend>' in html
