"""Wordings of provisions: which holds on a day, the page that changes one, the history it leaves (B2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dotpha.documents import actions, clauses, rules
from dotpha.documents.models import Provision
from dotpha.documents.tests.test_actions import LATER, SIGNED, TEST, provision, refused
from dotpha.documents.tests.test_pages import enter, read, send
from dotpha.platform import days

DAYS = st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 9))


@given(st.lists(DAYS, max_size=6), st.dates(date(2019, 12, 31), date(2020, 1, 10)))
def test_on_each_day_the_newest_edition_given_by_then_holds(given_on: list[date | None], on: date) -> None:
    editions = [rules.Wording(number, day) for number, day in enumerate(given_on, 1)]
    newest = max((each.edition for each in editions if each.from_on is None or each.from_on <= on), default=None)
    held = [number for number, (first, last) in rules.held_from_to(editions).items() if first <= on <= last]
    assert held == ([] if newest is None else [newest])


@pytest.fixture
def held(db: None) -> Provision:
    return provision("III.2")


@pytest.fixture
def office(db: None) -> Client:
    return enter("office")


def reword(held: Provision, text: str, **facts: Any) -> None:
    actions.change_wording(provision=held, heading={}, text={"vi": text}, by=TEST, **facts)


def typed(held: Provision, **other: Any) -> dict[str, Any]:
    held.document.refresh_from_db()
    first = {"heading": "", "text": "Ba", "from_on": "2025-01-01", "reason": "Nghị quyết 2"}
    return {**first, "version": held.document.version, **other}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"text": "Ba", "from_on": SIGNED - timedelta(days=1)}, ("wording_out_of_order", "from_on", 422)),
        ({"text": " ", "from_on": LATER}, ("wording_missing", "text", 422)),
        ({"text": "Ba", "from_on": LATER, "version": 99}, ("changed_meanwhile", "version", 409)),
    ],
)
def test_a_wording_that_cannot_be_is_refused(
    held: Provision, facts: dict[str, Any], expected: tuple[str, str, int]
) -> None:
    assert refused(lambda: reword(held, **facts)) == expected


def test_the_page_gives_another_wording_and_keeps_the_former_one_for_its_days(held: Provision, office: Client) -> None:
    assert 'href="/desk/documents/nq-57/III.2/wording/"' in read(office, "nq-57/III.2/")
    form = read(office, "nq-57/III.2/wording/")
    assert ">\nHai</textarea>" in form
    assert send(office, "nq-57/III.2/wording/", **typed(held, text="Ba <b>"))[0] == 302
    html = read(office, "nq-57/III.2/")
    assert html.index("Ba &lt;b&gt;") < html.index(">Hai<")
    assert "as_of=2024-12-31" in html
    then = read(office, "nq-57/III.2/?as_of=2024-12-31")
    assert then.index(">Hai<") < then.index("Ba &lt;b&gt;")
    assert "III.2/wording/" not in then
    assert "not checked against the original" in read(office, "nq-57/")


def test_what_was_typed_stays_when_it_is_refused(held: Provision, office: Client) -> None:
    for other, status, sentence in (
        ({"from_on": "2020-01-01"}, 422, "Give the new one that day or a later one"),
        ({"from_on": "soon"}, 422, "This is no day."),
        ({"reason": ""}, 422, "This field is required"),
        ({"version": 99}, 409, "Somebody changed this meanwhile"),
    ):
        found, html = send(office, "nq-57/III.2/wording/", **typed(held, text="Ba chấm", **other))
        assert (found, sentence in html, "Ba chấm" in html) == (status, True, True)
    assert held.texts.count() == 1


def test_a_wording_given_for_the_same_day_corrects_the_one_before(held: Provision, office: Client) -> None:
    reword(held, "Sai", from_on=LATER)
    reword(held, "Đúng", from_on=LATER)
    told = [(each.text.edition, each.held, each.holds) for each in clauses.editions(held, LATER)]
    assert told == [(3, True, True), (2, False, False), (1, True, False)]
    assert "corrected by a later one of the same day" in read(office, "nq-57/III.2/")


def test_a_wording_of_a_day_to_come_is_shown_and_does_not_hold_yet(held: Provision, office: Client) -> None:
    coming = days.today() + timedelta(days=30)
    reword(held, "Ba", from_on=coming)
    html = read(office, "nq-57/III.2/")
    assert html.index(">Hai<") < html.index(">Ba<")
    assert f"as_of={coming}" not in html


def test_translations_stay_with_the_words_they_translate(held: Provision, office: Client) -> None:
    actions.change_wording(
        provision=held, heading={"vi": "Đầu", "en": "Head"}, text={"vi": "Hai", "en": "Two"}, from_on=SIGNED, by=TEST
    )
    assert send(office, "nq-57/III.2/wording/", **typed(held, heading="Đầu", text="Ba"))[0] == 302
    last = held.texts.first()
    assert (last.heading, last.text) == ({"vi": "Đầu", "en": "Head"}, {"vi": "Ba"})


@pytest.mark.parametrize("role", ["leader", "inspector", "owner"])
def test_who_may_not_change_documents_may_not_change_a_wording(held: Provision, role: str) -> None:
    client = enter(role)
    assert "III.2/wording/" not in read(client, "nq-57/III.2/")
    assert client.get("/desk/documents/nq-57/III.2/wording/").status_code == 403
    assert client.post("/desk/documents/nq-57/III.2/wording/", typed(held)).status_code == 403
