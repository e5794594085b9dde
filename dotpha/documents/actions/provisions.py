"""The structure of a document and the wording of its provisions (B2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.documents.models import Document, Provision, ProvisionText
from dotpha.documents.rows import ProvisionRow
from dotpha.platform import audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused


@action
def add_provisions(*, document: Document, rows: Sequence[ProvisionRow], by: Actor) -> list[Provision]:
    """Add provisions to a document, each after its parent, in the order given. An address is taken once."""
    by = rights.require(by, "document.change", [scopes.ALL])
    held = {each.address: each for each in document.provisions.all()}
    first = document.provisions.aggregate(last=Max("order"))["last"] or 0
    made: list[Provision] = []
    for order, row in enumerate(rows, first + 1):
        if not row.address or len(row.address) > 80 or row.address in held:
            raise Refused(
                "address_taken",
                _("The address “%(text)s” stands here already."),
                field="address",
                text=row.address,
            )
        if row.parent and row.parent not in held:
            raise Refused("unknown_parent", _("There is no provision “%(text)s”."), field="parent", text=row.parent)
        held[row.address] = Provision(document=document, address=row.address, kind=row.kind, order=order)
        made.append(held[row.address])
    Provision.objects.bulk_create(made, batch_size=1000)
    children = []
    for provision, row in zip(made, rows, strict=True):
        if row.parent:
            provision.parent = held[row.parent]
            children.append(provision)
    Provision.objects.bulk_update(children, ["parent"], batch_size=1000)
    _add_first_texts(document, made, rows)
    audit.record("document.structured", document, by, after={"provisions": len(made)})
    return made


def _add_first_texts(document: Document, made: Sequence[Provision], rows: Sequence[ProvisionRow]) -> None:
    """Each new provision gets its text as first edition, in force from the document's day."""
    ProvisionText.objects.bulk_create(
        (
            ProvisionText(
                provision=provision,
                edition=1,
                heading=dict(row.heading),
                text=dict(row.text),
                verbatim=row.verbatim,
                from_on=document.in_force_on or document.signed_on,
            )
            for provision, row in zip(made, rows, strict=True)
        ),
        batch_size=1000,
    )


@action
def change_wording(
    *,
    provision: Provision,
    heading: Mapping[str, Any],
    text: Mapping[str, Any],
    from_on: date | None = None,
    reason: str = "",
    by: Actor,
) -> ProvisionText:
    """Give a provision another wording from a day, as a new edition. The former one stays under its address."""
    by = rights.require(by, "document.change", [scopes.ALL])
    provision = Provision.objects.select_for_update(of=("self",)).select_related("document").get(pk=provision.pk)
    last = provision.texts.first()
    if last and last.heading == dict(heading) and last.text == dict(text):
        return last
    edition = ProvisionText.objects.create(
        provision=provision,
        edition=last.edition + 1 if last else 1,
        heading=dict(heading),
        text=dict(text),
        verbatim=last.verbatim if last else True,
        from_on=from_on,
    )
    audit.record(
        "provision.reworded", provision, by, before={"text": last.text if last else {}},
        after={"text": edition.text, "edition": edition.edition}, reason=reason,
    )  # fmt: skip
    return edition
