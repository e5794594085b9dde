"""What is typed for each act on a task: cancel, assign, suspend, settle, break down and the others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dotpha.platform.forms import DayField
from dotpha.platform.numbers import day
from dotpha.programmes.forms.fields import (
    LineField,
    OrganisationField,
    OrganisationsField,
    TextField,
)
from dotpha.programmes.models import Dependency, Programme
from dotpha.programmes.models.tasks import DeadlineKind
from dotpha.programmes.queries import grounds
from dotpha.programmes.queries.parts import words_mark


class ActForm(forms.Form):
    """The form of an act on a task; `card` is what its page shows."""

    def __init__(self, *args: Any, card: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.card = card

    def offer(self, by: Any) -> None:
        """Fill what depends on who asks: programmes to choose from, keys that are free."""

    def recorded(self) -> list[tuple[str, str]]:
        """What is recorded now, by label, after another change came first; what is sent next knows it."""
        return []


class OtherTaskField(LineField):
    """The key of another task; the page proposes those of the same programmes."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            max_length=100,
            widget=forms.TextInput(attrs={"list": "tasks"}),
            help_text=_("Type a part of its key or title and choose."),
            **more,
        )


class NoForm(ActForm):
    """An act that asks for nothing."""


class ReasonForm(ActForm):
    """An act that needs its reason."""

    reason = TextField(label=_("Reason"))


class NoteForm(ActForm):
    """An act that may be given a note."""

    reason = TextField(label=_("Note"), required=False)


class CancelForm(ReasonForm):
    """Cancelling, with the document that permits it."""

    document = LineField(label=_("Document that permits it"), max_length=200, required=False)


class AssignForm(ActForm):
    """Another lead agency."""

    lead = OrganisationField(label=_("New lead agency"), help_text=_("Name, abbreviation or key."))
    from_on = DayField(label=_("From"), required=False, help_text=_("Today, if left empty."))
    reason = TextField(label=_("Reason"), required=False)
    document = LineField(label=_("Document that permits it"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if grounds.is_published(self.card.task):
            for name in ("reason", "document"):
                self.fields[name].required = True
                self.fields[name].help_text = _("Needed, because the task is published.")


class PartForm(ActForm):
    """A co-operating or co-leading agency with its own part."""

    organisation = OrganisationField(label=_("Agency"), help_text=_("Name, abbreviation or key."))
    part = forms.ChoiceField(
        label=_("It is"), choices=[("cooperating", _("co-operating agency")), ("co_lead", _("co-lead agency"))]
    )
    duty = TextField(label=_("Its own part of the work"), required=False)
    part_due_on = DayField(label=_("Its own due date"), required=False)
    part_due_text = LineField(
        label=_("Its own due date, as written"),
        required=False,
        help_text=_("Only where a document says it. Without a day above, the words are read."),
    )
    may_end_later = forms.BooleanField(label=_("It may be due after the task"), required=False)
    seen = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    _words = ("part", "duty", "part_due_on", "part_due_text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self._held(self.initial.get("organisation"))
        self.initial["seen"] = words_mark(held)
        if held:
            self.initial.update({name: getattr(held, name) for name in self._words})

    def _held(self, key: str | None) -> Any:
        rows = (each.assignment for each in self.card.parts if not each.is_over and each.organisation.key == key)
        return next(rows, None)

    def clean_seen(self) -> str | None:
        return self.cleaned_data["seen"] or None

    def recorded(self) -> list[tuple[str, str]]:
        held = self._held(self.cleaned_data["organisation"].key)
        self.data = {**self.data.dict(), "seen": words_mark(held)}  # type: ignore[attr-defined]
        if held is None:
            return []
        shown = {
            "part": held.get_part_display(),
            "duty": held.duty,
            "part_due_on": day(held.part_due_on, get_language()) if held.part_due_on else "",
            "part_due_text": held.part_due_text,
        }
        return [(str(self.fields[name].label), str(text)) for name, text in shown.items() if text]


class EndPartForm(ActForm):
    """The end of an agency's part."""

    organisation = forms.ChoiceField(label=_("Agency"))
    reason = TextField(label=_("Reason"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [each.organisation for each in self.card.parts if not each.is_over]
        choices = [(each.key, each.title.text) for each in held]
        self.fields["organisation"].choices = choices  # type: ignore[attr-defined]


class DisputeForm(ReasonForm):
    """The task is another agency's."""

    proposed_lead = OrganisationField(label=_("The agency whose task it is"), required=False)


class DecideDisputeForm(ReasonForm):
    """The decision over a dispute."""

    upheld = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Another agency leads from today")), ("no", _("The task stays with its lead agency"))],
        widget=forms.RadioSelect,
    )
    lead = OrganisationField(label=_("New lead agency"), required=False)
    field_order = ["upheld", "lead", "reason"]


class DecideContestForm(ReasonForm):
    """The decision over an objection to a step."""

    upheld = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("The objection is right")), ("no", _("The objection is not right"))],
        widget=forms.RadioSelect,
    )
    field_order = ["upheld", "reason"]


class SuspendForm(ReasonForm):
    """A suspension, by a document that permits it."""

    document = LineField(label=_("Document that permits it"), max_length=200)
    field_order = ["document", "reason"]


class ResumeForm(ActForm):
    """The end of a suspension."""

    new_due_on = DayField(label=_("New due date"))
    document = LineField(label=_("Document"), max_length=200, required=False)
    reason = TextField(label=_("Reason"), required=False)


class SettleForm(ActForm):
    """How a person reads a deadline."""

    kind = forms.ChoiceField(label=_("Kind of deadline"), required=False)
    due_on = DayField(
        label=_("Due date"), required=False, help_text=_("The last day of the period that the words name.")
    )
    start_on = DayField(label=_("Period from"), required=False)
    reason = TextField(label=_("Reason: how it was read"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.card.task.deadline_kind == DeadlineKind.UNKNOWN:
            read = [(value, label) for value, label in DeadlineKind.choices if value != DeadlineKind.UNKNOWN]
            self.fields["kind"].choices = read  # type: ignore[attr-defined]
        else:
            del self.fields["kind"], self.fields["start_on"]


class EventForm(ActForm):
    """The event of a conditional deadline."""

    happened_on = DayField(label=_("It took place on"))
    new_due_on = DayField(label=_("Due date that follows"), required=False)
    document = LineField(label=_("Document"), max_length=200, required=False)
    reason = TextField(label=_("What took place"), required=False)


class SpreadForm(ActForm):
    """The members over which a collective task is spread."""

    members = OrganisationsField(
        label=_("Members, one a line"),
        required=False,
        help_text=_("Left empty: every member of the collective that leads, as of today."),
    )


class OccurrencesForm(ActForm):
    """The days within which a recurring task gets its dated rounds."""

    first_day = DayField(label=_("From"))
    last_day = DayField(label=_("Until"))
    every = forms.ChoiceField(label=_("How often"), choices=Programme.Every.choices, required=False)


class NeedsForm(ActForm):
    """A task that this one waits for."""

    needs = OtherTaskField(label=_("Key of the other task"))
    kind = forms.ChoiceField(label=_("Kind of dependency"), choices=Dependency.Kind.choices)


class EndNeedsForm(ActForm):
    """A dependency that no longer holds."""

    dependency = forms.ChoiceField(label=_("Dependency"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (str(each.pk), f"{each.needs.key} {each.needs.heading.text[:80]}") for each, _shown in self.card.needs
        ]
        self.fields["dependency"].choices = choices  # type: ignore[attr-defined]


class MergeForm(CancelForm):
    """The task in which this one goes on."""

    into = OtherTaskField(label=_("Key of the task in which it goes on"))
    field_order = ["into", "reason", "document"]


NAMING_ANOTHER = (NeedsForm, MergeForm)
"""The forms that name another task: their pages propose some."""
