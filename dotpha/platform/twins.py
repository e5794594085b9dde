"""Each list has its data twins: the same rows under its own address with the ending .csv, .xlsx or .json."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase


class TwinConverter(StringConverter):
    """The endings that a list may have."""

    regex = "csv|xlsx|json"


register_converter(TwinConverter, "twin")


def listed(route: str, view: Callable[..., HttpResponseBase], name: str) -> list[URLPattern]:
    """The address of a list and that of its twins: "tasks/", and "tasks.csv", "tasks.xlsx", "tasks.json"."""
    return [path(f"{route}/", view, name=name), path(f"{route}.<twin:kind>", twin(view), name=f"{name}_twin")]


def twin(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The list as a file: what `?export=` asks of the same view, so rows, rights and filters are the same."""

    @wraps(view)
    def run(request: Any, *args: Any, kind: str, **kwargs: Any) -> HttpResponseBase:
        query = request.GET.copy()
        query["export"] = kind
        request.GET = query
        return view(request, *args, **kwargs)

    return run
