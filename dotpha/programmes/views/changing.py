"""Changing a task: each act at its own address, the card, a new task. Everything works without scripts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import ModelChoiceField
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dotpha.accounts import rights
from dotpha.platform.pages import desk_page, render, status_of
from dotpha.platform.refusals import Refused, refusals_on
from dotpha.programmes import actions
from dotpha.programmes.forms.fields import organisation_names
from dotpha.programmes.forms.task import CHANGEABLE, AddForm, EditForm, reading_of
from dotpha.programmes.models import Programme, Task
from dotpha.programmes.models.tasks import DeadlineKind
from dotpha.programmes.queries import one, register
from dotpha.programmes.queries.programmes import addable, visible_programmes
from dotpha.programmes.rows import TaskRow
from dotpha.programmes.views.acts import ACTS, Act
from dotpha.programmes.views.task import UNDO


@desk_page("GET", "POST")
def act(request: Any, key: str, name: str) -> HttpResponse:
    """One act on a task: what it means, what is typed, one button. Refused, everything typed stays."""
    if name not in ACTS:
        raise Refused("not_found", _("There is nothing here under this name."), status=404)
    chosen = ACTS[name]
    card = one.card(request.actor, key, request.today)
    form = chosen.form(request.POST if request.method == "POST" else None, card=card, initial=request.GET.dict())
    offer_programmes(form, request.actor)
    if form.is_valid():
        with refusals_on(form):
            given = dict(form.cleaned_data)
            chosen.do(card, dict(given), request.actor, request.today)
            messages.success(request, str(chosen.done))
            remember_undo(request, chosen, card, given)
            return redirect("programmes:task", key)
    if request.method == "GET" and not chosen.when(card):
        messages.warning(request, _("This cannot be done in the present state of the task."))
        return redirect("programmes:task", key)
    refusal = getattr(form, "refusal", None)
    page = {
        "task": card.task,
        "act": chosen,
        "form": form,
        "recorded": form.recorded() if refusal is not None and refusal.code == "words_changed" else [],
        "names": organisation_names(),
        "past": {},
    }
    return render(request, "programmes/act.html", page, status=status_of(form))


def offer_programmes(form: Any, by: Any) -> None:
    """Let a form that asks for any programme choose among those that this person sees."""
    asked = form.fields.get("programme")
    if isinstance(asked, ModelChoiceField):
        asked.queryset = visible_programmes(by)


def remember_undo(request: Any, chosen: Act, card: one.Card, given: dict[str, Any]) -> None:
    """Offer on the next page to take the act back; an act that takes one back is not offered again."""
    undo = chosen.undo(card, given)
    if undo and "undoing" not in request.POST:
        request.session[UNDO] = {"key": card.task.key, **undo}


@desk_page("GET", "POST")
def task_edit(request: Any, key: str) -> HttpResponse:
    """Change the card of a task. What somebody else changed meanwhile is shown beside what was typed."""
    card = one.card(request.actor, key, request.today)
    rights.require(request.actor, "task.change", card.scopes)
    programme = first_programme(card)
    held = recorded(key, programme)
    form = EditForm(request.POST if request.method == "POST" else None, initial=held, groups=programme.groups.all())
    conflict: list[dict[str, str]] = []
    if form.is_valid():
        with refusals_on(form):
            row = changed_row(card.task, form)
            changed = actions.change_task(
                task=card.task,
                row=row,
                programme=programme,
                version=whole(request.POST.get("version")),
                reason=form.cleaned_data["reason"],
                document=form.cleaned_data["document"],
                by=request.actor,
                on=request.today,
            )
            messages.success(request, _("The task was changed.") if changed else _("Nothing was different."))
            return redirect("programmes:task", key)
    refusal = getattr(form, "refusal", None)
    if refusal is not None and refusal.code == "changed_meanwhile":
        conflict = [
            {"label": str(form[name].label), "mine": shown(form[name].value()), "theirs": shown(held[name])}
            for name in CHANGEABLE
            if shown(form[name].value()).split() != shown(held[name]).split()
        ]
    version = request.POST.get("version") if request.method == "POST" and not conflict else card.task.version
    page = {
        "task": card.task,
        "form": form,
        "version": version or card.task.version,
        "conflict": conflict,
        "names": organisation_names(),
        "past": {},
    }
    return render(request, "programmes/task_edit.html", page, status=status_of(form))


def first_programme(card: one.Card) -> Programme:
    """The programme whose groups the card offers: the one that held the task first."""
    if not card.memberships:
        raise Refused("not_found", _("This task belongs to no programme."), status=404)
    programme: Programme = card.memberships[0].programme
    return programme


def recorded(key: str, programme: Programme) -> dict[str, Any]:
    """The card as it is recorded now, as the form shows it."""
    task = register.for_rows([key]).get()
    membership = next(each for each in task.memberships.all() if each.programme_id == programme.pk)
    current = [each for each in task.assignments.all() if each.until_on is None]
    title = task.title.get("vi", task.heading.text)
    return {
        "title": title.get("text", "") if isinstance(title, dict) else title,
        "group": membership.group.key if membership.group else "",
        "deadline": task.deadline_text,
        "started_on": task.started_on,
        "cooperating": "\n".join(each.organisation.title.text for each in current if each.part == "cooperating"),
        "product": "\n".join(each.text for each in task.products.all() if each.withdrawn_on is None),
        "place": task.place.key if task.place else "",
        "tags": ", ".join(task.tags),
    }


def changed_row(task: Task, form: EditForm) -> TaskRow:
    """The task as the form has it, with the columns that differ from what the form showed."""
    said = form.cleaned_data
    lead = next(
        (
            each.organisation.key
            for each in task.assignments.select_related("organisation")
            if each.part == "lead" and each.until_on is None
        ),
        "",
    )
    deadline = reading_of(said["deadline"], task.assigned_on)
    return TaskRow(
        key=task.key,
        title={"vi": said["title"]},
        lead=lead,
        deadline_text=said["deadline"],
        deadline_kind=deadline["kind"],
        deadline_start_on=deadline["start_on"],
        due_on=deadline["due_on"],
        group=said["group"],
        cooperating=tuple(each.key for each in said["cooperating"]),
        products=tuple(said["product"]),
        started_on=said["started_on"],
        place=said["place"],
        tags=said["tags"],
        given=frozenset(form.changed_data) & frozenset(CHANGEABLE),
    )


def shown(value: Any) -> str:
    """A value of a form as a person reads it."""
    return "" if value is None else str(value)


def whole(said: str | None) -> int | None:
    """A number of the address or of a hidden field; None when it is none."""
    return int(said) if said and said.isdecimal() and len(said) < 10 else None


@desk_page("GET", "POST")
def task_add(request: Any) -> HttpResponse:
    """A new task of a programme: the deadline is read aloud before anything is kept."""
    mine = programmes_to_add_to(request.actor)
    asked = request.POST.get("programme") or request.GET.get("programme", "")
    programme = next((each for each in mine if each.key == asked), mine[0])
    form = AddForm(request.POST if request.method == "POST" else None, groups=programme.groups.all())
    reading = None
    if form.is_valid():
        said = form.cleaned_data
        reading = reading_of(said["deadline"], said["assigned_on"] or issued_on(programme, request.today))
        if "look" not in request.POST:
            with refusals_on(form):
                made = actions.add_task(programme=programme, row=new_row(said), by=request.actor, on=request.today)
                messages.success(request, _("The task was added."))
                if made.deadline_kind == DeadlineKind.UNKNOWN:
                    messages.warning(
                        request, _("Nobody could read its deadline. Settle it, so that it counts in time.")
                    )
                return redirect("programmes:task", made.key)
    page = {
        "form": form,
        "programmes": mine,
        "programme": programme,
        "names": organisation_names(),
        "reading": reading,
        "kinds": dict(DeadlineKind.choices),
        "past": {},
    }
    return render(request, "programmes/task_add.html", page, status=status_of(form))


def programmes_to_add_to(by: Any) -> list[Programme]:
    """The programmes to which this person may add tasks; refused when there is none."""
    found = addable(by)
    if not found:
        rights.require(by, "task.add", [])
        raise Refused("no_programme", _("There is no programme yet. Add one first."), status=409)
    return found


def issued_on(programme: Programme, today: date) -> date:
    """The day from which deadlines of a programme are read: that of its document."""
    return programme.document.signed_on or programme.document.in_force_on or today


def new_row(said: dict[str, Any]) -> TaskRow:
    """A new task as the form has it."""
    return TaskRow(
        key=said["key"],
        title={"vi": said["title"]},
        lead=said["lead"].key,
        deadline_text=said["deadline"],
        group=said["group"],
        cooperating=tuple(each.key for each in said["cooperating"]),
        products=tuple(said["product"]),
        started_on=said["started_on"],
        assigned_on=said["assigned_on"],
        parent=said["parent"],
        place=said["place"],
        tags=said["tags"],
    )
