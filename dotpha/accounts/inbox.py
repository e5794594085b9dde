"""What waits for an administrator: requests of people about their own data."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.accounts import queries
from dotpha.accounts.models import DataRequest
from dotpha.platform.actors import Actor
from dotpha.platform.pages import url
from dotpha.platform.registry import Duty, InboxList

KEY = "data_requests"


def _duty(request: DataRequest) -> Duty:
    clock = request.clock
    first = clock.state == "new"
    return Duty(
        kind=KEY,
        title=_("Request of %(name)s about own data") % {"name": request.user},
        why=_("The first reply is due.") if first else _("The request is to be completed, or refused."),
        url=url("accounts:data_request", request.pk),
        act=_("Reply") if first else _("Answer"),
        due_on=clock.due_on,
        since=request.made_on,
        subject=request.subject,
        waits=True,
    )


def _duties(by: Actor, on: date, limit: int) -> list[Duty]:
    return [_duty(each) for each in queries.by_urgency(queries.to_answer(by, on))[:limit]]


LISTS = [
    InboxList(
        KEY, gettext_lazy("Requests about own data"), "person.change",
        lambda by, on: queries.to_answer(by, on).count(), _duties, 75,
    ),
]  # fmt: skip
