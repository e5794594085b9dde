"""Which changes of a published task must say why and by which document (requirement C16)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from dotpha.platform.refusals import Refused, all_of
from dotpha.programmes.rules.extensions import require_reason

PERMITTED = frozenset({"title", "lead", "product"})
"""The columns of a register that a document has fixed: wording, lead agency, product."""


def need_grounds(columns: Iterable[str], is_published: bool, *, is_own_entry: bool = False) -> bool:
    """Whether a change of these columns needs its reason and the document that permits it.

    `is_own_entry`: whoever entered the task corrects the entry on the same day, before anybody has acted on it.
    No document permits a typing error, and nobody has built on one yet.
    """
    return is_published and not is_own_entry and not PERMITTED.isdisjoint(columns)


def require_grounds(reason: str, document: str) -> None:
    """Refuse a change without its reason, or without the document that permits it: in one answer for both."""
    all_of(lambda: require_reason(reason), lambda: _require_document(document))


def _require_document(document: str) -> None:
    if not document.strip():
        raise Refused(
            "document_missing",
            _("Name the document that permits the change: the wording, lead and products of this task are published."),
            field="document",
        )
