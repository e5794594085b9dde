"""What is typed to split a task: as many rows as wanted, one a task, and why it is split."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.platform.forms import sometimes
from dotpha.platform.refusals import Refused
from dotpha.programmes.forms.fields import LineField, LinesField, OrganisationField, TextField
from dotpha.programmes.rows import LONGEST_TITLE
from dotpha.programmes.task_row import TaskRow

FEWEST, MOST, MORE = 3, 20, 2
FIRST, LATER = ("title", "lead", "deadline"), ("products", "key")
PARTS = FIRST + LATER
_FIELD = {"product": "products"}
"""Column of a refusal -> field of a row, where they differ."""


def rows_asked(said: str | None) -> int:
    """How many rows a page shows: what was asked for, within reason."""
    asked = int(said) if said and said.isdecimal() and len(said) < 4 else FEWEST
    return max(FEWEST, min(MOST, asked))


class SplitForm(forms.Form):
    """The tasks that stand in the place of one. Rows left empty say nothing."""

    reason = TextField(label=_("Reason"), rows=2)
    document = sometimes(
        LineField(label=_("Document that permits it"), max_length=200),
        _("Needed where the task is published and one of the new ones has another lead agency."),
    )

    def __init__(self, *args: Any, rows: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = range(rows)
        for number in self.rows:
            self._add_row(f"r{number}")

    def _add_row(self, prefix: str) -> None:
        as_before = _("Left empty: as in this task.")
        self.fields[f"{prefix}-title"] = TextField(
            label=_("What is to be done"), rows=2, max_length=LONGEST_TITLE, required=False
        )
        self.fields[f"{prefix}-lead"] = OrganisationField(label=_("Lead agency"), required=False, help_text=as_before)
        self.fields[f"{prefix}-deadline"] = LineField(
            label=_("Deadline, as written"), required=False, help_text=as_before
        )
        self.fields[f"{prefix}-products"] = LinesField(label=_("Products, one a line"), required=False, rows=2)
        self.fields[f"{prefix}-key"] = LineField(
            label=_("Key"), max_length=100, required=False, help_text=_("Left empty: this task's key and a number.")
        )

    def first_names(self, number: int) -> list[str]:
        """The fields of a row that nearly every task needs."""
        return [f"r{number}-{part}" for part in FIRST]

    def more_names(self, number: int) -> list[str]:
        """The fields of a row that may stay folded."""
        return [f"r{number}-{part}" for part in LATER]

    def says_more(self, number: int) -> bool:
        """Whether one of them holds something, or was refused."""
        return any(self[name].value() or self[name].errors for name in self.more_names(number))

    @property
    def why(self) -> list[str]:
        """The fields that are about all rows together."""
        return ["reason", "document"]

    def _said(self, number: int) -> dict[str, Any]:
        return {part: self.cleaned_data.get(f"r{number}-{part}") for part in PARTS}

    @property
    def filled(self) -> list[int]:
        """The rows in which something was typed."""
        return [number for number in self.rows if any(self._said(number).values())]

    def clean(self) -> dict[str, Any]:
        for number in self.filled:
            name = f"r{number}-title"
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, _("Say what is to be done, or empty the whole row."))
        return self.cleaned_data

    def task_rows(self, like: TaskRow, keys: list[str]) -> list[TaskRow]:
        """The rows as the action takes them. What was left empty is as in `like`; `keys` are free ones."""
        free = iter(keys)
        return [self._task_row(self._said(number), like, free) for number in self.filled]

    def _task_row(self, said: dict[str, Any], like: TaskRow, free: Any) -> TaskRow:
        deadline: dict[str, Any] = {
            "deadline_text": like.deadline_text,
            "deadline_kind": like.deadline_kind,
            "deadline_start_on": like.deadline_start_on,
            "due_on": like.due_on,
            "recurs_every": like.recurs_every,
        }
        return TaskRow(
            key=said["key"] or next(free),
            title={"vi": said["title"]},
            lead=said["lead"].key if said["lead"] else like.lead,
            products=tuple(said["products"] or ()),
            verbatim=False,
            **({"deadline_text": said["deadline"]} if said["deadline"] else deadline),
        )

    def place(self, refusal: Refused) -> None:
        """Let a refusal of one row stand at the field of that row."""
        if refusal.row is not None and refusal.row < len(self.filled):
            part = _FIELD.get(refusal.field or "", refusal.field)
            refusal.field = f"r{self.filled[refusal.row]}-{part if part in PARTS else 'title'}"
