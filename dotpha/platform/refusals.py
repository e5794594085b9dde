"""The one way to say no: a code for programs, a sentence for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from django.utils import translation

from dotpha.platform import numbers

if TYPE_CHECKING:
    from django import forms
    from django_stubs_ext import StrPromise


class Refused(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """What was asked cannot be done, and why.

    `sentence` is a lazy translation with %(name)s places, filled from `facts` only when it is
    shown, so each reader gets it in their own language; a fact that is a day is given as a date and
    written in the reader's form. `field` names the form or body field it
    belongs to; None means the whole request. `status` is the HTTP status (architecture, section 6).
    `do` says what to do about it, where the sentence says only what is wrong: one of `platform.advice`.
    `row` tells which of several rows of the request is meant, the first being 0 (`in_row`). `also` are the others
    that came with it (`all_of`).
    """

    def __init__(
        self,
        code: str,
        sentence: str | StrPromise,
        *,
        do: str | StrPromise = "",
        field: str | None = None,
        status: int = 422,
        **facts: object,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.status = status
        self.sentence = sentence
        self.do = do
        self.facts = facts
        self.row: int | None = None
        self.also: list[Refused] = []

    def __str__(self) -> str:
        return f"{self.said} {self.do}".rstrip()

    @property
    def said(self) -> str:
        """What is wrong, in the reader's language, without what to do about it."""
        if not self.facts:
            return str(self.sentence)
        lang = translation.get_language() or "vi"
        facts = {name: numbers.day(fact, lang) if isinstance(fact, date) else fact for name, fact in self.facts.items()}
        return str(self.sentence) % facts


def all_of(*checks: Callable[[], object]) -> None:
    """Ask each of these, and refuse once with all that they refuse: nobody is told one thing after the other."""
    found: list[Refused] = []
    for check in checks:
        try:
            check()
        except Refused as refusal:
            found.append(refusal)
    if found:
        found[0].also = found[1:]
        raise found[0]


@contextmanager
def in_row(number: int) -> Iterator[None]:
    """Let a refusal raised inside say which of several rows it is about."""
    try:
        yield
    except Refused as refusal:
        refusal.row = number
        raise


@contextmanager
def refusals_on(form: forms.Form) -> Iterator[None]:
    """Put a refusal raised inside beside its field of `form`, or on top of it.

    The form then has errors, so the page is shown again with what was typed. The refusal's
    status is kept in `form.refusal` for `pages.status_of`.
    """
    try:
        yield
    except Refused as refusal:
        form.refusal = refusal  # type: ignore[attr-defined]
        for each in (refusal, *refusal.also):
            form.add_error(each.field if each.field in form.fields else None, str(each))
