"""The six clarities of a task: person, work, responsibility, time, authority, result (requirement C5).

Source: Government Office notice on the meeting of 30 September 2025; the check itself is a product default.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.classification import require_open_texts
from dotpha.platform.refusals import Refused

SIX = 6


class Clarity(StrEnum):
    """Rõ người, rõ việc, rõ trách nhiệm, rõ thời gian, rõ thẩm quyền, rõ kết quả."""

    PERSON = "person"
    WORK = "work"
    RESPONSIBILITY = "responsibility"
    TIME = "time"
    AUTHORITY = "authority"
    RESULT = "result"


NAMES = {
    Clarity.PERSON: _("Person"),
    Clarity.WORK: _("Work"),
    Clarity.RESPONSIBILITY: _("Responsibility"),
    Clarity.TIME: _("Time"),
    Clarity.AUTHORITY: _("Authority"),
    Clarity.RESULT: _("Result"),
}


@dataclass(frozen=True)
class Card:
    """What a task card says, as far as clarity depends on it."""

    wording: str = ""
    lead: str | None = None
    deadline_text: str = ""
    deadline_kind: str = "unknown"
    accountable_post: str | None = None
    approver: str | None = None
    products: int = 0
    indicators: int = 0


def clarities(card: Card) -> dict[Clarity, bool]:
    """Which of the six are there. A deadline that nobody can read is not clear; "thường xuyên" is."""
    return {
        Clarity.PERSON: bool(card.accountable_post),
        Clarity.WORK: bool(card.wording.strip()),
        Clarity.RESPONSIBILITY: bool(card.lead),
        Clarity.TIME: bool(card.deadline_text.strip()) and card.deadline_kind != "unknown",
        Clarity.AUTHORITY: bool(card.approver),
        Clarity.RESULT: card.products + card.indicators > 0,
    }


def missing(card: Card) -> list[Clarity]:
    """The clarities a card lacks, in their order."""
    return [clarity for clarity, is_there in clarities(card).items() if not is_there]


def share(cards: Iterable[Card]) -> tuple[int, int]:
    """How many clarities are there, of how many: the parts of the clarity share of an issuer."""
    lacking = [len(missing(card)) for card in cards]
    return SIX * len(lacking) - sum(lacking), SIX * len(lacking)


def require_assignable(card: Card, *, needs_all: bool = False) -> None:
    """Refuse a task without wording, lead agency or deadline wording; with `needs_all` without all six.

    One whose wording bears a mark of State secrecy is refused too: tasks of that kind are not entered here (K3).
    """
    require_open_texts(title=card.wording)
    required = (
        ("title", card.wording.strip(), "wording_missing", _("Write what is to be done.")),
        ("lead", card.lead, "lead_missing", _("Name the lead agency.")),
        ("deadline", card.deadline_text.strip(), "deadline_missing", _("Write the deadline as printed.")),
    )
    for field, value, code, sentence in required:
        if not value:
            raise Refused(code, sentence, do=advice.FILL, field=field)
    lacking = missing(card) if needs_all else []
    if lacking:
        raise Refused(
            "not_clear",
            _("This task is not clear yet. Missing: %(missing)s."),
            do=advice.FILL,
            missing=", ".join(str(NAMES[clarity]) for clarity in lacking),
        )
