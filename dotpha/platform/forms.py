"""Fields that forms of every app share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.platform import days

FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
"""What a day is read from: as a browser sends it, and day first as people write it, whatever the language is."""


class DayField(forms.DateField):
    """A day, chosen from the browser's own calendar, which reads ISO days whatever the language is."""

    default_error_messages = {"invalid": _("This is no day. Choose one, or write it like 30/6/2026.")}

    def __init__(self, **more: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(**{"widget": widget, "input_formats": FORMATS, **more})

    def to_python(self, value: Any) -> date | None:
        """A day of a year in `days.YEARS`: not one typed by half ("0002"), nor the last that there is."""
        day = super().to_python(value)
        try:
            return day and days.of_calendar(day)
        except ValueError:
            said = _("Give a day between the years %(first)s and %(last)s.")
            bounds = {"first": days.YEARS[0], "last": days.YEARS[-1]}
            raise forms.ValidationError(said, code="invalid", params=bounds) from None


class DeclaredField(forms.BooleanField):
    """The word of a person for a file that the check for State secrets cannot read (K3)."""

    def __init__(self, **kwargs: Any) -> None:
        label = _("I looked at it: no mark of State secrecy (for pictures and scans, which the check cannot read)")
        super().__init__(label=label, required=False, **kwargs)
