"""Beginning a programme or plan, changing what it says of itself, its task groups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.accounts import rights, scopes
from dotpha.accounts.rights import Standings
from dotpha.documents import queries as documents
from dotpha.documents.models import Document
from dotpha.platform import advice
from dotpha.platform.forms import DayField
from dotpha.platform.pages import desk_page, render, status_of, whole
from dotpha.platform.refusals import Refused, refusals_on
from dotpha.platform.versions import version_sent
from dotpha.programmes import actions
from dotpha.programmes.forms.fields import OrganisationField, organisation_names
from dotpha.programmes.forms.titles import TitleForm, typed
from dotpha.programmes.models import Programme
from dotpha.programmes.queries.programmes import one_programme, visible_programmes


class CardForm(TitleForm):
    """Title, period and reporting frequency."""

    report_every = forms.ChoiceField(label=gettext_lazy("Reports"), required=False, choices=Programme.Every.choices)
    from_on = DayField(label=gettext_lazy("From"), required=False)
    until_on = DayField(label=gettext_lazy("Until"), required=False)


class ProgrammeForm(CardForm):
    """A new programme or plan."""

    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=80,
        help_text=gettext_lazy("Letters without marks, digits, hyphens. It never changes."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),  # a member's own programme has a page of its own (views/personal.py)
        choices=[each for each in Programme.Kind.choices if each[0] != Programme.Kind.PERSONAL],
    )
    document = forms.CharField(
        label=gettext_lazy("Root document"),
        max_length=200,
        help_text=gettext_lazy("Its number however written, or its key."),
    )
    parent = forms.ChoiceField(label=gettext_lazy("Under the programme"), required=False)
    organisation = OrganisationField(
        label=gettext_lazy("Of the body"),
        required=False,
        help_text=gettext_lazy("Name, abbreviation or key. Empty: a programme of the whole instance."),
    )
    field_order = ["key", "title_vi", "title_en", "kind", "document", "parent", "organisation"]


@desk_page("GET", "POST")
def programme_add(request: Any) -> HttpResponse:
    """Begin a programme that carries out a document. It is seen in public once it is published."""
    held = rights.standings(request.actor)
    if not held.may("programme.add"):
        rights.require(request.actor, "programme.add", [])
    form = ProgrammeForm(
        request.POST if request.method == "POST" else None,
        label_suffix="",
        initial={"parent": request.GET.get("parent"), "organisation": own_body(held)},
    )
    upper = visible_programmes(request.actor)
    form.fields["parent"].choices = [("", "–"), *((each.key, each.heading.text) for each in upper)]  # type: ignore[attr-defined]
    if form.is_valid():
        with refusals_on(form):
            given = form.cleaned_data
            made = actions.add_programme(
                key=given["key"],
                title=form.titles,
                document=document_of(request, given["document"]),
                kind=given["kind"],
                parent=upper.filter(key=given["parent"]).first(),
                organisation=given["organisation"],
                report_every=given["report_every"],
                from_on=given["from_on"],
                until_on=given["until_on"],
                by=request.actor,
            )
            messages.success(request, _("The programme was added. Import its tasks from the annex, then publish it."))
            return redirect("programmes:programme", made.key)
    page = {"form": form, "names": organisation_names()}
    return render(request, "programmes/programme_add.html", page, status=status_of(form))


def document_of(request: Any, said: str) -> Document:
    """The document of a key, or the only one of a number however written; refused otherwise."""
    by_key = documents.visible(request.actor).filter(key=said.strip()).first()
    found = [by_key] if by_key else list(documents.register(request.actor, request.today, said)[:2])
    if len(found) != 1:
        raise Refused(
            "unknown_document",
            gettext_lazy("There is no document “%(text)s”, or more than one."),
            do=advice.GIVE_KEY,
            field="document",
            text=said,
        )
    return found[0]


def own_body(held: Standings) -> str:
    """The key of the body for which a person may add plans; empty where that is any."""
    paths = scopes.prefixes(held.reach("programme.add"), "org")
    return paths[0].strip("/").rpartition("/")[2] if paths else ""


class ProgrammeChangeForm(CardForm):
    """What a programme says of itself."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, required=False)


@desk_page("GET", "POST")
def programme_change(request: Any, key: str) -> HttpResponse:
    """Change title, period or reporting frequency. What somebody else changed meanwhile is not written over."""
    found = one_programme(request.actor, key)
    rights.require(request.actor, "programme.change", found.scopes)
    held = typed(found.title) | {name: getattr(found, name) for name in ("report_every", "from_on", "until_on")}
    form = ProgrammeChangeForm(request.POST if request.method == "POST" else None, initial=held, label_suffix="")
    if form.is_valid():
        with refusals_on(form):
            said = form.cleaned_data
            changes = {name: said[name] for name in ("report_every", "from_on", "until_on")}
            actions.change_programme(
                programme=found,
                changes={**changes, "title": form.merged(found.title)},
                version=whole(request.POST.get("version")),
                reason=said["reason"],
                by=request.actor,
            )
            messages.success(request, _("The programme was changed."))
            return redirect("programmes:programme", key)
    version = version_sent(form, request.POST.get("version"), found.version)
    page = {"programme": found, "form": form, "version": version}
    return render(request, "programmes/programme_change.html", page, status=status_of(form))


class GroupForm(TitleForm):
    """A numbered task group."""

    order = forms.IntegerField(label=gettext_lazy("No."), min_value=1, max_value=999)
    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=80,
        help_text=gettext_lazy("Letters without marks, digits, hyphens. It never changes."),
    )
    field_order = ["order"]


@desk_page("GET", "POST")
def group_add(request: Any, key: str) -> HttpResponse:
    """Add a task group to a programme; its number and key are proposed."""
    found = one_programme(request.actor, key)
    rights.require(request.actor, "programme.change", found.scopes)
    groups = list(found.groups.order_by("order", "pk"))
    following = max((each.order for each in groups), default=0) + 1
    initial = {"order": following, "key": f"task-group-{following}"}
    form = GroupForm(request.POST if request.method == "POST" else None, initial=initial, label_suffix="")
    if form.is_valid():
        with refusals_on(form):
            said = form.cleaned_data
            actions.add_group(
                programme=found, key=said["key"], title=form.titles, order=said["order"], by=request.actor
            )
            messages.success(request, _("The group was added."))
            return redirect("programmes:programme", key)
    page = {"programme": found, "form": form, "groups": groups}
    return render(request, "programmes/group_add.html", page, status=status_of(form))
