"""The register of documents: list, card with structure and relations, entering, changing, checking."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django_tables2 import RequestConfig

from dotpha.accounts import rights, scopes
from dotpha.directory import queries as directory
from dotpha.directory.models import Organisation
from dotpha.documents import actions, kinds, queries
from dotpha.documents import structure as splitting
from dotpha.documents.forms import DocumentForm, NewDocumentForm, RelationForm, TextForm
from dotpha.documents.models import Document
from dotpha.documents.rows import DocumentRow, ProvisionRow, RelationRow
from dotpha.documents.tables import DocumentTable
from dotpha.platform import exports
from dotpha.platform.pages import desk_page, render, status_of
from dotpha.platform.refusals import Refused, refusals_on
from dotpha.platform.registry import registry

PAGE = 50
LONGEST = 200


@desk_page("GET")
def documents(request: Any) -> HttpResponseBase:
    """The register of a day: search a number however written or words, filter, export what is shown."""
    words, kind = request.GET.get("q", "")[:LONGEST], request.GET.get("kind", "")
    year = request.GET.get("year", "")
    rows = queries.register(
        request.actor,
        request.on,
        words,
        kind,
        request.GET.get("issuer", ""),
        int(year) if year.isdecimal() and len(year) == 4 else None,
    )
    table = DocumentTable(queries.with_effects(rows), on=request.on)
    if request.GET.get("export"):
        return exports.of_table(request, table, "documents")
    RequestConfig(request, paginate={"per_page": PAGE, "silent": True}).configure(table)
    years = [each.year for each in queries.visible(request.actor).dates("signed_on", "year", order="DESC")]
    page = {
        "table": table, "total": table.page.paginator.count, "kinds": kinds.KINDS, "q": words, "kind": kind,
        "year": year, "years": years,
    }  # fmt: skip
    return render(request, "documents/documents.html", page)


@desk_page("GET")
def document(request: Any, key: str) -> HttpResponse:
    """A document: card, state of the day, structure, relations both ways, files, what it led to."""
    found = queries.one(request.actor, key)
    onward, inward = queries.relations_of(found, request.actor)
    page = {
        "document": found,
        "kind": kinds.document_kind(found.kind),
        "state": kinds.STATES[queries.state(found, request.on)],
        "lines": queries.structure(found, request.on),
        "provision_kind": kinds.provision_kind,
        "onward": onward,
        "inward": inward,
        "panels": registry.filled(request, "document", found),
        "events": queries.history(found),
        "may_change": rights.may(request.actor, "document.change") and not request.in_past,
        "may_verify": rights.may(request.actor, "document.verify") and not request.in_past and not found.is_verified
        and found.added_by != request.actor.key,
    }  # fmt: skip
    return render(request, "documents/document.html", page)


@desk_page("GET")
def provision(request: Any, key: str, address: str) -> HttpResponse:
    """One provision under its address, with every wording it had and what it led to."""
    found = queries.one_provision(request.actor, key, address)
    page = {
        "provision": found,
        "document": found.document,
        "kind": kinds.provision_kind(found.kind),
        "texts": found.texts.all(),
        "children": found.children.order_by("order"),
        "panels": registry.filled(request, "provision", found),
    }
    return render(request, "documents/provision.html", page)


@desk_page("GET", "POST")
def document_add(request: Any) -> HttpResponse:
    """Enter a document; a second person checks it against the original."""
    rights.require(request.actor, "document.change", [scopes.ALL])
    form = NewDocumentForm(request.POST if request.method == "POST" else None, initial={"mark": "public"})
    if form.is_valid():
        with refusals_on(form):
            given = form.cleaned_data
            issuer = issuer_of(given["issuer"], request.today)
            row = DocumentRow(
                key=given["key"],
                number=given["number"],
                kind=given["kind"],
                title={"vi": given["title_vi"]},
                issuer=issuer.key if issuer else "",
                signatory=given["signatory"],
                signed_on=given["signed_on"],
                in_force_on=given["in_force_on"],
                expired_on=given["expired_on"],
                mark=given["mark"],
                source=given["source"],
                obtained_on=request.today,
            )
            if not actions.add_documents(rows=[row], by=request.actor):
                raise Refused("key_taken", _("There is a document of this key already."), field="key", status=409)
            return redirect("documents:document", row.key)
    return render(request, "documents/document_add.html", {"form": form}, status=status_of(form))


def issuer_of(said: str, on: Any) -> Organisation | None:
    """The organisation of a key or a name as written; refused when nobody knows it."""
    said = said.strip()
    if not said:
        return None
    found = Organisation.objects.filter(key=said).first()
    if found is None:
        match = directory.matcher().find(said, on)
        found = Organisation.objects.filter(key=match.lead).first() if match.certain else None
    if found is None:
        raise Refused("unknown_issuer", _("“%(text)s” is not in the directory."), field="issuer", text=said)
    return found


@desk_page("GET", "POST")
def document_change(request: Any, key: str) -> HttpResponse:
    """Change the card. What somebody else changed meanwhile is not overwritten."""
    found = queries.one(request.actor, key)
    rights.require(request.actor, "document.change", [scopes.ALL])
    initial = {
        "number": found.number, "kind": found.kind, "title_vi": found.title.get("vi", found.heading.text),
        "issuer": found.issuer.key if found.issuer else "", "signatory": found.signatory, "signed_on": found.signed_on,
        "in_force_on": found.in_force_on, "expired_on": found.expired_on, "mark": found.mark, "source": found.source,
    }  # fmt: skip
    form = DocumentForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        with refusals_on(form):
            given = dict(form.cleaned_data)
            changes: dict[str, Any] = {name: given[name] for name in given if name not in ("title_vi", "issuer")}
            changes["title"] = {**found.title, "vi": given["title_vi"]}
            changes["issuer"] = issuer_of(given["issuer"], request.today)
            version = int(request.POST.get("version") or 0) or None
            actions.change_document(
                document=found,
                changes=changes,
                version=version,
                reason=request.POST.get("reason", "")[:500],
                by=request.actor,
            )
            return redirect("documents:document", key)
    version = request.POST.get("version") or found.version
    page = {"document": found, "form": form, "version": version}
    return render(request, "documents/document_change.html", page, status=status_of(form))


@desk_page("GET", "POST")
def structure(request: Any, key: str) -> HttpResponse:
    """Paste the text, look at the provisions found in it, then keep them."""
    found = queries.one(request.actor, key)
    rights.require(request.actor, "document.change", [scopes.ALL])
    form = TextForm(request.POST if request.method == "POST" else None)
    proposed: list[Any] = []
    if form.is_valid():
        with refusals_on(form):
            proposed = list(splitting.split(form.cleaned_data["text"]))
            if not proposed:
                raise Refused("no_provision", _("No numbered provision was found in this text."), field="text")
            if "keep" in request.POST:
                rows = [
                    ProvisionRow(
                        each.address,
                        str(each.kind),
                        each.parent or "",
                        {"vi": each.heading},
                        {"vi": each.text},
                    )
                    for each in proposed
                ]
                actions.add_provisions(document=found, rows=rows, by=request.actor)
                return redirect("documents:document", key)
    page = {"document": found, "form": form, "proposed": proposed, "provision_kind": kinds.provision_kind}
    return render(request, "documents/structure.html", page, status=status_of(form))


@desk_page("POST")
def verify(request: Any, key: str) -> HttpResponse:
    """Confirm number, date and text against the original."""
    actions.verify_document(document=queries.one(request.actor, key), by=request.actor)
    return redirect("documents:document", key)


@desk_page("GET", "POST")
def relate(request: Any, key: str) -> HttpResponse:
    """Record what this document does to another."""
    found = queries.one(request.actor, key)
    rights.require(request.actor, "document.change", [scopes.ALL])
    form = RelationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            given = form.cleaned_data
            target = document_of(request, given["target"])
            row = RelationRow(key, given["kind"], target.key, given["provision"], given["on"])
            actions.add_relations(rows=[row], by=request.actor)
            return redirect("documents:document", key)
    return render(request, "documents/relate.html", {"document": found, "form": form}, status=status_of(form))


def document_of(request: Any, said: str) -> Document:
    """The document of a key, or the only one of a number however written."""
    by_key = queries.visible(request.actor).filter(key=said).first()
    if by_key:
        return by_key
    found = list(queries.register(request.actor, request.today, said)[:2])
    if len(found) != 1:
        raise Refused(
            "unknown_document",
            _("There is no document “%(text)s”, or more than one."),
            field="target",
            text=said,
        )
    return found[0]
