"""Rows that hold from a day to a day, both included: roles, posts, who leads a task."""

from __future__ import annotations

from datetime import date

from django.db.models import Q


def valid_on(on: date, of: str = "") -> Q:
    """The condition that a row holds on a day; open where it has no last day. `of`: what leads to the row."""
    begun, not_over = Q(**{f"{of}from_on__lte": on}), Q(**{f"{of}until_on__gte": on})
    return begun & (Q(**{f"{of}until_on": None}) | not_over)
