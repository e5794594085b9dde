"""What places, organisations and successions are made from, as plain values. Parents and places by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class PlaceRow:
    """A province or commune. `name` is a text by locale; a day that is None is not known or still open."""

    key: str
    code: str
    level: str
    kind: str
    name: Mapping[str, Any]
    short: str
    parent: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    area_km2: Decimal | None = None
    population: int | None = None
    tile_row: int | None = None
    tile_column: int | None = None
    abbreviation: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""


@dataclass(frozen=True)
class OrganisationRow:
    """A body or a group of bodies. `member_kinds` only for a group: the kinds of organisations it stands for."""

    key: str
    kind: str
    name: Mapping[str, Any]
    abbreviations: tuple[str, ...] = ()
    parent: str = ""
    place: str = ""
    member_kinds: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""


@dataclass(frozen=True)
class Change:
    """What is wanted of a place or organisation that is there: values by field, "parent" and "place" by key ("": none).

    `version` is the one that was looked at; None asks for no comparison.
    """

    values: Mapping[str, Any]
    version: int | None = None


@dataclass(frozen=True)
class Renaming:
    """A new name that an organisation bears from a day, by a document."""

    name: Mapping[str, Any]
    from_on: date
    document: str = ""


@dataclass(frozen=True)
class Moving:
    """What an organisation belongs to from a day (its key, "": nothing), by a document."""

    parent: str
    from_on: date
    document: str = ""


@dataclass(frozen=True)
class SuccessionRow:
    """`new` replaces `old` from a day, with a share of the former one where it is known."""

    old: str
    new: str
    on: date
    share: Decimal | None = None
    document: str = ""
