"""What is typed about extensions and blockers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.platform.forms import DayField, sometimes
from dotpha.programmes.forms.fields import LineField, OrganisationField, TextField
from dotpha.programmes.models import Blocker, Extension

CHOOSE = ("", _("Choose one"))
"""The first line of a choice that nobody should make by not looking."""


class ExtensionForm(forms.Form):
    """A later due date, asked for."""

    new_due_on = DayField(label=_("New due date"))
    reason_kind = forms.ChoiceField(label=_("Kind of reason"), choices=[CHOOSE, *Extension.ReasonKind.choices])
    reason = TextField(
        label=_("Reason"), help_text=_("What has been done so far, what is missing, and why the new date will hold.")
    )
    document = LineField(label=_("Document or evidence"), max_length=200, required=False)


class DecideForm(forms.Form):
    """The decision on an extension."""

    new_due_on = DayField(label=_("Another date than the one asked for"), required=False)
    answer = sometimes(TextField(label=_("Answer")), _("A refusal needs its reason."))


class BlockerForm(forms.Form):
    """What holds a task up, and who can remove it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[CHOOSE, *Blocker.Kind.choices])
    text = TextField(label=_("What is in the way, and what is asked"))
    asks_of = OrganisationField(
        label=_("Who can remove it"), help_text=_("Name, abbreviation or key. It has ten working days to answer.")
    )


class TakeUpForm(forms.Form):
    """The body asked, or a leader, is at work on it."""

    until_on = DayField(label=_("To be removed by"), required=False)
    note = TextField(label=_("Note"), required=False, rows=2)


class AnswerForm(forms.Form):
    """What the body asked did."""

    answer = TextField(label=_("What was done, or why it cannot be done"))


class RedirectForm(forms.Form):
    """Another body can remove it."""

    to = OrganisationField(label=_("Who can remove it"))
    reason = TextField(label=_("Reason"), rows=2)


class EscalateForm(forms.Form):
    """Before those above."""

    to = OrganisationField(label=_("To"), required=False)
    reason = TextField(label=_("Reason"), rows=2)


class ResolveForm(forms.Form):
    """The way is free."""

    resolution = TextField(label=_("How it was removed"), rows=2)
    decision = LineField(label=_("Decision that closes it"), max_length=300, required=False)


class ReopenForm(forms.Form):
    """It is in the way again."""

    reason = TextField(label=_("Reason"), rows=2)
