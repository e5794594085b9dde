"""Changing programmes: the programme itself and its task groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.directory.models import Organisation, Place
from dotpha.documents.models import Document
from dotpha.platform import advice, audit, days
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.classification import require_open_texts
from dotpha.platform.refusals import Refused
from dotpha.platform.texts import each as spoken
from dotpha.platform.texts import read
from dotpha.platform.versions import require_version
from dotpha.programmes.actions.register import KEY
from dotpha.programmes.models import Programme, TaskGroup


@dataclass(frozen=True)
class GroupRow:
    """A task group: key within its programme, titles by locale, order."""

    key: str
    title: Mapping[str, Any]
    order: int
    short: Mapping[str, Any] | None = None


def require_key(key: str) -> None:
    """Refuse a key with other signs than letters without marks, digits, points, hyphens and underscores."""
    if not KEY.fullmatch(key) or len(key) > 80:
        raise Refused(
            "key_unreadable",
            _("A key has 1 to 80 letters without marks, digits, points, hyphens and underscores."),
            do=advice.SIGNS,
            field="key",
        )


def require_title(title: Mapping[str, Any]) -> None:
    """Refuse a title without words, and one that bears a mark of State secrecy (K3)."""
    if not read(dict(title)).text.strip():
        raise Refused("title_missing", _("Write the title."), field="title")
    for said in spoken(dict(title)):
        require_open_texts(title=said)


def _key_taken(sentence: Any) -> Refused:
    return Refused("key_taken", sentence, do=advice.ANOTHER_KEY, field="key", status=409)


def _require_period(from_on: date | None, until_on: date | None) -> None:
    if from_on and until_on and until_on < from_on:
        raise Refused("period", _("The end must come after the beginning."), do=advice.ONE_DAY, field="until_on")


def _own_scopes(organisation: Organisation | None, place: Place | None) -> list[str]:
    bodies = [organisation, organisation.place if organisation else None, place]
    return [each.scope for each in bodies if each is not None]


@action
def add_programme(
    *,
    key: str,
    title: Mapping[str, Any],
    document: Document,
    kind: str = "programme",
    parent: Programme | None = None,
    organisation: Organisation | None = None,
    place: Place | None = None,
    report_every: str = "",
    from_on: date | None = None,
    until_on: date | None = None,
    is_sample: bool = False,
    by: Actor,
) -> Programme:
    """Begin a programme that carries out a document (C1), or a body's own plan under one (C3).

    A focal point begins plans of the own body alone. It is seen in public once it is published.
    """
    by = rights.require(by, "programme.add", [scopes.of_programme(key), *_own_scopes(organisation, place)])
    require_key(key)
    require_title(title)
    if Programme.objects.filter(key=key).exists():
        raise _key_taken(_("There is a programme of this key already."))
    _require_period(from_on, until_on)
    programme = Programme.objects.create(
        key=key,
        kind=kind,
        title=dict(title),
        document=document,
        parent=parent,
        organisation=organisation,
        place=place,
        report_every=report_every,
        from_on=from_on,
        until_on=until_on,
        is_sample=is_sample,
    )
    audit.record("programme.added", programme, by, after={"title": title, "document": document.key})
    return programme


CHANGEABLE = ("title", "report_every", "from_on", "until_on")


@action
def change_programme(
    *, programme: Programme, changes: Mapping[str, Any], version: int | None = None, reason: str = "", by: Actor
) -> Programme:
    """Change title, period or reporting frequency of a programme."""
    by = rights.require(by, "programme.change", programme.scopes)
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    require_version(version, programme.version)
    changed = {name: changes[name] for name in CHANGEABLE if name in changes}
    changed = {name: value for name, value in changed.items() if getattr(programme, name) != value}
    if not changed:
        return programme
    require_title(changed.get("title", programme.title))
    before = {name: getattr(programme, name) for name in changed}
    for name, value in changed.items():
        setattr(programme, name, value)
    programme.version += 1
    programme.save(update_fields=[*changed, "version"])
    audit.record("programme.changed", programme, by, before=before, after=changed, reason=reason)
    return programme


@action
def publish_programme(*, programme: Programme, by: Actor) -> Programme:
    """Show a programme and its tasks in public. Publishing again changes nothing."""
    by = rights.require(by, "programme.publish", programme.scopes)
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    if programme.published_at:
        return programme
    programme.published_at, programme.published_by = days.now(), by.key
    programme.version += 1
    programme.save(update_fields=["published_at", "published_by", "version"])
    audit.record("programme.published", programme, by)
    return programme


@action
def add_group(
    *,
    programme: Programme,
    key: str,
    title: Mapping[str, Any],
    order: int,
    short: Mapping[str, Any] | None = None,
    by: Actor,
) -> TaskGroup:
    """Add one numbered task group to a programme."""
    return add_groups(programme=programme, rows=[GroupRow(key, title, order, short)], by=by)[0]


@action
def add_groups(*, programme: Programme, rows: Sequence[GroupRow], by: Actor) -> list[TaskGroup]:
    """Add task groups to a programme (C2)."""
    by = rights.require(by, "programme.change", programme.scopes)
    held = set(programme.groups.values_list("key", flat=True))
    for row in rows:
        require_key(row.key)
        require_title(row.title)
        if row.key in held:
            raise _key_taken(_("This programme has a group of this key already."))
        held.add(row.key)
    groups = TaskGroup.objects.bulk_create(
        TaskGroup(programme=programme, key=row.key, title=dict(row.title), short=dict(row.short or {}), order=row.order)
        for row in rows
    )
    audit.record_many("group.added", [(programme.subject, {"group": row.key, "title": row.title}) for row in rows], by)
    return groups
