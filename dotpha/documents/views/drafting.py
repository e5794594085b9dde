"""Documents that are drafted: where each stands, what is late, what was issued (B5)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from dotpha.accounts import rights, scopes
from dotpha.documents import actions, kinds, queries, rules
from dotpha.documents.forms import StepsForm
from dotpha.documents.noting import noted
from dotpha.documents.tables import DraftTable
from dotpha.documents.views.documents import period_of, years_of
from dotpha.platform import exports, periods
from dotpha.platform.late import arrange
from dotpha.platform.pages import desk_page, language, past_of, render, status_of, whole
from dotpha.platform.refusals import refusals_on
from dotpha.platform.versions import version_sent

PAGE = 50
PERIODS_SHOWN = 6


@desk_page("GET")
def drafting(request: Any) -> HttpResponseBase:
    """What is drafted, the latest first, filtered by the address; and what was issued, by kind and period."""
    kind, step = request.GET.get("kind", ""), request.GET.get("step", "")
    late, period = request.GET.get("late") == "true", period_of(request)
    rows = queries.drafts(request.actor, request.on, kind=kind, step=step, late=late, period=period)
    table = DraftTable(rows, on=request.on)
    if request.GET.get("export"):
        return exports.of_table(request, table, "drafting")
    arrange(request, table, PAGE)
    issued = queries.issued_counts(request.actor, request.on, period)
    shown = dict(list(issued.items())[:PERIODS_SHOWN])
    page = {
        "table": table, "total": len(rows), "kinds": kinds.KINDS, "steps": rules.STEP_NAMES, "kind": kind,
        "step": step, "late": late, "period": period, "years": years_of(request), "issued": shown,
        "columns": [each for each in kinds.KINDS if any(each in counts for counts in shown.values())],
        "period_words": lambda each: periods.written(each, language()),
        "past": past_of(request),
    }  # fmt: skip
    return render(request, "documents/drafting.html", page)


@desk_page("GET", "POST")
def steps(request: Any, key: str) -> HttpResponse:
    """The planned and actual day of each step of one document."""
    found = noted(request, queries.one(request.actor, key))
    rights.require(request.actor, "document.change", [scopes.ALL])
    form = StepsForm(
        request.POST if request.method == "POST" else None, initial=StepsForm.of(queries.drafting_steps(found))
    )
    if form.is_valid():
        with refusals_on(form):
            actions.record_drafting(
                document=found,
                steps=form.steps(),
                version=whole(request.POST.get("version")),
                reason=form.cleaned_data["reason"],
                by=request.actor,
                on=request.today,
            )
            return redirect("documents:document", key)
    version = version_sent(form, request.POST.get("version"), found.version)
    page = {"document": found, "form": form, "version": version, "steps": rules.STEP_NAMES}
    return render(request, "documents/drafting_steps.html", page, status=status_of(form))
