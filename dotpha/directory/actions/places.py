"""Adding places."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.directory import rules
from dotpha.directory.actions.tree import parents_first, require_key, require_within
from dotpha.directory.models import Place
from dotpha.directory.rows import PlaceRow
from dotpha.platform import audit, text
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.texts import read


@action
def add_places(*, rows: Sequence[PlaceRow], by: Actor) -> list[Place]:
    """Add the places that are not there yet, parents first, in a fixed number of statements.

    A row whose key is held already changes nothing: a pack can be loaded again. Answers the new ones.
    """
    by = rights.require(by, "directory.change", [scopes.ALL])
    keys = {row.key for row in rows} | {row.parent for row in rows if row.parent}
    held = {place.key: place for place in Place.objects.filter(key__in=keys)}
    made: list[Place] = []
    level: list[Place] = []
    for row in parents_first(rows, held):
        if row.parent and held[row.parent].pk is None:  # the parents of this row are not written yet
            made += Place.objects.bulk_create(level, batch_size=1000)
            level = []
        place = _place(row, held)
        held[row.key] = place
        level.append(place)
    made += Place.objects.bulk_create(level, batch_size=1000)
    audit.record_many(
        "place.added", [(place, {"name": place.name, "valid_from": place.valid_from}) for place in made], by
    )
    return made


def _place(row: PlaceRow, held: dict[str, Place]) -> Place:
    require_key(row.key)
    if not read(dict(row.name)).text.strip():
        raise Refused("name_missing", _("Write the name."), field="name")
    parent = held[row.parent] if row.parent else None
    if parent:
        require_within(row, parent)
    rules.require_days(rules.Days(row.valid_from, row.valid_to))
    return Place(
        key=row.key,
        code=row.code,
        level=row.level,
        kind=row.kind,
        name=dict(row.name),
        short=row.short,
        parent=parent,
        path=f"{parent.path if parent else ''}{row.key}/",
        sort_key=text.sort_key(row.short)[:200],
        latitude=row.latitude,
        longitude=row.longitude,
        area_km2=row.area_km2,
        population=row.population,
        tile_row=row.tile_row,
        tile_column=row.tile_column,
        abbreviation=row.abbreviation,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
    )
