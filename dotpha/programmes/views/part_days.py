"""Later days of an agency's own part: what its page shows and offers of them, and the acts on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from dotpha.accounts.rights import Standings
from dotpha.programmes import actions
from dotpha.programmes.forms.parts import DecideDayForm, LaterDayForm
from dotpha.programmes.models import PartExtension
from dotpha.programmes.queries import one, parts
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.queries.overview import state_of
from dotpha.programmes.queries.parts import Part
from dotpha.programmes.rules.parts import PartState

ACTS = {"later": "later", "grant": "decide", "refuse": "decide", "withdraw": "decide"}
"""What a button says -> the form that it sends."""


@dataclass(frozen=True)
class Days:
    """The lines of a part's ledger by a day, the newest first, each with its state then."""

    lines: list[tuple[PartExtension, str]]

    @property
    def waiting(self) -> PartExtension | None:
        """The request that nobody has decided on."""
        return next((line for line, state in self.lines if state == "open"), None)


def days_of(card: one.Card, found: Part) -> Days:
    """The later days asked for a part: one query."""
    lines = parts.extensions(card.task, card.on).get(found.organisation.pk, [])
    is_done = found.state is not PartState.OPEN
    return Days([(line, state_of(line, card.on, is_done=is_done)) for line in reversed(lines)])


def forms_of(request: Any, asked: str) -> dict[str, Any]:
    """The two forms, with what was posted to the one that is asked for."""
    kinds: dict[str, type[forms.Form]] = {"later": LaterDayForm, "decide": DecideDayForm}
    sent = ACTS.get(asked)
    return {name: kind(request.POST if sent == name else None, prefix=name) for name, kind in kinds.items()}


def done(request: Any, card: one.Card, found: Part, form: Any, asked: str) -> str:
    """Ask for a later day, or decide on the one that waits; answers the sentence of success."""
    who = {"by": request.actor, "on": request.today}
    said = form.cleaned_data
    if asked == "later":
        actions.request_part_extension(task=card.task, organisation=found.organisation, **said, **who)
        return _("The later day was asked for. The day in force holds until it is granted.")
    waiting = days_of(card, found).waiting
    if waiting is None:
        raise parts.nothing_asked()
    if asked == "withdraw":
        actions.withdraw_part_extension(extension=waiting, **who)
        return _("The request was withdrawn.")
    if asked == "refuse":
        actions.refuse_part_extension(extension=waiting, answer=said["answer"], **who)
        return _("The request was refused with your reason.")
    actions.grant_part_extension(extension=waiting, **said, **who)
    return _("The later day was granted. It counts from today.")


def offered(card: one.Card, found: Part, waiting: PartExtension | None, held: Standings, me: int | None) -> Any:
    """What a person may do now about the day of a part."""
    own = queries.asked_scopes(found.organisation, [each.programme.key for each in card.memberships])
    asks = held.may("extension.request", own) and card.is_open
    moves = not found.is_over and found.state is PartState.OPEN and found.assignment.part_due_on is not None
    is_mine = waiting is not None and me is not None and waiting.requested_by_id == me
    decides = waiting is not None and held.may("task.change", card.scopes) and card.is_open
    return {
        "may_ask_later": asks and moves and waiting is None,
        "may_decide": decides and not is_mine,
        "may_grant": moves,
        "may_withdraw": asks and waiting is not None,
    }
