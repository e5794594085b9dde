"""Changing the dated targets of a programme: add, change, withdraw, put in force again (C2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.directory.models import Organisation
from dotpha.platform import advice, audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.versions import require_version
from dotpha.programmes.actions.programmes import require_key, require_title
from dotpha.programmes.actions.register import unknown_organisation
from dotpha.programmes.actions.steps import require_reason
from dotpha.programmes.models import Programme, Target
from dotpha.programmes.rules import targets as rules


@dataclass(frozen=True)
class TargetRow:
    """A dated target as the document writes it. `parent` and `owner` are keys."""

    key: str
    title: Mapping[str, Any]
    year: int
    order: int
    ordinal: str = ""
    parent: str = ""
    result_text: str = ""
    unit: str = ""
    comparison: str = ""
    number: Decimal | None = None
    number_high: Decimal | None = None
    indicator: str = ""
    owner: str = ""
    owner_text: str = ""
    verbatim: bool = True
    source: str = ""


@action
def add_targets(*, programme: Programme, rows: Sequence[TargetRow], by: Actor) -> list[Target]:
    """Add dated targets to a programme (C2); one without a year is refused, and a measurable one without a number."""
    by = rights.require(by, "programme.change", programme.scopes)
    organisations = dict(Organisation.objects.filter(key__in={row.owner for row in rows}).values_list("key", "pk"))
    for row in rows:
        _require_target(row, organisations)
    taken = Target.objects.filter(key__in=[row.key for row in rows]).values_list("key", flat=True).first()
    if taken or len({row.key for row in rows}) < len(rows):
        raise Refused(
            "key_taken", _("There is a target of this key already."), do=advice.ANOTHER_KEY, field="key", status=409
        )
    made = {row.key: _target(row, programme, organisations) for row in rows}
    upper = _upper(programme, [row.parent for row in rows]) | made
    for row in rows:
        if row.parent and row.parent not in upper:
            raise Refused(
                "unknown_parent", _("“%(text)s” is not a target."), do=advice.FIND, field="parent", text=row.parent
            )
    Target.objects.bulk_create(made.values())
    children = [row for row in rows if row.parent]
    for row in children:
        made[row.key].parent = upper[row.parent]
    Target.objects.bulk_update([made[row.key] for row in children], ["parent"])
    audit.record_many("target.added", [(target, {"year": target.year}) for target in made.values()], by)
    return list(made.values())


def _upper(programme: Programme, keys: Sequence[str]) -> dict[str, Target]:
    """The whole targets in force of the programme among these keys: a part of a part would be counted by nobody."""
    rows = programme.targets.filter(key__in=[key for key in keys if key], parent=None, withdrawn_on=None)
    return {each.key: each for each in rows}


def _require_target(row: TargetRow, organisations: Mapping[str, int]) -> None:
    require_key(row.key)
    require_title(row.title)
    rules.require_year(row.year)
    rules.require_measure(row.comparison, row.number, row.number_high, row.result_text)
    if row.owner and row.owner not in organisations:
        raise unknown_organisation(row.owner, "owner")


def _target(row: TargetRow, programme: Programme, organisations: Mapping[str, int]) -> Target:
    return Target(
        programme=programme,
        key=row.key,
        ordinal=row.ordinal,
        order=row.order,
        year=row.year,
        title=dict(row.title),
        result_text=row.result_text,
        unit=row.unit,
        comparison=row.comparison,
        number=row.number,
        number_high=row.number_high,
        indicator=row.indicator,
        owner_id=organisations.get(row.owner),
        owner_text=row.owner_text,
        verbatim=row.verbatim,
        source=row.source,
    )


CHANGEABLE = ("title", "year", "ordinal", "result_text", "unit", "comparison", "number", "number_high", "owner")
"""What may change of a target; its key, its programme and its place under another stay."""


@action
def change_target(
    *, target: Target, changes: Mapping[str, Any], version: int | None = None, reason: str = "", by: Actor
) -> Target:
    """Change what a target says. One that the public can read changes only with a reason.

    `changes`: names of `CHANGEABLE` -> values; `owner` an organisation or None.
    """
    by = rights.require(by, "programme.change", target.programme.scopes)
    target = _locked(target)
    require_version(version, target.version)
    rules.require_in_force(target.withdrawn_on)
    changed = {name: changes[name] for name in CHANGEABLE if name in changes}
    changed = {name: value for name, value in changed.items() if getattr(target, name) != value}
    if not changed:
        return target
    before = {name: getattr(target, name) for name in changed}
    for name, value in changed.items():
        setattr(target, name, value)
    require_title(target.title)
    rules.require_year(target.year)
    rules.require_measure(target.comparison, target.number, target.number_high, target.result_text)
    reason = require_reason(reason) if target.programme.published_at else reason.strip()
    target.version += 1
    target.save(update_fields=[*changed, "version"])
    audit.record("target.changed", target, by, before=_said(before), after=_said(changed), reason=reason)
    return target


@action
def withdraw_target(*, target: Target, reason: str, by: Actor, on: date) -> Target:
    """End a target with its parts from a day: it is kept, and counts no more."""
    by = rights.require(by, "programme.change", target.programme.scopes)
    target = _locked(target)
    rules.require_in_force(target.withdrawn_on)
    reason = require_reason(reason)
    for each in [target, *target.parts.select_for_update(of=("self",)).filter(withdrawn_on=None)]:
        _set_withdrawn(each, on)
        audit.record("target.withdrawn", each, by, after={"withdrawn_on": on}, reason=reason)
    return target


@action
def restore_target(*, target: Target, reason: str, by: Actor) -> Target:
    """Put a withdrawn target in force again with the parts that were withdrawn the same day. The record keeps both."""
    by = rights.require(by, "programme.change", target.programme.scopes)
    target = _locked(target)
    rules.require_withdrawn(target.withdrawn_on)
    if target.parent is not None:
        rules.require_in_force(target.parent.withdrawn_on)
    reason = require_reason(reason)
    withdrawn_on = target.withdrawn_on
    for each in [target, *target.parts.select_for_update(of=("self",)).filter(withdrawn_on=withdrawn_on)]:
        _set_withdrawn(each, None)
        audit.record("target.restored", each, by, before={"withdrawn_on": withdrawn_on}, reason=reason)
    return target


def _locked(target: Target) -> Target:
    rows = Target.objects.select_for_update(of=("self",)).select_related("programme", "parent", "owner")
    return rows.get(pk=target.pk)


def _set_withdrawn(target: Target, on: date | None) -> None:
    target.withdrawn_on = on
    target.version += 1
    target.save(update_fields=["withdrawn_on", "version"])


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the record of events keeps them."""
    return {name: value.key if isinstance(value, Organisation) else value for name, value in values.items()}
