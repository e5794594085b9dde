"""Reading the provisions of a document as they stand on a day: order, wording, state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from dotpha.documents import queries, rules
from dotpha.documents.models import Document, Provision, ProvisionText, Relation
from dotpha.documents.structure import Placed, printed_order
from dotpha.platform import advice
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused


@dataclass(frozen=True)
class Line:
    """A provision with the wording and the state of a day, and how deep it lies."""

    provision: Provision
    wording: ProvisionText | None
    depth: int
    state: rules.State


P = TypeVar("P", bound=Provision)


def printed(provisions: Iterable[P]) -> list[P]:
    """The provisions of one document in the order in which it prints them."""
    held = {each.pk: each for each in provisions}
    placed = (Placed(each.pk, each.parent_id, each.kind, each.order) for each in held.values())
    return [held[pk] for pk in printed_order(placed)]


def structure(document: Document, on: date) -> list[Line]:
    """The provisions of a document of `queries.one` as it prints them, each with its wording and state of the day."""
    editions = ProvisionText.objects.filter(Q(from_on=None) | Q(from_on__lte=on)).order_by("-edition")
    rows: list[Any] = printed(_begun(document).prefetch_related(Prefetch("texts", editions, to_attr="editions")))
    held = _states(document, rows, on)
    depth: dict[int, int] = {}
    lines = []
    for each in rows:
        depth[each.pk] = depth.get(each.parent_id, -1) + 1 if each.parent_id else 0
        lines.append(Line(each, each.editions[0] if each.editions else None, depth[each.pk], held[each.pk]))
    return lines


def states(document: Document, on: date) -> dict[int, rules.State]:
    """By primary key, the state of each provision of a document of `queries.one` on a day (B4). One query."""
    return _states(document, _begun(document), on)


def _begun(document: Document) -> QuerySet[Provision]:
    """The provisions of a document, each with the day of its first wording as `begins_on`."""
    first = ProvisionText.objects.filter(provision=OuterRef("pk")).order_by(F("from_on").asc(nulls_first=True))
    return document.provisions.annotate(begins_on=Subquery(first.values("from_on")[:1]))


def _states(document: Document, provisions: Iterable[Any], on: date) -> dict[int, rules.State]:
    acting: Any = document
    effects: dict[int | None, list[rules.Effect]] = {}
    for each in acting.effects:
        effects.setdefault(each.provision_id, []).append(replace(queries.effect_of(each), is_whole=True))
    parts = {each.pk: rules.Part(each.parent_id, each.begins_on, effects.get(each.pk, ())) for each in provisions}
    return rules.part_states(queries.dates_of(document), parts, on)


@dataclass(frozen=True)
class Edition:
    """A wording that a provision has, had or will have, and its days; None is an open end. `held` is false for one
    that was corrected before it ever was the wording."""

    text: ProvisionText
    from_on: date | None
    until_on: date | None
    held: bool
    holds: bool


def editions(provision: Provision, on: date) -> list[Edition]:
    """Every wording of a provision, the one of the day first, then the newest."""
    texts = list(provision.texts.order_by("-edition"))
    days = rules.held_from_to([rules.Wording(each.edition, each.from_on) for each in texts])
    found = []
    for each in texts:
        first, last = days.get(each.edition, (date.max, date.min))
        until = last if each.edition in days and last != date.max else None
        found.append(Edition(each, each.from_on, until, each.edition in days, first <= on <= last))
    return sorted(found, key=lambda each: not each.holds)


def one(by: Actor, key: str, address: str) -> Provision:
    """A provision by its document's key and its address; its document is one of `queries.one`."""
    document = queries.one(by, key)
    provision = document.provisions.filter(address=address).select_related("parent").first()
    if provision is None:
        raise Refused("not_found", _("There is no provision of this address here."), do=advice.FIND, status=404)
    provision.document = document
    return provision


def acting_on(provision: Provision, by: Actor) -> list[Relation]:
    """What others do to a provision or to a part that holds it; only documents that this person may know of."""
    way = rules.way_up(provision.pk, dict(provision.document.provisions.values_list("pk", "parent")))
    rows = Relation.objects.filter(provision__in=way, source__in=queries.visible(by).values("pk"))
    return list(rows.select_related("source", "provision"))
