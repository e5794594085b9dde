"""What is typed about personal action programmes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.platform.forms import DayField
from dotpha.programmes.forms.fields import LineField, TextField


class AddForm(forms.Form):
    """Whose programme, under which one, for when."""

    post = forms.TypedChoiceField(label=_("Post of the member"), coerce=int)
    programme = forms.ChoiceField(label=_("Under the programme"))
    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Until"), required=False)

    def __init__(self, *args: Any, posts: list[Any], programmes: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [  # type: ignore[attr-defined]
            (each.pk, f"{each} · {each.organisation.title.text}") for each in posts
        ]
        self.fields["programme"].choices = [  # type: ignore[attr-defined]
            (each.key, each.heading.text) for each in programmes
        ]


class ReturnForm(forms.Form):
    """What is to be mended."""

    reason = TextField(label=_("Reason"), rows=2)


class AdoptForm(forms.Form):
    """The document that adopts it."""

    document = LineField(label=_("Document that adopts it"), max_length=200)
