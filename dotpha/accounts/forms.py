"""Shapes of what is typed about people and rights."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.accounts.actions.data_requests import LONGEST
from dotpha.accounts.actions.people import LONGEST_EMAIL
from dotpha.accounts.personal_fields import RequestKind
from dotpha.accounts.roles import RIGHT_NAMES, RIGHTS, Role, rights_of
from dotpha.accounts.rules import LONGEST_EXTENSION_DAYS, NEVER_LENT
from dotpha.platform.forms import DayField


class PersonForm(forms.Form):
    """A new person."""

    username = forms.CharField(label=_("User name"), max_length=150)
    name = forms.CharField(label=_("Name or post"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=LONGEST_EMAIL)
    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput,
        help_text=_("At least 12 signs, not a common word."),
    )


class PersonChangeForm(forms.Form):
    """How a person is shown and reached."""

    name = forms.CharField(label=_("Name or post"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=LONGEST_EMAIL)
    version = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class PasswordForm(forms.Form):
    """A new first password."""

    password = forms.CharField(
        label=_("New first password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 signs, not a common word."),
    )


class GrantForm(forms.Form):
    """A role within a scope for a period."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    scope = forms.CharField(
        label=_("Scope"),
        max_length=300,
        help_text=_("all, org/…/, place/…/ or programme/…/: it covers what lies under it."),
    )
    programme = forms.CharField(
        label=_("Only in the programme"), max_length=80, required=False, help_text=_("The key of a programme, if any.")
    )
    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Until"), required=False)
    exception_reason = forms.CharField(
        label=_("Reason for an exception"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DelegationForm(forms.Form):
    """Rights lent during absence."""

    grant = forms.ChoiceField(label=_("Right that I hold"))
    to_user = forms.CharField(label=_("To (user name)"), max_length=150)
    lent = forms.MultipleChoiceField(label=_("What the other person may do"), widget=forms.CheckboxSelectMultiple)
    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Until"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)

    def __init__(self, *args: Any, grants: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.pk), f"{each.get_role_display()} · {each.where}") for each in grants]
        self.fields["grant"].choices = choices  # type: ignore[attr-defined]
        held = set().union(*(rights_of(Role(each.role)) for each in grants)) - NEVER_LENT
        self.fields["lent"].choices = [(right, RIGHT_NAMES[right]) for right in RIGHTS if right in held]  # type: ignore[attr-defined]


class TokenForm(forms.Form):
    """A key for programs."""

    token_name = forms.CharField(label=_("What the token is for"), max_length=80)
    may = forms.ChoiceField(label=_("It may"), choices=[("read", _("read")), ("read,write", _("read and write"))])


def _words(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}), **more)


class DataRequestForm(forms.Form):
    """What a person asks for about the own data."""

    kind = forms.ChoiceField(label=_("What should be done with your data"), choices=RequestKind.choices)
    text = _words(
        _("Which data, and why"), required=False, help_text=_("Not needed to get a copy or to erase the account.")
    )


class PaperRequestForm(forms.Form):
    """A request that came on paper, recorded by an administrator."""

    username = forms.CharField(label=_("User name"), max_length=150)
    kind = forms.ChoiceField(label=_("What is asked for"), choices=RequestKind.choices)
    text = _words(_("In the person's words"), required=False)
    made_on = DayField(label=_("Received on"))


class FirstReplyForm(forms.Form):
    """The first reply to a request."""

    reply = _words(_("First reply"), help_text=_("Say that the request was received, what follows and until when."))


class RequestExtensionForm(forms.Form):
    """More days for a request, once."""

    days = forms.IntegerField(label=_("Days more"), min_value=1, max_value=LONGEST_EXTENSION_DAYS)
    reason = _words(_("Reason"), rows=2)


class RequestAnswerForm(forms.Form):
    """How a request ends."""

    answer = _words(_("What was done, or why it is refused"))
    kept = _words(_("What is kept, and why"), required=False)
