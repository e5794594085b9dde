"""What stands around every request: its number, its language, limits of input, refusals as pages."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from dotpha.platform import errors, logs
from dotpha.platform.refusals import Refused

Answerer = Callable[[HttpRequest], HttpResponse]
CODES = [code for code, _name in settings.LANGUAGES]
LONGEST_QUERY = 8_000
LONGEST_NAME = 200


def request_id(get_response: Answerer) -> Answerer:
    """Give each request a number that stands in the answer, the log line, the event and the error page."""

    def answer(request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(8)
        request.id = number  # type: ignore[attr-defined]
        token = logs.request_id.set(number)
        try:
            response = get_response(request)
        finally:
            logs.request_id.reset(token)
        response["X-Request-Id"] = number
        if request.path.startswith(("/desk/", "/account", "/api/")) and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response

    return answer


def input_limits(get_response: Answerer) -> Answerer:
    """Refuse what no honest reader sends, before anything reads it: 8 kB of query, NUL in it."""

    def answer(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if len(query) > LONGEST_QUERY or "%00" in query or "\x00" in query or "%00" in request.get_full_path():
            return errors.bad_request(request)
        try:
            return get_response(request)
        except (RequestDataTooBig, TooManyFieldsSent):
            return errors.too_big(request)

    return answer


def language_of_request(get_response: Answerer) -> Answerer:
    """The language of what is answered before anybody knows who asks: limits of input, a silent database, a fault."""

    return _answered_in(get_response, lambda request: _of_address(request) or _of_cookie(request))


def language(get_response: Answerer) -> Answerer:
    """The language of the answer: of the address on public pages, of the person on the desk, of
    the header for programs; Vietnamese otherwise."""
    return _answered_in(get_response, lambda request: _of_address(request) or _chosen(request))


def _answered_in(get_response: Answerer, chosen: Callable[[HttpRequest], str | None]) -> Answerer:
    """Answer in the language that was chosen, else in the one that the header prefers."""

    def answer(request: HttpRequest) -> HttpResponse:
        code = chosen(request) or preferred(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return answer


def _of_address(request: HttpRequest) -> str | None:
    first = request.path_info[1:].partition("/")[0]
    return first if first in CODES else None


def _chosen(request: HttpRequest) -> str | None:
    if _has_token(request):
        return None
    own = getattr(request.user, "locale", "") if request.user.is_authenticated else ""
    return own if own in CODES else _of_cookie(request)


def _of_cookie(request: HttpRequest) -> str | None:
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return cookie if cookie in CODES and not _has_token(request) else None


def _has_token(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/") and "Authorization" in request.headers


def preferred(request: HttpRequest) -> str:
    """The best of our languages for the header Accept-Language; Vietnamese when none fits."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(request.headers.get("Accept-Language", "")[:500].split(",")):
        code, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), place, code.lower().partition("-")[0]))
        except ValueError:
            continue
    return next((code for _weight, _place, code in sorted(wanted) if code in CODES), "vi")


KEPT = "dotpha_kept"


def kept_drafts(get_response: Answerer) -> Answerer:
    """Tell the browser which draft (`autosave`, see drafts.js) the server has kept: only then may it let go of it.

    A change that was made answers with a redirect; a refused one, a lost session or connection does not.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST" and response.status_code in (302, 303) and request.user.is_authenticated:
            name = request.POST.get("autosave", "")
            if 0 < len(name) <= LONGEST_NAME:
                response.set_cookie(KEPT, quote(name, safe=""), max_age=600, samesite="Lax", secure=request.is_secure())
        return response

    return answer


class _Refusals:
    def __init__(self, get_response: Answerer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal that no page or endpoint took becomes a page with its sentence."""
        return errors.refused(request, exception) if isinstance(exception, Refused) else None


refusals = _Refusals
