"""Where in a document the words of a search stand: under which address, in which file (B6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dotpha.documents.models import Document, Passage, ProvisionText
from dotpha.platform import text
from dotpha.platform.texts import every


@dataclass(frozen=True)
class Hit:
    """A place where the words stand, with some words around: a provision, or a file and its page if it has pages."""

    excerpt: str
    address: str = ""
    file: str = ""
    file_id: int | None = None
    number: int | None = None
    page: int | None = None


def hits(documents: Sequence[Document], words: str) -> dict[int, list[Hit]]:
    """By the document's primary key: the first provision and the first passage of a file that hold all the words.

    Two queries for all documents. What may be known is settled by who asks for the documents.
    """
    if not words.strip():
        return {}
    keys = [each.pk for each in documents]
    found: dict[int, list[Hit]] = {}
    wordings = ProvisionText.objects.filter(provision__document__in=keys, words__matches=words)
    wordings = wordings.select_related("provision").order_by("provision__document_id", "provision__order", "-edition")
    for wording in wordings.distinct("provision__document_id"):
        told = text.excerpt(f"{every(wording.heading)} {every(wording.text)}", words)
        hit = Hit(told, address=wording.provision.address)
        found.setdefault(wording.provision.document_id, []).append(hit)
    passages = Passage.objects.filter(
        attachment__document__in=keys, attachment__detached_at=None, words__matches=words
    ).select_related("attachment__file")
    for passage in passages.order_by("attachment__document_id", "attachment__number", "number").distinct(
        "attachment__document_id"
    ):
        file = passage.attachment.file
        hit = Hit(
            text.excerpt(passage.text, words),
            file=file.name,
            file_id=file.pk,
            number=passage.attachment.number,
            page=passage.page,
        )
        found.setdefault(passage.attachment.document_id, []).append(hit)
    return found
