"""GET /search: everything by words, within the reader's rights."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from django.utils import translation
from ninja import Field, Query, Router

from dotpha.platform import finding
from dotpha.platform.api import ApiRequest, Out, Times

router = Router(tags=["search"])


class FoundOut(Out):
    """One hit of the search."""

    kind: str
    key: str
    title: str
    url: str
    excerpt: str = Field(description="Words around, or the former name that was found")


class SearchOut(Out):
    """Hits, the best first."""

    items: list[FoundOut]


@router.get("/search", response=SearchOut, summary="Search everything")
def search(
    request: ApiRequest,
    times: Query[Times],
    q: str = Query(..., min_length=1, max_length=200, description="Words, a number or a key; marks do not matter"),
    lang: Literal["", "vi", "en", "ru", "fr", "th", "ms"] = Query("", description="Language of the titles"),
    kind: str = Query("", max_length=40, description="Only hits of this kind"),
    limit: int = Query(10, ge=1, le=50),
) -> dict[str, Any]:
    """Tasks, programmes, documents, organisations and places by words, also mistyped ones and former names."""
    with times.reading() as on, translation.override(lang or translation.get_language()):
        return {"items": [asdict(hit) for hit in finding.flat(request.actor, q, on, kind, limit)]}
