"""Every address of the product, read from the URL configuration: none is written down here, so none is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_NAMED_GROUP = re.compile(r"\(\?P<(\w+)>(?:\[[^]]*\]|[^()])*\)")


@dataclass(frozen=True)
class Route:
    """One pattern: its name, and its path with `<parameter>` for what it takes."""

    name: str
    pattern: str

    def path(self, examples: dict[tuple[str, str], str]) -> str:
        """The address of the examples, each known by the segment before it and its parameter."""
        filled: list[str] = []
        for segment in self.pattern.split("/"):
            before = filled[-1] if filled else ""
            filled.append(_PARAMETER.sub(lambda found, before=before: examples[before, found.group(1)], segment))
        return "/" + "/".join(filled)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """(the segment before, the name) of each parameter."""
        segments = self.pattern.split("/")
        return [
            (segments[place - 1] if place else "", name)
            for place, segment in enumerate(segments)
            for name in _PARAMETER.findall(segment)
        ]


def routes() -> list[Route]:
    """Every address that the URL configuration answers; an address with two methods stands once."""
    found = {route.pattern: route for route in _walk(get_resolver(), "", "")}
    return [found[pattern] for pattern in sorted(found)]


def _walk(resolver: Any, before: str, space: str) -> Iterator[Route]:
    for each in resolver.url_patterns:
        pattern = before + _plain(str(each.pattern))
        if isinstance(each, URLPattern):
            yield Route(f"{space}{each.name}", pattern)
        else:
            yield from _walk(each, pattern, f"{space}{each.namespace}:" if each.namespace else space)


def _plain(pattern: str) -> str:
    """A regular expression as a path: one of the languages, and its named groups as parameters."""
    pattern = _NAMED_GROUP.sub(r"<\1>", re.sub(r"\(\?:vi\|[a-z|]+\)", "vi", pattern))
    return pattern.strip("^$").replace("\\.", ".")
