"""Progress reports: writing, sending, checking product by product, approving, returning, correcting, verifying."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dotpha.accounts import rights
from dotpha.platform import advice
from dotpha.platform.pages import desk_page, past_of, render, status_of, whole
from dotpha.platform.refusals import Refused, refusals_on
from dotpha.platform.uploads import checked
from dotpha.platform.versions import version_sent
from dotpha.programmes import actions
from dotpha.programmes.actions.keeping import discard_report as discard
from dotpha.programmes.actions.keeping import keep_report, require_none_begun
from dotpha.programmes.forms.reports import CorrectForm, NoteForm, ReportForm, ReviewForm
from dotpha.programmes.models import Report
from dotpha.programmes.queries import one, records, reporting
from dotpha.programmes.queries import tasks as queries
from dotpha.programmes.rules.extensions import require_takes_reports
from dotpha.programmes.views.closed import closed_page

FIELDS = ("percent", "summary", "next_step", "risk", "lower_reason", "completed_on", "period")


@desk_page("GET", "POST")
def report_add(request: Any, key: str) -> HttpResponse:
    """A new report of the lead. A draft or a returned report of the task is opened instead of a second one."""
    card = one.card(request.actor, key, request.today)
    rights.require(request.actor, "report.write", card.lead_scopes)
    closed = closed_page(request, card, _("Report progress"), require_takes_reports)
    if closed is not None:
        return closed
    waiting = card.unfinished_report
    if request.method == "GET" and waiting:
        return redirect("programmes:report", waiting.pk)
    initial = {"percent": card.task.percent or None, "period": period_of(request, card)}
    form = form_for(ReportForm, request, card, None, initial)
    if form.is_valid():
        with refusals_on(form):
            require_none_begun(card.task)
            report = keep(request, card, form)
            return after_keeping(request, card, form, report)
    return writing(request, card, form, None, begun=waiting)


def period_of(request: Any, card: one.Card) -> str:
    """The period that a new report is about: the one that the link names, else the one whose report is missing."""
    owed = request.GET.get("period") or reporting.of_task(card.task, card.on)
    return str(owed or "")


@desk_page("POST")
def discard_report(request: Any, pk: int) -> HttpResponse:
    """Discard a draft that was never sent."""
    found = one_of(request, pk)
    discard(report=found, version=whole(request.POST.get("version")), by=request.actor, on=request.today)
    messages.success(request, _("The draft was discarded."))
    return redirect("programmes:task", found.task.key)


def form_for(
    kind: type[ReportForm], request: Any, card: one.Card, report: Report | None, initial: dict[str, Any]
) -> ReportForm:
    """A form of reports for this task, filled from what was sent or from `initial`."""
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    open_rounds = [
        each
        for each in card.occurrences
        if each.completed_on is None and each.due_on <= card.on.replace(month=12, day=31)
    ]
    return kind(*data, initial=initial, products=card.products, occurrences=open_rounds, report=report)


def keep(request: Any, card: one.Card, form: ReportForm, report: Report | None = None, correcting: str = "") -> Report:
    """Keep what was typed, with its files."""
    declared = form.cleaned_data["declared"]
    uploads = {name: checked(given, declared=declared) for name, given in form.uploads().items()}
    number = form.cleaned_data.get("occurrence")
    occurrence = next((each for each in card.occurrences if str(each.pk) == number), None)
    return keep_report(
        task=card.task,
        told=form.row,
        uploads=uploads,
        report=report,
        occurrence=occurrence,
        version=whole(request.POST.get("version")),
        correcting=correcting,
        by=request.actor,
        on=request.today,
    )


def after_keeping(request: Any, card: one.Card, form: ReportForm, report: Report) -> HttpResponse:
    """Send the kept report where that was asked; refused, it stays a draft and the page says why."""
    if "send" not in request.POST:
        messages.success(request, _("The draft was kept. It is not sent yet."))
        return redirect("programmes:report", report.pk)
    with refusals_on(form):
        actions.submit_report(report=report, by=request.actor, on=request.today)
        messages.success(request, _("The report was sent. It waits for approval."))
        return redirect("programmes:task", card.task.key)
    return again(request, card, one_of(request, report.pk), form.refusal)


def again(request: Any, card: one.Card, kept: Report, refusal: Refused) -> HttpResponse:
    """The form of a report that was kept but not sent: all that was typed, its evidence as boxes to keep."""
    data = request.POST.copy()
    for name in [name for name in data if name.endswith(("-number", "-issued_on", "-url"))]:
        data[name] = ""
    for each in kept.evidence.all():
        data[f"keep{each.pk}"] = "on"
    form = ReportForm(data, products=card.products, occurrences=card.occurrences, report=kept)
    form.is_valid()
    with refusals_on(form):
        raise refusal
    messages.warning(request, _("What you wrote is kept as a draft. It was not sent: see below."))
    return writing(request, card, form, kept, kept_now=True)


def one_of(request: Any, number: int) -> Report:
    """The report of this number with its evidence, for this reader."""
    rows = records.visible_reports(request.actor, request.on).prefetch_related("issues__evidence")
    found = rows.filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Refused("not_found", _("There is nothing here under this number."), do=advice.FIND, status=404)
    return found


def writing(
    request: Any,
    card: one.Card,
    form: ReportForm,
    report: Report | None,
    begun: Report | None = None,
    *,
    kept_now: bool = False,
) -> HttpResponse:
    """The page on which a report is written. `begun`: one of the task that waits to be finished instead; `kept_now`:
    what was sent is kept already, so the version sent with it is past."""
    correcting = isinstance(form, CorrectForm)
    given = None if kept_now else request.POST.get("version")
    page = {
        "card": card,
        "task": card.task,
        "form": form,
        "report": report,
        "version": version_sent(form, given, report.version) if report else "",
        "past": {},
        "begun": begun,
        "correcting": correcting,
        "may_discard": report is not None and not correcting and report.state == "draft",
    }
    return render(request, "programmes/report_edit.html", page, status=status_of(form))


@desk_page("GET", "POST")
def report(request: Any, pk: int) -> HttpResponse:
    """A report: its writer mends and sends it, its approver checks it, everybody else reads it."""
    found = one_of(request, pk)
    card = one.card(request.actor, found.task.key, request.on)
    writes = rights.may(request.actor, "report.write", card.lead_scopes) and not request.in_past
    takes = card.is_open or found.corrects_id is not None or request.method == "POST"
    if writes and takes and found.state in ("draft", "returned"):
        return mend(request, card, found)
    if writes and found.state == "approved" and "correct" in request.GET:
        return correct(request, card, found)
    if request.method == "POST":
        return review(request, card, found)
    return reading(request, card, found, ReviewForm(issues=list(found.issues.all())), writes=writes)


def initial_of(report: Report) -> dict[str, Any]:
    """What a report says, as the form shows it."""
    waivers = {f"p{issue.product_id}-waiver": issue.waiver_reason for issue in report.issues.all()}
    return {name: getattr(report, name) for name in FIELDS} | waivers | {"occurrence": str(report.occurrence_id or "")}


def mend(request: Any, card: one.Card, found: Report) -> HttpResponse:
    """Change a draft or a returned report, and send it."""
    form = form_for(ReportForm, request, card, found, initial_of(found))
    if form.is_valid():
        with refusals_on(form):
            return after_keeping(request, card, form, keep(request, card, form, found))
    return writing(request, card, form, found)


def correct(request: Any, card: one.Card, found: Report) -> HttpResponse:
    """Begin a new version of an approved report; the former one counts until this one is approved."""
    form = form_for(CorrectForm, request, card, found, initial_of(found))
    if form.is_valid():
        with refusals_on(form):
            made = keep(request, card, form, found, correcting=form.cleaned_data["reason"])
            return after_keeping(request, card, form, made)
    return writing(request, card, form, found)


def review(request: Any, card: one.Card, found: Report) -> HttpResponse:
    """Approve, return or verify, as the button says."""
    asked = request.POST.get("act", "")
    form: Any = (
        NoteForm(request.POST) if asked == "verify" else ReviewForm(request.POST, issues=list(found.issues.all()))
    )
    if form.is_valid():
        with refusals_on(form):
            by, on, said = request.actor, request.today, form.cleaned_data
            if asked == "verify":
                actions.verify_report(report=found, note=said["note"], by=by, on=on)
                messages.success(request, _("The report was verified."))
            elif asked == "return":
                actions.return_report(report=found, reason=said["reason"], rejected=form.rejected(), by=by, on=on)
                messages.success(request, _("The report was returned with your reason."))
            else:
                actions.approve_report(report=found, confirmed=form.confirmed(), reason=said["reason"], by=by, on=on)
                messages.success(request, _("The report was approved."))
            return redirect("programmes:task", card.task.key)
    writes = rights.may(request.actor, "report.write", card.lead_scopes)
    return reading(request, card, found, form, writes=writes)


def reading(request: Any, card: one.Card, found: Report, form: Any, *, writes: bool) -> HttpResponse:
    """The page on which a report is read, with what this person may do with it."""
    me, held = request.actor.user_id, rights.standings(request.actor)
    own = me is not None and me in (found.submitted_by_id, found.drafted_by_id)
    waits = found.state == "submitted" and not request.in_past
    checks = held.may("report.verify", queries.scopes_of(card.task)) and me not in (
        found.submitted_by_id,
        found.approved_by_id,
    )
    page = {
        "card": card,
        "task": card.task,
        "report": found,
        "form": form,
        "past": past_of(request),
        "may_review": waits and not own and held.may("report.approve", card.scopes),
        "own": waits and own and held.may("report.approve", card.scopes),
        "may_verify": found.state == "approved" and found.verified_at is None and checks and not request.in_past,
        "may_correct": found.state == "approved" and writes,
        "note_form": form if isinstance(form, NoteForm) else NoteForm(),
        "issues": list(found.issues.all()),
    }
    return render(request, "programmes/report.html", page, status=status_of(form))
