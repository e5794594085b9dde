"""Readings of restricted documents, for the record (K4): by a page and over the API alike."""

from __future__ import annotations

from django.http import HttpRequest

from dotpha.documents.models import Document
from dotpha.platform import readings


def noted(request: HttpRequest, found: Document) -> Document:
    """The same document; that a restricted one was read is recorded once the answer is made."""
    if found.mark == Document.Mark.RESTRICTED:
        readings.note(request, found.subject)
    return found
