"""What waits for those who gave a task: objections to steps of the ladder, blockers that went up by silence."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.platform import numbers
from dotpha.platform.actors import Actor
from dotpha.platform.pages import language, url
from dotpha.platform.registry import Duty
from dotpha.programmes.inbox import Kind, inbox_list
from dotpha.programmes.models import Blocker, LadderAnswer
from dotpha.programmes.queries import ladder, reach, silence
from dotpha.programmes.rules import silence as rules


def contested(by: Actor, on: date) -> QuerySet[Any]:
    """Objections to steps of tasks in whose giver this person decides on them; never one's own."""
    rows = ladder.open_contests(on).filter(task__in=reach.tasks_given(by, "ladder.decide"))
    return rows.exclude(by_id=by.user_id or 0)


def blockers_gone_up(by: Actor, on: date) -> QuerySet[Any]:
    """Blockers whose body did not answer in time, of tasks in whose giver this person looks after them."""
    rows = silence.unanswered(Blocker.objects.filter(task__in=reach.tasks_given(by, "blocker.oversee")), on)
    return rows.select_related("task", "asks_of")


def _decide(contest: LadderAnswer, on: date) -> Duty:
    said = {"name": contest.by or "–", "step": contest.get_step_display(), "reason": contest.reason[:140]}
    why = _("%(name)s contests “%(step)s”: %(reason)s") % said
    link = url("programmes:act", contest.task.key, "decide_contest")
    return Duty(
        "task", contest.task.heading.text, why, link, _("Decide"), since=contest.on, waits=True,
        subject=contest.task.subject,
    )  # fmt: skip


def _unanswered(blocker: Blocker, on: date) -> Duty:
    up = rules.blocker_goes_up_on(blocker.respond_by)
    said = {"name": blocker.asks_of.title.text, "day": numbers.day(up, language())}
    why = _("%(name)s has not answered in time: with you since %(day)s.") % said
    link = url("programmes:blocker", blocker.pk)
    return Duty(
        "blocker", blocker.text[:200], why, link, _("Open the blocker"), since=up, waits=True, subject=blocker.subject
    )


_KINDS: tuple[Kind, ...] = (
    ("contested", gettext_lazy("Objections to decide"), "ladder.decide", contested, _decide, ("on", "pk")),
    (
        "blockers_gone_up", gettext_lazy("Blockers gone up"), "blocker.oversee", blockers_gone_up, _unanswered,
        ("respond_by", "pk"),
    ),
)  # fmt: skip

LISTS = [inbox_list(each, 63 + place) for place, each in enumerate(_KINDS)]
