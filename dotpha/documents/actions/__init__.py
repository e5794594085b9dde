"""Every change of the register of documents. Verb and noun; the modules split them by noun."""

from dotpha.documents.actions.documents import add_documents, change_document, verify_document
from dotpha.documents.actions.provisions import add_provisions, change_wording
from dotpha.documents.actions.relations import add_relations

__all__ = [
    "add_documents",
    "add_provisions",
    "add_relations",
    "change_document",
    "change_wording",
    "verify_document",
]
