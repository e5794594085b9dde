"""What upper apps add to shared pages: menu, panels, inbox lists, search sources, home pages.

An app registers in `apps.py: ready()`. A lower app never learns who registered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from dotpha.platform.actors import Actor

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django_stubs_ext import StrPromise


WORK, FOLLOWED, REGISTERS, RUNNING = _("Programme and tasks"), _("Follow-up"), _("Registers"), _("Administration")
"""The groups of the desk's menu, in their order."""


@dataclass(frozen=True)
class MenuItem:
    """A line of the desk's menu: shown to those who hold `right` anywhere. `letter` follows the key g.

    `count(by)`: how much waits behind it, in one query; without it no figure is shown. Lines of one `group` (below)
    follow each other in `order`; the first lines, which everybody opens daily, have none.
    """

    key: str
    label: StrPromise | str
    url_name: str
    icon: str
    right: str
    order: int
    letter: str = ""
    count: Callable[[Actor], int] | None = None
    group: StrPromise | str = ""


@dataclass(frozen=True)
class Panel:
    """A part of a page of some kind of subject ("organisation", "place", "task", "document",
    "provision"). `fill(request, thing)` gives the template's context, or None to stay away."""

    kind: str
    key: str
    template: str
    fill: Callable[[HttpRequest, Any], dict[str, Any] | None]
    order: int = 50


@dataclass(frozen=True)
class Notes:
    """Words beside the lines of a page of some kind of subject ("document": its provisions). `fill(request, thing)`
    gives the template's context by the line's primary key, for all lines at once."""

    kind: str
    key: str
    template: str
    fill: Callable[[HttpRequest, Any], dict[int, Any]]
    order: int = 50


@dataclass(frozen=True)
class Duty:
    """One thing that waits for somebody: what, why, until when, and the one act that ends it.

    `waits`: somebody else waits for this decision, since `since`.
    """

    kind: str
    title: str
    why: str
    url: str
    act: str
    due_on: date | None = None
    since: date | None = None
    state: str = ""
    subject: str = ""
    waits: bool = False

    @property
    def clock(self) -> date | None:
        """The day that tells how urgent this is: when it is due, else since when a decision is waited for."""
        return min(filter(None, (self.due_on, self.since if self.waits else None)), default=None)


@dataclass(frozen=True)
class InboxList:
    """A kind of duty. `count(by, on)` is cheap; `duties(by, on)` gives at most `limit` rows, most urgent first."""

    key: str
    label: StrPromise | str
    right: str
    count: Callable[[Actor, date], int]
    duties: Callable[[Actor, date, int], list[Duty]]
    order: int = 50


@dataclass(frozen=True)
class Found:
    """One hit of the search: kind and key of the thing, its title, where it opens, some words around.

    `also`: other names by which it is known; with the title they tell how well it answers.
    """

    kind: str
    key: str
    title: str
    url: str
    excerpt: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class SearchSource:
    """Where a search looks. `find(by, text, on, limit)` gives hits, best first; `by` may be nobody."""

    kind: str
    label: StrPromise | str
    find: Callable[[Actor, str, date, int], list[Found]]
    order: int = 50


@dataclass
class Registry:
    """Everything registered, each list in its order."""

    menu: list[MenuItem] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    notes: list[Notes] = field(default_factory=list)
    inbox: list[InboxList] = field(default_factory=list)
    search: list[SearchSource] = field(default_factory=list)
    file_readers: dict[str, Callable[[Actor, str], bool]] = field(default_factory=dict)
    subject_urls: dict[str, Callable[[str], str | None]] = field(default_factory=dict)
    subject_names: dict[str, Callable[[Actor, list[str]], dict[str, str]]] = field(default_factory=dict)
    """By kind of subject, what finds the names of things by key that a reader may see, in one query."""
    scope_names: dict[str, Callable[[Iterable[str]], dict[str, str]]] = field(default_factory=dict)
    """By kind of scope ("org", "place", "programme"), what finds the names of paths; one that is not there has none."""
    scopes_held: Callable[[Actor], set[str]] = lambda by: set()
    """The scopes in which a person holds a role: set by accounts."""

    def add(self, *things: MenuItem | Panel | Notes | InboxList | SearchSource) -> None:
        """Register; registering again under the same key replaces."""
        lists: dict[type, list[Any]] = {
            MenuItem: self.menu,
            Panel: self.panels,
            Notes: self.notes,
            InboxList: self.inbox,
            SearchSource: self.search,
        }
        for thing in things:
            held = lists[type(thing)]
            name = getattr(thing, "key", "") or getattr(thing, "kind", "")
            held[:] = [e for e in held if (getattr(e, "key", "") or getattr(e, "kind", "")) != name]
            held.append(thing)
            held.sort(key=lambda each: each.order)

    def panels_for(self, kind: str) -> Iterable[Panel]:
        return (panel for panel in self.panels if panel.kind == kind)

    def filled(self, request: HttpRequest, kind: str, thing: Any) -> list[dict[str, Any]]:
        """The panels of a page with something to show: each its template and, as `panel`, its context."""
        filled = ((panel, panel.fill(request, thing)) for panel in self.panels_for(kind))
        return [{"template": panel.template, "panel": context} for panel, context in filled if context is not None]

    def noted(self, request: HttpRequest, kind: str, thing: Any) -> list[dict[str, Any]]:
        """The notes of a page: each its template and, as `lines`, the context of each line by its primary key."""
        return [
            {"template": notes.template, "lines": notes.fill(request, thing)}
            for notes in self.notes
            if notes.kind == kind
        ]


registry = Registry()
