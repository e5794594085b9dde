"""Reading the register of documents as it was on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.documents import numbers, rules
from dotpha.documents.models import Attachment, Document, DraftingStep, Passage, ProvisionText, Relation
from dotpha.platform import advice, audit
from dotpha.platform.actors import Actor
from dotpha.platform.models import AuditEvent
from dotpha.platform.periods import Period, Size, containing
from dotpha.platform.refusals import Refused


def visible(by: Actor) -> QuerySet[Document]:
    """The documents that this person may know of. Nobody sees the public ones; restricted ones need a right."""
    held = rights.standings(by)
    if held.may("document.change", [scopes.ALL]) or held.may("document.verify", [scopes.ALL]):
        return Document.objects.all()
    if held.may("document.view"):
        return Document.objects.exclude(mark=Document.Mark.RESTRICTED)
    return Document.objects.filter(mark=Document.Mark.PUBLIC)


def register(
    by: Actor, on: date, words: str = "", kind: str = "", issuer: str = "", period: Period | None = None
) -> QuerySet[Document]:
    """Documents known on a day, those of the number asked for first, then the newest.

    `words` may be a number however written (B6), or words of titles, headings, provisions and attached files.
    """
    rows = visible(by).filter(Q(signed_on=None) | Q(signed_on__lte=on)).select_related("issuer")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(issuer__key=issuer) if issuer else rows
    rows = rows.filter(signed_on__range=(period.first_day, period.last_day)) if period else rows
    newest_first = [F("signed_on").desc(nulls_last=True), F("key").asc()]
    if not words.strip():
        return rows.order_by(*newest_first)
    number = numbers.read_query(words)
    by_number = Q(number_forms__contains=[number.key]) if number else Q(pk__in=[])
    in_text = Exists(ProvisionText.objects.filter(provision__document=OuterRef("pk"), words__matches=words))
    in_files = Passage.objects.filter(attachment__detached_at=None, words__matches=words)
    in_file = Q(pk__in=in_files.values("attachment__document"))
    rows = rows.filter(by_number | Q(words__matches=words) | in_text | in_file)
    rank = Case(When(by_number, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.alias(rank=rank).order_by("rank", *newest_first)


def with_effects(rows: QuerySet[Document]) -> QuerySet[Document]:
    """Prefetch what others do to each document, for its state."""
    acting = Relation.objects.filter(kind__in=[*rules.REDUCING, "supplements"]).select_related("source")
    return rows.prefetch_related(Prefetch("relations_in", acting, to_attr="effects"))


def dates_of(document: Document) -> rules.DocumentDates:
    """All that the state of a document of `with_effects` depends on."""
    rows: Any = document
    effects = [effect_of(each) for each in rows.effects]
    return rules.DocumentDates(document.signed_on, document.in_force_on, document.expired_on, effects)


def effect_of(relation: Relation) -> rules.Effect:
    """What a relation does, from its own day, else from that of the document that has it."""
    begins = relation.on or relation.source.in_force_on or relation.source.signed_on
    return rules.Effect(relation.kind, begins, is_whole=relation.provision_id is None)


def state(document: Document, on: date) -> rules.State:
    """The state of a document of `with_effects` on a day (B4)."""
    return rules.state(dates_of(document), on)


def one(by: Actor, key: str) -> Document:
    """The document of a key, or a refusal that does not tell whether it exists."""
    rows = with_effects(visible(by).select_related("issuer"))
    document = rows.filter(key=key).first()
    if document is None:
        raise Refused("not_found", _("There is no document of this key here."), do=advice.FIND, status=404)
    return document


def relations_of(document: Document, by: Actor) -> tuple[list[Relation], list[Relation]]:
    """What a document does to others, and what others do to it; only documents that this person may know of."""
    known = visible(by).values("pk")
    onward = document.relations.filter(target__in=known).select_related("target", "provision")
    inward = document.relations_in.filter(source__in=known).select_related("source", "provision")
    return list(onward), list(inward)


def files_of(document: Document) -> QuerySet[Attachment]:
    """Every file that was attached to a document, those taken away too, by number."""
    return document.attachments.select_related("file", "reading").order_by("number")


def one_attachment(by: Actor, key: str, number: int) -> Attachment:
    """A file that is attached to a document, or a refusal that does not tell whether it exists."""
    rows = one(by, key).attachments.filter(number=number, detached_at=None)
    found = rows.select_related("document", "file").first()
    if found is None:
        raise Refused("not_found", _("There is no file of this number here."), do=advice.FIND, status=404)
    return found


def may_read(by: Actor, key: str) -> bool:
    """Whether this person may read the document of this key, and so who else has it open."""
    return visible(by).filter(key=key).exists()


def may_read_file(by: Actor, key: str) -> bool:
    """Whether this person may open a file, named "nq-57#2": who may read the document. One that was taken away
    opens for those only who may change the document."""
    document, _sign, number = key.rpartition("#")
    rows = Attachment.objects.filter(document__in=visible(by).filter(key=document).values("pk"), number=number)
    return rows.exists() if rights.may(by, "document.change", [scopes.ALL]) else rows.filter(detached_at=None).exists()


def drafting_steps(document: Document) -> dict[rules.Step, rules.StepDates]:
    """The recorded steps of a document; its issue is always among them, on the day of signing."""
    held = {
        rules.Step(each.kind): rules.StepDates(each.planned_on, each.came_on) for each in document.drafting_steps.all()
    }
    issue = held.get(rules.Step.ISSUED, rules.StepDates())
    return {**held, rules.Step.ISSUED: rules.StepDates(issue.planned_on, document.signed_on)}


@dataclass(frozen=True)
class Draft:
    """Where a document that is drafted stands on a day. `planned_on` is that of the step to come."""

    document: Document
    reached: rules.Step | None
    coming: rules.Step | None
    planned_on: date | None
    issue_on: date | None
    days_late: int


def drafts(
    by: Actor, on: date, *, kind: str = "", step: str = "", late: bool = False, period: Period | None = None
) -> list[Draft]:
    """Documents whose drafting is followed, the latest ones first, then by the day of the step to come.

    `step` is the one reached ("none" before the first); `period` holds the day of issue, planned or come.
    """
    followed = Exists(DraftingStep.objects.filter(document=OuterRef("pk")))
    rows = visible(by).filter(followed).select_related("issuer").prefetch_related("drafting_steps").order_by("key")
    rows = rows.filter(kind=kind) if kind else rows
    found: Iterable[Draft] = (draft_of(each, on) for each in rows)
    if step:
        found = (each for each in found if (each.reached or "none") == step)
    if late:
        found = (each for each in found if each.days_late)
    if period:
        found = (each for each in found if each.issue_on and each.issue_on in period)
    return sorted(found, key=lambda each: (-each.days_late, each.planned_on or date.max, each.document.key))


def draft_of(document: Document, on: date) -> Draft:
    """Where the drafting of a document stands at the end of a day."""
    steps = drafting_steps(document)
    coming = rules.coming(steps, on)
    issue = steps[rules.Step.ISSUED]
    return Draft(
        document=document,
        reached=rules.reached(steps, on),
        coming=coming,
        planned_on=steps.get(coming, rules.StepDates()).planned_on if coming else None,
        issue_on=issue.came_on if issue.came(on) else issue.planned_on,
        days_late=rules.open_days_late(steps, on),
    )


def issued_counts(by: Actor, on: date, period: Period | None = None) -> dict[Period, dict[str, int]]:
    """How many documents of each kind were issued in each half-year, the newest first; or in one period.

    Each count is that of `register` with the same kind and period.
    """
    rows = visible(by).filter(signed_on__lte=on)
    rows = rows.filter(signed_on__range=(period.first_day, period.last_day)) if period else rows
    found: dict[Period, dict[str, int]] = {}
    for kind, signed_on, number in rows.order_by("-signed_on").values_list("kind", "signed_on").annotate(Count("pk")):
        counts = found.setdefault(period or containing(signed_on, Size.HALF), {})
        counts[kind] = counts.get(kind, 0) + number
    return found


EVENTS_SHOWN = 30


def history(document: Document, on: date, files: Iterable[Attachment] = ()) -> QuerySet[AuditEvent]:
    """What last happened to a document and to its `files` by the end of a day, the newest first.

    All of it is in the record of changes.
    """
    subjects = [document.subject, *(each.file.subject for each in files)]
    return audit.history(*subjects, on=on).order_by("-pk")[:EVENTS_SHOWN]


def names_of(by: Actor, keys: list[str]) -> dict[str, str]:
    """What documents are called that a reader may see, by key."""
    return {each.key: str(each) for each in visible(by).filter(key__in=keys)}


def of_number(by: Actor, said: str) -> QuerySet[Document]:
    """The documents that a reader may see under a number, however it is written, or under a key."""
    number = numbers.read_query(said)
    of_number = Q(number_forms__contains=[number.key]) if number else Q(pk__in=[])
    return visible(by).filter(Q(key=said.strip()) | of_number)


def signed_on(by: Actor, said: str) -> date | None:
    """When the document of a number was signed; None for one that is not in the register or has no day."""
    return of_number(by, said).order_by("-signed_on").values_list("signed_on", flat=True).first()
