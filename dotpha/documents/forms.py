"""Shapes of what is typed about documents."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.documents.kinds import KINDS
from dotpha.documents.models import Document, Relation

DAY = {"type": "date"}


class DocumentForm(forms.Form):
    """The card of a document."""

    number = forms.CharField(label=_("Number as printed"), max_length=80, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()))
    title_vi = forms.CharField(label=_("Title"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    issuer = forms.CharField(label=_("Issued by (key or name)"), max_length=200, required=False)
    signatory = forms.CharField(label=_("Signed by (post)"), max_length=200, required=False)
    signed_on = forms.DateField(label=_("Signed on"), required=False, widget=forms.DateInput(attrs=DAY))
    in_force_on = forms.DateField(label=_("In force from"), required=False, widget=forms.DateInput(attrs=DAY))
    expired_on = forms.DateField(label=_("Last day in force"), required=False, widget=forms.DateInput(attrs=DAY))
    mark = forms.ChoiceField(label=_("Classification"), choices=Document.Mark.choices)
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


class RelationForm(forms.Form):
    """What this document does to another."""

    kind = forms.ChoiceField(label=_("This document"), choices=Relation.Kind.choices)
    target = forms.CharField(label=_("The other document (number or key)"), max_length=80)
    provision = forms.CharField(label=_("Its provision (address)"), max_length=80, required=False)
    on = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs=DAY))
