"""The record of events, the state of the system, the page of components."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dotpha.accounts import rights
from dotpha.accounts.roles import Role
from dotpha.cockpit import actions, queries
from dotpha.platform import days, doctor, exports, outgoing, showcase, subjects
from dotpha.platform.models import AuditEvent
from dotpha.platform.pages import desk_page, render, whole

PAGE = 50
EXPORTED_AT_ONCE = 1000


@desk_page("GET")
def record(request: Any) -> HttpResponseBase:
    """Every event, newest first, with its place in the sealed chain."""
    rights.require(request.actor, "audit.view", ["all"])
    day = request.GET.get("day")
    rows = queries.events(
        request.GET.get("subject", "")[: subjects.LONGEST],
        request.GET.get("kind", ""),
        request.GET.get("actor", "")[:150],
        days.read_as_of(day) if day else None,
    )
    if request.GET.get("export"):
        return record_export(request, rows)
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page = {
        "rows": shown,
        "seals": queries.seals_of(shown.object_list),
        "kinds": sorted(queries.kinds()),
        "sentences": queries.kinds(),
        "chain": queries.chain(),
        "roles": {**dict(Role.choices), "program": _("a program")},
        "names": queries.names_of(request.actor, [each.subject for each in shown]),
        "url_of": queries.url_of,
    }
    return render(request, "cockpit/record.html", page)


def record_export(request: Any, rows: QuerySet[AuditEvent]) -> HttpResponseBase:
    """The record as it is filtered, one event a row, read as it is sent."""
    columns = {
        "at": _("Moment"), "kind": _("Kind"), "subject": _("Subject"), "actor": _("User name"), "actor_name": _("Name"),
        "role": _("Role"), "holder": _("For whom"), "reason": _("Reason"),
    }  # fmt: skip
    values = rows.values_list(*columns).iterator(EXPORTED_AT_ONCE)
    return exports.answer(request, "record", _("Record of changes"), columns, values)


@desk_page("GET", "POST")
def system(request: Any) -> HttpResponse:
    """What is at work, what is wrong and how to mend it; failed jobs can be tried again."""
    rights.require(request.actor, "system.view", ["all"])
    if request.method == "POST":
        actions.try_again(by=request.actor, job=whole(request.POST.get("job")) or 0)
        return redirect("cockpit:system")
    page = {
        "found": doctor.examine(),
        "ways": outgoing.WAYS,
        "failed": queries.jobs_failed(),
        "chain": queries.chain(),
    }
    return render(request, "cockpit/system.html", page)


@desk_page("GET")
def components(request: Any) -> HttpResponse:
    """Every component with sample data: what a page may be built from."""
    return render(request, "platform/components_page.html", showcase.context(request.today))
