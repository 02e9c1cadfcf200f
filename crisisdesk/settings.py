"""Every setting of the desk, read once from the environment (see env.py and docs/operations.md)."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from crisisdesk import env
from crisisdesk.stack.layout import Layout

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / ".data"))).resolve()
PORT = env.number("PORT", 8000, least=1, most=65535)
STREAM_PORT = env.number("STREAM_PORT", 0, most=65535)
BASE_URL = env.text("BASE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
HTTPS = urlsplit(BASE_URL).scheme == "https"
TESTING = env.flag("CRISISDESK_TESTING")
DEBUG = env.flag("DEBUG")
ADMIN_ENABLED = env.flag("ADMIN")
DESIGN_PAGE = DEBUG or env.flag("DESIGN_PAGE")


# What `manage.py up` made for this data folder; empty when it never ran.
_EMBEDDED = Layout.at(DATA_DIR)
_EMBEDDED_DATABASE, _EMBEDDED_BROKER = _EMBEDDED.known_urls()
# By hand, `manage.py demo` knows the demo's desk from a real one by what lies in the folder.
DEMO = env.flag(
    "DEMO",
    bool(_EMBEDDED_DATABASE) and not env.text("DATABASE_URL") and not _EMBEDDED.real.exists(),
)
# The last one serves commands that sign nothing, such as `check` in a fresh clone.
SECRET_KEY = (
    env.secret("SECRET_KEY") or _EMBEDDED.known_secret("SECRET_KEY") or secrets.token_urlsafe(50)
)
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS",
    sorted({"localhost", "127.0.0.1", "[::1]", urlsplit(BASE_URL).hostname or "localhost"}),
)
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "crisisdesk",
    "crisisdesk.core",
    "crisisdesk.notifications",
    "crisisdesk.organisation",
    "playbooks",
    "crisisdesk.incidents",
    "crisisdesk.reports",
    "crisisdesk.web",
    "crisisdesk.api",
]
if ADMIN_ENABLED:
    INSTALLED_APPS.append("django.contrib.admin")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "crisisdesk.web.csp.StreamPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "crisisdesk.web.middleware.PersonMiddleware",
]

ROOT_URLCONF = "crisisdesk.urls"
WSGI_APPLICATION = "crisisdesk.wsgi.application"

# Both libraries rewrite TEMPLATES by themselves and the last one would win silently (stack.md G1): named by hand.
_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crisisdesk.web.context.shell",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", _LOADERS)],
                ),
            ],
        },
    }
]
COTTON_DIR = "components"

# --- data: PostgreSQL and a broker; the embedded default fills both variables (crisisdesk/stack) ---
DATABASE_URL = env.text("DATABASE_URL") or _EMBEDDED_DATABASE
BROKER_URL = env.text("BROKER_URL") or _EMBEDDED_BROKER
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database(DATABASE_URL or "postgresql://desk@127.0.0.1:1/desk")
}
DATABASES["default"]["CONN_MAX_AGE"] = env.number("CONN_MAX_AGE", 600)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = DATA_DIR / "files"

CELERY = {
    "broker_url": BROKER_URL or "memory://",
    "broker_connection_retry_on_startup": True,
    "broker_transport_options": {"visibility_timeout": 900, "global_keyprefix": "desk:"}
    if BROKER_URL.startswith(("redis", "unix"))
    else {},
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "worker_hijack_root_logger": False,
    "task_serializer": "json",
    "accept_content": ["json"],
    "timezone": "UTC",
    "task_routes": {"reports.render": {"queue": "reports"}},
    "task_default_queue": "desk",
    "worker_max_memory_per_child": 700_000,
    "beat_scheduler": "crisisdesk.notifications.tasks:PulseScheduler",
}

# Asked after every audit that found nothing late, so that somebody outside notices when it stays away.
DEAD_MAN_URL = env.text("DEAD_MAN_URL")
# Who asks /metrics brings it; without one only this machine is answered.
METRICS_TOKEN = env.secret("METRICS_TOKEN")
OUTBOUND_PRIVATE_HOSTS = env.words("OUTBOUND_PRIVATE_HOSTS", [])

# --- chat and text messages; what is not set is not offered (notifications/transports/readiness.py) ---
SLACK_URL = env.address("SLACK_URL", "https://slack.com/api")
SLACK_BOT_TOKEN = env.secret("SLACK_BOT_TOKEN")
SLACK_SIGNING_SECRET = env.secret("SLACK_SIGNING_SECRET")
MATTERMOST_URL = env.address("MATTERMOST_URL")
MATTERMOST_TOKEN = env.secret("MATTERMOST_TOKEN")
MATTERMOST_COMMAND_TOKENS = env.secrets("MATTERMOST_COMMAND_TOKENS")
TELEGRAM_URL = env.address("TELEGRAM_URL", "https://api.telegram.org")
TELEGRAM_BOT_TOKEN = env.secret("TELEGRAM_BOT_TOKEN")
WHATSAPP_URL = env.address("WHATSAPP_URL", "https://graph.facebook.com/v23.0")
WHATSAPP_TOKEN = env.secret("WHATSAPP_TOKEN")
WHATSAPP_PHONE_NUMBER_ID = env.text("WHATSAPP_PHONE_NUMBER_ID")
WHATSAPP_TEMPLATE = env.text("WHATSAPP_TEMPLATE")
SMS_URL = env.address("SMS_URL", "https://api.twilio.com/2010-04-01")
SMS_ACCOUNT = env.text("SMS_ACCOUNT")
SMS_TOKEN = env.secret("SMS_TOKEN")
SMS_FROM = env.text("SMS_FROM")

# --- browser push: the desk's own key, and the push services that browsers use ---
VAPID_PRIVATE_KEY = env.vapid_key("VAPID_PRIVATE_KEY", _EMBEDDED.known_secret("VAPID_PRIVATE_KEY"))
PUSH_HOSTS = env.words(
    "PUSH_HOSTS",
    [
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        "*.push.apple.com",
        "*.notify.windows.com",
    ],
)

# --- people ---
AUTH_USER_MODEL = "organisation.User"
AUTHENTICATION_BACKENDS = ["crisisdesk.web.backend.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:desk"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "crisisdesk.web.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"first_setup": "10/m/ip"}  # beside allauth's own
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Crisis Desk"
SETUP_CODE_FILE = DATA_DIR / "setup-code"

# --- mail: kept in DATA_DIR/mail and shown under Settings when no server is named ---
EMAIL_URL = env.text("EMAIL_URL")
MAIL_KEPT = not EMAIL_URL
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_BACKEND = "crisisdesk.notifications.transports.kept_mail.KeptMailBackend"
if EMAIL_URL:
    globals().update(env.mail(EMAIL_URL))
# The sender's name carries no word that leaks on a lock screen.
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "Desk <desk@localhost>")

# --- languages and time ---
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ar", _("Arabic")), ("he", _("Hebrew"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- pages ---
STATIC_URL = "/static/"
# Nothing is collected: WhiteNoise serves what the rooms ship (WHITENOISE_USE_FINDERS).
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_MAX_BYTES = 25 * 1024 * 1024

# Two desks on one host must not sign each other out: cookies carry a hash of the data folder.
_DESK = hashlib.sha256(str(DATA_DIR).encode()).hexdigest()[:8]
SESSION_COOKIE_NAME = f"desk_{_DESK}"
CSRF_COOKIE_NAME = f"desk_csrf_{_DESK}"
LANGUAGE_COOKIE_NAME = f"desk_lang_{_DESK}"
THEME_COOKIE_NAME = f"desk_theme_{_DESK}"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []

STREAM_ORIGIN = env.text(
    "STREAM_ORIGIN"
)  # a proxy's address for the live stream; empty: page host, STREAM_PORT
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- API ---
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "crisisdesk.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "crisisdesk.api.errors.handle",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {
    "SECURE_HASH_ALGORITHM": "hashlib.sha512",
    "TOKEN_TTL": None,
    "TOKEN_MODEL": "organisation.ApiToken",
}
KNOX_TOKEN_MODEL = "organisation.ApiToken"  # noqa: S105 - the name of a model
# Its own migration would make a second table of tokens that nothing uses and no flush empties.
MIGRATION_MODULES = {"knox": None}
SPECTACULAR_SETTINGS = {
    "TITLE": "Crisis Desk",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [],  # closed lists stay where they are used, under no made-up name
}

# --- log: one readable line per event, to the terminal and the stack's files ---
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "apprise": {"level": "CRITICAL"},  # its lines name addresses that are secrets
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
    },
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if BROKER_URL.startswith("redis+socket://"):
    # The same Valkey, reached by Django's cache as unix://; rate limits must be shared between web processes.
    _socket = urlsplit(BROKER_URL)
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"unix://{_socket.path}?db=0",
        "KEY_PREFIX": "desk-cache",
    }
elif BROKER_URL.startswith(("redis://", "rediss://")):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": BROKER_URL,
        "KEY_PREFIX": "desk-cache",
    }

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crisisdesk.settings")
