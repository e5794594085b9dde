"""Documents among the hits of the search."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.documents import finding, queries
from dotpha.platform.actors import Actor
from dotpha.platform.pages import url
from dotpha.platform.registry import Found, SearchSource


def _documents(by: Actor, words: str, on: date, limit: int) -> list[Found]:
    rows = list(queries.register(by, on, words)[:limit])
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
        )
        for each in rows
    ]


DOCUMENTS = SearchSource("document", _("Documents"), _documents, 40)
