"""Adding, changing and loading organisations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.directory.actions import tree
from dotpha.directory.actions.events import move_organisations, rename_organisation
from dotpha.directory.actions.successions import add_successions
from dotpha.directory.models import Organisation, Place
from dotpha.directory.rows import Change, Moving, OrganisationRow, Renaming, SuccessionRow
from dotpha.platform import audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.texts import read

CHANGEABLE = ("kind", "name", "abbreviations", "member_kinds", "valid_from", "valid_to", "source")


@action
def add_organisations(*, rows: Sequence[OrganisationRow], by: Actor) -> list[Organisation]:
    """Add the organisations that are not there yet, parents first, in a fixed number of statements.

    A row whose key is held already changes nothing. Answers the new ones.
    """
    by = rights.require(by, "directory.change", [scopes.ALL])
    made = _add(rows, by)
    tree.require_tree(Organisation, [each.key for each in made])
    return made


def _add(rows: Sequence[OrganisationRow], by: Actor, reason: str = "") -> list[Organisation]:
    places = {place.key: place for place in Place.objects.filter(key__in={row.place for row in rows})}

    def organisation(row: OrganisationRow) -> Organisation:
        if row.place and row.place not in places:
            raise tree.unknown_place(row.place)
        return Organisation(
            key=row.key,
            kind=row.kind,
            name=dict(row.name),
            abbreviations=list(row.abbreviations),
            place=places.get(row.place),
            member_kinds=list(row.member_kinds),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            source=row.source,
        )

    made = tree.add(Organisation, rows, organisation)
    told = [(each, {"name": each.name, "kind": each.kind}) for each in made]
    audit.record_many("organisation.added", told, by, reason)  # type: ignore[arg-type]
    return made


@action
def change_organisation(
    *,
    organisation: Organisation,
    changes: Mapping[str, Any],
    version: int | None = None,
    reason: str = "",
    by: Actor,
) -> Organisation:
    """Change facts of an organisation, translations of its name, or its place.

    `changes` by field; "place" is a record or None. A new Vietnamese name is `rename_organisation`, what it belongs to
    is `move_organisation`: both hold from a day.
    """
    by = rights.require(by, "directory.change", [organisation.scope])
    wanted = {name: changes[name] for name in CHANGEABLE if name in changes}
    if "place" in changes:
        wanted["place"] = changes["place"].key if changes["place"] else ""
    change = {organisation.key: Change(wanted, version)}
    tree.change(Organisation, change, CHANGEABLE, by, reason=reason, allow=_require_same_name)
    return Organisation.objects.get(pk=organisation.pk)


def _require_same_name(organisation: Organisation, values: Mapping[str, Any]) -> None:
    """A name holds from a day; only its translations can be put right without one."""
    if "name" in values and read(values["name"], "vi").text != read(organisation.name, "vi").text:
        raise Refused(
            "rename_instead",
            _("A new name is borne from a day on. Record it on the organisation's page; the former one stays."),
            field="name_vi",
            status=409,
        )


@action
def load_organisations(
    *,
    added: Sequence[OrganisationRow],
    changed: Mapping[str, Change],
    renamed: Mapping[str, Renaming] = MappingProxyType({}),
    moved: Mapping[str, Moving] = MappingProxyType({}),
    successions: Sequence[SuccessionRow] = (),
    reason: str = "",
    by: Actor,
) -> None:
    """Add organisations, change those that are there (by key), give new names and other bodies above them from a day
    and record which replaces which: all of it or nothing.

    The tree is judged as it is after all of it, so rows may come in any order. What may not be changed one by one by
    `change_organisation` may not be changed here either.
    """
    by = rights.require(by, "directory.change", [scopes.ALL])
    made = _add(added, by, reason)
    tree.require_all_new(made, added)
    new = [each.key for each in made]
    tree.change(Organisation, changed, CHANGEABLE, by, reason=reason, also=new, allow=_require_same_name)
    held = {each.key: each for each in Organisation.objects.filter(key__in=renamed)}
    for key, new_name in renamed.items():
        rename_organisation(
            organisation=held[key], name=new_name.name, from_on=new_name.from_on, document=new_name.document,
            reason=reason, by=by,
        )  # fmt: skip
    move_organisations(moved, by, reason)
    if successions:
        add_successions(kind="organisation", rows=successions, by=by)
