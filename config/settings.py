"""Settings: one file; the environment (contracts, section 2) on top."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from dotpha.platform import database

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = os.environ.get("DOTPHA_ENV", "local")
DATA_DIR = database.data_dir()
HOST = os.environ.get("DOTPHA_HOST") or "127.0.0.1"
PORT = int(os.environ.get("DOTPHA_PORT") or "8000")
BASE_URL = os.environ.get("DOTPHA_BASE_URL") or f"http://{HOST}:{PORT}"
LIVE_URL = os.environ.get("DOTPHA_LIVE_URL", "")
PACK = os.environ.get("DOTPHA_PACK", "resolution57")
DEMO = os.environ.get("DOTPHA_DEMO", "0") == "1"
MFA_REQUIRED = os.environ.get("DOTPHA_MFA_REQUIRED", "0") == "1"
OIDC_ISSUER = os.environ.get("DOTPHA_OIDC_ISSUER", "")
OIDC_CLIENT_ID = os.environ.get("DOTPHA_OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = os.environ.get("DOTPHA_OIDC_CLIENT_SECRET", "")
OIDC_NAME = os.environ.get("DOTPHA_OIDC_NAME") or OIDC_ISSUER

DEBUG = False
SECRET_KEY = os.environ.get("DOTPHA_SECRET_KEY") or database.secret("secret_key") or secrets.token_urlsafe(50)
ALLOWED_HOSTS = os.environ.get("DOTPHA_ALLOWED_HOSTS", f"127.0.0.1,localhost,[::1],{HOST}").split(",")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.web.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"  # a constant of the product, not a preference (contracts, section 4)

INSTALLED_APPS = [
    "dotpha.platform",
    "dotpha.accounts",
    "dotpha.directory",
    "dotpha.documents",
    "dotpha.programmes",
    "dotpha.cockpit",
    "dotpha.portal",
    "dotpha.connectors",
    "dotpha.datapacks",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "dotpha.platform.middleware.request_id",
    "dotpha.platform.middleware.language_of_request",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",  # for browsers that know no frame-ancestors
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dotpha.platform.middleware.input_limits",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dotpha.accounts.middleware.idle_clock",
    "dotpha.accounts.middleware.SignInRequired",
    "dotpha.accounts.middleware.RightsAskedOnce",
    "dotpha.accounts.middleware.SecondFactorRequired",
    "dotpha.platform.middleware.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dotpha.platform.middleware.kept_drafts",
    "dotpha.connectors.middleware.idempotency",
    "axes.middleware.AxesMiddleware",
    "dotpha.platform.middleware.refusals",
]


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    options: dict[str, object] = dict(parse_qsl(parts.query))
    options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]) or "dotpha",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


DATABASES = {"default": _database(os.environ.get("DOTPHA_DATABASE_URL") or database.dsn_from_data_dir("dotpha"))}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "dotpha.accounts.signin.Adapter"
ACCOUNT_FORMS = {"login": "dotpha.accounts.signin.LoginForm"}
ACCOUNT_RATE_LIMITS = {"login_failed": False, "login": False}  # django-axes counts failures, in the database
ACCOUNT_SESSION_REMEMBER = False
SOCIALACCOUNT_ADAPTER = "dotpha.accounts.oidc.Adapter"  # its addresses are ours: see `accounts.urls`
SOCIALACCOUNT_STORE_TOKENS = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Dotpha"
MFA_FORMS = {
    "authenticate": "dotpha.accounts.codes.AuthenticateForm",
    "reauthenticate": "dotpha.accounts.codes.ReauthenticateForm",
}
USERSESSIONS_TRACK_ACTIVITY = False
AXES_FAILURE_LIMIT = 10  # product default (K1)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # who signed in when stands in the record, without a network address
AXES_LOCKOUT_CALLABLE = "dotpha.accounts.signin.locked_out"
AXES_IPWARE_PROXY_COUNT = int(os.environ.get("DOTPHA_PROXIES") or "0")

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 30 * 60  # idle time, product default (K1); `idle_clock` winds it
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # htmx reads the token from the form, scripts from the cookie
CSRF_FAILURE_VIEW = "dotpha.platform.errors.csrf_refused"
_TLS = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _TLS
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'", *([LIVE_URL] if LIVE_URL else [])],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "vi"
LANGUAGES = [
    ("vi", _("Vietnamese")),
    ("en", _("English")),
    ("ru", _("Russian")),
    ("fr", _("French")),
    ("th", _("Thai")),
    ("ms", _("Malay")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "dotpha_language"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "dotpha.platform.pages.environment",
            "context_processors": ["dotpha.platform.pages.frame_context"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]
FORM_RENDERER = "django.forms.renderers.Jinja2"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": os.environ.get("DOTPHA_STATIC", "django.contrib.staticfiles.storage.StaticFilesStorage")
    },
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # bodies without files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
UPLOAD_MAX_BYTES = 50 * 1024 * 1024

_MAIL = {"smtp": "smtp", "console": "console", "file": "filebased", "": "dummy"}  # any other word stops the start
EMAIL = os.environ.get("DOTPHA_EMAIL") or ("file" if DEMO else "")  # empty: no e-mail
EMAIL_BACKEND = f"django.core.mail.backends.{_MAIL[EMAIL]}.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST = os.environ.get("DOTPHA_EMAIL_HOST") or "localhost"
EMAIL_PORT = int(os.environ.get("DOTPHA_EMAIL_PORT") or "25")
EMAIL_HOST_USER = os.environ.get("DOTPHA_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("DOTPHA_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("DOTPHA_EMAIL_TLS", "0") == "1"
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("DOTPHA_EMAIL_FROM", "dotpha@localhost")

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

SILENCED_SYSTEM_CHECKS = ["axes.W003"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "dotpha.platform.logs.JsonLine"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["out"], "level": os.environ.get("DOTPHA_LOG_LEVEL", "WARNING")},
}
