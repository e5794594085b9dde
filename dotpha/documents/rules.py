"""The state of a document or provision on a date, derived and never typed in (requirements B3, B4). Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.graphs import path_between
from dotpha.platform.refusals import Refused


class State(StrEnum):
    """Document states of requirement B4."""

    DRAFT = "draft"
    ISSUED = "issued"
    IN_FORCE = "in_force"
    PARTLY_IN_FORCE = "partly_in_force"
    EXPIRED = "expired"
    REPLACED = "replaced"


ENDING = frozenset({"replaces", "repeals"})
# Kinds of effect that take a part out of force. Adding words beside a clause ("supplements") does not.
REDUCING = ENDING | {"amends"}


@dataclass(frozen=True)
class Effect:
    """What another document does from a day: its kind, and whether to the whole or to a part.

    `on` None: the day is not known, so nothing has taken effect yet.
    """

    kind: str
    on: date | None
    is_whole: bool = True


@dataclass(frozen=True)
class DocumentDates:
    """All that the state depends on. `expired_on` is the last day in force.

    `in_force_on` None: in force from the day of signing.
    """

    signed_on: date | None = None
    in_force_on: date | None = None
    expired_on: date | None = None
    effects: Sequence[Effect] = ()


def _came(effect: Effect, on: date) -> bool:
    return effect.on is not None and effect.on <= on


def state(dates: DocumentDates, on: date) -> State:
    """The state at the end of a day.

    A document amended without naming a part is partly in force too: some of its wording is.
    What ended the document first decides: replaced, or expired (its last day passed, or repealed). On one
    day a replacement comes first.
    """
    if dates.signed_on is None or dates.signed_on > on:
        return State.DRAFT
    whole = [effect for effect in dates.effects if effect.is_whole and _came(effect, on)]
    replaced_on = min((each.on for each in whole if each.kind == "replaces" and each.on), default=None)
    ends = [each.on for each in whole if each.kind == "repeals" and each.on]
    has_expired = dates.expired_on is not None and dates.expired_on < on
    if replaced_on and not any(end < replaced_on for end in ends):
        return State.EXPIRED if dates.expired_on and dates.expired_on < replaced_on else State.REPLACED
    if ends or has_expired:
        return State.EXPIRED
    if (dates.in_force_on or dates.signed_on) > on:
        return State.ISSUED
    partly = any(_came(effect, on) and effect.kind in REDUCING for effect in dates.effects)
    return State.PARTLY_IN_FORCE if partly else State.IN_FORCE


@dataclass(frozen=True)
class Part:
    """What the state of a clause depends on beside its document: the number of the part that holds it, the first day
    of its wording (None: that of the document), and what others do to this very clause."""

    parent: int | None = None
    begins_on: date | None = None
    effects: Sequence[Effect] = ()


def part_states(document: DocumentDates, parts: Mapping[int, Part], on: date) -> dict[int, State]:
    """The state of each clause at the end of a day, by its number (B4).

    A clause lies within what holds it: it is in force no earlier, and what ends the document or the part around it
    ends it too. What reduces a clause leaves the parts around it partly in force. An amendment of the whole that names
    no clause leaves every clause as it is: which one it changes is not recorded.
    """
    ends = [each for each in document.effects if each.is_whole and each.kind in ENDING]
    begins = [day for day in (document.in_force_on, document.signed_on) if day][:1]
    parents = {number: part.parent for number, part in parts.items()}
    ways = {number: way_up(number, parents) for number in parts}
    within: dict[int, list[Effect]] = {number: [] for number in parts}
    for number, way in ways.items():
        for above in way[1:]:
            within[above] += [replace(each, is_whole=False) for each in parts[number].effects]
    found = {}
    for number, way in ways.items():
        around = [each for above in way[1:] for each in parts[above].effects if each.kind in ENDING]
        first_days = [day for each in way if (day := parts[each].begins_on)]
        dates = DocumentDates(
            document.signed_on,
            max([*begins, *first_days], default=None),
            document.expired_on,
            [*ends, *around, *parts[number].effects, *within[number]],
        )
        found[number] = state(dates, on)
    return found


def way_up(number: int, above: Mapping[int, int | None]) -> list[int]:
    """A clause and the parts that hold it, from the inside."""
    way: list[int] = []
    at: int | None = number
    while at is not None:
        way.append(at)
        at = above[at]
    return way


def require_dates(dates: DocumentDates) -> None:
    """Refuse a document in force before it is signed, or ended before it is in force."""
    if dates.signed_on and dates.in_force_on and dates.in_force_on < dates.signed_on:
        sentence = _("A document is not in force before it is signed.")
        raise Refused("in_force_before_signed", sentence, do=advice.ONE_DAY, field="in_force_on")
    begins = dates.in_force_on or dates.signed_on
    if begins and dates.expired_on and dates.expired_on < begins:
        sentence = _("A document does not end before it is in force.")
        raise Refused("expired_before_in_force", sentence, do=advice.ONE_DAY, field="expired_on")


def require_no_replacement_cycle(source: str, target: str, replaces: Mapping[str, Iterable[str]]) -> None:
    """Refuse that `source` replaces `target` when `target` already replaces it, near or far (B3).

    `replaces` gives for each document those that it replaces.
    """
    way = path_between(target, source, replaces)
    if way is not None:
        raise Refused(
            "replacement_cycle",
            _("These documents would replace each other: %(way)s."),
            do=advice.UNLINK,
            field="target",
            way=" → ".join([source, *way]),
        )


def may_check(who: str, added_by: str, changed_by: Collection[str]) -> bool:
    """Whether somebody may check a document against its original: neither entered it nor changed it since (B7)."""
    return who != added_by and who not in changed_by


def require_obtained(obtained_on: date | None, on: date) -> None:
    """Refuse that a file is obtained on a day that has not come."""
    if obtained_on is not None and obtained_on > on:
        raise Refused(
            "obtained_in_future", _("This day has not come yet."), do=advice.TODAY_OR_EARLIER, field="obtained_on"
        )


class Step(StrEnum):
    """Steps of a document that is to be drafted, in their order (requirement B5)."""

    PLANNED = "planned"
    DRAFTING = "drafting"
    CONSULTATION = "consultation"
    APPRAISAL = "appraisal"
    SUBMITTED = "submitted"
    ISSUED = "issued"


STEP_NAMES = {
    Step.PLANNED: _("Planned"),
    Step.DRAFTING: _("Drafting"),
    Step.CONSULTATION: _("Consultation"),
    Step.APPRAISAL: _("Appraisal"),
    Step.SUBMITTED: _("Submitted"),
    Step.ISSUED: _("Issued"),
}


@dataclass(frozen=True)
class StepDates:
    """The day a step is planned for, and the day it came. A document is issued on the day it is signed."""

    planned_on: date | None = None
    came_on: date | None = None

    def came(self, on: date) -> bool:
        return self.came_on is not None and self.came_on <= on


Steps = Mapping[Step, StepDates]


def reached(steps: Steps, on: date) -> Step | None:
    """The last step that had come by the end of a day; None before the first."""
    return next((step for step in reversed(Step) if step in steps and steps[step].came(on)), None)


def coming(steps: Steps, on: date) -> Step | None:
    """The step that is to come next: the one after `reached`; None once the document is issued."""
    last = reached(steps, on)
    after = list(Step)[list(Step).index(last) + 1 :] if last else list(Step)
    return after[0] if after else None


def days_late(steps: Steps, step: Step, on: date) -> int:
    """How many days a step came, or is by now, after the day it was planned for; 0 in time or without a plan.

    A step that was left out, because a later one has come, is late no more.
    """
    dates = steps.get(step, StepDates())
    if dates.planned_on is None:
        return 0
    if dates.came(on) and dates.came_on:
        return max(0, (dates.came_on - dates.planned_on).days)
    last = reached(steps, on)
    left_out = last is not None and list(Step).index(last) > list(Step).index(step)
    return 0 if left_out else max(0, (on - dates.planned_on).days)


def open_days_late(steps: Steps, on: date) -> int:
    """How far the drafting is behind: the longest delay among the steps that have not come yet."""
    return max((days_late(steps, step, on) for step in steps if not steps[step].came(on)), default=0)


def require_steps(steps: Steps, on: date) -> None:
    """Refuse a step that came on a day still ahead, or before a step that stands before it; a plan likewise.

    The field of a refusal is "<step>_came_on" or "<step>_planned_on". The day of issue is a fact of the card.
    """
    in_order = [(step, steps[step]) for step in Step if step in steps]
    for step, dates in in_order:
        if step is not Step.ISSUED and dates.came_on is not None and dates.came_on > on:
            raise Refused(
                "step_in_future", _("This day has not come yet."), do=advice.TODAY_OR_EARLIER, field=f"{step}_came_on"
            )
    for name in ("came_on", "planned_on"):
        former: tuple[Step, date] | None = None
        for step, dates in in_order:
            day: date | None = getattr(dates, name)
            if day is not None and former is not None and day < former[1]:
                raise Refused(
                    "step_before_former",
                    _("This is before the step “%(step)s” (%(day)s)."),
                    do=advice.THAT_OR_LATER,
                    field=f"{step}_{name}",
                    step=STEP_NAMES[former[0]],
                    day=former[1],
                )
            former = (step, day) if day is not None else former


@dataclass(frozen=True)
class Wording:
    """One edition of a wording: the day from which it was given; None: from the beginning."""

    edition: int
    from_on: date | None


def held_from_to(editions: Sequence[Wording]) -> dict[int, tuple[date, date]]:
    """By edition, the first and the last day on which it is the wording; editions that never were are left out.

    An edition takes the place of all before it from its day on. `date.min` and `date.max` are open ends.
    """
    found: dict[int, tuple[date, date]] = {}
    taken_from: date | None = None
    for each in sorted(editions, key=lambda one: -one.edition):
        first = each.from_on or date.min
        if taken_from is None:
            found[each.edition] = (first, date.max)
        elif first < taken_from:
            found[each.edition] = (first, taken_from - timedelta(days=1))
        taken_from = first if taken_from is None else min(first, taken_from)
    return found


def require_wording_in_order(from_on: date | None, last_from_on: date | None) -> None:
    """Refuse a wording from a day before that of the last one: it would hide it. The same day corrects it."""
    if from_on is not None and last_from_on is not None and from_on < last_from_on:
        raise Refused(
            "wording_out_of_order",
            _("The last wording holds from %(day)s. Give the new one that day or a later one."),
            field="from_on",
            day=last_from_on,
        )
