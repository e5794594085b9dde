"""Sample things for the living page of components: nothing here is real, and the page says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.platform.forms import DayField

STATES = ("not_started", "in_progress", "due_soon", "overdue", "done_on_time", "done_late", "cancelled")
TRUSTS = ("approved", "provisional", "estimated", "disputed", "sample")


@dataclass(frozen=True)
class Counts:
    """Counts that add up."""

    assigned: int = 140
    done_on_time: int = 61
    done_late: int = 12
    in_time: int = 38
    overdue: int = 29
    cancelled: int = 2


@dataclass(frozen=True)
class Task:
    """What the deadline component reads of a task."""

    state: str
    due_on: date | None
    deadline_words: str
    deadline_kind: str = "quarter"
    completed_on: date | None = None
    original_due_on: date | None = None


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"), help_text=_("As printed in the document."))
    day = DayField(label=_("Due date"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    agreed = forms.BooleanField(label=_("Every product is issued"), required=False)


def context(on: date) -> dict[str, Any]:
    """What the page of components shows."""
    tasks = [
        Task("overdue", on - timedelta(days=12), "Quý II"),
        Task("due_soon", on + timedelta(days=5), "trước ngày 1", original_due_on=on - timedelta(days=40)),
        Task("done_late", on - timedelta(days=30), "Năm", completed_on=on - timedelta(days=21)),
        Task("in_progress", None, "Thường xuyên", "continuous"),
        Task("not_started", None, "", "unknown"),
    ]
    tiles = [
        {"key": f"sample-{n}", "abbr": f"M{n}", "name": f"M{n}", "row": n // 6, "col": n % 6, "value": value, "url": "",
         "overdue": n, "assigned": 10, "level": n % 6}
        for n, value in enumerate([None, 0, 10, 25, 40, 60, 80, 100, 5, 15, 30, 50])
    ]  # fmt: skip
    return {
        "states": STATES, "trusts": TRUSTS, "counts": Counts(), "tasks": tasks, "tiles": tiles,
        "form": SampleForm(), "refused_form": SampleForm({"name": "", "day": "31/02"}),
    }  # fmt: skip
