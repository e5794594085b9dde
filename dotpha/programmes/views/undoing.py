"""Taking back what was just done to a task: offered on the next page alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dotpha.platform import advice
from dotpha.platform.pages import whole
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions import undoing
from dotpha.programmes.models import Programme
from dotpha.programmes.queries import one
from dotpha.programmes.task_row import TaskRow
from dotpha.programmes.views.doing import Undo
from dotpha.programmes.views.task import UNDO


def offer_undo(request: Any, key: str, undo: Undo | None) -> None:
    """Offer on the next page to take a change back; what takes one back is not offered again."""
    if undo and "undoing" not in request.POST:
        request.session[UNDO] = {"key": key, "version": one.version_of(key), **undo}


def card_back(card: one.Card, before: TaskRow, changed: list[str], document: str) -> Undo | None:
    """The card as it was; none where it stood under a clause that its reader may not know of: they could not name it
    again."""
    if not changed or ("provision" in changed and card.clause is None and card.task.provision_id):
        return None
    was = {"was": undoing.card_was(before, changed), "document": document}
    return {"act": "edit", "fields": {"was": signing.dumps(was, salt=card.task.subject)}}


def undo_card(request: Any, card: one.Card, programme: Programme) -> HttpResponse:
    """Take the last change of the card back, as the button of the page after it says."""
    try:
        held = signing.loads(request.POST.get("was", ""), salt=card.task.subject)
    except signing.BadSignature:
        raise Refused(
            "nothing_to_undo", _("There is nothing to take back any more."), do=advice.LOOK, status=409
        ) from None
    version = whole(request.POST.get("version"))
    undoing.undo_card_change(
        task=card.task, programme=programme, version=version, by=request.actor, on=request.today, **held
    )
    messages.success(request, _("Undone"))
    return redirect("programmes:task", card.task.key)
