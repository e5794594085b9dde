"""One change of many tasks: choose what, look at what will happen to each, then do it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dotpha.accounts import rights
from dotpha.platform import text
from dotpha.platform.actors import Actor
from dotpha.platform.pages import desk_page, render, status_of
from dotpha.platform.refusals import Refused, refusals_on
from dotpha.programmes import actions
from dotpha.programmes.filters import TaskFilters, leads
from dotpha.programmes.models import Task, TaskGroup
from dotpha.programmes.queries import lists, tasks
from dotpha.programmes.queries.programmes import visible_programmes
from dotpha.programmes.views.tasks import hidden

MOST = 1000  # tasks changed at once: what one transaction should hold
VERBS = {
    "lead": (_("Give them to another lead agency"), "task.assign"),
    "tags": (_("Add tags"), "task.change"),
    "group": (_("Put them into a task group"), "task.change"),
    "move": (_("Put them into another programme"), "task.change"),
    "copy": (_("Copy them into a programme"), "task.add"),
    "cancel": (_("Cancel them"), "task.cancel"),
}
"""What can be done with many tasks, and the right that it needs."""


class BulkForm(forms.Form):
    """What is to be done with the chosen tasks."""

    verb = forms.ChoiceField(label=_("What is to be done"), widget=forms.RadioSelect)
    lead = forms.ChoiceField(label=_("New lead agency"), required=False)
    tags = forms.CharField(label=_("Tags"), required=False, max_length=400, help_text=_("Separated by commas."))
    group = forms.ChoiceField(label=_("Task group"), required=False)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to change the lead agency and to cancel. It stands in the history of each task."),
    )  # fmt: skip

    def __init__(self, data: Any, *, by: Actor, on: Any) -> None:
        super().__init__(data, label_suffix="")
        held = rights.standings(by)
        programmes = list(visible_programmes(by))
        groups = TaskGroup.objects.filter(programme__in=programmes).select_related("programme")
        named = [(str(each.pk), f"{each.programme.heading.text}: {each.order}. {each.label.text}") for each in groups]
        self.offer("verb", [(verb, label) for verb, (label, right) in VERBS.items() if held.may(right)])
        self.offer("lead", [("", "–"), *((each.key, each.title.text) for each in leads(by, on))])
        self.offer("programme", [("", "–"), *((each.key, each.heading.text) for each in programmes)])
        self.offer("group", [("", "–"), *named])

    def offer(self, field: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    def change(self, by: Actor) -> actions.BulkChange:
        """What was chosen, for the action. Refuses, at its field, what the verb needs and is not there."""
        given = self.cleaned_data
        verb = given["verb"]
        needs = {"lead": "lead", "tags": "tags", "group": "group", "move": "programme", "cancel": "reason"}
        if verb in needs and not given[needs[verb]].strip():
            raise Refused("field_missing", _("This is needed for what you chose."), field=needs[verb])
        tags = tuple(dict.fromkeys(filter(None, (text.clean(each)[:40] for each in given["tags"].split(",")))))
        group = TaskGroup.objects.select_related("programme").filter(pk=given["group"] or 0).first()
        programme = visible_programmes(by).filter(key=given["programme"]).first()
        return actions.BulkChange(
            verb, given["lead"], tags, programme, group if verb == "group" else None, text.clean(given["reason"])
        )


def chosen_tasks(request: Any) -> list[Task]:
    """The tasks named in the address, or every one that fits its conditions; only those the person may see."""
    if request.GET.get("every"):
        form = TaskFilters(request.GET, by=request.actor, on=request.on)
        rows = form.rows() if form.is_valid() else Task.objects.none()
        return list(lists.ordered(rows, "key").select_related("lead__organisation")[: MOST + 1])
    rows = tasks.visible(request.actor, request.on).filter(key__in=request.GET.getlist("picked"))
    return list(rows.select_related("lead__organisation").order_by("key")[: MOST + 1])


@desk_page("GET", "POST")
def change(request: Any) -> HttpResponse:
    """The chosen tasks, what is to be done, and what would come of it; nothing is kept before "do"."""
    chosen = chosen_tasks(request)
    form = BulkForm(request.POST if request.method == "POST" else None, by=request.actor, on=request.on)
    outcomes: list[actions.Outcome] = []
    if form.is_valid():
        with refusals_on(form):
            if len(chosen) > MOST:
                raise Refused("too_many", _("At most %(most)s tasks are changed at once."), most=MOST)
            sure = "do" in request.POST
            outcomes = actions.bulk_change(
                tasks=chosen, change=form.change(request.actor), preview=not sure, by=request.actor, on=request.today
            )
            if sure:
                tell(request, outcomes)
                return redirect(f"{reverse('programmes:tasks')}?{back(request)}")
    page = {
        "form": form,
        "chosen": chosen[:MOST],
        "outcomes": outcomes,
        "changing": [each.task for each in outcomes if each.is_changed],
        "refused": [each for each in outcomes if not each.is_changed],
        "fields": hidden(request),
        "back": back(request),
    }
    return render(request, "programmes/bulk.html", page, status=status_of(form))


def back(request: Any) -> str:
    """The address's query of the list one came from."""
    query = request.GET.copy()
    query.pop("every", None)
    return query.urlencode() or "view=all"


def tell(request: Any, outcomes: list[actions.Outcome]) -> None:
    """Say on the next page how many tasks were changed and which were not."""
    done = sum(each.is_changed for each in outcomes)
    words = ngettext("%(n)s task was changed.", "%(n)s tasks were changed.", done) % {"n": done}
    messages.success(request, words)
    for each in outcomes:
        if each.refusal:
            messages.warning(request, f"{each.task.key}: {each.refusal}")
