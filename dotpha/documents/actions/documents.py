"""Adding, changing and checking documents."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.directory.models import Organisation
from dotpha.documents import numbers, rules
from dotpha.documents.actions.provisions import add_provisions
from dotpha.documents.models import Document
from dotpha.documents.rows import DocumentRow
from dotpha.platform import audit, days
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.texts import read
from dotpha.platform.versions import require_version

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


@action
def add_documents(*, rows: Sequence[DocumentRow], by: Actor) -> list[Document]:
    """Enter documents that are not in the register yet, with their provisions. Answers the new ones.

    A row whose key is held changes nothing. A second document of the same number, issuer and day is refused
    and names the first one (B1).
    """
    by = rights.require(by, "document.change", [scopes.ALL])
    held = set(Document.objects.filter(key__in=[row.key for row in rows]).values_list("key", flat=True))
    fresh = [row for row in rows if row.key not in held]
    issuers = dict(Organisation.objects.filter(key__in={row.issuer for row in fresh}).values_list("key", "pk"))
    for row in fresh:
        _require_sound(row, issuers)
    made = [_document(row, issuers, by) for row in fresh]
    _require_new_numbers(made)
    Document.objects.bulk_create(made, batch_size=500)
    audit.record_many("document.added", [(each, {"number": each.number, "title": each.title}) for each in made], by)
    for document, row in zip(made, fresh, strict=True):
        if row.provisions:
            add_provisions(document=document, rows=row.provisions, by=by)
    return made


def _document(row: DocumentRow, issuers: Mapping[str, int], by: Actor) -> Document:
    return Document(
        key=row.key,
        number=row.number,
        number_forms=sorted(numbers.forms(row.number, row.kind)),
        kind=row.kind,
        issuer_id=issuers.get(row.issuer),
        issuer_text=row.issuer_text,
        signatory=row.signatory,
        title=dict(row.title),
        signed_on=row.signed_on,
        in_force_on=row.in_force_on,
        expired_on=row.expired_on,
        mark=row.mark,
        source=row.source,
        obtained_on=row.obtained_on,
        added_by=by.key,
        added_at=days.now(),
    )


def _require_sound(row: DocumentRow, issuers: Mapping[str, int]) -> None:
    if not KEY.fullmatch(row.key):
        raise Refused(
            "key_unreadable",
            _("A key has 1 to 80 small letters without marks, digits and hyphens."),
            field="key",
        )
    if not read(dict(row.title)).text.strip():
        raise Refused("title_missing", _("Write the title."), field="title")
    if row.issuer and row.issuer not in issuers:
        raise Refused("unknown_issuer", _("“%(text)s” is not in the directory."), field="issuer", text=row.issuer)
    rules.require_dates(rules.DocumentDates(row.signed_on, row.in_force_on, row.expired_on))


def _require_new_numbers(made: Sequence[Document]) -> None:
    same = Q(pk__in=[])
    for each in made:
        if each.number and each.issuer_id and each.signed_on:
            same |= Q(number=each.number, issuer=each.issuer_id, signed_on=each.signed_on)
    first = Document.objects.filter(same).first()
    if first is not None:
        raise Refused(
            "document_known",
            _("A document of this number, issuer and day is in the register already: %(key)s."),
            field="number",
            status=409,
            key=first.key,
        )


CHANGEABLE = (
    "number", "kind", "title", "issuer_text", "signatory", "signed_on", "in_force_on", "expired_on", "mark", "source",
    "obtained_on",
)  # fmt: skip


@action
def change_document(
    *, document: Document, changes: Mapping[str, Any], version: int | None = None, reason: str = "", by: Actor
) -> Document:
    """Change the card of a document. What was checked before has to be checked again (B7)."""
    by = rights.require(by, "document.change", [scopes.ALL])
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    require_version(version, document.version)
    changed = {
        name: changes[name] for name in CHANGEABLE if name in changes and getattr(document, name) != changes[name]
    }
    before: dict[str, Any] = {name: getattr(document, name) for name in changed}
    for name, value in changed.items():
        setattr(document, name, value)
    after = dict(changed)
    if "issuer" in changes and changes["issuer"] != document.issuer:
        before["issuer"] = document.issuer.key if document.issuer else None
        after["issuer"] = changes["issuer"].key if changes["issuer"] else None
        document.issuer = changes["issuer"]
    if not after:
        return document
    if not document.heading.text.strip():
        raise Refused("title_missing", _("Write the title."), field="title")
    rules.require_dates(rules.DocumentDates(document.signed_on, document.in_force_on, document.expired_on))
    document.number_forms = sorted(numbers.forms(document.number, document.kind))
    document.verified_by, document.verified_at = "", None
    document.version += 1
    document.save()
    audit.record("document.changed", document, by, before=before, after=after, reason=reason)
    return document


@action
def verify_document(*, document: Document, by: Actor) -> Document:
    """Confirm number, date and text against the original: by somebody other than who entered it (B7)."""
    by = rights.require(by, "document.verify", [scopes.ALL])
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if document.added_by == by.key:
        raise Refused(
            "own_entry", _("A document is checked by somebody other than the one who entered it."), status=403
        )
    if document.is_verified:
        return document
    document.verified_by, document.verified_at = by.key, days.now()
    document.version += 1
    document.save()
    audit.record("document.verified", document, by)
    return document
