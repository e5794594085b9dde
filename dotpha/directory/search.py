"""Organisations and places among the hits of the search."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.directory import kinds, queries
from dotpha.platform.actors import Actor
from dotpha.platform.pages import url
from dotpha.platform.registry import Found, SearchSource


def _organisations(by: Actor, words: str, on: date, limit: int) -> list[Found]:
    return [
        Found(
            "organisation",
            each.key,
            each.title.text,
            url("directory:organisation", each.key),
            kinds.organisation_kind(each.kind),
        )
        for each in queries.organisations(on, words=words)[:limit]
    ]


def _places(by: Actor, words: str, on: date, limit: int) -> list[Found]:
    rows = queries.places(on, words=words).order_by("-level", "code", "key")[:limit]
    return [
        Found(
            "place",
            each.key,
            each.title.text,
            url("directory:place", each.key),
            each.parent.title.text if each.parent else "",
        )
        for each in rows
    ]


ORGANISATIONS = SearchSource("organisation", _("Organisations"), _organisations, 60)
PLACES = SearchSource("place", _("Places"), _places, 65)
