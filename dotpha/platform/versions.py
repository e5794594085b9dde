"""Changes of one record by two people: the second one is told, and loses nothing."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dotpha.platform.refusals import Refused

MEANWHILE = "changed_meanwhile"


def require_version(given: int | None, held: int) -> None:
    """Refuse a change of what somebody else changed meanwhile."""
    if given is not None and given != held:
        raise Refused(
            MEANWHILE,
            _(
                "Somebody changed this meanwhile. Your text is kept: "
                "compare it with what is recorded now, then send again."
            ),
            field="version",
            status=409,
        )


def is_conflict(form: forms.BaseForm) -> bool:
    """Whether a form was refused because somebody else had changed the record since it was opened."""
    return getattr(getattr(form, "refusal", None), "code", "") == MEANWHILE


def version_sent(form: forms.BaseForm, given: str | None, held: int) -> str:
    """The version that a form carries when it is shown: the one it was opened with, or after a conflict the one held
    now, since both texts are then on the page and the next save decides between them."""
    return str(held) if is_conflict(form) else given or str(held)


def both_texts(form: forms.BaseForm, without: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """After a conflict: what was typed beside what is recorded now, where the two differ; else nothing.

    `form.initial` holds what is recorded: it is read anew for every request.
    """
    if not is_conflict(form):
        return []
    names = [name for name in form.fields if name in form.initial and name not in without]
    told = [
        {"label": str(form[name].label), "mine": _shown(form, name, form[name].value()),
         "theirs": _shown(form, name, form.initial[name])}
        for name in names
    ]  # fmt: skip
    return [each for each in told if each["mine"].split() != each["theirs"].split()]


def _shown(form: forms.BaseForm, name: str, value: Any) -> str:
    """A value of a form as a person reads it: of a choice its words."""
    said = "" if value is None else str(value)
    for code, words in getattr(form.fields[name], "choices", ()):
        if str(code) == said:
            return str(words)
    return said


def mark_of(*read: object) -> str:
    """Names plain values that somebody looked at: the same for the same ones. A change carries it back, and is refused
    where it would be made to something else than was read."""
    return hashlib.sha256(repr(read).encode()).hexdigest()[:32]
