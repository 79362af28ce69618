"""Django's settings, all taken from one typed `Environment`. Nothing else reads the process environment."""

import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django

from handrail.kernel.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
HANDRAIL = Environment.read(BASE_DIR)

DEBUG = False
SECRET_KEY = HANDRAIL.secret_key
if not SECRET_KEY:
    # A trial run keeps its own secret beside its data; `./run serve` refuses to start without a real one.
    _file = HANDRAIL.home / "secret"
    SECRET_KEY = _file.read_text().strip() if _file.is_file() else secrets.token_urlsafe(50)
ALLOWED_HOSTS = list(HANDRAIL.allowed_hosts) or ["127.0.0.1", "localhost", "[::1]", "testserver"]
ROOT_URLCONF = "handrail.urls"
WSGI_APPLICATION = None
AUTH_USER_MODEL = "people.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PARTIALS = ["template_partials"] if django.VERSION < (6, 0) else []  # from 6.0 on, Django has them itself
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *PARTIALS,
    "handrail.kernel",
    "handrail.gate",
    "handrail.engine",
    "handrail.delivery",
    "handrail.shell",
    "handrail.people",
    "handrail.circle",
    "handrail.card",
    "handrail.programs",
    "handrail.notes",
    "handrail.checkins",
    "handrail.safety",
    "handrail.plan",
    "handrail.care",
    "handrail.agreements",
    "handrail.kindness",
    "handrail.supporters",
    "handrail.consents",
    "handrail.library",
    "handrail.interop",
    "handrail.leaving",
    "handrail.second",
    "handrail.watch",
    "handrail.home",
    "handrail.demo",
]

MIDDLEWARE = [
    "handrail.shell.middleware.log_request",
    "handrail.shell.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "handrail.shell.middleware.errors_as_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "handrail.shell.middleware.own_origin",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "handrail.people.middleware.who_is_asking",
    "handrail.gate.middleware.RefuseUndeclaredViews",
    "handrail.consents.middleware.notice_with_parts",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [*(f"{app}.templatetags.partials" for app in PARTIALS), "handrail.shell.templatetags.shell"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "handrail.shell.context.shell",
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "handrail.gate.backends.sqlite3",
            "NAME": HANDRAIL.home / ("demo.sqlite3" if HANDRAIL.demo else "handrail.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 15,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                " PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "handrail.gate.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # A process that is frozen in the middle of a transaction must not hold its locks against everybody else.
        "OPTIONS": {"options": "-c idle_in_transaction_session_timeout=15000"},
    }


DATABASES = {"default": _database(HANDRAIL.database_url)}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = len(LANGUAGES) > 1  # with one language, looking up every word of a page finds the same word
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [BASE_DIR / "handrail" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = HANDRAIL.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "handrail.shell.files.StaticFiles"},
}

SESSION_ENGINE = "handrail.people.sessions"
SESSION_COOKIE_NAME = "s"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HANDRAIL.origin.startswith("https://")
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "c"
CSRF_FAILURE_VIEW = "handrail.shell.errors.form_too_old"
CSRF_TRUSTED_ORIGINS = [HANDRAIL.origin] if HANDRAIL.origin else []
if HANDRAIL.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"

LOGIN_URL = "enter"
LOGIN_REDIRECT_URL = "today"
AUTHENTICATION_BACKENDS = ["handrail.people.door.NameAndPassphrase"]
DOOR_COST = (3, 64 * 1024, 1)  # argon2id: passes, KiB, lanes (RFC 9106, second choice, on one lane)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# allauth's own sign-up and sign-in pages are not mounted (ours find an account by its door, see people/door.py), but
# its checks want these two to agree with each other. No e-mail address is ever asked for or stored there.
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Theirs count in each process's own cache; people/limits.py counts for all.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
ACCOUNT_FORMS = {"reauthenticate": "handrail.people.again.AgainForm"}
ACCOUNT_ADAPTER = "handrail.people.accounts.AccountAdapter"
MFA_ADAPTER = "handrail.people.accounts.MfaAdapter"
MFA_FORMS = {
    "authenticate": "handrail.people.again.CodeForm",
    "reauthenticate": "handrail.people.again.CodeAgainForm",
    "activate_totp": "handrail.people.again.FirstCodeForm",
    "add_webauthn": "handrail.people.again.AddPasskeyForm",
    "authenticate_webauthn": "handrail.people.again.PasskeyForm",
    "login_webauthn": "handrail.people.again.PasskeySignInForm",
    "reauthenticate_webauthn": "handrail.people.again.PasskeyAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = HANDRAIL.name
MFA_TOTP_TOLERANCE = 1  # the code before and the code after fit too: clocks differ, and typing takes time

# Mail leaves through delivery/, nowhere else; Django's own way out is shut.
if django.VERSION < (6, 1):
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
else:
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "handrail.kernel.logs.JsonLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": HANDRAIL.log_level},
    "loggers": {
        "django.request": {"level": "ERROR", "handlers": ["stderr"], "propagate": False},
        "django.server": {"level": "ERROR"},
    },
}
