"""What happens to an organisation: a new name, a merger or split, its end (A4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.directory import rules
from dotpha.directory.actions.successions import add_successions
from dotpha.directory.models import Organisation, OrganisationName
from dotpha.directory.rows import SuccessionRow
from dotpha.platform import audit
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
        raise Refused("name_unchanged", _("This is the name it has already."), field="name")
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
def end_organisation(*, organisation: Organisation, last_day: date, reason: str = "", by: Actor) -> Organisation:
    """Say which day was an organisation's last one. What it did stays on record under its key."""
    by = rights.require(by, "directory.change", [organisation.scope])
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if organisation.valid_to is not None:
        raise Refused("ended_already", _("This organisation has ended already."), status=409)
    if organisation.valid_from and last_day < organisation.valid_from:
        raise Refused("days_out_of_order", _("The end must not come before the beginning."), field="last_day")
    organisation.valid_to = last_day
    organisation.version += 1
    organisation.save()
    audit.record("organisation.ended", organisation, by, after={"valid_to": last_day}, reason=reason)
    return organisation


@action
def replace_organisations(
    *,
    former: Sequence[Organisation],
    successors: Sequence[Organisation],
    on: date,
    document: str = "",
    by: Actor,
) -> None:
    """Merge, split or absorb: from a day the successors stand in for the former ones, which end the day before.

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
    going_on = {each.pk for each in successors}
    for organisation in former:
        if organisation.pk not in going_on and organisation.valid_to is None:
            end_organisation(organisation=organisation, last_day=on - ONE_DAY, reason=document, by=by)
