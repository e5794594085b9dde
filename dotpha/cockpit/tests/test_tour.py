"""The tour: by role, at most four steps, once; skipped or finished it does not come back, and can be called again."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from dotpha.accounts.models import User
from dotpha.accounts.roles import Role
from dotpha.cockpit import actions, tour
from dotpha.platform.actors import NOBODY
from dotpha.platform.models import AuditEvent
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused

pytestmark = pytest.mark.django_db
STAFF = [role for role in Role if role != Role.CITIZEN]


def enter(person: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def landing(client: Client) -> str:
    answer = client.get("/desk/", follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("role", Role)
def test_each_step_opens_for_its_role(role: Role) -> None:
    steps, client = tour.steps_for({role}), enter(make.person(role))
    assert 2 <= len(steps) <= 4
    for number, step in enumerate(steps, 1):
        card = tour.card(steps, number)
        assert card is not None
        address = card["next"] or tour.url(step.page, tour=number)
        html = client.get(address).content.decode()
        assert f"step {min(number + 1, len(steps))} of {len(steps)}" in html


def test_it_waits_where_one_lands_and_only_there() -> None:
    client = enter(make.person("office"))
    assert "Tour, step 1 of 4: To do today" in landing(client)
    assert "Tour, step" not in client.get("/desk/calendar/").content.decode()


def test_ended_it_does_not_come_back_on_another_device_but_can_be_called_again() -> None:
    person = make.person("office")
    first = enter(person)
    assert first.post("/desk/tour/", {"next": "/desk/inbox/"})["Location"] == "/desk/inbox/"
    second = enter(person)
    assert "Tour, step" not in landing(second)
    again = re.findall(r'href="(/desk/[^"]*\?tour=\d)"', second.get("/desk/tour/").content.decode())
    assert len(again) == 4
    assert "Tour, step 1 of 4" in second.get(again[0]).content.decode()


def test_a_number_that_is_no_step_shows_no_card() -> None:
    client = enter(make.person("office"))
    for said in ("9", "0", "-1", "x", "99999999999"):
        html = client.get(f"/desk/calendar/?tour={said}").content.decode()
        assert "Tour, step" not in html


def test_an_address_of_another_site_is_not_gone_to() -> None:
    answer = enter(make.person("office")).post("/desk/tour/", {"next": "https://example.org/"})
    assert answer["Location"] == "/desk/"


def test_ending_is_recorded_once_and_nobody_ends_it_for_nobody() -> None:
    person = make.person("office")
    actions.end_tour(by=person.actor())
    actions.end_tour(by=person.actor())
    assert AuditEvent.objects.filter(kind="tour.ended").count() == 1
    assert refused(lambda: actions.end_tour(by=NOBODY)) == ("sign_in", None, 401)
