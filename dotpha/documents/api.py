"""The API of the register of documents. Without a token: public documents."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Field, Query, Router, Schema

from dotpha.documents import clauses, finding, queries
from dotpha.documents.models import Attachment, Document, Relation
from dotpha.documents.noting import noted
from dotpha.platform.api import ApiRequest, Page, Paging, Times, paged
from dotpha.platform.pages import url
from dotpha.platform.texts import read

router = Router(tags=["documents"])


class DocumentOut(Schema):
    """The card of a document. `state` is derived for the day asked about."""

    key: str = Field(examples=["nq-57"])
    number: str = Field(examples=["57-NQ/TW"])
    kind: str = Field(examples=["resolution"])
    issuer: str | None = Field(description="Key of the organisation that issued it")
    title: str
    signed_on: date | None
    in_force_on: date | None
    expired_on: date | None
    state: str = Field(examples=["in_force"])
    mark: str = Field(description="public, internal or restricted")
    verified: bool = Field(description="Checked against the original by a second person")
    source: str
    version: int


class FoundInOut(Schema):
    """A place where the words asked for stand: a provision, or a file of the document."""

    provision: str | None = Field(description="Address")
    file: int | None = Field(description="Number of the file within the document")
    page: int | None = Field(description="Of a file that has pages")
    excerpt: str


class DocumentRowOut(DocumentOut):
    """A document of the list; with `q`, where its words stand in provisions and files."""

    found_in: list[FoundInOut]


class ProvisionOut(Schema):
    """A provision under its address, with the wording and the state of the day."""

    address: str = Field(examples=["III.2"])
    kind: str
    parent: str | None
    heading: str
    text: str
    verbatim: bool
    state: str = Field(description="Derived as that of a document", examples=["in_force"])


class RelationOut(Schema):
    """What one document does to another."""

    kind: str = Field(examples=["implements"])
    document: str = Field(description="Key of the other document")
    number: str
    provision: str | None
    on: date | None


class FileOut(Schema):
    """A file of a document; who may read the document may open it at `url`, signed in."""

    number: int
    name: str
    media_type: str
    size: int = Field(description="Bytes")
    sha256: str
    source: str = Field(description="Where it was obtained")
    obtained_on: date | None
    url: str


class DocumentDetailOut(DocumentOut):
    """A document with its provisions, its files and its relations both ways."""

    provisions: list[ProvisionOut]
    files: list[FileOut]
    relations: list[RelationOut] = Field(description="What this document does to others")
    relations_in: list[RelationOut] = Field(description="What others do to it")


def document_out(row: Document, on: date) -> dict[str, Any]:
    """A document of `queries.with_effects` as the API shows it."""
    return {
        "key": row.key,
        "number": row.number,
        "kind": row.kind,
        "issuer": row.issuer.key if row.issuer else None,
        "title": row.heading.text,
        "signed_on": row.signed_on,
        "in_force_on": row.in_force_on,
        "expired_on": row.expired_on,
        "state": queries.state(row, on),
        "mark": row.mark,
        "verified": row.is_verified,
        "source": row.source,
        "version": row.version,
    }


def _relation(row: Relation, other: Document) -> dict[str, Any]:
    address = row.provision.address if row.provision else None
    return {
        "kind": row.kind,
        "document": other.key,
        "number": other.number,
        "provision": address,
        "on": row.on,
    }


def _provision(line: clauses.Line, addresses: dict[int, str]) -> dict[str, Any]:
    wording = line.wording
    return {
        "address": line.provision.address,
        "kind": line.provision.kind,
        "parent": addresses.get(line.provision.parent_id or 0),
        "heading": read(wording.heading).text if wording else "",
        "text": read(wording.text).text if wording else "",
        "verbatim": wording.verbatim if wording else False,
        "state": line.state,
    }


def _file(row: Attachment) -> dict[str, Any]:
    return {
        "number": row.number,
        "name": row.file.name,
        "media_type": row.file.media_type,
        "size": row.file.size,
        "sha256": row.file.sha256,
        "source": row.source,
        "obtained_on": row.obtained_on,
        "url": url("platform:file", row.file_id),
    }


def _found_in(hit: finding.Hit) -> dict[str, Any]:
    return {"provision": hit.address or None, "file": hit.number, "page": hit.page, "excerpt": hit.excerpt}


@router.get("/documents", response=Page[DocumentRowOut], summary="List documents")
def list_documents(
    request: ApiRequest,
    paging: Query[Paging],
    times: Query[Times],
    q: str = Query("", max_length=300, description="A number however written, or words of title and text"),
    kind: str = Query("", max_length=40),
    issuer: str = Query("", max_length=80, description="Key of the organisation that issued it"),
) -> dict[str, Any]:
    """Documents known on the day; those of the number asked for come first, then the newest."""
    with times.reading() as on:
        rows = queries.with_effects(queries.register(request.actor, on, q, kind, issuer))
        listed = paged(rows, paging)
        hits = finding.hits(listed["items"], q)
        listed["items"] = [
            {**document_out(row, on), "found_in": [_found_in(hit) for hit in hits.get(row.pk, ())]}
            for row in listed["items"]
        ]
        return listed


@router.get("/documents/{key}", response=DocumentDetailOut, summary="Read a document")
def read_document(request: ApiRequest, key: str, times: Query[Times]) -> dict[str, Any]:
    """A document with its provisions and the chain of its relations."""
    with times.reading() as on:
        document = noted(request, queries.one(request.actor, key))
        lines = clauses.structure(document, on)
        addresses = {line.provision.pk: line.provision.address for line in lines}
        onward, inward = queries.relations_of(document, request.actor)
        return {
            **document_out(document, on),
            "provisions": [_provision(line, addresses) for line in lines],
            "files": [_file(each) for each in queries.files_of(document).filter(detached_at=None)],
            "relations": [_relation(each, each.target) for each in onward],
            "relations_in": [_relation(each, each.source) for each in inward],
        }
