"""Fields that forms of every app share."""

from __future__ import annotations

from typing import Any

from django import forms


class DayField(forms.DateField):
    """A day, chosen from the browser's own calendar, which reads ISO days whatever the language is."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **more})
