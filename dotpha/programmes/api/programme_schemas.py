"""What the API of programmes and their targets takes and answers."""

from __future__ import annotations

from decimal import Decimal

from ninja import Field

from dotpha.platform.api import Clean, In, Out
from dotpha.programmes.api.schemas import Day


class ProgrammeOut(Out):
    key: str = Field(examples=["resolution57"])
    kind: str
    title: str
    document: str | None
    parent: str | None
    organisation: str | None
    place: str | None
    from_on: Day
    until_on: Day
    published: bool
    tasks: int
    groups: int
    targets: int
    version: int


class GroupOut(Out):
    key: str
    title: str
    order: int


class TargetOut(Out):
    key: str
    programme: str
    ordinal: str
    year: int
    title: str
    result_text: str
    unit: str
    comparison: str
    number: float | None
    number_high: float | None
    indicator: str
    owner: str | None
    parent: str | None
    withdrawn_on: Day = Field(description="From this day it counts no more")
    version: int


class YearOut(Out):
    year: int
    targets: int


class ProgrammeDetailOut(ProgrammeOut):
    task_groups: list[GroupOut]
    target_list: list[TargetOut]
    targets_by_year: list[YearOut] = Field(description="Whole targets in force, parts not counted beside them")
    layers: list[str]


class TargetFactsIn(In):
    """What a target says. Only those named change; a measurable one has a comparison and a number."""

    title: Clean | None = Field(None, max_length=2000)
    title_en: Clean | None = Field(None, max_length=2000, description="The target in English")
    year: int | None = Field(None, description="The year by which it is to be reached", examples=[2030])
    ordinal: Clean | None = Field(None, max_length=12, description="Its number in the document")
    result_text: Clean | None = Field(None, max_length=4000, description="The result as the document writes it")
    unit: Clean | None = Field(None, max_length=120, examples=["%"])
    comparison: str | None = Field(None, max_length=12, description="Empty: in words", examples=[">="])
    number: Decimal | None = Field(None, description="The number to be reached")
    number_high: Decimal | None = None
    owner: str | None = Field(None, max_length=300, description="Key of the organisation in charge", examples=["most"])


class TargetIn(TargetFactsIn):
    """A new target: key, title and year are required; a refusal names the field."""

    key: str = Field("", max_length=80, examples=["target-42"])
    parent: str = Field("", max_length=80, description="Key of the target of which it is a part")


class TargetPatchIn(TargetFactsIn):
    version: int | None = Field(None, description="The version that was read; refused with 409 when it has changed")
    reason: Clean = Field("", max_length=4000)
