"""Reading the register of documents as it was on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.documents import numbers, rules
from dotpha.documents.models import Document, Provision, ProvisionText, Relation
from dotpha.platform import audit
from dotpha.platform.actors import Actor
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.platform.subjects import Named


def visible(by: Actor) -> QuerySet[Document]:
    """The documents that this person may know of. Nobody sees the public ones; restricted ones need a right."""
    held = rights.standings(by)
    if held.may("document.change") or held.may("document.verify"):
        return Document.objects.all()
    if held.may("document.view"):
        return Document.objects.exclude(mark=Document.Mark.RESTRICTED)
    return Document.objects.filter(mark=Document.Mark.PUBLIC)


def register(
    by: Actor, on: date, words: str = "", kind: str = "", issuer: str = "", year: int | None = None
) -> QuerySet[Document]:
    """Documents known on a day, those of the number asked for first, then the newest.

    `words` may be a number however written (B6), or words of titles, headings and provisions.
    """
    rows = visible(by).filter(Q(signed_on=None) | Q(signed_on__lte=on)).select_related("issuer")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(issuer__key=issuer) if issuer else rows
    rows = rows.filter(signed_on__year=year) if year else rows
    newest_first = [F("signed_on").desc(nulls_last=True), F("key").asc()]
    if not words.strip():
        return rows.order_by(*newest_first)
    number = numbers.read_query(words)
    by_number = Q(number_forms__contains=[number.key]) if number else Q(pk__in=[])
    in_text = Exists(ProvisionText.objects.filter(provision__document=OuterRef("pk"), words__matches=words))
    rows = rows.filter(by_number | Q(words__matches=words) | in_text)
    rank = Case(When(by_number, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.alias(rank=rank).order_by("rank", *newest_first)


def with_effects(rows: QuerySet[Document]) -> QuerySet[Document]:
    """Prefetch what others do to each document, for its state."""
    acting = Relation.objects.filter(kind__in=[*rules.REDUCING, "supplements"]).select_related("source")
    return rows.prefetch_related(Prefetch("relations_in", acting, to_attr="effects"))


def state(document: Document, on: date) -> rules.State:
    """The state of a document of `with_effects` on a day (B4)."""
    rows: Any = document
    effects = [
        rules.Effect(
            kind=each.kind,
            on=each.on or each.source.in_force_on or each.source.signed_on,
            is_whole=each.provision_id is None,
        )
        for each in rows.effects
    ]
    dates = rules.DocumentDates(document.signed_on, document.in_force_on, document.expired_on, effects)
    return rules.state(dates, on)


def one(by: Actor, key: str) -> Document:
    """The document of a key, or a refusal that does not tell whether it exists."""
    rows = with_effects(visible(by).select_related("issuer"))
    document = rows.filter(key=key).first()
    if document is None:
        raise Refused("not_found", _("There is no document of this key here."), status=404)
    return document


@dataclass(frozen=True)
class Line:
    """A provision with the wording of a day, and how deep it lies."""

    provision: Provision
    wording: ProvisionText | None
    depth: int


def structure(document: Document, on: date) -> list[Line]:
    """The provisions of a document in their order, each with its wording of the day."""
    editions = ProvisionText.objects.filter(Q(from_on=None) | Q(from_on__lte=on)).order_by("-edition")
    rows = document.provisions.prefetch_related(Prefetch("texts", editions, to_attr="editions")).order_by("order", "pk")
    depth: dict[int, int] = {}
    lines = []
    for each in rows:
        depth[each.pk] = depth.get(each.parent_id, -1) + 1 if each.parent_id else 0
        found: Any = each
        lines.append(Line(each, found.editions[0] if found.editions else None, depth[each.pk]))
    return lines


def relations_of(document: Document, by: Actor) -> tuple[list[Relation], list[Relation]]:
    """What a document does to others, and what others do to it; only documents that this person may know of."""
    known = visible(by).values("pk")
    onward = document.relations.filter(target__in=known).select_related("target", "provision")
    inward = document.relations_in.filter(source__in=known).select_related("source", "provision")
    return list(onward), list(inward)


def one_provision(by: Actor, key: str, address: str) -> Provision:
    """A provision by its document's key and its address."""
    document = one(by, key)
    provision = document.provisions.filter(address=address).select_related("document", "parent").first()
    if provision is None:
        raise Refused("not_found", _("There is no provision of this address here."), status=404)
    return provision


EVENTS_SHOWN = 30


def history(thing: Named) -> QuerySet[AuditEvent]:
    """What happened to a thing of late, the newest first; all of it is in the record of changes."""
    return audit.history(thing.subject).order_by("-pk")[:EVENTS_SHOWN]
