"""What is found in a cell, and what is to be said about it. Pure."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "unknown": _("“%(text)s” is not in the directory."),
    "ambiguous": _("“%(text)s” may be one of several organisations."),
    "no_successor": _("“%(text)s” no longer exists and nothing replaces it."),
    "several_successors": _("“%(text)s” was replaced by several organisations."),
    "former_name": _("“%(text)s” is a former organisation; its successor was taken."),
    "not_yet": _("“%(text)s” begins later than the day asked about."),
    "too_long": _("This cell is too long to be a list of organisations."),
}


@dataclass(frozen=True)
class Remark:
    """Something to tell about a piece of the cell; `candidates` are keys. The code names a sentence."""

    code: str
    text: str
    candidates: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(SENTENCES[self.code]) % {"text": self.text}


@dataclass(frozen=True)
class Match:
    """What a cell names. `keys` in the order written, each once; the first one leads.

    `certain` is False as soon as one piece is in doubt. `notes` are remarks that leave no doubt, such as a
    former name. `nearest` are the three names most like the first piece that nobody knows.
    """

    keys: tuple[str, ...] = ()
    certain: bool = False
    doubts: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()
    nearest: tuple[str, ...] = ()

    @property
    def lead(self) -> str | None:
        """The first organisation named (product default, requirement C6)."""
        return self.keys[0] if self.keys else None
