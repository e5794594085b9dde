"""Error answers: a page with a sentence for people, a problem document (RFC 9457) for programs."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import requires_csrf_token

from dotpha.platform import advice, pages
from dotpha.platform.refusals import Refused

HEADINGS = {
    "failed": _("Something went wrong"),
    "as_of_unreadable": _("This day cannot be read"),
    "known_at_unreadable": _("This time cannot be read"),
}
"""Short headings of pages whose sentence is long; elsewhere the sentence is the heading."""


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks: below /api/ an answer is never a page or a redirect."""
    return request.path_info.startswith("/api/")


def problem(refusal: Refused, errors: list[dict[str, str]] | None = None) -> JsonResponse:
    """A refusal as application/problem+json; `errors` lists fields, else those of the refusal and what came with it."""
    body: dict[str, object] = {
        "type": f"/docs/problems#{refusal.code}",
        "title": refusal.said,
        "status": refusal.status,
        "detail": str(refusal),
        "code": refusal.code,
    }
    if errors is None:
        told = (refusal, *refusal.also)
        errors = [{"field": each.field, "code": each.code, "detail": str(each)} for each in told if each.field]
    if errors:
        body["errors"] = errors
    return JsonResponse(body, status=refusal.status, content_type="application/problem+json")


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A refusal as the reader needs it."""
    if is_api(request):
        return problem(refusal)
    if request.path_info.startswith("/desk/") and refusal.status < 500 and _is_signed_in(request):
        return _in_the_desk(request, refusal)
    page = {**pages.bare_context(request), "is_refused": True, **_shown(request, refusal)}
    return HttpResponse(render_to_string("refused.html", page), status=refusal.status)


def _shown(request: HttpRequest, refusal: Refused) -> dict[str, object]:
    heading = HEADINGS.get(refusal.code, "")
    return {
        "refusal": refusal,
        "heading": heading or refusal.said,
        "below": refusal if heading else refusal.do,
        "request_number": getattr(request, "id", ""),
    }


def _is_signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def _in_the_desk(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal within the desk, so that whoever is signed in keeps the menu; a moment that cannot be shown is
    taken out of the address, for every link would carry it on."""
    page = {**_shown(request, refusal), "retry": ""}
    if refusal.field in pages.PAST:
        page["retry"] = pages.here(request, as_of=None, known_at=None)
        kept = request.GET.copy()
        for name in pages.PAST:
            kept.pop(name, None)
        request.GET = kept  # type: ignore[assignment]
    return pages.render(request, "refused_desk.html", page, status=refusal.status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refused(request, Refused("unreadable", _("This request cannot be read."), do=advice.SEND_ANEW, status=400))


def too_big(request: HttpRequest) -> HttpResponse:
    return refused(
        request, Refused("too_big", _("This is more than can be taken at once."), do=advice.FEWER, status=413)
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refused(
        request,
        Refused(
            "not_found",
            _("This page does not exist. Check its address, or begin at the home page."),
            status=404,
        ),
    )


@requires_csrf_token
def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came from another place or too late; what was typed is kept in the browser."""
    return refused(
        request,
        Refused(
            "form_expired",
            _("This form has expired or came from another site. Open the page again; your text is kept."),
            status=403,
        ),
    )


def without_database(request: HttpRequest) -> HttpResponse:
    """The database is away for a moment: whoever asks again soon is served, and nothing was half kept."""
    refusal = Refused(
        "database_silent",
        _("The database does not answer just now. Nothing was half kept: try again in a moment."),
        status=503,
    )
    answer = refused(request, refusal)
    answer["Retry-After"] = "5"
    return answer


def failed(request: HttpRequest) -> HttpResponse:
    """Something of ours broke: the page names the request, so that it can be found in the log."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return without_database(request)
    refusal = Refused(
        "failed",
        _("Something went wrong here. Try again; if it stays, tell the administrator the number of this request."),
        status=500,
    )
    return refused(request, refusal)
