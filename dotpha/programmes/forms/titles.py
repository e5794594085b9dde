"""A title in the two languages in which one is typed; what other languages say, and their marks, are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.platform import texts

TYPED = ("vi", "en")


def typed(title: Mapping[str, Any]) -> dict[str, str]:
    """What a form shows of a title before anything is typed: its words, without the mark of a translation."""
    return {f"title_{code}": _words(title, code) for code in TYPED}


def _words(title: Mapping[str, Any], code: str) -> str:
    return texts.read({code: title.get(code)}, code).text


class Titled(forms.Form):
    """A form with a title; whoever adds the fields `title_vi` and `title_en` says how long it is."""

    @property
    def titles(self) -> dict[str, str]:
        """What was typed, by language; those left empty are not in it."""
        given = {code: self.cleaned_data[f"title_{code}"] for code in TYPED}
        return {code: title for code, title in given.items() if title}

    def merged(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """The title as it will be: languages with other words than before, over what is held with its marks.

        Whoever types the words of a translation anew has checked it; one that nobody touched keeps its state.
        """
        changed = {code: words for code, words in self.titles.items() if words != _words(held, code)}
        return {**held, **changed}


class TitleForm(Titled):
    """A title of one line."""

    title_vi = forms.CharField(label=_("Title in Vietnamese"), max_length=500)
    title_en = forms.CharField(label=_("Title in English"), max_length=500, required=False)
