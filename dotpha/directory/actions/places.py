"""Adding, changing and loading places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dotpha.accounts import rights, scopes
from dotpha.directory import queries, rules
from dotpha.directory.actions import tree
from dotpha.directory.actions.successions import add_successions
from dotpha.directory.models import Place
from dotpha.directory.rows import Change, PlaceRow, SuccessionRow
from dotpha.platform import audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor

CHANGEABLE = (
    "code", "level", "kind", "name", "short", "latitude", "longitude", "area_km2", "population", "tile_row",
    "tile_column", "abbreviation", "valid_from", "valid_to", "source",
)  # fmt: skip


@action
def add_places(*, rows: Sequence[PlaceRow], by: Actor) -> list[Place]:
    """Add the places that are not there yet, parents first, in a fixed number of statements.

    A row whose key is held already changes nothing: a pack can be loaded again. Answers the new ones.
    """
    by = rights.require(by, "directory.change", [scopes.ALL])
    made = add(rows, by)
    require_placed([place.key for place in made])
    return made


def require_placed(keys: Sequence[str]) -> None:
    """Refuse new places that stand, as they are recorded now, where the tree or the codes of provinces do not let."""
    tree.require_tree(Place, keys)
    _require_own_codes(keys)


def _require_own_codes(keys: Iterable[str]) -> None:
    """Refuse a province whose code another one has on the same day, as they are recorded now."""
    tree.one_at_a_time(Place)
    for refusal in rules.code_refusals(queries.province_codes(), keys).values():
        raise refusal


def add(rows: Sequence[PlaceRow], by: Actor, reason: str = "") -> list[Place]:
    """Write and record those places that are not there yet; who calls judges where they stand (`require_placed`)."""
    made = tree.add(Place, rows, _place)
    told = [(place, {"name": place.name, "valid_from": place.valid_from}) for place in made]
    audit.record_many("place.added", told, by, reason)  # type: ignore[arg-type]
    return made


def _place(row: PlaceRow) -> Place:
    return Place(
        key=row.key,
        code=row.code,
        level=row.level,
        kind=row.kind,
        name=dict(row.name),
        short=row.short,
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


@action
def load_places(
    *,
    added: Sequence[PlaceRow],
    changed: Mapping[str, Change],
    successions: Sequence[SuccessionRow] = (),
    reason: str = "",
    by: Actor,
) -> None:
    """Add places, correct those that are there (by key) and record which replaces which: one file, whole or not at all.

    The tree is judged as it is after all of it. Before a correction the record keeps the former values.
    """
    by = rights.require(by, "directory.change", [scopes.ALL])
    made = add(added, by, reason)
    tree.require_all_new(made, added)
    tree.change(Place, changed, CHANGEABLE, by, reason=reason, also=[each.key for each in made])
    _require_own_codes([*(each.key for each in made), *changed])
    if successions:
        add_successions(kind="place", rows=successions, by=by)
