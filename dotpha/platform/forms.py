"""Fields that forms of every app share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

EARLIEST = 1000
"""The first year that a form takes."""


class DayField(forms.DateField):
    """A day, chosen from the browser's own calendar, which reads ISO days whatever the language is."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **more})

    def to_python(self, value: Any) -> date | None:
        """A day with a year of four digits: one typed by half ("0002") has no day before it to end anything on."""
        day = super().to_python(value)
        if day is not None and day.year < EARLIEST:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class DeclaredField(forms.BooleanField):
    """The word of a person for a file that the check for State secrets cannot read (K3)."""

    def __init__(self, **kwargs: Any) -> None:
        label = _("I looked at it: no mark of State secrecy (for pictures and scans, which the check cannot read)")
        super().__init__(label=label, required=False, **kwargs)
