"""Shapes of what is typed about organisations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.directory.kinds import ORGANISATION_KINDS, PLACE_KINDS
from dotpha.directory.models import Place
from dotpha.directory.queries.called import place_said
from dotpha.platform import days
from dotpha.platform.forms import DayField
from dotpha.platform.refusals import Refused

MOST_PARTS = 12
"""Places that one place becomes, to which what lies in it can be given on the page."""


PLACES = "places"
"""The id of the list of names that a page offers for fields of places (`called.offered`)."""


class PlaceField(forms.CharField):
    """A place, typed as a key, an official code or a name; gives the place."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(attrs={"list": PLACES})
        super().__init__(**{"max_length": 300, "widget": widget, "help_text": _("Name, official code or key."), **more})

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if not said:
            return None
        try:
            return place_said(said, days.today())
        except Refused as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from None


class OrganisationForm(forms.Form):
    """A new organisation."""

    key = forms.CharField(
        label=_("Key"),
        max_length=80,
        help_text=_("Small letters without marks, digits and hyphens. It never changes."),
    )
    name_vi = forms.CharField(label=_("Name in Vietnamese"), max_length=300)
    name_en = forms.CharField(label=_("Name in English"), max_length=300, required=False)
    abbreviations = forms.CharField(label=_("Abbreviations, separated by ;"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(ORGANISATION_KINDS.items()))
    parent = forms.CharField(label=_("Belongs to (key)"), max_length=80, required=False)
    place = forms.CharField(label=_("Place (key)"), max_length=80, required=False)
    valid_from = DayField(
        label=_("Since"), required=False, help_text=_("From this day on it belongs to the organisation above it.")
    )
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("The document that set it up."))


class RenameForm(forms.Form):
    """A new name from a day."""

    name_vi = forms.CharField(label=_("New name in Vietnamese"), max_length=300)
    from_on = DayField(label=_("From"))
    document = forms.CharField(label=_("By document"), max_length=100, required=False)


class ReplaceForm(forms.Form):
    """Merged into, split into or replaced by other organisations from a day."""

    successors = forms.CharField(label=_("Takes its place (keys, separated by ;)"), max_length=500)
    replaced_on = DayField(label=_("From"))
    replaced_by_document = forms.CharField(label=_("By document"), max_length=100, required=False)
    replaced_units_too = forms.BooleanField(label=_("End the units under it the day before too"), required=False)


class PostForm(forms.Form):
    """A new post."""

    title_vi = forms.CharField(label=_("Title in Vietnamese"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    single = forms.BooleanField(label=_("Held by one person at a time"), required=False, initial=True)


class HolderForm(forms.Form):
    """Who holds a post from a day."""

    user = forms.CharField(label=_("Person (user name)"), max_length=150)
    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Until"), required=False, help_text=_("Its last day; empty while it goes on."))


class LeaveForm(forms.Form):
    """The last day of a holder."""

    until_on = DayField(label=_("Last day"))


class PlaceNameForm(forms.Form):
    """A new name or kind of a place from a day."""

    name_vi = forms.CharField(label=_("Name in Vietnamese"), max_length=300)
    short = forms.CharField(label=_("Short name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(PLACE_KINDS.items()))
    from_on = DayField(label=_("From"))
    document = forms.CharField(label=_("By document"), max_length=100)


class MoveForm(forms.Form):
    """What a place lies in from a day."""

    parent = PlaceField(label=_("Lies in"))
    from_on = DayField(label=_("From"))
    document = forms.CharField(label=_("By document"), max_length=100)


class BelongingForm(forms.Form):
    """What an organisation belongs to from a day."""

    parent = forms.CharField(
        label=_("Belongs to (key)"), max_length=80, required=False, help_text=_("Empty: it belongs to none.")
    )
    from_on = DayField(label=_("From"))
    document = forms.CharField(label=_("By document"), max_length=100, required=False)


class TakeBackForm(forms.Form):
    """Why the last move of a place or organisation is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class MergeForm(forms.Form):
    """Places that become one from a day: a new one, or one that is there."""

    others = forms.CharField(label=_("Together with (keys, separated by ;)"), max_length=500, required=False)
    into = forms.CharField(
        label=_("Becomes (key)"), max_length=80, help_text=_("The key of a place that is there, or of a new one.")
    )
    code = forms.CharField(label=_("Official code of the new place"), max_length=10, required=False)
    name_vi = forms.CharField(label=_("Name of the new place in Vietnamese"), max_length=300, required=False)
    short = forms.CharField(label=_("Short name of the new place"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind of the new place"), choices=list(PLACE_KINDS.items()))
    on = DayField(label=_("From"))
    document = forms.CharField(label=_("By document"), max_length=100)


class SplitForm(forms.Form):
    """Places that one becomes from a day, with the share of each."""

    parts = forms.CharField(
        label=_("Becomes"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "One place a line: key; code; kind (commune, ward, special_zone, province, city); full name; short name; "
            "share in %. No share on any line where nobody knows it."
        ),
    )
    on = DayField(label=_("From"))
    document = forms.CharField(label=_("By document"), max_length=100)

    def offer(self, inside: Sequence[Place]) -> None:
        """Offer what lies in the place to each of those that it becomes but the first, which gets the rest."""
        if inside and self.is_bound:
            choices = [(each.key, each.title.text) for each in inside]
            for number, line in list(enumerate(self.lines(self.data.get("parts", "")), start=1))[1:MOST_PARTS]:
                cells = [each.strip() for each in line.split(";")]
                self.fields[f"inside_{number}"] = forms.MultipleChoiceField(
                    label=_("Lies in %(place)s from that day") % {"place": cells[3] if len(cells) > 3 else cells[0]},
                    choices=choices,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    help_text=_("What is ticked nowhere lies in the place of the first line."),
                )

    def day_said(self) -> date | None:
        """The day that is typed, before the form is checked; None where it is none."""
        try:
            return self.fields["on"].clean(self.data.get("on"))  # type: ignore[no-any-return]
        except forms.ValidationError:
            return None

    @staticmethod
    def lines(parts: str) -> list[str]:
        """The lines of the places that begin."""
        return [line for line in parts.splitlines() if line.strip()]


class PartForm(forms.Form):
    """A line of a split: the columns of one of the places that begin."""

    key = forms.CharField(max_length=80)
    code = forms.CharField(max_length=10)
    kind = forms.ChoiceField(choices=list(PLACE_KINDS.items()))
    name = forms.CharField(max_length=300)
    short = forms.CharField(max_length=120)
    share = forms.DecimalField(max_digits=8, decimal_places=4, required=False)


class BoundaryForm(forms.Form):
    """A share of a place that passes to another one; both go on."""

    to = PlaceField(label=_("Passes to"))
    share = forms.DecimalField(label=_("Share that passes, in %"), max_digits=8, decimal_places=4)
    on = DayField(label=_("From"))
    document = forms.CharField(label=_("By document"), max_length=100)


class EndForm(forms.Form):
    """The last day of an organisation that nothing replaces."""

    last_day = DayField(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=500)
    units_too = forms.BooleanField(label=_("End the units under it on that day too"), required=False)
