"""Every change of the register of documents. Verb and noun; the modules split them by noun."""

from dotpha.documents.actions.checking import verify_document
from dotpha.documents.actions.documents import add_documents, change_document
from dotpha.documents.actions.drafting import record_drafting
from dotpha.documents.actions.files import attach_file, detach_file, keep_text
from dotpha.documents.actions.provisions import add_provisions, change_wording
from dotpha.documents.actions.relations import add_relations

__all__ = [
    "add_documents",
    "add_provisions",
    "add_relations",
    "attach_file",
    "change_document",
    "change_wording",
    "detach_file",
    "keep_text",
    "record_drafting",
    "verify_document",
]
