"""Directing documents, their provisions, files and relations. Facts only: state on a day is derived."""

from dotpha.documents.models.documents import Document, Provision, ProvisionText, Relation
from dotpha.documents.models.drafting import DraftingStep
from dotpha.documents.models.files import Attachment, FileText, Passage

__all__ = [
    "Attachment",
    "Document",
    "DraftingStep",
    "FileText",
    "Passage",
    "Provision",
    "ProvisionText",
    "Relation",
]
