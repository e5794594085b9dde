"""Fields that forms of every app share."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.platform import days

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
"""What a day is read from: as a browser sends it, and day first as people write it, whatever the language is."""


def day_input_type(value: str) -> str:
    """The kind of input that shows what was typed as a day: the browser's calendar shows ISO days, and empties itself
    before anything else."""
    try:
        return "date" if not value or date.fromisoformat(value) else "text"
    except ValueError:
        return "text"


F = TypeVar("F", bound=forms.Field)


def sometimes(field: F, when: StrPromise | str) -> F:
    """The field, which a rule asks for in some cases: `when` says which; it is not called optional."""
    field.required, field.help_text = False, when
    field.sometimes = True  # type: ignore[attr-defined]
    return field


class DayInput(forms.DateInput):
    """A day in the browser's own calendar; what is no day stays as it was typed, in a field of text."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")

    def format_value(self, value: Any) -> str | None:
        """The ISO day of what was typed in any of the forms that a day is read from."""
        shown = super().format_value(value)
        for form in FORMATS if shown else ():
            try:
                return datetime.strptime(str(shown).strip(), form).date().isoformat()
            except ValueError:
                continue
        return shown

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With the kind of input that shows this value."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["type"] = day_input_type(context["widget"]["value"] or "")
        return context


class DayField(forms.DateField):
    """A day, chosen from the browser's own calendar, which reads ISO days whatever the language is."""

    default_error_messages = {"invalid": _("This is no day. Choose one, or write it like 30/6/2026.")}

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"widget": DayInput, "input_formats": FORMATS, **more})

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
