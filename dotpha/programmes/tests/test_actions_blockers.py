"""Blockers: their own clock, whoever may answer, redirect, escalate and close them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dotpha.platform.actors import Actor
from dotpha.programmes import actions
from dotpha.programmes.models import Blocker, BlockerStep, Task
from dotpha.programmes.queries import tasks
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)
RESPOND_BY = date(2026, 6, 15)


def raised(**facts: Any) -> Blocker:
    task = Task.objects.filter(key="nq-1").first() or make.task(key="nq-1", on=ON)
    values = {"kind": "funding", "text": "thiếu vốn", "asks_of": make.organisation("mof"), "by": make.owner(), **facts}
    return actions.raise_blocker(task=task, on=ON, **values)


def body() -> Actor:
    return make.actor("focal_point", make.organisation("mof").scope)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"kind": "weather"}, ("blocker_kind", "kind", 422)),
        ({"text": " "}, ("text_missing", "text", 422)),
        ({"asks_of": None}, ("asks_of_missing", "asks_of", 422)),
    ],
)
def test_what_may_not_be_raised(facts: dict[str, Any], expected: tuple[str, str, int]) -> None:
    assert refused(lambda: raised(**facts)) == expected
    assert not Blocker.objects.exists()


def test_a_blocker_never_hides_lateness() -> None:
    raised()
    late = date(2026, 7, 1)
    row = tasks.with_details(tasks.visible(make.TEST, late), late).get()
    assert (row.state, row.blockers_open) == ("overdue", 1)


def test_only_the_body_asked_answers() -> None:
    blocker, other = raised(), make.actor("focal_point", make.organisation("moh").scope)
    for act in (
        lambda by: actions.answer_blocker(blocker=blocker, answer="x", by=by, on=ON),
        lambda by: actions.take_up_blocker(blocker=blocker, by=by, on=ON),
        lambda by: actions.redirect_blocker(blocker=blocker, to=make.organisation("moh"), reason="x", by=by, on=ON),
    ):
        assert refused(lambda act=act: act(other))[2] == 403
    assert refused(lambda: actions.answer_blocker(blocker=blocker, answer=" ", by=body(), on=ON))[0] == "reason_missing"
    actions.take_up_blocker(blocker=blocker, note="đang xem", by=body(), on=ON)
    answered = actions.answer_blocker(blocker=blocker, answer="đã cấp", by=body(), on=ON)
    assert (answered.is_open, answered.answer) == (True, "đã cấp")
    assert list(BlockerStep.objects.values_list("kind", "reason")) == [("taken_up", "đang xem"), ("answered", "đã cấp")]


def test_sent_on_its_clock_begins_anew() -> None:
    blocker, moh = raised(), make.organisation("moh")
    later = date(2026, 6, 10)
    send = lambda to, reason="x", by=None: actions.redirect_blocker(  # noqa: E731
        blocker=blocker, to=to, reason=reason, by=by or make.office(), on=later
    )
    assert refused(lambda: send(make.organisation("mof"))) == ("same_body", "to", 409)
    assert refused(lambda: send(moh, " "))[0] == "reason_missing"
    found = send(moh)
    assert (found.asks_of, found.respond_by) == (moh, date(2026, 6, 24))
    assert refused(lambda: send(make.organisation("mps"), by=body()))[2] == 403


def test_the_requester_waits_for_the_day_of_the_answer_the_office_does_not() -> None:
    blocker, owner = raised(), make.owner()
    lift = lambda by, on: actions.escalate_blocker(blocker=blocker, reason="quá lâu", by=by, on=on)  # noqa: E731
    assert blocker.respond_by == RESPOND_BY
    assert refused(lambda: lift(owner, RESPOND_BY)) == ("still_time", None, 409)
    lift(owner, date(2026, 6, 16))
    lift(make.office(), ON)
    assert BlockerStep.objects.filter(kind="escalated").count() == 2


def close(blocker: Blocker, by: Actor, resolution: str = "đã cấp", **facts: Any) -> Blocker:
    return actions.resolve_blocker(blocker=blocker, resolution=resolution, by=by, on=ON, **facts)


def test_without_the_requester_only_a_named_decision_closes() -> None:
    blocker = raised()
    assert refused(lambda: close(blocker, make.office())) == ("consent_missing", "decision", 422)
    assert refused(lambda: close(blocker, body()))[2] == 403
    assert close(blocker, make.office(), decision="12/KL").resolved_on == ON


def test_the_requester_needs_words_not_a_decision() -> None:
    blocker, owner = raised(), make.owner()
    assert refused(lambda: close(blocker, owner, " "))[0] == "resolution_missing"
    assert close(blocker, owner).resolution == "đã cấp"


def test_what_is_closed_stays_closed_until_it_is_reopened() -> None:
    blocker, owner = raised(), make.owner()
    reopen = lambda reason="x": actions.reopen_blocker(  # noqa: E731
        blocker=blocker, reason=reason, by=owner, on=date(2026, 6, 10)
    )
    assert refused(reopen) == ("still_open", None, 409)
    close(blocker, owner)
    for act in (
        lambda: close(blocker, owner),
        lambda: actions.answer_blocker(blocker=blocker, answer="x", by=body(), on=ON),
        lambda: actions.take_up_blocker(blocker=blocker, by=body(), on=ON),
        lambda: actions.escalate_blocker(blocker=blocker, reason="x", by=make.office(), on=ON),
    ):
        assert refused(act) == ("already_resolved", None, 409)
    assert refused(lambda: reopen(" "))[0] == "reason_missing"
    found = reopen()
    assert (found.is_open, found.resolution, found.respond_by) == (True, "", date(2026, 6, 24))


def test_nothing_is_reopened_on_a_closed_task() -> None:
    blocker, owner = raised(), make.owner()
    close(blocker, owner)
    actions.cancel_task(task=blocker.task, reason="x", by=make.office(), on=ON)
    assert refused(lambda: actions.reopen_blocker(blocker=blocker, reason="x", by=owner, on=ON))[0] == "task_closed"
