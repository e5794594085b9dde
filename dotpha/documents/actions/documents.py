"""Adding, changing and checking documents."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.directory.models import Organisation
from dotpha.documents import numbers, rules
from dotpha.documents.actions import checking, drafting
from dotpha.documents.actions.provisions import place
from dotpha.documents.models import Document
from dotpha.documents.rows import DocumentRow
from dotpha.platform import advice, audit, classification, days, text
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.changes import set_changed
from dotpha.platform.refusals import Refused
from dotpha.platform.texts import cleaned, read
from dotpha.platform.texts import each as spoken
from dotpha.platform.versions import require_version

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
RESERVED = frozenset({"add", "drafting"})
"""Keys under which the desk has pages of its own."""
LINES = {"number": 80, "issuer_text": 300, "signatory": 200, "source": 300}
"""Texts of one line and their lengths."""


@action
def add_documents(*, rows: Sequence[DocumentRow], by: Actor) -> list[Document]:
    """Enter documents that are not in the register yet, with their provisions. Answers the new ones.

    A row whose key is held changes nothing. A second document of the same number, issuer and day is refused
    and names the first one (B1).
    """
    by = rights.require(by, "document.change", [scopes.ALL])
    held = set(Document.objects.filter(key__in=[row.key for row in rows]).values_list("key", flat=True))
    fresh = [_cleaned(row) for row in rows if row.key not in held]
    issuers = dict(Organisation.objects.filter(key__in={row.issuer for row in fresh}).values_list("key", "pk"))
    for row in fresh:
        _require_sound(row, issuers)
    made = [_document(row, issuers, by) for row in fresh]
    _require_new_numbers(made)
    Document.objects.bulk_create(made, batch_size=500)
    audit.record_many("document.added", [(each, {"number": each.number, "title": each.title}) for each in made], by)
    for document, row in zip(made, fresh, strict=True):
        if row.provisions:
            place(document, row.provisions, by)
    return made


def _cleaned(row: DocumentRow) -> DocumentRow:
    """The row with its texts ready to be stored."""
    lines: dict[str, Any] = {name: line(name, getattr(row, name)) for name in LINES}
    return replace(row, title=cleaned(row.title, one_line=True), **lines)


def line(name: str, said: str) -> str:
    """A text of one line, without control and direction marks. Refuses one that is too long."""
    return text.clean(text.one_line(said), LINES[name], name)


def number_facts(number: str, kind: str) -> dict[str, Any]:
    """What is kept beside a printed number: the one form that is compared, and every form that search knows.

    Refuses a number whose folded forms are longer than a number can be.
    """
    found = {"number_key": numbers.canonical(number), "number_forms": sorted(numbers.forms(number, kind))}
    longest = max(map(len, [found["number_key"], *found["number_forms"]]))
    if longest > LINES["number"]:
        raise Refused(
            "number_unreadable", _("This is not the number of a document."), do=advice.NUMBER_LIKE, field="number"
        )
    return found


def _document(row: DocumentRow, issuers: Mapping[str, int], by: Actor) -> Document:
    return Document(
        key=row.key,
        number=row.number,
        **number_facts(row.number, row.kind),
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


def _require_open(number: str, title: Mapping[str, Any], mark: str) -> None:
    """Refuse a State secret by its number, title or mark (K3), and a mark that is none."""
    classification.require_open_words(number, "number")
    for said in spoken(title):
        classification.require_open_texts(title=said)
    classification.require_open_words(mark, "mark")
    if mark not in Document.Mark.values:
        raise Refused(
            "unknown_mark", _("A document is public, internal or restricted."), do=advice.ONE_OF, field="mark"
        )


def _require_sound(row: DocumentRow, issuers: Mapping[str, int]) -> None:
    _require_open(row.number, row.title, row.mark)
    if not KEY.fullmatch(row.key):
        raise Refused(
            "key_unreadable",
            _("A key has 1 to 80 small letters without marks, digits and hyphens."),
            do=advice.SIGNS,
            field="key",
        )
    if row.key in RESERVED:
        raise Refused("key_reserved", _("A page of the desk has this name. Choose another key."), field="key")
    if not read(dict(row.title)).text.strip():
        raise Refused("title_missing", _("Write the title."), field="title")
    if row.issuer and row.issuer not in issuers:
        raise Refused(
            "unknown_issuer", _("“%(text)s” is not in the directory."), do=advice.FIND, field="issuer", text=row.issuer
        )
    rules.require_dates(rules.DocumentDates(row.signed_on, row.in_force_on, row.expired_on))


def _require_new_numbers(made: Sequence[Document]) -> None:
    """Refuse a second document of one number (however written), issuer and day; name the first (B1).

    Without an issuer or a day nobody knows whether two are the same.
    """
    seen: dict[tuple[Any, ...], Document] = {}
    same = Q(pk__in=[])
    for each in made:
        if each.number_key and each.issuer_id and each.signed_on:
            one = {"number_key": each.number_key, "issuer": each.issuer_id, "signed_on": each.signed_on}
            same |= Q(**one) & ~Q(pk=each.pk)
            first = seen.setdefault(tuple(one.values()), each)
            if first is not each:
                raise _known(first)
    held = Document.objects.filter(same).first()
    if held is not None:
        raise _known(held)


def _known(first: Document) -> Refused:
    return Refused(
        "document_known",
        _("A document of this number, issuer and day is in the register already: %(key)s."),
        do=advice.OPEN_THAT,
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
    """Change the card of a document. What was checked before has to be checked again, by somebody else (B7)."""
    by = rights.require(by, "document.change", [scopes.ALL])
    document = checking.locked(document)
    require_version(version, document.version)
    changes = {name: _value(name, value) for name, value in changes.items()}
    before, after = set_changed(document, changes, CHANGEABLE)
    if "issuer" in changes and changes["issuer"] != document.issuer:
        before["issuer"] = document.issuer.key if document.issuer else None
        after["issuer"] = changes["issuer"].key if changes["issuer"] else None
        document.issuer = changes["issuer"]
    if not after:
        return document
    _require_open(document.number, document.title, document.mark)
    if not document.heading.text.strip():
        raise Refused("title_missing", _("Write the title."), field="title")
    rules.require_dates(rules.DocumentDates(document.signed_on, document.in_force_on, document.expired_on))
    if "signed_on" in after:
        drafting.require_issue_in_order(document)
    for name, value in number_facts(document.number, document.kind).items():
        setattr(document, name, value)
    _require_new_numbers([document])
    checking.changed(document, by)
    audit.record("document.changed", document, by, before=before, after=after, reason=checking.said_reason(reason))
    return document


def _value(name: str, value: Any) -> Any:
    """A changed value ready to be stored."""
    if name == "title":
        return cleaned(value, one_line=True)
    return line(name, value) if name in LINES else value
