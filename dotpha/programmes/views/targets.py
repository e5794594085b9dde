"""Targets of a programme: the list, one of them, adding, changing, withdrawing (C2)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dotpha.accounts import rights
from dotpha.platform import citations, exports
from dotpha.platform.late import arrange
from dotpha.platform.pages import desk_page, past_of, render, status_of, whole
from dotpha.platform.refusals import refusals_on
from dotpha.platform.versions import version_sent
from dotpha.programmes import actions
from dotpha.programmes.forms import targets as shapes
from dotpha.programmes.forms.fields import organisation_names
from dotpha.programmes.forms.titles import typed
from dotpha.programmes.models import Programme, Target
from dotpha.programmes.queries import about
from dotpha.programmes.queries import targets as queries
from dotpha.programmes.queries.programmes import one_programme
from dotpha.programmes.rules import targets as rules
from dotpha.programmes.tables import TargetTable, target_value


@desk_page("GET")
def targets(request: Any, key: str) -> HttpResponseBase:
    """The dated targets of a programme as the document writes them, by year."""
    found = one_programme(request.actor, key)
    years = queries.by_year(found, request.on)
    year, words = request.GET.get("year", ""), request.GET.get("q", "").strip()[:200]
    withdrawn = request.GET.get("withdrawn") == "1"
    number = int(year) if year.isdecimal() and len(year) == 4 else None
    rows = queries.of_programme(found, request.on, year=number, words=words, withdrawn=withdrawn)
    table = TargetTable(rows, past_of(request))
    if request.GET.get("export"):
        columns, values = exports.plain(table)
        return exports.answer(request, f"targets-{key}", _("Targets"), columns, values, words)
    arrange(request, table, 100)
    page = {
        "programme": found,
        "table": table,
        "years": years,
        "year": year,
        "q": words,
        "withdrawn": withdrawn,
        "withdrawn_count": queries.of_programme(found, request.on, withdrawn=True).count(),
        "total": sum(number for _year, number in years),
        "shown": table.page.paginator.count,
        "may_change": may_change(request, found),
        "about": about.of_targets(request.actor, request.on, found),
        "past": past_of(request),
    }
    return render(request, "programmes/targets.html", page)


def may_change(request: Any, programme: Programme) -> bool:
    """Whether the page offers to change the targets of a programme."""
    return rights.may(request.actor, "programme.change", programme.scopes) and not request.in_past


@desk_page("GET", "POST")
def target(request: Any, key: str) -> HttpResponse:
    """One target: what is to be reached, its parts, its history; who may withdraws it or puts it in force again."""
    found = queries.one_target(request.actor, key)
    if request.method == "POST":
        rights.require(request.actor, "programme.change", found.programme.scopes)
    in_force = rules.in_force(found.withdrawn_on, request.on)
    form = shapes.WhyForm(request.POST if request.method == "POST" else None, label_suffix="")
    if form.is_valid():
        with refusals_on(form):
            messages.success(request, act(request, found, form.cleaned_data["reason"]))
            return redirect("programmes:target", key)
    page = {
        "target": found,
        "value": target_value(found),
        "source": citations.said(found.source),
        "comparison": dict(Target.Comparison.choices).get(found.comparison, ""),
        "parts": [(each, target_value(each)) for each in queries.parts_of(found, request.on)],
        "in_force": in_force,
        "form": form,
        "may_change": may_change(request, found.programme),
        "events": queries.history(found, request.on),
        "past": past_of(request),
    }
    return render(request, "programmes/target.html", page, status=status_of(form))


def act(request: Any, found: Target, reason: str) -> str:
    """Do what the button says; answers the sentence of success."""
    if request.POST.get("act") == "restore":
        actions.restore_target(target=found, reason=reason, by=request.actor)
        return _("The target is in force again.")
    actions.withdraw_target(target=found, reason=reason, by=request.actor, on=request.today)
    return _("The target was withdrawn. It is kept, and counts no more.")


@desk_page("GET", "POST")
def target_add(request: Any, key: str) -> HttpResponse:
    """Add a dated target to a programme; its key is proposed."""
    found = one_programme(request.actor, key)
    rights.require(request.actor, "programme.change", found.scopes)
    order = queries.next_order(found)
    form = shapes.TargetAddForm(
        request.POST if request.method == "POST" else None,
        upper=queries.of_programme(found, request.today).filter(parent=None),
        initial={"key": f"{key}-target-{order}"[:80], "comparison": ">="},
        label_suffix="",
    )
    if form.is_valid():
        with refusals_on(form):
            said = form.facts
            owner = said.pop("owner")
            row = actions.TargetRow(
                **said,
                key=form.cleaned_data["key"],
                title=form.titles,
                order=order,
                parent=form.cleaned_data["parent"],
                owner=owner.key if owner else "",
                verbatim=False,
            )
            [made] = actions.add_targets(programme=found, rows=[row], by=request.actor)
            messages.success(request, _("The target was added."))
            return redirect("programmes:target", made.key)
    page = {"programme": found, "form": form, "names": organisation_names(), "target": None}
    return render(request, "programmes/target_edit.html", page, status=status_of(form))


@desk_page("GET", "POST")
def target_change(request: Any, key: str) -> HttpResponse:
    """Change what a target says. What somebody else changed meanwhile is not written over."""
    found = queries.one_target(request.actor, key)
    rights.require(request.actor, "programme.change", found.programme.scopes)
    rules.require_in_force(found.withdrawn_on)
    form = shapes.TargetChangeForm(
        request.POST if request.method == "POST" else None,
        published=found.programme.published_at is not None,
        initial=typed(found.title) | shapes.facts_of(found),
        label_suffix="",
    )
    if form.is_valid():
        with refusals_on(form):
            actions.change_target(
                target=found,
                changes={**form.facts, "title": form.merged(found.title)},
                version=whole(request.POST.get("version")),
                reason=form.cleaned_data["reason"],
                by=request.actor,
            )
            messages.success(request, _("The target was changed."))
            return redirect("programmes:target", key)
    version = version_sent(form, request.POST.get("version"), found.version)
    page = {
        "programme": found.programme,
        "form": form,
        "names": organisation_names(),
        "target": found,
        "version": version,
    }
    return render(request, "programmes/target_edit.html", page, status=status_of(form))
