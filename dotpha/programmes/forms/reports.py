"""A progress report as it is typed: percent, what was done, and for each promised product its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.platform.forms import DayField, DeclaredField, sometimes
from dotpha.programmes.actions import EvidenceRow, ReportRow
from dotpha.programmes.actions.evidence import NO_PRODUCT
from dotpha.programmes.forms.fields import LineField, PercentField, TextField
from dotpha.programmes.models import Evidence, Occurrence, Product, Report

PARTS = ("number", "issued_on", "url", "file", "waiver")
FIRST = ("reason", "percent", "summary", "next_step", "completed_on")
MORE = ("risk", "lower_reason", "period", "occurrence")
FREE = "free"
"""The prefix of the evidence that belongs to no product."""


class ReportForm(forms.Form):
    """What a report says. The fields of evidence are made for the products that the task promises."""

    percent = PercentField()
    summary = TextField(label=_("What was done"), rows=4)
    next_step = TextField(label=_("Next step"), required=False, rows=2)
    risk = TextField(label=_("Risk"), required=False, rows=2)
    lower_reason = sometimes(
        TextField(label=_("Why the percent is lower than before"), rows=2), _("Needed where it went down.")
    )
    completed_on = sometimes(
        DayField(label=_("Completed on")), _("The day on which the work was done. Needed with 100 percent.")
    )
    period = forms.CharField(
        label=_("Period"), max_length=10, required=False, help_text=_("For example 2026-Q1 or 2026-03.")
    )
    occurrence = forms.ChoiceField(label=_("Round"), required=False)

    def __init__(
        self,
        *args: Any,
        products: Sequence[Product],
        occurrences: Sequence[Occurrence] = (),
        report: Report | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.products, self.report = list(products), report
        self.kept = list(report.evidence.all()) if report else []
        self._of_occurrences(occurrences)
        for product in self.products:
            self._add_evidence(f"p{product.pk}", waiver=True)
        self._add_evidence(FREE, waiver=False)
        self.fields["declared"] = DeclaredField()
        for each in self.kept:
            self.fields[f"keep{each.pk}"] = forms.BooleanField(label=str(each), required=False, initial=True)
            if each.lacks_copy:
                self.fields[f"copy{each.pk}-file"] = forms.FileField(
                    label=_("Saved copy of %(link)s") % {"link": each.url}, required=False, max_length=200
                )

    def _of_occurrences(self, occurrences: Sequence[Occurrence]) -> None:
        if not occurrences:
            del self.fields["occurrence"]
            return
        choices = [("", _("the task as a whole")), *((str(each.pk), each.period) for each in occurrences)]
        self.fields["occurrence"].choices = choices  # type: ignore[attr-defined]

    def _add_evidence(self, prefix: str, *, waiver: bool) -> None:
        self.fields[f"{prefix}-number"] = LineField(label=_("Document number"), max_length=100, required=False)
        self.fields[f"{prefix}-issued_on"] = DayField(label=_("Date of the document"), required=False)
        self.fields[f"{prefix}-url"] = forms.CharField(
            label=_("Link"), max_length=1000, required=False, widget=forms.TextInput(attrs={"inputmode": "url"})
        )
        self.fields[f"{prefix}-file"] = forms.FileField(
            label=_("File"), required=False, max_length=200, help_text=_("With a link: the saved copy of its page.")
        )
        if waiver:
            self.fields[f"{prefix}-waiver"] = TextField(label=_("Not needed, because"), required=False, rows=2)

    def first_fields(self) -> list[str]:
        """The names of the fields that nearly every report needs."""
        return [name for name in FIRST if name in self.fields]

    def more_fields(self) -> list[str]:
        """The names of the fields that few reports need."""
        return [name for name in MORE if name in self.fields]

    def says_more(self) -> bool:
        """Whether one of them holds something already."""
        return any(self[name].value() for name in self.more_fields())

    def kept_fields(self, product: Product | None) -> list[str]:
        """The boxes of the evidence that a product (or none of them) has already."""
        held = {issue.evidence_id: issue.product_id for issue in self.report.issues.all()} if self.report else {}
        wanted = product.pk if product else None
        return [f"keep{each.pk}" for each in self.kept if held.get(each.pk) == wanted]

    def row(self, files: dict[str, int]) -> ReportRow:
        """The report as the action takes it. `files`: the id of the stored file for each prefix that has one."""
        said = self.cleaned_data
        names = ("summary", "percent", "completed_on", "next_step", "risk", "lower_reason", "period")
        return ReportRow(**{name: said[name] for name in names}, evidence=tuple(self._evidence(files)))

    def _evidence(self, files: dict[str, int]) -> list[EvidenceRow]:
        found: list[EvidenceRow] = []
        for product in self.products:
            kept = [
                self._again(name, product.pk, files) for name in self.kept_fields(product) if self.cleaned_data[name]
            ]
            found += self._typed(f"p{product.pk}", product.pk, files) or kept
        free = [self._again(name, NO_PRODUCT, files) for name in self.kept_fields(None) if self.cleaned_data[name]]
        return [*found, *free, *self._typed(FREE, NO_PRODUCT, files)]

    def copy_fields(self, product: Product | None) -> list[str]:
        """The fields for the saved copies of links that a product (or none of them) has already."""
        named = [f"copy{name.removeprefix('keep')}-file" for name in self.kept_fields(product)]
        return [name for name in named if name in self.fields]

    def _again(self, name: str, product: int, files: dict[str, int]) -> EvidenceRow:
        held = next(each for each in self.kept if f"keep{each.pk}" == name)
        return EvidenceRow(
            kind=held.kind,
            text=held.text,
            number=held.number,
            issued_on=held.issued_on,
            url=held.url,
            file=held.file_id or files.get(f"copy{held.pk}"),
            product=product,
        )

    def _typed(self, prefix: str, product: int, files: dict[str, int]) -> list[EvidenceRow]:
        said = {part: self.cleaned_data.get(f"{prefix}-{part}") for part in PARTS}
        facts: dict[str, Any] = {"number": said["number"] or "", "issued_on": said["issued_on"], "product": product}
        if said["url"]:
            return [EvidenceRow(kind=Evidence.Kind.LINK, url=said["url"], file=files.get(prefix), **facts)]
        if prefix in files:
            name = said["file"].name if said["file"] else ""
            return [EvidenceRow(kind=Evidence.Kind.FILE, text=name, file=files[prefix], **facts)]
        if said["number"]:
            return [EvidenceRow(kind=Evidence.Kind.DOCUMENT, **facts)]
        if said["waiver"]:
            return [EvidenceRow(waiver=said["waiver"], product=product)]
        return []

    def uploads(self) -> dict[str, Any]:
        """The files given, by the prefix of their evidence."""
        copies = [f"copy{each.pk}" for each in self.kept if each.lacks_copy]
        prefixes = [*(f"p{product.pk}" for product in self.products), FREE, *copies]
        return {prefix: given for prefix in prefixes if (given := self.cleaned_data.get(f"{prefix}-file"))}


class CorrectForm(ReportForm):
    """A new version of an approved report."""

    reason = TextField(label=_("Why it is corrected"), rows=2)
    field_order = ["reason"]


class ReviewForm(forms.Form):
    """An approver's look at a report: each product on its own, then approve or return."""

    reason = sometimes(TextField(label=_("Reason, if you return it"), rows=2), _("Needed to return it."))

    def __init__(self, *args: Any, issues: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.issues = list(issues)
        choices = [("yes", _("confirmed")), ("no", _("not confirmed"))]
        for issue in self.issues:
            self.fields[f"i{issue.pk}"] = forms.ChoiceField(
                label=issue.product.text, choices=choices, widget=forms.RadioSelect, required=False
            )
            self.fields[f"i{issue.pk}-why"] = LineField(
                label=_("Why it is not confirmed"), max_length=500, required=False
            )

    def confirmed(self) -> dict[int, bool]:
        """For each product named whether it is confirmed; one left without an answer is not."""
        return {issue.pk: self.cleaned_data.get(f"i{issue.pk}") == "yes" for issue in self.issues}

    def rejected(self) -> dict[int, str]:
        """Why products are not confirmed, by the id of their issue."""
        return {issue.pk: why for issue in self.issues if (why := self.cleaned_data.get(f"i{issue.pk}-why", ""))}


class NoteForm(forms.Form):
    """A note of an inspector."""

    note = TextField(label=_("What was checked"), required=False, rows=2)
