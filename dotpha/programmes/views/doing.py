"""What the acts of `acts.ACTS` do with the form's data, and what takes them back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes import actions
from dotpha.programmes.models import Dependency, TaskGroup
from dotpha.programmes.models.tasks import DeadlineKind
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.queries.one import Card
from dotpha.programmes.task_row import TaskRow

Given = dict[str, Any]
Undo = dict[str, Any]


def visible_task(key: str, by: Actor, on: date, name: str) -> Any:
    """Another task that this person sees; refused at its field when there is none."""
    try:
        return queries.one_to_act_on(by, key, on)
    except Refused:
        raise Refused(
            "unknown_task", _("There is no task “%(key)s”. Give its key, as in the list."), field=name, key=key
        ) from None


def assign(card: Card, given: Given, by: Actor, on: date) -> object:
    """Give the task another lead agency."""
    return actions.assign_task(task=card.task, by=by, on=on, **given)


def assign_back(card: Card, given: Given) -> Undo | None:
    """Give it back to the agency that leads it now."""
    former = next((each for each in card.assignments if each.part == "lead" and each.until_on is None), None)
    if former is None:
        return None
    fields = {"lead": former.organisation.key, "reason": str(_("Undone")), "document": given["document"]}
    if given.get("from_on"):
        fields["from_on"] = given["from_on"].isoformat()
    return {"act": "assign", "fields": fields}


def set_part(card: Card, given: Given, by: Actor, on: date) -> object:
    """Name an agency and its part."""
    return actions.set_part(task=card.task, by=by, on=on, **given)


def part_back(card: Card, given: Given) -> Undo | None:
    """Give the agency back the part it had, or end the new one."""
    key = given["organisation"].key
    held = next((each.assignment for each in card.parts if not each.is_over and each.organisation.key == key), None)
    if held is None:
        return {"act": "end_part", "fields": {"organisation": key, "reason": str(_("Undone"))}}
    fields = {"organisation": key, "part": held.part, "duty": held.duty, "part_due_text": held.part_due_text}
    if held.part_due_on:
        fields |= {"part_due_on": held.part_due_on.isoformat(), "may_end_later": "on"}
    return {"act": "part", "fields": fields}


def end_part_back(card: Card, given: Given) -> Undo | None:
    """Name the agency again with the part that it had."""
    return part_back(card, {"organisation": actions.organisation_of(given["organisation"], "organisation")})


def end_part(card: Card, given: Given, by: Actor, on: date) -> object:
    """End an agency's part."""
    organisation = actions.organisation_of(given["organisation"], "organisation")
    return actions.end_part(task=card.task, organisation=organisation, reason=given["reason"], by=by, on=on)


def decide_dispute(card: Card, given: Given, by: Actor, on: date) -> object:
    """Decide whose task it is."""
    return actions.decide_dispute(
        task=card.task, upheld=given["upheld"] == "yes", reason=given["reason"], lead=given["lead"], by=by, on=on
    )


def decide_contest(card: Card, given: Given, by: Actor, on: date) -> object:
    """Decide on the oldest objection that waits."""
    upheld = given["upheld"] == "yes"
    return actions.decide_contest(contest=card.contest, upheld=upheld, reason=given["reason"], by=by, on=on)


def cancel(card: Card, given: Given, by: Actor, on: date) -> object:
    """Cancel the task."""
    return actions.cancel_task(task=card.task, by=by, on=on, **given)


def merge(card: Card, given: Given, by: Actor, on: date) -> object:
    """Let it go on in another task."""
    into = visible_task(given.pop("into"), by, on, "into")
    return actions.merge_tasks(task=card.task, into=into, by=by, on=on, **given)


def settle(card: Card, given: Given, by: Actor, on: date) -> object:
    """Give the deadline its kind and day."""
    return actions.settle_deadline(task=card.task, by=by, on=on, **given)


def settle_back(card: Card, given: Given) -> Undo | None:
    """Take the reading of unread words back; a date in the ledger stays, and is settled again."""
    if card.task.deadline_kind != DeadlineKind.UNKNOWN:
        return None
    return {"act": "unsettle", "fields": {"reason": str(_("Undone"))}}


def break_down(card: Card, given: Given, by: Actor, on: date) -> object:
    """Add one task under this one."""
    row = TaskRow(
        key=given["key"], title={"vi": given["title"]}, lead=given["lead"].key, deadline_text=given["deadline"],
        products=tuple(given["products"]), source="",
    )  # fmt: skip
    return actions.break_down_task(task=card.task, rows=[row], by=by, on=on)


def needs(card: Card, given: Given, by: Actor, on: date) -> object:
    """Record what the task waits for."""
    other = visible_task(given["needs"], by, on, "needs")
    return actions.add_dependency(task=card.task, needs=other, kind=given["kind"], by=by, on=on)


def no_needs(card: Card, given: Given) -> Undo | None:
    """Take the dependency away that was recorded by now."""
    made = Dependency.objects.filter(task=card.task, needs__key=given["needs"]).first()
    return {"act": "end_needs", "fields": {"dependency": str(made.pk)}} if made else None


def end_needs(card: Card, given: Given, by: Actor, on: date) -> object:
    """It no longer waits for it."""
    dependency = Dependency.objects.select_related("task", "needs").get(pk=given["dependency"], task=card.task)
    return actions.end_dependency(dependency=dependency, by=by, on=on)


def needs_back(card: Card, given: Given) -> Undo | None:
    """Let it wait again."""
    held = next((each for each, _shown in card.needs if str(each.pk) == given["dependency"]), None)
    return {"act": "needs", "fields": {"needs": held.needs.key, "kind": held.kind}} if held else None


def move(card: Card, given: Given, by: Actor, on: date) -> object:
    """Put the task into another programme or group."""
    programme = given["programme"]
    group = TaskGroup.objects.filter(programme=programme, key=given["group"]).first() if given["group"] else None
    if given["group"] and group is None:
        raise Refused(
            "unknown_group",
            _("“%(text)s” is not a task group of this programme."),
            do=advice.LIST,
            field="group",
            text=given["group"],
        )
    return actions.move_task(task=card.task, programme=programme, group=group, ordinal=given["ordinal"], by=by, on=on)


def move_back(card: Card, given: Given) -> Undo | None:
    """Put it back into its former group, or out of a programme that did not hold it."""
    back = leave_back(card, {"programme": given["programme"].key})
    return back or {"act": "leave", "fields": {"programme": given["programme"].key}}


def leave(card: Card, given: Given, by: Actor, on: date) -> object:
    """Take the task out of a programme."""
    held = next(each for each in card.memberships if each.programme.key == given["programme"])
    return actions.leave_programme(task=card.task, programme=held.programme, by=by, on=on)


def leave_back(card: Card, given: Given) -> Undo | None:
    """Put it into the programme and group that held it."""
    held = next((each for each in card.memberships if each.programme.key == given["programme"]), None)
    if held is None:
        return None
    group = held.group.key if held.group else ""
    return {"act": "move", "fields": {"programme": held.programme.key, "group": group, "ordinal": held.ordinal}}


def resume_back(card: Card, given: Given) -> Undo | None:
    """End a suspension with the due date before it, while that has not passed."""
    due_on = card.task.due_on
    return (
        {"act": "resume", "fields": {"new_due_on": due_on.isoformat(), "reason": str(_("Undone"))}}
        if due_on and due_on >= card.on
        else None
    )
