"""Fields that forms of every app share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

EARLIEST = 1000
"""The first year that a form takes."""
FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
"""What a day is read from: as a browser sends it, and day first as people write it, whatever the language is."""


class DayField(forms.DateField):
    """A day, chosen from the browser's own calendar, which reads ISO days whatever the language is."""

    default_error_messages = {"invalid": _("This is no day. Choose one, or write it like 30/6/2026.")}

    def __init__(self, **more: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(**{"widget": widget, "input_formats": FORMATS, **more})

    def to_python(self, value: Any) -> date | None:
        """A day with a year of four digits: one typed by half ("0002") has no day before it to end anything on."""
        day = super().to_python(value)
        if day is not None and day.year < EARLIEST:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day
