"""What is typed for an agency's own part of a task: the report on it, the other side's answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.platform.forms import DayField, DeclaredField, sometimes
from dotpha.programmes.actions import EvidenceRow
from dotpha.programmes.forms.fields import LineField, PercentField, TextField
from dotpha.programmes.forms.requests import CHOOSE, DecideForm
from dotpha.programmes.models import Evidence, PartExtension


class PartReportForm(forms.Form):
    """A report on one's own part, with what shows that it is true."""

    text = TextField(label=_("What was done"), rows=4)
    percent = PercentField(required=False, help_text=_("Empty or 100: the part is done. Less: it goes on."))
    number = LineField(label=_("Document number"), max_length=100, required=False)
    issued_on = DayField(label=_("Date of the document"), required=False)
    url = forms.CharField(
        label=_("Link"), max_length=1000, required=False, widget=forms.TextInput(attrs={"inputmode": "url"})
    )
    file = forms.FileField(
        label=_("File"), required=False, max_length=200, help_text=_("With a link: the saved copy of its page.")
    )
    declared = DeclaredField()

    def evidence(self) -> list[EvidenceRow]:
        """The document and the link given; a file is handed over on its own."""
        said: dict[str, Any] = self.cleaned_data
        found = []
        if said["number"]:
            row = EvidenceRow(kind=Evidence.Kind.DOCUMENT, number=said["number"], issued_on=said["issued_on"])
            found.append(row)
        if said["url"]:
            found.append(EvidenceRow(kind=Evidence.Kind.LINK, url=said["url"]))
        return found


class AnswerForm(forms.Form):
    """The other side's answer: to confirm asks for nothing, to return for the reason."""

    reason = sometimes(TextField(label=_("Reason, if you return it"), rows=2), _("Needed to return it."))


class LaterDayForm(forms.Form):
    """A later day of one's own part, asked for."""

    new_due_on = DayField(label=_("New due date"))
    reason_kind = forms.ChoiceField(label=_("Kind of reason"), choices=[CHOOSE, *PartExtension.ReasonKind.choices])
    reason = TextField(label=_("Reason"), rows=2)


class DecideDayForm(DecideForm):
    """The decision on a later day of a part."""

    may_end_later = forms.BooleanField(label=_("It may be due after the task"), required=False)
