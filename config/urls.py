"""Every address of the product: /desk/, /<locale>/, /api/v1/, /account/, health."""

from django.conf import settings
from django.urls import include, path, re_path

from dotpha.connectors.api import api
from dotpha.platform import errors

locales = "|".join(code for code, _name in settings.LANGUAGES)

urlpatterns = [
    path("", include("dotpha.platform.urls")),
    path("", include("dotpha.accounts.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/two-factor/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("api/v1/", api.urls),
    path("desk/", include("dotpha.cockpit.urls")),
    path("desk/", include("dotpha.programmes.urls")),
    path("desk/", include("dotpha.documents.urls")),
    path("desk/", include("dotpha.directory.urls")),
    path("", include("dotpha.connectors.urls")),
    re_path(rf"^(?:{locales})/", include("dotpha.portal.urls")),
]

handler400 = errors.bad_request
handler404 = errors.not_found
handler500 = errors.failed
