"""The search over everything that apps registered: as it is written, then mended, the best hits first."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection

from dotpha.platform import days, spelling
from dotpha.platform.fields import WordsField
from dotpha.platform.registry import registry

if TYPE_CHECKING:
    from dotpha.platform.actors import Actor
    from dotpha.platform.registry import Found, SearchSource

WEIGHED = 4
"""Hits that are weighed for each one that is shown: a source knows what fits, not what fits best."""
ENOUGH = 0.6
"""The likeness below which a hit of mended words is rather noise."""
ANSWERED = 1.0
"""The likeness of a hit that has every word: then no other source is asked for mended ones."""
FRESH = 600
"""Seconds for which the known words of a process serve. A word of today is found at once as it is written."""
SAMPLE = 3000
"""The latest rows of each table whose words are known: what more rows add are rare names, found as written."""


def search(by: Actor, text: str, on: date, kind: str = "", limit: int = 10) -> list[tuple[SearchSource, list[Found]]]:
    """Hits of every source, at most `limit` each and the best first, the source with the best hit first.

    Where nothing has all the words as they are written, the sources without a hit are asked again with mended words.
    What may be seen is settled by the sources. Sources without a hit are left out.
    """
    if not text.strip():
        return []
    sources = [source for source in registry.search if not kind or source.kind == kind]
    found = _found(sources, by, text, text, on, limit * WEIGHED)
    if not any(worth(text, hits[0]) >= ANSWERED for hits in found.values()):
        silent = [source for source in sources if source.kind not in found]
        found |= _mended(silent, by, text, on, limit * WEIGHED)
    answers = [(source, found[source.kind][:limit]) for source in sources if source.kind in found]
    return sorted(answers, key=lambda each: -worth(text, each[1][0]))


def _mended(sources: list[SearchSource], by: Actor, text: str, on: date, limit: int) -> dict[str, list[Found]]:
    """What the first way of mending that leads anywhere finds."""
    for wanted in spelling.mended(text, known()):
        found = _found(sources, by, text, wanted, on, limit, ENOUGH)
        if found:
            return found
    return {}


def _found(
    sources: list[SearchSource], by: Actor, text: str, wanted: str, on: date, limit: int, least: float = 0
) -> dict[str, list[Found]]:
    """By kind of source, the hits for `wanted` that answer `text` at least so well, the best first."""
    found = {}
    for source in sources:
        weighed = [(worth(text, hit), hit) for hit in source.find(by, wanted, on, limit)]
        hits = [hit for value, hit in sorted(weighed, key=lambda each: -each[0]) if value >= least]
        if hits:
            found[source.kind] = hits
    return found


def flat(by: Actor, text: str, on: date, kind: str = "", limit: int = 10) -> list[Found]:
    """Hits of all sources in one list, the best first."""
    hits = [hit for _source, found in search(by, text, on, kind, limit) for hit in found]
    return sorted(hits, key=lambda hit: -worth(text, hit))[:limit]


def worth(text: str, hit: Found) -> float:
    """How well a hit answers; a key written out answers best, then the number with which a key ends."""
    said, key = text.strip().casefold(), hit.key.casefold()
    whole = 3.0 if said == key else 2.0 * (len(said) > 1 and said.isdecimal() and key.endswith(f"-{said}"))
    return whole + spelling.likeness(text, hit.title, *hit.also)


def known() -> spelling.Vocabulary:
    """The words that the tables of the search hold. They only mend what is looked for; none is ever shown."""
    return known_words(int(days.now().timestamp()) // FRESH)


@lru_cache(maxsize=1)
def known_words(_fresh: int) -> spelling.Vocabulary:
    """The words of one stretch of time, which is all that the argument says."""
    tables = {
        model._meta.db_table
        for model in apps.get_models()
        if any(isinstance(each, WordsField) for each in model._meta.local_fields)
    }
    words: set[str] = set()
    with connection.cursor() as cursor:
        for table in sorted(tables):
            rows = f"SELECT words FROM public.{table} ORDER BY id DESC LIMIT {SAMPLE}"  # noqa: S608 -- our own models
            cursor.execute("SELECT word FROM ts_stat(%s)", [rows])
            words.update(word for (word,) in cursor.fetchall())
    return spelling.Vocabulary(words)
