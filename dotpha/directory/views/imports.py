"""Importing organisations and places from a spreadsheet or a CSV file: look first, then keep."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dotpha.accounts import rights, scopes
from dotpha.directory import columns, imports
from dotpha.directory.imports import Line, Shape
from dotpha.platform import import_pages, numbers
from dotpha.platform.importing import Preview
from dotpha.platform.pages import desk_page, language, url


@desk_page("GET", "POST")
def directory_import(request: Any, name: str) -> HttpResponse:
    """Upload a file and look at what it would do; nothing is kept before the second button."""
    rights.require(request.actor, "directory.change", [scopes.ALL])
    shape = imports.SHAPES[name]
    of_places = shape is imports.PLACES
    page = {
        "list": _("Places") if of_places else _("Organisations"),
        "list_url": url(f"directory:{name}"),
        "what": _("Import places") if of_places else _("Import organisations"),
        "what_url": url(f"directory:{name}_import"),
        "required": ", ".join(("key", *shape.required)),
        "hint": "",
        "columns": [each for each in shape.columns if each.read and each is not columns.AS_OF],
    }

    def address(key: str) -> str:
        return url(f"directory:{name}_import", file=key)

    course = import_pages.course(
        request, job="directory.import_file", asked={"shape": name}, address=address, kept=url(f"directory:{name}")
    )
    return course or import_pages.answer(
        request,
        "platform/import_rows.html",
        page,
        address=address,
        look=partial(look, request, shape),
        keep=partial(keep, request, shape),
    )


def look(request: Any, shape: Shape, data: bytes, file_name: str) -> dict[str, Any]:
    """What a file would do: counts by fate, and the rows of the fate that is asked for."""
    seen = imports.preview(data, file_name, shape, request.actor)
    return import_pages.listed(request, seen, shape.columns, told)


def told(column: str, value: Any) -> str:
    """A value as a person reads it in a list of changes; "–" for none."""
    if isinstance(value, date):
        return numbers.day(value, language())
    said = columns.worded(column, value)
    return "–" if said is None or said == "" else str(said)


def keep(request: Any, shape: Shape, seen: Preview[Line]) -> HttpResponse:
    """Load what was looked at: every row, or the good ones on request."""
    done = imports.apply(seen, shape, request.actor, skip_bad_rows="skip" in request.POST)
    import_pages.tell(request, done)
    return redirect(url(f"directory:{shape.name}"))
