"""Changing a task: each act at its own address, the card, a new task. Everything works without scripts."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _

from dotpha.accounts import rights
from dotpha.directory.queries import called as places
from dotpha.platform import advice, days
from dotpha.platform.pages import desk_page, render, status_of, url, whole
from dotpha.platform.refusals import Refused, refusals_on
from dotpha.platform.versions import version_sent
from dotpha.programmes import actions
from dotpha.programmes.actions import undoing
from dotpha.programmes.actions.changing import fixed_for
from dotpha.programmes.actions.recorded import row_of
from dotpha.programmes.actions.register import post_name
from dotpha.programmes.forms.acts import NAMING_ANOTHER
from dotpha.programmes.forms.fields import organisation_names, post_names
from dotpha.programmes.forms.task import CHANGEABLE, AddForm, EditForm, reading_of
from dotpha.programmes.models import Programme, Task
from dotpha.programmes.models.tasks import DeadlineKind
from dotpha.programmes.queries import clauses, grounds, lists, one, register
from dotpha.programmes.queries.programmes import addable
from dotpha.programmes.task_row import TaskRow
from dotpha.programmes.views.acts import ACTS, Act
from dotpha.programmes.views.undoing import card_back, offer_undo, undo_card


@desk_page("GET", "POST")
def act(request: Any, key: str, name: str) -> HttpResponse:
    """One act on a task: what it means, what is typed, one button. Refused, everything typed stays."""
    if name not in ACTS:
        raise Refused("not_found", _("There is nothing here under this name."), do=advice.FIND, status=404)
    chosen = ACTS[name]
    card = one.card(request.actor, key, request.today)
    rights.require(request.actor, chosen.right, chosen.scopes(card))
    form = chosen.form(request.POST if request.method == "POST" else None, card=card, initial=request.GET.dict())
    form.offer(request.actor)
    if form.is_valid():
        with refusals_on(form):
            given = dict(form.cleaned_data)
            undone = "undoing" in request.POST
            with undoing.untouched(card.task, whole(request.POST.get("version"))) if undone else nullcontext():
                done = chosen.do(card, dict(given), request.actor, request.today)
            if chosen.leads_to_made and isinstance(done, Task):
                messages.success(request, made_from(chosen, card.task))
                return redirect("programmes:task", done.key)
            messages.success(request, _("Undone") if undone else str(chosen.done))
            offer_undo(request, key, chosen.undo(card, given))
            return redirect("programmes:task", key)
    if request.method == "GET" and not chosen.when(card):
        messages.warning(request, _("This cannot be done in the present state of the task."))
        return redirect("programmes:task", key)
    refusal = getattr(form, "refusal", None)
    page = {
        "task": card.task,
        "act": chosen,
        "into": [each.programme for each in card.memberships] if chosen.adds else [],
        "form": form,
        "recorded": form.recorded() if refusal is not None and refusal.code == "words_changed" else [],
        "names": organisation_names(),
        "others": lists.beside(card.task, request.actor, request.today) if isinstance(form, NAMING_ANOTHER) else [],
        "past": {},
    }
    return render(request, "programmes/act.html", page, status=status_of(form))


def made_from(chosen: Act, task: Task) -> str:
    """What was done, with the way back to the task from which the new one was made."""
    address = url("programmes:task", task.key)
    return format_html('{} <a href="{}">{}</a>', chosen.done, address, _("The original: %(key)s") % {"key": task.key})


@desk_page("GET", "POST")
def task_edit(request: Any, key: str) -> HttpResponse:
    """Change the card of a task. What somebody else changed meanwhile is shown beside what was typed."""
    card = one.card(request.actor, key, request.today)
    rights.require(request.actor, "task.change", card.assigner_scopes)
    programme = first_programme(card)
    if "undoing" in request.POST:
        return undo_card(request, card, programme)
    task = register.for_rows([key]).get()
    before = row_of(task, programme.pk)
    held = recorded(card, task, programme)
    post = request.POST if request.method == "POST" else None
    fixed = fixed_for(rights.standings(request.actor), card.assigner_scopes, CHANGEABLE)
    may_ask = grounds.may_be_asked(card.task, request.actor, request.today)
    form = EditForm(post, initial=held, programme=programme, by=request.actor, fixed=fixed, grounds=may_ask)
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
            offer_undo(request, key, card_back(card, before, changed, form.cleaned_data["document"]))
            return redirect("programmes:task", key)
    page = {
        "task": card.task,
        "form": form,
        "version": version_sent(form, request.POST.get("version"), card.task.version),
        "last_change": card.events[0] if card.events else None,
        **proposals(request, programme),
        "past": {},
    }
    return render(request, "programmes/task_edit.html", page, status=status_of(form))


def proposals(request: Any, programme: Programme) -> dict[str, Any]:
    """What the fields of a card propose while one types."""
    return {
        "names": organisation_names(),
        "posts": post_names(),
        "places": places.offered(request.today),
        "provisions": clauses.proposals(request.actor, programme.document),
    }


def first_programme(card: one.Card) -> Programme:
    """The programme whose groups the card offers: the one that held the task first."""
    if not card.memberships:
        raise Refused("not_found", _("This task belongs to no programme."), do=advice.INTO_PROGRAMME, status=404)
    programme: Programme = card.memberships[0].programme
    return programme


def recorded(card: one.Card, task: Task, programme: Programme) -> dict[str, Any]:
    """The card as it is recorded now, as the form shows it: a clause that its reader may not know of is left out, and
    stays while nothing is typed there."""
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
        "provision": clauses.written(card.clause) if card.clause else "",
        "accountable_post": post_name(task.accountable_post),
        "approver_post": post_name(task.approver_post),
        "place": places.typed(task.place, days.today()) if task.place else "",
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
        provision=said["provision"],
        accountable_post=said["accountable_post"],
        approver_post=said["approver_post"],
        place=said["place"],
        tags=said["tags"],
        given=frozenset(form.changed_data) & frozenset(CHANGEABLE),
    )


@desk_page("GET", "POST")
def task_add(request: Any) -> HttpResponse:
    """A new task of a programme: the deadline is read aloud before anything is kept."""
    mine = programmes_to_add_to(request.actor)
    programme = asked_for(request, mine)
    proposed = {"key": register.next_key(programme.key), "provision": request.GET.get("provision", "")}
    form = AddForm(
        request.POST if request.method == "POST" else None,
        initial=proposed,
        programme=programme,
        by=request.actor,
    )
    reading = None
    if form.is_valid():
        said = form.cleaned_data
        reading = reading_of(said["deadline"], said["assigned_on"])
        if "look" not in request.POST:
            with refusals_on(form):
                made = actions.add_task(programme=programme, row=new_row(said), by=request.actor, on=request.today)
                messages.success(request, _("The task was added."))
                if rights.may(request.actor, "task.cancel", programme.scopes):
                    offer_undo(request, made.key, {"act": "cancel", "fields": {"reason": _("Undone")}})
                if made.deadline_kind == DeadlineKind.UNKNOWN:
                    messages.warning(
                        request, _("Nobody could read its deadline. Settle it, so that it counts in time.")
                    )
                return redirect("programmes:task", made.key)
    page = {
        "form": form,
        "programmes": mine,
        "programme": programme,
        **proposals(request, programme),
        "reading": reading,
        "kinds": dict(DeadlineKind.choices),
        "past": {},
    }
    return render(request, "programmes/task_add.html", page, status=status_of(form))


def asked_for(request: Any, mine: list[Programme]) -> Programme:
    """The programme named, the first one where none is; nothing goes into another one than was meant."""
    asked = request.POST.get("programme") or request.GET.get("programme", "")
    found = next((each for each in mine if each.key == asked), None) if asked else mine[0]
    if found is None:
        raise Refused(
            "not_found", _("There is no programme of this key to which you may add tasks."), do=advice.FIND, status=404
        )
    return found


def programmes_to_add_to(by: Any) -> list[Programme]:
    """The programmes to which this person may add tasks; refused when there is none."""
    found = addable(by)
    if not found:
        rights.require(by, "task.add", [])
        raise Refused("no_programme", _("There is no programme yet. Add one first."), status=409)
    return found


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
        provision=said["provision"],
        accountable_post=said["accountable_post"],
        approver_post=said["approver_post"],
        place=said["place"],
        tags=said["tags"],
    )
