"""Tasks on the overdue ladder, whom a step concerns, notices given: the SQL twin of `rules.ladder`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from dotpha.accounts import rights, scopes
from dotpha.platform import days, past
from dotpha.platform.actors import Actor
from dotpha.programmes.models import LadderAnswer, Notice, Task
from dotpha.programmes.queries import overview, reach, tasks
from dotpha.programmes.rules import ladder

if TYPE_CHECKING:
    from dotpha.programmes.queries.tasks import TaskRows

MAILED_WITHIN = timedelta(days=7)
"""A digest tells what was given in these days (product default): after a long silence no flood follows."""


def with_step(rows: TaskRows, on: date) -> TaskRows:
    """Add `ladder_step` to tasks with state, empty for those that stand on none, and `moved_on`, the day on which the
    due date in force was granted: what `rules.ladder.since` asks for."""
    highest_first = reversed(ladder.Step)
    cases = [When(due_on__lte=ladder.due_by(step, on), then=Value(step.value)) for step in highest_first]
    step = Case(When(~Q(state__in=overview.OPEN), then=Value("")), *cases, default=Value(""), output_field=CharField())
    found: TaskRows = rows.annotate(ladder_step=step, moved_on=F("in_force__granted_on"))
    return found


def climbing(by: Actor, on: date, step: str = "") -> TaskRows:
    """Overdue tasks that this person may see, with their step: all, or those of one step."""
    rows = with_step(reach.as_issued(tasks.visible(by, on), by).filter(state="overdue"), on)
    rows = rows.annotate(is_contested=contested(on), is_acknowledged=_answered("acknowledged", on))
    found: TaskRows = rows.filter(ladder_step=step) if step else rows
    return found


def _answered(kind: str, on: date) -> Exists:
    """Whether the step on which a task stands was answered so by that day."""
    held = LadderAnswer.objects.filter(task=OuterRef("pk"), step=OuterRef("ladder_step"), due_on=OuterRef("due_on"))
    return Exists(held.filter(kind=kind, on__lte=on))


def open_contests(on: date) -> QuerySet[LadderAnswer]:
    """Objections to steps on which nobody has decided by a day, while their task is overdue by the same due date."""
    late = tasks.with_state(tasks.assigned(on), on).filter(state="overdue")
    late = late.filter(pk=OuterRef("task"), due_on=OuterRef("due_on"))
    return _undecided(on).filter(Exists(late)).select_related("task", "by").order_by("pk")


def contested(on: date) -> Exists:
    """Whether an objection to a step of a task, under its due date in force, waits for a decision on a day."""
    return Exists(_undecided(on).filter(task=OuterRef("pk"), due_on=OuterRef("due_on")))


def _undecided(on: date) -> QuerySet[LadderAnswer]:
    """The objections made by a day on which nobody has decided by then."""
    decided = LadderAnswer.objects.filter(decides=OuterRef("pk"), on__lte=on)
    return LadderAnswer.objects.filter(~Exists(decided), kind="contested", on__lte=on)


def counts(rows: TaskRows) -> dict[str, int]:
    """How many tasks stand on each step that any stands on."""
    return dict(rows.order_by().values("ladder_step").annotate(n=Count("pk")).values_list("ladder_step", "n"))


def concerning(by: Actor, on: date) -> TaskRows:
    """Tasks whose present step is to be told to this person: those who report are told until the first step after
    the due date, then the head of the agency, then the office.

    A head is one who holds the role in the agency itself: whoever leads everything is told by the leader's page.
    """
    rows = with_step(tasks.with_state(tasks.assigned(on), on).filter(state__in=overview.OPEN), on)
    owner = Q(ladder_step__in=[*ladder.BEFORE, ladder.Step.OWNER])
    owner &= reach.inside(by, "report.write", "lead__organisation", "place")
    everywhere = scopes.ALL in rights.reach(by, "ladder.head")
    head = Q(pk__in=[]) if everywhere else reach.inside(by, "ladder.head", "lead__organisation", "place")
    # To its member a part is the task; to the office a collective task is one, not thirty-four.
    office = Q(ladder_step__in=[ladder.Step.OFFICE, ladder.Step.MEETING], is_part=False)
    office &= reach.given(by, "ladder.office")
    return rows.filter(owner | (Q(ladder_step=ladder.Step.HEAD) & head) | office)


def answers(task: Task, on: date) -> list[LadderAnswer]:
    """What was answered to the steps of a task by a day, oldest first."""
    rows = LadderAnswer.objects.filter(task=task, on__lte=on).select_related("by")
    moment = past.moment()
    return list(rows.filter(at__lte=moment) if moment else rows)


def notices(by: Actor, *, unseen: bool = False) -> QuerySet[Notice]:
    """The notices that this person was given of tasks they may see today, the newest first: a notice tells the task
    as it is now, and whoever left an agency no longer reads its tasks."""
    rows = Notice.objects.filter(user_id=by.user_id or 0).select_related("task").order_by("-made_on", "-pk")
    inside = reach.held(by, "task.view")
    rows = rows if inside is None else rows.filter(task__in=Task.objects.filter(inside))
    return rows.filter(seen_at=None) if unseen else rows


def unseen(by: Actor) -> int:
    """How many notices this person has not marked as seen."""
    return notices(by, unseen=True).count()


def to_mail(user: Any, on: date) -> QuerySet[Notice]:
    """What the digest of a day tells a person: notices of the last days neither seen nor sent; none when one of that
    day has been sent."""
    if Notice.objects.filter(user=user, mailed_at__gte=days.begin_of(on)).exists():
        return Notice.objects.none()
    fresh = notices(user.actor(), unseen=True).filter(mailed_at=None, made_on__gt=on - MAILED_WITHIN)
    return fresh.order_by("due_on", "pk")
