"""What each clause of a document led to: its tasks by state and the evidence for them; clauses without any (B8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from dotpha.documents.clauses import printed
from dotpha.documents.models import Document, Provision
from dotpha.documents.queries import of_number
from dotpha.platform.actors import Actor
from dotpha.programmes.models import Evidence, Membership, Task
from dotpha.programmes.queries import tasks, told
from dotpha.programmes.rules import breakdown
from dotpha.programmes.rules.lateness import State


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


def proposals(by: Actor, document: Document) -> list[str]:
    """The clauses of a document as a field proposes them, in their order; none of one that a person may not know of."""
    return [written(each) for each in told.clauses(by).filter(document=document).order_by("order", "pk")]


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
