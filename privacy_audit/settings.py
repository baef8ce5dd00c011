"""Django's settings, made from privacy_audit/environment.py. DEBUG is off in every mode; `make dev` turns it on."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

from privacy_audit import environment, mail_server, modes
from privacy_audit.environment import BASE_DIR, read, read_float, read_int, read_list
from privacy_audit.security.logs import logging_settings

modes.ensure_keys()
modes.check()

MODE = modes.mode()
PRODUCTION = MODE == "production"
STATE_FOLDER = environment.state_folder()
DEBUG = environment.read_flag("PRIVACY_AUDIT_DEBUG")
SECRET_KEY = read("SECRET_KEY")
DATA_KEYS = read_list("DATA_KEYS")
LOOKUP_KEY = read("LOOKUP_KEY")
BASE_URL = modes.base_url()
HTTPS = BASE_URL.startswith("https://")
_HOST = urlsplit(BASE_URL).hostname or "localhost"
ALLOWED_HOSTS = [_HOST] if PRODUCTION else [_HOST, "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "audits",
    "audits.accounts.google_provider",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "audits.helpline.beat.Beats",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "privacy_audit.security.leaving.AlwaysLeaves",
    "privacy_audit.security.logs.AccessLog",
    "privacy_audit.security.headers.KeepNothing",
    "django.middleware.gzip.GZipMiddleware",  # pads at random, so that lengths do not give away a sealed form
    "csp.middleware.CSPMiddleware",
    "privacy_audit.security.spaces.TwoSpaces",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "privacy_audit.security.signed_in.SignInEnds",
    "privacy_audit.security.signed_in.SignedIn",
    "audits.helpline.door.Door",
    "privacy_audit.security.local_time.LocalTime",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "privacy_audit.security.pages.NoBlankPages",
    "privacy_audit.security.limits.RateLimits",
    "audits.accounts.helping.CallerIsHere",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "privacy_audit.urls"
WSGI_APPLICATION = "privacy_audit.wsgi.application"

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
                "audits.dashboard.context.page",
                "audits.accounts.helping.bar",
            ],
            "builtins": ["audits.dashboard.tags", "audits.accounts.tags"],
        },
    }
]


def _database() -> dict[str, Any]:
    url = read("DATABASE_URL")
    if url:
        return {**environ.Env.db_url_config(url), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    STATE_FOLDER.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": STATE_FOLDER / "database.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=5000;",
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "audits.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
# allauth: sign-in with Google only; our Person has neither a user name nor an e-mail column.
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email"]  # optional, and never asked: sign-up happens through Google alone
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "audits.accounts.google_provider.adapter.AccountAdapter"
ACCOUNT_SIGNUP_REDIRECT_URL = "looks"
# allauth warns that nobody could sign in by e-mail address; nobody shall.
SILENCED_SYSTEM_CHECKS = ["account.W001"]
SOCIALACCOUNT_ADAPTER = "audits.accounts.google_provider.adapter.SocialAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
MFA_ADAPTER = "audits.accounts.google_provider.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["webauthn"]
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_AUTO_SIGNUP = True
LOGIN_URL = "start"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "start"

# Caches and rate limits live in Redis when it answers; while it is down they are counted in the database.
REDIS_URL = read("REDIS_URL")

# What somebody uploads is held in memory and never written to disk; what is larger than this is not taken at all.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_100_000
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(read_float("SESSION_HOURS") * 3600)
SESSION_COOKIE_NAME = "notes"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from Google
SESSION_COOKIE_SECURE = HTTPS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "privacy_audit.security.pages.form_not_checked"
CSRF_COOKIE_NAME = "notes_form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, without TLS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXIES = read_int("TRUSTED_PROXIES")
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

GOOGLE_BASE_URL = modes.google_base_url()
ON_SANDBOX = MODE == "demo"
_authorize = read("GOOGLE_AUTHORIZE_URL") or GOOGLE_BASE_URL or "https://accounts.google.com"
_authorize_parts = urlsplit(_authorize)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # Sign-in is a form post that redirects to Google; without its origin here the browser stops it.
        "form-action": [SELF, f"{_authorize_parts.scheme}://{_authorize_parts.netloc}"],
        "object-src": [NONE],
        "manifest-src": [NONE],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = STATE_FOLDER / "static_built"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://") if REDIS_URL else "memory://"
CELERY_TASK_IGNORE_RESULT = True
# A message only wakes a worker; what is to be done stands in the database. So it is acknowledged when work begins: an
# open message would have to be handed back over a connection that may be gone, at which kombu 5.7 falls over.
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 2  # the next one is at hand when a thread is free
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_TASK_PUBLISH_RETRY = False  # the database is the truth; the sweep finds what was not announced
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

GOOGLE_TIMEOUT_SECONDS = read_float("GOOGLE_TIMEOUT_SECONDS")
GOOGLE_TRIES = read_int("GOOGLE_TRIES")
GOOGLE_BACKOFF_SECONDS = read_float("GOOGLE_BACKOFF_SECONDS")
GOOGLE_BACKOFF_MAX_SECONDS = read_float("GOOGLE_BACKOFF_MAX_SECONDS")
EXPORT_POLL_SECONDS = min(read_float("EXPORT_POLL_SECONDS"), 5.0 if ON_SANDBOX else 3600.0)
AUDIT_HEARTBEAT_SECONDS = read_float("AUDIT_HEARTBEAT_SECONDS")
AUDIT_STALE_SECONDS = read_float("AUDIT_STALE_SECONDS")
AUDIT_ATTEMPTS = read_int("AUDIT_ATTEMPTS")
AUDIT_SWEEP_SECONDS = read_float("AUDIT_SWEEP_SECONDS")
AUDIT_SOURCES_AT_ONCE = read_int("AUDIT_SOURCES_AT_ONCE")
LOOK_AGAIN_MINUTES = read_int("LOOK_AGAIN_MINUTES")
SCHEDULE_SECONDS = read_float("SCHEDULE_SECONDS")
SCHEDULE_BATCH = read_int("SCHEDULE_BATCH", least=1)
SCHEDULE_WAITING = read_int("SCHEDULE_WAITING", least=1)
KEEP_AUDITS = read_int("KEEP_AUDITS")
KEEP_HISTORY_DAYS = read_int("KEEP_HISTORY_DAYS", least=1)
KEEP_EVENT_DAYS = read_int("KEEP_EVENT_DAYS", least=1)
EMPTY_RECORD_DAYS = read_int("EMPTY_RECORD_DAYS", least=1)
HELP_QUIET_MINUTES = read_int("HELP_QUIET_MINUTES", least=1)
HELPER_IDLE_MINUTES = read_int("HELPER_IDLE_MINUTES", least=1)
HELPER_SESSION_HOURS = read_float("HELPER_SESSION_HOURS")
REVOKE_DAYS = read_int("REVOKE_DAYS")

CELERY_BEAT_SCHEDULE = {
    "reminders": {"task": "audits.send_reminders", "schedule": 120.0, "options": {"expires": 120}},
    "sweep": {"task": "audits.sweep", "schedule": AUDIT_SWEEP_SECONDS, "options": {"expires": 60}},
    "due": {"task": "audits.start_due", "schedule": SCHEDULE_SECONDS, "options": {"expires": SCHEDULE_SECONDS}},
    "worker seen": {"task": "audits.worker_seen", "schedule": 10.0, "options": {"expires": 30}},
    "revoke": {"task": "audits.revoke_waiting", "schedule": 300.0, "options": {"expires": 300}},
    "purge": {"task": "audits.purge", "schedule": 300.0, "options": {"expires": 300}},
    "help": {"task": "audits.end_help_sessions", "schedule": 60.0, "options": {"expires": 60}},
    "empty": {"task": "audits.end_empty_records", "schedule": 900.0, "options": {"expires": 900}},
}
MAIL_SERVER = mail_server.from_environment(MODE)
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # nothing but reminders is ever sent
HOST_NAME = read("HOST_NAME")
HOST_CONTACT = read("HOST_CONTACT")
EXIT_URL = read("EXIT_URL")

# Demo mode brings its own OAuth clients, which only the sandbox knows.
_DEMO = MODE == "demo"
GOOGLE_CLIENT_ID = read("GOOGLE_CLIENT_ID") or ("privacy-audit.apps.sandbox.test" if _DEMO else "")
GOOGLE_CLIENT_SECRET = read("GOOGLE_CLIENT_SECRET") or ("sandbox-secret" if _DEMO else "")
GOOGLE_ADMIN_CLIENT_ID = read("GOOGLE_ADMIN_CLIENT_ID") or ("privacy-audit-admin.apps.sandbox.test" if _DEMO else "")
GOOGLE_ADMIN_CLIENT_SECRET = read("GOOGLE_ADMIN_CLIENT_SECRET") or ("sandbox-admin-secret" if _DEMO else "")
GOOGLE_PORTABILITY_CLIENT_ID = read("GOOGLE_PORTABILITY_CLIENT_ID") or (
    "privacy-audit-exports.apps.sandbox.test" if _DEMO else ""
)
GOOGLE_PORTABILITY_CLIENT_SECRET = read("GOOGLE_PORTABILITY_CLIENT_SECRET") or (
    "sandbox-exports-secret" if _DEMO else ""
)

LOGGING: dict[str, Any] = logging_settings(read("LOG_LEVEL").upper())
