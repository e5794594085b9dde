"""What a task is made from: one row of a register, an annex, a data pack or a form, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Change:
    """A change of the due date that was granted before the task came into this register."""

    granted_on: date
    new_due_on: date | None
    reason: str = ""
    kind: str = ""  # read from the dates where a register does not say it
    reason_kind: str = ""
    requested_on: date | None = None
    asked_due_on: date | None = None
    document: str = ""
    answer: str = ""


@dataclass(frozen=True)
class TaskRow:
    """All that is known of a task when it is added. Organisations, groups, places and parents by key.

    `title` is a text by locale, `provision` is "document-key#address". The deadline is read from
    `deadline_text` unless `deadline_kind` is given; then `deadline_start_on` and `due_on` hold. Without
    `assigned_on` the day of the programme's document counts. A post is named as `post_name` writes it.
    """

    key: str
    title: Mapping[str, Any]
    lead: str
    deadline_text: str
    deadline_kind: str = ""
    deadline_start_on: date | None = None
    due_on: date | None = None
    recurs_every: str = ""
    group: str = ""
    ordinal: str = ""
    provision: str = ""
    quoted_text: str = ""
    lead_text: str = ""
    co_leads: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    cooperating_text: str = ""
    products: tuple[str, ...] = ()
    assigned_on: date | None = None
    started_on: date | None = None
    completed_on: date | None = None
    cancelled_on: date | None = None
    cancel_reason: str = ""
    percent: int | None = None
    extensions: tuple[Change, ...] = ()
    parent: str = ""
    is_part: bool = False
    place: str = ""
    accountable_post: str = ""
    approver_post: str = ""
    tags: tuple[str, ...] = ()
    verbatim: bool = True
    source: str = ""
    is_sample: bool = False
    given: frozenset[str] = field(default_factory=frozenset)
    """The columns that the source filled in: an import changes only these."""

    @property
    def wording(self) -> str:
        """The Vietnamese text, which is the one that binds."""
        said = self.title.get("vi") or next(iter(self.title.values()), "")
        return str(said.get("text", "")) if isinstance(said, dict) else str(said)
