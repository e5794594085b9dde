"""Shapes of what is typed about organisations."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.directory.kinds import ORGANISATION_KINDS
from dotpha.platform.forms import DayField


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
    valid_from = DayField(label=_("Since"), required=False)
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


class EndForm(forms.Form):
    """The last day of an organisation that nothing replaces."""

    last_day = DayField(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=500)
    units_too = forms.BooleanField(label=_("End the units under it on that day too"), required=False)
