"""The card of a task as it is typed: added or changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.directory.forms import PlaceField
from dotpha.directory.models import Place
from dotpha.platform import days
from dotpha.platform.forms import DayField, sometimes
from dotpha.platform.refusals import Refused, refusals_on
from dotpha.programmes.actions.bodies import require_there
from dotpha.programmes.forms.fields import (
    DeadlineMixin,
    LineField,
    LinesField,
    OrganisationField,
    OrganisationsField,
    PostField,
    TextField,
)
from dotpha.programmes.models import Programme
from dotpha.programmes.queries import clauses
from dotpha.programmes.rows import LONGEST_TITLE
from dotpha.programmes.rules.deadlines import parse

PROVISIONS = "provisions"
"""The id of the list of clauses that a page offers while one types."""

CHANGEABLE = (
    "title", "group", "deadline", "started_on", "cooperating", "product", "provision", "place", "tags",
    "accountable_post", "approver_post",
)  # fmt: skip
"""Fields of a change -> columns of a register; those that differ are given to the action."""


class CardForm(DeadlineMixin):
    """What both forms share."""

    title = TextField(
        label=_("What is to be done"),
        max_length=LONGEST_TITLE,
        rows=3,
        help_text=_("Word for word as in the document."),
    )
    group = forms.ChoiceField(label=_("Task group"), required=False)
    deadline = LineField(
        label=_("Deadline, as written"),
        help_text=_("For example 31/12/2025, quý II/2026, tháng 9/2026, hằng năm, thường xuyên."),
    )
    product = LinesField(label=_("Products, one a line"), required=False)
    cooperating = OrganisationsField(label=_("Co-operating agencies, one a line"), required=False)
    provision = LineField(
        label=_("Clause that it carries out"),
        max_length=400,
        required=False,
        widget=forms.TextInput(attrs={"list": PROVISIONS}),
        help_text=_("Its heading or number; of another document than the programme's like 57-NQ/TW#II.1."),
    )
    accountable_post = PostField(
        label=_("Accountable post"), help_text=_("Who answers for the task. The post stays, whoever holds it.")
    )
    approver_post = PostField(label=_("Approving post"), help_text=_("Who confirms that the task is done."))
    place = PlaceField(label=_("Place"), required=False)
    tags = LineField(label=_("Tags, separated by commas"), required=False)
    started_on = DayField(label=_("Started on"), required=False)

    def __init__(self, *args: Any, programme: Programme, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.within = by, programme.document
        choices = [("", _("in no group")), *((each.key, each.label.text) for each in programme.groups.all())]
        self.fields["group"].choices = choices  # type: ignore[attr-defined]

    def clean_provision(self) -> str:
        """The clause as the register of documents knows it: "document-key#address"."""
        said: str = self.cleaned_data["provision"]
        if not said:
            return ""
        try:
            found = clauses.meant(self.by, said, self.within)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from None
        return f"{found.document.key}#{found.address}"

    def clean_place(self) -> str:
        """The key of the place."""
        place: Place | None = self.cleaned_data["place"]
        return place.key if place else ""

    def clean_tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tag[:40] for each in self.cleaned_data["tags"].split(",") if (tag := each.strip())))


class EditForm(CardForm):
    """A change of a task, with its reason and the document that permits it (C16)."""

    reason = TextField(label=_("Reason of the change"), required=False, rows=2)
    document = LineField(label=_("Document that permits it"), max_length=200, required=False)

    def __init__(self, *args: Any, fixed: Collection[str] = (), grounds: bool, **kwargs: Any) -> None:
        """`fixed`: fields that are shown only. `grounds`: whether a change of words or products needs its grounds."""
        super().__init__(*args, **kwargs)
        for name in ("reason", "document") if grounds else ():
            sometimes(self.fields[name], _("Needed where the wording or the products change: the task is published."))
        for name in fixed:
            self.fields[name].disabled = True
            self.fields[name].help_text = _("Shown only: changing this needs the right to assign tasks.")

    def clean_provision(self) -> str:
        """One that stays as it is is not asked again."""
        kept: str = self.cleaned_data["provision"]
        return super().clean_provision() if "provision" in self.changed_data else kept


class AddForm(CardForm):
    """A new task of a programme."""

    key = LineField(
        label=_("Key"), max_length=100, help_text=_("Letters without marks, digits, points, hyphens. It never changes.")
    )
    lead = OrganisationField(label=_("Lead agency"), help_text=_("Exactly one. Name, abbreviation or key."))
    assigned_on = DayField(
        label=_("Assigned on"), required=False, initial=days.today,
        help_text=_("The day of the document that gives the task; today, if left empty."),
    )  # fmt: skip
    parent = LineField(label=_("Implements the task (key)"), max_length=100, required=False)
    field_order = ["title", "lead", "assigned_on", "deadline", "as_printed", "product", "group", "key"]

    def clean(self) -> dict[str, Any]:
        """Refuse co-operating agencies that are not there on the day, and a deadline that was over by then.

        A register may hold such a deadline, for what is past was as it was; a person who types one has slipped.
        """
        said: dict[str, Any] = super().clean() or self.cleaned_data
        assigned_on = said["assigned_on"] = said.get("assigned_on") or days.today()
        with refusals_on(self):
            for each in said.get("cooperating") or ():
                require_there(each, assigned_on, "cooperating")
        due_on = parse(said.get("deadline") or "", assigned_on).due
        if due_on and due_on < assigned_on:
            over = Refused(
                "due_before_assigned",
                _("This deadline ends on %(due_on)s, before the task is given on %(assigned_on)s. Mend one of them."),
                due_on=due_on,
                assigned_on=assigned_on,
            )
            self.add_error("deadline", str(over))
        return said


def reading_of(phrase: str, reference: Any) -> dict[str, Any]:
    """How the program reads a deadline phrase, to show it before it is kept."""
    said = parse(phrase, reference)
    return {"kind": str(said.kind), "start_on": said.start, "due_on": said.due}
