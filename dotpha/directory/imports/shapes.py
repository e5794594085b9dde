"""What tells files of organisations and files of places apart: their columns, their rows, their action."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.directory import actions, columns, kinds
from dotpha.directory.models import Organisation, Place
from dotpha.directory.rows import OrganisationRow, PlaceRow
from dotpha.platform.columns import Column
from dotpha.platform.refusals import Refused

Thing = Organisation | Place


@dataclass(frozen=True)
class Shape:
    """One of the two kinds of file. `settle` completes and limits the values of a row, given what is recorded.

    `link` is the column of successions: "replaces" names what a row stands in for, "successor" what stands in for it.
    `renames`: a new Vietnamese name is recorded from the day of the column "name_from", another parent from that of
    "parent_from" where there is one.
    A new row needs the columns `required`; `blank` are the fields of a row in which one is missing.
    """

    name: str
    model: type[Organisation] | type[Place]
    columns: Sequence[Column]
    row: Callable[..., OrganisationRow | PlaceRow]
    settle: Callable[[dict[str, Any], Thing | None], list[str]]
    load: Callable[..., None]
    link: str
    required: tuple[str, ...]
    blank: Mapping[str, Any]
    renames: bool = False

    def column_of(self, field: str) -> str:
        """The column of a field, as a person finds it in the file."""
        own = {each.name for each in self.columns}
        if field == "name":
            return "name_vi"
        return next((name for name, of in columns.FIELDS.items() if of == field and name in own), field)


def require_first_day(values: Mapping[str, Any]) -> None:
    """Refuse a new name without the day from which it is borne."""
    if "name_from" not in values:
        raise Refused(
            "name_without_day",
            _("A new name is borne from a day on: give it in the column “%(column)s”. The former name is kept."),
            field="name_vi",
            column="name_from",
        )


def _settle_organisation(values: dict[str, Any], held: Thing | None) -> list[str]:
    """Only a body of a province or commune takes a place; a new name needs its day. Answers remarks."""
    if held and "name_vi" in values and values["name_vi"] != columns.said(held.name.get("vi")):
        require_first_day(values)
    kind = values.get("kind") or (held.kind if held else "")
    if values.get("place") and not kinds.has_place(kind):
        del values["place"]
        return [str(_("The place is its address only and is not taken: rights in a place do not reach this body."))]
    return []


def _settle_place(values: dict[str, Any], held: Thing | None) -> list[str]:
    """The level follows from the kind where it is not given; the zeros in front of a code come back."""
    if held is None and "kind" in values:
        values.setdefault("level", kinds.level_of(values["kind"]))
    level = values.get("level") or (held.level if isinstance(held, Place) else "")
    if "code" in values and values["code"].isdigit():
        values["code"] = values["code"].zfill(columns.CODE_LENGTH.get(level, 0))
    return []


ORGANISATIONS = Shape(
    "organisations", Organisation, columns.ORGANISATIONS, OrganisationRow, _settle_organisation,
    actions.load_organisations, "replaces", ("name_vi", "kind"), {"kind": "", "name": {}}, True,
)  # fmt: skip
PLACES = Shape(
    "places", Place, columns.PLACES, PlaceRow, _settle_place, actions.load_places, "successor",
    ("name_vi", "short_vi", "kind", "code"), {"kind": "", "name": {}, "code": "", "level": "", "short": ""},
)  # fmt: skip
SHAPES: Mapping[str, Shape] = {each.name: each for each in (ORGANISATIONS, PLACES)}
