"""The register of documents: list, card with structure and relations, entering, changing, checking."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import queries as accounts
from dotpha.accounts import rights, scopes
from dotpha.directory import queries as directory
from dotpha.directory.models import Organisation
from dotpha.documents import actions, clauses, finding, kinds, queries, rules
from dotpha.documents.forms import DocumentForm, NewDocumentForm
from dotpha.documents.models import Attachment, Document
from dotpha.documents.noting import noted
from dotpha.documents.rows import DocumentRow
from dotpha.documents.tables import DocumentTable
from dotpha.platform import advice, exports, periods
from dotpha.platform.actors import shown
from dotpha.platform.late import arrange
from dotpha.platform.pages import desk_page, past_of, render, status_of, whole
from dotpha.platform.periods import Period
from dotpha.platform.refusals import Refused, refusals_on
from dotpha.platform.registry import registry
from dotpha.platform.versions import version_sent

PAGE = 50
LONGEST = 200


@desk_page("GET")
def documents(request: Any) -> HttpResponseBase:
    """The register of a day: search a number however written or words, filter, export what is shown."""
    words, kind = request.GET.get("q", "")[:LONGEST], request.GET.get("kind", "")
    period = period_of(request)
    rows = queries.register(
        request.actor,
        request.on,
        words,
        kind,
        request.GET.get("issuer", ""),
        period,
    )
    table = DocumentTable(queries.with_effects(rows), on=request.on)
    if request.GET.get("export"):
        return exports.of_table(request, table, "documents")
    arrange(request, table, PAGE)
    table.hits = finding.hits([each.record for each in table.paginated_rows], words)
    page = {
        "table": table, "total": table.page.paginator.count, "kinds": kinds.KINDS, "q": words, "kind": kind,
        "period": period, "years": years_of(request), "past": past_of(request),
    }  # fmt: skip
    return render(request, "documents/documents.html", page)


def period_of(request: Any) -> Period | None:
    """The period in the address, if any; refused when it is none."""
    said = request.GET.get("period", "").strip()
    return periods.parse(said) if said else None


def years_of(request: Any) -> list[Period]:
    """The years in which documents of this reader were signed, the newest first."""
    signed = queries.visible(request.actor).dates("signed_on", "year", order="DESC")
    return [periods.containing(each, periods.Size.YEAR) for each in signed]


@desk_page("GET")
def document(request: Any, key: str) -> HttpResponse:
    """A document: card, state of the day, structure, relations both ways, files, what it led to."""
    found = noted(request, queries.one(request.actor, key))
    onward, inward = queries.relations_of(found, request.actor)
    may_change = rights.may(request.actor, "document.change", [scopes.ALL]) and not request.in_past
    files = [each for each in queries.files_of(found) if each.detached_at is None or may_change]
    names = accounts.names_shown({found.added_by, found.verified_by, *by_whom(files)})
    page = {
        "document": found,
        "name_of": lambda key: shown(key, names.get(key, "")),
        "kind": kinds.document_kind(found.kind),
        "state": kinds.STATES[queries.state(found, request.on)],
        "lines": clauses.structure(found, request.on),
        "provision_kind": kinds.provision_kind,
        "states": kinds.STATES,
        "onward": onward,
        "inward": inward,
        "panels": registry.filled(request, "document", found),
        "notes": registry.noted(request, "document", found),
        "files": [each for each in files if each.detached_at is None],
        "detached": [each for each in files if each.detached_at is not None],
        "drafting": drafting_lines(found, request.on),
        "events": queries.history(found, request.on, files),
        "may_change": may_change,
        "may_verify": may_verify(request, found),
    }
    return render(request, "documents/document.html", page)


def by_whom(files: Iterable[Attachment]) -> set[str]:
    """The keys of those who attached these files or took them away."""
    return {key for each in files for key in (each.file.added_by, each.detached_by)}


def may_verify(request: Any, document: Document) -> bool:
    """Whether this reader is offered to check the document against its original."""
    if request.in_past or document.is_verified or not rights.may(request.actor, "document.verify", [scopes.ALL]):
        return False
    return rules.may_check(request.actor.key, document.added_by, document.changed_by)


def drafting_lines(document: Document, on: date) -> list[dict[str, Any]]:
    """The steps of a document whose drafting is followed, each with its days; none where it is not followed."""
    steps = queries.drafting_steps(document)
    if not any(dates.planned_on or step is not rules.Step.ISSUED for step, dates in steps.items()):
        return []
    reached = rules.reached(steps, on)
    return [
        {
            "name": rules.STEP_NAMES[step],
            "dates": steps.get(step, rules.StepDates()),
            "came": step in steps and steps[step].came(on),
            "reached": step == reached,
            "days_late": rules.days_late(steps, step, on),
        }
        for step in rules.Step
    ]


@desk_page("GET")
def provision(request: Any, key: str, address: str) -> HttpResponse:
    """One provision under its address, with every wording it had and what it led to."""
    found = clauses.one(request.actor, key, address)
    noted(request, found.document)
    page = {
        "provision": found,
        "document": found.document,
        "kind": kinds.provision_kind(found.kind),
        "state": kinds.STATES[clauses.states(found.document, request.on)[found.pk]],
        "inward": clauses.acting_on(found, request.actor),
        "editions": clauses.editions(found, request.on),
        "may_change": rights.may(request.actor, "document.change", [scopes.ALL]) and not request.in_past,
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
                raise Refused(
                    "key_taken",
                    _("There is a document of this key already."),
                    do=advice.ANOTHER_KEY,
                    field="key",
                    status=409,
                )
            return redirect("documents:document", row.key)
    page = {"form": form, "first": first_of(form)}
    return render(request, "documents/document_add.html", page, status=status_of(form))


def first_of(form: DocumentForm) -> Document | None:
    """The document that holds the refused number already, to be opened instead (B1)."""
    refusal = getattr(form, "refusal", None)
    if refusal is None or refusal.code != "document_known":
        return None
    return Document.objects.filter(key=refusal.facts["key"]).first()


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
        raise Refused(
            "unknown_issuer", _("“%(text)s” is not in the directory."), do=advice.FIND, field="issuer", text=said
        )
    return found


@desk_page("GET", "POST")
def document_change(request: Any, key: str) -> HttpResponse:
    """Change the card. What somebody else changed meanwhile is not overwritten."""
    found = noted(request, queries.one(request.actor, key))
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
            version = whole(request.POST.get("version"))
            actions.change_document(
                document=found,
                changes=changes,
                version=version,
                reason=request.POST.get("reason", "")[:500],
                by=request.actor,
            )
            return redirect("documents:document", key)
    sent = version_sent(form, request.POST.get("version"), found.version)
    page = {"document": found, "form": form, "version": sent, "first": first_of(form)}
    return render(request, "documents/document_change.html", page, status=status_of(form))


@desk_page("POST")
def verify(request: Any, key: str) -> HttpResponse:
    """Confirm number, date and text against the original, as they were on the page."""
    version = whole(request.POST.get("version"))
    actions.verify_document(document=queries.one(request.actor, key), version=version, by=request.actor)
    return redirect("documents:document", key)
