"""Loading a data pack through the same actions that people use. Repeatable: what is there stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from dotpha.accounts import demo
from dotpha.accounts.models import User
from dotpha.datapacks import reading
from dotpha.datapacks.pack import Pack, day
from dotpha.directory import actions as directory
from dotpha.directory.models import Organisation, Place
from dotpha.documents import actions as documents
from dotpha.documents.models import Document
from dotpha.platform import days
from dotpha.platform.actors import Actor, program
from dotpha.platform.texts import read
from dotpha.programmes import actions as programmes
from dotpha.programmes.models import Programme


def prepare() -> None:
    """Fill an empty database with the chosen pack; make the demonstration accounts when they are asked for."""
    if settings.PACK != "none" and not Place.objects.exists():
        load_pack(settings.PACK)
    if settings.DEMO and not User.objects.filter(is_demo=True).exists():
        make_demonstration()


@transaction.atomic
def load_pack(key: str) -> None:
    """Everything of a pack, whole or not at all. Loading it again changes nothing."""
    pack = Pack.named(key)
    by = program("datapack")
    directory.add_places(rows=reading.places(pack), by=by)
    directory.add_successions(kind="place", rows=reading.place_successions(pack), by=by)
    directory.add_organisations(rows=reading.organisations(pack), by=by)
    directory.add_successions(kind="organisation", rows=reading.organisation_successions(pack), by=by)
    documents.add_documents(rows=reading.documents(pack), by=by)
    documents.add_relations(rows=reading.relations(pack), by=by)
    for programme_key, given in pack.manifest["programmes"].items():
        if not Programme.objects.filter(key=programme_key).exists():
            _programme(pack, programme_key, given, by)


def _programme(pack: Pack, key: str, given: Mapping[str, Any], by: Actor) -> None:
    """One programme with its groups, targets and tasks; a collective lead's task is spread over its members."""
    title = {code: given[f"title_{code}"] for code in ("vi", "en", "ru", "fr", "th", "ms") if f"title_{code}" in given}
    programme = programmes.add_programme(
        key=key,
        title=title,
        document=Document.objects.get(key=given["document"]),
        kind=given.get("kind", "programme"),
        parent=Programme.objects.get(key=given["parent"]) if "parent" in given else None,
        from_on=day(given.get("from_on")),
        until_on=day(given.get("until_on")),
        by=by,
    )
    if given.get("groups"):
        programmes.add_groups(programme=programme, rows=reading.groups(pack, given["document"]), by=by)
    if given.get("targets_of"):
        programmes.add_targets(programme=programme, rows=reading.targets(pack, given["targets_of"]), by=by)
    rows = reading.tasks(pack, given)
    if rows:
        on = day(pack.manifest["edition"]) or days.today()
        for task in programmes.add_tasks(programme=programme, rows=rows, by=by, on=on):
            groups = [
                each.organisation
                for each in task.assignments.exclude(part="cooperating").select_related("organisation")
            ]
            members = programmes.members_of([each for each in groups if each.is_group], on)
            if members:
                programmes.spread_task(task=task, members=members, by=by, on=on)
    if given.get("published"):
        programmes.publish_programme(programme=programme, by=by)


def make_demonstration() -> None:
    """Demonstration accounts for a few agencies, provinces and communes that the directory has."""
    agencies = Organisation.objects.filter(key__in=demo.AGENCIES)
    organisations = {each.key: (read(each.name, "vi").text, each.path) for each in agencies}
    places = {}
    for code in demo.PROVINCES:
        province = Place.objects.filter(level="province", code=code, valid_to=None).first()
        if province is None:
            continue
        places[code] = (province.short, province.path, "province")
        for commune in province.children.filter(level="commune").order_by("code")[: demo.COMMUNES_EACH]:
            places[commune.code] = (read(commune.name, "vi").text, commune.path, "commune")
    demo.ensure(organisations, places)
