"""What the API of programmes and tasks takes and answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field

from dotpha.platform.api import Clean, In, Out

Day = date | None


class ExtensionOut(Out):
    """A line of the deadline ledger. `state`: open, granted, refused or withdrawn."""

    id: int
    kind: str
    state: str
    new_due_on: Day
    asked_due_on: Day
    reason_kind: str
    reason: str
    requested_on: date
    granted_on: Day
    refused_on: Day
    withdrawn_on: Day
    superseded_on: Day
    answer: str


class TaskOut(Out):
    """A task at the end of the day asked about. `due_on` is the due date in force on it."""

    key: str = Field(examples=["nq03-001"])
    programme: str | None = Field(examples=["resolution57"])
    programmes: list[str]
    group: str | None
    title: str
    lead: str | None = Field(description="Key of the organisation that leads", examples=["most"])
    lead_name: str | None
    co_leads: list[str]
    cooperating: list[str]
    deadline_text: str = Field(description="The deadline as printed", examples=["Quý II/2025"])
    deadline_kind: str
    original_due_on: Day
    due_on: Day
    state: str = Field(examples=["in_progress"])
    days_left: int | None
    percent: int
    assigned_on: date
    started_on: Day
    completed_on: Day
    cancelled_on: Day
    suspended: bool
    extensions: list[ExtensionOut]
    blockers_open: int
    parent: str | None
    is_part: bool
    version: int


class TaskDetailOut(TaskOut):
    """A task with its products and what it was made from."""

    products: list[dict[str, Any]]
    accountable_post: str | None = Field(examples=["most/Bộ trưởng"])
    approver_post: str | None
    provision: str | None
    lead_text: str
    cooperating_text: str
    waiting_since: datetime | None
    accepted_by_default_on: Day = Field(description="Silence accepted it: no answer within 3 working days")
    source: str


class CountsOut(Out):
    """assigned = done_on_time + done_late + in_time + overdue; cancelled stands outside."""

    assigned: int
    done_on_time: int
    done_late: int
    in_time: int
    overdue: int
    cancelled: int


class SummaryRowOut(CountsOut):
    key: str
    name: str


class SummaryOut(Out):
    items: list[SummaryRowOut]
    total: CountsOut


class TaskChangesIn(In):
    """The columns of a register: those of the contract (section 5) and others. Only those named change."""

    group: str | None = None
    title: Clean | None = Field(None, max_length=5000)
    lead: str | None = Field(None, max_length=500)
    cooperating: str | list[str] | None = None
    product: str | list[str] | None = None
    deadline: str | None = None
    assigned_on: str | None = None
    started_on: str | None = None
    completed_on: str | None = None
    cancelled_on: str | None = None
    percent: int | str | None = None
    extensions: str | list[str] | None = None
    co_leads: str | list[str] | None = None
    parent: str | None = Field(None, max_length=200, description="Key of the task that it implements")
    provision: str | None = Field(None, max_length=300, examples=["57-NQ/TW#II.1"])
    place: str | None = Field(None, max_length=200)
    tags: str | list[str] | None = None
    accountable_post: str | None = Field(
        None,
        max_length=400,
        description="The post that answers for the task, as agency/title, or the title alone of one of the lead agency",
        examples=["most/Bộ trưởng"],
    )
    approver_post: str | None = Field(None, max_length=400, description="The post that confirms completion")
    reason: Clean = Field("", max_length=4000)
    document: Clean = Field("", max_length=200)


class TaskIn(TaskChangesIn):
    """A new task: key, title, lead and deadline are required."""

    key: str = Field(max_length=200, examples=["plan-2026-014"])
    title: Clean = Field(max_length=5000)  # type: ignore[assignment]
    lead: str = Field(max_length=500)  # type: ignore[assignment]
    deadline: str = Field(examples=["Quý II/2027"])  # type: ignore[assignment]


class TaskPatchIn(TaskChangesIn):
    version: int | None = Field(None, description="The version that was read; refused with 409 when it has changed")


class EvidenceIn(In):
    """What shows that a report is true. `product`: the number or id of the promised product that it proves."""

    kind: str = Field("document", examples=["document"])
    text: Clean = Field("", max_length=500)
    number: Clean = Field("", max_length=100)
    issued_on: Day = None
    url: Clean = Field("", max_length=1000)
    file: int | None = Field(None, description="Number of a file given for this task with POST /tasks/{key}/files")
    product: int | None = None
    waiver: Clean = Field("", max_length=2000)


class ReportIn(In):
    summary: Clean = Field(max_length=10_000)
    percent: int = Field(ge=0, le=100)
    completed_on: str | None = None
    next_step: Clean = Field("", max_length=4000)
    risk: Clean = Field("", max_length=4000)
    lower_reason: Clean = Field("", max_length=2000)
    period: Clean = Field("", max_length=10)
    evidence: list[EvidenceIn] = Field(default_factory=list, max_length=100)


class ConfirmedIn(In):
    id: int
    confirmed: bool = True
    reason: Clean = Field("", max_length=2000)


class ApproveIn(In):
    products: list[ConfirmedIn] = Field(default_factory=list, max_length=200)
    reason: Clean = Field("", max_length=4000)


class ReasonIn(In):
    reason: Clean = Field("", max_length=4000)


class ReportOut(Out):
    id: int
    task: str
    state: str
    percent: int
    summary: str
    next_step: str
    risk: str
    completed_on: Day
    reported_on: date
    submitted_at: datetime | None
    approved_at: datetime | None
    returned_at: datetime | None
    return_reason: str
    evidence: list[dict[str, Any]]
    products: list[dict[str, Any]]
    version: int


class ExtensionIn(In):
    new_due_on: str
    reason: Clean = Field("", max_length=4000)
    reason_kind: str = "other"
    document: Clean = Field("", max_length=200)


class GrantIn(In):
    reason: Clean = Field("", max_length=4000)
    new_due_on: str | None = Field(None, description="Another day than the one asked for: partly granted")


class BlockerIn(In):
    kind: str = Field(examples=["funding"])
    text: Clean = Field("", max_length=4000)
    asks_of: Clean = Field("", max_length=200, description="Key of the organisation that can remove it")


class ResolveIn(In):
    """How the blocker was removed: in `resolution`, or in `reason`, which means the same."""

    resolution: Clean = Field("", max_length=4000)
    reason: Clean = Field("", max_length=4000)
    decision: Clean = Field("", max_length=4000)


class BlockerOut(Out):
    id: int
    task: str
    kind: str
    text: str
    asks_of: str
    raised_on: date
    respond_by: date
    answer: str
    answered_at: datetime | None
    resolved_on: Day
    resolution: str
    decision: str = Field(description="The decision that closed it")
    until_on: date | None = Field(description="The day by which whoever took it up means to remove it")


class HistoryItemOut(Out):
    at: datetime
    kind: str
    sentence: str
    actor: str
    actor_name: str
    role: str
    holder: str
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]


class HistoryOut(Out):
    items: list[HistoryItemOut]
