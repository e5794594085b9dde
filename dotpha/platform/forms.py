"""Fields that forms of every app share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

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
