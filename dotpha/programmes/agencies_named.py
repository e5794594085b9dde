"""Agencies that a register names in full, short or by a former name -> their keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from dotpha.directory import queries as directory
from dotpha.directory.models import Organisation
from dotpha.programmes.annexes.settle import keyed
from dotpha.programmes.rows import TaskRow, read_list


def by_key(rows: Sequence[TaskRow], on: date) -> list[TaskRow]:
    """The rows with agencies by key. Read as an annex is, and only where certain; anything else stays as written and
    is refused with the nearest."""
    said = {each for row in rows for each in (row.lead, *row.co_leads, *row.cooperating) if each}
    unknown = said - set(Organisation.objects.filter(key__in=said).values_list("key", flat=True))
    if not unknown:
        return list(rows)
    matcher = directory.matcher()
    keys = {each: read_list(keyed(each, matcher, on)) for each in unknown}
    return [
        replace(
            row,
            lead=_one(keys.get(row.lead, ()), row.lead),
            co_leads=_many(keys, row.co_leads),
            cooperating=_many(keys, row.cooperating),
        )
        for row in rows
    ]


def _many(keys: Mapping[str, tuple[str, ...]], said: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for each in said for key in keys.get(each, (each,))))


def _one(keys: tuple[str, ...], said: str) -> str:
    """The one agency that a cell names; what names several leads stays as written, for somebody chooses one."""
    return keys[0] if len(keys) == 1 else said
