"""Reading the directory as it was on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Func, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from dotpha.directory import rules
from dotpha.directory.matching import Entry, Matcher
from dotpha.directory.models import Organisation, OrganisationName, Place, PlaceName, Succession
from dotpha.directory.queries.then import BY_NAME, T, former_parents, lying, lying_in, named
from dotpha.directory.queries.then import valid as valid
from dotpha.directory.rules import successions
from dotpha.platform import advice, audit
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.platform.subjects import Named
from dotpha.platform.texts import read


def places(on: date, level: str = "", parent: str = "", words: str = "") -> QuerySet[Place]:
    """Places valid on a day under their names of that day and in what they lay in then, by official code."""
    rows = Place.objects.filter(valid(on)).order_by("code", "key")
    rows = rows.filter(level=level) if level else rows
    rows = lying_in(rows, on, parent) if parent else rows
    return named(lying(rows, on), on, words)


def organisations(
    on: date, kind: str = "", parent: str = "", place: str = "", words: str = ""
) -> QuerySet[Organisation]:
    """Organisations valid on a day with what they belonged to then, by their names of that day."""
    rows = Organisation.objects.filter(valid(on)).select_related("place")
    rows = rows.filter(kind=kind) if kind else rows
    rows = lying_in(rows, on, parent) if parent else rows
    rows = rows.filter(place__key=place) if place else rows
    return named(lying(rows, on), on, words).order_by(*BY_NAME)


@dataclass(frozen=True)
class Standing:
    """Where a row stands in its tree, as it is recorded."""

    pk: int
    path: str
    node: rules.Node


def tree(model: type[Place] | type[Organisation]) -> dict[str, Standing]:
    """Every place or every organisation of any day by key, with its parent of today and its days, as plain values."""
    names = ("key", "pk", "path", "parent__key", "valid_from", "valid_to")
    former, owner = former_parents(model)
    moved = former.order_by().values_list(owner).annotate(Max("until_on"))
    lies_from = {pk: until + rules.ONE_DAY for pk, until in moved}
    return {
        key: Standing(pk, path, rules.Node(parent or "", rules.Days(first, last), lies_from.get(pk)))
        for key, pk, path, parent, first, last in model._default_manager.values_list(*names).order_by("pk")
    }


def last_days(kind: str, links: Iterable[successions.Link]) -> dict[str, date | None]:
    """The last day of each place in successions, None while it is open. None of organisations: they have no boundary
    that could move, so one that replaces another ends it."""
    if kind != "place":
        return {}
    keys = {key for link in links for key in (link.old, link.new)}
    return dict(Place.objects.filter(key__in=keys).values_list("key", "valid_to"))


def province_codes() -> dict[str, tuple[str, rules.Days]]:
    """Every province of any day by key, with its official code and its days."""
    rows = Place.objects.filter(level=Place.Level.PROVINCE).order_by("code", "key")
    return {
        key: (code, rules.Days(first, last))
        for key, code, first, last in rows.values_list("key", "code", "valid_from", "valid_to")
    }


def names(model: type[Place] | type[Organisation]) -> dict[str, str]:
    """Every Vietnamese name of a place or organisation of any day -> its key: what a mistyped key may have meant."""
    rows = model._default_manager.values_list("key", "name__vi").order_by("key")
    return {_said(name) or key: key for key, name in rows}


def one_place(key: str, on: date = date.max) -> Place:
    """The place of a key, also one of the past, under its name of a day and in what it lay in then."""
    place = named(lying(Place.objects.all(), on), on).filter(key=key).first()
    if place is None:
        raise Refused("not_found", _("There is no place of this key."), do=advice.FIND, status=404)
    return place


def one_organisation(key: str, on: date = date.max) -> Organisation:
    """The organisation of a key, also one of the past, under its name of a day and with what it belonged to then."""
    organisation = named(lying(Organisation.objects.select_related("place"), on), on).filter(key=key).first()
    if organisation is None:
        raise Refused("not_found", _("There is no organisation of this key."), do=advice.FIND, status=404)
    return organisation


def members(group: Organisation, on: date) -> QuerySet[Organisation]:
    """The organisations that a group stands for on a day; for one that is no group, those under it."""
    if group.is_group:
        return organisations(on).filter(kind__in=group.member_kinds)
    return organisations(on, parent=group.key)


def links(kind: str) -> list[successions.Link]:
    """Every succession between places or between organisations, as the rules want them."""
    return links_of(Succession.objects.filter(**{f"old_{kind}__isnull": False}), kind)


def links_of(rows: QuerySet[Succession], kind: str) -> list[successions.Link]:
    """These successions as the rules want them."""
    return [successions.Link(*row) for row in rows.values_list(f"old_{kind}__key", f"new_{kind}__key", "on", "share")]


def successors(key: str, on: date) -> list[Organisation]:
    """The organisations that stand in the place of an ended one on a day, through all steps of succession."""
    return list(organisations(on).filter(key__in=_heirs("organisation", [key])[key]))


def _onward(kind: str, keys: Iterable[str]) -> list[successions.Link]:
    """Every succession that leads on from these, through all steps: one query for each step."""
    found: list[successions.Link] = []
    waiting, seen = set(keys), set(keys)
    while waiting:
        step = links_of(Succession.objects.filter(**{f"old_{kind}__key__in": waiting}), kind)
        found += step
        waiting = {link.new for link in step} - seen
        seen |= waiting
    return found


def _heirs(kind: str, keys: Sequence[str]) -> dict[str, set[str]]:
    """By key, all that came after it, through all steps of succession."""
    following: dict[str, list[str]] = {}
    for link in _onward(kind, keys):
        following.setdefault(link.old, []).append(link.new)
    found = {}
    for key in keys:
        waiting, seen = [key], {key}
        for old in waiting:  # grows by those that ended themselves
            new = [each for each in following.get(old, ()) if each not in seen]
            seen.update(new)
            waiting += new
        found[key] = seen - {key}
    return found


def nearest_first(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows that have the words asked for: those with few other words first, as they are most likely meant."""
    shortest: QuerySet[Any] = rows.alias(many=Func("words", function="length")).order_by("many", "pk").defer("words")
    return shortest


def formerly(model: type[T], words: str, on: date, most: int) -> list[tuple[Any, T]]:
    """What words of former days lead to on a day: pairs of the former name or ended body, and what is there now.

    An ended one that nothing replaces stands for itself. At most `most` former names and as many ended ones, those with
    few other words first.
    """
    of_places = model is Place
    kind = "place" if of_places else "organisation"
    there: Any = places(on) if of_places else organisations(on)
    bearing: Any = PlaceName if of_places else OrganisationName
    borne = list(nearest_first(bearing.objects.filter(until_on__lt=on, words__matches=words))[:most])
    ended = list(nearest_first(model._default_manager.filter(valid_to__lt=on, words__matches=words))[:most])
    heirs = _heirs(kind, [each.key for each in ended])
    bearers = [getattr(each, f"{kind}_id") for each in borne]
    rows = there.filter(Q(pk__in=bearers) | Q(key__in=set().union(*heirs.values()))) if borne or ended else ()
    by_key = {each.key: each for each in rows}
    by_pk = {each.pk: each for each in rows}
    found = [(each, by_pk[pk]) for each, pk in zip(borne, bearers, strict=True) if pk in by_pk]
    for old in ended:
        new = [by_key[key] for key in sorted(heirs[old.key]) if key in by_key]
        found += [(old, each) for each in new or [old]]
    return found


def crosswalk(key: str, on: date) -> dict[str, object] | None:
    """Where a place of the past lies on a day's map: share by place; None when a share is not known (A3)."""
    known = _onward("place", [key])
    shares = successions.shares_on(key, known, on, last_days("place", known))
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


def history(thing: Named, on: date) -> QuerySet[AuditEvent]:
    """What happened to a thing by the end of a day, the newest first; all of it is in the record of changes."""
    return audit.history(thing.subject, on=on).order_by("-pk")[:EVENTS_SHOWN]


def bodies_of(keys: Iterable[str], on: date) -> QuerySet[Organisation]:
    """The organisations of these places that go on on a day."""
    return organisations(on).filter(place__key__in=keys)


def names_of_bodies(paths: Iterable[str]) -> dict[str, str]:
    """The names of the organisations of these paths, by path."""
    return {each.path: each.title.text for each in Organisation.objects.filter(path__in=paths)}


def names_of_places(paths: Iterable[str]) -> dict[str, str]:
    """The names of the places of these paths, by path."""
    return {each.path: each.title.text for each in Place.objects.filter(path__in=paths)}
