"""The files of a document: attaching one, taking one away."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from dotpha.accounts import rights, scopes
from dotpha.documents import actions, queries
from dotpha.documents.forms import AttachForm, ReasonForm
from dotpha.platform.pages import desk_page, render, status_of
from dotpha.platform.refusals import refusals_on
from dotpha.platform.uploads import checked

KINDS = ("pdf", "docx", "xlsx", "csv", "png", "jpg", "webp")
"""What an original may be: a document as it was sent, or a picture of it."""


@desk_page("GET", "POST")
def attach(request: Any, key: str) -> HttpResponse:
    """Keep the original, or an annex, with the document."""
    found = queries.one(request.actor, key)
    rights.require(request.actor, "document.change", [scopes.ALL])
    form = AttachForm(initial={"obtained_on": request.today, "source": found.source})
    if request.method == "POST":
        form = AttachForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_on(form):
            said = form.cleaned_data
            actions.attach_file(
                document=found,
                upload=checked(said["file"], KINDS, declared=said["declared"]),
                source=said["source"],
                obtained_on=said["obtained_on"],
                by=request.actor,
                on=request.today,
            )
            return redirect("documents:document", key)
    return render(request, "documents/attach.html", {"document": found, "form": form}, status=status_of(form))


@desk_page("GET", "POST")
def detach(request: Any, key: str, number: int) -> HttpResponse:
    """Take a file away, with the reason."""
    found = queries.one_attachment(request.actor, key, number)
    rights.require(request.actor, "document.change", [scopes.ALL])
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            actions.detach_file(attachment=found, reason=form.cleaned_data["reason"], by=request.actor)
            return redirect("documents:document", key)
    page = {"document": found.document, "attachment": found, "form": form}
    return render(request, "documents/detach.html", page, status=status_of(form))
