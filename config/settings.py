"""Settings, in the order a reader asks: where, who may, what apps, data, looks, mail, what is ours.

Production differs by environment, not by file: docs/reference/settings.md lists every variable.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF

from .secret import secret_key

env = environ.Env()
env.ENVIRON = {name: value for name, value in os.environ.items() if value}  # empty is not set

# Where
BASE_DIR = Path(__file__).resolve().parent.parent
COUNTERSIGN_DATA = Path(env.str("COUNTERSIGN_DATA", str(BASE_DIR / "var"))).resolve()
COUNTERSIGN_DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
COUNTERSIGN_PORT = env.int("PORT", 8000)
# The address that people use; links in mails and documents begin with it.
COUNTERSIGN_URL = env.str("COUNTERSIGN_URL", f"http://127.0.0.1:{COUNTERSIGN_PORT}").rstrip("/")
# How many processes bin/serve starts for pages, and for tasks.
COUNTERSIGN_WEB_PROCESSES = env.int("COUNTERSIGN_WEB_PROCESSES", 2)
COUNTERSIGN_TASK_PROCESSES = env.int("COUNTERSIGN_TASK_PROCESSES", 1)
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

# Who may
DEBUG = env.bool("COUNTERSIGN_DEBUG", False)
SECRET_KEY = env.str("COUNTERSIGN_SECRET_KEY", "") or secret_key(COUNTERSIGN_DATA)
ALLOWED_HOSTS = env.list("COUNTERSIGN_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
# Somebody has set up real use: no demonstration company, and reachable from other machines.
COUNTERSIGN_PRODUCTION = "COUNTERSIGN_ALLOWED_HOSTS" in env.ENVIRON
COUNTERSIGN_TLS = urlsplit(COUNTERSIGN_URL).scheme == "https"
CSRF_TRUSTED_ORIGINS = [COUNTERSIGN_URL] if COUNTERSIGN_TLS else []
# How many proxies of our own stand in front; 0 means that X-Forwarded-For is never believed.
COUNTERSIGN_PROXIES = env.int("COUNTERSIGN_PROXIES", 0)
if COUNTERSIGN_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = COUNTERSIGN_TLS and bool(COUNTERSIGN_PROXIES)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if COUNTERSIGN_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = COUNTERSIGN_TLS
SECURE_HSTS_PRELOAD = COUNTERSIGN_TLS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "__Host-session" if COUNTERSIGN_TLS else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = COUNTERSIGN_TLS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 7
CSRF_COOKIE_NAME = "__Host-csrf" if COUNTERSIGN_TLS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
AUTH_USER_MODEL = "organization.Person"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # an address is unique whatever its case, by a constraint
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian: nobody is somebody
LOGIN_URL = "organization:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "organization:sign_in"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24 * 3
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
]
# A page may load our own assets and nothing from elsewhere; a script needs the page's nonce.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# What apps
INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "integrations",
    "approvals",
    "policy_builder",
    "clause_library",
    "organization",
    "ledger",
    "documents",
    "guardian",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads by a random length, against BREACH
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organization.middleware.PersonalPreferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.PlainRefusals",
]

# What data
DATABASES = {
    "default": env.db_url(
        "DATABASE_URL", default=f"sqlite:///{COUNTERSIGN_DATA / 'countersign.sqlite3'}"
    )
}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DATABASES["default"]["CONN_MAX_AGE"] = 60  # a new connection costs as much as five queries
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(COUNTERSIGN_DATA / "files")},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
# Large enough that a text far too long comes back in its form, with the reason, and is not lost.
DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_HANDLERS = ["documents.media.receiving.Bounded"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# What looks
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "config.jinja2.environment",
            "context_processors": [
                "csp.context_processors.nonce",
                "django.contrib.messages.context_processors.messages",
                "config.context.navigation",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.Jinja2"
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = COUNTERSIGN_DATA / "static"
WHITENOISE_MAX_AGE = 31_536_000
WHITENOISE_USE_FINDERS = DEBUG
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English (United States)"), ("en-gb", "English (United Kingdom)")]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

# What mail
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = COUNTERSIGN_DATA / "mails"
EMAIL_TIMEOUT = 10
if "COUNTERSIGN_MAIL_URL" in env.ENVIRON:
    vars().update(env.email_url("COUNTERSIGN_MAIL_URL"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str(
    "COUNTERSIGN_MAIL_FROM", "Countersign <countersign@localhost>"
)

# What is ours
# The name under which this installation signs its ledger; it never changes once there are entries.
COUNTERSIGN_ORIGIN = env.str("COUNTERSIGN_ORIGIN", "countersign.local/ledger")
# How many days a clearance lasts when nobody says otherwise.
COUNTERSIGN_CLEARANCE_DAYS = env.int("COUNTERSIGN_CLEARANCE_DAYS", 90)
# For how many seconds a reviewer may take a verdict back before it has any effect; 0: not at all.
COUNTERSIGN_UNDO_SECONDS = env.int("COUNTERSIGN_UNDO_SECONDS", 10)
# Hosts (or host:port) that receivers may have although they are not public, or without TLS.
COUNTERSIGN_WEBHOOK_HOSTS = env.list("COUNTERSIGN_WEBHOOK_HOSTS", default=[])

# What is written down while it runs
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
