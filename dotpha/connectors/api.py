"""The API of the whole product: who asks, errors as problem documents, every app's router."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.utils import check_csrf

from dotpha import __version__
from dotpha.accounts import tokens
from dotpha.accounts.api import router as accounts
from dotpha.accounts.middleware import lacks_second_factor
from dotpha.accounts.models import User
from dotpha.connectors import words
from dotpha.connectors.feed import router as feed
from dotpha.connectors.search import router as search
from dotpha.directory.api import router as directory
from dotpha.documents.api import router as documents
from dotpha.platform import advice, days, errors, readings
from dotpha.platform.actors import NOBODY
from dotpha.platform.pages import actor_of
from dotpha.platform.refusals import Refused
from dotpha.programmes.api import router as programmes

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def identify(request: HttpRequest) -> bool:
    """Find out who asks: a token, else the site's session, else nobody (published data only)."""
    asked: Any = request
    asked.today = days.today()
    given = request.headers.get("Authorization", "")
    if given:
        asked.actor = tokens.actor_of(given, request, unsafe=request.method in UNSAFE)
        if settings.MFA_REQUIRED:
            require_second_factor(User.objects.get(pk=asked.actor.user_id))
        return True
    require_second_factor(request.user)
    asked.actor = actor_of(request, "api") if request.user.is_authenticated else NOBODY
    if not request.user.is_authenticated and request.method in UNSAFE:  # before the body is looked at
        raise Refused("sign_in", _("Sign in, or send a valid token."), status=401)
    if request.user.is_authenticated and request.method in UNSAFE and check_csrf(request, identify):
        raise Refused("forged", _("This request does not carry the site's form token."), do=advice.RELOAD, status=403)
    return True


def require_second_factor(user: Any) -> None:
    """Refuse somebody whose roles need a second factor that was never set up (K1): as the pages do."""
    if lacks_second_factor(user):
        raise Refused(
            "second_factor", _("Your role needs a second factor. Set it up on the page of your account."), status=403
        )


class DescribedAPI(NinjaAPI):
    """The API whose OpenAPI document says what every field and parameter means. Its answers record what they show of
    restricted things, as pages do (K4)."""

    def create_response(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().create_response(request, *args, **kwargs)
        if answer.status_code < 400:
            readings.record_noted(request, getattr(request, "actor", NOBODY))
        return answer

    def get_openapi_schema(self, **options: Any) -> Any:
        return words.said(super().get_openapi_schema(**options))


api = DescribedAPI(
    title="Dotpha",
    version=__version__,
    description="Programmes, tasks, documents and the directory. Without a token: published data only.",
    auth=identify,
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)
for each in (accounts, directory, documents, programmes, feed, search):
    api.add_router("", each)


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return errors.problem(refusal)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What the shape of a body or query breaks, field by field."""
    fields = [
        {
            "field": ".".join(str(part) for part in each["loc"][1:] if part not in ("body", "payload"))
            or str(each["loc"][-1]),
            "code": str(each["type"]),
            "detail": str(each["msg"]),
        }
        for each in error.errors
    ]
    sentence = _("The request does not have the right form: %(fields)s.")
    return errors.problem(
        Refused(
            "invalid", sentence, do=advice.SEND_ANEW, fields=", ".join(dict.fromkeys(f["field"] for f in fields))[:300]
        ),
        fields,
    )


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return errors.problem(Refused("sign_in", _("Sign in, or send a valid token."), status=401))


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return errors.problem(Refused("not_found", _("There is nothing here under this name."), do=advice.FIND, status=404))


@api.exception_handler(HttpError)
def other(request: HttpRequest, error: HttpError) -> HttpResponse:
    return errors.problem(
        Refused("unreadable", _("This request cannot be read."), do=advice.SEND_ANEW, status=error.status_code)
    )
