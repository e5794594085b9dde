"""GET /events: what changed, oldest first, without gaps, within the reader's rights."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from ninja import Query, Router, Schema

from dotpha.accounts import rights
from dotpha.platform.api import ApiRequest
from dotpha.platform.models import AuditEvent, Seal

router = Router(tags=["events"])


class EventOut(Schema):
    position: int
    at: datetime
    kind: str
    subject: str
    actor: str
    digest: str


class EventsOut(Schema):
    items: list[EventOut]
    last: int


@router.get("/events", response=EventsOut, summary="What changed since a position")
def events(
    request: ApiRequest, after: int = Query(0, ge=0, le=2**62), limit: int = Query(200, ge=1, le=1000)
) -> dict[str, Any]:
    """Sealed events after `after`, oldest first. Only those who may read the record see it."""
    rights.require(request.actor, "audit.view", ["all"])
    seals = list(Seal.objects.filter(position__gt=after).order_by("position")[:limit])
    held = AuditEvent.objects.in_bulk([seal.event_id for seal in seals])
    items = [
        {
            "position": seal.position,
            "at": held[seal.event_id].at,
            "kind": held[seal.event_id].kind,
            "subject": held[seal.event_id].subject,
            "actor": held[seal.event_id].actor,
            "digest": seal.digest,
        }
        for seal in seals
    ]
    return {"items": items, "last": items[-1]["position"] if items else after}


@router.get("/events/stream", summary="The same as server-sent events", response={307: None})
def stream(request: ApiRequest) -> HttpResponse:
    """Answers with the address of the event process, which holds the stream open."""
    response = HttpResponseRedirect(f"{settings.LIVE_URL}/live/events")
    response.status_code = 307
    return response
