"""The page of an import: a file is put aside, looked at, and kept by a second button (A8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRefresh

from dotpha.platform import courses, numbers, parking
from dotpha.platform.columns import Column
from dotpha.platform.importing import C, Preview, Result, outdated
from dotpha.platform.pages import here, language, render, whole
from dotpha.platform.refusals import Refused
from dotpha.platform.uploads import checked

LINES_SHOWN = 200
"""Rows of a file that a page shows at once."""


def answer(
    request: Any,
    template: str,
    page: dict[str, Any],
    *,
    address: Callable[[str], str],
    look: Callable[[bytes, str], Mapping[str, Any]],
    keep: Callable[[Any], HttpResponse],
) -> HttpResponse:
    """The page of an import. A file is put aside and looked at; nothing is kept before the button `keep`.

    `address` of a file put aside, `look` gives what the page shows of it (`seen`: the preview), `keep` takes `seen`.
    """
    page = {"refusal": None, "seen": None, **page}
    try:
        if request.method == "POST" and request.FILES.get("file"):
            given = checked(request.FILES["file"], declared=True)  # its titles are asked row by row when it is read
            look(given.data, given.name)
            return redirect(address(parking.park(given.data, given.name, request.actor)))
        key = request.POST.get("parked") or request.GET.get("file", "")
        if request.method == "POST" and not key:
            raise Refused("file_missing", gettext_lazy("Choose a file."), field="file")
        if key:
            data, name = parking.parked(key, request.actor)
            page |= {**look(data, name), "file_name": name, "parked": key}
            if "keep" in request.POST and page["refusal"] is None:
                if request.POST.get("looked", page["seen"].digest) != page["seen"].digest:
                    raise outdated()
                kept = keep(page["seen"])
                parking.forget(key, request.actor)
                return kept
    except Refused as refusal:
        page["refusal"] = refusal
    return render(request, template, page, status=page["refusal"].status if page["refusal"] else 200)


def course(
    request: Any, *, job: str, asked: dict[str, Any], address: Callable[[str], str], kept: str
) -> HttpResponse | None:
    """The page of a long import, which a worker does: begun by the button `keep`, it can be left and stopped.

    None where no long import is begun or under way. `kept`: where what was imported is seen. Its end is told once,
    on this page or on the one that the person has gone on to (`courses.ended`).
    """
    key = request.POST.get("parked") or request.GET.get("file", "")
    rows = whole(request.POST.get("rows")) or 0
    if request.method == "POST" and "keep" in request.POST and rows > courses.AT_ONCE:
        more = {"looked": request.POST.get("looked"), "skip": "skip" in request.POST}
        parking.parked(key, request.actor)
        courses.begin(job, key, request.actor, rows=rows, asked={**asked, **more})
        return redirect(address(key))
    held = courses.of(key, request.actor)
    if held is not None and held.is_over and courses.ORIGIN in held.asked:  # its end is told over the API
        return None
    if held is None:  # told of on another page meanwhile
        return HttpResponseClientRefresh() if request.htmx and key else None
    if "stop" in request.POST:
        courses.stop(key, request.actor)
        return redirect(address(key))
    if not held.is_over:
        return render(request, "platform/import_course.html", {"course": held, "course_url": address(key)})
    if request.htmx:
        return HttpResponseClientRefresh()
    return redirect(kept) if held.state == courses.DONE else None


def typed_before(request: Any) -> dict[str, Any]:
    """With what a worker was to import the parked file of this page; nothing once something is typed here."""
    return {} if request.method == "POST" else courses.asked(request.GET.get("file", ""), request.actor)


def listed(
    request: Any, seen: Preview[C], columns: Sequence[Column], told: Callable[[str, Any], str]
) -> dict[str, Any]:
    """What `platform/import_rows.html` shows of a preview: counts by fate, and the rows of the one that is asked for.

    `told` gives a value of a column as a person reads it.
    """
    fates = {"": _("All rows"), "added": _("New"), "changed": _("Changed"), "unchanged": _("Unchanged")}
    fates["refused"] = _("Refused")
    asked = request.GET.get("fate", "")
    asked = asked if asked in fates else ""
    tabs = [
        {
            "label": label,
            "url": here(request, fate=fate or None, page=None),
            "count": seen.count(fate) if fate else len(seen.lines),
            "active": fate == asked,
        }
        for fate, label in fates.items()
    ]
    lines = [line for line in seen.lines if asked in ("", line.fate)]
    return {
        "seen": seen,
        "wrong": seen.wrong,
        "labels": {each.name: str(each.label or each.name) for each in columns},
        "lines": Paginator(lines, LINES_SHOWN).get_page(request.GET.get("page")),
        "tabs": tabs,
        "told": told,
    }


def tell(request: Any, done: Result) -> None:
    """Say on the next page what was imported."""
    counts = {name: numbers.number(getattr(done, name), 0, language()) for name in ("accepted", "changed", "unchanged")}
    messages.success(request, _("Imported: %(accepted)s new, %(changed)s changed, %(unchanged)s unchanged.") % counts)
