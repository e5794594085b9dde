"""Which organisation or place replaces which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.directory import queries
from dotpha.directory.actions.tree import one_at_a_time
from dotpha.directory.models import Organisation, Place, Succession
from dotpha.directory.rows import SuccessionRow
from dotpha.directory.rules import successions
from dotpha.platform import advice, audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused

MODELS: dict[str, type[Model]] = {"place": Place, "organisation": Organisation}


@action
def add_successions(*, kind: str, rows: Sequence[SuccessionRow], by: Actor) -> list[Succession]:
    """Record successions between places or between organisations (`kind`). Those on record change nothing.

    Refuses an unknown key, a circle, shares of one former body above the whole (A2).
    """
    by = rights.require(by, "directory.change", [scopes.ALL])
    model: Any = MODELS[kind]
    one_at_a_time(model)  # two at once could close a circle, or give away more than the whole
    found = {each.key: each for each in model.objects.filter(key__in={k for row in rows for k in (row.old, row.new)})}
    held = queries.links(kind)
    known = {(link.old, link.new, link.on) for link in held}
    fresh = [row for row in rows if (row.old, row.new, row.on) not in known]
    for row in fresh:
        unknown = next((key for key in (row.old, row.new) if key not in found), None)
        if unknown is not None:
            raise Refused("unknown_key", _("“%(text)s” is not in the directory."), do=advice.FIND, text=unknown)
    links = [*held, *(successions.Link(row.old, row.new, row.on, row.share) for row in fresh)]
    successions.require_shares(links)
    successions.require_no_succession_cycle(links, queries.last_days(kind, links))
    made = Succession.objects.bulk_create(
        Succession(
            **{f"old_{kind}": found[row.old], f"new_{kind}": found[row.new]},
            on=row.on,
            share=row.share,
            document=row.document,
        )
        for row in fresh
    )
    changes: list[Any] = [(found[row.new], {"replaces": row.old, "on": row.on, "share": row.share}) for row in fresh]
    audit.record_many(f"{kind}.replaced", changes, by)
    return made
