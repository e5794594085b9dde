"""Importing organisations and places from a spreadsheet or a CSV file: look first, then keep."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dotpha.accounts import rights, scopes
from dotpha.directory import columns, imports
from dotpha.directory.imports import Line, Shape
from dotpha.platform import importing, numbers
from dotpha.platform.importing import Preview
from dotpha.platform.pages import desk_page, here, language, url


@desk_page("GET", "POST")
def directory_import(request: Any, name: str) -> HttpResponse:
    """Upload a file and look at what it would do; nothing is kept before the second button."""
    rights.require(request.actor, "directory.change", [scopes.ALL])
    shape = imports.SHAPES[name]
    return importing.answer(
        request,
        "directory/import.html",
        {"name": name, "columns": [each for each in shape.columns if each.read]},
        address=lambda key: url(f"directory:{name}_import", file=key),
        look=partial(look, request, shape),
        keep=partial(keep, request, shape),
    )


def look(request: Any, shape: Shape, data: bytes, file_name: str) -> dict[str, Any]:
    """What a file would do: counts by fate, and the rows of the fate that is asked for."""
    seen = imports.preview(data, file_name, shape, request.actor)
    fates = {"added": _("New"), "changed": _("Changed"), "unchanged": _("Unchanged"), "refused": _("Refused")}
    fate = request.GET.get("fate", "")
    lines = [line for line in seen.lines if fate not in fates or line.fate == fate]
    labels = {each.name: str(each.label or each.name) for each in shape.columns}
    tabs = [{"label": _("All rows"), "url": here(request, fate=None, page=None), "count": len(seen.lines)}]
    tabs += [
        {"label": label, "url": here(request, fate=code, page=None), "count": seen.count(code)}
        for code, label in fates.items()
    ]
    for tab, code in zip(tabs, ["", *fates], strict=True):
        tab["active"] = code == (fate if fate in fates else "")
    return {
        "seen": seen,
        "wrong": seen.wrong,
        "labels": labels,
        "lines": Paginator(lines, importing.LINES_SHOWN).get_page(request.GET.get("page")),
        "tabs": tabs,
        "told": told,
    }


def told(column: str, value: Any) -> str:
    """A value as a person reads it in a list of changes; "–" for none."""
    if isinstance(value, date):
        return numbers.day(value, language())
    said = columns.worded(column, value)
    return "–" if said is None or said == "" else str(said)


def keep(request: Any, shape: Shape, seen: Preview[Line]) -> HttpResponse:
    """Load what was looked at: every row, or the good ones on request."""
    done = imports.apply(seen, shape, request.actor, skip_bad_rows="skip" in request.POST)
    counts = {name: numbers.number(getattr(done, name), 0, language()) for name in ("accepted", "changed", "unchanged")}
    messages.success(request, _("Imported: %(accepted)s new, %(changed)s changed, %(unchanged)s unchanged.") % counts)
    return redirect(url(f"directory:{shape.name}"))
