"""Every setting of Twoway, read from the environment by small typed helpers that fail loudly.

All that cannot be read is told at once, a sentence each, when the last one has been looked at: until then its default
stands in. What each one means to an operator is written in docs/run/settings.md; a test keeps the two alike.
"""

import os
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

HERE = Path(__file__).resolve().parent


_unreadable: list[str] = []  # each sentence begins with the name of the setting


def env_text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def env_flag(name: str, default: bool = False) -> bool:
    text = env_text(name).lower()
    if text in ("", "1", "yes", "true", "on"):
        return default if text == "" else True
    if text in ("0", "no", "false", "off"):
        return False
    _unreadable.append(f"{name} must be yes or no, not {text!r}.")
    return default


def env_number(name: str, default: int, low: int, high: int) -> int:
    text = env_text(name) or str(default)
    if not text.isdigit() or not low <= int(text) <= high:
        _unreadable.append(f"{name} must be a whole number from {low} to {high}, not {text!r}.")
        return default
    return int(text)


def env_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    text = (env_text(name) or default).upper()
    if text not in choices:
        _unreadable.append(f"{name} must be one of {', '.join(choices)}, not {env_text(name)!r}.")
        return default
    return text


def env_time_zone(name: str, default: str) -> str:
    text = env_text(name) or default
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        _unreadable.append(f"{name} {text!r} is no time zone; use one like Europe/Lisbon.")
        return default
    return text


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in env_text(name, default).split(",") if part.strip()]


def env_url(name: str, *kinds: str) -> str:
    """An address that begins in one of these ways. What cannot be read is not shown: a password may stand in it."""
    text = env_text(name)
    try:
        parts: SplitResult | None = urlsplit(text)
        _ = parts.port if parts else None
    except ValueError:
        parts = None
    if parts is not None and parts.scheme in ("", *kinds):
        return text
    some = " or ".join([", ".join(f"{kind}://" for kind in kinds[:-1]), f"{kinds[-1]}://"])
    why = f"must begin with {some}, not {parts.scheme}://." if parts else f"is no address, such as {kinds[0]}://host."
    _unreadable.append(f"{name} {why}")
    return ""


def database(url: str, data: Path) -> dict[str, object]:
    """Django's DATABASES entry for an address; none means an SQLite file in the data folder.

    SQLite gets WAL and IMMEDIATE together: with WAL alone, writers that began by reading are refused.
    """
    parts = urlsplit(url)
    if parts.scheme in ("", "sqlite"):
        name = unquote(parts.path) if parts.path else str(data / "twoway.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            # Opening a file costs more than most questions; after a minute a thread looks which file is there.
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;",
            },
        }
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or unquote(parts.hostname or "")
    pool_size = env_number("TWOWAY_DATABASE_POOL", 8, 1, 200)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "")),
        # A connection that died with the server is noticed before it is handed out.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": pool_size, "timeout": 20},
            **query,
        },
    }


def mail(url: str, data: Path) -> dict[str, object]:
    """How letters leave: smtp://user:password@host:port (smtps:// for TLS from the start) or a folder."""
    parts = urlsplit(url)
    if parts.scheme in ("", "file"):
        folder = unquote(parts.path) if parts.path else str(data / "mail")
        return {
            "EMAIL_BACKEND": "twoway.outbox.channels.folder.FolderBackend",
            "MAIL_FOLDER": folder,
        }
    query = dict(parse_qsl(parts.query))
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and query.get("starttls", "yes") != "no",
    }


# --- the operator's settings ---------------------------------------------------------------------

DATA = Path(env_text("TWOWAY_DATA", "data")).resolve()
DEMO = env_flag("TWOWAY_DEMO")
ADDRESS = env_text("TWOWAY_ADDRESS", "http://localhost:8000").rstrip("/")
SECRET_KEY = env_text("TWOWAY_SECRET_KEY")
MAIL_FOLDER = ""
DATABASES = {"default": database(env_url("TWOWAY_DATABASE_URL", "postgresql", "postgres", "sqlite"), DATA)}
_mail = env_url("TWOWAY_MAIL_URL", "smtp", "smtps", "file")
locals().update(mail(_mail, DATA))
MAIL_KIND = urlsplit(_mail).scheme or "file"
EMAIL_TIMEOUT = env_number("TWOWAY_MAIL_TIMEOUT", 20, 1, 60)
MAIL_LEASE = env_number("TWOWAY_MAIL_LEASE", 300, 2, 3600)
DEFAULT_FROM_EMAIL = env_text("TWOWAY_MAIL_FROM", "Twoway <twoway@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
TIME_ZONE = env_time_zone("TWOWAY_TIME_ZONE", "UTC")
CLOCK_FILE = Path(env_text("TWOWAY_CLOCK_FILE")) if DEMO and env_text("TWOWAY_CLOCK_FILE") else None
TRUSTED_PROXIES = env_number("TWOWAY_TRUSTED_PROXIES", 0, 0, 5)
TEXT_MODEL = env_text("TWOWAY_TEXT_MODEL")

try:
    _address = urlsplit(ADDRESS)
    _is_address = bool(_address.scheme in ("http", "https") and _address.hostname and not _address.path)
except ValueError:
    _is_address = False
if not _is_address:
    _unreadable.append(
        f"TWOWAY_ADDRESS must be where people reach Twoway, such as https://mentoring.example.org, not {ADDRESS!r}."
    )
    _address = urlsplit("http://localhost:8000")
HTTPS = _address.scheme == "https"
ALLOWED_HOSTS = [_address.hostname, *env_list("TWOWAY_ALSO_KNOWN_AS")]
if not HTTPS:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]

# --- what the house is made of --------------------------------------------------------------------

DEBUG = False
ROOT_URLCONF = "twoway.urls"
WSGI_APPLICATION = "twoway.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Person"

INSTALLED_APPS = [
    "twoway.web",
    "twoway.operate",
    "twoway.matching",
    "twoway.loops",
    "twoway.signup",
    "twoway.people",
    "twoway.outbox",
    "twoway.history",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "django_htmx",
    "template_partials",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "twoway.people.wishes.PersonalWishes",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "twoway.web.refusals.WordsForRefusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "twoway.web.navigation.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# --- signing in -----------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "twoway.people.signin.likeness.NotYourOwnWords"},
]
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "web:home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "twoway.people.signin.adapter.Adapter"
# A page that is only looked at writes nothing.
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 90 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "twoway.web.refusals.old_page"
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env_flag("TWOWAY_REDIRECT_TO_HTTPS")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    CSRF_TRUSTED_ORIGINS = [ADDRESS]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ACCOUNT_RATE_LIMITS = {
    "sign_in_letter": "20/m/ip,5/10m/key",
    "sign_in_code": "20/m/ip,5/10m/key",
    "password": "20/m/ip,10/15m/key",
    "sign_up": "10/10m/ip,5/h/key",
    "invitation": "2000/h/key",
    "suggestion": "10/h/key",
}

# Throttles count here, so that all processes share one count.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "people_throttle"}}

# --- what a browser may do ------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# --- words, files, logs ---------------------------------------------------------------------------

USE_TZ = True
USE_I18N = True
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [HERE / "locale"]
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LOG_LEVEL = env_choice("TWOWAY_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "class": "twoway.operate.logs.PlacesOnly",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # A server error's report would carry what was typed; the log keeps the place, not the values.
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}

if _unreadable:
    raise ImproperlyConfigured("\n".join(_unreadable))
