"""One change of many tasks: choose what, look at what will happen to each, then do it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dotpha.accounts import rights
from dotpha.platform import advice, text
from dotpha.platform.actors import Actor
from dotpha.platform.forms import sometimes
from dotpha.platform.pages import desk_page, next_of, render, status_of
from dotpha.platform.refusals import Refused, refusals_on
from dotpha.platform.versions import mark_of
from dotpha.programmes import actions
from dotpha.programmes.actions import undoing
from dotpha.programmes.filters import TaskFilters
from dotpha.programmes.forms.fields import PUBLIC_AT_ONCE, LineField, marked, organisations_offered
from dotpha.programmes.models import Task, TaskGroup
from dotpha.programmes.queries import lists, tasks
from dotpha.programmes.queries.programmes import visible_programmes
from dotpha.programmes.views.tasks import UNDO

if TYPE_CHECKING:
    from dotpha.programmes.queries.tasks import TaskRows

MOST = 1000  # tasks changed at once: what one transaction should hold
VERBS = {
    "lead": (_("Change the lead agency"), "task.assign"),
    "tags": (_("Add tags"), "task.change"),
    "group": (_("Put into a task group"), "task.change"),
    "move": (_("Put into a programme"), "task.change"),
    "copy": (_("Copy into a programme"), "task.add"),
    "cancel": (_("Cancel"), "task.cancel"),
}
"""What can be done with many tasks, and the right that it needs."""
NEEDS = {
    "lead": ("lead", "reason", "document"), "tags": ("tags",), "group": ("group",), "move": ("programme",),
    "copy": ("programme",), "cancel": ("reason",),
}  # fmt: skip
"""The fields that each of them needs."""


class BulkForm(forms.Form):
    """What is to be done with the chosen tasks: one verb, and only the fields that it needs."""

    lead = forms.ChoiceField(label=_("New lead agency"))
    tags = forms.CharField(label=_("Tags"), max_length=400, help_text=_("Separated by commas."))
    group = forms.ChoiceField(label=_("Task group"))
    programme = forms.ChoiceField(label=_("Programme"))
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the history of each task."),
    )  # fmt: skip
    document = sometimes(
        LineField(label=_("Document that permits it"), max_length=200), _("Needed for a published task.")
    )

    def __init__(self, data: Any, *, verb: str, by: Actor, on: date) -> None:
        super().__init__(data, label_suffix="")
        self.verb, self.by = verb, by
        for name in set(self.fields) - set(NEEDS[verb]):
            del self.fields[name]
        if "lead" in self.fields:
            self.offer("lead", [(each.key, each.title.text) for each in organisations_offered(on)])
        if "programme" in self.fields:
            self.offer("programme", [(each.key, marked(each)) for each in visible_programmes(by)])
            self.fields["programme"].help_text = PUBLIC_AT_ONCE
        if "group" in self.fields:
            groups = TaskGroup.objects.filter(programme__in=visible_programmes(by).values("pk")).select_related(
                "programme"
            )
            self.offer(
                "group",
                [(str(each.pk), f"{marked(each.programme)}: {each.order}. {each.label.text}") for each in groups],
            )
            self.fields["group"].help_text = PUBLIC_AT_ONCE

    def offer(self, field: str, choices: list[tuple[str, Any]]) -> None:
        """Give a field its choices; nothing is chosen before somebody does."""
        self.fields[field].choices = [("", "–"), *choices]  # type: ignore[attr-defined]

    @property
    def change(self) -> actions.BulkChange:
        """What was chosen, for the action. Only for a valid form."""
        given = self.cleaned_data
        tags = tuple(dict.fromkeys(filter(None, (text.clean(each)[:40] for each in given.get("tags", "").split(",")))))
        group = TaskGroup.objects.select_related("programme").filter(pk=given.get("group") or 0).first()
        programme = visible_programmes(self.by).filter(key=given.get("programme", "")).first()
        reason, document = text.clean(given.get("reason", "")), given.get("document", "")
        return actions.BulkChange(self.verb, given.get("lead", ""), tags, programme, group, reason, document)

    def said(self) -> list[tuple[Any, str]]:
        """What was chosen, in words: label and value of each field."""
        found = []
        for name, value in self.cleaned_data.items():
            choices = dict(getattr(self.fields[name], "choices", ()))
            found.append((self.fields[name].label, str(choices.get(value, value))))
        return found


def chosen_tasks(request: Any) -> list[Task]:
    """The tasks named in the address, or every one that fits its conditions, as far as one may see them."""
    if request.GET.get("every"):
        form = TaskFilters(request.GET, by=request.actor, on=request.on)
        rows: TaskRows = form.rows() if form.is_valid() else Task.objects.none()
        return list(tasks.named(lists.ordered(rows, "key"))[: MOST + 1])
    rows = tasks.visible(request.actor, request.on).filter(key__in=request.GET.getlist("picked"))
    return list(tasks.named(rows).order_by("key")[: MOST + 1])


@desk_page("GET", "POST")
def change(request: Any) -> HttpResponse:
    """The chosen tasks, what is to be done, and what would come of it; nothing is kept before "do"."""
    held = rights.standings(request.actor)
    verbs = {verb: label for verb, (label, right) in VERBS.items() if held.may(right)}
    if not verbs:
        raise Refused("forbidden", _("You do not have the right to change tasks."), do=advice.ADMIN, status=403)
    asked = request.POST.get("verb") or request.GET.get("verb", "")
    verb = asked if asked in verbs else next(iter(verbs))
    post = request.POST if request.method == "POST" and asked == verb else None
    form = BulkForm(post, verb=verb, by=request.actor, on=request.on)
    chosen = chosen_tasks(request)
    outcomes: list[actions.Outcome] = []
    if form.is_valid():
        with refusals_on(form):
            if len(chosen) > MOST:
                raise Refused("too_many", _("At most %(most)s tasks are changed at once."), do=advice.FEWER, most=MOST)
            wanted, sure = form.change, "do" in request.POST
            if sure:
                require_seen(request, chosen)
            outcomes = actions.bulk_change(
                tasks=chosen, change=wanted, preview=not sure, by=request.actor, on=request.today
            )
            if sure:
                remember(request, wanted, outcomes)
                tell(request, outcomes)
                return redirect(f"{reverse('programmes:tasks')}?{back(request)}")
    page = {
        "form": form,
        "into": form.change.into if outcomes else None,
        "verb": verb,
        "verbs": verbs,
        "chosen": chosen[:MOST],
        "seen": seen_of(chosen),
        "outcomes": outcomes,
        "changing": [each.task for each in outcomes if each.is_changed],
        "refused": [each for each in outcomes if not each.is_changed],
        "back": back(request),
    }
    return render(request, "programmes/bulk.html", page, status=status_of(form))


def require_seen(request: Any, chosen: list[Task]) -> None:
    """Refuse to change every task that fits when others fit now than those that were looked at."""
    if request.GET.get("every") and request.POST.get("seen") != seen_of(chosen):
        raise Refused(
            "chosen_changed",
            _("Other tasks fit now than those you looked at. Nothing was changed: look again first."),
            status=409,
        )


def seen_of(chosen: list[Task]) -> str:
    """Names the tasks that were looked at: one that comes to fit afterwards is not changed unseen."""
    return mark_of(*(each.key for each in chosen))


def back(request: Any) -> str:
    """The address's query of the list one came from."""
    query = request.GET.copy()
    for name in ("every", "verb"):
        query.pop(name, None)
    return query.urlencode() or "view=all"


def tell(request: Any, outcomes: list[actions.Outcome]) -> None:
    """Say on the next page how many tasks were changed, unless the bar of the undo says so, and which were not."""
    done = sum(each.is_changed for each in outcomes)
    if UNDO not in request.session:
        messages.success(request, ngettext("%(n)s task was changed.", "%(n)s tasks were changed.", done) % {"n": done})
    for each in outcomes:
        if each.refusal:
            messages.warning(request, f"{each.task.key}: {each.refusal}")


def remember(request: Any, change: actions.BulkChange, outcomes: list[actions.Outcome]) -> None:
    """Keep what the changed tasks were, so that the next page can offer to take the change back."""
    request.session.pop(UNDO, None)  # only the last change is taken back
    held = undoing.changed(outcomes)
    if change.verb in undoing.UNDOABLE and held:
        group = change.group.pk if change.group else None
        request.session[UNDO] = {
            "verb": change.verb, "group": group, "programme": change.programme.key if change.programme else "",
            "document": change.document, "was": held, "shown": False,
        }  # fmt: skip


@desk_page("POST")
def undo(request: Any) -> HttpResponse:
    """Take the last change of many tasks back, in one step."""
    held = request.session.pop(UNDO, None)
    if not held:
        raise Refused("nothing_to_undo", _("There is nothing to take back any more."), do=advice.LOOK, status=409)
    group = TaskGroup.objects.select_related("programme").filter(pk=held["group"] or 0).first()
    programme = visible_programmes(request.actor).filter(key=held.get("programme", "")).first()
    change = actions.BulkChange(held["verb"], programme=programme, group=group, document=held.get("document", ""))
    tell(request, undoing.undo_bulk_change(change=change, was=held["was"], by=request.actor, on=request.today))
    return redirect(next_of(request) or reverse("programmes:tasks"))
