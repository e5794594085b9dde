"""Adding and changing organisations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.directory import rules
from dotpha.directory.actions.tree import parents_first, require_key, require_within
from dotpha.directory.models import Organisation, Place
from dotpha.directory.rows import OrganisationRow
from dotpha.platform import audit, text
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.texts import read
from dotpha.platform.versions import require_version


@action
def add_organisations(*, rows: Sequence[OrganisationRow], by: Actor) -> list[Organisation]:
    """Add the organisations that are not there yet, parents first, in a fixed number of statements.

    A row whose key is held already changes nothing. Answers the new ones.
    """
    by = rights.require(by, "directory.change", [scopes.ALL])
    keys = {row.key for row in rows} | {row.parent for row in rows if row.parent}
    held = {each.key: each for each in Organisation.objects.filter(key__in=keys)}
    places = {place.key: place for place in Place.objects.filter(key__in={row.place for row in rows})}
    made: list[Organisation] = []
    level: list[Organisation] = []
    for row in parents_first(rows, held):
        if row.parent and held[row.parent].pk is None:
            made += Organisation.objects.bulk_create(level, batch_size=1000)
            level = []
        organisation = _organisation(row, held, places)
        held[row.key] = organisation
        level.append(organisation)
    made += Organisation.objects.bulk_create(level, batch_size=1000)
    audit.record_many("organisation.added", [(each, {"name": each.name, "kind": each.kind}) for each in made], by)
    return made


def _organisation(row: OrganisationRow, held: Mapping[str, Organisation], places: Mapping[str, Place]) -> Organisation:
    require_key(row.key)
    title = read(dict(row.name)).text
    if not title.strip():
        raise Refused("name_missing", _("Write the name."), field="name")
    if row.place and row.place not in places:
        raise Refused("unknown_place", _("“%(text)s” is not in the directory."), field="place", text=row.place)
    parent = held[row.parent] if row.parent else None
    if parent:
        require_within(row, parent)
    rules.require_days(rules.Days(row.valid_from, row.valid_to))
    return Organisation(
        key=row.key,
        kind=row.kind,
        name=dict(row.name),
        abbreviations=list(row.abbreviations),
        parent=parent,
        path=f"{parent.path if parent else ''}{row.key}/",
        place=places.get(row.place),
        member_kinds=list(row.member_kinds),
        sort_key=text.sort_key(title)[:300],
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
    )


CHANGEABLE = ("kind", "abbreviations", "member_kinds", "valid_from", "valid_to", "source")


@action
def change_organisation(
    *,
    organisation: Organisation,
    changes: Mapping[str, Any],
    version: int | None = None,
    reason: str = "",
    by: Actor,
) -> Organisation:
    """Change facts of an organisation or move it under another one. A new name is `rename_organisation`."""
    by = rights.require(by, "directory.change", [organisation.scope])
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    require_version(version, organisation.version)
    changed = {
        name: changes[name] for name in CHANGEABLE if name in changes and getattr(organisation, name) != changes[name]
    }
    before: dict[str, Any] = {name: getattr(organisation, name) for name in changed}
    after = dict(changed)
    for name, value in changed.items():
        setattr(organisation, name, value)
    rules.require_days(rules.Days(organisation.valid_from, organisation.valid_to))
    if "parent" in changes and changes["parent"] != organisation.parent:
        before["parent"] = organisation.parent.key if organisation.parent else None
        after["parent"] = changes["parent"].key if changes["parent"] else None
        _move(organisation, changes["parent"])
    if not after:
        return organisation
    organisation.version += 1
    organisation.save()
    audit.record("organisation.changed", organisation, by, before=before, after=after, reason=reason)
    return organisation


def _move(organisation: Organisation, parent: Organisation | None) -> None:
    """Put an organisation and all that lies under it beneath another one."""
    if parent is not None:
        parents = {key: above for key, above in Organisation.objects.values_list("key", "parent__key")}
        days = rules.Days(organisation.valid_from or parent.valid_from, organisation.valid_to or parent.valid_to)
        rules.require_parent(
            organisation.key, parent.key, parents, days, rules.Days(parent.valid_from, parent.valid_to)
        )
    former = organisation.path
    organisation.parent = parent
    organisation.path = f"{parent.path if parent else ''}{organisation.key}/"
    below = Organisation.objects.filter(path__startswith=former).exclude(pk=organisation.pk)
    below.update(path=Concat(Value(organisation.path), Substr(F("path"), len(former) + 1)))
