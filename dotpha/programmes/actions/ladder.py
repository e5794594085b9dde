"""The overdue ladder: notices given, seen and sent; steps acknowledged and contested (E7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dotpha.accounts import rights, scopes
from dotpha.accounts.models import User
from dotpha.platform import advice, audit, days, jobs
from dotpha.platform import numbers as numbers_of
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.pages import language, url
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions.steps import require_reason
from dotpha.programmes.models import LadderAnswer, Notice, Task
from dotpha.programmes.queries import ladder as queries
from dotpha.programmes.queries import tasks
from dotpha.programmes.rules import ladder as rules


@action
def acknowledge_step(*, task: Task, reason: str = "", by: Actor, on: date) -> LadderAnswer:
    """Say that the step on which a task stands has been taken note of. It stops nothing."""
    by = rights.require(by, "ladder.acknowledge", tasks.scopes_of(task))
    return _answer(task, "acknowledged", reason.strip(), by, on)


@action
def contest_step(*, task: Task, reason: str, by: Actor, on: date) -> LadderAnswer:
    """Say why the step on which a task stands is not right. Those who gave the task see it; it stops nothing."""
    by = rights.require(by, "ladder.contest", tasks.lead_scopes(task))
    return _answer(task, "contested", require_reason(reason), by, on)


@action
def decide_contest(*, contest: LadderAnswer | None, upheld: bool, reason: str, by: Actor, on: date) -> LadderAnswer:
    """Say whether an objection to a step is right, and why. It moves nothing: what is wrong is mended by its own act.

    Refused when nothing waits for a decision: `contest` is None, or was decided meanwhile.
    """
    if contest is None:
        raise rules.nothing_contested()
    by = rights.require(by, "ladder.decide", tasks.assigner_scopes(contest.task))
    rules.require_other_decider(contest.by_id, by.user_id)
    tasks.locked(contest.task)
    if not queries.open_contests(on).filter(pk=contest.pk).exists():
        raise rules.nothing_contested()
    reason = require_reason(reason)
    decision = LadderAnswer.objects.create(
        task=contest.task, step=contest.step, due_on=contest.due_on, kind="upheld" if upheld else "not_upheld",
        reason=reason, on=on, at=days.now(), by_id=by.user_id, decides=contest,
    )  # fmt: skip
    audit.record("ladder.decided", contest.task, by, after={"step": contest.step, "upheld": upheld}, reason=reason)
    return decision


def _answer(task: Task, kind: str, reason: str, by: Actor, on: date) -> LadderAnswer:
    task = tasks.locked(task)
    found = rules.require_step(rules.standing(tasks.task_dates(task), on))
    given = LadderAnswer.objects.filter(task=task, step=found.step, due_on=found.due_on, by_id=by.user_id)
    rules.require_unanswered(given.values_list("kind", flat=True), kind)
    answer = LadderAnswer.objects.create(
        task=task, step=found.step, due_on=found.due_on, kind=kind, reason=reason, on=on, at=days.now(),
        by_id=by.user_id,
    )  # fmt: skip
    after = {"step": found.step, "since": found.since}
    audit.record(f"ladder.{kind}", task, by, after=after, reason=reason)
    return answer


@action
def give_notices(*, user: User, by: Actor, on: date) -> int:
    """Tell a person of the tasks whose present step concerns them, each step once; how many notices are new.

    After missed days a task is told on its present step alone. Where e-mail is on, the digest of the day is asked for.
    """
    by = rights.require(by, "system.view", [scopes.ALL])
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    told = Notice.objects.filter(
        user=user, task=OuterRef("pk"), step=OuterRef("ladder_step"), due_on=OuterRef("due_on")
    )
    untold = queries.concerning(user.actor(), on).filter(~Exists(told)).order_by("due_on", "key")
    new = list(untold.values_list("pk", "ladder_step", "due_on", "key"))
    Notice.objects.bulk_create(
        Notice(user=user, task_id=pk, step=step, due_on=due_on, made_on=on) for pk, step, due_on, _key in new
    )
    if new:
        audit.record("notice.given", user, by, after={"tasks": [key for _pk, _step, _due_on, key in new]})
    if settings.EMAIL and user.email and queries.to_mail(user, on).exists():
        jobs.defer("programmes.mail_notices", user=user.pk)
    return len(new)


@action
def see_notices(*, numbers: Sequence[int] | None = None, by: Actor) -> int:
    """Mark one's own notices as seen: those of these numbers, or all. Seen ones stay as they are."""
    if not rights.may(by, "desk.open"):
        rights.require(by, "desk.open", [scopes.ALL])
    rows = queries.notices(by, unseen=True)
    if numbers is not None:
        if not queries.notices(by).filter(pk__in=numbers).exists():
            raise Refused("not_found", _("There is nothing here under this number."), do=advice.FIND, status=404)
        rows = rows.filter(pk__in=numbers)
    seen = rows.order_by().update(seen_at=days.now())
    if seen:
        audit.record("notice.seen", f"person:{by.key}", by, after={"notices": seen})
    return seen


@action
def mail_notices(*, user: User, by: Actor, on: date) -> int:
    """Send a person the digest of a day in their language, once; how many notices it tells.

    Sent inside the transaction: a letter that could not be sent is not marked as sent, and the job tries again.
    """
    by = rights.require(by, "system.view", [scopes.ALL])
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    told = list(queries.to_mail(user, on))
    if not (told and user.email and user.is_active):
        return 0
    Notice.objects.filter(pk__in=[each.pk for each in told]).update(mailed_at=days.now())
    audit.record("notice.mailed", user, by, after={"notices": len(told)})
    with translation.override(user.locale or settings.LANGUAGE_CODE):
        subject = ngettext("%(n)s task needs your attention", "%(n)s tasks need your attention", len(told))
        send_mail(subject % {"n": len(told)}, _letter(told), settings.DEFAULT_FROM_EMAIL, [user.email])
    return len(told)


def _letter(told: Sequence[Notice]) -> str:
    """The digest as plain text: each task with its step, due date and address."""
    parts = [_("These tasks concern you:")]
    for each in told:
        due = _("due on %(day)s") % {"day": numbers_of.day(each.due_on, language())}
        address = settings.BASE_URL + url("programmes:task", each.task.key)
        parts.append(f"- {each.task.heading.text}\n  {each.get_step_display()} · {due}\n  {address}")
    parts.append(_("All notices: %(address)s") % {"address": settings.BASE_URL + url("programmes:notices")})
    return "\n\n".join(parts)
