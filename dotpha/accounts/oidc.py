"""Sign-in through an outside provider of OpenID Connect, on django-allauth; off unless the settings name one.

allauth keeps the state and PKCE. Here stands what it leaves open: the signature of the identity token is checked
whichever way it came, the answer belongs to the question (nonce), and nobody is signed up.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any, NoReturn
from urllib.parse import urlsplit

import jwt
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from requests import RequestException

from dotpha.accounts.actions import links
from dotpha.platform import advice
from dotpha.platform.actors import program
from dotpha.platform.refusals import Refused

SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""With a public key only: a token "signed" with the provider's public key as a shared secret must not pass."""
LEEWAY = 60  # seconds by which two clocks may differ
LONGEST_ANSWER = 1_000_000  # bytes
_NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_on() -> bool:
    """Whether a provider is named whole, at an address that nobody on the way can read."""
    return all((settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)) and _is_safe(
        settings.OIDC_ISSUER
    )


def _is_safe(address: str) -> bool:
    at = urlsplit(address)
    return at.scheme == "https" or (at.scheme == "http" and at.hostname in _LOOPBACK)


def provider_key() -> str:
    """Names the issuer: who is "42" at one issuer is not "42" at the next one that the settings name."""
    return "oidc-" + hashlib.sha256(settings.OIDC_ISSUER.encode()).hexdigest()[:16]


def silent() -> Refused:
    """The provider does not answer, or not as OpenID Connect says."""
    return Refused(
        "provider_silent",
        _("%(name)s does not answer as it should. Try again later, or sign in with your password."),
        status=503,
        name=settings.OIDC_NAME,
    )


def _broken() -> Refused:
    return Refused(
        "provider_answer_refused",
        _("This answer of %(name)s cannot be taken: it is too old or was not asked for here. Sign in again."),
        status=403,
        name=settings.OIDC_NAME,
    )


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """The provider of the settings. Nothing that it tells of a person is kept but the key `sub`."""

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def get_oauth2_adapter(self, request: HttpRequest) -> Exchange:
        return Exchange(request, self.app.provider_id)


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """One provider, of the settings; a person who has an account here; sentences in place of allauth's pages."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        if not is_on():
            return []
        return [
            SocialApp(
                provider=Provider.id, provider_id=provider_key(), name=settings.OIDC_NAME,
                client_id=settings.OIDC_CLIENT_ID, secret=settings.OIDC_CLIENT_SECRET,
                settings={"server_url": settings.OIDC_ISSUER.rstrip("/"), "oauth_pkce_enabled": True},
            )
        ]  # fmt: skip

    def get_provider(self, request: HttpRequest, provider: str, client_id: Any = None) -> Provider:
        return Provider(request, app=self.get_app(request, provider=provider))

    def get_requests_session(self) -> Any:
        session = super().get_requests_session()
        session.max_redirects = 0  # the addresses are those of the discovery, not of whoever answers there
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> NoReturn:
        if error == AuthError.CANCELLED:
            raise Refused(
                "sign_in_stopped",
                _("You have not signed in. Nothing was changed."),
                do=advice.SIGN_IN_AGAIN,
                status=403,
            )
        raise silent() if isinstance(exception, RequestException) else _broken()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person of this sign-in and link the two at the first time; refuse everybody else."""
        if sociallogin.account.pk is None:
            email = next((each.email for each in sociallogin.email_addresses if each.verified is True), "")
            user = links.person_of(email)
            account = links.link_provider(
                user=user, provider=sociallogin.account.provider, uid=sociallogin.account.uid, by=program("sign-in")
            )
            sociallogin.account, sociallogin.user = account, account.user
        if not sociallogin.user.is_active:
            raise Refused("account_closed", _("This account is closed."), do=advice.ADMIN, status=403)


class Exchange(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The talk with the provider's own addresses."""

    @property
    def openid_config(self) -> dict[str, Any]:
        if not hasattr(self, "_openid_config"):
            found = _read(self.get_provider().server_url)
            if not all(isinstance(found.get(name), str) for name in _NEEDED) or found["issuer"] != settings.OIDC_ISSUER:
                raise silent()
            addresses = [value for name, value in found.items() if name.endswith(("_endpoint", "_uri"))]
            if not all(_is_safe(str(each)) for each in addresses):
                raise silent()
            self._openid_config = found
        return self._openid_config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return settings.BASE_URL + reverse("accounts:provider_callback")

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        claims = self._claims(app, str(kwargs["response"].get("id_token") or ""))
        expected = request.session.pop("oidc_nonce", "")
        if not expected or not secrets.compare_digest(str(claims.get("nonce", "")).encode(), expected.encode()):
            raise _broken()
        if "email" not in claims and "userinfo_endpoint" in self.openid_config:
            told = _read(self.profile_url, {"Authorization": f"Bearer {token.token}"})
            if told.get("sub") != claims["sub"]:
                raise _broken()
            claims = {**told, **claims}
        return self.get_provider().sociallogin_from_response(request, claims)

    def _claims(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """What the provider says of the person, once the signature, issuer, audience and times are right."""
        keys = _read(self.openid_config["jwks_uri"])
        try:
            named = jwt.get_unverified_header(id_token).get("kid")
            found = [key for key in jwt.PyJWKSet.from_dict(keys).keys if named in (None, key.key_id)]
            claims: dict[str, Any] = jwt.decode(
                id_token,
                found[0] if len(found) == 1 else "",
                algorithms=SIGNATURES,
                audience=app.client_id,
                issuer=settings.OIDC_ISSUER,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, TypeError, ValueError):
            raise _broken() from None
        if claims.get("azp", app.client_id) != app.client_id or not isinstance(claims["sub"], str):
            raise _broken()
        return claims


def _read(address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """A JSON object at one of the provider's addresses."""
    try:
        with Adapter().get_requests_session() as session:
            answer = session.get(address, headers=headers, stream=True)
            answer.raise_for_status()
            data = answer.raw.read(LONGEST_ANSWER + 1, decode_content=True)
    except (RequestException, OSError):
        raise silent() from None
    try:
        found = json.loads(data)
    except ValueError:
        raise silent() from None
    if not isinstance(found, dict):
        raise silent()
    return found


def begin(request: HttpRequest, wanted: str) -> HttpResponse:
    """Lead to the provider; `wanted` is the page to open afterwards."""
    nonce = request.session["oidc_nonce"] = secrets.token_urlsafe(24)
    provider = Adapter(request).get_provider(request, provider_key())
    answer: HttpResponse = provider.redirect(
        request, AuthProcess.LOGIN, next_url=wanted or None, auth_params={"nonce": nonce}
    )
    return answer


def finish(request: HttpRequest) -> HttpResponse:
    """The way back from the provider."""
    view = OAuth2CallbackView()
    view.request, view.adapter = request, Exchange(request, provider_key())
    answer: HttpResponse = view.dispatch(request)
    return answer


def examine(problems: list[dict[str, str]]) -> dict[str, Any]:
    """For the doctor: whether the provider answers; nothing where none is named."""
    if not settings.OIDC_ISSUER:
        return {}
    if not is_on():
        problems.append(
            {
                "what": gettext("The sign-in provider is not set whole, or not at an https address."),
                "mend": "DOTPHA_OIDC_ISSUER, DOTPHA_OIDC_CLIENT_ID, DOTPHA_OIDC_CLIENT_SECRET",
            }
        )
        return {"sign_in_provider": False}
    try:
        answers = bool(Exchange(HttpRequest(), provider_key()).openid_config)
    except Refused:
        answers = False
        problems.append(
            {
                "what": gettext("The sign-in provider does not answer."),
                "mend": f"curl {settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration",
            }
        )
    return {"sign_in_provider": answers}
