"""Reading the directory as it was on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from dotpha.directory import rules
from dotpha.directory.matching import Entry, Matcher
from dotpha.directory.models import Organisation, Place, Post, PostHolder, Succession
from dotpha.platform import audit
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.platform.subjects import Named
from dotpha.platform.texts import read

if TYPE_CHECKING:
    from dotpha.platform.texts import Text


def valid(on: date, prefix: str = "") -> Q:
    """Valid on a day; the last day is included, an open end is still valid."""
    begun = Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": on})
    return begun & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": on}))


def places(on: date, level: str = "", parent: str = "", words: str = "") -> QuerySet[Place]:
    """Places valid on a day, by official code."""
    rows = Place.objects.filter(valid(on)).select_related("parent").order_by("code", "key")
    rows = rows.filter(level=level) if level else rows
    rows = rows.filter(parent__key=parent) if parent else rows
    return rows.filter(words__matches=words) if words else rows


def organisations(
    on: date, kind: str = "", parent: str = "", place: str = "", words: str = ""
) -> QuerySet[Organisation]:
    """Organisations valid on a day, by name."""
    rows = Organisation.objects.filter(valid(on)).select_related("parent", "place").order_by("sort_key", "key")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(parent__key=parent) if parent else rows
    rows = rows.filter(place__key=place) if place else rows
    return rows.filter(words__matches=words) if words else rows


@dataclass(frozen=True)
class Standing:
    """Where a row stands in its tree, as it is recorded."""

    pk: int
    path: str
    node: rules.Node


def tree(model: type[Place] | type[Organisation]) -> dict[str, Standing]:
    """Every place or every organisation of any day by key, with its parent and days: one query of plain values."""
    rows = model._default_manager.values_list("key", "pk", "path", "parent__key", "valid_from", "valid_to").order_by(
        "pk"
    )
    return {
        key: Standing(pk, path, rules.Node(parent or "", rules.Days(first, last)))
        for key, pk, path, parent, first, last in rows
    }


def names(model: type[Place] | type[Organisation]) -> dict[str, str]:
    """Every Vietnamese name of a place or organisation of any day -> its key: what a mistyped key may have meant."""
    rows = model._default_manager.values_list("key", "name__vi").order_by("key")
    return {_said(name) or key: key for key, name in rows}


def one_place(key: str) -> Place:
    """The place of a key, also one of the past."""
    place = Place.objects.select_related("parent").filter(key=key).first()
    if place is None:
        raise Refused("not_found", _("There is no place of this key."), status=404)
    return place


def one_organisation(key: str) -> Organisation:
    """The organisation of a key, also one of the past."""
    organisation = Organisation.objects.select_related("parent", "place").filter(key=key).first()
    if organisation is None:
        raise Refused("not_found", _("There is no organisation of this key."), status=404)
    return organisation


def name_on(organisation: Organisation, on: date) -> Text:
    """The name that an organisation bore on a day."""
    former = organisation.former_names.filter(until_on__gte=on).order_by("until_on").first()
    return read(former.name) if former else organisation.title


def members(group: Organisation, on: date) -> QuerySet[Organisation]:
    """The organisations that a group stands for on a day; for one that is no group, those under it."""
    if group.is_group:
        return organisations(on).filter(kind__in=group.member_kinds)
    return organisations(on).filter(parent=group)


def links(kind: str) -> list[rules.Link]:
    """Every succession between places or between organisations, as the rules want them."""
    rows = Succession.objects.filter(**{f"old_{kind}__isnull": False})
    return [rules.Link(*row) for row in rows.values_list(f"old_{kind}__key", f"new_{kind}__key", "on", "share")]


def successors(key: str, on: date) -> list[Organisation]:
    """The organisations that stand in the place of an ended one on a day, through all steps of succession."""
    following: dict[str, list[str]] = {}
    for link in links("organisation"):
        following.setdefault(link.old, []).append(link.new)
    waiting, seen = [key], {key}
    for old in waiting:  # grows by those that ended themselves
        new = [each for each in following.get(old, ()) if each not in seen]
        seen.update(new)
        waiting += new
    return list(organisations(on).filter(key__in=seen - {key}))


def crosswalk(key: str, on: date) -> dict[str, object] | None:
    """Where a place of the past lies on a day's map: share by place; None when a share is not known (A3)."""
    shares = rules.shares_on(key, links("place"), on)
    return None if shares is None else dict(shares)


def matcher(*, communes: bool = False) -> Matcher:
    """The index of names, abbreviations and former names over the directory, built afresh.

    Bodies of communes only on request: three thousand short names would make every other cell doubtful.
    """
    successors: dict[str, list[str]] = {}
    for link in links("organisation"):
        successors.setdefault(link.old, []).append(link.new)
    entries = []
    rows = Organisation.objects.prefetch_related("former_names").order_by("key")
    for each in rows if communes else rows.exclude(kind__startswith="commune"):
        names = [_said(text) for text in each.name.values()]
        names += [_said(text) for former in each.former_names.all() for text in former.name.values()]
        entries.append(
            Entry(
                key=each.key,
                names=names,
                abbreviations=each.abbreviations,
                kind=each.kind,
                valid_from=each.valid_from,
                valid_to=each.valid_to,
                successors=successors.get(each.key, ()),
            )
        )
    return Matcher(entries)


def labels() -> dict[str, str]:
    """Every key, name and abbreviation in the directory -> how a sentence names the body: "Bộ Tài chính (mof)"."""
    found: dict[str, str] = {}
    for key, name, short in Organisation.objects.order_by("key").values_list("key", "name", "abbreviations"):
        said = read(name).text or key
        spoken = {key, said, read(name, "vi").text, *short} - {""}
        found.update(dict.fromkeys(spoken, f"{said} ({key})"))
    return found


def _said(text: object) -> str:
    return str(text.get("text", "")) if isinstance(text, dict) else str(text)


EVENTS_SHOWN = 30


def history(thing: Named) -> QuerySet[AuditEvent]:
    """What happened to a thing of late, the newest first; all of it is in the record of changes."""
    return audit.history(thing.subject).order_by("-pk")[:EVENTS_SHOWN]


def posts(organisation: Organisation, on: date) -> QuerySet[Post]:
    """The posts of an organisation, each with those who held it on a day as `holding` (A5): two queries."""
    return with_holders(organisation.posts.all(), on)


def with_holders(rows: QuerySet[Post], on: date) -> QuerySet[Post]:
    """Read with each post those who held it on a day as `holding`: a change of holder rewrites no history."""
    inside = Q(from_on__lte=on) & (Q(until_on=None) | Q(until_on__gte=on))
    holding = PostHolder.objects.filter(inside).select_related("user")
    return rows.prefetch_related(Prefetch("holders", holding, to_attr="holding"))


def names_of_bodies(paths: Iterable[str]) -> dict[str, str]:
    """The names of the organisations of these paths, by path."""
    return {each.path: each.title.text for each in Organisation.objects.filter(path__in=paths)}


def names_of_places(paths: Iterable[str]) -> dict[str, str]:
    """The names of the places of these paths, by path."""
    return {each.path: each.title.text for each in Place.objects.filter(path__in=paths)}
