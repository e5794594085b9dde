"""One task with all that its page shows, as it was on a day: a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q

from dotpha.accounts import rights
from dotpha.directory import queries as directory
from dotpha.directory.models import Organisation, Post
from dotpha.directory.queries.posts import with_holders
from dotpha.documents.models import Provision
from dotpha.platform import audit, days
from dotpha.platform.actors import Actor
from dotpha.programmes.models import Blocker, Dependency, Extension, LadderAnswer, Report, Task
from dotpha.programmes.queries import dependencies, ladder, overview, parts, silence, tasks, told
from dotpha.programmes.queries.parts import Part
from dotpha.programmes.rules import breakdown, clarity, lateness

if TYPE_CHECKING:
    from dotpha.platform.models import AuditEvent

EVENTS = 12


@dataclass
class Card:
    """A task and what hangs on it, read for one reader and one day. `task` carries lead, due date and state.

    `memberships`, `above` (the task that it carries out), `clause`, `needs` and the other task of a step are there
    where the reader may know of them.
    """

    task: Any
    on: date
    dates: lateness.TaskDates
    assignments: list[Any]
    memberships: list[Any]
    above: Task | None
    clause: Provision | None
    products: list[Any]
    reports: list[Report]
    extensions: list[Extension]
    blockers: list[Blocker]
    parts: list[Part]
    steps: list[Any]
    occurrences: list[Any]
    posts: dict[int, Post]
    children: list[Any]
    needs: list[tuple[Dependency, Any]]
    needed_by: list[Any]
    unmeetable: list[str]
    coverage: breakdown.Coverage | None
    events: list[AuditEvent]
    events_count: int
    lead_scopes: list[str] = field(default_factory=list)
    assigner_scopes: list[str] = field(default_factory=list)

    @property
    def scopes(self) -> list[str]:
        return [*self.lead_scopes, *self.assigner_scopes]

    @property
    def is_open(self) -> bool:
        return self.dates.ended_on is None

    @property
    def is_suspended(self) -> bool:
        return self.dates.is_suspended(self.on)

    @property
    def elapsed(self) -> int | None:
        """Percent of the time between assignment and due date that has passed; None without a due date."""
        due_on = self.task.due_on
        if due_on is None or due_on <= self.task.assigned_on:
            return None if due_on is None else 100
        passed: float = (self.on - self.task.assigned_on).days / (due_on - self.task.assigned_on).days
        return max(0, min(100, round(100 * passed)))

    @property
    def ledger(self) -> dict[int, dict[str, Any]]:
        """For each granted line, by its id, the due date before it and the days it added."""
        granted = [line for line in self.extensions if line.granted_on and line.granted_on <= self.on]
        granted.sort(key=tasks.ledger_order)
        found = {}
        before = self.task.original_due_on
        for line in granted:
            added = (line.new_due_on - before).days if line.new_due_on and before else None
            found[line.pk] = {"before": before, "days": added}
            before = line.new_due_on
        return found

    @property
    def open_extension(self) -> Extension | None:
        asked = (line for line in self.extensions if line.kind == "extension")
        return next((line for line in asked if overview.state_of(line, self.on) == "open"), None)

    @property
    def waiting_report(self) -> Report | None:
        return next((each for each in self.reports if each.state == "submitted"), None)

    @property
    def unfinished_report(self) -> Report | None:
        """The lead's own draft or returned report, the newest."""
        return next((each for each in self.reports if each.state in ("draft", "returned")), None)

    @property
    def dispute(self) -> Any:
        """The dispute that waits for a decision, if there is one."""
        told = [each for each in self.steps if each.kind in ("disputed", "decided")]
        return told[-1] if told and told[-1].kind == "disputed" else None

    @cached_property
    def contest(self) -> LadderAnswer | None:
        """The objection to its step that waits for a decision: read for those alone who decide."""
        return ladder.open_contests(self.on).filter(task=self.task).first() if self.task.state == "overdue" else None

    @property
    def is_accepted(self) -> bool:
        return self.accepted_by_default_on is not None or any(each.kind == "accepted" for each in self.steps)

    @cached_property
    def accepted_by_default_on(self) -> date | None:
        """Since when silence has accepted an open task; None where somebody answered, began, or still has time."""
        return silence.accepted_on(self.task, self.on)

    @property
    def open_blockers(self) -> list[Blocker]:
        return [each for each in self.blockers if each.resolved_on is None or each.resolved_on > self.on]

    @property
    def settled_from(self) -> str | None:
        """The kind of deadline before it was settled, while nothing has happened to the task since; else None."""
        last = self.events[0] if self.events else None
        return str(last.before.get("deadline_kind")) if last and last.kind == "task.deadline_settled" else None

    @property
    def former_leads(self) -> list[Any]:
        return [each for each in self.assignments if each.part == "lead" and each.until_on and each.until_on < self.on]

    @cached_property
    def clarities(self) -> dict[clarity.Clarity, bool]:
        """Which of the six clarities this task has."""
        return clarity.clarities(
            clarity.Card(
                wording=self.task.heading.text,
                lead=str(self.task.lead_id or ""),
                deadline_text=self.task.deadline_text,
                deadline_kind=self.task.deadline_kind,
                accountable_post=str(self.task.accountable_post_id or ""),
                approver=str(self.task.approver_post_id or ""),
                products=len(self.products),
            )
        )

    @cached_property
    def roll_up(self) -> breakdown.RollUp:
        """What the tasks under this one say together."""
        rows = [breakdown.Child(lateness.State(each.state), each.percent or None) for each in self.children]
        return breakdown.roll_up(rows)


def version_of(key: str) -> int:
    """The version that a task has now."""
    return Task.objects.values_list("version", flat=True).get(key=key)


def held_on(assignment: Any, on: date) -> bool:
    """Whether a part in a task was held on a day."""
    return assignment.from_on <= on and (assignment.until_on is None or assignment.until_on >= on)


def card(by: Actor, key: str, on: date, *, every_event: bool = False) -> Card:
    """Everything about the task of this key that its page shows; refused when this reader sees no such task."""
    task: Any = tasks.one_visible(by, key, on)
    assignments = list(task.assignments.select_related("organisation__place").order_by("pk"))
    needs, needed_by, unmeetable = dependencies.of_task(by, task, on)
    children = _children(by, task, on)
    known = told.tasks(by)
    events = audit.history(task.subject, on=on).order_by("-pk")
    dates = tasks.task_dates(task)
    return Card(
        task=task,
        on=on,
        dates=dates,
        assignments=assignments,
        memberships=list(told.memberships(by).filter(task=task)),
        above=known.filter(pk=task.parent_id).first() if task.parent_id else None,
        clause=told.clauses(by).filter(pk=task.provision_id).first() if task.provision_id else None,
        products=list(task.products.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on))),
        reports=_reports(task, on, drafts=_reads_drafts(by, task)),
        extensions=list(
            task.extensions.filter(requested_on__lte=on).select_related("requested_by", "decided_by").order_by("pk")
        ),
        blockers=_blockers(task, on),
        parts=parts.of_task(task, assignments, on, dates.ended_on),
        steps=list(task.steps.filter(on__lte=on).prefetch_related(Prefetch("other", known)).order_by("pk")),
        occurrences=list(task.occurrences.all()),
        posts=_posts(task, min(on, dates.ended_on or on)),
        children=children,
        needs=needs,
        needed_by=needed_by,
        unmeetable=unmeetable,
        coverage=_coverage(assignments, children, on),
        events=list(events if every_event else events[:EVENTS]),
        events_count=events.count(),
        lead_scopes=tasks.lead_scopes(task),
        assigner_scopes=tasks.assigner_scopes(task),
    )


def _posts(task: Task, on: date) -> dict[int, Post]:
    """The posts that answer for a task, by id, with who held them on a day: of a closed task that of its end."""
    rows = with_holders(Post.objects.select_related("organisation"), on)
    return rows.in_bulk([pk for pk in (task.accountable_post_id, task.approver_post_id) if pk])


def _reads_drafts(by: Actor, task: Task) -> bool:
    lead = tasks.lead_scopes(task)
    return rights.may(by, "report.write", lead) or rights.may(by, "report.approve", lead)


def _reports(task: Task, on: date, *, drafts: bool) -> list[Report]:
    """The reports sent by a day, newest first, as they stood then: what was decided later is left out.

    `drafts`: also those begun and not sent, for the people who write them.
    """
    end = days.end_of(on)
    begun = Q(submitted_at=None) if drafts else Q(pk__in=[])
    told = task.reports.filter(begun | Q(submitted_at__lt=end), drafted_at__lt=end)
    people = ("submitted_by", "approved_by", "returned_by", "occurrence")
    found = list(
        told.select_related(*people)
        .prefetch_related("evidence__file", "issues__product", "issues__evidence")
        .order_by("-pk")
    )
    for report in found:
        for moment in ("approved_at", "returned_at", "verified_at"):
            forget(report, moment, end)
        for issue in report.issues.all():
            forget(issue, "confirmed_at", end)
    return found


def _blockers(task: Task, on: date) -> list[Blocker]:
    """The blockers raised by a day, as they stood then."""
    rows = task.blockers.filter(raised_on__lte=on).select_related("asks_of__place").prefetch_related("steps__to")
    found = list(rows.order_by("pk"))
    for blocker in found:
        forget(blocker, "answered_at", days.end_of(on), "answer")
    return found


def forget(row: Any, moment: str, end: datetime, *words: str) -> None:
    """Take from a row that was read what happened at `moment` when that came after the day. Nothing is written."""
    at = getattr(row, moment)
    if at is not None and at >= end:
        setattr(row, moment, None)
        for name in words:
            setattr(row, name, "")


def _children(by: Actor, task: Task, on: date) -> list[Any]:
    rows = tasks.with_details(tasks.visible(by, on).filter(parent=task), on)
    return list(rows.order_by("lead__organisation__sort_key", "key"))


def _coverage(assignments: list[Any], children: list[Any], on: date) -> breakdown.Coverage | None:
    """How many members of the collective that leads have a task under this one; None where no collective leads."""
    groups = [
        each.organisation
        for each in assignments
        if each.part in ("lead", "co_lead") and each.organisation.is_group and held_on(each, on)
    ]
    kinds = {kind for group in groups for kind in group.member_kinds}
    if not kinds:
        return None
    rows = Organisation.objects.filter(directory.valid(on), kind__in=kinds).order_by("sort_key", "key")
    members = {each.pk: each for each in rows}
    names = [each.title.text for each in members.values()]
    have = [members[child.lead_id].title.text for child in children if child.lead_id in members]
    return breakdown.coverage(names, have)
