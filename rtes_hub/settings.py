"""Django's settings, all derived from `rtes_hub.env`."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from rtes_hub import env

RTES = env.read()
if RTES.tasks == "celery":  # its packages are asked for by nobody else
    from kombu.entity import Exchange, Queue

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = RTES.secret_key
DEBUG = False
ALLOWED_HOSTS = [
    urlsplit(RTES.base_url).hostname,
    *(["127.0.0.1", "localhost", "testserver"] if not RTES.is_production else []),
]
CSRF_TRUSTED_ORIGINS = [RTES.base_url]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "whitenoise.runserver_nostatic",
    "rtes_hub",
    "rtes_hub.accounts",  # before allauth, whose templates it replaces
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "knox",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "rtes_hub.audit",
    "rtes_hub.periodic",
    "rtes_hub.notices",
    "rtes_hub.territories",
    "rtes_hub.moderation",
    "rtes_hub.search",
    "federation",
    "resources",
    "resources.pooling",
    "resources.charters",
    "forums",
    *(["django_tasks_fennel"] if RTES.tasks == "celery" else []),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "rtes_hub.middleware.headers",
    "rtes_hub.middleware.no_nul",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "federation.negotiation.middleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "rtes_hub.accounts.first_run.middleware",
]

ROOT_URLCONF = "rtes_hub.urls"
WSGI_APPLICATION = "rtes_hub.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rtes_hub.context.hub",
            ],
        },
    },
]

# Data -------------------------------------------------------------------------------------------------------------

DATABASES = {"default": environ.Env.db_url_config(RTES.database_url)}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # FULL, so that what a person saw as published survives a power cut (docs/decisions/0003-engines.md).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: Each with its own room, so that what strangers make us remember drives out no count of failed sign-ins:
#: "default" counts sign-ins, "federation" keeps what other servers answered, "throttle" how often each program asks.
_CACHE_ENTRIES = {"default": 100_000, "federation": 5_000, "throttle": 10_000}
_LOCAL = "django.core.cache.backends.locmem.LocMemCache"


def _cache(alias: str, entries: int) -> dict[str, Any]:
    if RTES.cache_url:
        return {
            **environ.Env.cache_url_config(RTES.cache_url),
            "KEY_PREFIX": f"{urlsplit(RTES.base_url).netloc}-{alias}",
        }
    if RTES.name == "test" or alias == "throttle":  # reading must not cost a write
        return {"BACKEND": _LOCAL, "LOCATION": alias, "OPTIONS": {"MAX_ENTRIES": entries}}
    table = "cache" if alias == "default" else f"cache_{alias}"
    backend = "django.core.cache.backends.db.DatabaseCache"
    return {"BACKEND": backend, "LOCATION": table, "OPTIONS": {"MAX_ENTRIES": entries}}


CACHES = {alias: _cache(alias, entries) for alias, entries in _CACHE_ENTRIES.items()}

#: On a broker, a queue of its own for each hub: two hubs may share one without taking each other's work. Tasks go on
#: calling it "default"; on the worker's side it is known by its own name, so the backend must know both.
_queue = f"rtes.{urlsplit(RTES.base_url).netloc}"
TASKS = {
    "default": {
        "BACKEND": {
            "database": "django_tasks_db.DatabaseBackend",
            "celery": "django_tasks_fennel.CeleryBackend",
        }[RTES.tasks],
        "QUEUES": ["default", *([_queue] if RTES.tasks == "celery" else [])],
    }
}
if RTES.tasks == "celery":
    CELERY_TASK_QUEUES = [Queue(_queue, Exchange(_queue), alias="default")]  # type: ignore[no-untyped-call]
CELERY_BROKER_URL = RTES.broker_url
CELERY_DB_REUSE_MAX = 1000  # tasks have no time limit that could break a connection: keep it
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

MEDIA_ROOT = RTES.data_dir / "files"
STATIC_URL = "static/"
STATIC_ROOT = RTES.data_dir / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if RTES.is_production
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not RTES.is_production
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # a table of a hundred rows, each of a dozen cells, and the rest of its form
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# People -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if RTES.name == "test"
    else ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "rtes_hub.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # sign-up is closed; this gives the sign-in page its password
ACCOUNT_FORMS = {
    "login": "rtes_hub.accounts.forms.SignInForm",
    "request_login_code": "rtes_hub.accounts.forms.CodeRequestForm",
    "reset_password": "rtes_hub.accounts.forms.PasswordResetForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"  # no open sign-up: addresses come from invitations
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # seconds: mail to town halls is not always quick
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if RTES.is_production else 0  # the reverse proxy: limits are kept by address
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
REST_KNOX = {"AUTH_HEADER_PREFIX": "Token", "TOKEN_TTL": timedelta(days=365), "TOKEN_PREFIX": "rtes_"}
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105
# Its own table of tokens would stand empty beside ours, and tie the users to it.
MIGRATION_MODULES = {"knox": None}

# Two hubs on one machine share a host name, and cookies know no port: each has names of its own.
_port = urlsplit(RTES.base_url).port
_cookie = "__Host-{}" if RTES.is_https else f"{{}}_{_port or 80}"
SESSION_COOKIE_NAME = _cookie.format("session")
CSRF_COOKIE_NAME = _cookie.format("csrf")
LANGUAGE_COOKIE_NAME = _cookie.format("language")
RETURNING_COOKIE_NAME = _cookie.format("returning")  # rtes_hub.accounts.stash
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = RTES.is_https
CSRF_FAILURE_VIEW = "rtes_hub.error_pages.form_expired"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"

EMAIL_TIMEOUT = 20  # seconds: a mail server that hangs holds no worker
EMAIL_CONFIG = environ.Env.email_url_config(RTES.email_url)
globals().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = f"RTES hub <nepasrepondre@{urlsplit(RTES.base_url).hostname}>"

# The web ----------------------------------------------------------------------------------------------------------

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if RTES.is_production else None
SECURE_HSTS_SECONDS = 63_072_000 if RTES.is_production else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = RTES.is_production
# Not for /ap/ and /api/: a misconfigured partner must notice, not be led silently (ASVS 4.1.2).
SECURE_SSL_REDIRECT = RTES.is_production
SECURE_REDIRECT_EXEMPT = [r"^ap/", r"^api/", r"^\.well-known/", r"^nodeinfo/", r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["security.W002"]  # rtes_hub.middleware says X-Frame-Options, on every answer
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "rtes_hub" / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rtes_hub.accounts.tokens.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rtes_hub.accounts.tokens.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "rtes_hub.rest.pages.Pages",
    "DEFAULT_FILTER_BACKENDS": ["rtes_hub.rest.strict.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "rtes_hub.rest.openapi.HubSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rtes_hub.rest.limits.FairUse"],
    "EXCEPTION_HANDLER": "rtes_hub.rest.problems.handler",
    "NUM_PROXIES": 1 if RTES.is_production else 0,  # whose X-Forwarded-For is believed (security.md J7)
}
SPECTACULAR_SETTINGS = {
    "TITLE": "RTES hub",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": False,
    "POSTPROCESSING_HOOKS": [],  # lists of choices stay where they are used: their names repeat from kind to kind
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO" if RTES.name != "test" else "WARNING"},
}
