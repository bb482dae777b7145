"""Settings, read from the environment; every default suits one machine at 127.0.0.1."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlparse

from zhengtu.config.embedded_database import socket_folder

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "zhengtu"
HOME = Path(os.environ.get("ZHENGTU_HOME", REPOSITORY / "var"))
HOME.mkdir(parents=True, exist_ok=True)
RULEBOOK = Path(os.environ.get("ZHENGTU_RULEBOOK", REPOSITORY / "rulebook"))
FRONTEND_PACKAGES = REPOSITORY / "frontend" / "node_modules"


def _kept_secret(*, name: str, variable: str) -> str:
    """A secret from the environment, else drawn once and kept readable by its owner only."""
    if variable in os.environ:
        return os.environ[variable]
    path = HOME / name
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _database(url: str | None) -> dict[str, object]:
    """Connection settings from ``DATABASE_URL``, or of the embedded server when it is unset."""
    common: dict[str, object] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
    if url is None:
        return {
            **common, "NAME": "zhengtu", "USER": "postgres",
            "HOST": str(socket_folder(HOME / "postgres")),
        }
    parts = urlparse(url)
    options = dict(parse_qsl(parts.query))
    return {
        **common,
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


DATABASE_URL = os.environ.get("DATABASE_URL")
DATABASES = {"default": _database(DATABASE_URL)}
SECRET_KEY = _kept_secret(name="secret_key", variable="ZHENGTU_SECRET_KEY")
PERSONAL_DATA_KEY = _kept_secret(name="personal_data_key", variable="ZHENGTU_PERSONAL_DATA_KEY")

DEBUG = os.environ.get("ZHENGTU_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("ZHENGTU_HOSTS", "127.0.0.1,localhost").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("ZHENGTU_ORIGINS", "").split(",") if o]
BEHIND_TLS = os.environ.get("ZHENGTU_TLS") == "1"

DEED_GATE = "zhengtu.resettlement.subsidy_gate.deed_refusals"
"""What every deed asks before its facts are written; no deed goes without."""
DEED_PROJECTIONS = ["zhengtu.resettlement.projection.project_resettlement"]
"""What apps derive of a deed's facts, in its transaction."""
LEDGER_REACH = "zhengtu.directives.reach.ledger_codes"
"""What a unit sees in the ledger beside its places: what is given to it."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "zhengtu.ledger",
    "zhengtu.accounts",
    "zhengtu.notices",
    "zhengtu.registry",
    "zhengtu.funds",
    "zhengtu.casework",
    "zhengtu.campaign",
    "zhengtu.directives",
    "zhengtu.resettlement",
    "zhengtu.sponsorship",
    "zhengtu.reviews",
    "zhengtu.inspection",
    "zhengtu.assessment",
    "zhengtu.accountability",
    "zhengtu.channel",
    "zhengtu.publication",
    "zhengtu.web",
    "zhengtu.jobs",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "zhengtu.web.shared.middleware.ContentSecurityPolicy",
    "zhengtu.web.shared.middleware.SignedInActor",
    "zhengtu.web.shared.middleware.UnstorableText",
]

ROOT_URLCONF = "zhengtu.config.urls"
WSGI_APPLICATION = "zhengtu.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "zhengtu.web.shared.chrome.page_chrome",
            ],
            "builtins": ["zhengtu.web.shared.templatetags.figures", "zhengtu.web.shared.templatetags.authority"],
        },
    }
]

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["zhengtu.accounts.sign_in.SignInBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "zhengtu.accounts.passwords.ThreeCharacterClassesValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_SECONDS = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [
    PACKAGE / "web" / "static",
    *(
        (f"packages/{name}", FRONTEND_PACKAGES / folder)
        for name, folder in {
            "maplibre-gl": "maplibre-gl/dist",
            "pmtiles": "pmtiles/dist",
            "htmx": "htmx.org/dist",
            "echarts": "echarts/dist",
        }.items()
        if (FRONTEND_PACKAGES / folder).is_dir()
    ),
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

EVIDENCE_FOLDER = HOME / "evidence"
TILES_FOLDER = HOME / "tiles"
UPLOADS_FOLDER = HOME / "uploads"
UPLOAD_LIMIT_BYTES = int(os.environ.get("ZHENGTU_UPLOAD_LIMIT_MB", "200")) * 1024 * 1024
EVIDENCE_LIMIT_BYTES = int(os.environ.get("ZHENGTU_EVIDENCE_LIMIT_MB", "50")) * 1024 * 1024
MODEL_URL = os.environ.get("ZHENGTU_MODEL_URL", "")
"""Chat completions of a language model that may propose directives; empty: none is asked and no text leaves."""
MODEL_NAME = os.environ.get("ZHENGTU_MODEL_NAME", "")
MODEL_KEY = os.environ.get("ZHENGTU_MODEL_KEY", "")
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "files"}},
    "evidence": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": EVIDENCE_FOLDER}},
    "uploads": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": UPLOADS_FOLDER}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PUBLIC_ADDRESS = os.environ.get("ZHENGTU_ADDRESS", (CSRF_TRUSTED_ORIGINS or ["http://127.0.0.1:8000"])[0]).rstrip("/")
"""Where links in messages lead."""
EMAIL_HOST = os.environ.get("ZHENGTU_SMTP_HOST", "")
"""The mail server; without one e-mail waits."""
EMAIL_SECURITY = os.environ.get("ZHENGTU_SMTP_SECURITY", "starttls")
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_SECURITY == "starttls", EMAIL_SECURITY == "tls"
EMAIL_PORT = int(os.environ.get("ZHENGTU_SMTP_PORT", {"starttls": "587", "tls": "465"}.get(EMAIL_SECURITY, "25")))
EMAIL_HOST_USER = os.environ.get("ZHENGTU_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("ZHENGTU_SMTP_PASSWORD", "")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("ZHENGTU_SMTP_FROM", "zhengtu@localhost")
EMAIL_DOMAINS = [d.lower() for d in os.environ.get("ZHENGTU_EMAIL_DOMAINS", "").split(",") if d]
"""E-mail goes only to these domains; empty for any."""
WEBHOOK_ORIGINS = [o.rstrip("/") for o in os.environ.get("ZHENGTU_WEBHOOK_ORIGINS", "").split(",") if o]
"""Origins beside the messengers' own to which robots' messages may go, e.g. a relay of the city's network."""
WEBHOOK_TIMEOUT_SECONDS = 10

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "zhengtu.accounts.masking.MaskedLines", "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("ZHENGTU_LOG_LEVEL", "WARNING")},
}
