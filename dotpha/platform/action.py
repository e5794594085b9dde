"""The frame of every change: one transaction, and a sentence even when the database says no."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec, TypeVar

from django.apps import apps
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import BaseConstraint
from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice, classification, leftovers
from dotpha.platform.refusals import Refused
from dotpha.platform.uploads import Upload

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 3  # a deadlock or a serialisation failure is nobody's fault: the change is tried again
_TRY_AGAIN = {"40001", "40P01"}
_UNIQUE = "23505"
_TAKEN = {_UNIQUE, "23P01"}
"""Somebody recorded the same, or what overlaps it, before: to look again helps."""
_OTHERWISE = _("This does not agree with what is recorded.")
_TWICE = _("This is recorded already.")

UNSAID = frozenset({"by", "password", "token", "reading"})
"""What an action keeps as no text: who acts, a digest, what a job read of a file that was asked when it was given."""

registered: dict[str, Callable[..., object]] = {}
"""Every action by its full name: the house rules and the matrix test walk this list."""


def action(change: Callable[P, R]) -> Callable[P, R]:
    """Run a change whole or not at all.

    A change takes keyword arguments only, `by` (an Actor) among them. No text that it was given bears a mark of State
    secrecy (K3): asked last, so that rights and rules speak first, and within the transaction, so that nothing of it
    is kept; but first where a file is given. A constraint that a rule
    overlooked leaves as a refusal with its own sentence and status 409. Files that a refused change wrote go again.
    """
    parameters = inspect.signature(change).parameters
    loose = [p.name for p in parameters.values() if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    if loose or "by" not in parameters:
        raise TypeError(f"{change.__qualname__}: an action takes keyword arguments only, by= among them")

    @wraps(change)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with leftovers.taken_away():
                return whole(lambda: _open(lambda: change(*args, **kwargs), kwargs))
        except IntegrityError as error:
            raise _refusal_of(error) from error

    registered[f"{change.__module__}.{change.__qualname__}"] = run
    return run


def _open(change: Callable[[], R], given: Mapping[str, object]) -> R:
    said = {name: value for name, value in given.items() if name not in UNSAID}
    if any(map(_brings_file, given.values())):
        classification.require_open_values(said)
        return change()
    result = change()
    classification.require_open_values(said)
    return result


def _brings_file(value: object) -> bool:
    """Whether a file is given: by itself, in a list or under names."""
    several = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else (value,)
    return any(isinstance(each, Upload) for each in several)


def whole(change: Callable[[], R]) -> R:
    """Run a change in one transaction; after a deadlock or a serialisation failure again, unless it is part of one."""
    nested = transaction.get_connection().in_atomic_block
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                return change()
        except OperationalError as error:
            if nested or attempt == TRIES or sqlstate(error) not in _TRY_AGAIN:
                raise
    raise AssertionError("unreachable")


def sqlstate(error: Exception) -> str:
    """PostgreSQL's five-letter code of a database error, or nothing."""
    return getattr(error.__cause__, "sqlstate", "") or ""


def _refusal_of(error: IntegrityError) -> Refused:
    """The constraint's own sentence; one of ours where it has none, for Django's own is a template."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "conflict"
    state = sqlstate(error)
    otherwise = _TWICE if state == _UNIQUE else _OTHERWISE
    do = advice.LOOK if state in _TAKEN else advice.CORRECT
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and has_own_sentence(constraint):
                return Refused(name, constraint.violation_error_message or otherwise, do=do, status=409)
    return Refused(name, otherwise, do=do, status=409)


def has_own_sentence(constraint: BaseConstraint) -> bool:
    """Whether a constraint says what is wrong in words of its own."""
    return constraint.violation_error_message is not constraint.default_violation_error_message
