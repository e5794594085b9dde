"""Shapes of what is typed about documents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.documents import rules
from dotpha.documents.kinds import KINDS
from dotpha.documents.models import Document, Relation
from dotpha.platform.forms import DayField, DeclaredField


class DocumentForm(forms.Form):
    """The card of a document."""

    number = forms.CharField(label=_("Number as printed"), max_length=80, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()))
    title_vi = forms.CharField(label=_("Title"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    issuer = forms.CharField(label=_("Issued by (key or name)"), max_length=200, required=False)
    signatory = forms.CharField(label=_("Signed by (post)"), max_length=200, required=False)
    signed_on = DayField(label=_("Signed on"), required=False)
    in_force_on = DayField(label=_("In force from"), required=False)
    expired_on = DayField(label=_("Last day in force"), required=False)
    mark = forms.ChoiceField(
        label=_("Classification"),
        choices=Document.Mark.choices,
        help_text=_("State secrets (Mật, Tối mật, Tuyệt mật) are not entered here: use the channel for State secrets."),
    )
    source = forms.CharField(label=_("Where it was obtained"), max_length=300, required=False)


class NewDocumentForm(DocumentForm):
    """A document to be entered; its key never changes."""

    key = forms.CharField(
        label=_("Key"),
        max_length=80,
        help_text=_("Small letters without marks, digits and hyphens. It never changes."),
    )
    field_order = ["key"]


class TextForm(forms.Form):
    """The text of a document, to be split into provisions."""

    text = forms.CharField(
        label=_("Text of the document"), max_length=500_000, widget=forms.Textarea(attrs={"rows": 18,
        "class": "form-control"}),
        help_text=_("Paste the text. Parts, articles, clauses and annexes are recognised by their numbering."),
    )  # fmt: skip


class WordingForm(forms.Form):
    """Another wording of a provision from a day, in the language of the original."""

    heading = forms.CharField(label=_("Heading"), max_length=1000, required=False)
    text = forms.CharField(
        label=_("Text"), max_length=50_000, required=False, widget=forms.Textarea(attrs={"rows": 10})
    )
    from_on = DayField(
        label=_("From"), help_text=_("The day of the last wording corrects it; the former one stays on record.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("For instance the document that amends it.")
    )


class RelationForm(forms.Form):
    """What this document does to another."""

    kind = forms.ChoiceField(label=_("This document"), choices=Relation.Kind.choices)
    target = forms.CharField(label=_("The other document (number or key)"), max_length=80)
    provision = forms.CharField(label=_("Its provision (address)"), max_length=80, required=False)
    on = DayField(label=_("From"), required=False)


class AttachForm(forms.Form):
    """A file of a document, where and when it was obtained."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, DOCX, XLSX, plain text (TXT, CSV) or a picture (PNG, JPEG, WebP), at most 50 MB."),
    )
    declared = DeclaredField()
    source = forms.CharField(label=_("Where it was obtained"), max_length=300, required=False)
    obtained_on = DayField(label=_("Obtained on"), required=False)


class ReasonForm(forms.Form):
    """Why something is taken away."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class StepsForm(forms.Form):
    """The planned and the actual day of each drafting step; the day of issue stands on the card."""

    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for step, name in rules.STEP_NAMES.items():
            self.fields[f"{step}_planned_on"] = DayField(label=_named(_("%(step)s: planned for"), name), required=False)
            if step is not rules.Step.ISSUED:
                self.fields[f"{step}_came_on"] = DayField(label=_named(_("%(step)s: came on"), name), required=False)

    @staticmethod
    def of(steps: rules.Steps) -> dict[str, Any]:
        """The days as the fields show them."""
        return {f"{step}_{name}": getattr(dates, name) for step, dates in steps.items() for name in DAYS}

    def steps(self) -> dict[rules.Step, rules.StepDates]:
        """The days as the action takes them. Only for a valid form."""
        said = self.cleaned_data
        return {step: rules.StepDates(*(said.get(f"{step}_{name}") for name in DAYS)) for step in rules.Step}


DAYS = ("planned_on", "came_on")


def _named(sentence: Any, name: Any) -> str:
    return str(sentence) % {"step": name}
