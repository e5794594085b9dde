"""What hangs on a document: its provisions, and what it does to others."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.documents import actions, clauses, kinds, queries
from dotpha.documents import structure as splitting
from dotpha.documents.forms import RelationForm, TextForm, WordingForm
from dotpha.documents.models import Document
from dotpha.documents.noting import noted
from dotpha.documents.rows import ProvisionRow, RelationRow
from dotpha.platform import advice, text
from dotpha.platform.pages import desk_page, render, status_of, whole
from dotpha.platform.refusals import Refused, refusals_on
from dotpha.platform.texts import read
from dotpha.platform.versions import version_sent


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
                raise Refused(
                    "no_provision",
                    _("No numbered provision was found in this text."),
                    do=advice.NUMBER_PROVISIONS,
                    field="text",
                )
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


@desk_page("GET", "POST")
def wording(request: Any, key: str, address: str) -> HttpResponse:
    """Give a provision another wording from a day. Translations of what changes stay with the former one."""
    found = clauses.one(request.actor, key, address)
    rights.require(request.actor, "document.change", [scopes.ALL])
    noted(request, found.document)
    last = found.texts.first()
    held = {"heading": last.heading if last else {}, "text": last.text if last else {}}
    initial = {name: read(texts, "vi").text for name, texts in held.items()}
    form = WordingForm(
        request.POST if request.method == "POST" else None, initial={**initial, "from_on": request.today}
    )
    if form.is_valid():
        with refusals_on(form):
            said = form.cleaned_data
            texts = {
                name: held[name] if text.clean(said[name]) == initial[name] else {"vi": said[name]} for name in held
            }
            actions.change_wording(
                provision=found,
                **texts,
                from_on=said["from_on"],
                version=whole(request.POST.get("version")),
                reason=said["reason"],
                by=request.actor,
            )
            return redirect("documents:provision", key, address)
    version = version_sent(form, request.POST.get("version"), found.document.version)
    page = {"provision": found, "document": found.document, "form": form, "version": version}
    return render(request, "documents/wording.html", page, status=status_of(form))


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
            do=advice.GIVE_KEY,
            field="target",
            text=said,
        )
    return found[0]
