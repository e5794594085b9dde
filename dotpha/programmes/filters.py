"""What a list of tasks may be asked for: read from the address, shown as chips, handed to the query."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from dotpha.directory.models import Organisation, Place
from dotpha.platform import numbers
from dotpha.platform.actors import Actor
from dotpha.platform.forms import DayField
from dotpha.platform.pages import language
from dotpha.platform.spans import valid_on
from dotpha.programmes.models import Assignment, Membership, TaskGroup
from dotpha.programmes.models.tasks import DeadlineKind
from dotpha.programmes.queries import boards, lists, overview, reach, tasks
from dotpha.programmes.queries.lists import Asked
from dotpha.programmes.queries.programmes import visible_programmes
from dotpha.programmes.queries.summary import NAMES

LONGEST = 200
MOST_OFFERED = 200
FLAGS = {
    "blocked": _("with an open blocker"),
    "late_part": _("with a late part of a co-operator"),
    "extended": _("extended at least once"),
    "saved": _("in time only thanks to an extension"),
    "waiting": _("reported, waiting for approval"),
    "suspended": _("suspended"),
    "unsettled": _("deadline to be settled"),
    "ungrouped": _("in no task group"),
    "unverified": _("source not word for word"),
    "unchecked": _("source unverified"),
    "each_body": _("each body's part in the place of the collective task"),
    "silent": _("accepted by default"),
    "unclear": _("without accountable post, approver or product"),
}
"""Yes-or-no conditions: name in the address -> words of the chip."""

Choices = list[tuple[str, Any]]


class TaskFilters(forms.Form):
    """The conditions of a task list. Every one may be empty; states and flags may be several."""

    q = forms.CharField(label=_("Words or key"), required=False, max_length=LONGEST)
    programme = forms.CharField(label=_("Programme"), required=False, max_length=LONGEST)
    group = forms.CharField(label=_("Task group"), required=False, max_length=LONGEST)
    lead = forms.CharField(label=_("Lead agency"), required=False, max_length=LONGEST)
    cooperating = forms.CharField(label=_("Co-operating agency"), required=False, max_length=LONGEST)
    place = forms.CharField(label=_("Province"), required=False, max_length=LONGEST)
    state = forms.MultipleChoiceField(
        label=_("State"), required=False, choices=[(code.value, name) for code, name in NAMES.items()],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    deadline_kind = forms.ChoiceField(
        label=_("Kind of deadline"), required=False, choices=[("", _("Any")), *DeadlineKind.choices]
    )
    due_after = DayField(label=_("Due from"), required=False)
    due_before = DayField(label=_("Due until"), required=False)
    tag = forms.CharField(label=_("Tag"), required=False, max_length=40)
    only = forms.MultipleChoiceField(
        label=_("Only tasks"),
        required=False,
        choices=list(FLAGS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    parent = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    parts = forms.BooleanField(label=_("Count the parts of collective tasks too"), required=False)
    original = forms.BooleanField(label=_("Judged against the original due dates"), required=False)

    def __init__(self, data: QueryDict, *, by: Actor, on: date) -> None:
        super().__init__(_several(data), auto_id="f-%s", label_suffix="")
        self.by, self.on = by, on

    def clean(self) -> dict[str, Any]:
        """A period that ends before it begins holds nothing: it is said, not answered with an empty list."""
        given = super().clean() or self.cleaned_data
        first, last = given.get("due_after"), given.get("due_before")
        if first and last and last < first:
            self.add_error("due_before", _("This day lies before the day from which tasks are asked for."))
        return given

    def offer(self) -> None:
        """Turn keys into choices by name. An address may name what is not offered, for instance what its
        reader may not see: then the list is empty, not refused."""
        bodies = leads(self.by, self.on, parts=bool(self.data.get("parts")))
        self._offer("lead", [(each.key, each.title.text) for each in bodies], _("Every agency"))
        self._offer("cooperating", [(each.key, each.title.text) for each in bodies], _("Every agency"))
        programmes = visible_programmes(self.by)
        self._offer("programme", [(each.key, each.heading.text) for each in programmes], _("Every programme"))
        self._offer("group", self.groups(), _("Every group"))
        self._offer("place", [(each.key, each.title.text) for each in boards.provinces(self.on)], _("Every place"))

    def _offer(self, field: str, choices: Choices, every: Any) -> None:
        held = self.data.get(field, "")
        extra = [(held, self.name_of(field, held))] if held and held not in dict(choices) else []
        self.fields[field].widget = forms.Select(choices=[("", every), *extra, *choices])

    def name_of(self, field: str, key: str) -> str:
        """The name behind a key, as far as this person may see the thing; else the key."""
        programmes = visible_programmes(self.by).select_related(None)
        things: dict[str, QuerySet[Any]] = {
            "programme": programmes,
            "group": TaskGroup.objects.filter(programme__in=programmes.values("pk")),
            "lead": Organisation.objects.all(),
            "cooperating": Organisation.objects.all(),
            "place": Place.objects.all(),
        }
        found = things[field].filter(key=key).first()
        return str(found) if found else key

    def groups(self) -> Choices:
        """The groups of the programme asked for; those of several programmes say whose they are."""
        programme = self.data.get("programme", "")
        rows = TaskGroup.objects.select_related("programme").order_by("programme__from_on", "programme__key", "order")
        rows = rows.filter(programme__in=visible_programmes(self.by).values("pk"))
        if programme:
            return [(each.key, f"{each.order}. {each.label.text}") for each in rows.filter(programme__key=programme)]
        return [(each.key, f"{each.programme.heading.text}: {each.order}. {each.label.text}") for each in rows]

    @property
    def asked(self) -> Asked:
        """The conditions as the query wants them. Only for a valid form."""
        given = self.cleaned_data
        names = ("programme", "group", "lead", "cooperating", "place", "deadline_kind", "q", "parent")
        return Asked(
            **{name: given[name] for name in names},
            states=given["state"],
            due_after=given["due_after"],
            due_before=given["due_before"],
            parts=given["parts"],
            original=given["original"],
        )

    @property
    def asks_only_for_a_programme(self) -> bool:
        """Whether nothing narrows the list but its programme and the states."""
        return not any(value for name, value in self.cleaned_data.items() if name not in ("programme", "state"))

    @cached_property
    def in_every_state(self) -> tasks.TaskRows:
        """The tasks that satisfy everything asked but the states: what the identity line counts."""
        asked = self.asked
        rows = lists.listed(self.by, replace(asked, states=()), self.on)
        tag = self.cleaned_data["tag"].strip()
        rows = rows.filter(tags__contains=[tag]) if tag else rows
        for flag in self.cleaned_data["only"]:
            rows = flagged(rows, flag, self.on, asked.programme)
        return rows

    def rows(self) -> tasks.TaskRows:
        """The tasks that satisfy everything asked."""
        states = self.asked.states
        return self.in_every_state.filter(state__in=states) if states else self.in_every_state

    def words_of(self, name: str, value: Any) -> str:
        """A condition as its chip says it."""
        label = self.fields[name].label
        if name == "only":
            return str(FLAGS[value])
        if name == "programme":
            return self.name_of(name, value)
        if name in ("group", "lead", "cooperating", "place"):
            return f"{label}: {self.name_of(name, value)}"
        if name == "parent":
            return str(_("Under the task %(key)s")) % {"key": value}
        if isinstance(value, date):
            return f"{label}: {numbers.day(value, language())}"
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(label) if value is True else f"{label}: {choices.get(value, value)}"

    def chips(self) -> list[tuple[str, str, str]]:
        """The conditions in force: field, value in the address, words."""
        found = []
        for name, value in self.cleaned_data.items():
            for each in value if isinstance(value, list) else [value] if value else []:
                plain = each.isoformat() if isinstance(each, date) else "true" if each is True else str(each)
                found.append((name, plain, self.words_of(name, each)))
        return found

    @property
    def line(self) -> str:
        """All conditions in one line, for an export's head."""
        return " · ".join(words for _name, _value, words in self.chips())


def _several(data: QueryDict) -> QueryDict:
    """States and flags may come as one parameter with commas or as several."""
    read = data.copy()
    for name in ("state", "only"):
        said = [part for each in data.getlist(name) for part in each.split(",") if part]
        read.setlist(name, list(dict.fromkeys(said)))
    return read


def organisation_name(key: str) -> str:
    """The name of an organisation, or its key where there is none."""
    found = Organisation.objects.filter(key=key).first()
    return found.title.text if found else key


def flagged(rows: tasks.TaskRows, flag: str, on: date, programme: str = "") -> tasks.TaskRows:
    """Only the tasks with a yes-or-no property of `FLAGS` on a day."""
    if flag == "ungrouped":
        held = Membership.objects.filter(task=OuterRef("pk"), group=None)
        return rows.filter(Exists(held.filter(programme__key=programme) if programme else held))
    return rows.filter(overview.condition(flag, on))


def leads(by: Actor, on: date, *, parts: bool = False) -> list[Organisation]:
    """The organisations that have a part in tasks this person may see: what a choice offers.

    Where they are very many, those of communes are left out: a commune is found by place or search.
    """
    seen = tasks.within(tasks.assigned(on), by)
    seen = seen if parts else reach.as_issued(seen, by)
    held = Assignment.objects.filter(valid_on(on), task__in=seen.values("pk"))
    rows = Organisation.objects.filter(pk__in=held.values("organisation")).order_by("sort_key", "key")
    offered = list(rows[: MOST_OFFERED + 1])
    return offered if len(offered) <= MOST_OFFERED else list(rows.exclude(place__level="commune")[:MOST_OFFERED])


def without(data: QueryDict, name: str, value: str) -> str:
    """The address's query without one value of one condition, on its first page."""
    left = _several(data)
    left.setlist(name, [each for each in left.getlist(name) if each != value])
    left.pop("page", None)
    return left.urlencode()
