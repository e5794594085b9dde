"""What documents, provisions and relations are made from, as plain values. Issuers and documents by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class ProvisionRow:
    """A provision with its address ("III.2.a"), its parent's address, and its wording by locale."""

    address: str
    kind: str
    parent: str = ""
    heading: Mapping[str, Any] = field(default_factory=dict)
    text: Mapping[str, Any] = field(default_factory=dict)
    verbatim: bool = True


@dataclass(frozen=True)
class DocumentRow:
    """A directing document. `title` is a text by locale; `mark` is public, internal or restricted."""

    key: str
    kind: str
    title: Mapping[str, Any]
    number: str = ""
    issuer: str = ""
    issuer_text: str = ""
    signatory: str = ""
    signed_on: date | None = None
    in_force_on: date | None = None
    expired_on: date | None = None
    mark: str = "public"
    source: str = ""
    obtained_on: date | None = None
    provisions: tuple[ProvisionRow, ...] = ()


@dataclass(frozen=True)
class RelationRow:
    """`source` acts on `target` (or one of its provisions, by address) from a day."""

    source: str
    kind: str
    target: str
    provision: str = ""
    on: date | None = None
