"""The words for kinds of documents and provisions. Kinds that a pack adds show as written."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = {
    "resolution": _("Resolution"),
    "conclusion": _("Conclusion"),
    "conclusion_notice": _("Notice of conclusions"),
    "directive": _("Directive"),
    "regulation": _("Regulation"),
    "law": _("Law"),
    "decree": _("Decree"),
    "decision": _("Decision"),
    "circular": _("Circular"),
    "plan": _("Plan"),
    "programme": _("Programme"),
    "notice": _("Notice"),
    "guidance": _("Guidance"),
    "report": _("Report"),
    "official_letter": _("Official letter"),
    "dispatch": _("Dispatch"),
    "event": _("Event"),
    "working_rules": _("Working rules"),
}
PROVISION_KINDS = {
    "preamble": _("Preamble"),
    "part": _("Part"),
    "chapter": _("Chapter"),
    "section": _("Section"),
    "article": _("Article"),
    "clause": _("Clause"),
    "point": _("Point"),
    "annex": _("Annex"),
    "item": _("Item"),
}
STATES = {
    "draft": _("Draft"),
    "issued": _("Issued, not in force"),
    "in_force": _("In force"),
    "partly_in_force": _("Partly in force"),
    "expired": _("Expired"),
    "replaced": _("Replaced"),
}


def document_kind(kind: str) -> str:
    """The word for a kind of document."""
    return str(KINDS.get(kind, kind))


def provision_kind(kind: str) -> str:
    """The word for a kind of provision."""
    return str(PROVISION_KINDS.get(kind, kind))
