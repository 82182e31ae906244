"""Django's settings, small on purpose: everything that differs between houses comes from the environment.

| variable | what | default |
|---|---|---|
| `YANGGUANG_HOME` | folder of the records | `./var` |
| `DATABASE_URL` | SQLite or PostgreSQL address | SQLite under `YANGGUANG_HOME` |
| `YANGGUANG_SECRET_KEY` | the web tier's signing key | made once, kept under `YANGGUANG_HOME` with mode 0600 |
| `YANGGUANG_SEALED_KEY` | key of sealed party records: 32 bytes in Base64 | as above, in `sealed-key` |
| `YANGGUANG_ALLOWED_HOSTS` | host names served, separated by commas | this machine only |
| `YANGGUANG_LOG_ORIGIN` | name of the public log, in every checkpoint and receipt | `yangguang.example/log` |
| `YANGGUANG_LOG_LEVEL` | `WARNING` leaves the access log out | `INFO` |
| `YANGGUANG_DEBUG` | `1` shows errors in the browser | off |
| `YANGGUANG_HTTPS` | `1` when the proxy in front speaks HTTPS: cookies and redirects insist on it | off |
| `YANGGUANG_SECOND_FACTOR_FROM` | day from which staff and supervisors need a second factor | `2026-01-01` |
| `YANGGUANG_LARGEST_BID_MIB` | the largest sealed file taken, in MiB | 4096 |
| `YANGGUANG_STATIC` | folder of the built web assets | `build/static` of the checkout |
| `YANGGUANG_SMTP` | reminders by e-mail: `smtp://user:password@host:port` or `smtps://…` | no e-mail |
| `YANGGUANG_MAIL_FROM` | the address that e-mail comes from | needed with `YANGGUANG_SMTP` |
| `YANGGUANG_SMS` | reminders by short message: the provider's class, see `web/desk/sms.py` | no messages |
| `YANGGUANG_CLAMAV` | where clamd scans uploads: `host:port` or the path of its socket | no scanning |
"""

import os
import secrets
from datetime import date, timedelta
from pathlib import Path

from yangguang.database import database_settings
from yangguang.mail_settings import mail_settings
from yangguang.secret_files import kept_secret, sealed_key

HOME = Path(os.environ.get("YANGGUANG_HOME", "var")).absolute()
HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
EVIDENCE_ROOT = HOME / "evidence"
UPLOADS_ROOT = HOME / "uploads"
LARGEST_BID = int(os.environ.get("YANGGUANG_LARGEST_BID_MIB") or 4096) << 20
LOG_ORIGIN = os.environ.get("YANGGUANG_LOG_ORIGIN", "yangguang.example/log")


def _fresh_key() -> bytes:
    return secrets.token_urlsafe(64).encode()


SEALED_KEY = sealed_key(given=os.environ.get("YANGGUANG_SEALED_KEY"), home=HOME)
SECRET_KEY = os.environ.get("YANGGUANG_SECRET_KEY") or kept_secret(HOME / "secret-key", make=_fresh_key).decode()
DEBUG = os.environ.get("YANGGUANG_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("YANGGUANG_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "yangguang.witness",
    "yangguang.parties",
    "yangguang.lawbook",
    "yangguang.ledger",
    "yangguang.branch",
    "yangguang.experts",
    "yangguang.trading",
    "yangguang.oversight",
    "yangguang.reports",
    "yangguang.web.accounts",
    "yangguang.web.portal",
    "yangguang.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "yangguang.web.streaming.streaming_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yangguang.web.access_log.access_log_middleware",
    "csp.middleware.CSPMiddleware",
    "yangguang.web.moment.moment_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "yangguang.web.plain_text.PlainTextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "yangguang.web.accounts.acting.acting_middleware",
    "yangguang.web.accounts.second_factor.second_factor_middleware",
    "yangguang.web.access.AccessMiddleware",
    "yangguang.web.refusals.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "yangguang.web.context.everywhere",
            ],
            "builtins": ["yangguang.web.templatetags.words", "yangguang.web.portal.templatetags.languages"],
        },
    },
]
ROOT_URLCONF = "yangguang.web.urls"
ASGI_APPLICATION = "yangguang.web.asgi.application"

DATABASES = {"default": database_settings(url=os.environ.get("DATABASE_URL"), home=HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "zh-hans"

# Web assets: built from the locked npm packages by tools/assets.py, named by content, served by WhiteNoise.
_CHECKOUT = Path(__file__).resolve().parents[2]
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("YANGGUANG_STATIC") or _CHECKOUT / "build/static")
STATICFILES_DIRS = [one for one in [_CHECKOUT / "build/assets"] if one.is_dir()]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "uploads"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

# Who signs in (登录): a name with a password and a second factor, a passkey, or a certificate. docs/adr/0010.
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "yangguang.web.accounts.backends.AccountBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "yangguang.web.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "5/300s/key"}  # the second one: codes of second factors
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "yangguang.web.accounts.adapters.MfaAdapter"
MFA_TOTP_ISSUER = "阳光交易"
MFA_TOTP_TOLERANCE = 1
SECOND_FACTOR_FROM = date.fromisoformat(os.environ.get("YANGGUANG_SECOND_FACTOR_FROM", "2026-01-01"))
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # nobody keeps another locked out by trying on
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_VERBOSE = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = os.environ.get("YANGGUANG_HTTPS") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "yangguang.web.errors.form_expired"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
CLAMAV = os.environ.get("YANGGUANG_CLAMAV", "")

# Reminders outside of the page (提醒); off without an address.
globals().update(mail_settings(url=os.environ.get("YANGGUANG_SMTP"), sender=os.environ.get("YANGGUANG_MAIL_FROM")))
SMS_PROVIDER = os.environ.get("YANGGUANG_SMS", "")

# Nothing inline and nothing from elsewhere; drawings inside the style sheet are data:.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "worker-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],  # pages that sign add the bidder's helper (web/helper.py)
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# What the server writes down tells nobody who bids: our own access log (web/access_log.py) and our own faults
# (web/errors.py) only; Django's and axes' lines name addresses, accounts and machines.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "yangguang": {"handlers": ["stderr"], "level": os.environ.get("YANGGUANG_LOG_LEVEL", "INFO")},
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
        "axes": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
