"""What each clause of a document led to: its tasks by state and the evidence for them; clauses without any (B8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from dotpha.documents.clauses import printed
from dotpha.documents.models import Document, Provision, ProvisionText
from dotpha.documents.queries import of_number
from dotpha.platform import advice, days, naming
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes.models import Evidence, Membership, Task
from dotpha.programmes.queries import tasks, told
from dotpha.programmes.rules import breakdown
from dotpha.programmes.rules.lateness import State

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Outcome:
    """The tasks of a clause, by state, and how many pieces of evidence stand in their approved reports."""

    counts: breakdown.Counts
    evidence: int


def outcomes(by: Actor, on: date, document: Document) -> dict[int, Outcome]:
    """By provision, what it led to as far as this reader may see it; provisions that led to nothing are left out.

    A task that several programmes hold under one clause counts once there.
    """
    named = Q(provision__document=document) | Q(memberships__provision__document=document)
    rows = tasks.visible(by, on).filter(pk__in=tasks.assigned(on).filter(named).values("pk"))
    states: dict[int, str] = dict(rows.order_by().values_list("pk", "state"))
    links = {
        *Task.objects.filter(pk__in=states, provision__document=document).values_list("provision_id", "pk"),
        *Membership.objects.filter(task__in=states, provision__document=document).values_list(
            "provision_id", "task_id"
        ),
    }
    proofs = Evidence.objects.filter(report__task__in=states, report__approved_at__isnull=False)
    proofs = proofs.filter(report__reported_on__lte=on).order_by()
    evidence: dict[int, int] = dict(proofs.values_list("report__task").annotate(Count("pk")))
    held: dict[int, list[int]] = {}
    for provision, task in links:
        held.setdefault(provision, []).append(task)
    return {
        provision: Outcome(
            breakdown.count_states(State(states[task]) for task in found), sum(evidence.get(task, 0) for task in found)
        )
        for provision, found in held.items()
    }


def named(by: Actor, said: str) -> Provision | None:
    """The clause that "57-NQ/TW#II.1" names, by the number of its document however written, or by its key."""
    document, _sign, address = said.rpartition("#")
    rows = Provision.objects.filter(document__in=of_number(by, document).values("pk"), address=address.strip())
    return rows.select_related("document").order_by("-document__signed_on", "pk").first()


def written(provision: Provision) -> str:
    """A clause as a field shows it: "57-NQ/TW#II.1"."""
    return f"{provision.document.number or provision.document.key}#{provision.address}"


def meant(by: Actor, said: str, document: Document) -> Provision:
    """The clause that somebody typed: as `named` has it, or by its number or heading in a document, this one unless
    another is named before the sign #; or by the heading of any other. Refused with those that may be meant."""
    found = named(by, said)
    if found:
        return found
    number, sign, name = said.rpartition("#")
    document = (of_number(by, number).order_by("-signed_on", "pk").first() or document) if sign else document
    known = _headed(told.clauses(by).filter(document=document))
    fitting = naming.called(name.strip(), known)
    if not fitting and not sign:
        bearing = ProvisionText.objects.filter(words__matches=name).values("provision")
        known += _headed(told.clauses(by).filter(pk__in=bearing).exclude(document=document))[:MOST_ELSEWHERE]
        fitting = naming.called(name.strip(), known)
    if len(fitting) > 1:
        raise naming.not_one(said, [written(each) for each in fitting], "provision")
    if not fitting:
        raise _unknown(name, known)
    return fitting[0]


MOST_ELSEWHERE = 200
"""Clauses of other documents that are looked at for a heading."""


def _unknown(name: str, known: Iterable[tuple[Provision, tuple[str, str]]]) -> Refused:
    labels = {each: f"{written(one)} {names[1]}".strip() for one, names in known for each in names}
    near = naming.nearest_to(name, labels)
    if not near:
        sentence = _("“%(text)s” is no clause here. Write it as 57-NQ/TW#II.1.")
        return Refused("unknown_provision", sentence, field="provision", text=name[:80])
    sentence = _("“%(text)s” is no clause here. Nearest: %(nearest)s.")
    return Refused("unknown_provision", sentence, do=advice.ONE_OF, field="provision", text=name[:80], nearest=near)


def _headed(rows: QuerySet[Provision]) -> list[tuple[Provision, tuple[str, str]]]:
    """Clauses in their order, each with its number and the heading or the first words that it has now."""
    begun = Q(from_on=None) | Q(from_on__lte=days.today())
    texts = Prefetch("texts", ProvisionText.objects.filter(begun).order_by("-edition"))
    rows = rows.order_by("document", "order", "pk").prefetch_related(texts)
    return [(each, (each.address, next((str(text) for text in each.texts.all()), ""))) for each in rows]


def proposals(by: Actor, document: Document) -> list[tuple[str, str]]:
    """The clauses of a document as a field proposes them: what is typed, and the heading; none of a document that a
    person may not know of."""
    rows = told.clauses(by).filter(document=document)
    return [(written(each), heading) for each, (_address, heading) in _headed(rows)]


def without_task(by: Actor, on: date, document: Document) -> list[Provision]:
    """The clauses from which no task follows, in their order: the smallest ones, where nothing above has one either.

    A cancelled task carries nothing out.
    """
    rows = tasks.visible(by, on).exclude(state=State.CANCELLED.value)
    named = Q(provision=OuterRef("pk")) | Q(memberships__provision=OuterRef("pk"))
    provisions = printed(document.provisions.annotate(has_task=Exists(rows.filter(named))))
    held = {each.pk for each in provisions if each.has_task}
    left = set(breakdown.clauses_without({each.pk: each.parent_id for each in provisions}, held))
    return [each for each in provisions if each.pk in left and each.kind != "preamble"]
