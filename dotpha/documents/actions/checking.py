"""Checking a document against its original, and what takes the check back (B7)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.documents import rules
from dotpha.documents.models import Document
from dotpha.platform import advice, audit, days, text
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.versions import require_version

LONGEST_REASON = 500


@action
def verify_document(*, document: Document, version: int | None = None, by: Actor) -> Document:
    """Confirm number, date and text against the original: by somebody who neither entered nor changed it (B7).

    `version` is the one that was looked at: what somebody changed meanwhile is not confirmed unseen.
    """
    by = rights.require(by, "document.verify", [scopes.ALL])
    document = locked(document)
    if not rules.may_check(by.key, document.added_by, document.changed_by):
        raise Refused(
            "own_entry",
            _("A document is checked by somebody other than those who entered or changed it."),
            do=advice.COLLEAGUE,
            status=403,
        )
    require_version(version, document.version)
    if document.is_verified:
        return document
    document.verified_by, document.verified_at = by.key, days.now()
    document.version += 1
    document.save()
    audit.record("document.verified", document, by)
    return document


def locked(document: Document) -> Document:
    """The document as it stands now, held for this change."""
    return Document.objects.select_for_update(of=("self",)).get(pk=document.pk)


def changed(document: Document, by: Actor) -> None:
    """What is checked against the original has changed: the check is cleared, never derived, and whoever changed
    it does not check it any more. Call within a change, on a locked document; it writes the row."""
    document.verified_by, document.verified_at = "", None
    if by.key not in document.changed_by:
        document.changed_by = [*document.changed_by, by.key]
    document.version += 1
    document.save()


def said_reason(reason: str) -> str:
    """A reason as the record keeps it: one line of at most `LONGEST_REASON` signs."""
    return text.one_line(reason)[:LONGEST_REASON]
