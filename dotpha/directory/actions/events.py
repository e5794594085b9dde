"""What happens to an organisation: a new name, another one above it, a merger or split, its end (A4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.directory import rules
from dotpha.directory.actions import lying, tree
from dotpha.directory.actions.successions import add_successions
from dotpha.directory.models import Organisation, OrganisationName, OrganisationParent
from dotpha.directory.rows import Moving, SuccessionRow
from dotpha.platform import advice, audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.texts import read

ONE_DAY = timedelta(days=1)


@action
def rename_organisation(
    *,
    organisation: Organisation,
    name: Mapping[str, Any],
    from_on: date,
    document: str = "",
    reason: str = "",
    by: Actor,
) -> Organisation:
    """Give a new name from a day. The former one stays as a dated fact; key and history stay the same.

    Names follow each other: a day on or before the first one of the present name is refused.
    """
    by = rights.require(by, "directory.change", [organisation.scope])
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if not read(dict(name)).text.strip():
        raise Refused("name_missing", _("Write the name."), field="name")
    if {**organisation.name, **name} == organisation.name:
        raise Refused("name_unchanged", _("This is the name it has already."), do=advice.ANOTHER, field="name")
    last = organisation.former_names.order_by("until_on").last()
    rules.require_rename(last.until_on + ONE_DAY if last else organisation.valid_from, from_on)
    OrganisationName.objects.create(
        organisation=organisation, name=organisation.name, until_on=from_on - ONE_DAY, document=document
    )
    before = organisation.name
    organisation.name = {**before, **name}
    organisation.version += 1
    organisation.save()
    audit.record(
        "organisation.renamed", organisation, by, before={"name": before},
        after={"name": organisation.name, "from_on": from_on, "document": document}, reason=reason,
    )  # fmt: skip
    return organisation


@action
def move_organisation(
    *,
    organisation: Organisation,
    into: Organisation | None,
    from_on: date,
    document: str = "",
    reason: str = "",
    by: Actor,
) -> Organisation:
    """Let an organisation belong to another one, or to none, from a day; before it all stays as it was.

    What stands under it moves with it. Moves follow each other: a day on or before the first one under the present
    organisation is refused, and one to come.
    """
    by = rights.require(by, "directory.change", [organisation.scope])
    move_organisations({organisation.key: Moving(into.key if into else "", from_on, document)}, by, reason)
    return Organisation.objects.get(pk=organisation.pk)


def move_organisations(moves: Mapping[str, Moving], by: Actor, reason: str = "") -> None:
    """Record moves by key, those of one day and document together. In a caller's transaction, who asks for the right.

    The tree is judged after each day, the earliest first, and as it was on each day since.
    """
    tree.one_at_a_time(Organisation)
    held = {each.key: each for each in lying.locked(Organisation, moves)}
    into = {each.key: each for each in Organisation.objects.filter(key__in={each.parent for each in moves.values()})}
    together: dict[tuple[date, str], dict[str, str]] = {}
    for key, each in moves.items():
        if each.parent and each.parent not in into:
            raise tree.unknown_parent(each.parent)
        lying.require_move(held[key], into.get(each.parent), each.from_on)
        together.setdefault((each.from_on, each.document), {})[key] = each.parent
    for (on, document), parents in sorted(together.items()):
        former = {above.key if (above := held[key].parent) else "" for key in parents}
        lying.move(Organisation, lying.Move(former, parents, on, document), by, reason)
    if moves:
        lying.require_no_circle(moves, min(each.from_on for each in moves.values()))


@action
def take_back_organisation_move(*, organisation: Organisation, reason: str, by: Actor) -> Organisation:
    """Take back the last move of an organisation, whose day was wrong: it belongs to what it belonged to before.

    Refused without a move or a reason, of one that ends, and back under one that ended.
    """
    by = rights.require(by, "directory.change", [organisation.scope])
    return lying.take_back(organisation, reason, by)


@action
def end_organisation(
    *, organisation: Organisation, last_day: date, units_too: bool = False, reason: str = "", by: Actor
) -> Organisation:
    """Say which day was an organisation's last one. What it did stays on record under its key.

    What stands under it must not go on after it (A1): with `units_too` it all ends on the same day, else this is
    refused and the first ones are named.
    """
    by = rights.require(by, "directory.change", [organisation.scope])
    return _end(organisation, last_day, units_too, reason, by)


def _end(
    organisation: Organisation, last_day: date, units_too: bool, reason: str, by: Actor, staying: Sequence[int] = ()
) -> Organisation:
    """End an organisation and, on request, what is under it; those `staying` never end with it."""
    tree.one_at_a_time(Organisation)
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if organisation.valid_to is not None:
        raise Refused("ended_already", _("This organisation has ended already."), do=advice.LOOK, status=409)
    if organisation.valid_from and last_day < organisation.valid_from:
        raise Refused(
            "days_out_of_order", _("The end must not come before the beginning."), do=advice.ONE_DAY, field="last_day"
        )
    going_on = Q(valid_to=None) | Q(valid_to__gt=last_day)
    below = Organisation.objects.select_for_update(of=("self",)).filter(path__startswith=organisation.path)
    after = below.exclude(pk=organisation.pk).filter(going_on)
    units = list(after.order_by("path"))
    if units and not units_too:
        sentence = _("These stand under it and go on after that day: %(names)s. Move them, or end them too.")
        raise Refused("units_go_on", sentence, field="units_too", status=409, names=tree.names_of(units))
    since = OrganisationParent.objects.filter(parent__in=below, until_on__gt=last_day).exclude(organisation__in=below)
    gone = list(Organisation.objects.filter(going_on, pk__in=since.values("organisation")).order_by("path"))
    if gone:
        sentence = _("These stood under it until after that day: %(names)s. Take their moves back first.")
        raise Refused("units_went_later", sentence, field="last_day", status=409, names=tree.names_of(gone))
    late = [each for each in units if each.pk in staying or (each.valid_from and each.valid_from > last_day)]
    if late:
        sentence = _("These stand under it and cannot end on that day: %(names)s. Move them first.")
        raise Refused("units_cannot_end", sentence, field="units_too", status=409, names=tree.names_of(late))
    for each in (organisation, *units):
        before, each.valid_to = each.valid_to, last_day
        each.version += 1
        each.save()
        audit.record(
            "organisation.ended", each, by, before={"valid_to": before} if before else {},
            after={"valid_to": last_day}, reason=reason,
        )  # fmt: skip
    return organisation


@action
def replace_organisations(
    *,
    former: Sequence[Organisation],
    successors: Sequence[Organisation],
    on: date,
    document: str = "",
    units_too: bool = False,
    by: Actor,
) -> None:
    """Merge, split or absorb: from a day the successors stand in for the former ones, which end the day before.

    What stands under a former one must not go on under it: see `end_organisation`.

    One successor of several is a merger, several of one a split; a former one that is also a successor goes on.
    Tasks stay with whom they were given to until they are assigned anew.
    """
    if not former or not successors:
        raise Refused("succession_incomplete", _("Name what ends and what takes its place."), field="successors")
    rows = [
        SuccessionRow(old.key, new.key, on, document=document)
        for old in former
        for new in successors
        if old.pk != new.pk
    ]
    add_successions(kind="organisation", rows=rows, by=by)
    staying = [each.pk for each in successors]
    for organisation in former:
        if organisation.pk not in staying and organisation.valid_to is None:
            by = rights.require(by, "directory.change", [organisation.scope])
            _end(organisation, on - ONE_DAY, units_too, document, by, staying)
