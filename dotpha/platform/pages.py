"""Pages: the Jinja2 environment, the frame of a desk page and of a public page."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial, wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render as django_render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext, pgettext
from django.views.decorators.http import require_http_methods
from jinja2 import Environment, StrictUndefined

from dotpha import __version__
from dotpha.platform import audit, cells, citations, days, numbers, past, readings, texts, versions
from dotpha.platform.actors import NOBODY, Actor, shown

P = ParamSpec("P")
NATIVE_NAMES = {
    "vi": "Tiếng Việt", "en": "English", "ru": "Русский", "fr": "Français", "th": "ไทย", "ms": "Bahasa Melayu",
}  # fmt: skip


def environment(**options: Any) -> Environment:
    """The Jinja2 environment of every page. Globals are listed in `docs/howto/developer.md`."""
    env = Environment(
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        **{**options, "undefined": StrictUndefined},
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    env.globals.update(
        url=url,
        static=cache(static),  # a page of a list asks a hundred times for the same few files
        number=lambda value, decimals=0: numbers.number(value, decimals, language()),
        percent=lambda value, decimals=0: numbers.percent(value, decimals, language()),
        day=lambda value: numbers.day(value, language()),
        moment=lambda value: numbers.moment(value, language()),
        native_names=NATIVE_NAMES,
        read_text=texts.read,
        table_lines=cells.lines,
        happened=lambda kind: audit.kinds.get(kind, kind),
        cited=citations.said,
        who=lambda event: shown(event.actor, event.actor_name),
        both_texts=versions.both_texts,
        demo=settings.DEMO,
        version=__version__,
    )
    return env


def language() -> str:
    """The code of the reader's language."""
    return (translation.get_language() or "vi")[:2]


def url(name: str, *args: object, **query: object) -> str:
    """The address of a page; keyword arguments become its query, empty ones are left out."""
    path = reverse(name, args=args)
    asked = {key: value for key, value in query.items() if value not in (None, "", [])}
    return f"{path}?{urlencode(asked, doseq=True)}" if asked else path


def here(request: HttpRequest, **changes: object) -> str:
    """This page's address with parts of its query changed; None takes a part away. The past stays."""
    query: dict[str, Any] = dict(request.GET.lists())
    for key, value in changes.items():
        query.pop(key, None)
        if value is not None:
            query[key] = [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
    encoded = urlencode(query, doseq=True)
    return f"{request.path}?{encoded}" if encoded else request.path


PAST = ("as_of", "known_at")
"""The parts of an address that say which moment is looked at."""


def past_of(request: HttpRequest) -> dict[str, str]:
    """The moment looked at, for links to other pages; empty for now."""
    return {key: request.GET[key] for key in PAST if request.GET.get(key)}


def actor_of(request: HttpRequest, origin: str = "desk") -> Actor:
    """Who asks, as one who acts."""
    user = request.user
    if not user.is_authenticated:
        return NOBODY
    actor: Actor = user.actor(origin=f"{origin} {request.path}"[:200], request_id=getattr(request, "id", ""))
    return actor


def page(
    *methods: str,
) -> Callable[
    [Callable[Concatenate[Any, P], HttpResponseBase]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]
]:
    """The frame of a page, on the desk and in public.

    Sets `request.actor`, `request.today`, `request.on` (the day asked about), `request.known_at`.
    A GET runs in a transaction that refuses writes, inside the moment of knowledge asked for.
    Sign-in is asked by the middleware for all of /desk/.
    """

    def frame(view: Callable[Concatenate[Any, P], HttpResponseBase]) -> Any:
        @wraps(view)
        def run(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            asked: Any = request
            asked.actor = actor_of(request)
            asked.today = days.today()
            asked.on = days.read_as_of(request.GET.get("as_of"))
            asked.known_at = days.read_known_at(request.GET.get("known_at"))
            asked.in_past = asked.known_at is not None or asked.on != asked.today
            if request.method not in ("GET", "HEAD"):
                return view(request, *args, **kwargs)
            with transaction.atomic(), past.known_at(asked.known_at):
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION READ ONLY")
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and callable(response.render):
                    response.render()
            readings.record_noted(request, asked.actor)
            return response

        allowed = [*methods, "HEAD"] if "GET" in methods else list(methods)
        return require_http_methods(allowed)(run)

    return frame


desk_page = page


def render(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A whole page. Upper parts of the desk (menu, person) come from `frame_context`.

    The title of one that says no begins with "Error" in the reader's language (`is_refused`).
    """
    answered: Any = request
    answered.is_refused = status >= 400
    return django_render(request, template, context, status=status)


frame_fillers: list[Callable[[HttpRequest], dict[str, Any]]] = []
"""Functions that add to every page (accounts adds who is signed in and the menu)."""


def frame_context(request: HttpRequest) -> dict[str, Any]:
    """What every page shows: language, languages, day; and what `frame_fillers` add. A context processor."""
    context: dict[str, Any] = {
        **bare_context(request),
        "here": partial(here, request),
        "on": getattr(request, "on", None),
        "known_at": getattr(request, "known_at", None),
        "in_past": getattr(request, "in_past", False),
        "today": days.today(),
        "read_at": days.now(),
        "live_url": settings.LIVE_URL,
    }
    for fill in frame_fillers:
        context.update(fill(request))
    return context


def bare_context(request: HttpRequest) -> dict[str, Any]:
    """What a page shows even when the database does not answer: languages, and whether it says no."""
    languages = [
        {"code": code, "name": name, "url": other_language(request, code)} for code, name in NATIVE_NAMES.items()
    ]
    return {"lang": language(), "languages": languages, "is_refused": getattr(request, "is_refused", False)}


def other_language(request: HttpRequest, code: str) -> str:
    """The same page in another language: another address in public, a chosen language on the desk."""
    first, _, rest = request.path_info[1:].partition("/")
    if first in NATIVE_NAMES:
        query = request.META.get("QUERY_STRING", "")
        return f"/{code}/{rest}" + (f"?{query}" if query else "")
    return f"/language/{code}/?{urlencode({'next': request.get_full_path()})}"


def status_of(form: forms.BaseForm) -> int:
    """200 for a form that stands, the refusal's status for one refused by an action, else 422."""
    refusal = getattr(form, "refusal", None)
    if refusal is not None:
        return int(refusal.status)
    return 422 if form.is_bound and form.errors else 200


def whole(said: str | None) -> int | None:
    """A number of the address or of a hidden field; None when it is none."""
    return int(said) if said and said.isdecimal() and len(said) < 10 else None


def page_number(request: HttpRequest, most: int) -> int:
    """The number of the page asked for, from 1 to `most`; the first one where none can be read."""
    return max(1, min(whole(request.GET.get("page")) or 1, most))


def next_of(request: HttpRequest) -> str:
    """The address to go to afterwards, as a link or form gave it; empty for none, or one of another site."""
    wanted = (request.POST if request.method == "POST" else request.GET).get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else ""
