"""What is typed to put tasks somewhere: under another one, beside it as a copy, into and out of programmes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.programmes.forms.acts import ActForm
from dotpha.programmes.forms.fields import (
    PUBLIC_AT_ONCE,
    DeadlineMixin,
    LineField,
    LinesField,
    OrganisationField,
    TextField,
    marked,
)
from dotpha.programmes.models import Programme
from dotpha.programmes.queries.programmes import visible_programmes
from dotpha.programmes.queries.register import free_keys


class ChildForm(DeadlineMixin, ActForm):
    """A task under this one."""

    title = TextField(label=_("What is to be done"), rows=2, max_length=2000)
    lead = OrganisationField(label=_("Lead agency"), help_text=_("Name, abbreviation or key."))
    deadline = LineField(
        label=_("Deadline, as written"), help_text=_("For example 30/6/2026, quý II/2026, tháng 9/2026, thường xuyên.")
    )
    products = LinesField(label=_("Products, one a line"), required=False, rows=2)
    key = LineField(
        label=_("Key"), max_length=100, help_text=_("Letters without marks, digits, points, hyphens. It never changes.")
    )
    field_order = ["title", "lead", "deadline", "as_printed", "products", "key"]

    def offer(self, by: Any) -> None:
        self.initial.setdefault("key", free_keys(self.card.task.key, 1)[0])


class CopyForm(ActForm):
    """A new task like this one."""

    key = LineField(label=_("Key of the copy"), max_length=100)

    def offer(self, by: Any) -> None:
        self.initial.setdefault("key", free_keys(self.card.task.key, 1)[0])


class MoveForm(ActForm):
    """Another programme or task group."""

    programme = forms.ModelChoiceField(
        label=_("Programme"), queryset=Programme.objects.none(), to_field_name="key", help_text=PUBLIC_AT_ONCE
    )
    group = forms.ChoiceField(
        label=_("Task group"),
        required=False,
        help_text=_("Those of the programme above. Another programme is chosen first; its groups are then offered."),
    )
    ordinal = LineField(label=_("Number in the document"), max_length=20, required=False)
    groups_of = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def offer(self, by: Any) -> None:
        """The programmes that this person sees, and the groups of the one that is chosen."""
        programmes = visible_programmes(by)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]
        self.fields["programme"].label_from_instance = marked  # type: ignore[attr-defined]
        if "programme" not in self.initial and self.card.memberships:
            held = self.card.memberships[0]
            self.initial.update(programme=held.programme.key, group=held.group.key if held.group else "")
        chosen = programmes.filter(key=self.data.get("programme", self.initial.get("programme", ""))).first()
        groups = chosen.groups.all() if chosen else ()
        choices = [("", _("in no group")), *((each.key, f"{each.order}. {each.label.text}") for each in groups)]
        self.fields["group"].choices = choices  # type: ignore[attr-defined]
        self.initial["groups_of"] = chosen.key if chosen else ""

    def clean(self) -> dict[str, Any]:
        """Refuse to move into another programme before its groups were offered; programs that name none need not."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        chosen, offered = said.get("programme"), said.pop("groups_of", "")
        if chosen and offered and offered != chosen.key:
            self.errors.pop("group", None)
            self.data = {**self.data.dict(), "group": "", "groups_of": chosen.key}  # type: ignore[attr-defined]
            self.add_error("group", _("These are the task groups of the other programme: choose one, or none."))
        return said


class LeaveForm(ActForm):
    """A programme that no longer holds the task."""

    programme = forms.ChoiceField(label=_("Programme"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.programme.key, each.programme.heading.text) for each in self.card.memberships]
        self.fields["programme"].choices = choices  # type: ignore[attr-defined]
