"""Reading the directory as it was on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from dotpha.directory import rules
from dotpha.directory.matching import Entry, Matcher
from dotpha.directory.models import Organisation, OrganisationName, Place, PlaceName, Post, PostHolder, Succession
from dotpha.platform import audit
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.platform.subjects import Named
from dotpha.platform.texts import read


def valid(on: date, prefix: str = "") -> Q:
    """Valid on a day; the last day is included, an open end is still valid."""
    begun = Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": on})
    return begun & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": on}))


T = TypeVar("T", Place, Organisation)
BY_NAME = ("sorted_then", "key")
"""The order of rows of `named`, by their names of that day."""


def named(rows: QuerySet[T], on: date, words: str = "") -> QuerySet[T]:
    """Rows with the name that each bore on a day: `names_then` where it was another one, `sorted_then` for the order.

    With `words` those whose name, code or abbreviation of that day has them.
    """
    of_places = rows.model is Place
    former: Any = PlaceName if of_places else OrganisationName
    borne = former.objects.filter(until_on__gte=on, **{"place" if of_places else "organisation": OuterRef("pk")})
    borne = borne.order_by("until_on")
    then: dict[str, Any] = {"names_then": Subquery(borne.values("name")[:1])}
    if of_places:
        then |= {"short_then": Subquery(borne.values("short")[:1]), "kind_then": Subquery(borne.values("kind")[:1])}
    rows = rows.annotate(sorted_then=Coalesce(Subquery(borne.values("sort_key")[:1]), F("sort_key")), **then)
    if not words:
        return rows
    rows = rows.alias(then=Subquery(borne.values("pk")[:1]))
    matching = former.objects.filter(until_on__gte=on, words__matches=words).order_by().values("pk")
    return rows.filter(Q(then=None, words__matches=words) | Q(then__in=matching))


def places(on: date, level: str = "", parent: str = "", words: str = "") -> QuerySet[Place]:
    """Places valid on a day under their names of that day, by official code."""
    rows = Place.objects.filter(valid(on)).select_related("parent").order_by("code", "key")
    rows = rows.filter(level=level) if level else rows
    rows = rows.filter(parent__key=parent) if parent else rows
    return named(rows, on, words)


def organisations(
    on: date, kind: str = "", parent: str = "", place: str = "", words: str = ""
) -> QuerySet[Organisation]:
    """Organisations valid on a day, by their names of that day."""
    rows = Organisation.objects.filter(valid(on)).select_related("parent", "place")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(parent__key=parent) if parent else rows
    rows = rows.filter(place__key=place) if place else rows
    return named(rows, on, words).order_by(*BY_NAME)


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
    """The place of a key, also one of the past, under its name of a day."""
    place = named(Place.objects.select_related("parent"), on).filter(key=key).first()
    if place is None:
        raise Refused("not_found", _("There is no place of this key."), status=404)
    return place


def one_organisation(key: str, on: date = date.max) -> Organisation:
    """The organisation of a key, also one of the past, under its name of a day."""
    organisation = named(Organisation.objects.select_related("parent", "place"), on).filter(key=key).first()
    if organisation is None:
        raise Refused("not_found", _("There is no organisation of this key."), status=404)
    return organisation


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
    return list(organisations(on).filter(key__in=_heirs([key], links("organisation"))[key]))


def _heirs(keys: Iterable[str], links: Iterable[rules.Link]) -> dict[str, set[str]]:
    """By key, all that came after it, through all steps of succession."""
    following: dict[str, list[str]] = {}
    for link in links:
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


def formerly(model: type[T], words: str, on: date, most: int) -> list[tuple[Any, T]]:
    """What words of former days lead to on a day: pairs of the former name or ended body, and what is there now.

    An ended one that nothing replaces stands for itself. At most `most` former names and as many ended ones.
    """
    of_places = model is Place
    kind = "place" if of_places else "organisation"
    there: Any = places(on) if of_places else organisations(on)
    bearing: Any = PlaceName if of_places else OrganisationName
    borne = list(bearing.objects.filter(until_on__lt=on, words__matches=words)[:most])
    ended = list(
        model._default_manager.filter(valid_to__lt=on, words__matches=words).order_by("-valid_to", "key")[:most]
    )
    heirs = _heirs([each.key for each in ended], links(kind)) if ended else {}
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
    known = links("place")
    last_days = dict(Place.objects.filter(key__in={link.old for link in known}).values_list("key", "valid_to"))
    shares = rules.shares_on(key, known, on, last_days)
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


def posts(organisation: Organisation, on: date) -> QuerySet[Post]:
    """The posts of an organisation, each with those who held it on a day as `holding` (A5): two queries."""
    return with_holders(organisation.posts.all(), on)


def with_holders(rows: QuerySet[Post], on: date) -> QuerySet[Post]:
    """Read with each post those who held it on a day as `holding`: a change of holder rewrites no history."""
    inside = Q(from_on__lte=on) & (Q(until_on=None) | Q(until_on__gte=on))
    holding = PostHolder.objects.filter(inside).select_related("user")
    return rows.prefetch_related(Prefetch("holders", holding, to_attr="holding"))


def bodies_of(keys: Iterable[str], on: date) -> QuerySet[Organisation]:
    """The organisations of these places that go on on a day."""
    return organisations(on).filter(place__key__in=keys)


def one_post(organisation: Organisation, pk: int) -> Post:
    """A post of an organisation."""
    post = organisation.posts.filter(pk=pk).select_related("organisation").first()
    if post is None:
        raise Refused("not_found", _("There is no such post in this organisation."), status=404)
    return post


def posts_over_time(organisation: Organisation, on: date) -> QuerySet[Post]:
    """The posts of an organisation, each with all who held it until a day or hold it as `held`, the latest first."""
    held = PostHolder.objects.filter(from_on__lte=on).select_related("user").order_by("-from_on", "-pk")
    return organisation.posts.prefetch_related(Prefetch("holders", held, to_attr="held"))


def holders(post: Post, on: date) -> QuerySet[PostHolder]:
    """Who held a post until a day or holds it, the latest first; who takes it up later is shown on later days."""
    return post.holders.filter(from_on__lte=on).select_related("user").order_by("-from_on", "-pk")


def one_holder(post: Post, pk: str) -> PostHolder:
    """A holding of a post, by its number as it stands in a form."""
    holder = post.holders.filter(pk=int(pk)).select_related("post__organisation").first() if pk.isdecimal() else None
    if holder is None:
        raise Refused("not_found", _("Nobody holds this post under that number."), status=404)
    return holder


def names_of_bodies(paths: Iterable[str]) -> dict[str, str]:
    """The names of the organisations of these paths, by path."""
    return {each.path: each.title.text for each in Organisation.objects.filter(path__in=paths)}


def names_of_places(paths: Iterable[str]) -> dict[str, str]:
    """The names of the places of these paths, by path."""
    return {each.path: each.title.text for each in Place.objects.filter(path__in=paths)}
