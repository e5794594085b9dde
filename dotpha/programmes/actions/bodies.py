"""Whom a task can be given to: bodies of the directory that are there on the day from which they are to act."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.directory import queries as directory
from dotpha.directory.models import Organisation
from dotpha.platform import advice
from dotpha.platform.refusals import Refused


def require_there(organisation: Organisation, on: date, field: str) -> None:
    """Refuse a body that has ended before a day, naming what stands in its place on it."""
    if organisation.valid_to is not None and organisation.valid_to < on:
        raise ended(organisation, on, field)


def ended(organisation: Organisation, on: date, field: str) -> Refused:
    """The refusal of a body that has ended."""
    names = [f"{each.title.text} ({each.key})" for each in directory.successors(organisation.key, on)]
    last_day = organisation.valid_to or "–"
    name = organisation.title.text
    if not names:
        return Refused(
            "organisation_ended",
            _("%(name)s ended on %(day)s and the directory names no successor."),
            do=advice.ANOTHER,
            field=field,
            name=name,
            day=last_day,
        )
    if len(names) == 1:
        return Refused(
            "organisation_ended",
            _("%(name)s ended on %(day)s; its successor is %(successors)s."),
            do=advice.SUCCESSOR,
            field=field,
            name=name,
            day=last_day,
            successors=names[0],
        )
    return Refused(
        "organisation_ended",
        _("%(name)s ended on %(day)s; its successors are %(successors)s."),
        do=advice.ONE_OF,
        field=field,
        name=name,
        day=last_day,
        successors="; ".join(names),
    )
