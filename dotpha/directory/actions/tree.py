"""What changing places and changing organisations share: rows, the tree, its paths. Within a caller's transaction.

A directory has some thousands of rows: the tree is read once for a change, however many rows it has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from django.db import connection
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import moves, scopes
from dotpha.directory import queries, rules
from dotpha.directory.models import Organisation, Place
from dotpha.directory.queries.inside import since
from dotpha.directory.rows import Change, OrganisationRow, PlaceRow
from dotpha.platform import advice, audit, courses, text
from dotpha.platform.actors import Actor
from dotpha.platform.changes import set_changed
from dotpha.platform.refusals import Refused
from dotpha.platform.texts import read
from dotpha.platform.versions import require_version

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
BATCH = 500
_TREE_LOCKS = {"place": 0xD1A, "organisation": 0xD10}

NAMED = 3
"""Places or organisations that a refusal names; the others are counted."""

R = TypeVar("R", PlaceRow, OrganisationRow)
T = TypeVar("T", Place, Organisation)


@dataclass(frozen=True)
class Told:
    """What the record says of a change: that it was corrected, or what happened, with `more` of it."""

    verb: str = "changed"
    more: Mapping[str, Any] = field(default_factory=dict)

    def of(self, events: Sequence[tuple[Any, dict[str, Any], dict[str, Any]]]) -> list[Any]:
        """The events of what changed, by (thing, before, after), with what is more to be said of each."""
        return [(thing, before, {**after, **self.more}) for thing, before, after in events]


def row_refusals(row: PlaceRow | OrganisationRow) -> list[Refused]:
    """What speaks against a row by itself: a key that cannot stand in an address, no name, days out of order."""
    found = []
    if not KEY.fullmatch(row.key):
        found.append(
            Refused(
                "key_unreadable",
                _("A key has 1 to 80 small letters without marks, digits and hyphens."),
                do=advice.SIGNS,
                field="key",
            )
        )
    if not read(dict(row.name)).text.strip():
        found.append(Refused("name_missing", _("Write the name."), field="name"))
    try:
        rules.require_days(rules.Days(row.valid_from, row.valid_to))
    except Refused as refusal:
        found.append(refusal)
    return found


def unknown_place(key: str) -> Refused:
    """The refusal of a place that nobody knows."""
    return Refused("unknown_place", _("“%(text)s” is not in the directory."), do=advice.FIND, field="place", text=key)


def unknown_parent(key: str) -> Refused:
    """The refusal of a parent that nobody knows."""
    return Refused("unknown_parent", _("“%(text)s” is not in the directory."), do=advice.FIND, field="parent", text=key)


def names_of(things: Sequence[Place] | Sequence[Organisation]) -> str:
    """The first ones by name and key, and how many more there are: for a refusal."""
    names = ", ".join(f"{each.title.text} ({each.key})" for each in things[:NAMED])
    return f"{names} … +{len(things) - NAMED}" if len(things) > NAMED else names


def longest_path(model: type[Place] | type[Organisation]) -> int:
    """How many signs the path of a row can have."""
    return int(model._meta.get_field("path").max_length or 0)


def one_at_a_time(model: type[T]) -> None:
    """Let nobody else change this tree before the transaction ends: two moves must not close a circle between them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCKS[model._meta.model_name or ""]])


def add(model: type[T], rows: Sequence[R], build: Callable[[R], T]) -> list[T]:
    """Add those rows that are not held, parents first, in a fixed number of statements. Answers the new ones."""
    if any(row.parent for row in rows):
        one_at_a_time(model)
    keys = {row.key for row in rows} | {row.parent for row in rows if row.parent}
    held: dict[str, T] = {each.key: each for each in model._default_manager.filter(key__in=keys)}
    made: list[T] = []
    level: list[T] = []
    for row in _parents_first(rows, held):
        for refusal in row_refusals(row):
            raise refusal
        thing, parent = build(row), held.get(row.parent)
        if parent is not None and parent.pk is None:  # the parents of this row are not written yet
            made += _create(model, level)
            level = []
        thing.parent = parent
        thing.path = f"{parent.path if parent else ''}{row.key}/"
        rules.require_depth(row.key, len(thing.path), longest_path(model))
        thing.sort_key = thing.sorted_by
        held[row.key] = thing
        level.append(thing)
    made += _create(model, level)
    return made


def _create(model: type[T], things: list[T]) -> list[T]:
    """Write new rows part by part, so that a long import tells how far it is."""
    for part in courses.in_parts(things, BATCH):
        model._default_manager.bulk_create(part)
    return things


def require_all_new(made: Sequence[T], rows: Sequence[R]) -> None:
    """Refuse a file whose new rows somebody added meanwhile."""
    new = {each.key for each in made}
    taken = next((row.key for row in rows if row.key not in new), None)
    if taken is not None:
        raise Refused(
            "key_taken_meanwhile",
            _("“%(key)s” was added by somebody else meanwhile. Look at the file again."),
            field="key",
            status=409,
            key=taken,
        )


def _parents_first(rows: Sequence[R], held: Mapping[str, Any]) -> list[R]:
    """The rows that are not held yet, each after its parent. Refuses an unknown parent, a circle, a key twice."""
    waiting = {row.key: row for row in rows if row.key not in held}
    if len({row.key for row in rows}) < len(rows):
        twice = next(key for key in (row.key for row in rows) if sum(row.key == key for row in rows) > 1)
        raise Refused("key_twice", _("The key “%(key)s” stands here twice."), do=advice.OWN_KEY, field="key", key=twice)
    nodes = {**dict.fromkeys(held, rules.Node()), **{key: rules.Node(row.parent) for key, row in waiting.items()}}
    sound: dict[str, int] = {}
    for key in waiting:
        rules.require_way_up(key, nodes, sound)
    depth = {key: path.count("/") for key, path in rules.paths(nodes, waiting).items()}
    return sorted(waiting.values(), key=lambda row: depth[row.key])


def require_tree(model: type[T], keys: Sequence[str]) -> None:
    """Refuse rows that stand, as they are recorded now, where the tree does not allow it."""
    if keys:
        at = queries.tree(model)
        _require({key: each.node for key, each in at.items()}, keys, model, since(model, at))


def _require(
    nodes: Mapping[str, rules.Node], keys: Sequence[str], model: type[T], begun: Mapping[str, date | None]
) -> None:
    for refusal in rules.tree_refusals(nodes, keys, longest_path(model), begun).values():
        raise refusal


def change(
    model: type[T],
    changes: Mapping[str, Change],
    names: Sequence[str],
    by: Actor,
    *,
    reason: str = "",
    also: Sequence[str] = (),
    allow: Callable[[T, Mapping[str, Any]], None] | None = None,
    told: Told = Told(),
) -> list[T]:
    """Change rows by key, each under a lock and its version, and move what gets another parent with all under it.

    `names` are the plain values that may change; "parent" and, of an organisation, "place" come by key. `allow` may
    refuse what is wanted of a row. The tree is judged as it is after all of the changes, for these rows and for those
    `also` written before. A fixed number of statements. Answers the rows that did change.
    """
    if any({"parent", "valid_from", "valid_to"} & each.values.keys() for each in changes.values()):
        one_at_a_time(model)
    held = _locked(model, changes)
    places = {each.key: each for each in Place.objects.filter(key__in=_named(changes, "place"))}
    events: list[tuple[T, dict[str, Any], dict[str, Any]]] = []
    for key, wanted in changes.items():
        thing = held[key]
        require_version(wanted.version, thing.version)
        if allow:
            allow(thing, wanted.values)
        before, after = set_changed(thing, wanted.values, names)
        for link, found in (("parent", held), ("place", places)):
            _set_link(thing, link, wanted.values, found, (before, after))
        rules.require_days(rules.Days(thing.valid_from, thing.valid_to))
        if after:
            events.append((thing, before, after))
    below = _in_tree(model, events, also)
    _move(model, [thing for thing, before, _after in events if "parent" in before], below, by, reason)
    changed = [thing for thing, _before, _after in events]
    _write(model, changed, {name for _thing, _before, after in events for name in after})
    courses.step(len(changes) - len(changed))  # of a file, those that get a new name only
    audit.record_changes(f"{model._meta.model_name}.{told.verb}", told.of(events), by, reason)
    return changed


def _move(model: type[T], moved: list[T], below: list[T], by: Actor, reason: str) -> None:
    """Write the new paths of what lies under moved rows; roles held there, and what is shared there, go with them."""
    things = moved + below
    if not things:
        return
    scope = scopes.of_place if model is Place else scopes.of_organisation
    left = dict(model._default_manager.filter(pk__in=[each.pk for each in things]).values_list("pk", "path"))
    model._default_manager.bulk_update(below, ["path"], batch_size=BATCH)
    moves.follow(moved={scope(left[each.pk]): scope(each.path) for each in things}, by=by, reason=reason)


def _named(changes: Mapping[str, Change], link: str) -> set[str]:
    return {each.values[link] for each in changes.values() if each.values.get(link)}


def _locked(model: type[T], changes: Mapping[str, Change]) -> dict[str, T]:
    """The rows that change and the parents they get, locked in one order."""
    links = [each.name for each in model._meta.fields if each.name in ("parent", "place")]
    rows = model._default_manager.select_for_update(of=("self",)).select_related(*links).order_by("pk")
    held = {each.key: each for each in rows.filter(key__in={*changes, *_named(changes, "parent")})}
    for key in changes:
        if key not in held:
            raise Refused(
                "unknown_key", _("“%(text)s” is not in the directory."), do=advice.FIND, field="key", text=key
            )
    return held


def _set_link(
    thing: T,
    link: str,
    values: Mapping[str, Any],
    found: Mapping[str, Any],
    told: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    if link not in values:
        return
    now, key = getattr(thing, link), values[link] or None
    if key and key not in found:
        unknown = unknown_place if link == "place" else unknown_parent
        raise unknown(key)
    if key == (now.key if now else None):
        return
    told[0][link], told[1][link] = (now.key if now else None), key
    setattr(thing, link, found[key] if key else None)


def _in_tree(model: type[T], events: Sequence[tuple[T, dict[str, Any], Any]], also: Sequence[str]) -> list[T]:
    """Judge the tree as it will be; answers what lies under moved rows, with its new path. Moved rows get theirs."""
    judged: list[T] = [
        thing for thing, before, _after in events if {"parent", "valid_from", "valid_to"} & before.keys()
    ]
    if not judged and not also:
        return []
    at = queries.tree(model)
    nodes = {key: each.node for key, each in at.items()}
    for thing in judged:
        days = rules.Days(thing.valid_from, thing.valid_to)
        parent = thing.parent.key if thing.parent else ""
        nodes[thing.key] = replace(at[thing.key].node, parent=parent, days=days)
    _require(nodes, [*(thing.key for thing in judged), *also], model, since(model, at))
    moved = {thing.key: thing for thing, before, _after in events if "parent" in before}
    below = []
    for key, path in rules.paths(nodes, nodes if moved else ()).items():
        if key in moved:
            moved[key].path = path
        elif moved.keys() & set(path.split("/")):
            rules.require_depth(key, len(path), longest_path(model))
            below.append(model(pk=at[key].pk, path=path))
    return below


def _write(model: type[T], changed: Sequence[T], names: set[str]) -> None:
    if names & {"name", "short", "code", "abbreviations"}:
        names = names | {"sort_key", "words"}
    if "parent" in names:
        names = names | {"path"}
    for thing in changed:
        thing.version += 1
        thing.sort_key = thing.sorted_by
        thing.words = text.tsvector(thing.search_text)
    for part in courses.in_parts(changed, BATCH):
        model._default_manager.bulk_update(part, [*sorted(names), "version"])
