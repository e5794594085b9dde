"""Documents among the hits of the search."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.documents import finding, numbers, queries
from dotpha.platform.actors import Actor
from dotpha.platform.pages import url
from dotpha.platform.registry import Found, SearchSource
from dotpha.platform.texts import each as spoken


def _documents(by: Actor, words: str, on: date, limit: int) -> list[Found]:
    rows = list(queries.register(by, on, words)[:limit])
    number = numbers.read_query(words)
    places = finding.hits(rows, words)
    return [
        Found(
            "document",
            each.key,
            each.number or each.heading.text,
            url("documents:document", each.key),
            " · ".join(
                [each.heading.text, *(f"{hit.address or hit.file}: {hit.excerpt}" for hit in places.get(each.pk, ()))]
            ),
            # A number that was recognised is an answer in full, however it was written.
            (each.number, *spoken(each.title), *([words] if number and number.key in each.number_forms else ())),
        )
        for each in rows
    ]


DOCUMENTS = SearchSource("document", _("Documents"), _documents, 40)
