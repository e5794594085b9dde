"""The columns of a task register as people call them: in the preview of an import, in the list of what changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NAMES: dict[str, StrPromise] = {
    "key": _("Key"),
    "group": _("Group of tasks"),
    "title": _("Task"),
    "lead": _("Lead agency"),
    "co_leads": _("Co-leads"),
    "cooperating": _("Co-operating agencies"),
    "product": _("Product"),
    "products": _("Product"),
    "deadline": _("Deadline"),
    "deadline_text": _("Deadline"),
    "deadline_kind": _("Kind of deadline"),
    "due_on": _("Due date"),
    "assigned_on": _("Assigned on"),
    "started_on": _("Started on"),
    "completed_on": _("Completed on"),
    "cancelled_on": _("Cancelled on"),
    "percent": _("Progress"),
    "extensions": _("Extensions"),
    "parent": _("Implements the task"),
    "place": _("Place"),
    "tags": _("Tags"),
}
"""A column that is not here is shown by the name that the file gives it."""


def named(column: str) -> str:
    """The words for one column."""
    return str(NAMES.get(column, column))


def told(columns: Iterable[str]) -> str:
    """Columns in one line, each name once."""
    return ", ".join(dict.fromkeys(named(each) for each in columns))
