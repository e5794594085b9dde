"""Organisations and places among the hits of the search. A former name leads to what bears its part today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dotpha.directory import kinds, queries
from dotpha.directory.models import Organisation, Place
from dotpha.directory.queries.then import bearing, valid
from dotpha.platform import text
from dotpha.platform.actors import Actor
from dotpha.platform.pages import url
from dotpha.platform.registry import Found, SearchSource
from dotpha.platform.spelling import Wanted, likeness
from dotpha.platform.texts import each as spoken
from dotpha.platform.texts import read

WEIGHED = 120
"""Rows that are weighed, those with few other words first: thousands of communes share a word, and the one called just
so must not be cut off."""


def _organisations(by: Actor, words: str, on: date, limit: int) -> list[Found]:
    rows = _shortest(queries.organisations(on), Organisation, words, on)
    found = [_organisation(each, kinds.organisation_kind(each.kind)) for each in _nearest(rows, words, limit)]
    return _best([*found, *_formerly(Organisation, words, on, {each.key for each in rows})], words, limit)


def _places(by: Actor, words: str, on: date, limit: int) -> list[Found]:
    rows = _shortest(queries.places(on), Place, words, on)
    if not rows and not isinstance(words, Wanted):
        rows = _in_province(words, on)
    found = [_place(each, _province(each)) for each in _nearest(rows, words, limit)]
    return _best([*found, *_formerly(Place, words, on, {each.key for each in rows})], words, limit)


def _in_province(words: str, on: date) -> list[Place]:
    """What bears the first words in the province that the last ones name: "Nậm Lầu, tỉnh Sơn La"."""
    asked = text.folded_name(words)
    for province in queries.places(on, "province"):
        name = text.folded_name(province.short_shown)
        before = asked.removesuffix(f" {name}")
        if before != asked:
            rest = before.removesuffix(" tinh").removesuffix(" thanh pho")
            return _shortest(queries.places(on, parent=province.key), Place, rest, on)
    return []


def _shortest(rows: Any, model: type[Any], words: str, on: date) -> list[Any]:
    """Of the rows those that have these words and the fewest others.

    Which ones is settled over keys alone; what each was called on the day is asked of these.
    """
    fitting = bearing(model.objects.filter(valid(on)), on, words)
    chosen = queries.nearest_first(fitting).values("pk")[:WEIGHED]
    return list(rows.filter(pk__in=chosen).order_by("key").defer("words"))


def _province(place: Place) -> str:
    return place.parent_shown.title.text if place.parent_shown else ""


def _called(row: Any) -> tuple[str, ...]:
    """Every name by which a row is known today; a place also with its province behind it."""
    if isinstance(row, Place):
        return (row.code, row.short_shown, *spoken(row.names), f"{row.title.text} {_province(row)}")
    return (*row.abbreviations, *spoken(row.names))


def _nearest(rows: Sequence[Any], words: str, limit: int) -> list[Any]:
    """The rows that answer best, of those that answer alike a province before its communes: only of these a hit is
    made."""
    return sorted(rows, key=lambda row: (-likeness(words, row.title.text, *_called(row)), _is_commune(row)))[:limit]


def _is_commune(row: Any) -> bool:
    return isinstance(row, Place) and row.level == "commune"


def _organisation(row: Organisation, excerpt: str, *former: str) -> Found:
    address = url("directory:organisation", row.key)
    return Found("organisation", row.key, row.title.text, address, excerpt, former or _called(row))


def _place(row: Place, excerpt: str, *former: str) -> Found:
    return Found("place", row.key, row.title.text, url("directory:place", row.key), excerpt, former or _called(row))


def _formerly(model: type[Any], words: str, on: date, shown: set[str]) -> list[Found]:
    """What bore these words in a former name or stands in the place of what bore them, each told with that name."""
    build: Any = _place if model is Place else _organisation
    found: dict[str, Found] = {}
    for former, today in queries.formerly(model, words, on, WEIGHED):
        if today.key not in shown and today.key not in found:
            said = read(former.name).text
            told = gettext("no longer there") if former == today else gettext("formerly %(name)s") % {"name": said}
            found[today.key] = build(today, told, *spoken(former.name), *getattr(former, "abbreviations", ()))
    return list(found.values())


def _best(found: list[Found], words: str, limit: int) -> list[Found]:
    found.sort(key=lambda hit: -likeness(words, hit.title, *hit.also))
    return found[:limit]


ORGANISATIONS = SearchSource("organisation", _("Organisations"), _organisations, 60)
PLACES = SearchSource("place", _("Places"), _places, 65)
