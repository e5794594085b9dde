"""Which of several things people mean by a name that they typed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from dotpha.platform import text
from dotpha.platform.refusals import Refused

T = TypeVar("T")
MOST_NAMED = 3
LONGEST_NAMED = 90
"""How many things a refusal names, and how much of each name."""


def called(said: str, things: Iterable[tuple[T, Sequence[str]]]) -> list[T]:
    """The things that bear a name: letter for letter where one does, else whatever case, marks and commas are."""
    known = list(things)
    exact = [thing for thing, names in known if said in names]
    asked = text.folded_name(said)
    return exact or [thing for thing, names in known if asked and asked in map(text.folded_name, names)]


def not_one(said: str, names: Sequence[str], field: str) -> Refused:
    """The refusal of a name that several things bear, with what to type for each of the first ones."""
    return Refused(
        "name_ambiguous",
        _("“%(text)s” may mean any of these: %(names)s. Write one in full."),
        field=field,
        text=said[:LONGEST_NAMED],
        names="; ".join(each[:LONGEST_NAMED] for each in names[:MOST_NAMED]),
    )


def nearest_to(said: str, labels: Mapping[str, str]) -> str:
    """What is to be typed for the names that are most like a text: `labels` tells it by name. Empty for none."""
    near = dict.fromkeys(labels[each] for each in text.nearest(said, labels, count=2 * MOST_NAMED))
    return "; ".join(each[:LONGEST_NAMED] for each in [*near][:MOST_NAMED])
