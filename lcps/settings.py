"""Settings, all from the environment. `env()` fails with a hint; docs/operations.md lists every variable."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from lcps.assets import NPM_ASSETS

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set; see docs/operations.md for what it means.")
    return value


# What this process is.

ENVIRONMENT = env("LCPS_ENV", "production")  # production, demo or test
if ENVIRONMENT not in ("production", "demo", "test"):
    raise ImproperlyConfigured(f"LCPS_ENV is {ENVIRONMENT!r}; use production, demo or test.")
PRODUCTION = ENVIRONMENT == "production"
# The demonstration: invented patients, a business clock that can be moved, one-click sign-in.
DEMONSTRATION = env("LCPS_DEMO", "0") == "1"
DEBUG = False

SECRET_KEY = env("SECRET_KEY", None if PRODUCTION else "not-secret-" + "x" * 50)
# Earlier keys, while a new one is taken into use: what they signed or closed stays readable.
SECRET_KEY_FALLBACKS = [key for key in env("OLD_SECRET_KEYS", "").split(",") if key]
ALLOWED_HOSTS = env(
    "ALLOWED_HOSTS", None if PRODUCTION else "localhost,127.0.0.1,testserver"
).split(",")
CSRF_TRUSTED_ORIGINS = [o for o in env("CSRF_TRUSTED_ORIGINS", "").split(",") if o]
# How many proxies of ours stand before the application; the client address is read from there.
PROXY_COUNT = int(env("PROXY_COUNT", "0"))
SITE_ORIGIN = env("SITE_ORIGIN", None if PRODUCTION else "http://127.0.0.1:8000")

# Applications.

INSTALLED_APPS = [
    "lcps",
    "transfers",
    "capacity",
    "regions",
    "communications",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lcps.middleware.health",
    "lcps.middleware.request_identity",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lcps.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lcps.middleware.business_clock",
    "lcps.middleware.acting_role",
    "lcps.middleware.route_policy",
    "lcps.middleware.last_words",
    "axes.middleware.AxesMiddleware",
    "lcps.patience.middleware",  # innermost: it repeats the view alone
]

ROOT_URLCONF = "lcps.urls"
ASGI_APPLICATION = "lcps.asgi.application"
WSGI_APPLICATION = "lcps.wsgi.application"
APPEND_SLASH = False  # one address per page; the API design rules forbid redirects here

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lcps.frame.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "lcps.templatetags.lcps",
                "lcps.templatetags.kept",
            ],
        },
    }
]

# Data.


def database(url: str) -> dict[str, object]:
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", ""),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port") or ""),
        # Under ASGI a kept connection belongs to no request; see docs/adr/0002.
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"TEMPLATE": "template0"},
        "OPTIONS": {
            # In a rush requests wait for their turn rather than fail.
            "pool": {
                "min_size": 1,
                "max_size": int(env("DB_POOL_SIZE", "10")),
                "timeout": int(env("DB_POOL_TIMEOUT", "30")),
            },
            # A stuck lock or query gives a clear failure instead of a frozen room.
            "options": "-c lock_timeout=2000 -c statement_timeout="
            + env("STATEMENT_TIMEOUT_MS", "5000")
            + " -c idle_in_transaction_session_timeout=10000",
        },
    }


DATABASES = {
    "default": database(
        env("DATABASE_URL", None if PRODUCTION else "postgresql://app@127.0.0.1/app")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Which codes of a second factor were used, and how often one was guessed, must be known to every process:
# so the cache is a table too (lcps/cache.py). Its entries are few and live for minutes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "lcps_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
REDIS_URL = env("REDIS_URL", None if PRODUCTION else "redis://127.0.0.1:6379")


def broker(url: str) -> str:
    if url.startswith("unix://"):
        return f"redis+socket://{url.removeprefix('unix://')}?virtual_host=0"
    return f"{url.rstrip('/')}/0" if urlsplit(url).path in ("", "/") else url


CELERY_BROKER_URL = broker(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "deadlines"
CELERY_TASK_TIME_LIMIT = 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Without the throttle a killed worker's task comes back up to 100 s after the timeout.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "Europe/Amsterdam"

# Time and language.

USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Nederlands")), ("en", _("Engels"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
# The filter `number` groups digits; Django would also group ids and years.
USE_THOUSAND_SEPARATOR = False

# People.

AUTH_USER_MODEL = "regions.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    if ENVIRONMENT != "test"
    else ["django.contrib.auth.hashers.MD5PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "regions.people.forms.LongEnough",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
GUARDIAN_RAISE_403 = False
GUARDIAN_AUTO_PREFETCH = False
ANONYMOUS_USER_NAME = None
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "regions.people.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "change_password": "regions.people.forms.NewPasswordForm",
    "reset_password_from_key": "regions.people.forms.ForgottenPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by the administrator, who verifies them
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letters to strangers
# Passwords are counted by axes, below. `login_failed` is what counts guesses at the second factor; nothing
# is counted per address, because a whole hospital may stand behind one.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "signup": None,
    "login_failed": "5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "reset_password": "5/h/key",
    "reset_password_from_key": None,
}
PASSWORD_RESET_TIMEOUT = 60 * 60
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "regions.people.accounts.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "regions.people.forms.CodeForm",
    "add_webauthn": "regions.people.forms.AddKeyForm",
    "authenticate_webauthn": "regions.people.forms.ShowKeyForm",
    "reauthenticate_webauthn": "regions.people.forms.ShowKeyAgainForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # as above: the administrator verified the address
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_ISSUER = "LCPS"
# Only the demonstration, whose accounts are public, does without.
SECOND_FACTOR_REQUIRED = not DEMONSTRATION
# Slow the account together with the device; never lock a person out (regions.people.accounts.counted_as).
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "regions.people.accounts.counted_as"
AXES_CLIENT_IP_CALLABLE = "lcps.middleware.address_of"
AXES_LOCKOUT_CALLABLE = "lcps.sign_in.slow_down"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# The wall.

SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
LANGUAGE_COOKIE_NAME = "__Host-language" if SECURE else "language"
SEEN_COOKIE_NAME = "__Host-seen" if SECURE else "seen"
DEVICE_COOKIE_NAME = "__Host-device" if SECURE else "device"
CSRF_FAILURE_VIEW = "lcps.presence.expired_form"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_SSL_REDIRECT = SECURE and env("SSL_REDIRECT", "1") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# How long patient pages stay open without a sign of life, in seconds of real time.
IDLE_SECONDS = 15 * 60
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000

# Pages.

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [
    (prefix, BASE_DIR / "node_modules" / path) for prefix, path in NPM_ASSETS.items()
]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "lcps.finders.NpmFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if ENVIRONMENT != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = ENVIRONMENT == "test"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS: list[str] = []

# API.

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["lcps.api.StrictJSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "lcps.api.problem",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "LCPS",
    "DESCRIPTION": "National patient spreading: capacity reports, transfer requests, offers and rides.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVERS": [{"url": f"{SITE_ORIGIN}/api/v1"}],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    # Two things have a status: each list of words has a name of its own.
    "ENUM_NAME_OVERRIDES": {
        "OfferStatusEnum": "transfers.offers.models.Offer.Status",
        "RequestStatusEnum": "transfers.requests.models.TransferRequest.STATUS_CHOICES",
    },
    "CONTACT": {
        "name": "LCPS",
        "email": env("CONTACT_EMAIL", "lcps@example.org"),
        "url": SITE_ORIGIN,
    },
}

# Post.

_email = urlsplit(env("EMAIL_URL", None if PRODUCTION else "smtp://127.0.0.1:1025"))
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _email.hostname or ""
EMAIL_PORT = _email.port or 25
EMAIL_HOST_USER = _email.username or ""
EMAIL_HOST_PASSWORD = _email.password or ""
EMAIL_USE_TLS = _email.scheme == "smtp+tls"
EMAIL_USE_SSL = _email.scheme == "smtps"
EMAIL_TIMEOUT = 10
# How long a message is in one process's hands; longer than a send may take (docs/adr/0004).
POST_LEASE_SECONDS = 15
DEFAULT_FROM_EMAIL = env("FROM_EMAIL", "LCPS <lcps@example.org>")
# Only the demonstration has one: the folder (Maildir) where its mail sink keeps what was sent.
MAIL_SINK_DIR = env("MAIL_SINK_DIR", "")

# Logs: structured, without patient data.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"structured": {"()": "lcps.logs.Formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "WARNING")},
    "loggers": {"lcps": {"level": env("LOG_LEVEL", "INFO")}},
}
