"""Splitting a task into several: a row for each, more rows by a button, everything typed kept on refusal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dotpha.accounts import rights
from dotpha.platform.pages import desk_page, render, status_of
from dotpha.platform.refusals import Refused, refusals_on
from dotpha.programmes import actions
from dotpha.programmes.forms.fields import organisation_names
from dotpha.programmes.forms.splitting import MORE, MOST, SplitForm, rows_asked
from dotpha.programmes.queries import one, register
from dotpha.programmes.task_row import TaskRow


@desk_page("GET", "POST")
def task_split(request: Any, key: str) -> HttpResponse:
    """Put several tasks in the place of one: it leaves what is assigned from today, and all keep the link."""
    card = one.card(request.actor, key, request.today)
    rights.require(request.actor, "task.cancel", card.assigner_scopes)
    if request.method == "GET" and not card.is_open:
        messages.warning(request, _("This cannot be done in the present state of the task."))
        return redirect("programmes:task", key)
    form = form_of(request)
    if form.is_valid():
        with refusals_on(form):
            made = split(request, card, form)
            messages.success(request, _("The task was split. The new ones: %(keys)s.") % {"keys": ", ".join(made)})
            return redirect("programmes:task", key)
    page = {
        "task": card.task,
        "card": card,
        "into": [each.programme for each in card.memberships],
        "form": form,
        "may_add_rows": len(form.rows) < MOST,
        "names": organisation_names(),
        "past": {},
    }
    return render(request, "programmes/task_split.html", page, status=status_of(form))


def form_of(request: Any) -> SplitForm:
    """The form with as many rows as asked for; asked for more, it shows again what was typed and refuses nothing."""
    if request.method == "GET":
        return SplitForm(rows=rows_asked(request.GET.get("rows")))
    rows = rows_asked(request.POST.get("rows"))
    if "more" in request.POST:
        return SplitForm(initial=request.POST.dict(), rows=rows_asked(str(rows + MORE)))
    return SplitForm(request.POST, rows=rows)


def split(request: Any, card: one.Card, form: SplitForm) -> list[str]:
    """Split the task as the form says; answers the keys of the new ones. A refusal names its row."""
    rows = form.task_rows(row_like(card), register.free_keys(card.task.key, len(form.rows)))
    said = form.cleaned_data
    try:
        made = actions.split_task(
            task=card.task,
            rows=rows,
            reason=said["reason"],
            document=said["document"],
            by=request.actor,
            on=request.today,
        )
    except Refused as refusal:
        form.place(refusal)
        raise
    return [each.key for each in made]


def row_like(card: one.Card) -> TaskRow:
    """What a row takes from the task where it says nothing: its lead, its deadline and the due date in force."""
    task = card.task
    lead = next((each.organisation.key for each in card.assignments if each.organisation_id == task.lead_id), "")
    return TaskRow(
        key=task.key,
        title=task.title,
        lead=lead,
        deadline_text=task.deadline_text or "–",
        deadline_kind=task.deadline_kind,
        deadline_start_on=task.deadline_start_on,
        due_on=task.due_on,
        recurs_every=task.recurs_every,
    )
