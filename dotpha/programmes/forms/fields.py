"""Fields of our own: an agency by key or name, a day, several lines, a text without odd signs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from dotpha.directory import queries as directory
from dotpha.directory.models import Organisation, Post
from dotpha.platform import days, text
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions import organisation_of
from dotpha.programmes.actions.register import post_name
from dotpha.programmes.models import Programme
from dotpha.programmes.rules.deadlines import Kind, impossible_day, parse, read_day

ORGANISATIONS = "organisations"
"""The id of the list of names that a page offers while one types (`organisation_names`)."""


POSTS = "posts"
"""The id of the list of posts that a page offers while one types (`post_names`)."""


PUBLIC_AT_ONCE = _("What is put into a programme marked “public” can be read by everybody as soon as it is kept.")


def marked(programme: Programme) -> str:
    """The title of a programme as a choice offers it: a published one says so."""
    title = programme.heading.text
    return gettext("%(programme)s (public)") % {"programme": title} if programme.published_at else title


def post_names() -> list[str]:
    """The posts that a field of a post proposes, each as agency/title."""
    posts = Post.objects.select_related("organisation").order_by("organisation__sort_key", "pk")
    return list(dict.fromkeys(post_name(each) for each in posts))


def organisations_offered(on: date) -> list[Organisation]:
    """The bodies to which a task can be given on a day, as a choice offers them: every one above the communes."""
    return list(directory.organisations(on).exclude(kind__startswith="commune"))


def organisation_names() -> list[str]:
    """The names that a field of an agency proposes: every body of today above the communes."""
    return list(dict.fromkeys(each.title.text for each in organisations_offered(days.today())))


def organisation_said(said: str, field: str = "lead", on: date | None = None) -> Organisation:
    """The organisation of a key, a name or an abbreviation; refused with the three nearest when nobody knows it."""
    said = text.one_line(said)
    on = on or days.today()
    exact = list(Organisation.objects.filter(Q(key=said) | Q(name__vi=said) | Q(name__vi__text=said)))
    if exact:  # of two of one name, the one that is there
        return min(exact, key=lambda each: (each.key != said, each.valid_to is not None and each.valid_to < on))
    match = directory.matcher().find(said, on)
    if match.certain and len(match.keys) > 1:
        raise Refused("organisation_not_one", _("“%(text)s” names several agencies. Name one."), field=field, text=said)
    if match.certain and match.lead:
        return organisation_of(match.lead, field)
    named_by = next((each.candidates for each in match.doubts if each.code == "ambiguous"), ())
    if named_by:
        names = Organisation.objects.filter(key__in=named_by).order_by("sort_key", "key")
        raise Refused(
            "organisation_ambiguous",
            _("“%(text)s” may be any of these: %(names)s. Write the name in full."),
            field=field,
            text=said,
            names="; ".join(each.title.text for each in names),
        )
    return organisation_of(said, field)


class OrganisationField(forms.CharField):
    """An agency, typed as a name, an abbreviation or a key; gives the organisation."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"max_length": 300, "widget": forms.TextInput(attrs={"list": ORGANISATIONS}), **more})

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if not said:
            return None
        try:
            return organisation_said(said)
        except Refused as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from None


class OrganisationsField(forms.CharField):
    """Several agencies, one a line or separated by ";"; gives the organisations in their order."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"max_length": 8000, "widget": forms.Textarea(attrs={"rows": 3}), **more})

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        pieces = [piece.strip() for line in (said or "").splitlines() for piece in line.split(";")]
        found: list[Organisation] = []
        wrong: list[ValidationError] = []
        for piece in filter(None, pieces):
            try:
                found.append(organisation_said(piece))
            except Refused as refusal:
                wrong.append(ValidationError(str(refusal), code=refusal.code))
        if wrong:
            raise ValidationError(wrong)
        return list({each.pk: each for each in found}.values())


class TextField(forms.CharField):
    """A text of several lines: NFC, without control and direction marks."""

    def __init__(self, rows: int = 3, **more: Any) -> None:
        super().__init__(**{"max_length": 10_000, "widget": forms.Textarea(attrs={"rows": rows}), **more})

    def to_python(self, value: Any) -> str:
        return text.clean(super().to_python(value) or "")


class LineField(forms.CharField):
    """A text of one line: NFC, without control and direction marks."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"max_length": 300, **more})

    def to_python(self, value: Any) -> str:
        return text.one_line(text.clean(super().to_python(value) or ""))


class PostField(LineField):
    """A post of the directory, named as agency/title; empty: none. The action refuses one that nobody knows."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(attrs={"list": POSTS})
        super().__init__(**{"max_length": 400, "required": False, "widget": widget, **more})


class DeadlineMixin(forms.Form):
    """A form with a deadline as written: a day that no calendar has is put right, or kept as printed by a tick.

    A day as other languages write it is kept as documents here print it. Other words that nobody can read are taken,
    and flagged to be settled.
    """

    as_printed = forms.BooleanField(label=_("Keep the deadline as printed"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.data.get("as_printed"):  # offered once it is needed
            self.fields["as_printed"].widget = forms.HiddenInput()

    def clean_deadline(self) -> str:
        said: str = self.cleaned_data["deadline"]
        if "deadline" not in self.changed_data or parse(said, days.today()).kind != Kind.UNKNOWN:
            return said
        elsewhere = read_day(said, days.today(), get_language() or "vi")
        if elsewhere:
            return elsewhere.phrase
        wrong = impossible_day(said)
        if wrong and not self.data.get("as_printed"):
            self.fields["as_printed"].widget = forms.CheckboxInput()
            raise ValidationError(
                _("The day %(day)s is in no calendar. Correct it, or tick “Keep the deadline as printed”."),
                code="impossible_day",
                params={"day": wrong},
            )
        return said


class LinesField(TextField):
    """Several texts, one a line; gives them in their order, without bullets and blanks around."""

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        return [line for each in said.splitlines() if (line := each.strip(" \t-•+"))]


class PercentField(forms.IntegerField):
    """How much of the work is done, from 0 to 100."""

    default_error_messages = {"invalid": _("Give a whole number from 0 to 100.")}

    def __init__(self, **more: Any) -> None:
        widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": 100})
        super().__init__(**{"label": _("Percent done (0 to 100)"), "widget": widget, **more})
