"""Whether the document behind a task was checked against its original (B7)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from dotpha.documents.models import Provision
from dotpha.programmes.models import Membership


def unverified() -> Q:
    """Whether a clause that a task rests on stands in a document that nobody has checked against its original (B7).

    The clause is the task's own, or that under which a programme holds it. A task without a clause makes no claim.
    """
    unchecked = Provision.objects.filter(document__verified_at=None)
    held = Membership.objects.filter(task=OuterRef("pk"), provision__document__verified_at=None)
    return Exists(unchecked.filter(pk=OuterRef("provision"))) | Exists(held.filter(provision__isnull=False))
