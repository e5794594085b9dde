"""The state of a document or provision on a date, derived and never typed in (requirements B3, B4). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

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


def require_dates(dates: DocumentDates) -> None:
    """Refuse a document in force before it is signed, or ended before it is in force."""
    if dates.signed_on and dates.in_force_on and dates.in_force_on < dates.signed_on:
        raise Refused(
            "in_force_before_signed",
            _("A document is not in force before it is signed."),
            field="in_force_on",
        )
    begins = dates.in_force_on or dates.signed_on
    if begins and dates.expired_on and dates.expired_on < begins:
        raise Refused(
            "expired_before_in_force",
            _("A document does not end before it is in force."),
            field="expired_on",
        )


def require_no_replacement_cycle(source: str, target: str, replaces: Mapping[str, Iterable[str]]) -> None:
    """Refuse that `source` replaces `target` when `target` already replaces it, near or far (B3).

    `replaces` gives for each document those that it replaces.
    """
    way = path_between(target, source, replaces)
    if way is not None:
        raise Refused(
            "replacement_cycle",
            _("These documents would replace each other: %(way)s."),
            field="target",
            way=" → ".join([source, *way]),
        )
