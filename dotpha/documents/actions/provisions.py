"""The structure of a document and the wording of its provisions (B2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.documents import rules
from dotpha.documents.actions import checking
from dotpha.documents.models import Document, Provision, ProvisionText
from dotpha.documents.rows import ProvisionRow
from dotpha.platform import advice, audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.classification import require_open_texts
from dotpha.platform.refusals import Refused
from dotpha.platform.texts import cleaned, read
from dotpha.platform.texts import each as spoken
from dotpha.platform.versions import require_version

ADDRESS = re.compile(r"[^\W_][\w.-]{0,79}")


@action
def add_provisions(*, document: Document, rows: Sequence[ProvisionRow], by: Actor) -> list[Provision]:
    """Add provisions to a document, each after its parent, in the order given. An address is taken once.

    The text of the document is another then: it has to be checked again (B7).
    """
    by = rights.require(by, "document.change", [scopes.ALL])
    document = checking.locked(document)
    made = place(document, rows, by)
    checking.changed(document, by)
    return made


def place(document: Document, rows: Sequence[ProvisionRow], by: Actor) -> list[Provision]:
    """Write the provisions with their first wording, within a change that may do so."""
    held = {each.address: each for each in document.provisions.all()}
    first = document.provisions.aggregate(last=Max("order"))["last"] or 0
    made: list[Provision] = []
    for order, row in enumerate(rows, first + 1):
        if not ADDRESS.fullmatch(row.address):
            raise Refused(
                "address_unreadable",
                _("An address has 1 to 80 letters, digits, dots and hyphens: “%(text)s” does not."),
                do=advice.SIGNS,
                field="address",
                text=row.address[:100],
            )
        if row.address in held:
            raise Refused(
                "address_taken",
                _("The address “%(text)s” stands here already."),
                do=advice.ANOTHER,
                field="address",
                text=row.address,
            )
        _require_open(row.heading, row.text)
        if row.parent and row.parent not in held:
            sentence = _("There is no provision “%(text)s”.")
            raise Refused("unknown_parent", sentence, do=advice.FIND, field="parent", text=row.parent)
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


def _require_open(heading: Mapping[str, Any], words: Mapping[str, Any]) -> None:
    """Refuse a wording that bears a mark of State secrecy, or is not in Unicode (K3, B6)."""
    for field, said in (("heading", heading), ("text", words)):
        for each in spoken(said):
            require_open_texts(**{field: each})


def _add_first_texts(document: Document, made: Sequence[Provision], rows: Sequence[ProvisionRow]) -> None:
    """Each new provision gets its text as first edition, in force from the document's day."""
    ProvisionText.objects.bulk_create(
        (
            ProvisionText(
                provision=provision,
                edition=1,
                heading=cleaned(row.heading, one_line=True),
                text=cleaned(row.text),
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
    version: int | None = None,
    reason: str = "",
    by: Actor,
) -> ProvisionText:
    """Give a provision another wording from a day, as a new edition. The former one stays under its address.

    Without a day it is the wording from the beginning. `version` is the document's that was looked at. Refused: a
    day before that of the last wording, and no words at all. What was checked is to be checked again (B7).
    """
    by = rights.require(by, "document.change", [scopes.ALL])
    document = checking.locked(provision.document)
    require_version(version, document.version)
    heading, text = cleaned(heading, one_line=True), cleaned(text)
    provision = Provision.objects.select_for_update(of=("self",)).select_related("document").get(pk=provision.pk)
    if (last := provision.texts.first()) and last.heading == heading and last.text == text:
        return last
    if not (read(heading).text or read(text).text):
        raise Refused("wording_missing", _("Write a heading or a text."), field="text")
    _require_open(heading, text)
    rules.require_wording_in_order(from_on, last.from_on if last else None)
    edition = ProvisionText.objects.create(
        provision=provision,
        edition=last.edition + 1 if last else 1,
        heading=heading,
        text=text,
        verbatim=last.verbatim if last else True,
        from_on=from_on,
    )
    checking.changed(document, by)
    audit.record(
        "provision.reworded", provision, by, before={"text": last.text if last else {}},
        after={"text": edition.text, "edition": edition.edition}, reason=checking.said_reason(reason),
    )  # fmt: skip
    return edition
