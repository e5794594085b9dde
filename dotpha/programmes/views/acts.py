"""Acts on a task: for each its words, the right it needs, when it is offered, what is typed and what is done.

A page shows what this table offers; the actions decide. Each act has one address that works without scripts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from dotpha.accounts.rights import Standings
from dotpha.platform.actors import Actor
from dotpha.programmes import actions
from dotpha.programmes.forms import acts as forms
from dotpha.programmes.forms import placing
from dotpha.programmes.models.tasks import DeadlineKind
from dotpha.programmes.queries.one import Card
from dotpha.programmes.views import doing
from dotpha.programmes.views.doing import Given, Undo

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Act:
    """One act. `over` names whose scopes count: the "lead"'s, the "assigner"'s, or "all" of the task.

    `adds`: it puts tasks into the programmes of this one. `leads_to_made`: the next page is that of the
    task that was made. `undo(card, given)` tells, from the task as it was before, the act and the fields that take it
    back; it is asked when the act is done.
    """

    name: str
    label: StrPromise
    note: StrPromise
    done: StrPromise
    right: str
    over: str
    form: type[forms.ActForm]
    do: Callable[[Card, Given, Actor, date], object]
    when: Callable[[Card], bool] = lambda card: card.is_open
    undo: Callable[[Card, Given], Undo | None] = lambda card, given: None
    group: StrPromise | str = ""
    adds: bool = False
    leads_to_made: bool = False

    def scopes(self, card: Card) -> list[str]:
        return {"lead": card.lead_scopes, "assigner": card.assigner_scopes}.get(self.over, card.scopes)


def offered(card: Card, held: Standings) -> list[dict[str, Any]]:
    """The acts that this person may do on this task now, in groups."""
    groups: dict[str, list[Act]] = {}
    for act in ACTS.values():
        if held.may(act.right, act.scopes(card)) and act.when(card):
            groups.setdefault(str(act.group), []).append(act)
    return [{"label": label, "acts": found} for label, found in groups.items()]


def _simple(action: Callable[..., object]) -> Callable[[Card, Given, Actor, date], object]:
    """An action whose arguments are just what the form gives."""
    return lambda card, given, by, on: action(task=card.task, by=by, on=on, **given)


def _is_undated(card: Card) -> bool:
    waits = card.task.due_on is None or card.settled_from not in (None, DeadlineKind.UNKNOWN)
    return card.is_open and waits and not card.is_suspended and card.task.deadline_kind in UNDATED


UNDATED = (DeadlineKind.UNKNOWN, DeadlineKind.RECURRING, DeadlineKind.CONTINUOUS, DeadlineKind.CONDITIONAL)
_WHO, _WHEN, _UNDER, _COURSE = _("Who does it"), _("Deadline"), _("Above and below"), _("Course")

_TABLE = (
    Act(
        "accept", _("Take the task on"), _("Your agency takes the task on. The due date does not change."),
        _("The task was taken on."), "task.accept", "lead", forms.NoForm, _simple(actions.accept_task),
        lambda c: c.is_open and not c.is_accepted, group=_WHO,
    ),
    Act(
        "dispute", _("Dispute the assignment"),
        _("Say why the task is not your agency's, and whose it is. The due date stays until somebody decides."),
        _("The dispute waits for a decision."), "task.accept", "lead", forms.DisputeForm,
        _simple(actions.dispute_task), lambda c: c.is_open and c.dispute is None, group=_WHO,
    ),
    Act(
        "decide_dispute", _("Decide the dispute"), _("The lead agency says that the task is not its own."),
        _("The dispute is decided."), "task.assign", "assigner", forms.DecideDisputeForm, doing.decide_dispute,
        lambda c: c.is_open and c.dispute is not None, group=_WHO,
    ),
    Act(
        "assign", _("Assign to another lead agency"),
        _("The former lead keeps its time on record. The due date does not change."),
        _("The lead agency was changed."), "task.assign", "assigner", forms.AssignForm, doing.assign,
        undo=doing.assign_back, group=_WHO,
    ),
    Act(
        "part", _("Name a co-operating agency"),
        _("It gets its own part of the work and its own due date, and confirms it. Naming it again changes its part."),
        _("The co-operating agency was recorded."), "task.change", "all", forms.PartForm, doing.set_part,
        undo=doing.part_back,
        group=_WHO,
    ),
    Act(
        "end_part", _("End an agency's part"), _("What it did stays in the history."), _("The part was ended."),
        "task.change", "all", forms.EndPartForm, doing.end_part,
        lambda c: c.is_open and any(not each.is_over for each in c.parts), doing.end_part_back, _WHO,
    ),
    Act(
        "settle", _("Settle the deadline"), _("Read the words of the document, or give the task its first date."),
        _("The deadline was settled."), "task.assign", "assigner", forms.SettleForm, doing.settle, _is_undated,
        doing.settle_back, _WHEN,
    ),
    Act(
        "unsettle", _("Take the settling of the deadline back"),
        _("It waits to be settled again. Possible while nothing has happened to the task since."),
        _("The deadline is to be settled again."), "task.assign", "assigner", forms.ReasonForm,
        _simple(actions.unsettle_deadline),
        lambda c: c.is_open and c.settled_from == DeadlineKind.UNKNOWN, group=_WHEN,
    ),
    Act(
        "event", _("Record that the event took place"),
        _("The deadline waits for an event. Record its day, and the due date that follows."),
        _("The event was recorded."), "task.assign", "assigner", forms.EventForm, _simple(actions.event_took_place),
        lambda c: c.is_open and c.task.deadline_kind == DeadlineKind.CONDITIONAL, group=_WHEN,
    ),
    Act(
        "suspend", _("Suspend the task"),
        _("From today it has no due date, until it is resumed. Days overdue so far stay on record."),
        _("The task is suspended."), "task.assign", "assigner", forms.SuspendForm, _simple(actions.suspend_task),
        lambda c: c.is_open and not c.is_suspended, doing.resume_back, _WHEN,
    ),
    Act(
        "resume", _("Resume the task"), _("The suspension ends with a new due date."), _("The task goes on."),
        "task.assign", "assigner", forms.ResumeForm, _simple(actions.resume_task),
        lambda c: c.is_open and c.is_suspended, group=_WHEN,
    ),
    Act(
        "acknowledge", _("Acknowledge the step"),
        _("You say that you know of it. It stops nothing: the task, a later date or a suspension does."),
        _("The step was acknowledged."), "ladder.acknowledge", "all", forms.NoteForm,
        _simple(actions.acknowledge_step), lambda c: c.is_open and c.task.state == "overdue", group=_WHEN,
    ),
    Act(
        "contest", _("Contest the step"),
        _("Say why it is not right. Those who gave the task see it. Until they change something, the ladder goes on."),
        _("The step was contested."), "ladder.contest", "lead", forms.ReasonForm, _simple(actions.contest_step),
        lambda c: c.is_open and c.task.state == "overdue", group=_WHEN,
    ),
    Act(
        "decide_contest", _("Decide on the objection"),
        _("Your sentence is recorded. What is wrong, a date or an agency, is put right by its own act."),
        _("The decision was recorded."), "ladder.decide", "assigner", forms.DecideContestForm, doing.decide_contest,
        lambda c: c.contest is not None, group=_WHEN,
    ),
    Act(
        "occurrences", _("Make dated rounds"),
        _("A recurring task is reported and judged round by round. Rounds that are there stay as they are."),
        _("The rounds were added."), "task.change", "assigner", forms.OccurrencesForm,
        _simple(actions.make_occurrences), lambda c: c.is_open and c.task.deadline_kind == DeadlineKind.RECURRING,
        group=_WHEN,
    ),
    Act(
        "break_down", _("Add a task under this one"), _("It stands in the same programme and counts for itself."),
        _("The task was added under this one."), "task.break_down", "all", placing.ChildForm, doing.break_down,
        group=_UNDER, adds=True,
    ),
    Act(
        "spread", _("Spread over the members"),
        _(
            "Each member of the collective gets its own part with the same words and deadline. Members that "
            "have one keep it."
        ), _("The task was spread over its members."), "task.break_down", "all", forms.SpreadForm,
        lambda c, g, by, on: actions.spread_task(task=c.task, members=g["members"] or None, by=by, on=on),
        lambda c: c.is_open and not c.task.is_part and c.coverage is not None, group=_UNDER, adds=True,
    ),
    Act(
        "needs", _("Record what it waits for"), _("No date moves. Tasks that can no longer end in time are listed."),
        _("The dependency was recorded."), "task.change", "all", forms.NeedsForm, doing.needs, undo=doing.no_needs,
        group=_UNDER,
    ),
    Act(
        "end_needs", _("Take a dependency away"), _("The other task stays as it is."),
        _("The dependency was taken away."), "task.change", "all", forms.EndNeedsForm, doing.end_needs,
        lambda c: c.is_open and bool(c.needs), doing.needs_back, _UNDER,
    ),
    Act(
        "move", _("Move to another group or programme"),
        _("The task stays one task in every programme that holds it."), _("The task was moved."), "task.change",
        "assigner", placing.MoveForm, doing.move, lambda c: True, doing.move_back, _COURSE,
    ),
    Act(
        "leave", _("Take out of a programme"), _("The other programmes keep the task, with all that happened to it."),
        _("The task was taken out of the programme."), "task.change", "assigner", placing.LeaveForm, doing.leave,
        lambda c: len(c.memberships) > 1, doing.leave_back, _COURSE,
    ),
    Act(
        "copy", _("Copy the task"),
        _("A new task with the same words, agencies, deadline and products, without anything that happened."),
        _("The task was copied."), "task.add", "assigner", placing.CopyForm, _simple(actions.copy_task),
        lambda c: True, group=_COURSE, adds=True, leads_to_made=True,
    ),
    Act(
        "merge", _("Merge into another task"),
        _("This task leaves what is assigned from today; both keep the link."), _("The task was merged."),
        "task.cancel", "assigner", forms.MergeForm, doing.merge, group=_COURSE,
    ),
    Act(
        "cancel", _("Cancel the task"),
        _("From today it no longer counts as assigned. It stays in a line of its own, with its history."),
        _("The task is cancelled."), "task.cancel", "assigner", forms.CancelForm, doing.cancel,
        undo=lambda c, g: {"act": "reopen", "fields": {"reason": str(_("Undone"))}}, group=_COURSE,
    ),
    Act(
        "reopen", _("Reopen the task"), _("It counts as assigned again. The old closing stays in its history."),
        _("The task is open again."), "task.reopen", "all", forms.ReasonForm, _simple(actions.reopen_task),
        lambda c: not c.is_open, group=_COURSE,
    ),
)  # fmt: skip

ACTS: dict[str, Act] = {act.name: act for act in _TABLE}
"""Every act by its name in the address."""
