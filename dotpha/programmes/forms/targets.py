"""What is typed of a target: its words, its year, and what is to be reached."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.programmes.forms.fields import LineField, OrganisationField, TextField
from dotpha.programmes.forms.titles import Titled
from dotpha.programmes.models import Target

FACTS = ("year", "ordinal", "result_text", "unit", "comparison", "number", "number_high", "owner")


def facts_of(target: Target) -> dict[str, Any]:
    """What a form shows of a target before anything is typed: numbers without the zeros that the database adds."""
    held = {name: getattr(target, name) for name in FACTS}
    plain = {name: format(held[name].normalize(), "f") for name in ("number", "number_high") if held[name] is not None}
    owner = target.owner.title.text if target.owner else ""
    return held | plain | {"owner": owner, "comparison": target.comparison or "qualitative"}


class TargetForm(Titled):
    """What is typed of any target. One without a year is refused at the field, in words of the rule."""

    title_vi = TextField(label=_("Target, in Vietnamese"), rows=2, max_length=2000)
    title_en = TextField(label=_("Target, in English"), rows=2, max_length=2000, required=False)
    year = forms.IntegerField(label=_("By the year"), error_messages={"required": _("A target needs its year.")})
    ordinal = LineField(label=_("Number in the document"), max_length=12, required=False)
    comparison = forms.ChoiceField(
        label=_("How it is judged"),
        choices=Target.Comparison.choices,
        help_text=_("“In words” and “by its parts” need no number; all others do."),
    )
    number = forms.DecimalField(label=_("Number"), required=False)
    number_high = forms.DecimalField(label=_("Upper number, of a target between two"), required=False)
    unit = LineField(label=_("Unit"), max_length=120, required=False)
    result_text = TextField(label=_("Result, as the document writes it"), rows=2, max_length=4000, required=False)
    owner = OrganisationField(label=_("In charge"), required=False, help_text=_("Name, abbreviation or key."))

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed beside the titles."""
        return {name: self.cleaned_data[name] for name in FACTS}


class TargetAddForm(TargetForm):
    """A new target of a programme."""

    key = LineField(
        label=_("Key"), max_length=80, help_text=_("Letters without marks, digits, hyphens. It never changes.")
    )
    parent = forms.ChoiceField(label=_("Part of the target"), required=False)
    field_order = ["title_vi", "title_en", "year", "ordinal", "parent"]

    def __init__(self, *args: Any, upper: Iterable[Target], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.key, f"{each.year} · {each.heading.text}"[:120]) for each in upper]
        self.fields["parent"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]


class TargetChangeForm(TargetForm):
    """What a target says, and why that changes."""

    reason = TextField(label=_("Reason"), rows=2, max_length=4000, required=False)

    def __init__(self, *args: Any, published: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = published


class WhyForm(forms.Form):
    """Why a target is withdrawn, or put in force again."""

    reason = TextField(label=_("Reason"), rows=2, max_length=4000)
